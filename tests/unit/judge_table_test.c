#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/judge_report.h"
#include "lyncsim/judge_table.h"

#include "support/lab.h"
#include "support/trust_lab.h"

/* A table of the lab's certificates under these topologies; the credentials
 * stay the lab's. */
struct bench {
    struct lab *lab;
    struct judge_table table;
    const char *certificates[2];
    const char *topologies[2];
};

static struct credential *copy_of(struct lab *lab, enum lab_peer peer)
{
    char *pem = credential_format_pem(lab_credential(lab, peer));
    char *why = NULL;
    struct credential *copy =
        credential_parse(ls_str_from(pem), (struct ls_str){"", 0}, NULL, &why);

    cr_assert_not_null(copy, "%s", why);
    free(pem);
    return copy;
}

static void open_bench(struct bench *bench, const char *second_pools)
{
    struct judge_table *table = &bench->table;

    *bench = (struct bench){
        .lab = lab_new(),
        .certificates = {"known.pem", "unknown.pem"},
        .topologies = {"A", "B"},
    };
    table->policy.rule = identity_rule_default();
    table->at_s = LAB_NOW_MS / 1000;
    table->certificate_names = bench->certificates;
    table->certificate_count = 2;
    table->credentials = ls_alloc_array(2, sizeof *table->credentials);
    table->credentials[0] = copy_of(bench->lab, LAB_KNOWN);
    table->credentials[1] = copy_of(bench->lab, LAB_UNKNOWN);
    table->topology_names = bench->topologies;
    table->topology_count = second_pools == NULL ? 1 : 2;
    table->topologies = ls_alloc_array(2, sizeof *table->topologies);
    table->topologies[0] = trust_lab_topology(LAB_KNOWN_NAME);
    if (second_pools != NULL)
        table->topologies[1] = trust_lab_topology(second_pools);
}

static void close_bench(struct bench *bench)
{
    judge_table_clear(&bench->table);
    lab_free(bench->lab);
}

Test(judge_table, judges_each_under_each)
{
    struct bench bench;
    const struct judge_cell *cells;

    open_bench(&bench, LAB_UNKNOWN_NAME);
    judge_table_decide(&bench.table);
    cells = bench.table.cells;
    cr_assert_eq(judge_table_count(&bench.table), 4u);
    cr_expect_eq(cells[0].verdict.outcome, TRUST_ACCEPTED);
    cr_expect_eq(cells[1].verdict.reason, TRUST_UNKNOWN_SERVER);
    cr_expect_eq(cells[2].verdict.reason, TRUST_UNKNOWN_SERVER);
    cr_expect_eq(cells[3].verdict.outcome, TRUST_ACCEPTED);
    cr_expect_str_eq(cells[3].certificate, "unknown.pem");
    cr_expect_str_eq(cells[3].topology, "B");
    cr_expect_eq(judge_table_refused(&bench.table), 2u);
    cr_expect_eq(bench.table.changes.count, 2u);
    close_bench(&bench);
}

Test(judge_table, answers_by_every_rule_when_asked)
{
    struct bench bench;
    size_t unknown = 0;

    open_bench(&bench, NULL);
    bench.table.all_rules = true;
    judge_table_decide(&bench.table);
    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++) {
        const struct judge_answer *answer = &bench.table.cells[0].answers[i];

        cr_expect_eq(answer->rule, &identity_rules[i]);
        unknown += answer->is_unknown;
    }
    cr_expect_eq(unknown, 0u, "every reading comes to the same");
    close_bench(&bench);
}

Test(judge_table, counts_what_any_named_rule_refuses)
{
    struct bench bench;

    open_bench(&bench, NULL);
    bench.table.policy.rule = identity_rule_find(ls_str_from("any-name"));
    bench.table.certificate_count = 1;
    bench.table.rules[0] = identity_rule_find(ls_str_from("rfc5922"));
    bench.table.rules[1] = identity_rule_find(ls_str_from("lync-2013"));
    bench.table.rule_count = 2;
    judge_table_decide(&bench.table);
    cr_expect_eq(bench.table.cells[0].answers[0].rule, bench.table.rules[0]);
    cr_expect_not(bench.table.cells[0].answers[1].is_unknown);
    cr_expect_eq(judge_table_refused(&bench.table), 0u);
    bench.table.cells[0].answers[1].verdict.outcome = TRUST_REFUSED;
    cr_expect_eq(judge_table_refused(&bench.table), 1u);
    credential_free(bench.table.credentials[1]);
    close_bench(&bench);
}

Test(judge_table, has_no_answers_when_not_asked)
{
    struct bench bench;

    open_bench(&bench, NULL);
    judge_table_decide(&bench.table);
    cr_expect_null(bench.table.cells[0].answers);
    close_bench(&bench);
}

Test(judge_table, judges_at_the_time_it_is_told)
{
    struct bench bench;

    open_bench(&bench, NULL);
    bench.table.at_s += INT64_C(100) * 365 * 86400;
    judge_table_decide(&bench.table);
    cr_expect_eq(bench.table.cells[0].verdict.reason, TRUST_EXPIRED);
    close_bench(&bench);
}

Test(judge_report, is_a_line_a_verdict_when_quiet)
{
    struct bench bench;
    struct ls_buf out = {0};

    open_bench(&bench, NULL);
    judge_table_decide(&bench.table);
    judge_report_print_short(&bench.table, &out);
    cr_expect(ls_str_equal_text(ls_buf_str(&out),
                                "known.pem: accepted\n"
                                "unknown.pem: refused, unknown-server\n"),
              "%.*s", LS_STR_ARG(ls_buf_str(&out)));
    ls_buf_clear(&out);
    close_bench(&bench);
}
