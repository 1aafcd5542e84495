#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_strength.h"

Test(certificate_strength, knows_from_how_many_bits_on_a_key_is_enough)
{
    static const struct {
        const char *label;
        enum key_algorithm algorithm;
        unsigned bits;
        bool is_weak;
    } rows[] = {
        {"RSA 1024", KEY_RSA, 1024, true},
        {"RSA 2047", KEY_RSA, 2047, true},
        {"RSA 2048", KEY_RSA, 2048, false},
        {"RSA-PSS 1024", KEY_RSA_PSS, 1024, true},
        {"DSA 1024", KEY_DSA, 1024, true},
        {"P-224", KEY_EC, 224, true},
        {"P-256", KEY_EC, 256, false},
        {"Ed25519", KEY_ED25519, 253, false},
        {"Ed448", KEY_ED448, 456, false},
        {"of a kind that is not known", KEY_UNKNOWN, 0, false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(key_is_weak(rows[i].algorithm, rows[i].bits),
                     rows[i].is_weak, "%s", rows[i].label);
}

Test(certificate_strength, knows_digests_that_can_be_forged)
{
    static const struct {
        const char *digest;
        bool is_weak;
    } rows[] = {
        {"MD5", true},     {"SHA1", true},    {"sha1", true},
        {"SHA256", false}, {"SHA512", false}, {"SHA3-256", false},
        {NULL, false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(digest_is_weak(rows[i].digest), rows[i].is_weak, "%s",
                     rows[i].digest ? rows[i].digest : "none");
}

Test(certificate_strength, allows_peers_what_is_not_taken_from_them)
{
    static const struct {
        const char *label;
        bool has_usage;
        unsigned usage, allowed;
    } rows[] = {
        {"no usage", false, 0, USAGE_SERVER_AUTH | USAGE_CLIENT_AUTH},
        {"any", true, USAGE_ANY, USAGE_SERVER_AUTH | USAGE_CLIENT_AUTH},
        {"server", true, USAGE_SERVER_AUTH, USAGE_SERVER_AUTH},
        {"client and other", true, USAGE_CLIENT_AUTH | USAGE_OTHER,
         USAGE_CLIENT_AUTH},
        {"other", true, USAGE_OTHER, 0},
        {"none that decodes", true, 0, 0},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(usage_of_peers(rows[i].has_usage, rows[i].usage),
                     rows[i].allowed, "%s", rows[i].label);
}
