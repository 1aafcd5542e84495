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
    struct ls_str value;  /* UTF-8, or raw bytes where string_type says so */
    struct ls_str string; /* "" (UTF8String or PrintableString as fits),
                             "utf8", "bmp", "t61", "printable", "ia5",
                             "universal": value is converted; "raw-utf8":
                             bytes as they are, any length */
};

struct profile_san {
    enum name_source kind;
    struct ls_str value;
};

/* Zero-initialised is a usable start; all views are borrowed. */
struct certificate_profile {
    const char *name; /* seeds key and serial: two profiles, two keys */
    const struct profile_attribute *subject;
    size_t subject_count;
    const struct profile_san *sans;
    size_t san_count;
    struct ls_str key;    /* "p256" (default), "p384", "p521", "rsa2048" … */
    struct ls_str digest; /* "sha256" (default), "sha1", "md5", "sha384" … */
    bool is_authority;
    int path_length; /* of an authority; -1: none stated */
    /* Names of usages, "serverAuth", "clientAuth", "codeSigning" or dotted
     * OIDs. NULL: server and client authentication on leaves. */
    const struct ls_str *usages;
    size_t usage_count;
    bool without_usage; /* no extended key usage at all */
    int64_t not_before_s;
    int64_t not_after_s;
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

/* Split "CN=a.b, O=Contoso" at commas outside escapes, left to right as
 * written. attributes is owned by the caller (free); views borrow text.
 * NULL and a sentence in *why when it does not parse. */
struct profile_attribute *profile_parse_subject(struct ls_str text,
                                                size_t *count, char **why);

#endif
