#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/tls_context.h"

#include "support/lab.h"

static const struct tls_versions of_the_period = {TLS_1_0, TLS_1_2};

Test(tls_context, reads_a_version_and_a_range_of_them)
{
    static const struct {
        const char *text;
        enum tls_version low, high;
    } rows[] = {
        {"1.2", TLS_1_2, TLS_1_2},
        {"1.0-1.2", TLS_1_0, TLS_1_2},
        {"1.1-1.3", TLS_1_1, TLS_1_3},
        {"1.3-1.3", TLS_1_3, TLS_1_3},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tls_versions versions;

        cr_assert(tls_versions_parse(ls_str_from(rows[i].text), &versions),
                  "%s", rows[i].text);
        cr_expect_eq(versions.low, rows[i].low, "%s", rows[i].text);
        cr_expect_eq(versions.high, rows[i].high, "%s", rows[i].text);
    }
}

Test(tls_context, refuses_what_is_no_version)
{
    static const char *const rows[] = {"",     "1",         "1.4",
                                       "1.2-", "-1.2",      "1.3-1.2",
                                       "SSL3", "1.2 - 1.3", "1.2-1.3-1.3"};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tls_versions versions = of_the_period;

        cr_expect_not(tls_versions_parse(ls_str_from(rows[i]), &versions), "%s",
                      rows[i]);
        cr_expect_eq(versions.low, TLS_1_0, "%s", rows[i]);
    }
}

Test(tls_context, names_its_versions)
{
    cr_expect_str_eq(tls_version_text(TLS_1_0), "TLSv1.0");
    cr_expect_str_eq(tls_version_text(TLS_1_1), "TLSv1.1");
    cr_expect_str_eq(tls_version_text(TLS_1_2), "TLSv1.2");
    cr_expect_str_eq(tls_version_text(TLS_1_3), "TLSv1.3");
}

static char *refusal_of(struct tls_settings settings)
{
    char *why = NULL;

    cr_assert_null(tls_context_new(&settings, &why));
    cr_assert_not_null(why);
    return why;
}

Test(tls_context, refuses_a_front_end_without_a_certificate)
{
    struct tls_settings settings = {.role = TLS_FRONT_END,
                                    .versions = of_the_period};
    char *why = refusal_of(settings);

    cr_expect_str_eq(why, "a Front End needs a certificate");
    free(why);
}

Test(tls_context, refuses_a_certificate_without_its_key)
{
    struct lab *lab = lab_new();
    struct credential *bare = credential_new(
        credential_leaf(lab_credential(lab, LAB_KNOWN)), NULL, NULL);
    struct tls_settings settings = {
        .role = TLS_PEER, .credential = bare, .versions = of_the_period};
    char *why = refusal_of(settings);

    cr_expect(strstr(why, "without its private key"), "%s", why);
    free(why);
    credential_free(bare);
    lab_free(lab);
}

Test(tls_context, refuses_a_cipher_list_that_nothing_fits)
{
    struct lab *lab = lab_new();
    struct tls_settings settings = {.role = TLS_PEER,
                                    .versions = of_the_period,
                                    .ciphers = "NO-SUCH-CIPHER"};
    char *why = refusal_of(settings);

    cr_expect(strstr(why, "fits the list \"NO-SUCH-CIPHER\""), "%s", why);
    free(why);
    lab_free(lab);
}

Test(tls_context, knows_which_ciphers_this_library_has)
{
    static const struct {
        const char *list, *fault; /* NULL: none */
    } rows[] = {
        {"AES128-SHA", NULL},
        {"ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA", NULL},
        {"AES128-SHA, AES256-SHA", NULL},
        {"HIGH:!aNULL:-SHA256:@STRENGTH", NULL},
        {"TLS_AES_128_GCM_SHA256", NULL},
        {"AES128-SHA:TLS_AES_256_GCM_SHA384", NULL},
        {"NO-SUCH", "no cipher \"NO-SUCH\""},
        {"AES128-SHA:NO-SUCH", "no cipher \"NO-SUCH\""},
        {"AES128-SHA:TLS_NO_SUCH", "no cipher \"TLS_NO_SUCH\""},
        {"!AES", "fits the list"},
        {"AES128-SHA:!AES", "fits the list"},
        {":", "fits the list"},
        {"", "fits the list"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *fault = tls_ciphers_fault(ls_str_from(rows[i].list));

        if (rows[i].fault)
            cr_expect(fault && strstr(fault, rows[i].fault), "%s: %s",
                      rows[i].list, fault ? fault : "none");
        else
            cr_expect_null(fault, "%s: %s", rows[i].list, fault);
        free(fault);
    }
}
