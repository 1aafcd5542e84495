/*
 * How does a lab get its certificates? They are issued here from profiles.
 * With a seed the same profile gives the same bytes on every run; without one
 * keys come from the system's random source and may leave the program.
 */
#ifndef LYNCSIM_MINT_H
#define LYNCSIM_MINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/credential.h"
#include "lyncsim/str.h"

/* One attribute of a subject, in the order to be encoded. */
struct profile_attribute {
    struct ls_str type;   /* "CN", "O", a dotted OID */
    struct ls_str value;  /* UTF-8, or raw bytes where string says so */
    struct ls_str string; /* "" (UTF8String or what the attribute demands),
                             "utf8", "bmp", "t61", "printable", "ia5",
                             "universal": value is converted; "raw-utf8",
                             "raw-bmp" …: bytes as they are, any length */
    bool is_joined;       /* in one RDN with the attribute before it */
};

struct profile_san {
    enum name_source kind; /* NAME_SAN_…; san.other: a registered OID */
    struct ls_str value;   /* bytes as they are, but for addresses */
};

/* Zero-initialised is a usable start; all views are borrowed. */
struct certificate_profile {
    const char *name; /* seeds key and serial: two profiles, two keys */
    const struct profile_attribute *subject;
    size_t subject_count;
    const struct profile_san *sans;
    size_t san_count;
    struct ls_str key;    /* "p256" (default), "p384", "p521", "ed25519",
                             "rsa2048", "rsa-pss2048" … */
    struct ls_str digest; /* "sha256" (default), "sha1", "md5", "sha384" … */
    bool use_pss;         /* sign with RSASSA-PSS, if the issuer's is RSA */
    bool is_authority;
    bool has_path_length; /* of an authority: path_length is stated */
    int path_length;
    /* Names of usages, "serverAuth", "clientAuth", "codeSigning" or dotted
     * OIDs. NULL: server and client authentication on leaves. */
    const struct ls_str *usages;
    size_t usage_count;
    bool without_usage; /* no extended key usage at all */
    int64_t not_before_s;
    int64_t not_after_s;
    struct ls_str serial;   /* hex; "": drawn */
    struct ls_str key_name; /* what seeds the key; "": name */
    /* Key usages, "digitalSignature" …; NULL: what fits. */
    const struct ls_str *key_usages;
    size_t key_usage_count;
    const struct ls_str *crl_urls; /* CRL distribution points */
    size_t crl_url_count;
    const struct ls_str *issuer_urls; /* authority information access */
    size_t issuer_url_count;
    const struct ls_str *ocsp_urls; /* beside them: who answers for it */
    size_t ocsp_url_count;
    const struct ls_str *permitted; /* name constraints: DNS names */
    size_t permitted_count;
    bool without_key_ids; /* neither SKI nor AKI */
    bool is_version_1;    /* no extension at all */
    /* The key of the credential is not the certificate's, though the library
     * takes it for that: its handshake signatures do not verify. */
    bool has_foreign_key;
};

struct mint;

/* seed NULL: the system's random source. Owned by the caller. */
struct mint *mint_new(const struct ls_str *seed);
void mint_free(struct mint *mint);

/* Issue a certificate. issuer NULL makes it self-signed. The chain sent is
 * the issuer's own chain, with the issuer unless that is self-issued. NULL
 * and a sentence in *why (owned by the caller) when the profile cannot be
 * made. Both credentials are the caller's. */
struct credential *mint_issue(struct mint *mint,
                              const struct certificate_profile *profile,
                              const struct credential *issuer, char **why);

/* Whether mint_issue() would know the key type or the digest; "" is the
 * default one. */
bool mint_key_is_known(struct ls_str kind);
bool mint_digest_is_known(struct ls_str digest);

/* What stands on a revocation list: the serials of the revoked, borrowed. */
struct mint_crl_profile {
    const struct credential *const *revoked;
    size_t revoked_count;
    int64_t this_update_s; /* since 1970 */
    int64_t next_update_s;
};

/* A revocation list of issuer. NULL and a sentence in *why; both are owned by
 * the caller. */
struct X509_crl_st *mint_issue_crl(struct mint *mint,
                                   const struct credential *issuer,
                                   const struct mint_crl_profile *profile,
                                   char **why);

void mint_free_crl(struct X509_crl_st *crl);

/* Split "CN=a.b, O=Contoso" at commas outside escapes, left to right as
 * written. "\," is a comma, "\xNN" any byte, "O=a+OU=b" one RDN of two,
 * "CN:bmp=a.b" an attribute whose string type is stated. attributes is owned
 * by the caller (one free()); views borrow text or live in the same block.
 * NULL and a sentence in *why when it does not parse. */
struct profile_attribute *profile_parse_subject(struct ls_str text,
                                                size_t *count, char **why);

#endif
