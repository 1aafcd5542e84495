#include "scenario_lab_profile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

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

static struct profile_san san_from_text(const char *text)
{
    static const struct {
        const char *prefix;
        enum name_source kind;
    } kinds[] = {
        {"dns:", NAME_SAN_DNS}, {"uri:", NAME_SAN_URI},
        {"ip:", NAME_SAN_IP},   {"email:", NAME_SAN_EMAIL},
        {"upn:", NAME_SAN_UPN}, {"oid:", NAME_SAN_OTHER},
    };
    struct ls_str value = ls_str_from(text);

    for (size_t i = 0; i < LS_COUNT(kinds); i++)
        if (ls_str_starts_with(value, kinds[i].prefix))
            return (struct profile_san){
                kinds[i].kind, ls_str_skip(value, strlen(kinds[i].prefix))};
    return (struct profile_san){NAME_SAN_DNS, value};
}

/* What one date says decides about the other where the file is silent. */
static void set_validity(struct certificate_profile *profile,
                         const struct scenario_certificate *certificate,
                         int64_t clock_s)
{
    bool authority = certificate->is_authority;
    int64_t before_s = authority ? AUTHORITY_BEFORE_S : LEAF_BEFORE_S;
    int64_t after_s = authority ? AUTHORITY_AFTER_S : LEAF_AFTER_S;

    profile->not_before_s = clock_s - before_s;
    profile->not_after_s = clock_s + after_s;
    if (certificate->has_not_before)
        profile->not_before_s =
            lab_seconds(certificate->not_before_ms) +
            (certificate->is_not_before_relative ? clock_s : 0);
    if (certificate->has_not_after)
        profile->not_after_s =
            lab_seconds(certificate->not_after_ms) +
            (certificate->is_not_after_relative ? clock_s : 0);
    if (profile->not_after_s >= profile->not_before_s)
        return;
    if (certificate->has_not_before)
        profile->not_after_s = profile->not_before_s + after_s;
    else
        profile->not_before_s = profile->not_after_s - before_s;
}

static void set_names(struct lab_profile *lab,
                      const struct scenario_certificate *certificate)
{
    struct certificate_profile *profile = &lab->profile;
    char *why = NULL;

    if (certificate->subject)
        lab->subject = profile_parse_subject(ls_str_from(certificate->subject),
                                             &profile->subject_count, &why);
    assert(!why); /* it was parsed when the file was checked */
    profile->subject = lab->subject;
    lab->sans = ls_alloc_array(certificate->san_count + 1, sizeof(*lab->sans));
    for (size_t i = 0; i < certificate->san_count; i++)
        lab->sans[i] = san_from_text(certificate->sans[i]);
    profile->sans = lab->sans;
    profile->san_count = certificate->san_count;
}

/* NULL where there are none: the profile's default. */
static struct ls_str *views_of(char *const *texts, size_t count)
{
    struct ls_str *views = count ? ls_alloc_array(count, sizeof(*views)) : NULL;

    for (size_t i = 0; i < count; i++)
        views[i] = ls_str_from(texts[i]);
    return views;
}

static char *profile_name(const struct scenario_certificate *certificate)
{
    return ls_strf("%s:%s",
                   certificate->is_authority ? "authority" : "certificate",
                   certificate->name);
}

/* The key of another is drawn as that one drew it. */
static void set_key(struct lab_profile *lab, const struct scenario *scenario,
                    const struct scenario_certificate *certificate)
{
    const struct scenario_certificate *owner = certificate;

    if (certificate->key_of)
        owner = scenario_key_owner(scenario, certificate->key_of);
    lab->key_name = profile_name(owner);
    lab->profile.key_name = ls_str_from(lab->key_name);
    lab->profile.key = ls_str_from(owner->key);
}

void lab_profile_init(struct lab_profile *lab, const struct scenario *scenario,
                      const struct scenario_certificate *certificate,
                      int64_t clock_s)
{
    struct certificate_profile *profile = &lab->profile;

    *lab = (struct lab_profile){0};
    lab->name = profile_name(certificate);
    profile->name = lab->name;
    set_names(lab, certificate);
    set_key(lab, scenario, certificate);
    profile->digest = ls_str_from(certificate->digest);
    profile->is_authority = certificate->is_authority;
    profile->has_path_length = certificate->has_path_length;
    profile->path_length = certificate->path_length;
    profile->serial = ls_str_from(certificate->serial);
    profile->has_foreign_key = certificate->has_foreign_key;
    profile->use_pss = certificate->uses_pss;
    profile->without_key_ids = certificate->without_key_ids;
    profile->is_version_1 = certificate->is_version_1;
    lab->crl_urls = views_of(certificate->crl_urls, certificate->crl_url_count);
    profile->crl_urls = lab->crl_urls;
    profile->crl_url_count = certificate->crl_url_count;
    lab->issuer_urls =
        views_of(certificate->issuer_urls, certificate->issuer_url_count);
    profile->issuer_urls = lab->issuer_urls;
    profile->issuer_url_count = certificate->issuer_url_count;
    lab->usages = views_of(certificate->usages, certificate->usage_count);
    profile->usages = lab->usages;
    profile->usage_count = certificate->usage_count;
    lab->key_usages =
        views_of(certificate->key_usages, certificate->key_usage_count);
    profile->key_usages = lab->key_usages;
    profile->key_usage_count = certificate->key_usage_count;
    lab->permitted =
        views_of(certificate->permitted, certificate->permitted_count);
    profile->permitted = lab->permitted;
    profile->permitted_count = certificate->permitted_count;
    profile->without_usage = certificate->without_usage;
    set_validity(profile, certificate, clock_s);
}

void lab_profile_clear(struct lab_profile *lab)
{
    free(lab->subject);
    free(lab->sans);
    free(lab->usages);
    free(lab->key_usages);
    free(lab->permitted);
    free(lab->crl_urls);
    free(lab->issuer_urls);
    free(lab->key_name);
    free(lab->name);
}
