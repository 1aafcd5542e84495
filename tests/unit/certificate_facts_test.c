#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_facts.h"

#include "support/test_lab.h"

static const struct certificate_facts *
facts_of(struct credential **credential, const char *subject,
         const struct certificate_profile *profile)
{
    *credential = test_lab_issue(subject, NULL, profile);
    return credential_facts(*credential);
}

Test(certificate_facts, writes_the_subject_in_encoded_order)
{
    struct credential *credential;
    const struct certificate_facts *facts =
        facts_of(&credential,
                 "C=DE, O=Contoso\\, Ltd, CN=cas.contoso.com, "
                 "OU=a+OU=b, 1.2.3.4=x=y",
                 NULL);

    cr_expect_str_eq(facts->subject,
                     "C=DE, O=Contoso\\, Ltd, CN=cas.contoso.com, OU=a+OU=b, "
                     "1.2.3.4=x=y");
    cr_expect_str_eq(facts->issuer, facts->subject);
    cr_expect(facts->is_self_issued);
    credential_free(credential);
}

Test(certificate_facts, reads_a_name_of_every_string_type)
{
    static const struct {
        const char *label;
        const char *subject;
        const char *text;
        enum name_fault fault;
    } rows[] = {
        {"utf8", "CN:utf8=m\xC3\xBCller.de", "m\xC3\xBCller.de", NAME_SOUND},
        {"bmp", "CN:bmp=m\xC3\xBCller.de", "m\xC3\xBCller.de", NAME_SOUND},
        {"t61", "CN:t61=m\xC3\xBCller.de", "m\xC3\xBCller.de", NAME_SOUND},
        {"universal", "CN:universal=m\xC3\xBC.de", "m\xC3\xBC.de", NAME_SOUND},
        {"printable", "CN:printable=a.b", "a.b", NAME_SOUND},
        {"ia5", "CN:ia5=a.b", "a.b", NAME_SOUND},
        {"control", "CN:utf8=a\\x1B[2J", "a\x1B[2J", NAME_HAS_CONTROL},
        {"delete", "CN:utf8=a\\x7F", "a\x7F", NAME_HAS_CONTROL},
        {"8 bit printable", "CN:raw-printable=m\\xFCller", "m\xFCller",
         NAME_UNDECODABLE},
        {"8 bit ia5", "CN:raw-ia5=m\\xFCller", "m\xFCller", NAME_UNDECODABLE},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct credential *credential;
        const struct certificate_facts *facts =
            facts_of(&credential, rows[i].subject, NULL);

        cr_assert_eq(facts->name_count, 1u, "%s", rows[i].label);
        cr_expect_eq(facts->names[0].fault, rows[i].fault, "%s: %s",
                     rows[i].label, name_fault_text(facts->names[0].fault));
        cr_expect_str_eq(facts->names[0].text, rows[i].text, "%s",
                         rows[i].label);
        credential_free(credential);
    }
}

Test(certificate_facts, finds_a_nul_in_each_kind_of_name)
{
    static const struct profile_san sans[] = {
        {NAME_SAN_DNS, LS_STR("cas.contoso.com\0.evil.net")},
        {NAME_SAN_URI, LS_STR("sip:a\0b")},
        {NAME_SAN_EMAIL, LS_STR("a@b\0c")},
        {NAME_SAN_UPN, LS_STR("u\0v@w")},
    };
    const struct certificate_profile profile = {.sans = sans,
                                                .san_count = LS_COUNT(sans)};
    struct credential *credential;
    const struct certificate_facts *facts =
        facts_of(&credential, "CN=cas.contoso.com\\x00.evil.net", &profile);

    cr_assert_eq(facts->name_count, 5u);
    for (size_t i = 0; i < facts->name_count; i++)
        cr_expect_eq(facts->names[i].fault, NAME_HAS_NUL, "%s",
                     name_source_text(facts->names[i].source));
    cr_expect_eq(facts->names[0].length, strlen("cas.contoso.com") + 10);
    cr_expect_str_eq(facts->subject, "CN=cas.contoso.com\\x00.evil.net");
    credential_free(credential);
}

Test(certificate_facts, keeps_every_cn_then_every_alternative_name)
{
    static const struct profile_san sans[] = {
        {NAME_SAN_URI, LS_STR("sip:contoso.com")},
        {NAME_SAN_DNS, LS_STR("c.contoso.com")},
        {NAME_SAN_IP, LS_STR("10.0.0.5")},
        {NAME_SAN_IP, LS_STR("2001:db8::1")},
        {NAME_SAN_EMAIL, LS_STR("x@contoso.com")},
        {NAME_SAN_UPN, LS_STR("cas$@contoso.com")},
        {NAME_SAN_OTHER, LS_STR("1.3.6.1.4.1.311")},
        {NAME_SAN_DNS, LS_STR("")},
    };
    static const struct {
        enum name_source source;
        const char *text;
    } names[] = {
        {NAME_SUBJECT_CN, "a.contoso.com"},  {NAME_SUBJECT_CN, "b.contoso.com"},
        {NAME_SAN_URI, "sip:contoso.com"},   {NAME_SAN_DNS, "c.contoso.com"},
        {NAME_SAN_IP, "10.0.0.5"},           {NAME_SAN_IP, "2001:db8::1"},
        {NAME_SAN_EMAIL, "x@contoso.com"},   {NAME_SAN_UPN, "cas$@contoso.com"},
        {NAME_SAN_OTHER, "1.3.6.1.4.1.311"}, {NAME_SAN_DNS, ""},
    };
    const struct certificate_profile profile = {.sans = sans,
                                                .san_count = LS_COUNT(sans)};
    struct credential *credential;
    const struct certificate_facts *facts = facts_of(
        &credential, "CN=a.contoso.com, O=Contoso, CN=b.contoso.com", &profile);

    cr_assert_eq(facts->name_count, LS_COUNT(names));
    for (size_t i = 0; i < LS_COUNT(names); i++) {
        cr_expect_eq(facts->names[i].source, names[i].source, "%zu", i);
        cr_expect_str_eq(facts->names[i].text, names[i].text, "%zu", i);
    }
    cr_expect_eq(facts->names[9].fault, NAME_EMPTY);
    credential_free(credential);
}

Test(certificate_facts, reads_key_signature_and_digest)
{
    static const struct {
        const char *key, *digest;
        enum key_algorithm algorithm;
        unsigned bits;
        const char *signature, *named;
    } rows[] = {
        {"p256", "sha256", KEY_EC, 256, "ecdsa-with-SHA256", "SHA256"},
        {"p384", "sha384", KEY_EC, 384, "ecdsa-with-SHA384", "SHA384"},
        {"p521", "sha1", KEY_EC, 521, "ecdsa-with-SHA1", "SHA1"},
        {"rsa1024", "md5", KEY_RSA, 1024, "md5WithRSAEncryption", "MD5"},
        {"rsa1024", "sha1", KEY_RSA, 1024, "sha1WithRSAEncryption", "SHA1"},
        {"rsa-pss1024", "sha256", KEY_RSA_PSS, 1024, "rsassaPss", "SHA256"},
        {"ed25519", "", KEY_ED25519, 256, "ED25519", NULL},
        {"ed448", "", KEY_ED448, 456, "ED448", NULL},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        const struct certificate_profile profile = {
            .key = ls_str_from(rows[i].key),
            .digest = ls_str_from(rows[i].digest)};
        struct credential *credential;
        const struct certificate_facts *facts =
            facts_of(&credential, "CN=a.b", &profile);

        cr_expect_eq(facts->key_algorithm, rows[i].algorithm, "%s",
                     rows[i].key);
        cr_expect_eq(facts->key_bits, rows[i].bits, "%s: %u", rows[i].key,
                     facts->key_bits);
        cr_expect_str_eq(facts->signature, rows[i].signature);
        if (rows[i].named == NULL)
            cr_expect_null(facts->digest);
        else
            cr_expect_str_eq(facts->digest, rows[i].named);
        credential_free(credential);
    }
}

Test(certificate_facts, tells_what_the_usage_allows)
{
    static const struct ls_str server[] = {LS_STR("serverAuth")};
    static const struct ls_str code[] = {LS_STR("codeSigning"),
                                         LS_STR("1.2.3.4.5")};
    static const struct ls_str any[] = {LS_STR("anyExtendedKeyUsage")};
    static const struct {
        const char *label;
        struct certificate_profile profile;
        bool has_usage;
        unsigned usage;
        const char *text;
    } rows[] = {
        {"default",
         {0},
         true,
         USAGE_SERVER_AUTH | USAGE_CLIENT_AUTH,
         "serverAuth, clientAuth"},
        {"none", {.without_usage = true}, false, 0, NULL},
        {"server",
         {.usages = server, .usage_count = 1},
         true,
         USAGE_SERVER_AUTH,
         "serverAuth"},
        {"other",
         {.usages = code, .usage_count = 2},
         true,
         USAGE_OTHER,
         "codeSigning, 1.2.3.4.5"},
        {"any",
         {.usages = any, .usage_count = 1},
         true,
         USAGE_ANY,
         "anyExtendedKeyUsage"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct credential *credential;
        const struct certificate_facts *facts =
            facts_of(&credential, "CN=a.b", &rows[i].profile);

        cr_expect_eq(facts->has_usage, rows[i].has_usage, "%s", rows[i].label);
        cr_expect_eq(facts->usage, rows[i].usage, "%s", rows[i].label);
        if (rows[i].text == NULL)
            cr_expect_null(facts->usage_text);
        else
            cr_expect_str_eq(facts->usage_text, rows[i].text);
        credential_free(credential);
    }
}

Test(certificate_facts, keeps_so_many_names_and_says_there_are_more)
{
    enum { NAMES = 10000 };
    struct profile_san *sans = ls_alloc_array(NAMES, sizeof *sans);
    struct certificate_profile profile = {.sans = sans, .san_count = NAMES};
    struct certificate_facts facts;
    struct credential *credential;

    for (size_t i = 0; i < NAMES; i++)
        sans[i] = (struct profile_san){NAME_SAN_DNS, LS_STR("x.contoso.com")};
    credential = test_lab_issue("CN=a.b", NULL, &profile);

    cr_expect_eq(certificate_facts_read(&facts, credential_leaf(credential)),
                 LS_ELIMIT);
    cr_expect(facts.has_too_many_names);
    cr_expect_eq(facts.name_count, (size_t)CERTIFICATE_NAMES_MAX);
    cr_expect_str_eq(facts.subject, "CN=a.b");
    certificate_facts_clear(&facts);
    credential_free(credential);
    free(sans);
}

Test(certificate_facts, cuts_a_megabyte_of_subject_for_display)
{
    enum { BYTES = 1000 * 1000 };
    char *value = ls_alloc(BYTES);
    const struct profile_attribute attribute = {ls_str_from("CN"),
                                                ls_str_from_bytes(value, BYTES),
                                                ls_str_from("utf8"), false};
    struct certificate_profile profile = {.name = "big",
                                          .subject = &attribute,
                                          .subject_count = 1,
                                          .not_after_s = TEST_LAB_NOT_AFTER_S};
    struct mint *mint = mint_new(NULL);
    struct credential *credential;
    char *why = NULL;

    for (size_t i = 0; i < BYTES; i += 2)
        memcpy(value + i, "\xC3\xA4", 2);
    credential = mint_issue(mint, &profile, NULL, &why);
    cr_assert_not_null(credential, "%s", why);

    cr_expect_lt(strlen(credential_facts(credential)->subject), 5000u);
    cr_expect(
        ls_str_is_utf8(ls_str_from(credential_facts(credential)->subject)));
    cr_expect_eq(credential_facts(credential)->names[0].length, (size_t)BYTES);
    credential_free(credential);
    mint_free(mint);
    free(value);
}

Test(certificate_facts, reads_dates_before_1970_and_after_2050)
{
    const struct certificate_profile profile = {
        .not_before_s = -INT64_C(315619200), /* 1960 */
        .not_after_s = INT64_C(253402300799) /* the end of 9999 */};
    struct credential *credential;
    const struct certificate_facts *facts =
        facts_of(&credential, "CN=a.b", &profile);

    cr_expect_eq(facts->not_before_s, profile.not_before_s);
    cr_expect_eq(facts->not_after_s, profile.not_after_s);
    cr_expect_not(facts->has_broken_times);
    credential_free(credential);
}

Test(certificate_facts, survives_every_damaged_byte_of_a_certificate)
{
    static const char *const sans[] = {"a.contoso.com", "b.contoso.com", ""};
    struct credential *credential =
        test_lab_leaf("CN=a.contoso.com, O=Contoso", sans, NULL);
    unsigned char *der = NULL;
    int length = i2d_X509(credential_leaf(credential), &der);

    for (int i = 0; i < length; i++) {
        const unsigned char *at = der;
        struct certificate_facts facts;
        X509 *damaged;

        der[i] ^= 0xFF;
        damaged = d2i_X509(NULL, &at, length);
        if (damaged != NULL) {
            cr_expect_eq(certificate_facts_read(&facts, damaged), LS_OK);
            cr_expect_not_null(facts.subject);
            certificate_facts_clear(&facts);
        }
        X509_free(damaged);
        der[i] ^= 0xFF;
    }
    OPENSSL_free(der);
    credential_free(credential);
}

Test(certificate_facts, tells_a_chain_in_brief_what_it_tells_in_full)
{
    struct credential *credential;
    const struct certificate_facts *full =
        facts_of(&credential, "O=Contoso, CN=cas.contoso.com", NULL);
    struct certificate_facts brief;

    certificate_facts_read_brief(&brief, credential_leaf(credential));

    cr_expect_str_eq(brief.subject, full->subject);
    cr_expect_eq(brief.not_before_s, full->not_before_s);
    cr_expect_eq(brief.not_after_s, full->not_after_s);
    cr_expect_eq(brief.key_algorithm, full->key_algorithm);
    cr_expect_eq(brief.key_bits, full->key_bits);
    cr_expect_str_eq(brief.digest, full->digest);
    cr_expect_eq(brief.is_self_issued, full->is_self_issued);
    cr_expect_null(brief.issuer);
    cr_expect_eq(brief.name_count, 0u);
    certificate_facts_clear(&brief);
    credential_free(credential);
}
