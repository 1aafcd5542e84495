/*
 * From recipe to certificate: placeholders are filled in, times become points
 * and hostile sizes are blown up.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/recipe.h"
#include "lyncsim/staple.h"

#define DAY_S INT64_C(86400)

/* "a.b" is a dNSName, others are "uri:…", "ip:…", "email:…", "upn:…", "oid:…".
 */
static struct profile_san parse_san(struct ls_str text)
{
    static const struct {
        const char *prefix;
        enum name_source kind;
    } kinds[] = {
        {"dns:", NAME_SAN_DNS}, {"uri:", NAME_SAN_URI},
        {"ip:", NAME_SAN_IP},   {"email:", NAME_SAN_EMAIL},
        {"upn:", NAME_SAN_UPN}, {"oid:", NAME_SAN_OTHER},
    };

    for (size_t i = 0; i < LS_COUNT(kinds); i++)
        if (ls_str_starts_with(text, kinds[i].prefix))
            return (struct profile_san){
                kinds[i].kind, ls_str_skip(text, strlen(kinds[i].prefix))};
    return (struct profile_san){NAME_SAN_DNS, text};
}

/* Everything a profile borrows. */
struct kitchen {
    struct certificate_profile profile;
    struct profile_attribute *subject;
    struct profile_san *sans;
    char **texts; /* what views point into */
    size_t text_count;
    size_t text_capacity;
    struct ls_str *lists[6];
    size_t list_count;
};

static struct ls_str keep(struct kitchen *kitchen, struct ls_buf *text)
{
    size_t length = text->length;
    char *kept = ls_buf_take(text);

    LS_GROW(kitchen->texts, kitchen->text_count, kitchen->text_capacity);
    kitchen->texts[kitchen->text_count++] = kept;
    return ls_str_from_bytes(kept, length);
}

static void kitchen_clear(struct kitchen *kitchen)
{
    for (size_t i = 0; i < kitchen->text_count; i++)
        free(kitchen->texts[i]);
    for (size_t i = 0; i < kitchen->list_count; i++)
        free(kitchen->lists[i]);
    free(kitchen->texts);
    free(kitchen->sans);
    free(kitchen->subject);
}

/* Host names have no other letters. */
static void add_capitals(struct ls_buf *out, struct ls_str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char letter = text.at[i];
        bool is_small = letter >= 'a' && letter <= 'z';

        ls_buf_add_byte(out, is_small ? (char)(letter - 'a' + 'A') : letter);
    }
}

/* Append the value of the placeholder at the front of text; its length, or 0
 * when there is none. */
static size_t add_placeholder(struct ls_buf *out, struct ls_str text,
                              const struct recipe_use *use)
{
    size_t dot = ls_str_find(use->fqdn, '.');
    const struct {
        const char *word;
        struct ls_str value;
    } rows[] = {
        {"{name}", use->fqdn},
        {"{host}", ls_str_first(use->fqdn, dot)},
        {"{domain}",
         ls_str_skip(use->fqdn, dot < use->fqdn.length ? dot + 1 : dot)},
        {"{lab}", ls_str_from(use->lab_subject)},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        if (ls_str_starts_with(text, rows[i].word)) {
            ls_buf_add(out, rows[i].value);
            return strlen(rows[i].word);
        }
    if (!ls_str_starts_with(text, "{NAME}"))
        return 0;
    add_capitals(out, use->fqdn);
    return strlen("{NAME}");
}

static void expand(struct ls_buf *out, const char *text,
                   const struct recipe_use *use)
{
    struct ls_str rest = ls_str_from(text);

    while (rest.length > 0) {
        size_t taken = add_placeholder(out, rest, use);

        if (taken == 0) {
            ls_buf_add_byte(out, rest.at[0]);
            taken = 1;
        }
        rest = ls_str_skip(rest, taken);
    }
}

static bool set_subject(struct kitchen *kitchen, const struct recipe *recipe,
                        const struct recipe_use *use, char **why)
{
    struct ls_buf text = {0};
    struct ls_str kept;

    expand(&text, recipe->subject != NULL ? recipe->subject : "CN={name}", use);
    if (recipe->subject_bytes > 0) {
        ls_buf_add_text(&text, text.length > 0 ? ", O:utf8=" : "O:utf8=");
        for (int64_t i = 0; i < recipe->subject_bytes; i++)
            ls_buf_add_byte(&text, 'x');
    }
    kept = keep(kitchen, &text);
    if (ls_str_is_empty(kept))
        return true;
    kitchen->subject =
        profile_parse_subject(kept, &kitchen->profile.subject_count, why);
    kitchen->profile.subject = kitchen->subject;
    return kitchen->subject != NULL;
}

/* The escapes of subjects hold for alternative names, too: "a\x00b". */
static struct ls_str keep_unescaped(struct kitchen *kitchen,
                                    struct ls_buf *text)
{
    struct ls_buf subject = {0};
    struct profile_attribute *attributes;
    struct ls_str kept;
    char *why = NULL;
    size_t count;

    if (memchr(text->at, '\\', text->length) == NULL)
        return keep(kitchen, text);
    ls_buf_printf(&subject, "X=%.*s", LS_STR_ARG(ls_buf_str(text)));
    attributes = profile_parse_subject(ls_buf_str(&subject), &count, &why);
    if (attributes != NULL && count == 1) {
        ls_buf_reset(text);
        ls_buf_add(text, attributes[0].value);
    }
    kept = keep(kitchen, text);
    free(attributes);
    free(why);
    ls_buf_clear(&subject);
    return kept;
}

static void set_sans(struct kitchen *kitchen, const struct recipe *recipe,
                     const struct recipe_use *use)
{
    size_t more = (size_t)recipe->san_count;
    size_t count = 0;

    kitchen->sans =
        ls_alloc_array(recipe->sans.count + more + 1, sizeof *kitchen->sans);
    for (size_t i = 0; i < recipe->sans.count; i++) {
        struct ls_buf text = {0};

        expand(&text, recipe->sans.items[i], use);
        if (text.length == 0)
            ls_buf_add_text(&text, "dns:");
        kitchen->sans[count++] = parse_san(keep_unescaped(kitchen, &text));
    }
    for (size_t i = 0; i < more; i++) {
        struct ls_buf text = {0};

        ls_buf_printf(&text, "host%zu.", i);
        expand(&text, "{domain}", use);
        kitchen->sans[count++] = parse_san(keep(kitchen, &text));
    }
    kitchen->profile.sans = kitchen->sans;
    kitchen->profile.san_count = count;
}

static const struct ls_str *set_list(struct kitchen *kitchen,
                                     const struct recipe_list *list,
                                     const struct recipe_use *use,
                                     size_t *count)
{
    struct ls_str *views;

    if (!list->is_set)
        return NULL;
    views = ls_alloc_array(list->count + 1, sizeof *views);
    kitchen->lists[kitchen->list_count++] = views;
    for (size_t i = 0; i < list->count; i++) {
        struct ls_buf text = {0};

        expand(&text, list->items[i], use);
        views[i] = keep(kitchen, &text);
    }
    *count = list->count;
    return views;
}

static int64_t point(const struct recipe_time *time, int64_t clock_s,
                     int64_t otherwise_s)
{
    int64_t seconds = time->ms / 1000;

    if (!time->is_set)
        return clock_s + otherwise_s;
    return time->is_relative ? clock_s + seconds : seconds;
}

static void set_validity(struct certificate_profile *profile,
                         const struct recipe *recipe, int64_t clock_s)
{
    bool is_authority = recipe->authority == RECIPE_YES;

    /* Authorities live longer, so that a leaf's dates alone decide. */
    profile->not_before_s = point(&recipe->not_before, clock_s,
                                  (is_authority ? -10 : -1) * 365 * DAY_S);
    profile->not_after_s = point(&recipe->not_after, clock_s,
                                 (is_authority ? 30 : 2) * 365 * DAY_S);
}

static void set_rest(struct kitchen *kitchen, const struct recipe *recipe,
                     const struct recipe_use *use)
{
    struct certificate_profile *profile = &kitchen->profile;

    profile->name = use->name;
    profile->key = ls_str_from(recipe->key);
    profile->key_name = ls_str_from(recipe->key_of);
    profile->digest = ls_str_from(recipe->digest);
    profile->serial = ls_str_from(recipe->serial);
    profile->is_authority = recipe->authority == RECIPE_YES;
    profile->has_path_length = recipe->has_path_length;
    profile->path_length = (int)recipe->path_length;
    profile->use_pss = recipe->pss == RECIPE_YES;
    profile->without_key_ids = recipe->key_ids == RECIPE_NO;
    profile->has_foreign_key = recipe->foreign_key == RECIPE_YES;
    profile->is_version_1 =
        recipe->version != NULL && strcmp(recipe->version, "1") == 0;
    profile->without_usage = recipe->usages.is_set && recipe->usages.count == 0;
    profile->usages =
        set_list(kitchen, &recipe->usages, use, &profile->usage_count);
    profile->key_usages =
        set_list(kitchen, &recipe->key_usages, use, &profile->key_usage_count);
    profile->crl_urls =
        set_list(kitchen, &recipe->crl_urls, use, &profile->crl_url_count);
    profile->issuer_urls = set_list(kitchen, &recipe->issuer_urls, use,
                                    &profile->issuer_url_count);
    profile->ocsp_urls =
        set_list(kitchen, &recipe->ocsp_urls, use, &profile->ocsp_url_count);
    profile->permitted =
        set_list(kitchen, &recipe->permitted, use, &profile->permitted_count);
}

static bool add_staple(struct credential *leaf, const struct recipe *recipe,
                       const struct recipe_use *use, char **why)
{
    struct staple_order order = {.clock_s = use->clock_s};

    if (recipe->staple == NULL)
        return true;
    staple_order_parse(ls_str_from(recipe->staple), &order);
    return mint_issue_staple(use->mint, leaf, use->issuer, &order, why);
}

struct credential *recipe_issue(const struct recipe *recipe,
                                const struct recipe_use *use, char **why)
{
    struct kitchen kitchen = {0};
    struct credential *credential = NULL;

    *why = NULL;
    set_rest(&kitchen, recipe, use);
    set_validity(&kitchen.profile, recipe, use->clock_s);
    set_sans(&kitchen, recipe, use);
    if (set_subject(&kitchen, recipe, use, why))
        credential = mint_issue(use->mint, &kitchen.profile, use->issuer, why);
    kitchen_clear(&kitchen);
    if (credential != NULL && !add_staple(credential, recipe, use, why)) {
        credential_free(credential);
        credential = NULL;
    }
    return credential;
}
