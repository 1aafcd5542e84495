#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/mint.h"

#include "support/test_lab.h"

static const struct ls_str seed = LS_STR("a seed");

static struct credential *issue(const struct ls_str *from, const char *name,
                                const char *key, char **why)
{
    static const struct profile_attribute subject = {
        LS_STR("CN"), LS_STR("cas.contoso.com"), LS_STR(""), false};
    const struct certificate_profile profile = {
        .name = name,
        .subject = &subject,
        .subject_count = 1,
        .key = ls_str_from(key),
        .not_before_s = TEST_LAB_NOT_BEFORE_S,
        .not_after_s = TEST_LAB_NOT_AFTER_S};
    struct mint *mint = mint_new(from);
    struct credential *credential = mint_issue(mint, &profile, NULL, why);

    mint_free(mint);
    return credential;
}

static bool are_equal(const struct credential *a, const struct credential *b)
{
    return memcmp(credential_facts(a)->sha256, credential_facts(b)->sha256,
                  32) == 0;
}

Test(mint, makes_the_same_certificate_from_the_same_seed)
{
    static const char *const keys[] = {"p256", "p384", "p521", "ed25519",
                                       "rsa1024"};

    for (size_t i = 0; i < LS_COUNT(keys); i++) {
        char *why = NULL;
        struct credential *one = issue(&seed, "a", keys[i], &why);
        struct credential *two = issue(&seed, "a", keys[i], &why);

        cr_assert(one != NULL && two != NULL, "%s: %s", keys[i], why);
        cr_expect(are_equal(one, two), "%s", keys[i]);
        credential_free(one);
        credential_free(two);
    }
}

Test(mint, makes_the_same_certificate_in_another_process)
{
    char *why = NULL;
    struct credential *own = issue(&seed, "a", "p256", &why);
    uint8_t theirs[32] = {0};
    int ends[2];
    pid_t child;

    cr_assert_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        struct credential *made = issue(&seed, "a", "p256", &why);
        ssize_t written =
            made != NULL ? write(ends[1], credential_facts(made)->sha256, 32)
                         : 0;

        _exit(written == 32 ? 0 : 1);
    }
    cr_expect_eq(read(ends[0], theirs, sizeof theirs), 32);
    cr_expect_eq(waitpid(child, NULL, 0), child);
    cr_expect_arr_eq(theirs, credential_facts(own)->sha256, 32);
    close(ends[0]);
    close(ends[1]);
    credential_free(own);
}

/* What every build, however it was compiled, makes of the seed with the
 * release of OpenSSL that this was written with; another may draw otherwise. */
Test(mint, makes_in_every_build_what_was_written_down)
{
    static const struct {
        const char *key;
        const char *sha256;
    } rows[] = {
        {"p256",
         "cf1e8fe8c4f665f6d107c0781648ba861f042eb6bafae00e14be8279f846816d"},
        {"p384",
         "535b5366f20cf6be5408977e49463f42de186a06f8b4c4c56e81faa60b18494b"},
        {"ed25519",
         "737f40d2ee966e44d9528f4085db1ce1179cadb99be07979bad7a3c99e0546d8"},
        {"rsa1024",
         "9c82badcfb79d57deca8d96f686027601fa00696ea0108d2b55228cfdcc8e24c"},
    };

    if (OpenSSL_version_num() != 0x30000160)
        cr_skip_test("written down with OpenSSL 3.0.22, this is another");
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *why = NULL;
        struct credential *made = issue(&seed, "a", rows[i].key, &why);
        struct ls_buf hex = {0};

        cr_assert_not_null(made, "%s: %s", rows[i].key, why);
        for (size_t j = 0; j < 32; j++)
            ls_buf_printf(&hex, "%02x", credential_facts(made)->sha256[j]);
        cr_expect_str_eq(hex.at, rows[i].sha256, "%s: %s", rows[i].key, hex.at);
        ls_buf_clear(&hex);
        credential_free(made);
    }
}

Test(mint, makes_another_certificate_of_another_name_seed_or_none)
{
    static const struct ls_str other = LS_STR("another seed");
    char *why = NULL;
    struct credential *base = issue(&seed, "a", "p256", &why);
    struct credential *others[] = {
        issue(&seed, "b", "p256", &why),
        issue(&other, "a", "p256", &why),
        issue(NULL, "a", "p256", &why),
        issue(NULL, "a", "p256", &why),
    };

    for (size_t i = 0; i < LS_COUNT(others); i++) {
        cr_assert_not_null(others[i], "%s", why);
        cr_expect_not(are_equal(base, others[i]), "%zu", i);
        cr_expect_not(
            EVP_PKEY_eq(credential_key(base), credential_key(others[i])) == 1,
            "%zu", i);
    }
    cr_expect_not(are_equal(others[2], others[3]));
    for (size_t i = 0; i < LS_COUNT(others); i++)
        credential_free(others[i]);
    credential_free(base);
}

Test(mint, keeps_the_key_of_a_name_when_the_certificate_changes)
{
    const struct certificate_profile renewed = {
        .name = "cas", .not_after_s = TEST_LAB_NOT_AFTER_S + 1};
    const struct certificate_profile first = {.name = "cas"};
    struct credential *one = test_lab_issue("CN=a.b", NULL, &first);
    struct credential *two = test_lab_issue("CN=a.b", NULL, &renewed);

    cr_expect(EVP_PKEY_eq(credential_key(one), credential_key(two)) == 1);
    cr_expect_not(are_equal(one, two));
    credential_free(one);
    credential_free(two);
}

Test(mint, issues_through_intermediates_with_the_chain_to_send)
{
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *middle = test_lab_authority("CN=Middle", root);
    struct credential *low = test_lab_authority("CN=Low", middle);
    struct credential *leaf = test_lab_leaf("CN=a.b", NULL, low);
    STACK_OF(X509) *chain = credential_chain(leaf);

    cr_assert_not_null(chain);
    cr_assert_eq(sk_X509_num(chain), 2);
    cr_expect_eq(X509_cmp(sk_X509_value(chain, 0), credential_leaf(low)), 0);
    cr_expect_eq(X509_cmp(sk_X509_value(chain, 1), credential_leaf(middle)), 0);
    cr_expect_eq(X509_verify(credential_leaf(leaf),
                             X509_get0_pubkey(credential_leaf(low))),
                 1);
    cr_expect_str_eq(credential_facts(leaf)->authority_key_id,
                     credential_facts(low)->subject_key_id);
    cr_expect_null(credential_chain(root));
    credential_free(leaf);
    credential_free(low);
    credential_free(middle);
    credential_free(root);
}

Test(mint, signs_with_pss_where_asked)
{
    const struct certificate_profile rsa = {.is_authority = true,
                                            .key = LS_STR("rsa1024")};
    const struct certificate_profile leaf = {.use_pss = true};
    struct credential *root = test_lab_issue("CN=Root", NULL, &rsa);
    struct credential *one = test_lab_issue("CN=a.b", root, &leaf);
    struct credential *two = test_lab_issue("CN=a.b", root, &leaf);

    cr_expect_str_eq(credential_facts(one)->signature, "rsassaPss");
    cr_expect(are_equal(one, two));
    cr_expect_eq(X509_verify(credential_leaf(one),
                             X509_get0_pubkey(credential_leaf(root))),
                 1);
    credential_free(one);
    credential_free(two);
    credential_free(root);
}

Test(mint, gives_a_foreign_key_that_passes_for_the_right_one)
{
    const struct certificate_profile profile = {.has_foreign_key = true};
    struct credential *credential = test_lab_issue("CN=a.b", NULL, &profile);
    X509 *leaf = credential_leaf(credential);
    EVP_MD_CTX *signer = EVP_MD_CTX_new();
    EVP_MD_CTX *verifier = EVP_MD_CTX_new();
    unsigned char signature[256];
    size_t length = sizeof signature;
    static const unsigned char text[] = "text";

    cr_expect_eq(X509_check_private_key(leaf, credential_key(credential)), 1);
    cr_assert_eq(EVP_DigestSignInit(signer, NULL, EVP_sha256(), NULL,
                                    credential_key(credential)),
                 1);
    cr_assert_eq(EVP_DigestSign(signer, signature, &length, text, 4), 1);
    cr_assert_eq(EVP_DigestVerifyInit(verifier, NULL, EVP_sha256(), NULL,
                                      X509_get0_pubkey(leaf)),
                 1);
    cr_expect_neq(EVP_DigestVerify(verifier, signature, length, text, 4), 1);
    EVP_MD_CTX_free(signer);
    EVP_MD_CTX_free(verifier);
    credential_free(credential);
}

Test(mint, states_serial_urls_and_constraints)
{
    static const struct ls_str urls[] = {LS_STR("http://ca.contoso.com/a")};
    static const struct ls_str usages[] = {LS_STR("keyCertSign"),
                                           LS_STR("digitalSignature")};
    static const struct ls_str permitted[] = {LS_STR(".contoso.com")};
    const struct certificate_profile profile = {.is_authority = true,
                                                .has_path_length = true,
                                                .path_length = 0,
                                                .serial = LS_STR("0102ff"),
                                                .key_usages = usages,
                                                .key_usage_count = 2,
                                                .crl_urls = urls,
                                                .crl_url_count = 1,
                                                .issuer_urls = urls,
                                                .issuer_url_count = 1,
                                                .permitted = permitted,
                                                .permitted_count = 1};
    struct credential *credential = test_lab_issue("CN=CA", NULL, &profile);
    const struct certificate_facts *facts = credential_facts(credential);
    X509 *leaf = credential_leaf(credential);

    cr_expect_str_eq(facts->serial, "0102FF");
    cr_expect_eq(facts->path_length, 0);
    cr_expect(facts->is_authority);
    cr_expect_not(facts->is_malformed);
    cr_expect_str_eq(facts->key_usage_text, "digitalSignature, keyCertSign");
    cr_expect_geq(X509_get_ext_by_NID(leaf, NID_crl_distribution_points, -1),
                  0);
    cr_expect_geq(X509_get_ext_by_NID(leaf, NID_info_access, -1), 0);
    cr_expect_geq(X509_get_ext_by_NID(leaf, NID_name_constraints, -1), 0);
    credential_free(credential);
}

Test(mint, refuses_what_it_cannot_make)
{
    static const struct ls_str no_usage[] = {LS_STR("peerAuth")};
    static const struct profile_san no_ip[] = {
        {NAME_SAN_IP, LS_STR("10.0.0.256")}};
    static const struct profile_san no_san[] = {
        {NAME_SUBJECT_CN, LS_STR("a.b")}};
    static const struct profile_attribute no_type[] = {
        {LS_STR("XY"), LS_STR("a"), LS_STR(""), false}};
    static const struct profile_attribute no_string[] = {
        {LS_STR("CN"), LS_STR("a"), LS_STR("utf16"), false}};
    static const struct profile_attribute no_t61[] = {
        {LS_STR("CN"), LS_STR("\xE2\x82\xAC"), LS_STR("t61"), false}};
    static const struct profile_attribute no_utf8[] = {
        {LS_STR("CN"), LS_STR("a\xFF"), LS_STR("raw-utf8"), false}};
    static const struct profile_attribute too_long[] = {
        {LS_STR("CN"),
         LS_STR("a234567890123456789012345678901234567890123456789012345678901"
                "2345.contoso.com"),
         LS_STR(""), false}};
    static const struct {
        struct certificate_profile profile;
        const char *sentence;
    } rows[] = {
        {{.key = LS_STR("p255")}, "there is no key type \"p255\""},
        {{.key = LS_STR("rsa")}, "there is no key type \"rsa\""},
        {{.key = LS_STR("rsa99999")}, "there is no key type \"rsa99999\""},
        {{.digest = LS_STR("sha3")}, "there is no digest \"sha3\""},
        {{.digest = LS_STR("md5")}, "the signature cannot be made"},
        {{.usages = no_usage, .usage_count = 1},
         "there is no extended key usage \"peerAuth\""},
        {{.key_usages = no_usage, .key_usage_count = 1},
         "there is no key usage \"peerAuth\""},
        {{.sans = no_ip, .san_count = 1}, "\"10.0.0.256\" is no san.ip"},
        {{.sans = no_san, .san_count = 1}, "\"a.b\" is no subject.cn"},
        {{.subject = no_type, .subject_count = 1},
         "there is no subject attribute \"XY\""},
        {{.subject = no_string, .subject_count = 1},
         "there is no string type \"utf16\""},
        {{.subject = no_t61, .subject_count = 1}, "cannot be written as"},
        {{.subject = no_utf8, .subject_count = 1}, "invalid utf8string"},
        {{.subject = too_long, .subject_count = 1},
         "the CN is longer than X.520 allows"},
        {{.serial = LS_STR("12xy")}, "the serial \"12xy\" is no hex number"},
        {{.not_after_s = INT64_C(300000000000)}, "the validity is outside"},
        {{.key = LS_STR("ed25519"), .has_foreign_key = true},
         "a foreign key can be had with EC keys only"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct certificate_profile profile = rows[i].profile;
        struct mint *mint = mint_new(&seed);
        char *why = NULL;

        profile.name = "refused";
        cr_expect_null(mint_issue(mint, &profile, NULL, &why), "%zu", i);
        cr_assert_not_null(why, "%zu", i);
        cr_expect_not_null(strstr(why, rows[i].sentence), "%zu: %s", i, why);
        free(why);
        mint_free(mint);
    }
}

Test(mint, refuses_an_issuer_without_its_key)
{
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *bare = credential_new(credential_leaf(root), NULL, NULL);
    struct certificate_profile profile = {.name = "a"};
    struct mint *mint = mint_new(&seed);
    char *why = NULL;

    cr_expect_null(mint_issue(mint, &profile, bare, &why));
    cr_expect_str_eq(why, "the issuer's private key is missing");
    free(why);
    mint_free(mint);
    credential_free(bare);
    credential_free(root);
}

Test(mint, makes_a_lab_of_fifty_certificates_at_once)
{
    static const struct profile_attribute subject = {
        LS_STR("CN"), LS_STR("cas.contoso.com"), LS_STR(""), false};
    struct certificate_profile profile = {.name = "root",
                                          .subject = &subject,
                                          .subject_count = 1,
                                          .is_authority = true,
                                          .not_after_s = TEST_LAB_NOT_AFTER_S};
    struct mint *mint = mint_new(&seed);
    struct credential *root;
    struct timespec before, after;
    char *why = NULL;
    double ms;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    root = mint_issue(mint, &profile, NULL, &why);
    cr_assert_not_null(root, "%s", why);
    for (int i = 0; i < 50; i++) {
        char *name = ls_strf("cas%d", i);
        struct credential *leaf;

        profile.name = name;
        profile.is_authority = false;
        leaf = mint_issue(mint, &profile, root, &why);
        cr_assert_not_null(leaf, "%s", why);
        credential_free(leaf);
        free(name);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    ms = (double)(after.tv_sec - before.tv_sec) * 1e3 +
         (double)(after.tv_nsec - before.tv_nsec) / 1e6;
    printf("50 certificates: %.0f ms of processor time\n", ms);
    /* Generous: the sanitizers and a busy machine are part of the price. */
    cr_expect_lt(ms, 1000.0);
    credential_free(root);
    mint_free(mint);
}

/* What was made before must not show in what is made next. */
Test(mint, makes_the_same_certificate_in_any_order)
{
    struct mint *mint = mint_new(&seed);
    const struct certificate_profile a = {.name = "a", .key = LS_STR("p384")};
    const struct certificate_profile b = {.name = "b"};
    char *why = NULL;
    struct credential *first = mint_issue(mint, &a, NULL, &why);
    struct credential *second = mint_issue(mint, &b, NULL, &why);
    struct credential *again = mint_issue(mint, &a, NULL, &why);

    cr_assert(first && second && again, "%s", why);
    cr_expect(are_equal(first, again));
    credential_free(first);
    credential_free(second);
    credential_free(again);
    mint_free(mint);
}
