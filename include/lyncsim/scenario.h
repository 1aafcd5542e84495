/*
 * What does a scenario file ask to be played? The whole language, checked and
 * typed before anything runs; every part knows where it was written.
 */
#ifndef LYNCSIM_SCENARIO_H
#define LYNCSIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/answer_rules.h"
#include "lyncsim/cas_peer.h"
#include "lyncsim/credential.h"
#include "lyncsim/diag.h"
#include "lyncsim/expectation.h"
#include "lyncsim/front_end.h"
#include "lyncsim/recipe.h"
#include "lyncsim/sipstack_trace.h"
#include "lyncsim/talk_peer.h"
#include "lyncsim/topology_yaml.h"
#include "lyncsim/wire_fault.h"
#include "lyncsim/yaml.h"

/* 2015-01-01T00:00:00Z */
#define SCENARIO_CLOCK_DEFAULT_MS INT64_C(1420070400000)

/* Authorities above an authority: a bound for whoever walks up. */
#define SCENARIO_ISSUERS_MAX 32

/* A certificate or authority as written; minted by scenario_lab. */
struct scenario_certificate {
    char *name;
    struct ls_place place;
    bool is_authority;
    char *subject; /* "CN=a.b, O=Contoso", checked to parse; or NULL */
    char *issuer;  /* an authority's name, "self", or NULL: the default one */
    char **sans;   /* "a.b", "uri:sip:…", "ip:…", "email:…", "upn:…" */
    size_t san_count;
    /* Read from files of the customer's own; nothing else is said then but
     * the chain. Owned; NULL: it is to be made. */
    struct credential *own;
    char *file, *key_file, *password_file; /* as written, or NULL */
    char *from;    /* the certificate whose keys were laid under, or NULL */
    char **usages; /* extended-key-usage */
    size_t usage_count;
    bool without_usage;
    char *key;    /* or NULL: p256 */
    char *key_of; /* whose key it has, by name; or NULL: its own */
    char *digest; /* or NULL: sha256 */
    char *serial; /* hex, or NULL: drawn */
    char **key_usages;
    size_t key_usage_count;
    /* What is sent after the leaf, by name; without has_chain the
     * intermediates that issued it. */
    char **chain;
    size_t chain_count;
    bool has_chain;
    char **crl_urls;
    size_t crl_url_count;
    char **issuer_urls;
    size_t issuer_url_count;
    bool uses_pss;        /* its signature, by an RSA key */
    bool without_key_ids; /* neither SKI nor AKI */
    bool is_version_1;    /* no extension at all */
    bool has_foreign_key; /* it cannot prove that the certificate is its own */
    struct recipe more;   /* constraints, hostile sizes, a staple */
    /* Authorities only. */
    char **revokes; /* has_revokes: it publishes a list of these */
    size_t revoke_count;
    bool has_revokes, has_list_until;
    int64_t list_until_ms;
    bool has_not_before, has_not_after;
    /* Since 1970, or from the clock on where it is relative. */
    int64_t not_before_ms, not_after_ms;
    bool is_not_before_relative, is_not_after_relative;
    char *fault; /* of "fault:NAME", or NULL */
};

struct scenario_topology {
    char *name; /* NULL: the one under topology: */
    struct ls_place place;
    struct topology *topology;
};

/* The rules of a respond:, in their order. */
struct scenario_rules {
    struct answer_rule *rules;
    size_t count;
};

/* The keys of front-end:, which a case may set again. has_… tells what was
 * written; the rest is the default. */
struct scenario_front_end {
    char *certificate; /* a certificate's name, or NULL: one is made */
    char **trusts;     /* authorities' names; has_trusts false: all */
    size_t trust_count;
    bool has_trusts;
    const struct identity_rule *rule; /* NULL: not written */
    bool has_names, has_cn, has_refuse, has_tls, has_interface, has_weak,
        has_version, has_way, has_enable, has_revocation, has_issuers,
        has_client_requests, has_strict, has_network;
    bool is_ipv6;                        /* the network it is reached by */
    uint32_t client_requests_per_second; /* 0: no ceiling of their own */
    enum issuers_named issuers;
    enum name_comparison names;
    enum cn_choice cn;
    struct refusal refuse;
    struct tls_versions tls;
    char *ciphers; /* OpenSSL's language, checked; or NULL */
    enum net_interface interface;
    enum weak_policy weak;
    enum product_version version;
    enum application_way way;
    bool enable_by_hand;
    bool check_revocation;
    bool is_strict;
    char *topology; /* cases: which of topologies; or NULL */
    struct scenario_rules respond;
    bool has_respond;
    /* Interfaces it listens on besides, each with what is its own. */
    struct scenario_front_end *interfaces;
    size_t interface_count;
    struct ls_place place; /* one of interfaces: where it stands */
    uint16_t port;         /* as it is shown; 0: 5061 */
};

/* One of front-ends:, laid over front-end:. */
struct named_front_end {
    char *name;
    struct ls_place place;
    struct scenario_front_end settings;
};

enum scenario_action {
    ACTION_CONNECT,
    ACTION_SIGN_IN,
    ACTION_SAY,
    ACTION_TOPOLOGY,
    ACTION_ADVANCE,
    ACTION_RESPOND,
    ACTION_WIRE,
    ACTION_COUNT
};
/* "connect", "sign-in", "say", "topology", "advance", "respond", "wire". */
const char *scenario_action_text(enum scenario_action action);

/* How a step of ACTION_SAY speaks: a lesson asks and waits, then reveals. */
enum scenario_voice { VOICE_SAY, VOICE_ASK, VOICE_REVEAL };

/* What happens to the bytes between the two. */
struct scenario_wire {
    struct wire_fault_plan plan;
    bool of_front_end; /* to what the Front End sends; else the peer */
};

enum line_kind {
    LINE_SEND,
    LINE_RECEIVE,
    LINE_RESPOND,
    LINE_AWAIT,
    LINE_ADVANCE,
    LINE_LEAVE,
    LINE_WIRE,
    LINE_SAY,
    LINE_COUNT
};
/* "send", "receive", "respond", "await", "advance", "leave", "wire",
 * "say". */
const char *line_kind_text(enum line_kind kind);

/* One line of a talk between a peer and the Front End. */
struct talk_line {
    struct ls_place place; /* of its action */
    enum line_kind kind;
    bool of_front_end; /* it acts here, else the peer */
    char *label;       /* what others await, or NULL */
    char *text;        /* send: with its fields; say; await: the label */
    struct expectation *wants; /* receive: "status", "header.Server" … */
    size_t want_count;
    bool wants_nothing, is_optional;
    int64_t within_ms;       /* lab time it waits; 0: none passes */
    struct answer_form form; /* respond */
    int64_t advance_ms;
    enum talk_leave leave;
    struct scenario_wire wire; /* from here on; no fault: as sent */
};

/* What becomes of whoever dials a port. */
enum scenario_port {
    PORT_ANSWERS,
    PORT_REFUSED,
    PORT_BLOCKED, /* nothing ever comes back */
    PORT_HANGS,   /* it is connected, and says nothing */
    PORT_COUNT
};
/* "answers", "refused", "blocked", "hangs". */
const char *scenario_port_text(enum scenario_port port);

/* Where the Front End dials the peer. */
struct scenario_listen {
    bool is_set;
    enum scenario_port how;
    uint16_t port;     /* 0: whatever is dialled */
    int status;        /* of its answers; 0: 200 */
    char *certificate; /* as of the peer; NULL: the peer's */
};

/* What connect: and sign-in: say of the peer. */
struct scenario_peer {
    char *certificate; /* a certificate's name, "none", "fault:NAME" */
    char *from;        /* the peer's own FQDN, or NULL */
    char *user;        /* sign-in: as written, or NULL where users: is */
    char **users;      /* sign-in: all of them */
    size_t user_count;
    struct cas_says *messages;
    size_t message_count;
    struct cas_reconnect reconnect;
    char **trusts;
    size_t trust_count;
    bool has_trusts;
    bool has_tls;
    bool checks_revocation;
    char *ciphers; /* as of the front end */
    struct tls_versions tls;
    enum owa_version owa;
    struct scenario_wire wire;
    struct scenario_listen listen;
    char *to; /* one of front-ends:; NULL: the one of front-end: */
    bool has_interface;
    enum net_interface interface; /* of the Front End, that it comes by */
    struct ls_place interface_place;
    struct talk_line *talk; /* connect: instead of OPTIONS */
    size_t talk_count;
    struct scenario_rules respond; /* how it answers what comes */
    char **ignores; /* what may come unasked: methods, statuses */
    size_t ignore_count;
};

struct scenario_step {
    struct ls_place place; /* of the step */
    char *name;            /* or NULL */
    /* Steps of one together: go on at the same time; they stand one after the
     * other and have its number. 0: it is alone. */
    size_t together;
    char *together_name; /* of the first of them: what it is about, or NULL */
    char *label;         /* as:, or NULL */
    char *await;         /* the label it waits for to begin, or NULL */
    enum scenario_action action;
    struct ls_place action_place;
    struct scenario_peer peer; /* connect, sign-in */
    char *text;                /* say, ask, reveal */
    enum scenario_voice voice; /* which of them */
    struct topology_edit *edits;
    size_t edit_count;
    int64_t advance_ms;
    struct scenario_rules respond; /* of the Front End, from now on */
    struct scenario_wire wire;     /* of connections that follow; or no fault */
    struct expectation *expectations;
    size_t expectation_count;
    /* A case runs on a fresh Front End with these settings laid over the
     * file's. */
    bool is_case;
    struct scenario_front_end settings;
};

struct scenario {
    char *file;
    char *text; /* the file as written, for whoever quotes it */
    size_t text_length;
    char *title;
    char *source;   /* or NULL */
    char *standing; /* "evidenced", "assumed", "synthetic", or NULL */
    char *story;    /* or NULL */
    char *skipped;  /* why it cannot be played on this machine, or NULL */
    char *seed;     /* default: the same for every file */
    int64_t clock_ms;
    struct sipstack_trace trace;
    struct scenario_certificate *authorities;
    size_t authority_count;
    struct scenario_certificate *certificates;
    size_t certificate_count;
    struct scenario_topology *topologies;
    size_t topology_count;
    struct scenario_front_end front_end;
    struct named_front_end *front_ends;
    size_t front_end_count;
    struct scenario_step *steps; /* steps: or cases:, in order */
    size_t step_count;
};

/* How other files are read that a scenario extends. */
struct scenario_loader {
    /* The whole content, NUL-terminated besides; NULL and a sentence in *why
     * when it cannot be read. Both are owned by the caller. */
    char *(*read)(void *arg, const char *path, size_t *length, char **why);
    void *arg;
};

/* The same as scenario_parse() for a file that may extend others, which are
 * looked for beside diags->file. */
struct scenario *scenario_parse_with(struct ls_diags *diags,
                                     const struct scenario_loader *loader);

/* Parse and check diags->text whole. NULL when there is any fault; all of
 * them are in diags. Owned by the caller; borrows nothing. */
struct scenario *scenario_parse(struct ls_diags *diags);
void scenario_free(struct scenario *scenario);

/* The certificate or authority of that name, or NULL; borrowed. */
const struct scenario_certificate *
scenario_find_certificate(const struct scenario *scenario, const char *name);
const struct scenario_certificate *
scenario_find_authority(const struct scenario *scenario, const char *name);

/* Whom a key-of: means: a certificate, else an authority, or NULL. */
const struct scenario_certificate *
scenario_key_owner(const struct scenario *scenario, const char *name);

/* The topology a Front End with these settings starts with: the one they name,
 * else that of front-end:, else topology:, else the only one of topologies.
 * NULL: none, nobody is known. Borrowed. */
const struct topology *
scenario_topology(const struct scenario *scenario,
                  const struct scenario_front_end *settings);

/* Whether any peer of it listens. */
bool scenario_listens(const struct scenario *scenario);

/* The tables the parser works from, for help, documentation and schema. */
struct scenario_key_table {
    const char *where; /* "scenario", "front-end", "certificate" … */
    const char *summary;
    const struct yaml_key *keys;
    size_t count;
};
const struct scenario_key_table *const *scenario_key_tables(size_t *count);

#endif
