/*
 * What does a certificate say? Everything a server-to-server SIP peer may ask
 * of one, read out once into plain values, so that nobody else needs to hold
 * the library's object or to read it twice.
 */
#ifndef LYNCSIM_CERTIFICATE_FACTS_H
#define LYNCSIM_CERTIFICATE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/err.h"
#include "lyncsim/str.h"

struct x509_st;

/* Where in the certificate a name stands; the texts are those of a verdict's
 * identity.source. */
/* clang-format off */
#define NAME_SOURCE_LIST(X)                                                    \
    X(NAME_SUBJECT_CN, "subject.cn")                                           \
    X(NAME_SAN_DNS, "san.dns")                                                 \
    X(NAME_SAN_URI, "san.uri")                                                 \
    X(NAME_SAN_IP, "san.ip")                                                   \
    X(NAME_SAN_EMAIL, "san.email")                                             \
    X(NAME_SAN_UPN, "san.upn")                                                 \
    X(NAME_SAN_OTHER, "san.other")

enum name_source {
#define X(name, text) name,
    NAME_SOURCE_LIST(X)
#undef X
};
/* clang-format on */

const char *name_source_text(enum name_source source);

/* Why a name cannot be used as one. */
enum name_fault {
    NAME_SOUND,
    NAME_HAS_NUL,     /* an embedded NUL, the classic way to fool C code */
    NAME_HAS_CONTROL, /* control bytes */
    NAME_UNDECODABLE, /* not what its ASN.1 string type promises */
    NAME_EMPTY,
};

/* "holds a NUL byte", to stand after the name. */
const char *name_fault_text(enum name_fault fault);

struct certificate_name {
    enum name_source source;
    enum name_fault fault;
    char *text;    /* UTF-8 from whatever ASN.1 string type; raw bytes where
                      undecodable; NUL-terminated besides */
    size_t length; /* may span NUL bytes when fault says so */
};

enum key_algorithm {
    KEY_UNKNOWN,
    KEY_RSA,
    KEY_RSA_PSS,
    KEY_EC,
    KEY_ED25519,
    KEY_ED448,
    KEY_DSA,
};

/* "RSA", "EC". */
const char *key_algorithm_text(enum key_algorithm algorithm);

/* Bits of certificate_facts.usage: what an extended key usage allows. */
#define USAGE_SERVER_AUTH 1u
#define USAGE_CLIENT_AUTH 2u
#define USAGE_ANY 4u
#define USAGE_OTHER 8u

struct certificate_facts {
    /* One line, in encoded order, escaped for display; cut at some kilobytes.
     * profile_parse_subject() reads it back. */
    char *subject;
    char *issuer;
    char *serial; /* upper-case hex */
    /* Every CN in encoded order, then every alternative name in certificate
     * order. */
    struct certificate_name *names;
    size_t name_count;
    int64_t not_before_s; /* seconds since 1970 */
    int64_t not_after_s;
    enum key_algorithm key_algorithm;
    unsigned key_bits;
    char *curve;        /* of an EC key, "prime256v1"; or NULL */
    bool has_own_curve; /* spelt out instead of named (RFC 5480 2.1.1) */
    char *signature;    /* "sha256WithRSAEncryption", as OpenSSL names it */
    char *digest;       /* "SHA256", "SHA1", "MD5"; NULL where there is none */
    bool has_usage;     /* an extended key usage is present */
    unsigned usage;     /* USAGE_ bits */
    char *usage_text;   /* "serverAuth, clientAuth", or NULL */
    char *key_usage_text;   /* "digitalSignature, keyEncipherment", or NULL */
    char *subject_key_id;   /* upper-case hex, or NULL */
    char *authority_key_id; /* the same */
    bool is_authority;      /* basicConstraints CA:TRUE */
    long path_length;       /* of an authority; -1: none stated */
    bool is_self_issued;
    bool is_malformed;       /* an extension does not decode or contradicts */
    bool has_broken_names;   /* alternative names that cannot be read */
    bool has_too_many_names; /* only the first are in names */
    bool has_broken_times;   /* what is unreadable is 0 */
    uint8_t sha256[32];      /* of the DER */
};

/* Read x509 (borrowed) out into facts, which the caller clears in any case.
 * Bounded: at most CERTIFICATE_NAMES_MAX names are kept; LS_ELIMIT beyond
 * that, everything else being filled in. */
#define CERTIFICATE_NAMES_MAX 4096
enum ls_err certificate_facts_read(struct certificate_facts *facts,
                                   struct x509_st *x509) LS_MUST_CHECK;
/* What a server of this certificate is called: its first sound CN, else its
 * first sound dNSName; NULL when it has neither. Borrowed. */
const char *certificate_facts_host(const struct certificate_facts *facts);
/* Subject, validity, key, signature, extended usage and whether it is
 * self-issued, which is what is asked of the links of a chain; the rest stays
 * empty. */
void certificate_facts_read_brief(struct certificate_facts *facts,
                                  struct x509_st *x509);
void certificate_facts_clear(struct certificate_facts *facts);

#endif
