/*
 * Extensions are built as structures, never from configuration text: that
 * could neither hold a NUL nor ten thousand names.
 */
#include "mint_extensions.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"

#include "openssl_reason.h"

static bool add(X509 *x509, int nid, void *value, bool is_critical, char **why)
{
    if (value != NULL && X509_add1_ext_i2d(x509, nid, value, is_critical,
                                           X509V3_ADD_APPEND) == 1)
        return true;
    if (*why == NULL)
        *why = openssl_reason("an extension cannot be made");
    return false;
}

static bool add_basic_constraints(X509 *x509,
                                  const struct certificate_profile *profile,
                                  char **why)
{
    BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
    bool is_done;

    constraints->ca = profile->is_authority ? 0xFF : 0;
    if (profile->is_authority && profile->has_path_length) {
        constraints->pathlen = ASN1_INTEGER_new();
        ASN1_INTEGER_set(constraints->pathlen, profile->path_length);
    }
    is_done = add(x509, NID_basic_constraints, constraints, true, why);
    BASIC_CONSTRAINTS_free(constraints);
    return is_done;
}

/* RFC 5280 4.2.1.3: the position of each bit. */
static const char *const key_usage_names[] = {
    "digitalSignature", "nonRepudiation", "keyEncipherment",
    "dataEncipherment", "keyAgreement",   "keyCertSign",
    "cRLSign",          "encipherOnly",   "decipherOnly",
};

static bool set_key_usage(ASN1_BIT_STRING *bits, struct ls_str name, char **why)
{
    for (size_t i = 0; i < LS_COUNT(key_usage_names); i++)
        if (ls_str_equal_text(name, key_usage_names[i])) {
            ASN1_BIT_STRING_set_bit(bits, (int)i, 1);
            return true;
        }
    *why = ls_strf("there is no key usage \"%.*s\"", LS_STR_ARG(name));
    return false;
}

static bool add_key_usage(X509 *x509, const struct certificate_profile *profile,
                          char **why)
{
    static const struct ls_str authority[] = {LS_STR("keyCertSign"),
                                              LS_STR("cRLSign")};
    static const struct ls_str leaf[] = {LS_STR("digitalSignature"),
                                         LS_STR("keyEncipherment")};
    const struct ls_str *names = profile->key_usages;
    size_t count = profile->key_usage_count;
    ASN1_BIT_STRING *bits;
    bool is_done = true;

    if (names == NULL) {
        bool is_rsa = ls_str_starts_with(profile->key, "rsa");

        names = profile->is_authority ? authority : leaf;
        count = profile->is_authority || is_rsa ? 2 : 1;
    }
    bits = ASN1_BIT_STRING_new();
    for (size_t i = 0; is_done && i < count; i++)
        is_done = set_key_usage(bits, names[i], why);
    is_done = is_done && add(x509, NID_key_usage, bits, true, why);
    ASN1_BIT_STRING_free(bits);
    return is_done;
}

static bool add_usage(X509 *x509, const struct certificate_profile *profile,
                      char **why)
{
    static const struct ls_str both[] = {LS_STR("serverAuth"),
                                         LS_STR("clientAuth")};
    const struct ls_str *names = profile->usages;
    size_t count = profile->usage_count;
    EXTENDED_KEY_USAGE *usages;
    bool is_done = true;

    if (names == NULL) {
        if (profile->is_authority)
            return true;
        names = both;
        count = LS_COUNT(both);
    }
    usages = EXTENDED_KEY_USAGE_new();
    for (size_t i = 0; is_done && i < count; i++) {
        char *name = ls_str_dup(names[i]);
        ASN1_OBJECT *usage = OBJ_txt2obj(name, 0);

        is_done = usage != NULL && sk_ASN1_OBJECT_push(usages, usage) > 0;
        if (!is_done)
            *why = ls_strf("there is no extended key usage \"%s\": "
                           "serverAuth, clientAuth or a dotted OID",
                           name);
        free(name);
    }
    is_done = is_done && add(x509, NID_ext_key_usage, usages, false, why);
    EXTENDED_KEY_USAGE_free(usages);
    return is_done;
}

static ASN1_STRING *string_of(int type, struct ls_str value)
{
    ASN1_STRING *string = ASN1_STRING_type_new(type);

    ASN1_STRING_set(string, value.at, (int)value.length);
    return string;
}

static ASN1_STRING *address_of(struct ls_str value)
{
    unsigned char bytes[16];
    char *text = ls_str_dup(value);
    ASN1_STRING *string = NULL;

    if (inet_pton(AF_INET, text, bytes) == 1)
        string = string_of(V_ASN1_OCTET_STRING, ls_str_from_bytes(bytes, 4));
    else if (inet_pton(AF_INET6, text, bytes) == 1)
        string = string_of(V_ASN1_OCTET_STRING, ls_str_from_bytes(bytes, 16));
    free(text);
    return string;
}

static ASN1_OBJECT *object_of(struct ls_str value)
{
    char *text = ls_str_dup(value);
    ASN1_OBJECT *object = OBJ_txt2obj(text, 1);

    free(text);
    return object;
}

static void set_upn(GENERAL_NAME *general, struct ls_str value)
{
    ASN1_TYPE *text = ASN1_TYPE_new();

    ASN1_TYPE_set(text, V_ASN1_UTF8STRING, string_of(V_ASN1_UTF8STRING, value));
    GENERAL_NAME_set0_othername(general, OBJ_nid2obj(NID_ms_upn), text);
}

/* NULL when the kind stands for no alternative name or the value does not
 * fit it. */
static GENERAL_NAME *general_name_of(const struct profile_san *san)
{
    static const int types[] = {[NAME_SAN_DNS] = GEN_DNS,
                                [NAME_SAN_URI] = GEN_URI,
                                [NAME_SAN_EMAIL] = GEN_EMAIL};
    GENERAL_NAME *general = GENERAL_NAME_new();
    void *value = NULL;

    switch (san->kind) {
    case NAME_SAN_DNS:
    case NAME_SAN_URI:
    case NAME_SAN_EMAIL:
        value = string_of(V_ASN1_IA5STRING, san->value);
        GENERAL_NAME_set0_value(general, types[san->kind], value);
        break;
    case NAME_SAN_IP:
        value = address_of(san->value);
        if (value != NULL)
            GENERAL_NAME_set0_value(general, GEN_IPADD, value);
        break;
    case NAME_SAN_OTHER:
        value = object_of(san->value);
        if (value != NULL)
            GENERAL_NAME_set0_value(general, GEN_RID, value);
        break;
    case NAME_SAN_UPN:
        set_upn(general, san->value);
        return general;
    case NAME_SUBJECT_CN:
        break;
    }
    if (value != NULL)
        return general;
    GENERAL_NAME_free(general);
    return NULL;
}

static bool add_alternative_names(X509 *x509,
                                  const struct certificate_profile *profile,
                                  char **why)
{
    GENERAL_NAMES *generals;
    bool is_done = true;

    if (profile->san_count == 0)
        return true;
    generals = GENERAL_NAMES_new();
    for (size_t i = 0; is_done && i < profile->san_count; i++) {
        const struct profile_san *san = &profile->sans[i];
        GENERAL_NAME *general = general_name_of(san);

        is_done = general != NULL;
        if (is_done)
            sk_GENERAL_NAME_push(generals, general);
        else
            *why = ls_strf("\"%.*s\" is no %s", LS_STR_ARG(san->value),
                           name_source_text(san->kind));
    }
    /* RFC 5280 4.2.1.6: critical where nothing else names the holder. */
    is_done = is_done && add(x509, NID_subject_alt_name, generals,
                             profile->subject_count == 0, why);
    GENERAL_NAMES_free(generals);
    return is_done;
}

static GENERAL_NAMES *one_url(struct ls_str url)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    const struct profile_san san = {NAME_SAN_URI, url};

    sk_GENERAL_NAME_push(names, general_name_of(&san));
    return names;
}

static bool add_crl_urls(X509 *x509, const struct certificate_profile *profile,
                         char **why)
{
    CRL_DIST_POINTS *points;
    bool is_done;

    if (profile->crl_url_count == 0)
        return true;
    points = sk_DIST_POINT_new_null();
    for (size_t i = 0; i < profile->crl_url_count; i++) {
        DIST_POINT *point = DIST_POINT_new();

        point->distpoint = DIST_POINT_NAME_new();
        point->distpoint->type = 0; /* fullName */
        point->distpoint->name.fullname = one_url(profile->crl_urls[i]);
        sk_DIST_POINT_push(points, point);
    }
    is_done = add(x509, NID_crl_distribution_points, points, false, why);
    CRL_DIST_POINTS_free(points);
    return is_done;
}

static void add_accesses(AUTHORITY_INFO_ACCESS *accesses, int method,
                         const struct ls_str *urls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ACCESS_DESCRIPTION *access = ACCESS_DESCRIPTION_new();
        const struct profile_san san = {NAME_SAN_URI, urls[i]};

        access->method = OBJ_nid2obj(method);
        GENERAL_NAME_free(access->location);
        access->location = general_name_of(&san);
        sk_ACCESS_DESCRIPTION_push(accesses, access);
    }
}

static bool add_information(X509 *x509,
                            const struct certificate_profile *profile,
                            char **why)
{
    AUTHORITY_INFO_ACCESS *accesses;
    bool is_done;

    if (profile->issuer_url_count + profile->ocsp_url_count == 0)
        return true;
    accesses = AUTHORITY_INFO_ACCESS_new();
    add_accesses(accesses, NID_ad_OCSP, profile->ocsp_urls,
                 profile->ocsp_url_count);
    add_accesses(accesses, NID_ad_ca_issuers, profile->issuer_urls,
                 profile->issuer_url_count);
    is_done = add(x509, NID_info_access, accesses, false, why);
    AUTHORITY_INFO_ACCESS_free(accesses);
    return is_done;
}

static bool add_name_constraints(X509 *x509,
                                 const struct certificate_profile *profile,
                                 char **why)
{
    NAME_CONSTRAINTS *constraints;
    bool is_done;

    if (profile->permitted_count == 0)
        return true;
    constraints = NAME_CONSTRAINTS_new();
    constraints->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
    for (size_t i = 0; i < profile->permitted_count; i++) {
        GENERAL_SUBTREE *subtree = GENERAL_SUBTREE_new();
        const struct profile_san san = {NAME_SAN_DNS, profile->permitted[i]};

        GENERAL_NAME_free(subtree->base);
        subtree->base = general_name_of(&san);
        sk_GENERAL_SUBTREE_push(constraints->permittedSubtrees, subtree);
    }
    is_done = add(x509, NID_name_constraints, constraints, true, why);
    NAME_CONSTRAINTS_free(constraints);
    return is_done;
}

/* RFC 5280 4.2.1.2, method 1: SHA-1 of the key's bits. */
static ASN1_OCTET_STRING *key_id_of(const X509 *x509)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (X509_pubkey_digest(x509, EVP_sha1(), digest, &length) != 1)
        return NULL;
    return string_of(V_ASN1_OCTET_STRING, ls_str_from_bytes(digest, length));
}

static bool add_key_ids(X509 *x509, X509 *issuer, char **why)
{
    ASN1_OCTET_STRING *own = key_id_of(x509);
    AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();
    bool is_done = add(x509, NID_subject_key_identifier, own, false, why);

    /* The issuer's as it states it, else as it would be computed. */
    if (is_done && X509_get0_subject_key_id(issuer) != NULL)
        authority->keyid =
            ASN1_OCTET_STRING_dup(X509_get0_subject_key_id(issuer));
    else if (is_done)
        authority->keyid = key_id_of(issuer);
    is_done = is_done &&
              add(x509, NID_authority_key_identifier, authority, false, why);
    ASN1_OCTET_STRING_free(own);
    AUTHORITY_KEYID_free(authority);
    return is_done;
}

bool mint_add_extensions(X509 *x509, const struct certificate_profile *profile,
                         X509 *issuer, char **why)
{
    return add_basic_constraints(x509, profile, why) &&
           add_key_usage(x509, profile, why) &&
           (profile->without_usage || add_usage(x509, profile, why)) &&
           add_alternative_names(x509, profile, why) &&
           add_name_constraints(x509, profile, why) &&
           (profile->without_key_ids || add_key_ids(x509, issuer, why)) &&
           add_crl_urls(x509, profile, why) &&
           add_information(x509, profile, why);
}
