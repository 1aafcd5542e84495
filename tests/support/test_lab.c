#include "support/test_lab.h"

#include <stdlib.h>

#include <criterion/criterion.h>

struct credential *test_lab_issue(const char *subject,
                                  const struct credential *issuer,
                                  const struct certificate_profile *profile)
{
    static const struct ls_str seed = LS_STR("test lab");
    struct certificate_profile filled = {0};
    struct mint *mint = mint_new(&seed);
    struct profile_attribute *attributes;
    struct credential *credential;
    char *why = NULL;

    if (profile != NULL)
        filled = *profile;
    attributes = profile_parse_subject(ls_str_from(subject),
                                       &filled.subject_count, &why);
    cr_assert_not_null(attributes, "%s: %s", subject, why);
    filled.subject = attributes;
    if (filled.name == NULL)
        filled.name = subject;
    if (filled.not_before_s == 0)
        filled.not_before_s = TEST_LAB_NOT_BEFORE_S;
    if (filled.not_after_s == 0)
        filled.not_after_s = TEST_LAB_NOT_AFTER_S;
    credential = mint_issue(mint, &filled, issuer, &why);
    cr_assert_not_null(credential, "%s: %s", subject, why);
    free(attributes);
    mint_free(mint);
    return credential;
}

struct credential *test_lab_authority(const char *subject,
                                      const struct credential *issuer)
{
    const struct certificate_profile profile = {.is_authority = true};

    return test_lab_issue(subject, issuer, &profile);
}

struct credential *test_lab_leaf(const char *subject, const char *const *sans,
                                 const struct credential *issuer)
{
    struct profile_san names[16];
    struct certificate_profile profile = {.sans = names};

    for (; sans != NULL && **sans != 0; sans++)
        names[profile.san_count++] =
            (struct profile_san){NAME_SAN_DNS, ls_str_from(*sans)};
    return test_lab_issue(subject, issuer, &profile);
}

struct trust_anchors *test_lab_trusting(const struct credential *root)
{
    struct trust_anchors *anchors = trust_anchors_new();

    trust_anchors_add(anchors, credential_leaf(root));
    return anchors;
}
