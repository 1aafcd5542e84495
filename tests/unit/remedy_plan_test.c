/*
 * Remedies of everything but the table, each applied to real certificates and
 * a real chain.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/deployment.h"
#include "lyncsim/trust_anchors.h"

#include "support/test_lab.h"
#include "support/trust_lab.h"

#define KNOWN "mail.a.com"

struct authorities {
    struct credential *root;
    struct credential *middle;  /* of root */
    struct credential *low;     /* of root; may sign leaves alone */
    struct credential *lower;   /* of low, which it must not be */
    struct credential *unknown; /* another root */
};

/* What a verdict is made of; a remedy changes it. */
struct scene {
    struct authorities authorities;
    struct trust_anchors *anchors;
    struct credential *leaf;
    bool sends_chain;
    struct topology *topology;
    struct trust_policy policy;
    enum trust_transport transport;
    int64_t at_s;
};

enum issuer { BY_ROOT, BY_MIDDLE, BY_LOWER, BY_UNKNOWN };

static struct credential *issuer_of(const struct authorities *authorities,
                                    enum issuer issuer)
{
    struct credential *const issuers[] = {
        [BY_ROOT] = authorities->root,
        [BY_MIDDLE] = authorities->middle,
        [BY_LOWER] = authorities->lower,
        [BY_UNKNOWN] = authorities->unknown,
    };

    return issuers[issuer];
}

static void make_authorities(struct authorities *authorities)
{
    const struct certificate_profile short_path = {
        .is_authority = true, .has_path_length = true, .path_length = 0};

    authorities->root = test_lab_authority("CN=Root", NULL);
    authorities->middle = test_lab_authority("CN=Middle", authorities->root);
    authorities->low = test_lab_issue("CN=Low", authorities->root, &short_path);
    authorities->lower = test_lab_authority("CN=Lower", authorities->low);
    authorities->unknown = test_lab_authority("CN=Stranger", NULL);
}

static void free_authorities(struct authorities *authorities)
{
    credential_free(authorities->unknown);
    credential_free(authorities->lower);
    credential_free(authorities->low);
    credential_free(authorities->middle);
    credential_free(authorities->root);
}

/* A list of root's on which revoked stands, or nobody. */
static void publish_list(struct scene *scene, const struct credential *revoked)
{
    static const struct ls_str seed = LS_STR("lists");
    struct mint *mint = mint_new(&seed);
    const struct mint_crl_profile profile = {
        &revoked, revoked != NULL, TEST_LAB_NOW_S - 60, TEST_LAB_NOW_S + 86400};
    char *why = NULL;
    X509_CRL *crl =
        mint_issue_crl(mint, scene->authorities.root, &profile, &why);

    cr_assert_not_null(crl, "%s", why);
    trust_anchors_add_crl(scene->anchors, crl);
    mint_free_crl(crl);
    mint_free(mint);
}

static void decide(const struct scene *scene, struct trust_verdict *verdict)
{
    struct known_servers *known = known_servers_new(scene->topology);
    struct trust_policy policy = scene->policy;
    const struct chain_options options = {
        .at_s = scene->at_s, .check_revocation = policy.check_revocation};
    struct chain_report chain;
    const struct trust_evidence evidence = {
        .transport = scene->transport,
        .leaf = credential_facts(scene->leaf),
        .chain = &chain,
        .tls_version = "TLSv1.2",
        .at_s = scene->at_s,
    };

    policy.known = known;
    policy.topology = scene->topology;
    trust_anchors_check(scene->anchors, credential_leaf(scene->leaf),
                        scene->sends_chain ? credential_chain(scene->leaf)
                                           : NULL,
                        &options, &chain);
    trust_verdict_decide(verdict, &policy, &evidence);
    chain_report_clear(&chain);
    known_servers_free(known);
}

static void reissue(struct scene *scene, const struct remedy *remedy)
{
    char *subject = ls_strf("CN=%s", remedy->subject_cn);
    const char *names[16] = {0};

    for (size_t i = 0; i < remedy->dns_name_count; i++)
        names[i] = remedy->dns_names[i];
    names[remedy->dns_name_count] = "";
    scene->leaf = test_lab_leaf(subject, names, scene->authorities.root);
    free(subject);
}

static void edit(struct scene *scene, const struct remedy *remedy)
{
    struct deployment *deployment =
        deployment_new(topology_copy(scene->topology), true);
    size_t refused;
    char *why = deployment_apply(deployment, remedy->edits, remedy->edit_count,
                                 &refused);

    cr_expect_null(why, "%s", why);
    free(why);
    scene->topology = topology_copy(deployment_enabled_topology(deployment));
    deployment_free(deployment);
}

/* Whether it says what to change, and does not only advise. */
static bool has_plan(const struct remedy *remedy)
{
    return remedy->edit_count > 0 || remedy->subject_cn != NULL ||
           remedy->changes != 0;
}

static void apply(struct scene *scene, const struct remedy *remedy)
{
    if (remedy->changes & REMEDY_CHANGES_ROOTS)
        trust_anchors_add(scene->anchors,
                          credential_leaf(scene->authorities.unknown));
    if (remedy->changes & REMEDY_CHANGES_CHAIN)
        scene->sends_chain = true;
    if (remedy->changes & REMEDY_CHANGES_LISTS)
        publish_list(scene, NULL);
    if (remedy->changes & REMEDY_CHANGES_CLOCK)
        scene->at_s = remedy->at_s;
    if (remedy->changes & REMEDY_CHANGES_INTERFACE)
        scene->policy.interface = remedy->interface;
    if (remedy->changes & REMEDY_CHANGES_HANDSHAKE)
        scene->transport = TRUST_TRANSPORT_SOUND;
    if (remedy->subject_cn != NULL)
        reissue(scene, remedy);
    if (remedy->edit_count > 0)
        edit(scene, remedy);
}

/* The reason that its last step announces, or accepted. */
static bool is_announced(const struct remedy *remedy,
                         const struct trust_verdict *after)
{
    const char *last = remedy->steps[remedy->step_count - 1];
    const char *next = strstr(last, "That alone does not let it in; next is ");
    char *reason;
    bool is_same;

    if (next == NULL)
        return after->outcome == TRUST_ACCEPTED;
    reason = ls_strf("next is %s: ", after->reason == TRUST_NONE
                                         ? "nothing"
                                         : trust_check_text(after->reason));
    is_same = strstr(last, reason) != NULL;
    free(reason);
    return is_same;
}

/* Each remedy in a scene of its own. */
static size_t apply_each(const struct scene *scene,
                         const struct trust_verdict *verdict, const char *label)
{
    size_t planned = 0;

    for (size_t i = 0; i < verdict->remedy_count; i++) {
        const struct remedy *remedy = &verdict->remedies[i];
        struct scene changed = *scene;
        struct trust_verdict after;

        cr_expect(strncmp(remedy->steps[0], "Who: ", 5) == 0, "%s: %s", label,
                  remedy->title);
        if (!has_plan(remedy))
            continue;
        planned++;
        changed.anchors = trust_anchors_new();
        trust_anchors_add(changed.anchors,
                          credential_leaf(scene->authorities.root));
        apply(&changed, remedy);
        decide(&changed, &after);
        cr_expect(is_announced(remedy, &after), "%s: %s leads to %s", label,
                  remedy->title, trust_check_text(after.reason));
        trust_verdict_clear(&after);
        if (changed.leaf != scene->leaf)
            credential_free(changed.leaf);
        if (changed.topology != scene->topology)
            topology_free(changed.topology);
        trust_anchors_free(changed.anchors);
    }
    return planned;
}

struct row {
    const char *label;
    enum trust_check_id reason;
    size_t planned; /* remedies that say what to change */
    const char *cn;
    enum issuer issuer;
    const char *pools;
    struct certificate_profile profile;
    bool sends_chain;
    bool knows_middle;
    bool checks_revocation;
    bool is_revoked;
    enum weak_policy weak;
    enum net_interface interface;
    enum trust_transport transport;
};

static void play(const struct row *row)
{
    char *subject = ls_strf("CN=%s", row->cn != NULL ? row->cn : KNOWN);
    struct scene scene = {
        .anchors = trust_anchors_new(),
        .sends_chain = row->sends_chain,
        .topology = trust_lab_topology(row->pools ? row->pools : KNOWN),
        .policy = {.rule = identity_rule_default(),
                   .weak = row->weak,
                   .interface = row->interface,
                   .check_revocation = row->checks_revocation},
        .transport = row->transport,
        .at_s = TEST_LAB_NOW_S,
    };
    struct trust_verdict verdict;
    size_t planned;

    make_authorities(&scene.authorities);
    trust_anchors_add(scene.anchors, credential_leaf(scene.authorities.root));
    if (row->knows_middle)
        trust_anchors_add(scene.anchors,
                          credential_leaf(scene.authorities.middle));
    scene.leaf = test_lab_issue(
        subject, issuer_of(&scene.authorities, row->issuer), &row->profile);
    if (row->is_revoked)
        publish_list(&scene, scene.leaf);
    decide(&scene, &verdict);
    cr_expect_eq(verdict.reason, row->reason, "%s: %s", row->label,
                 verdict.reason == TRUST_NONE
                     ? "accepted"
                     : trust_check_text(verdict.reason));
    if (row->is_revoked)
        scene.policy.check_revocation = false; /* the new one is on no list */
    planned = apply_each(&scene, &verdict, row->label);
    cr_expect_eq(planned, row->planned, "%s: %zu", row->label, planned);
    trust_verdict_clear(&verdict);
    credential_free(scene.leaf);
    topology_free(scene.topology);
    trust_anchors_free(scene.anchors);
    free_authorities(&scene.authorities);
    free(subject);
}

Test(remedy_plan, leads_to_accepted_whatever_is_wrong_with_the_rest)
{
    static const struct ls_str code[] = {LS_STR("codeSigning")};
    const struct row rows[] = {
        {.label = "no version in common",
         .reason = TRUST_PROTOCOL,
         .planned = 1,
         .transport = TRUST_TRANSPORT_PROTOCOL},
        {.label = "silence",
         .reason = TRUST_HANDSHAKE_TIMEOUT,
         .planned = 1,
         .transport = TRUST_TRANSPORT_TIMEOUT},
        {.label = "we are not trusted",
         .reason = TRUST_PEER_REFUSED_US,
         .planned = 1,
         .transport = TRUST_TRANSPORT_PEER_REFUSED_US},
        {.label = "another root",
         .reason = TRUST_UNTRUSTED_ROOT,
         .planned = 4,
         .issuer = BY_UNKNOWN,
         .sends_chain = true},
        {.label = "a chain cut short",
         .reason = TRUST_INCOMPLETE_CHAIN,
         .planned = 2,
         .issuer = BY_MIDDLE,
         .knows_middle = true},
        {.label = "over",
         .reason = TRUST_EXPIRED,
         .planned = 3,
         .profile = {.not_after_s = TEST_LAB_NOW_S - 1}},
        {.label = "too early",
         .reason = TRUST_NOT_YET_VALID,
         .planned = 1,
         .profile = {.not_before_s = TEST_LAB_NOW_S + 3600}},
        {.label = "revoked",
         .reason = TRUST_REVOKED,
         .planned = 3,
         .checks_revocation = true,
         .is_revoked = true},
        {.label = "no list",
         .reason = TRUST_REVOCATION_UNKNOWN,
         .planned = 1,
         .checks_revocation = true},
        {.label = "for code",
         .reason = TRUST_WRONG_USAGE,
         .planned = 3,
         .profile = {.usages = code, .usage_count = 1}},
        {.label = "an old digest",
         .reason = TRUST_WEAK_SIGNATURE,
         .planned = 3,
         .profile = {.digest = LS_STR("sha1")},
         .weak = WEAK_REFUSE},
        {.label = "a short key",
         .reason = TRUST_WEAK_KEY,
         .planned = 3,
         .profile = {.key = LS_STR("rsa512")},
         .weak = WEAK_REFUSE},
        {.label = "a path too long",
         .reason = TRUST_BAD_CHAIN,
         .planned = 3,
         .issuer = BY_LOWER,
         .sends_chain = true},
        {.label = "the other side of the house",
         .reason = TRUST_WRONG_INTERFACE,
         .planned = 1,
         .pools = "@" KNOWN},
        {.label = "a stranger on another interface",
         .reason = TRUST_UNKNOWN_SERVER,
         .planned = 2,
         .cn = "mail.x.org",
         .interface = INTERFACE_EXTERNAL},
        {.label = "over, and a name beside the one that is known",
         .reason = TRUST_EXPIRED,
         .planned = 3,
         .cn = "a.com",
         .profile = {.not_after_s = TEST_LAB_NOW_S - 1}},
        {.label = "over, and a stranger",
         .reason = TRUST_EXPIRED,
         .planned = 3,
         .cn = "mail.x.org",
         .profile = {.not_after_s = TEST_LAB_NOW_S - 1}},
        {.label = "another root, and over",
         .reason = TRUST_UNTRUSTED_ROOT,
         .planned = 4,
         .issuer = BY_UNKNOWN,
         .sends_chain = true,
         .profile = {.not_after_s = TEST_LAB_NOW_S - 1}},
        {.label = "too early, and on the wrong side",
         .reason = TRUST_NOT_YET_VALID,
         .planned = 1,
         .pools = "@" KNOWN,
         .profile = {.not_before_s = TEST_LAB_NOW_S + 3600}},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        play(&rows[i]);
}

/* Where nothing can be known here it is said, and no plan is made up. */
Test(remedy_plan, is_made_for_every_reason)
{
    static const enum trust_check_id elsewhere[] = {
        TRUST_BAD_NAME, TRUST_NO_NAME, TRUST_WILDCARD_NAME};
    struct trust_lab lab;

    for (size_t i = 0; i < LS_COUNT(elsewhere); i++) {
        static const char *const names[] = {"cn=x", "email=x", "cn=*.x.org"};

        trust_lab_open(&lab, names[i], KNOWN, NULL);
        if (elsewhere[i] == TRUST_BAD_NAME)
            lab.facts->names[0].fault = NAME_HAS_NUL;
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.reason, elsewhere[i]);
        cr_assert_eq(lab.verdict.remedy_count, 1u);
        cr_expect_not(has_plan(&lab.verdict.remedies[0]));
        cr_expect(lab.verdict.remedies[0].step_count > 1);
        trust_lab_close(&lab);
    }
}
