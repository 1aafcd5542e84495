/*
 * What did the user ask for? One table of all options, so that each means the
 * same on every command; a command names those it takes.
 */
#ifndef LYNCSIM_APP_OPTIONS_H
#define LYNCSIM_APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

struct command;

/* id, long name, letter or 0, value's name or NULL for a switch, the values
 * it can have or NULL, whether it may be repeated, what it does. A table of
 * values is one of those at the top of options.c. */
/* clang-format off */
#define OPTION_LIST(X)                                                         \
    X(TOPOLOGY, "topology", 0, "FILE[#NAME]", NULL, false,                     \
      "the trusted-server table: a YAML file or a deployment's export")        \
    X(CERTIFICATE, "certificate", 0, "FILE", NULL, false,                      \
      "the certificate to show: PEM, DER or PKCS#12")                          \
    X(KEY, "key", 0, "FILE", NULL, false, "its private key")                   \
    X(PASSWORD_FILE, "password-file", 0, "FILE", NULL, false,                  \
      "the PKCS#12 password: the file's first line")                           \
    X(CA, "ca", 0, "FILE", NULL, true,                                         \
      "trusted roots and known intermediates; may be repeated")                \
    X(CRL, "crl", 0, "FILE", NULL, true,                                       \
      "revocation lists to check against; may be repeated")                    \
    X(REVOCATION, "revocation", 0, "HOW", option_revocations, false,           \
      "ignore (default without --crl) or check")                               \
    X(STAPLE, "staple", 0, "FILE", NULL, false,                                \
      "the OCSP response that comes with the certificate, in DER")             \
    X(WEAK, "weak", 0, "HOW", option_weaks, false,                             \
      "weak keys and digests: warn (default) or refuse")                       \
    X(STRICT, "strict", 0, NULL, NULL, false,                                  \
      "refuse what is against the letter of RFC 5280, too")                    \
    X(RULE, "rule", 0, "RULE", option_rules, false,                            \
      "which names of a certificate may speak (default lync-2010)")            \
    X(NAMES, "names", 0, "HOW", option_names, false,                           \
      "how names compare: insensitive (default) or sensitive")                 \
    X(CN, "cn", 0, "WHICH", option_cns, false,                                 \
      "which of several CNs speaks: first (default) or last")                  \
    X(REFUSE, "refuse", 0, "AT:HOW", option_refusals, false,                   \
      "how a refused peer is dropped (default after-handshake:close)")         \
    X(TLS, "tls", 0, "MIN-MAX", option_tls_versions, false,                    \
      "TLS versions, 1.0 to 1.3 (default 1.0-1.2; connect: all)")              \
    X(CIPHERS, "ciphers", 0, "LIST", NULL, false,                              \
      "ciphers in OpenSSL's language; names of TLS 1.3 among them")            \
    X(TRUSTED_ISSUERS, "trusted-issuers", 0, "HOW", option_issuers, false,     \
      "issuers named to peers: none (default), all or truncated")              \
    X(PRODUCT, "product", 0, "VERSION", option_products, false,                \
      "lync-2010 (default), lync-2013, sfb-2015 or sfb-2019: how it speaks")   \
    X(AT, "at", 0, "TIME", NULL, false,                                        \
      "the time it is taken to be: 2011-12-20T20:45:01Z (default now)")        \
    X(INTERFACE, "interface", 0, "NAME", option_interfaces, false,             \
      "the network interface: primary, internal, external or pstn")            \
    X(TRACE, "trace", 0, "FILE", NULL, false,                                  \
      "write what the Front End would have logged; - is standard output")      \
    X(TRACE_STYLE, "trace-style", 0, "STYLE", option_trace_styles, false,      \
      "lync-2010 (default) or sfb-2015")                                       \
    X(TRACE_FIELDS, "trace-fields", 0, "FIELDS", option_trace_fields, false,   \
      "article (default: what is evidenced) or full")                          \
    X(EVENTS, "events", 0, "FILE", NULL, false,                                \
      "write the Windows event log lines; with --json an object a line")       \
    X(KEYLOG, "keylog", 0, "FILE", NULL, false,                                \
      "write the secrets that open recorded traffic (Wireshark's key log)")    \
    X(LISTEN, "listen", 0, "ADDR:PORT", NULL, true,                            \
      "where to listen (default 127.0.0.1:5061); may be repeated")             \
    X(THREADS, "threads", 0, "THREADS", NULL, false,                           \
      "serve on so many loops, a thread each (default 1)")                           \
    X(HANDSHAKE_TIME, "handshake-time", 0, "SECONDS", NULL, false,             \
      "limit of a whole handshake (default 30)")                                   \
    X(IDLE_TIME, "idle-time", 0, "SECONDS", NULL, false,                       \
      "limit without a byte from the peer (default 3600)")                           \
    X(CONNECTIONS, "connections", 0, "N", NULL, false,                         \
      "limit at a time, in all (default 20000)")                                     \
    X(PER_ADDRESS, "connections-per-address", 0, "N", NULL, false,             \
      "limit of one address (default 1000; this machine: none)")           \
    X(IN_FLIGHT, "bytes-in-flight", 0, "BYTES", NULL, false,                   \
      "limit of what a peer leaves unread (default 262144)")        \
    X(HEADER_BYTES, "header-bytes", 0, "BYTES", NULL, false,                   \
      "limit of a message's headers (default 65536)")                                          \
    X(BODY_BYTES, "body-bytes", 0, "BYTES", NULL, false,                       \
      "limit of a message's body (default 1048576)")                                        \
    X(REQUESTS, "requests-per-second", 0, "N", NULL, false,                    \
      "limit of one connection; beyond it 503 (default 50000)")                      \
    X(RESOLVE, "resolve", 0, "FQDN=ADDRESS[:PORT]", NULL, true,                \
      "where an application is that the Front End dials; may be repeated")     \
    X(APPLICATIONS, "applications", 0, "HOW", option_ways, false,              \
      "reach applications over their own connection (same) or dial (own)")     \
    X(CLIENT_REQUESTS, "client-requests", 0, "N|0", NULL, false,                 \
      "limit of one throttled as a client; 0 none (default 100, assumed)")     \
    X(JOBS, "jobs", 'j', "N", NULL, false, "play N scenarios at a time")       \
    X(FILTER, "filter", 0, "TEXT", NULL, false,                                \
      "only scenarios whose file or title contains TEXT")                      \
    X(REPEAT, "repeat", 0, "N", NULL, false, "play everything N times")        \
    X(FAIL_FAST, "fail-fast", 0, NULL, NULL, false,                            \
      "stop at the first scenario that fails")                                 \
    X(UPDATE, "update", 0, NULL, NULL, false,                                  \
      "show how traces differ, and write them anew into the files")            \
    X(LIST, "list", 0, NULL, NULL, false, "list what would be played")         \
    X(JUNIT, "junit", 0, "FILE", NULL, false, "write a JUnit XML report")      \
    X(TAP, "tap", 0, "FILE", NULL, false, "write a TAP 14 report")             \
    X(HTML, "html", 0, "FILE", NULL, false, "write a report for browsers")     \
    X(EXPECT, "expect", 0, "WHAT", option_expectations, false,                 \
      "what should happen: accepted (default) or refused")                     \
    X(FROM, "from", 0, "FQDN", NULL, false, "the name the peer gives itself")  \
    X(USER, "user", 0, "SIP-URI", NULL, false, "sign this user in")            \
    X(TIMEOUT, "timeout", 0, "SECONDS", NULL, false,                           \
      "how long to wait (default 10)")                                         \
    X(SUBJECT, "subject", 0, "SUBJECT", NULL, false,                           \
      "CN=a.b, O=Contoso: encoded left to right as written")                   \
    X(SAN, "san", 0, "NAME", NULL, true,                                       \
      "an alternative name; may be repeated")                                  \
    X(ISSUER, "issuer", 0, "FILE", NULL, false,                                \
      "the authority to sign with: certificate and key in PEM")                \
    X(COMMON_NAME, "cn", 0, "NAME", NULL, false,                               \
      "the subject's CN, and the alternative name where there is no --san")    \
    X(REVOKE, "revoke", 0, "FILE", NULL, true,                                 \
      "make --issuer's revocation list instead, with this one; or none")       \
    X(FAULT, "fault", 0, "NAME", NULL, false,                                  \
      "a named fault of the catalogue (lyncsim cert faults)")                  \
    X(DAYS, "days", 0, "N", NULL, false, "days of validity")                   \
    X(SEED, "seed", 0, "TEXT", NULL, false,                                    \
      "the same seed gives the same bytes: never for real use")                \
    X(FORM, "form", 0, "FORM", option_forms, false,                            \
      "pem (default), der, pkcs12, or pkcs12-old as Windows wrote it")         \
    X(FORCE, "force", 0, NULL, NULL, false, "overwrite files")                 \
    X(KEY_TYPE, "key-type", 0, "TYPE", NULL, false,                            \
      "p256 (default), p384, p521, ed25519, rsa2048 ...")                      \
    X(DIGEST, "digest", 0, "DIGEST", NULL, false,                              \
      "sha256 (default), sha384, sha512, sha1, md5")                           \
    X(FAIL_ON, "fail-on", 0, "SEVERITY", option_severities, false,             \
      "exit 1 on findings at or above note, warning or error")                 \
    X(OUTPUT, "output", 'o', "FILE", NULL, false,                              \
      "where to write (default standard output)")                              \
    X(JSON, "json", 0, NULL, NULL, false, "JSON on standard output")           \
    X(QUIET, "quiet", 'q', NULL, NULL, false, "only what went wrong")          \
    X(VERBOSE, "verbose", 'v', NULL, NULL, false,                              \
      "more: real addresses, every check, all records")                        \
    X(COLOR, "color", 0, "WHEN", option_colors, false,                         \
      "auto (default), always or never; NO_COLOR is honoured")                 \
    X(HELP, "help", 'h', NULL, NULL, false, "this text")

enum option_id {
#define X(id, name, letter, value, values, repeats, summary) OPTION_##id,
    OPTION_LIST(X)
#undef X
    OPTION_COUNT,
    OPTION_END = OPTION_COUNT /* ends a command's list */
};
/* clang-format on */

struct option_row {
    const char *name;
    char letter;
    const char *value;
    const char *const *values;
    bool repeats;
    const char *summary;
};
/* Its row in the table. */
const struct option_row *options_row(enum option_id id);
bool options_are_taken(const struct command *command, enum option_id id);

/* What was given; all texts are borrowed from the command line. */
struct options {
    const struct command *command;
    const char *last[OPTION_COUNT]; /* "" for a switch; NULL: not given */
    const char **all[OPTION_COUNT]; /* of those that may be repeated */
    size_t all_count[OPTION_COUNT];
    const char **arguments;
    size_t argument_count;
};

/* Read argv (without the command's name) by what command takes. False, with
 * one sentence and the way out in *why (owned by the caller), when something
 * is unknown, missing, or has a value it cannot have. With --help among the
 * options nothing else is asked for. options is the caller's to clear. */
bool options_parse(struct options *options, const struct command *command,
                   int argc, char **argv, char **why);
void options_clear(struct options *options);

bool options_has(const struct options *options, enum option_id id);
/* The value, or NULL when it was not given. */
const char *options_text(const struct options *options, enum option_id id);
/* Every value of one that may be repeated. */
const char *const *options_all(const struct options *options, enum option_id id,
                               size_t *count);
/* A number that was checked on reading, or what it is when not given. */
unsigned options_number(const struct options *options, enum option_id id,
                        unsigned otherwise);
/* Whether text for this file descriptor is to be coloured. */
bool options_color(const struct options *options, int fd);

/* The options of a command, a line each. */
void options_describe(const struct command *command, struct ls_buf *out);

#endif
