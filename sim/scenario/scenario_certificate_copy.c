/*
 * What a certificate of the customer's own says, as keys of a scenario file:
 * so it can be made anew with changes, by the lab and with a key of its own.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

static void add_text(char ***texts, size_t *count, char *text)
{
    *texts = ls_realloc_array(*texts, *count + 1, sizeof **texts);
    (*texts)[(*count)++] = text;
}

static const char *prefix_of(enum name_source source)
{
    static const char *const prefixes[] = {
        [NAME_SUBJECT_CN] = "",      [NAME_SAN_DNS] = "",
        [NAME_SAN_URI] = "uri:",     [NAME_SAN_IP] = "ip:",
        [NAME_SAN_EMAIL] = "email:", [NAME_SAN_UPN] = "upn:",
        [NAME_SAN_OTHER] = "oid:",
    };

    return prefixes[source];
}

static void copy_names(struct scenario_certificate *certificate,
                       const struct certificate_facts *facts)
{
    for (size_t i = 0; i < facts->name_count; i++) {
        const struct certificate_name *name = &facts->names[i];
        struct ls_buf text = {0};

        if (name->source == NAME_SUBJECT_CN)
            continue;
        ls_buf_add_text(&text, prefix_of(name->source));
        ls_buf_add_escaped(&text, ls_str_from_bytes(name->text, name->length));
        add_text(&certificate->sans, &certificate->san_count,
                 ls_buf_take(&text));
    }
}

/* "serverAuth, clientAuth" */
static void copy_list(char ***texts, size_t *count, const char *list)
{
    struct ls_str rest = ls_str_from(list);
    struct ls_str item;

    while (ls_str_cut(&rest, ',', &item))
        add_text(texts, count, ls_str_dup(ls_str_trim(item)));
}

/* NULL, the usual one, where the lab has none of that kind. */
static char *key_of(const struct certificate_facts *facts)
{
    switch (facts->key_algorithm) {
    case KEY_RSA:
        return ls_strf("rsa%u", facts->key_bits);
    case KEY_RSA_PSS:
        return ls_strf("rsa-pss%u", facts->key_bits);
    case KEY_EC:
        return ls_strf("p%u", facts->key_bits);
    case KEY_ED25519:
        return ls_strdup("ed25519");
    case KEY_ED448:
        return ls_strdup("ed448");
    case KEY_DSA:
    case KEY_UNKNOWN:
        break;
    }
    return NULL;
}

void scenario_copy_certificate(struct scenario_certificate *certificate,
                               const struct certificate_facts *facts)
{
    char *key = key_of(facts);

    certificate->subject = ls_strdup(facts->subject);
    copy_names(certificate, facts);
    certificate->without_usage = !facts->has_usage;
    if (facts->usage_text)
        copy_list(&certificate->usages, &certificate->usage_count,
                  facts->usage_text);
    if (facts->key_usage_text)
        copy_list(&certificate->key_usages, &certificate->key_usage_count,
                  facts->key_usage_text);
    if (key && mint_key_is_known(ls_str_from(key)))
        certificate->key = ls_strdup(key);
    free(key);
    certificate->has_not_before = certificate->has_not_after = true;
    certificate->not_before_ms = facts->not_before_s * 1000;
    certificate->not_after_ms = facts->not_after_s * 1000;
}
