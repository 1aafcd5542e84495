/*
 * Recipes as YAML: one table of keys, which the parser, the help and the
 * documentation share.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/recipe.h"
#include "lyncsim/staple.h"
#include "lyncsim/timestamp.h"

/* Nothing a laboratory needs is larger. */
#define SANS_MAX 100000
#define SUBJECT_MAX_BYTES 1000000
#define DEPTH_MAX 200

static void read_text(char **out, const struct yaml_node *value,
                      const char *what, struct ls_diags *diags)
{
    struct ls_str text;

    if (!yaml_text(value, what, &text, diags))
        return;
    free(*out);
    *out = ls_str_dup(text);
}

/* A list of texts, or one text alone; the word "none" is the empty list. */
static void read_list(struct recipe_list *list, const struct yaml_node *value,
                      const char *what, struct ls_diags *diags)
{
    size_t count = value->kind == YAML_SEQUENCE ? value->count : 1;

    list->is_set = true;
    if (value->kind == YAML_SCALAR && ls_str_equal_text(value->text, "none"))
        return;
    list->items = ls_alloc_array(count + 1, sizeof *list->items);
    for (size_t i = 0; i < count; i++) {
        struct ls_str text;

        if (yaml_text(value->kind == YAML_SEQUENCE ? value->items[i] : value,
                      what, &text, diags))
            list->items[list->count++] = ls_str_dup(text);
    }
}

static void read_answer(enum recipe_answer *answer,
                        const struct yaml_node *value, const char *what,
                        struct ls_diags *diags)
{
    bool is_yes;

    if (yaml_boolean(value, what, &is_yes, diags))
        *answer = is_yes ? RECIPE_YES : RECIPE_NO;
}

/* "1 day ago", "in 2 weeks" or a date. */
static void read_time(struct recipe_time *time, const struct yaml_node *value,
                      const char *what, struct ls_diags *diags)
{
    struct ls_str text;
    int64_t ms;
    int sign = 1;

    if (!yaml_text(value, what, &text, diags))
        return;
    if (timestamp_parse(text, &ms)) {
        *time = (struct recipe_time){true, false, ms};
        return;
    }
    if (ls_str_starts_with(text, "in ")) {
        text = ls_str_skip(text, 3);
    } else if (ls_str_ends_with(text, " ago")) {
        text = ls_str_first(text, text.length - 4);
        sign = -1;
    } else {
        text.length = 0;
    }
    if (timestamp_parse_duration(text, &ms))
        *time = (struct recipe_time){true, true, sign * ms};
    else
        ls_diags_add(diags, value->place,
                     "Write 1 day ago, in 2 weeks or 2013-05-31T00:00:00Z.",
                     "%s is no time", what);
}

static void read_number(int64_t *number, const struct yaml_node *value,
                        const char *what, int64_t high, struct ls_diags *diags)
{
    yaml_integer(value, what, 0, high, number, diags);
}

#define TEXT_KEY(field, name)                                                  \
    static void bind_##field(void *target, const struct yaml_node *value,      \
                             struct ls_diags *diags)                           \
    {                                                                          \
        read_text(&((struct recipe *)target)->field, value, name, diags);      \
    }
#define LIST_KEY(field, name)                                                  \
    static void bind_##field(void *target, const struct yaml_node *value,      \
                             struct ls_diags *diags)                           \
    {                                                                          \
        read_list(&((struct recipe *)target)->field, value, name, diags);      \
    }
#define ANSWER_KEY(field, name)                                                \
    static void bind_##field(void *target, const struct yaml_node *value,      \
                             struct ls_diags *diags)                           \
    {                                                                          \
        read_answer(&((struct recipe *)target)->field, value, name, diags);    \
    }
#define TIME_KEY(field, name)                                                  \
    static void bind_##field(void *target, const struct yaml_node *value,      \
                             struct ls_diags *diags)                           \
    {                                                                          \
        read_time(&((struct recipe *)target)->field, value, name, diags);      \
    }
#define NUMBER_KEY(field, name, high)                                          \
    static void bind_##field(void *target, const struct yaml_node *value,      \
                             struct ls_diags *diags)                           \
    {                                                                          \
        read_number(&((struct recipe *)target)->field, value, name, high,      \
                    diags);                                                    \
    }

TEXT_KEY(subject, "subject")
TEXT_KEY(key_of, "key-of")
TEXT_KEY(serial, "serial")
TEXT_KEY(issuer, "issuer")
TEXT_KEY(version, "version")
LIST_KEY(sans, "san")
LIST_KEY(usages, "extended-key-usage")
LIST_KEY(key_usages, "key-usage")
LIST_KEY(crl_urls, "crl-urls")
LIST_KEY(issuer_urls, "issuer-urls")
LIST_KEY(ocsp_urls, "ocsp-urls")
LIST_KEY(permitted, "permitted")
LIST_KEY(chain, "chain")
ANSWER_KEY(authority, "authority")
ANSWER_KEY(pss, "pss")
ANSWER_KEY(key_ids, "key-ids")
ANSWER_KEY(foreign_key, "foreign-key")
TIME_KEY(not_before, "not-before")
TIME_KEY(not_after, "not-after")
NUMBER_KEY(san_count, "san-count", SANS_MAX)
NUMBER_KEY(subject_bytes, "subject-bytes", SUBJECT_MAX_BYTES)
NUMBER_KEY(depth, "depth", DEPTH_MAX)

static void bind_key(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    struct recipe *recipe = target;

    read_text(&recipe->key, value, "key", diags);
    if (recipe->key != NULL && !mint_key_is_known(ls_str_from(recipe->key)))
        ls_diags_add(diags, value->place,
                     "Known are p256, p384, p521, ed25519, ed448, and rsa or "
                     "rsa-pss with a size, as in rsa2048.",
                     "there is no key type \"%s\"", recipe->key);
}

static void bind_digest(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct recipe *recipe = target;

    read_text(&recipe->digest, value, "digest", diags);
    if (recipe->digest != NULL &&
        !mint_digest_is_known(ls_str_from(recipe->digest)))
        ls_diags_add(diags, value->place,
                     "Known are sha256, sha384, sha512, sha1 and md5.",
                     "there is no digest \"%s\"", recipe->digest);
}

static void bind_path_length(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    struct recipe *recipe = target;

    recipe->has_path_length = yaml_integer(value, "path-length", 0, DEPTH_MAX,
                                           &recipe->path_length, diags);
}

static void bind_staple(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct recipe *recipe = target;
    size_t choice;

    if (!yaml_choice(value, "staple", staple_order_names, staple_order_count,
                     &choice, diags))
        return;
    free(recipe->staple);
    recipe->staple = ls_strdup(staple_order_names[choice]);
}

static const struct yaml_key keys[] = {
    {"subject", "text", "CN={name}, O=Contoso: encoded as written",
     bind_subject, false},
    {"san", "list of text|none", "a.b, uri:…, ip:…, email:…, upn:…, oid:…",
     bind_sans, false},
    {"issuer", "lab|self|an authority", "who signs it", bind_issuer, false},
    {"chain", "list of authorities|none", "what is sent behind it", bind_chain,
     false},
    {"key", "text", "p256, p384, p521, ed25519, rsa2048 …", bind_key, false},
    {"key-of", "text", "the key of what bears that name", bind_key_of, false},
    {"foreign-key", "true|false", "hold a key that is not the certificate's",
     bind_foreign_key, false},
    {"digest", "text", "sha256, sha384, sha512, sha1, md5", bind_digest, false},
    {"pss", "true|false", "sign with RSASSA-PSS", bind_pss, false},
    {"extended-key-usage", "list of text|none", "serverAuth, clientAuth, OIDs",
     bind_usages, false},
    {"key-usage", "list of text|none", "digitalSignature, keyCertSign …",
     bind_key_usages, false},
    {"authority", "true|false", "may issue certificates", bind_authority,
     false},
    {"path-length", "number", "of an authority", bind_path_length, false},
    {"permitted", "list of text", "name constraints: DNS names", bind_permitted,
     false},
    {"not-before", "time", "1 day ago, in 2 weeks or a date", bind_not_before,
     false},
    {"not-after", "time", "the same", bind_not_after, false},
    {"serial", "text", "hex", bind_serial, false},
    {"key-ids", "true|false", "state key identifiers", bind_key_ids, false},
    {"version", "1|3", "1 has no extensions", bind_version, false},
    {"crl-urls", "list of text", "where its revocation list is", bind_crl_urls,
     false},
    {"issuer-urls", "list of text", "where its issuer's certificate is",
     bind_issuer_urls, false},
    {"ocsp-urls", "list of text", "where its OCSP responder is", bind_ocsp_urls,
     false},
    {"staple", "a staple", "the OCSP response that a server staples to it",
     bind_staple, false},
    {"san-count", "number", "so many alternative names more", bind_san_count,
     false},
    {"subject-bytes", "number", "so many bytes of subject more",
     bind_subject_bytes, false},
    {"depth", "number", "so many intermediates between", bind_depth, false},
};

void recipe_bind_one(struct recipe *recipe, const char *key,
                     const struct yaml_node *value, struct ls_diags *diags)
{
    for (size_t i = 0; i < LS_COUNT(keys); i++)
        if (strcmp(keys[i].name, key) == 0)
            keys[i].bind(recipe, value, diags);
}

void recipe_bind(struct recipe *recipe, const struct yaml_node *node,
                 const char *what, struct ls_diags *diags)
{
    yaml_bind(recipe, node, what, keys, LS_COUNT(keys), diags);
}
