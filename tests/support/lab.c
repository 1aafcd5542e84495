#include "support/lab.h"

#include <stdio.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/mint.h"

#define DAY_S (24 * 60 * 60)
#define NOW_S ((int64_t)(LAB_NOW_MS / 1000))
#define CONTEXTS_MAX 64

struct lab {
    struct mint *mint;
    struct credential *root;
    struct credential *other_root; /* the same name, another key */
    struct credential *front_end;
    struct credential *peers[LAB_PEER_COUNT];
    struct trust_anchors *anchors;
    struct trust_anchors *other_anchors;
    struct topology *topology;
    struct known_servers *known;
    struct trust_policy policy;
    struct trace_journal *journal;
    struct lab_context {
        struct tls_settings settings;
        struct tls_context *context;
    } contexts[CONTEXTS_MAX];
    size_t context_count;
};

struct lab_profile {
    const char *name; /* seeds the key */
    const char *cn;
    bool is_authority;
    bool is_expired;
};

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "lab: %s: %s\n", what, why);
    abort();
}

static struct credential *issue(struct lab *lab, struct lab_profile wanted,
                                const struct credential *issuer)
{
    const struct profile_attribute subject = {.type = LS_STR("CN"),
                                              .value = ls_str_from(wanted.cn)};
    const struct certificate_profile profile = {
        .name = wanted.name,
        .subject = &subject,
        .subject_count = 1,
        .is_authority = wanted.is_authority,
        .path_length = -1,
        .not_before_s = NOW_S - 365 * (int64_t)DAY_S,
        .not_after_s =
            wanted.is_expired ? NOW_S - DAY_S : NOW_S + 730 * (int64_t)DAY_S,
    };
    char *why = NULL;
    struct credential *made = mint_issue(lab->mint, &profile, issuer, &why);

    if (!made)
        stop(wanted.name, why);
    return made;
}

static void mint_all(struct lab *lab)
{
    const struct credential *root;
    struct credential *other;

    lab->root =
        issue(lab, (struct lab_profile){"root", "Lab Root", true, false}, NULL);
    lab->other_root = issue(
        lab, (struct lab_profile){"other-root", "Lab Root", true, false}, NULL);
    root = lab->root;
    lab->front_end = issue(
        lab, (struct lab_profile){"fe", "fe.contoso.com", false, false}, root);
    lab->peers[LAB_KNOWN] = issue(
        lab, (struct lab_profile){"known", LAB_KNOWN_NAME, false, false}, root);
    lab->peers[LAB_UNKNOWN] = issue(
        lab, (struct lab_profile){"unknown", LAB_UNKNOWN_NAME, false, false},
        root);
    lab->peers[LAB_EXPIRED] =
        issue(lab, (struct lab_profile){"expired", LAB_KNOWN_NAME, false, true},
              root);
    lab->peers[LAB_STRANGER] = issue(
        lab, (struct lab_profile){"stranger", LAB_KNOWN_NAME, false, false},
        lab->other_root);
    other = issue(
        lab, (struct lab_profile){"other-key", LAB_KNOWN_NAME, false, false},
        root);
    lab->peers[LAB_MISFIT] = credential_new(
        credential_leaf(lab->peers[LAB_KNOWN]), NULL, credential_key(other));
    credential_free(other);
}

static void build_table(struct lab *lab)
{
    char *why = NULL;

    lab->topology = topology_new();
    if (!topology_add_pool(lab->topology, ls_str_from(LAB_KNOWN_NAME), &why))
        stop(LAB_KNOWN_NAME, why);
    why = topology_add_application(lab->topology, ls_str_from(LAB_KNOWN_NAME),
                                   ls_str_from("owa"), LAB_KNOWN_PORT);
    if (why)
        stop("owa", why);
    lab->known = known_servers_new(lab->topology);
    lab->policy.rule = identity_rule_default();
    lab->policy.known = lab->known;
}

struct lab *lab_new(void)
{
    struct ls_str seed = LS_STR("a lab of tests");
    struct lab *lab = ls_alloc(sizeof *lab);

    lab->mint = mint_new(&seed);
    mint_all(lab);
    build_table(lab);
    lab->anchors = trust_anchors_new();
    trust_anchors_add(lab->anchors, credential_leaf(lab->root));
    lab->other_anchors = trust_anchors_new();
    trust_anchors_add(lab->other_anchors, credential_leaf(lab->other_root));
    lab->journal = trace_journal_new(1000);
    return lab;
}

void lab_free(struct lab *lab)
{
    for (size_t i = 0; i < lab->context_count; i++)
        tls_context_free(lab->contexts[i].context);
    lab_count_events(lab, TRACE_OPENED);
    trace_journal_free(lab->journal);
    trust_anchors_free(lab->anchors);
    trust_anchors_free(lab->other_anchors);
    known_servers_free(lab->known);
    topology_free(lab->topology);
    for (size_t i = 0; i < LAB_PEER_COUNT; i++)
        credential_free(lab->peers[i]);
    credential_free(lab->front_end);
    credential_free(lab->other_root);
    credential_free(lab->root);
    mint_free(lab->mint);
    free(lab);
}

static bool is_same(const struct tls_settings *a, const struct tls_settings *b)
{
    return a->role == b->role && a->credential == b->credential &&
           a->anchors == b->anchors && a->versions.low == b->versions.low &&
           a->versions.high == b->versions.high;
}

/* The context of these settings, made once. */
static const struct tls_context *keep(struct lab *lab,
                                      const struct tls_settings *settings)
{
    struct lab_context *made = lab->contexts;
    char *why = NULL;

    while (made < lab->contexts + lab->context_count) {
        if (is_same(&made->settings, settings))
            return made->context;
        made++;
    }
    if (lab->context_count == CONTEXTS_MAX)
        stop("context", "too many");
    made->settings = *settings;
    made->context = tls_context_new(settings, &why);
    if (!made->context)
        stop("context", why);
    lab->context_count++;
    return made->context;
}

const struct tls_context *lab_server_tls(struct lab *lab,
                                         struct tls_versions versions)
{
    const struct tls_settings settings = {
        .role = TLS_FRONT_END,
        .credential = lab->front_end,
        .anchors = lab->anchors,
        .versions = versions,
    };

    return keep(lab, &settings);
}

const struct tls_context *lab_peer_tls(struct lab *lab, enum lab_peer peer,
                                       struct tls_versions versions,
                                       bool trusts)
{
    const struct tls_settings settings = {
        .role = TLS_PEER,
        .credential = lab->peers[peer],
        .anchors = trusts ? lab->anchors : lab->other_anchors,
        .versions = versions,
    };

    return keep(lab, &settings);
}

const struct tls_context *lab_dial_tls(struct lab *lab,
                                       struct tls_versions versions)
{
    const struct tls_settings settings = {
        .role = TLS_FRONT_END_DIALS,
        .credential = lab->front_end,
        .anchors = lab->anchors,
        .versions = versions,
    };

    return keep(lab, &settings);
}

const struct tls_context *lab_port_tls(struct lab *lab, enum lab_peer peer,
                                       struct tls_versions versions,
                                       bool trusts)
{
    const struct tls_settings settings = {
        .role = TLS_PEER_LISTENS,
        .credential = lab->peers[peer],
        .anchors = trusts ? lab->anchors : lab->other_anchors,
        .versions = versions,
    };

    return keep(lab, &settings);
}

const struct credential *lab_credential(struct lab *lab, enum lab_peer peer)
{
    return lab->peers[peer];
}

const struct trust_policy *lab_policy(const struct lab *lab)
{
    return &lab->policy;
}

struct trace_journal *lab_journal(struct lab *lab)
{
    return lab->journal;
}

struct front_end_settings lab_front_end_settings(struct lab *lab,
                                                 struct tls_versions versions)
{
    struct front_end_settings settings = {
        .fqdn = "fe.contoso.com",
        .tls = lab_server_tls(lab, versions),
        .policy = lab->policy,
        .refuse = {REFUSE_AFTER_HANDSHAKE, REFUSE_CLOSE},
        .version = LYNC_2010,
        .handshake_timeout_ms = HANDSHAKE_TIMEOUT_MS,
        .journal = lab->journal,
    };

    id_source_init_seeded(&settings.ids, ls_str_from("front end"));
    return settings;
}

size_t lab_count_events(struct lab *lab, enum trace_event_kind kind)
{
    struct trace_event event;
    size_t count = 0;

    while (trace_journal_take(lab->journal, &event)) {
        count += event.kind == kind;
        trace_event_clear(&event);
    }
    return count;
}
