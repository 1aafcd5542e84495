#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario.h"

#include "support/play.h"

#define HEAD                                                                   \
    "certificates:\n"                                                          \
    "  one: {subject: CN=one.contoso.com}\n"                                   \
    "  two: {subject: CN=two.contoso.com}\n"                                   \
    "topologies: {all: {pools: [{fqdn: one.contoso.com}]}, "                   \
    "empty: {pools: []}}\n"

static struct scenario *parse(const char *text)
{
    return play_parse("x.yaml", ls_str_from(text));
}

Test(scenario_expand, replaces_variables_in_values)
{
    struct scenario *scenario =
        parse("title: about $domain and ${host}name\n"
              "variables: {domain: contoso.com, host: ex}\n"
              "certificates: {one: {subject: \"CN=${host}01.$domain\"}}\n"
              "steps:\n"
              "  - say: $$end_record costs 5 $\n"
              "  - connect: {certificate: one, from: $host.$domain}\n");

    cr_expect_str_eq(scenario->title, "about contoso.com and exname");
    cr_expect_str_eq(scenario->certificates[0].subject, "CN=ex01.contoso.com");
    cr_expect_str_eq(scenario->steps[0].text, "$$end_record costs 5 $");
    cr_expect_str_eq(scenario->steps[1].peer.from, "ex.contoso.com");
    scenario_free(scenario);
}

Test(scenario_expand, leaves_a_file_without_variables_as_it_is)
{
    struct scenario *scenario = parse("steps: [{say: it costs $five}]\n");

    cr_expect_str_eq(scenario->steps[0].text, "it costs $five");
    scenario_free(scenario);
}

Test(scenario_expand, sees_only_what_a_file_lists_of_the_environment)
{
    struct scenario *scenario;

    setenv("LYNCSIM_TEST_DOMAIN", "contoso.com", 1);
    scenario = parse("environment: [LYNCSIM_TEST_DOMAIN]\n"
                     "steps: [{say: $LYNCSIM_TEST_DOMAIN}]\n");
    cr_expect_str_eq(scenario->steps[0].text, "contoso.com");
    scenario_free(scenario);
}

Test(scenario_expand, writes_out_every_cell_of_a_matrix)
{
    struct scenario *scenario =
        parse(HEAD "matrix: {certificate: [one, two], topology: [all, empty]}\n"
                   "cases:\n"
                   "  - name: each against each\n"
                   "    topology: $topology\n"
                   "    connect: {certificate: $certificate}\n"
                   "  - name: only $certificate\n"
                   "    topology: all\n"
                   "    connect: {certificate: $certificate}\n"
                   "  - topology: empty\n"
                   "    connect: {certificate: none}\n");

    cr_assert_eq(scenario->step_count, 7u);
    cr_expect_str_eq(scenario->steps[0].name, "each against each [one, all]");
    cr_expect_str_eq(scenario->steps[3].name, "each against each [two, empty]");
    cr_expect_str_eq(scenario->steps[3].peer.certificate, "two");
    cr_expect_str_eq(scenario->steps[3].settings.topology, "empty");
    cr_expect_str_eq(scenario->steps[4].name, "only one");
    cr_expect_str_eq(scenario->steps[6].peer.certificate, "none");
    scenario_free(scenario);
}

static char *field_of(const struct scenario_step *step, const char *field)
{
    for (size_t i = 0; i < step->expectation_count; i++)
        if (strcmp(step->expectations[i].field, field) == 0)
            return step->expectations[i].matcher.texts[0];
    return (char *)(uintptr_t) "";
}

Test(scenario_expand, gives_each_cell_the_first_row_that_fits)
{
    struct scenario *scenario =
        parse(HEAD "matrix: {certificate: [one, two], topology: [all, empty]}\n"
                   "cases:\n"
                   "  - topology: $topology\n"
                   "    connect: {certificate: $certificate}\n"
                   "    expect: {peer.tls: TLSv1.2, verdict: client}\n"
                   "    cells:\n"
                   "      - {certificate: one, topology: all, "
                   "verdict: accepted}\n"
                   "      - {certificate: [one, two], verdict: refused, "
                   "identity.name: $certificate.contoso.com}\n");

    cr_assert_eq(scenario->step_count, 4u);
    cr_expect_str_eq(field_of(&scenario->steps[0], "verdict"), "accepted");
    cr_expect_str_eq(field_of(&scenario->steps[0], "peer.tls"), "TLSv1.2");
    cr_expect_str_eq(field_of(&scenario->steps[1], "verdict"), "refused");
    cr_expect_str_eq(field_of(&scenario->steps[3], "identity.name"),
                     "two.contoso.com");
    cr_expect_eq(scenario->steps[0].expectation_count, 2u);
    scenario_free(scenario);
}

static const struct {
    const char *label, *text;
    unsigned line, column;
    const char *sentence, *hint;
} rows[] = {
    {"an unknown variable",
     "variables: {domain: a.b}\nsteps: [{say: $domian}]\n", 2, 15, "domian",
     "domain"},
    {"a variable that is a list",
     "variables: {domain: [a]}\nsteps: [{say: x}]\n", 1, 21, "text", NULL},
    {"variables that are a list", "variables: [a]\nsteps: [{say: x}]\n", 1, 12,
     "mapping of names", NULL},
    {"a variable that cannot be named",
     "variables: {\"a b\": c}\nsteps: [{say: x}]\n", 1, 13, "cannot name",
     NULL},
    {"an environment that lacks it",
     "environment: [LYNCSIM_NO_SUCH]\nsteps: [{say: x}]\n", 1, 15,
     "LYNCSIM_NO_SUCH", NULL},
    {"an environment that is a text", "environment: HOME\nsteps: [{say: x}]\n",
     1, 14, "list of names", NULL},
    {"a matrix that is a list",
     HEAD "matrix: [a]\ncases: [{topology: all, "
          "connect: {certificate: one}}]\n",
     5, 9, "mapping of at most", NULL},
    {"a case of a matrix that is a list",
     HEAD "matrix: {c: [one, two]}\ncases: [[$c]]\n", 6, 9,
     "a case must be a mapping", NULL},
    {"an axis without values",
     HEAD "matrix: {certificate: []}\ncases: [{topology: all, connect: "
          "{certificate: one}}]\n",
     5, 23, "1 to 200", NULL},
    {"a certificate of the matrix that does not exist",
     HEAD "matrix: {c: [one, tow]}\n"
          "cases: [{topology: all, connect: {certificate: $c}}]\n",
     6, 48, "tow", "two"},
    {"a cell of no axis value",
     HEAD "matrix: {c: [one, two]}\n"
          "cases:\n"
          "  - topology: all\n"
          "    connect: {certificate: $c}\n"
          "    cells: [{c: tree, verdict: refused}]\n",
     9, 17, "no c \"tree\"", "one or two"},
    {"a cell that expects what does not exist",
     HEAD "matrix: {c: [one, two]}\n"
          "cases:\n"
          "  - topology: all\n"
          "    connect: {certificate: $c}\n"
          "    cells: [{c: one, verdit: refused}]\n",
     9, 22, "verdit", "verdict"},
    {"an axis that no case names",
     HEAD "matrix: {c: [one], rlue: [cn-only]}\n"
          "cases: [{topology: all, connect: {certificate: $c}}]\n",
     5, 20, "no case names $rlue", NULL},
    {"a row that no cell is like",
     HEAD "matrix: {c: [one, two]}\n"
          "cases:\n"
          "  - topology: all\n"
          "    connect: {certificate: $c}\n"
          "    cells: [{verdict: refused}, {c: one, verdict: accepted}]\n",
     9, 33, "never comes to this row", "above"},
    {"cells without a matrix",
     HEAD "cases: [{topology: all, connect: {certificate: one}, "
          "cells: [{verdict: refused}]}]\n",
     5, 61, "cells go with a matrix", NULL},
    {"cells that are no list",
     HEAD "matrix: {c: [one, two]}\n"
          "cases: [{topology: all, connect: {certificate: $c}, cells: x}]\n",
     6, 60, "list of rows", NULL},
    {"a matrix that would never end",
     HEAD "matrix: {a: [0,1,2,3,4,5,6,7,8,9], b: [0,1,2,3,4,5,6,7,8,9], "
          "c: [0,1,2,3,4,5,6,7,8,9], d: [0,1,2]}\n"
          "cases: [{name: $a$b$c$d, topology: all, "
          "connect: {certificate: one}}]\n",
     6, 9, "2000 cells", NULL},
};

Test(scenario_expand, shows_faults_where_they_were_written)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ls_diags diags;
        bool found = false;
        struct ls_buf out = {0};

        ls_diags_init(&diags, "x.yaml", ls_str_from(rows[i].text));
        cr_expect_null(scenario_parse(&diags), "%s", rows[i].label);
        for (size_t j = 0; j < diags.count; j++) {
            const struct ls_diag *diag = &diags.items[j];

            found =
                found || (diag->place.line == rows[i].line &&
                          diag->place.column == rows[i].column &&
                          strstr(diag->sentence, rows[i].sentence) &&
                          (!rows[i].hint ||
                           (diag->hint && strstr(diag->hint, rows[i].hint))));
        }
        ls_diags_print(&diags, &out);
        ls_buf_add_byte(&out, '\0');
        cr_expect(found, "%s:\n%s", rows[i].label, out.at);
        ls_buf_clear(&out);
        ls_diags_clear(&diags);
    }
}

Test(scenario_expand, tells_a_fault_of_many_cells_once)
{
    struct ls_diags diags;

    ls_diags_init(&diags, "x.yaml",
                  ls_str_from(HEAD
                              "matrix: {c: [one, two], t: [all, empty]}\n"
                              "cases: [{name: $c, topology: $t, rule: any, "
                              "connect: {certificate: $c}}]\n"));
    cr_expect_null(scenario_parse(&diags));
    cr_expect_eq(diags.count, 1u);
    ls_diags_clear(&diags);
}

Test(scenario_expand, tells_each_of_several_faults_of_a_cell)
{
    struct ls_diags diags;

    ls_diags_init(&diags, "x.yaml",
                  ls_str_from(HEAD
                              "matrix: {c: [one, tow, tree]}\n"
                              "cases: [{name: $c, topology: all, rule: any, "
                              "connect: {certificate: $c}}]\n"));
    cr_expect_null(scenario_parse(&diags));
    cr_expect_eq(diags.count, 3u);
    ls_diags_clear(&diags);
}

Test(scenario_expand, refuses_many_unknown_among_many_variables, .timeout = 20)
{
    struct ls_buf text = {0};
    struct ls_diags diags;

    ls_buf_add_text(&text, "steps:\n");
    for (int i = 0; i < 20000; i++)
        ls_buf_printf(&text, "  - say: $nobody%d\n", i);
    ls_buf_add_text(&text, "variables:\n");
    for (int i = 0; i < 5000; i++)
        ls_buf_printf(&text, "  variable-%d: x\n", i);
    ls_diags_init(&diags, "x.yaml", ls_buf_str(&text));

    cr_expect_null(scenario_parse(&diags));
    cr_expect_geq(ls_diags_fault_count(&diags), 20000u);
    ls_diags_clear(&diags);
    ls_buf_clear(&text);
}

Test(scenario_expand, shows_a_variable_again_that_an_axis_hid)
{
    static const char text[] = "variables: {who: all}\n"
                               "matrix: {who: [ann, bob]}\n"
                               "certificates: {a: {subject: CN=a}}\n"
                               "cases:\n"
                               "  - name: to $who\n"
                               "    connect: {certificate: a}\n"
                               "topology: {pools: [{fqdn: $who}]}\n";
    struct ls_diags diags;
    struct scenario *scenario;

    ls_diags_init(&diags, "x.yaml", ls_str_from(text));
    scenario = scenario_parse(&diags);
    cr_assert_not_null(scenario);
    cr_assert_eq(scenario->step_count, 2u);
    cr_expect_str_eq(scenario->steps[0].name, "to ann");
    cr_expect_str_eq(scenario->steps[1].name, "to bob");
    cr_expect_str_eq(scenario->topologies[0].topology->pools[0]->fqdn, "all");
    scenario_free(scenario);
    ls_diags_clear(&diags);
}

Test(scenario_expand, is_bounded_whatever_a_variable_holds)
{
    struct ls_buf text = {0};
    struct ls_diags diags;

    ls_buf_add_text(&text, "{\"variables\": {\"x\": \"");
    for (int i = 0; i < 100000; i++)
        ls_buf_add_text(&text, "0123456789");
    ls_buf_add_text(&text, "\"},\n\"steps\": [{\"say\": \"");
    for (int i = 0; i < 3000; i++)
        ls_buf_add_text(&text, "$x");
    ls_buf_add_text(&text, "\"}");
    for (int i = 0; i < 1000; i++)
        ls_buf_add_text(&text, ", {\"say\": \"$x$x\"}");
    ls_buf_add_text(&text, "]}\n");
    ls_diags_init(&diags, "x.yaml", ls_buf_str(&text));
    cr_expect_null(scenario_parse(&diags));
    cr_assert_geq(diags.count, 1u);
    cr_expect(strstr(diags.items[0].sentence, "the limit"));
    ls_diags_clear(&diags);
    ls_buf_clear(&text);
}
