#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"
#include "lyncsim/staple.h"
#include "lyncsim/trust_anchors.h"

#include "support/test_lab.h"

/* A root, a leaf below it and a mint to staple with. */
struct fixture {
    struct mint *mint;
    struct credential *root;
    struct credential *leaf;
};

static void open_fixture(struct fixture *fixture)
{
    static const struct ls_str seed = LS_STR("staple");

    fixture->mint = mint_new(&seed);
    fixture->root = test_lab_authority("CN=Root", NULL);
    fixture->leaf = test_lab_leaf("CN=a.b", NULL, fixture->root);
}

static void close_fixture(struct fixture *fixture)
{
    credential_free(fixture->leaf);
    credential_free(fixture->root);
    mint_free(fixture->mint);
}

static void put_on(const struct fixture *fixture, const char *kind)
{
    struct staple_order order = {.clock_s = TEST_LAB_NOW_S};
    char *why = NULL;
    bool is_known = staple_order_parse(ls_str_from(kind), &order);

    cr_assert(is_known, "%s", kind);
    cr_assert(mint_issue_staple(fixture->mint, fixture->leaf, fixture->root,
                                &order, &why),
              "%s: %s", kind, why);
}

static struct staple_report judge(const struct fixture *fixture, int64_t at_s)
{
    return staple_judge(credential_staple(fixture->leaf),
                        credential_leaf(fixture->leaf),
                        credential_leaf(fixture->root), at_s);
}

Test(staple, is_found_to_be_what_was_ordered)
{
    for (size_t i = 0; i < staple_order_count; i++) {
        const char *kind = staple_order_names[i];
        struct fixture fixture;
        struct staple_report report;

        open_fixture(&fixture);
        put_on(&fixture, kind);
        report = judge(&fixture, TEST_LAB_NOW_S);
        cr_expect_str_eq(staple_state_text(report.state),
                         strcmp(kind, "delegated") == 0 ? "good" : kind);
        cr_expect_not_null(staple_state_says(report.state));
        close_fixture(&fixture);
    }
}

Test(staple, knows_no_other_kinds)
{
    static const char *const kinds[] = {"absent", "", "Good", "sound"};
    struct staple_order order;

    for (size_t i = 0; i < LS_COUNT(kinds); i++)
        cr_expect_not(staple_order_parse(ls_str_from(kinds[i]), &order), "%s",
                      kinds[i]);
}

Test(staple, is_good_through_its_last_second)
{
    struct fixture fixture;
    struct staple_report report;

    open_fixture(&fixture);
    put_on(&fixture, "good");
    report = judge(&fixture, TEST_LAB_NOW_S);
    cr_expect_eq(judge(&fixture, report.next_update_s).state, STAPLE_GOOD);
    cr_expect_eq(judge(&fixture, report.next_update_s + 1).state, STAPLE_STALE);
    cr_expect_eq(judge(&fixture, report.this_update_s).state, STAPLE_GOOD);
    cr_expect_eq(judge(&fixture, report.this_update_s - 1).state,
                 STAPLE_NOT_YET);
    close_fixture(&fixture);
}

Test(staple, says_nothing_where_nobody_can_vouch_for_it)
{
    struct fixture fixture;
    struct ls_str bytes;
    X509 *leaf;

    open_fixture(&fixture);
    put_on(&fixture, "good");
    bytes = credential_staple(fixture.leaf);
    leaf = credential_leaf(fixture.leaf);
    cr_expect_eq(staple_judge(bytes, leaf, NULL, TEST_LAB_NOW_S).state,
                 STAPLE_STRANGER);
    cr_expect_eq(staple_judge_among(bytes, leaf, NULL, TEST_LAB_NOW_S).state,
                 STAPLE_STRANGER);
    cr_expect_eq(
        staple_judge((struct ls_str){0}, leaf, NULL, TEST_LAB_NOW_S).state,
        STAPLE_ABSENT);
    close_fixture(&fixture);
}

Test(staple, cut_or_changed_anywhere_is_never_believed)
{
    struct fixture fixture;
    char *copy;
    struct ls_str bytes;

    open_fixture(&fixture);
    put_on(&fixture, "good");
    bytes = credential_staple(fixture.leaf);
    copy = ls_str_dup(bytes);
    for (size_t i = 0; i < bytes.length; i++) {
        struct ls_str part = ls_str_from_bytes(copy, i);
        enum staple_state state;

        state = staple_judge(part, credential_leaf(fixture.leaf),
                             credential_leaf(fixture.root), TEST_LAB_NOW_S)
                    .state;
        cr_expect(state == STAPLE_MALFORMED || i == 0, "cut at %zu", i);
        copy[i] = (char)(copy[i] ^ 1);
        state = staple_judge(ls_str_from_bytes(copy, bytes.length),
                             credential_leaf(fixture.leaf),
                             credential_leaf(fixture.root), TEST_LAB_NOW_S)
                    .state;
        copy[i] = (char)(copy[i] ^ 1);
        /* A few bytes of what surrounds it are not signed. */
        cr_expect(state != STAPLE_REVOKED, "changed at %zu", i);
    }
    free(copy);
    close_fixture(&fixture);
}

static bool has_fault(const struct chain_report *report, int code)
{
    for (size_t i = 0; i < report->fault_count; i++)
        if (report->faults[i].code == code)
            return true;
    return false;
}

Test(staple, takes_the_place_of_a_list_only_where_it_is_believed)
{
    static const struct {
        const char *kind;
        int fault;
    } rows[] = {
        {"good", 0},
        {"revoked", X509_V_ERR_CERT_REVOKED},
        {"stale", X509_V_ERR_UNABLE_TO_GET_CRL},
        {"stranger", X509_V_ERR_UNABLE_TO_GET_CRL},
        {"malformed", X509_V_ERR_UNABLE_TO_GET_CRL},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_anchors *anchors = trust_anchors_new();
        struct chain_options options = {.at_s = TEST_LAB_NOW_S,
                                        .check_revocation = true};
        struct chain_report report;
        struct fixture fixture;

        open_fixture(&fixture);
        trust_anchors_add(anchors, credential_leaf(fixture.root));
        put_on(&fixture, rows[i].kind);
        options.staple = credential_staple(fixture.leaf);
        trust_anchors_check(anchors, credential_leaf(fixture.leaf), NULL,
                            &options, &report);
        cr_expect_eq(report.fault_count, rows[i].fault != 0 ? 1u : 0u, "%s",
                     rows[i].kind);
        if (rows[i].fault != 0)
            cr_expect(has_fault(&report, rows[i].fault), "%s", rows[i].kind);
        chain_report_clear(&report);
        trust_anchors_free(anchors);
        close_fixture(&fixture);
    }
}
