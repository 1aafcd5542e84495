#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_diff.h"

#include "support/test_lab.h"

static const struct diff_field *field(const struct certificate_diff *diff,
                                      const char *name)
{
    for (size_t i = 0; i < diff->count; i++)
        if (strcmp(diff->fields[i].field, name) == 0)
            return &diff->fields[i];
    return NULL;
}

static void compare(struct certificate_diff *diff,
                    const struct credential *before,
                    const struct credential *after)
{
    certificate_diff_make(diff, credential_facts(before),
                          credential_facts(after));
}

Test(certificate_diff, is_empty_for_one_and_the_same)
{
    struct credential *own = test_lab_leaf("CN=a.b", NULL, NULL);
    struct certificate_diff diff;

    compare(&diff, own, own);

    cr_expect_eq(diff.count, 0u);
    cr_expect_eq(diff.weight, DIFF_RENEWAL);
    certificate_diff_clear(&diff);
    credential_free(own);
}

Test(certificate_diff, takes_new_dates_key_and_serial_for_a_renewal)
{
    const struct certificate_profile renewed = {
        .name = "renewed", .not_after_s = TEST_LAB_NOT_AFTER_S + 86400};
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *before = test_lab_leaf("CN=a.b", NULL, root);
    struct credential *after = test_lab_issue("CN=a.b", root, &renewed);
    struct certificate_diff diff;

    compare(&diff, before, after);

    cr_expect_eq(diff.weight, DIFF_RENEWAL);
    cr_expect_eq(diff.count, 3u);
    cr_expect_not_null(field(&diff, "not-after"));
    cr_expect_not_null(field(&diff, "subject-key-id"));
    cr_expect_not_null(field(&diff, "serial"));
    certificate_diff_clear(&diff);
    credential_free(after);
    credential_free(before);
    credential_free(root);
}

Test(certificate_diff, weighs_each_change)
{
    static const char *const two[] = {"a.b", "c.d", ""};
    static const char *const one[] = {"a.b", ""};
    static const char *const capitals[] = {"A.B", "c.d", ""};
    static const struct ls_str server[] = {LS_STR("serverAuth")};
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *other = test_lab_authority("CN=Other", NULL);
    const struct certificate_profile less_use = {.usages = server,
                                                 .usage_count = 1};
    const struct certificate_profile p384 = {.key = LS_STR("p384")};
    const struct certificate_profile rsa = {.key = LS_STR("rsa1024")};
    const struct certificate_profile sha384 = {.digest = LS_STR("sha384")};
    const struct certificate_profile shorter = {.not_after_s =
                                                    TEST_LAB_NOT_AFTER_S - 1};
    const struct certificate_profile late = {
        .not_before_s = TEST_LAB_NOT_AFTER_S + 1,
        .not_after_s = TEST_LAB_NOT_AFTER_S + 9};
    const struct {
        const char *label;
        struct credential *before, *after;
        const char *field;
        enum diff_weight weight;
    } rows[] = {
        {"another CN", test_lab_leaf("CN=a.b", NULL, root),
         test_lab_leaf("CN=c.d", NULL, root), "subject.cn", DIFF_CONSEQUENCE},
        {"CNs turned round", test_lab_leaf("CN=a.b, CN=c.d", NULL, root),
         test_lab_leaf("CN=c.d, CN=a.b", NULL, root), "subject.cn",
         DIFF_CONSEQUENCE},
        {"a name less", test_lab_leaf("CN=a.b", two, root),
         test_lab_leaf("CN=a.b", one, root), "san.dns", DIFF_CONSEQUENCE},
        {"a name more", test_lab_leaf("CN=a.b", one, root),
         test_lab_leaf("CN=a.b", two, root), "san.dns", DIFF_NOTABLE},
        {"capitals", test_lab_leaf("CN=a.b", two, root),
         test_lab_leaf("CN=a.b", capitals, root), NULL, DIFF_RENEWAL},
        {"another issuer", test_lab_leaf("CN=a.b", NULL, root),
         test_lab_leaf("CN=a.b", NULL, other), "issuer", DIFF_CONSEQUENCE},
        {"less usage", test_lab_leaf("CN=a.b", NULL, root),
         test_lab_issue("CN=a.b", root, &less_use), "extended-key-usage",
         DIFF_CONSEQUENCE},
        {"more usage", test_lab_issue("CN=a.b", root, &less_use),
         test_lab_leaf("CN=a.b", NULL, root), "extended-key-usage",
         DIFF_NOTABLE},
        {"a larger key", test_lab_leaf("CN=a.b", NULL, root),
         test_lab_issue("CN=a.b", root, &p384), "key", DIFF_NOTABLE},
        {"a smaller key", test_lab_issue("CN=a.b", root, &p384),
         test_lab_leaf("CN=a.b", NULL, root), "key", DIFF_CONSEQUENCE},
        {"another kind of key", test_lab_issue("CN=a.b", root, &rsa),
         test_lab_leaf("CN=a.b", NULL, root), "key", DIFF_CONSEQUENCE},
        {"another digest", test_lab_leaf("CN=a.b", NULL, root),
         test_lab_issue("CN=a.b", root, &sha384), "signature", DIFF_NOTABLE},
        {"an earlier end", test_lab_leaf("CN=a.b", NULL, root),
         test_lab_issue("CN=a.b", root, &shorter), "not-after",
         DIFF_CONSEQUENCE},
        {"a gap", test_lab_leaf("CN=a.b", NULL, root),
         test_lab_issue("CN=a.b", root, &late), "not-before", DIFF_CONSEQUENCE},
        {"another organization", test_lab_leaf("CN=a.b, O=X", NULL, root),
         test_lab_leaf("CN=a.b, O=Y", NULL, root), "subject", DIFF_NOTABLE},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct certificate_diff diff;

        compare(&diff, rows[i].before, rows[i].after);
        cr_expect_eq(diff.weight, rows[i].weight, "%s: %s", rows[i].label,
                     diff_weight_text(diff.weight));
        if (rows[i].field != NULL)
            cr_expect_not_null(field(&diff, rows[i].field), "%s",
                               rows[i].label);
        certificate_diff_clear(&diff);
        credential_free(rows[i].before);
        credential_free(rows[i].after);
    }
    credential_free(other);
    credential_free(root);
}

Test(certificate_diff, notices_an_issuer_with_another_key)
{
    const struct certificate_profile one = {.is_authority = true,
                                            .name = "one"};
    const struct certificate_profile two = {.is_authority = true,
                                            .name = "two"};
    struct credential *old_root = test_lab_issue("CN=Root", NULL, &one);
    struct credential *new_root = test_lab_issue("CN=Root", NULL, &two);
    struct credential *before = test_lab_leaf("CN=a.b", NULL, old_root);
    struct credential *after = test_lab_leaf("CN=a.b", NULL, new_root);
    struct certificate_diff diff;

    compare(&diff, before, after);

    cr_expect_eq(diff.weight, DIFF_CONSEQUENCE);
    cr_expect_not_null(field(&diff, "authority-key-id"));
    certificate_diff_clear(&diff);
    credential_free(after);
    credential_free(before);
    credential_free(new_root);
    credential_free(old_root);
}
