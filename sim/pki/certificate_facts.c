/*
 * Reading a certificate out. Everything a stranger chose is bounded here:
 * what does not decode becomes a fault of the name or an absent fact, never
 * an error further up.
 */
#include "lyncsim/certificate_facts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "certificate_name.h"

static const char *const name_source_texts[] = {
#define X(name, text) [name] = text,
    NAME_SOURCE_LIST(X)
#undef X
};

const char *name_source_text(enum name_source source)
{
    assert((size_t)source < LS_COUNT(name_source_texts));
    return name_source_texts[source];
}

static const char *const name_fault_texts[] = {
    [NAME_SOUND] = "sound",
    [NAME_HAS_NUL] = "holds a NUL byte",
    [NAME_HAS_CONTROL] = "holds control bytes",
    [NAME_UNDECODABLE] = "does not decode as its string type",
    [NAME_EMPTY] = "is empty",
};

const char *name_fault_text(enum name_fault fault)
{
    assert((size_t)fault < LS_COUNT(name_fault_texts));
    return name_fault_texts[fault];
}

static const struct {
    int id;
    enum key_algorithm algorithm;
    const char *text;
} key_algorithms[] = {
    {EVP_PKEY_NONE, KEY_UNKNOWN, "unknown"},
    {EVP_PKEY_RSA, KEY_RSA, "RSA"},
    {EVP_PKEY_RSA_PSS, KEY_RSA_PSS, "RSA-PSS"},
    {EVP_PKEY_EC, KEY_EC, "EC"},
    {EVP_PKEY_ED25519, KEY_ED25519, "Ed25519"},
    {EVP_PKEY_ED448, KEY_ED448, "Ed448"},
    {EVP_PKEY_DSA, KEY_DSA, "DSA"},
};

const char *key_algorithm_text(enum key_algorithm algorithm)
{
    for (size_t i = 0; i < LS_COUNT(key_algorithms); i++)
        if (key_algorithms[i].algorithm == algorithm)
            return key_algorithms[i].text;
    return key_algorithms[0].text;
}

/* Seconds since 1970; false when the time is none. */
static bool read_time(const ASN1_TIME *time, int64_t *seconds)
{
    struct tm parts = {0};

    *seconds = 0;
    if (!ASN1_TIME_to_tm(time, &parts))
        return false;
    *seconds = timegm(&parts);
    return true;
}

static char *read_serial(const X509 *x509)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), NULL);
    char *hex = number != NULL ? BN_bn2hex(number) : NULL;
    char *serial = ls_strdup(hex != NULL ? hex : "");

    OPENSSL_free(hex);
    BN_free(number);
    return serial;
}

/* Of what was decoded, the library remembers how it was written. */
static bool has_own_curve(const EVP_PKEY *key)
{
    char encoding[16];

    return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING,
                                          encoding, sizeof encoding, NULL) &&
           strcmp(encoding, OSSL_PKEY_EC_ENCODING_EXPLICIT) == 0;
}

static void read_key(struct certificate_facts *facts, const X509 *x509)
{
    EVP_PKEY *key = X509_get0_pubkey(x509);
    char curve[64] = "";
    int id;

    if (key == NULL)
        return;
    id = EVP_PKEY_get_base_id(key);
    facts->key_bits = (unsigned)EVP_PKEY_get_bits(key);
    for (size_t i = 0; i < LS_COUNT(key_algorithms); i++)
        if (key_algorithms[i].id == id)
            facts->key_algorithm = key_algorithms[i].algorithm;
    if (facts->key_algorithm == KEY_EC &&
        EVP_PKEY_get_group_name(key, curve, sizeof curve, NULL))
        facts->curve = ls_strdup(curve);
    facts->has_own_curve = facts->key_algorithm == KEY_EC && has_own_curve(key);
}

static void read_signature(struct certificate_facts *facts, X509 *x509)
{
    const X509_ALGOR *algorithm = X509_get0_tbs_sigalg(x509);
    const ASN1_OBJECT *object;
    char text[128] = "";
    int digest = NID_undef;

    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    OBJ_obj2txt(text, sizeof text, object, 0);
    facts->signature = ls_strdup(text);
    /* RSASSA-PSS and Ed25519 tell their digest elsewhere or not at all. */
    if (X509_get_signature_info(x509, &digest, NULL, NULL, NULL) &&
        digest != NID_undef)
        facts->digest = ls_strdup(OBJ_nid2sn(digest));
}

static unsigned usage_bit(int nid)
{
    switch (nid) {
    case NID_server_auth:
        return USAGE_SERVER_AUTH;
    case NID_client_auth:
        return USAGE_CLIENT_AUTH;
    case NID_anyExtendedKeyUsage:
        return USAGE_ANY;
    default:
        return USAGE_OTHER;
    }
}

/* Its short name, or its number, which takes long to write. */
static void add_usage_text(struct ls_buf *text, const ASN1_OBJECT *usage)
{
    int nid = OBJ_obj2nid(usage);
    char oid[128] = "";

    if (text->length > 0)
        ls_buf_add_text(text, ", ");
    if (nid == NID_undef)
        OBJ_obj2txt(oid, sizeof oid, usage, 1);
    ls_buf_add_text(text, nid != NID_undef ? OBJ_nid2sn(nid) : oid);
}

static void read_usage(struct certificate_facts *facts, X509 *x509)
{
    int critical = -1;
    EXTENDED_KEY_USAGE *usages =
        X509_get_ext_d2i(x509, NID_ext_key_usage, &critical, NULL);
    struct ls_buf text = {0};

    /* One that is there and does not decode allows nothing. */
    facts->has_usage = usages != NULL || critical != -1;
    if (!facts->has_usage)
        return;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
        const ASN1_OBJECT *usage = sk_ASN1_OBJECT_value(usages, i);

        facts->usage |= usage_bit(OBJ_obj2nid(usage));
        add_usage_text(&text, usage);
    }
    facts->usage_text = ls_buf_take(&text);
    EXTENDED_KEY_USAGE_free(usages);
}

static const struct {
    uint32_t bit;
    const char *text;
} key_usages[] = {
    {KU_DIGITAL_SIGNATURE, "digitalSignature"},
    {KU_NON_REPUDIATION, "nonRepudiation"},
    {KU_KEY_ENCIPHERMENT, "keyEncipherment"},
    {KU_DATA_ENCIPHERMENT, "dataEncipherment"},
    {KU_KEY_AGREEMENT, "keyAgreement"},
    {KU_KEY_CERT_SIGN, "keyCertSign"},
    {KU_CRL_SIGN, "cRLSign"},
    {KU_ENCIPHER_ONLY, "encipherOnly"},
    {KU_DECIPHER_ONLY, "decipherOnly"},
};

static void read_constraints(struct certificate_facts *facts, X509 *x509)
{
    uint32_t flags = X509_get_extension_flags(x509);
    uint32_t usage = X509_get_key_usage(x509);
    struct ls_buf text = {0};

    facts->is_authority = (flags & EXFLAG_CA) != 0;
    facts->is_malformed = (flags & EXFLAG_INVALID) != 0;
    facts->path_length = X509_get_pathlen(x509);
    if ((flags & EXFLAG_KUSAGE) == 0)
        return;
    for (size_t i = 0; i < LS_COUNT(key_usages); i++)
        if (usage & key_usages[i].bit)
            ls_buf_printf(&text, "%s%s", text.length > 0 ? ", " : "",
                          key_usages[i].text);
    facts->key_usage_text = ls_buf_take(&text);
}

static char *hex_of(const ASN1_OCTET_STRING *bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    struct ls_buf text = {0};

    if (bytes == NULL)
        return NULL;
    for (int i = 0; i < ASN1_STRING_length(bytes) && i < 64; i++) {
        unsigned char byte = ASN1_STRING_get0_data(bytes)[i];

        ls_buf_add_byte(&text, digits[byte >> 4]);
        ls_buf_add_byte(&text, digits[byte & 15]);
    }
    return ls_buf_take(&text);
}

static void read_brief(struct certificate_facts *facts, X509 *x509)
{
    bool has_times;

    facts->subject = certificate_name_line(X509_get_subject_name(x509));
    has_times = read_time(X509_get0_notBefore(x509), &facts->not_before_s);
    has_times &= read_time(X509_get0_notAfter(x509), &facts->not_after_s);
    facts->has_broken_times = !has_times;
    facts->is_self_issued = X509_NAME_cmp(X509_get_subject_name(x509),
                                          X509_get_issuer_name(x509)) == 0;
    read_key(facts, x509);
    read_signature(facts, x509);
}

void certificate_facts_read_brief(struct certificate_facts *facts, X509 *x509)
{
    *facts = (struct certificate_facts){0};
    ERR_set_mark();
    read_brief(facts, x509);
    read_usage(facts, x509);
    ERR_pop_to_mark();
}

enum ls_err certificate_facts_read(struct certificate_facts *facts, X509 *x509)
{
    enum ls_err err;

    *facts = (struct certificate_facts){0};
    ERR_set_mark();
    read_brief(facts, x509);
    facts->issuer = certificate_name_line(X509_get_issuer_name(x509));
    facts->serial = read_serial(x509);
    read_usage(facts, x509);
    read_constraints(facts, x509);
    facts->subject_key_id = hex_of(X509_get0_subject_key_id(x509));
    facts->authority_key_id = hex_of(X509_get0_authority_key_id(x509));
    X509_digest(x509, EVP_sha256(), facts->sha256, NULL);
    err = certificate_names_read(facts, x509);
    facts->has_too_many_names = err == LS_ELIMIT;
    ERR_pop_to_mark();
    return err;
}

const char *certificate_facts_host(const struct certificate_facts *facts)
{
    for (size_t i = 0; i < facts->name_count; i++)
        if (facts->names[i].fault == NAME_SOUND &&
            (facts->names[i].source == NAME_SUBJECT_CN ||
             facts->names[i].source == NAME_SAN_DNS))
            return facts->names[i].text;
    return NULL;
}

void certificate_facts_clear(struct certificate_facts *facts)
{
    for (size_t i = 0; i < facts->name_count; i++)
        free(facts->names[i].text);
    free(facts->names);
    free(facts->subject);
    free(facts->issuer);
    free(facts->serial);
    free(facts->signature);
    free(facts->digest);
    free(facts->usage_text);
    free(facts->key_usage_text);
    free(facts->curve);
    free(facts->subject_key_id);
    free(facts->authority_key_id);
    *facts = (struct certificate_facts){0};
}
