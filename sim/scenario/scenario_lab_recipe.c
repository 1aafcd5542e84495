#include "scenario_lab_recipe.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/recipe.h"

#define DAY_S INT64_C(86400)
/* Validity where a file says nothing, around the starting clock. Authorities
 * live longer, so that a leaf's dates alone decide. */
#define LEAF_BEFORE_S (365 * DAY_S)
#define LEAF_AFTER_S (730 * DAY_S)
#define AUTHORITY_BEFORE_S (10 * 365 * DAY_S)
#define AUTHORITY_AFTER_S (30 * 365 * DAY_S)

int64_t lab_seconds(int64_t ms)
{
    return ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
}

static struct recipe_time at_second(int64_t seconds)
{
    return (struct recipe_time){.is_set = true, .ms = seconds * 1000};
}

/* What one date says decides about the other where the file is silent. */
static void set_validity(struct recipe *recipe,
                         const struct scenario_certificate *certificate,
                         int64_t clock_s)
{
    bool authority = certificate->is_authority;
    int64_t before_s = authority ? AUTHORITY_BEFORE_S : LEAF_BEFORE_S;
    int64_t after_s = authority ? AUTHORITY_AFTER_S : LEAF_AFTER_S;
    int64_t begin_s = clock_s - before_s;
    int64_t end_s = clock_s + after_s;

    if (certificate->has_not_before)
        begin_s = lab_seconds(certificate->not_before_ms) +
                  (certificate->is_not_before_relative ? clock_s : 0);
    if (certificate->has_not_after)
        end_s = lab_seconds(certificate->not_after_ms) +
                (certificate->is_not_after_relative ? clock_s : 0);
    if (end_s < begin_s && certificate->has_not_before)
        end_s = begin_s + after_s;
    else if (end_s < begin_s)
        begin_s = end_s - before_s;
    recipe->not_before = at_second(begin_s);
    recipe->not_after = at_second(end_s);
}

/* Borrowed; unsaid where it is empty. */
static struct recipe_list list_of(char **texts, size_t count)
{
    return (struct recipe_list){
        .is_set = count > 0, .items = texts, .count = count};
}

static enum recipe_answer answer_of(bool is_yes)
{
    return is_yes ? RECIPE_YES : RECIPE_UNSAID;
}

static char *label_of(const struct scenario_certificate *certificate)
{
    return ls_strf("%s:%s",
                   certificate->is_authority ? "authority" : "certificate",
                   certificate->name);
}

/* The key of another is drawn as that one drew it; key_of is the caller's to
 * free. */
static void set_key(struct recipe *recipe, const struct scenario *scenario,
                    const struct scenario_certificate *certificate)
{
    const struct scenario_certificate *owner = certificate;

    if (certificate->key_of)
        owner = scenario_key_owner(scenario, certificate->key_of);
    recipe->key_of = label_of(owner);
    recipe->key = owner->key;
}

/* Everything but key_of is borrowed from certificate. */
static struct recipe recipe_of(const struct scenario_certificate *certificate,
                               const struct lab_recipe_use *use)
{
    static char no_subject[] = "";
    static char version_1[] = "1";
    struct recipe recipe = certificate->more;

    recipe.subject = certificate->subject ? certificate->subject : no_subject;
    recipe.sans = list_of(certificate->sans, certificate->san_count);
    recipe.usages = list_of(certificate->usages, certificate->usage_count);
    recipe.usages.is_set |= certificate->without_usage;
    recipe.key_usages =
        list_of(certificate->key_usages, certificate->key_usage_count);
    recipe.crl_urls =
        list_of(certificate->crl_urls, certificate->crl_url_count);
    recipe.issuer_urls =
        list_of(certificate->issuer_urls, certificate->issuer_url_count);
    if (certificate->is_authority)
        recipe.authority = RECIPE_YES;
    recipe.digest = certificate->digest;
    recipe.serial = certificate->serial;
    recipe.pss = answer_of(certificate->uses_pss);
    recipe.foreign_key = answer_of(certificate->has_foreign_key);
    recipe.key_ids = certificate->without_key_ids ? RECIPE_NO : RECIPE_UNSAID;
    recipe.version = certificate->is_version_1 ? version_1 : NULL;
    set_key(&recipe, use->scenario, certificate);
    set_validity(&recipe, certificate, use->clock_s);
    return recipe;
}

/* The first CN, for what hostile sizes are made of; owned by the caller. */
static char *fqdn_of(const struct scenario_certificate *certificate)
{
    char *why = NULL;
    size_t count = 0;
    struct profile_attribute *attributes =
        profile_parse_subject(ls_str_from(certificate->subject), &count, &why);
    struct ls_str name = ls_str_from("lab.example");

    for (size_t i = count; attributes && i-- > 0;)
        if (ls_str_equal_nocase(attributes[i].type, ls_str_from("CN")))
            name = attributes[i].value;
    free(why);
    why = ls_str_dup(name);
    free(attributes);
    return why;
}

/* So many intermediates between; each takes the place of the one before. */
static struct credential *go_deeper(const struct recipe_use *use, int64_t depth,
                                    char **why)
{
    struct credential *above = NULL;

    for (int64_t i = 1; i <= depth; i++) {
        char *subject = ls_strf("CN=Lab Level %d", (int)i);
        char *label = ls_strf("authority:level-%d", (int)i);
        const struct recipe recipe = {.subject = subject,
                                      .authority = RECIPE_YES};
        struct recipe_use level = *use;
        struct credential *made;

        level.name = label;
        if (above)
            level.issuer = above;
        made = recipe_issue(&recipe, &level, why);
        free(label);
        free(subject);
        credential_free(above);
        above = made;
        if (!above)
            break;
    }
    return above;
}

struct credential *
lab_recipe_issue(const struct scenario_certificate *certificate,
                 const struct lab_recipe_use *use, char **why)
{
    struct recipe recipe = recipe_of(certificate, use);
    char *label = label_of(certificate);
    char *fqdn = fqdn_of(certificate);
    struct recipe_use made_for = {
        .mint = use->mint,
        .name = label,
        .fqdn = ls_str_from(fqdn),
        .lab_subject = "",
        .clock_s = use->clock_s,
        .issuer = use->issuer,
    };
    struct credential *credential = NULL;
    struct credential *above = NULL;

    *why = NULL;
    if (recipe.depth > 0)
        above = go_deeper(&made_for, recipe.depth, why);
    if (above)
        made_for.issuer = above;
    if (!*why)
        credential = recipe_issue(&recipe, &made_for, why);
    credential_free(above);
    free(recipe.key_of);
    free(fqdn);
    free(label);
    return credential;
}
