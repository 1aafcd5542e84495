#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "support/trust_lab.h"

/* What a row expects beyond any one kind. */
#define NOTHING ((int)-1)

struct near_row {
    const char *label;
    const char *names;
    const char *pools;
    int kind; /* of the best near miss, or NOTHING */
    const char *name;
};

static void expect_near(const struct near_row *row, const char *pools)
{
    struct trust_lab lab;

    trust_lab_open(&lab, row->names, pools, NULL);
    trust_lab_decide(&lab);
    if (row->kind == NOTHING) {
        cr_expect_eq(lab.verdict.near_count, 0u, "%s: %s %s", row->label,
                     lab.verdict.near_count == 0
                         ? ""
                         : near_miss_kind_text(lab.verdict.near[0].kind),
                     lab.verdict.near_count == 0 ? ""
                                                 : lab.verdict.near[0].name);
    } else if (lab.verdict.near_count == 0) {
        cr_expect(false, "%s: nothing", row->label);
    } else {
        cr_expect_eq((int)lab.verdict.near[0].kind, row->kind, "%s: %s",
                     row->label, near_miss_kind_text(lab.verdict.near[0].kind));
        cr_expect_str_eq(lab.verdict.near[0].name, row->name, "%s", row->label);
        cr_expect_not_null(lab.verdict.near[0].why);
    }
    trust_lab_close(&lab);
}

/* The same alone and among many that have nothing to do with it. */
static void expect_row(const struct near_row *row)
{
    struct ls_buf pools = {0};

    expect_near(row, row->pools);
    for (int i = 0; i < 100; i++)
        ls_buf_printf(&pools, "x%d.y%d.org ", i, i);
    ls_buf_add_text(&pools, row->pools);
    for (int i = 100; i < 200; i++)
        ls_buf_printf(&pools, " x%d.y%d.org", i, i);
    expect_near(row, ls_buf_str(&pools).at);
    ls_buf_clear(&pools);
}

Test(near_miss, finds_the_best_behind_many_siblings)
{
    static const char *const best[] = {"cas", "cas.contoso.local",
                                       "a.cas.contoso.com", "contoso.com",
                                       "cas.contoso.com."};

    for (size_t i = 0; i < LS_COUNT(best); i++) {
        struct ls_buf pools = {0};
        struct trust_lab lab;

        for (int k = 0; k < 200; k++)
            ls_buf_printf(&pools, "pool%d.contoso.com ", k);
        ls_buf_add_text(&pools, best[i]);
        trust_lab_open(&lab, "cn=cas.contoso.com", ls_buf_str(&pools).at, NULL);
        trust_lab_decide(&lab);
        cr_assert_gt(lab.verdict.near_count, 0u, "%s", best[i]);
        cr_expect_str_eq(lab.verdict.near[0].name, best[i]);
        trust_lab_close(&lab);
        ls_buf_clear(&pools);
    }
}

Test(near_miss, finds_the_best_behind_many_of_the_same_host)
{
    static const char *const best[] = {"mail", "MAIL.contoso.com",
                                       "mail.contoso.com."};

    for (size_t i = 0; i < LS_COUNT(best); i++) {
        struct ls_buf pools = {0};
        struct trust_lab lab;

        for (int k = 0; k < 200; k++)
            ls_buf_printf(&pools, "mail.x%d.contoso.com ", k);
        ls_buf_add_text(&pools, best[i]);
        trust_lab_open(&lab, "cn=mail.contoso.com", ls_buf_str(&pools).at,
                       NULL);
        lab.policy.names = NAMES_SENSITIVE;
        trust_lab_decide(&lab);
        cr_assert_eq(lab.verdict.near_count, (size_t)NEAR_MISSES_MAX);
        cr_expect_str_eq(lab.verdict.near[0].name, best[i]);
        cr_expect_str_eq(lab.verdict.near[1].name, "mail.x0.contoso.com");
        trust_lab_close(&lab);
        ls_buf_clear(&pools);
    }
}

Test(near_miss, finds_each_kind_and_nothing_misleading)
{
    static const struct near_row rows[] = {
        {"trailing dot on the name", "cn=mail.a.com.", "mail.a.com",
         NEAR_TRAILING_DOT, "mail.a.com"},
        {"trailing dot in the table", "cn=mail.a.com", "mail.a.com.",
         NEAR_TRAILING_DOT, "mail.a.com."},
        {"two dots are none", "cn=mail.a.com..", "mail.a.com", NOTHING, NULL},

        {"U-label for A-label",
         "cn=mail.b\xc3\xbc"
         "cher.de",
         "mail.xn--bcher-kva.de", NEAR_IDN_FORM, "mail.xn--bcher-kva.de"},
        {"A-label for U-label", "cn=mail.xn--bcher-kva.de",
         "mail.b\xc3\xbc"
         "cher.de",
         NEAR_IDN_FORM,
         "mail.b\xc3\xbc"
         "cher.de"},
        {"another umlaut",
         "cn=mail.b\xc3\xa4"
         "cher.de",
         "mail.xn--bcher-kva.de", NOTHING, NULL},

        {"in SAN, a pool", "cn=a.com dns=mail.b.com", "mail.b.com",
         NEAR_IN_SAN_NOT_IN_CN, "mail.b.com"},
        {"in SAN, a computer", "cn=a.com dns=cas.b.com",
         "mail.b.com{cas.b.com}", NEAR_IN_SAN_NOT_IN_CN, "cas.b.com"},
        {"in SAN, in other case", "cn=a.com dns=MAIL.b.com", "mail.b.com",
         NEAR_IN_SAN_NOT_IN_CN, "mail.b.com"},
        {"a pool before a computer", "cn=a.com dns=cas.b.com dns=mail.b.com",
         "array.c.com{cas.b.com} mail.b.com", NEAR_IN_SAN_NOT_IN_CN,
         "mail.b.com"},
        {"an e-mail address is no name", "cn=a.com email=mail.b.com",
         "mail.b.com", NOTHING, NULL},

        {"wildcard CN", "cn=*.contoso.com dns=contoso.com", "owa.contoso.com",
         NEAR_WILDCARD_WOULD_MATCH, "owa.contoso.com"},
        {"wildcard SAN", "cn=x.org dns=*.contoso.com", "owa.contoso.com",
         NEAR_WILDCARD_WOULD_MATCH, "owa.contoso.com"},
        {"literal wildcard in the table", "cn=*.contoso.com", "*.contoso.com",
         NEAR_WILDCARD_WOULD_MATCH, "*.contoso.com"},
        {"wildcard in the table", "cn=owa.contoso.com", "*.contoso.com",
         NEAR_WILDCARD_WOULD_MATCH, "*.contoso.com"},
        {"wildcard of another domain", "cn=*.contoso.com", "owa.fabrikam.com",
         NOTHING, NULL},
        {"wildcard two labels up", "cn=*.contoso.com", "a.b.contoso.com",
         NOTHING, NULL},
        {"wildcard of a registry", "cn=*.co.uk", "contoso.co.uk", NOTHING,
         NULL},
        {"wildcard of the top", "cn=*.com", "contoso.com", NOTHING, NULL},

        {"short name", "cn=EX01", "ex01.contoso.com", NEAR_SHORT_NAME,
         "ex01.contoso.com"},
        {"short name in the table", "cn=ex01.contoso.com", "EX01",
         NEAR_SHORT_NAME, "EX01"},
        {"another short name", "cn=EX02", "ex01.contoso.com", NOTHING, NULL},
        {"number and address", "cn=192", "192.168.0.240", NOTHING, NULL},

        {"internal suffix", "cn=mail.contoso.com", "mail.contoso.local",
         NEAR_OTHER_SUFFIX, "mail.contoso.local"},
        {"subdomain", "cn=mail.deitterick.com", "mail.lab.deitterick.com",
         NEAR_OTHER_SUFFIX, "mail.lab.deitterick.com"},
        {"unrelated owners", "cn=mail.a.com", "mail.b.com", NOTHING, NULL},
        {"unrelated owners below co.uk", "cn=mail.a.co.uk", "mail.b.co.uk",
         NOTHING, NULL},
        {"unrelated owners of one host", "cn=other.github.io", "lync.github.io",
         NOTHING, NULL},
        {"unrelated tenants", "cn=mail.a.onmicrosoft.com",
         "mail.b.onmicrosoft.com", NOTHING, NULL},
        {"wildcard of a host", "cn=*.cloudapp.azure.com",
         "lync.cloudapp.azure.com", NOTHING, NULL},
        {"one tenant", "cn=owa.a.onmicrosoft.com", "mail.a.onmicrosoft.com",
         NEAR_SIBLING, "mail.a.onmicrosoft.com"},
        {"a registry is no owner", "cn=mail.co.uk", "mail.contoso.co.uk",
         NOTHING, NULL},
        {"the same word, two owners", "cn=mail.contoso.com", "mail.contoso.net",
         NOTHING, NULL},

        {"parent", "cn=contoso.com", "mail.contoso.com", NEAR_PARENT_DOMAIN,
         "mail.contoso.com"},
        {"child", "cn=mail.contoso.com", "contoso.com", NEAR_PARENT_DOMAIN,
         "contoso.com"},
        {"grandparent", "cn=contoso.com", "mail.lab.contoso.com", NOTHING,
         NULL},
        {"parent is a registry", "cn=co.uk", "contoso.co.uk", NOTHING, NULL},

        {"sibling", "cn=cas3.contoso.com", "cas1.contoso.com", NEAR_SIBLING,
         "cas1.contoso.com"},
        {"siblings of a registry", "cn=a.com", "b.com", NOTHING, NULL},
        {"siblings below co.uk", "cn=fabrikam.co.uk", "contoso.co.uk", NOTHING,
         NULL},
        {"addresses are no siblings", "cn=10.0.0.1", "10.0.0.2", NOTHING, NULL},

        {"typo", "cn=mail.contoso.com", "mail.contso.com", NEAR_TYPO,
         "mail.contso.com"},
        {"too short to be a slip", "cn=mail.ab.com", "mail.ac.com", NOTHING,
         NULL},
        {"two slips", "cn=mail.contoso.com", "mail.cntsoo.com", NOTHING, NULL},
        {"a digit is no slip", "cn=mail.contoso1.com", "mail.contoso2.com",
         NOTHING, NULL},

        {"an empty table", "cn=mail.contoso.com", "", NOTHING, NULL},
        {"a stranger", "cn=mail.fabrikam.com", "owa.contoso.com", NOTHING,
         NULL},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_row(&rows[i]);
}

Test(near_miss, ranks_what_the_article_saw)
{
    struct trust_lab lab;

    trust_lab_open(&lab,
                   "cn=deitterick.com dns=deitterick.com "
                   "dns=mail.deitterick.com "
                   "dns=LAB-EX2010.lab.deitterick.com",
                   "mail.deitterick.com{LAB-EX2010.lab.deitterick.com}", NULL);
    trust_lab_decide(&lab);
    cr_assert_eq(lab.verdict.near_count, 2u);
    cr_expect_str_eq(lab.verdict.near[0].name, "mail.deitterick.com");
    cr_expect_eq(lab.verdict.near[0].entry_kind, KNOWN_SERVER_POOL);
    cr_expect_eq(lab.verdict.near[1].kind, NEAR_IN_SAN_NOT_IN_CN);
    cr_expect_str_eq(lab.verdict.near[1].name, "LAB-EX2010.lab.deitterick.com");
    cr_expect_str_eq(lab.verdict.near[1].pool, "mail.deitterick.com");
    trust_lab_close(&lab);
}

Test(near_miss, says_of_a_sibling_that_it_may_be_a_slip)
{
    static const struct {
        const char *names;
        bool is_slip;
    } rows[] = {
        {"cn=owamial.contoso.com", true},
        {"cn=owamai1.contoso.com", false}, /* a digit is no slip */
        {"cn=front.contoso.com", false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, rows[i].names, "owamail.contoso.com", NULL);
        trust_lab_decide(&lab);
        cr_assert_eq(lab.verdict.near_count, 1u);
        cr_expect_eq(lab.verdict.near[0].kind, NEAR_SIBLING);
        cr_expect_eq(strstr(lab.verdict.near[0].why,
                            "one letter apart: a slip in writing, perhaps") !=
                         NULL,
                     rows[i].is_slip, "%s", lab.verdict.near[0].why);
        trust_lab_close(&lab);
    }
}

/* Names of the labs are words, so this one is put in by hand. */
Test(near_miss, sees_through_a_blank_beside_the_name)
{
    static const char *const spellings[] = {
        "mail.contoso.com ", " mail.contoso.com", " Mail.contoso.com  "};

    for (size_t i = 0; i < LS_COUNT(spellings); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, "cn=x", "other.org mail.contoso.com", NULL);
        free(lab.facts->names[0].text);
        lab.facts->names[0].text = ls_strdup(spellings[i]);
        lab.facts->names[0].length = strlen(lab.facts->names[0].text);
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.reason, TRUST_UNKNOWN_SERVER);
        cr_assert_eq(lab.verdict.near_count, 1u);
        cr_expect_not_null(strstr(lab.verdict.near[0].why, "but for a blank"));
        cr_assert_eq(lab.verdict.remedy_count, 1u);
        cr_expect_not_null(
            strstr(lab.verdict.remedies[0].title, "Reissue the certificate"));
        trust_lab_close(&lab);
    }
}

Test(near_miss, knows_the_draft_and_what_was_removed)
{
    struct topology *before = trust_lab_topology("old.a.com");
    struct known_servers *was = known_servers_new(before);
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=old.a.com", "mail.a.com", NULL);
    known_servers_free(lab.removed);
    lab.removed = known_servers_merge(NULL, was, NULL);
    lab.policy.removed = lab.removed;
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.reason, TRUST_UNKNOWN_SERVER);
    cr_assert_geq(lab.verdict.near_count, 2u);
    cr_expect_eq(lab.verdict.near[0].kind, NEAR_REMOVED);
    cr_expect_eq(lab.verdict.near[1].kind, NEAR_SIBLING);
    trust_lab_close(&lab);

    trust_lab_open(&lab, "cn=old.a.com", "mail.a.com", "old.a.com");
    lab.policy.removed = was;
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.near[0].kind, NEAR_DRAFT_ONLY);
    cr_expect_neq(lab.verdict.near[1].kind, NEAR_REMOVED,
                  "a name comes once, under its best kind");
    trust_lab_close(&lab);
    known_servers_free(was);
    topology_free(before);
}

Test(near_miss, tells_the_interface_apart)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=mail.a.com", "@mail.a.com other.a.com", NULL);
    trust_lab_decide(&lab);
    cr_assert_eq(lab.verdict.near_count, 1u);
    cr_expect_eq(lab.verdict.near[0].kind, NEAR_OTHER_INTERFACE);
    trust_lab_close(&lab);

    trust_lab_open(&lab, "cn=mail.a.com", ">mail.a.com other.a.com", NULL);
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.near_count, 0u, "the name is not what is wrong");
    trust_lab_close(&lab);
}

Test(near_miss, sees_letter_case_only_where_it_counts)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=Y01.a.com", "pool.b.com{y01.a.com} y01.A.com",
                   NULL);
    lab.policy.names = NAMES_SENSITIVE;
    trust_lab_decide(&lab);
    cr_assert_eq(lab.verdict.near_count, 2u);
    cr_expect_eq(lab.verdict.near[0].kind, NEAR_CASE);
    cr_expect_str_eq(lab.verdict.near[0].name, "y01.A.com", "the pool first");
    cr_expect_str_eq(lab.verdict.near[1].name, "y01.a.com");
    trust_lab_close(&lab);
}

Test(near_miss, offers_no_san_where_the_san_speaks)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "dns=x.org dns=y.org", "mail.b.com", NULL);
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.near_count, 0u);
    trust_lab_close(&lab);

    trust_lab_open(&lab, "dns=mail.b.com", "mail.b.com", NULL);
    lab.policy.rule = identity_rule_find(ls_str_from("cn-only"));
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.reason, TRUST_NO_NAME);
    cr_assert_eq(lab.verdict.near_count, 1u);
    cr_expect_eq(lab.verdict.near[0].kind, NEAR_IN_SAN_NOT_IN_CN);
    trust_lab_close(&lab);
}

Test(near_miss, stops_at_its_limit_with_the_best)
{
    struct ls_buf pools = {0};
    struct trust_lab lab;

    for (unsigned i = 0; i < 100; i++)
        ls_buf_printf(&pools, "cas%u.contoso.com ", i);
    ls_buf_add_text(&pools, "contoso.com");
    ls_buf_add_byte(&pools, '\0');
    trust_lab_open(&lab, "cn=mail.contoso.com", pools.at, NULL);
    trust_lab_decide(&lab);
    cr_assert_eq(lab.verdict.near_count, (size_t)NEAR_MISSES_MAX);
    cr_expect_eq(lab.verdict.near[0].kind, NEAR_PARENT_DOMAIN);
    cr_expect_str_eq(lab.verdict.near[1].name, "cas0.contoso.com");
    cr_expect_str_eq(lab.verdict.near[15].name, "cas14.contoso.com");
    trust_lab_close(&lab);
    ls_buf_clear(&pools);
}

Test(near_miss, has_the_texts_of_its_list)
{
#define X(name, text) cr_expect_str_eq(near_miss_kind_text(name), text);
    NEAR_MISS_LIST(X)
#undef X
}
