#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mint.h"

#include "support/test_lab.h"

Test(profile_subject, splits_a_subject_left_to_right)
{
    size_t count = 0;
    char *why = NULL;
    struct profile_attribute *attributes = profile_parse_subject(
        ls_str_from(" CN = a.b ,O=Contoso\\, Ltd,OU=C++ unit, L=x+ST:bmp=y, "
                    "CN:raw-utf8=\\x00z"),
        &count, &why);
    static const struct {
        const char *type, *string;
        struct ls_str value;
        bool is_joined;
    } rows[] = {
        {"CN", "", LS_STR("a.b"), false},
        {"O", "", LS_STR("Contoso, Ltd"), false},
        {"OU", "", LS_STR("C++ unit"), false},
        {"L", "", LS_STR("x"), false},
        {"ST", "bmp", LS_STR("y"), true},
        {"CN", "raw-utf8", LS_STR("\0z"), false},
    };

    cr_assert_eq(count, LS_COUNT(rows));
    for (size_t i = 0; i < count; i++) {
        cr_expect(ls_str_equal_text(attributes[i].type, rows[i].type));
        cr_expect(ls_str_equal_text(attributes[i].string, rows[i].string));
        cr_expect(ls_str_equal(attributes[i].value, rows[i].value), "%zu", i);
        cr_expect_eq(attributes[i].is_joined, rows[i].is_joined, "%zu", i);
    }
    free(attributes);
}

Test(profile_subject, refuses_a_subject_that_is_none)
{
    static const struct {
        const char *text, *sentence;
    } rows[] = {
        {"", "the subject is empty"},
        {"  ", "the subject is empty"},
        {"cas.contoso.com", "is not TYPE=VALUE"},
        {"CN=a, b", "a comma inside a value is written"},
        {"CN=a,", "is not TYPE=VALUE"},
        {"=a", "a type is missing"},
        {"CN=a\\", "is cut short"},
        {"CN=\\x0", "is cut short"},
        {"CN=\\xzz", "is cut short"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        size_t count = 7;
        char *why = NULL;

        cr_expect_null(
            profile_parse_subject(ls_str_from(rows[i].text), &count, &why),
            "%s", rows[i].text);
        cr_expect_eq(count, 0u);
        cr_assert_not_null(why, "%s", rows[i].text);
        cr_expect_not_null(strstr(why, rows[i].sentence), "%s: %s",
                           rows[i].text, why);
        free(why);
    }
}

Test(profile_subject, reads_back_the_subject_that_facts_wrote)
{
    static const char *const texts[] = {
        "CN=a.b",
        "O=Contoso\\, Ltd, CN=x, CN=y",
        "CN=a+OU=b, O=C\\+\\+",
        "CN=a\\x00b",
        "1.2.3.4.5=odd",
    };

    for (size_t i = 0; i < LS_COUNT(texts); i++) {
        struct credential *one = test_lab_issue(texts[i], NULL, NULL);
        struct credential *two =
            test_lab_issue(credential_facts(one)->subject, NULL, NULL);

        cr_expect_str_eq(credential_facts(two)->subject,
                         credential_facts(one)->subject);
        cr_expect_eq(X509_NAME_cmp(X509_get_subject_name(credential_leaf(one)),
                                   X509_get_subject_name(credential_leaf(two))),
                     0, "%s", texts[i]);
        credential_free(one);
        credential_free(two);
    }
}
