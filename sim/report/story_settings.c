/*
 * What a case sets for itself, in the words of its file.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "story_internal.h"

static void add(struct ls_buf *out, const char *key, const char *value)
{
    if (value != NULL)
        ls_buf_printf(out, "%s%s %s", out->length > 0 ? ", " : "", key, value);
}

static void add_if(struct ls_buf *out, bool is_set, const char *key,
                   const char *value)
{
    if (is_set)
        add(out, key, value);
}

static void add_versions(struct ls_buf *out,
                         const struct tls_versions *versions)
{
    const char *low = tls_version_text(versions->low);
    const char *high = tls_version_text(versions->high);
    char *text = versions->low == versions->high
                     ? ls_strdup(low)
                     : ls_strf("%s to %s", low, high);

    add(out, "tls", text);
    free(text);
}

static void add_trusts(struct ls_buf *out,
                       const struct scenario_front_end *settings)
{
    struct ls_buf names = {0};

    for (size_t i = 0; i < settings->trust_count; i++)
        ls_buf_printf(&names, "%s%s", i > 0 ? " and " : "",
                      settings->trusts[i]);
    add(out, "trusts", names.length > 0 ? names.at : "nobody");
    ls_buf_clear(&names);
}

static void add_refusal(struct ls_buf *out, struct refusal refuse)
{
    char *text = ls_strf("%s:%s", refuse_at_text(refuse.at),
                         refuse_how_text(refuse.how));

    add(out, "refuse", text);
    free(text);
}

char *story_settings(const struct scenario_step *step)
{
    const struct scenario_front_end *settings = &step->settings;
    struct ls_buf out = {0};

    if (!step->is_case)
        return NULL;
    add(&out, "topology", settings->topology);
    add(&out, "certificate", settings->certificate);
    add(&out, "rule", settings->rule != NULL ? settings->rule->name : NULL);
    add_if(&out, settings->has_names, "names",
           name_comparison_text(settings->names));
    add_if(&out, settings->has_cn, "cn", cn_choice_text(settings->cn));
    add_if(&out, settings->has_version, "version",
           product_version_text(settings->version));
    add_if(&out, settings->has_interface, "interface",
           net_interface_text(settings->interface));
    add_if(&out, settings->has_weak, "weak",
           settings->weak == WEAK_REFUSE ? "refuse" : "warn");
    add_if(&out, settings->has_strict, "strict",
           settings->is_strict ? "true" : "false");
    add_if(&out, settings->has_revocation, "revocation",
           settings->check_revocation ? "check" : "ignore");
    add_if(&out, settings->has_enable, "enable",
           settings->enable_by_hand ? "by-hand" : "with-publish");
    add(&out, "ciphers", settings->ciphers);
    if (settings->has_tls)
        add_versions(&out, &settings->tls);
    if (settings->has_refuse)
        add_refusal(&out, settings->refuse);
    if (settings->has_trusts)
        add_trusts(&out, settings);
    return out.length > 0 ? ls_buf_take(&out) : NULL;
}
