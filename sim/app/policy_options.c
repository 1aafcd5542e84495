/*
 * Texts of options as the values they name.
 */
#include "policy_options.h"

#include <string.h>

#include "lyncsim/alloc.h"

static bool is(const char *text, const char *name)
{
    return text != NULL && strcmp(text, name) == 0;
}

static void read_tls(const char *text, struct scenario_front_end *settings)
{
    settings->has_tls =
        text != NULL && tls_versions_parse(ls_str_from(text), &settings->tls);
}

static void read_interface(const char *text,
                           struct scenario_front_end *settings)
{
    for (int i = 0; text != NULL && i < INTERFACE_COUNT; i++)
        if (is(text, net_interface_text((enum net_interface)i))) {
            settings->interface = (enum net_interface)i;
            settings->has_interface = true;
        }
}

static void read_product(const char *text, struct scenario_front_end *settings)
{
    if (text == NULL)
        return;
    settings->has_version = true;
    while (!is(text, product_version_text(settings->version)))
        settings->version++; /* the options' table has let no other through */
}

static void read_trust(const char *const *last,
                       struct scenario_front_end *settings)
{
    const char *issuers = last[OPTION_TRUSTED_ISSUERS];

    /* Who brings lists wants them looked at. */
    settings->has_revocation = last[OPTION_REVOCATION] || last[OPTION_CRL];
    settings->check_revocation =
        settings->has_revocation && !is(last[OPTION_REVOCATION], "ignore");
    settings->has_weak = last[OPTION_WEAK] != NULL;
    settings->weak = is(last[OPTION_WEAK], "refuse") ? WEAK_REFUSE : WEAK_WARN;
    settings->is_strict = last[OPTION_STRICT] != NULL;
    settings->has_issuers = issuers != NULL;
    if (is(issuers, "all"))
        settings->issuers = ISSUERS_ALL;
    else if (is(issuers, "truncated"))
        settings->issuers = ISSUERS_TRUNCATED;
}

void policy_options_read(const struct options *options,
                         struct scenario_front_end *settings)
{
    const char *const *last = options->last;
    const char *refuse = last[OPTION_REFUSE];

    if (last[OPTION_RULE] != NULL)
        settings->rule = identity_rule_find(ls_str_from(last[OPTION_RULE]));
    if (last[OPTION_NAMES] != NULL) {
        settings->has_names = true;
        settings->names = is(last[OPTION_NAMES], "sensitive")
                              ? NAMES_SENSITIVE
                              : NAMES_INSENSITIVE;
    }
    if (last[OPTION_CN] != NULL) {
        settings->has_cn = true;
        settings->cn = is(last[OPTION_CN], "last") ? CN_LAST : CN_FIRST;
    }
    if (refuse != NULL)
        settings->has_refuse =
            refusal_parse(ls_str_from(refuse), &settings->refuse);
    read_tls(last[OPTION_TLS], settings);
    read_trust(last, settings);
    settings->ciphers = (char *)last[OPTION_CIPHERS];
    read_product(last[OPTION_PRODUCT], settings);
    read_interface(last[OPTION_INTERFACE], settings);
}

enum sipstack_style policy_options_style(const struct options *options)
{
    return is(options->last[OPTION_TRACE_STYLE], "sfb-2015")
               ? SIPSTACK_SFB_2015
               : SIPSTACK_LYNC_2010;
}

enum sipstack_fields policy_options_fields(const struct options *options)
{
    return is(options->last[OPTION_TRACE_FIELDS], "full")
               ? SIPSTACK_FIELDS_FULL
               : SIPSTACK_FIELDS_ARTICLE;
}
