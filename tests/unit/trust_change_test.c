#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"
#include "lyncsim/trust_change.h"

#include "support/trust_lab.h"

#define THINGS_MAX 12

struct ground {
    struct certificate_facts *facts[THINGS_MAX];
    struct trust_evidence evidences[THINGS_MAX];
    const char *certificate_names[THINGS_MAX];
    struct topology *topologies[THINGS_MAX];
    const char *topology_names[THINGS_MAX];
    struct trust_policy policy;
    struct trust_change_ground ground;
};

static void open_ground(struct ground *ground, const char *const *certificates,
                        const char *const *topologies)
{
    size_t i;

    *ground = (struct ground){.policy = {.rule = identity_rule_default()}};
    for (i = 0; certificates[i] != NULL; i++) {
        ground->facts[i] = trust_lab_facts(certificates[i]);
        ground->evidences[i].leaf = ground->facts[i];
        ground->evidences[i].at_s = TRUST_LAB_NOW_S;
        ground->certificate_names[i] = "a certificate";
    }
    ground->ground.certificate_count = i;
    for (i = 0; topologies[i] != NULL; i++) {
        ground->topologies[i] = trust_lab_topology(topologies[i]);
        ground->topology_names[i] = "a topology";
    }
    ground->ground.topology_count = i;
    ground->ground.policy = &ground->policy;
    ground->ground.evidences = ground->evidences;
    ground->ground.certificate_names = ground->certificate_names;
    ground->ground.topologies = ground->topologies;
    ground->ground.topology_names = ground->topology_names;
}

static void close_ground(struct ground *ground)
{
    for (size_t i = 0; i < THINGS_MAX; i++) {
        trust_lab_free_facts(ground->facts[i]);
        topology_free(ground->topologies[i]);
    }
}

static void apply(struct ground *ground, const struct trust_change *change)
{
    if (change->is_reissue) {
        char *names =
            ls_strf("cn=%s dns=%s", change->subject_cn, change->subject_cn);

        trust_lab_free_facts(ground->facts[change->index]);
        ground->facts[change->index] = trust_lab_facts(names);
        ground->evidences[change->index].leaf = ground->facts[change->index];
        free(names);
    }
    for (size_t i = 0; i < change->edit_count; i++) {
        char *why = topology_edit_apply(&change->edits[i],
                                        ground->topologies[change->index]);

        cr_expect_null(why, "%s", why);
        free(why);
    }
}

static size_t count_refused(const struct ground *ground)
{
    size_t refused = 0;

    for (size_t i = 0; i < ground->ground.topology_count; i++) {
        struct known_servers *known = known_servers_new(ground->topologies[i]);
        struct trust_policy policy = ground->policy;

        policy.known = known;
        policy.topology = ground->topologies[i];
        for (size_t j = 0; j < ground->ground.certificate_count; j++) {
            struct trust_verdict verdict;

            trust_verdict_decide(&verdict, &policy, &ground->evidences[j]);
            refused += verdict.outcome != TRUST_ACCEPTED;
            trust_verdict_clear(&verdict);
        }
        known_servers_free(known);
    }
    return refused;
}

Test(trust_change, lets_everybody_in_with_as_little_as_can_be)
{
    static const struct {
        const char *label;
        const char *certificates[5];
        const char *topologies[4];
        size_t count;
        size_t reissues;
    } rows[] = {
        {"nothing to do", {"cn=mail.a.com"}, {"mail.a.com"}, 0, 0},
        {"a name in the table", {"cn=b.com"}, {"mail.a.com"}, 1, 0},
        {"one name for two certificates",
         {"cn=b.com", "cn=B.com"},
         {"mail.a.com"},
         1,
         0},
        {"a reissue where three tables know another name",
         {"cn=a.com dns=mail.a.com"},
         {"mail.a.com", "mail.a.com", "mail.a.com"},
         1,
         1},
        {"a table where one of two is behind",
         {"cn=mail.a.com"},
         {"mail.a.com", "owa.a.com"},
         1,
         0},
        {"a wildcard", {"cn=*.a.com"}, {"owa.a.com"}, 1, 1},
        {"a wildcard and a table that lacks the name",
         {"cn=*.a.com"},
         {"owa.a.com", "mail.b.com"},
         2,
         1},
        {"another member of an array",
         {"cn=cas3.a.com", "cn=cas1.a.com"},
         {"mail.a.com{cas1.a.com,cas2.a.com}"},
         1,
         0},
        {"does not take away what lets another in",
         {"cn=a.com", "cn=mail.a.com"},
         {"mail.a.com"},
         1,
         0},
        {"a duplicate", {"cn=um.a.com"}, {"um.a.com ~um.a.com"}, 1, 0},
        {"outbound-only", {"cn=out.a.com"}, {">out.a.com"}, 1, 0},
        {"everything at once",
         {"cn=a.com dns=mail.a.com", "cn=*.a.com", "cn=mail.a.com"},
         {"mail.a.com", "mail.a.com", "mail.a.com"},
         2,
         2},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ground ground;
        struct trust_changes changes;
        size_t reissues = 0;

        open_ground(&ground, rows[i].certificates, rows[i].topologies);
        trust_changes_find(&changes, &ground.ground);
        cr_expect(changes.is_smallest);
        cr_expect_eq(changes.unsolved, 0u, "%s", rows[i].label);
        cr_expect_eq(changes.count, rows[i].count, "%s: %zu", rows[i].label,
                     changes.count);
        for (size_t j = 0; j < changes.count; j++) {
            reissues += changes.items[j].is_reissue;
            cr_expect_not_null(changes.items[j].text);
            apply(&ground, &changes.items[j]);
        }
        cr_expect_eq(reissues, rows[i].reissues, "%s", rows[i].label);
        cr_expect_eq(count_refused(&ground), 0u, "%s", rows[i].label);
        trust_changes_clear(&changes);
        close_ground(&ground);
    }
}

Test(trust_change, renews_a_certificate_that_is_over)
{
    static const char *const certificates[] = {"cn=mail.a.com", NULL};
    static const char *const topologies[] = {"mail.a.com", NULL};
    struct ground ground;
    struct trust_changes changes;

    open_ground(&ground, certificates, topologies);
    ground.facts[0]->not_after_s = TRUST_LAB_NOW_S - 1;
    trust_changes_find(&changes, &ground.ground);
    cr_assert_eq(changes.count, 1u);
    cr_expect(changes.items[0].is_reissue);
    cr_expect_str_eq(changes.items[0].subject_cn, "mail.a.com");
    trust_changes_clear(&changes);
    close_ground(&ground);
}

Test(trust_change, mends_a_chain_by_more_than_a_name)
{
    static const struct {
        const char *label;
        const char *names;
        int code;
        int depth;
        bool is_known; /* only what leads to its root was not sent */
        const char *text;
    } rows[] = {
        {"alone", "cn=mail.a.com", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
         0, false,
         "a certificate: send its intermediate certificates with it, or "
         "reissue it from a trusted authority"},
        {"alone, of a known issuer", "cn=mail.a.com",
         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 0, true,
         "a certificate: send its intermediate certificates with it"},
        {"with its chain", "cn=mail.a.com",
         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 1, false,
         "a certificate: reissue it with the subject name mail.a.com from a "
         "trusted authority"},
        {"self-signed", "cn=mail.a.com", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
         0, false,
         "a certificate: reissue it with the subject name mail.a.com from a "
         "trusted authority"},
        {"under another name", "cn=a.com dns=mail.a.com",
         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 0, true,
         "a certificate: reissue it with the subject name mail.a.com, and "
         "send its intermediate certificates with it"},
    };
    static const char *const topologies[] = {"mail.a.com", NULL};

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        const char *const certificates[] = {rows[i].names, NULL};
        struct chain_fault fault = {.code = rows[i].code,
                                    .depth = rows[i].depth};
        struct chain_report chain = {.checked = true,
                                     .faults = &fault,
                                     .fault_count = 1,
                                     .sent_count = 1,
                                     .completed_by_known = rows[i].is_known};
        struct ground ground;
        struct trust_changes changes;

        open_ground(&ground, certificates, topologies);
        ground.evidences[0].chain = &chain;
        trust_changes_find(&changes, &ground.ground);
        cr_assert_eq(changes.count, 1u, "%s", rows[i].label);
        cr_expect_str_eq(changes.items[0].text, rows[i].text, "%s: %s",
                         rows[i].label, changes.items[0].text);
        trust_changes_clear(&changes);
        close_ground(&ground);
    }
}

Test(trust_change, says_what_it_cannot_mend)
{
    static const char *const certificates[] = {"cn=mail.a.com", "email=x",
                                               NULL};
    static const char *const topologies[] = {"@mail.a.com", NULL};
    struct ground ground;
    struct trust_changes changes;

    open_ground(&ground, certificates, topologies);
    trust_changes_find(&changes, &ground.ground);
    cr_expect_eq(changes.unsolved, 2u);
    cr_expect(changes.is_unsolved[0] && changes.is_unsolved[1]);
    trust_changes_clear(&changes);
    close_ground(&ground);
}

Test(trust_change, does_not_claim_the_smallest_where_it_only_climbed)
{
    static const char *const certificates[] = {
        "cn=a.com dns=mail.a.com dns=b.a.com dns=c.a.com",
        "cn=b.com dns=mail.a.com dns=b.a.com dns=c.a.com",
        "cn=c.com dns=mail.a.com dns=b.a.com dns=c.a.com",
        "cn=d.com dns=mail.a.com dns=b.a.com dns=c.a.com",
        "cn=e.com dns=mail.a.com dns=b.a.com dns=c.a.com",
        "cn=f.com dns=mail.a.com dns=b.a.com dns=c.a.com",
        NULL,
    };
    static const char *const topologies[] = {"mail.a.com", "b.a.com", NULL};
    struct ground ground;
    struct trust_changes changes;

    open_ground(&ground, certificates, topologies);
    trust_changes_find(&changes, &ground.ground);
    cr_expect_not(changes.is_smallest);
    for (size_t i = 0; i < changes.count; i++)
        apply(&ground, &changes.items[i]);
    cr_expect_eq(count_refused(&ground), 0u);
    cr_expect_leq(changes.count, 8u);
    trust_changes_clear(&changes);
    close_ground(&ground);
}

Test(trust_change, is_found_for_a_hundred_certificates, .timeout = 60)
{
    static const char *const no_certificates[] = {NULL};
    static const char *const topologies[] = {"mail.a.local", NULL};
    enum { CERTIFICATES = 120 };
    struct certificate_facts *facts[CERTIFICATES];
    struct trust_evidence evidences[CERTIFICATES] = {0};
    const char *names[CERTIFICATES];
    struct ground ground;
    struct trust_changes changes;

    open_ground(&ground, no_certificates, topologies);
    for (size_t i = 0; i < CERTIFICATES; i++) {
        char *text = ls_strf("cn=h%zu.a.local dns=a%zu.a.com dns=b%zu.a.com "
                             "dns=c%zu.x.com",
                             i, i, i, i);

        facts[i] = trust_lab_facts(text);
        evidences[i].leaf = facts[i];
        evidences[i].at_s = TRUST_LAB_NOW_S;
        names[i] = "a certificate";
        free(text);
    }
    ground.ground.evidences = evidences;
    ground.ground.certificate_names = names;
    ground.ground.certificate_count = CERTIFICATES;

    trust_changes_find(&changes, &ground.ground);

    cr_expect_eq(changes.unsolved, 0u);
    cr_expect_eq(changes.count, (size_t)CERTIFICATES);
    trust_changes_clear(&changes);
    for (size_t i = 0; i < CERTIFICATES; i++)
        trust_lab_free_facts(facts[i]);
    close_ground(&ground);
}

/* The verdict's own remedy sets one option; nothing is deleted. */
Test(trust_change, sets_an_option_as_the_remedy_does)
{
    static const char *const certificates[] = {"cn=out.a.com", NULL};
    static const char *const topologies[] = {">out.a.com", NULL};
    struct trust_changes changes;
    struct ground ground;

    open_ground(&ground, certificates, topologies);
    trust_changes_find(&changes, &ground.ground);
    cr_assert_eq(changes.count, 1u);
    cr_expect_str_eq(changes.items[0].text,
                     "a topology: set OutboundOnly of the pool out.a.com to "
                     "False");
    apply(&ground, &changes.items[0]);
    cr_expect_eq(count_refused(&ground), 0u);
    trust_changes_clear(&changes);
    close_ground(&ground);
}
