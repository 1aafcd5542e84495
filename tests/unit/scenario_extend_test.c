#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario.h"

/* Files that exist nowhere else. */
static const struct {
    const char *path, *text;
} files[] = {
    {"dir/common.yaml",
     "title: not taken\n"
     "clock: 2012-01-01\n"
     "authorities: {lab: {subject: CN=Lab}}\n"
     "certificates:\n"
     "  cas: {subject: CN=cas.contoso.com}\n"
     "  fe: {subject: CN=fe.contoso.com}\n"
     "peers: {ex01: {certificate: cas, from: ex01.contoso.com, "
     "user: \"sip:a@b\"}}\n"
     "front-end: {certificate: fe, rule: cn-only}\n"
     "steps: [{say: not taken}]\n"},
    {"dir/sub/more.yaml", "extends: ../common.yaml\nvariables: {x: y}\n"},
    {"dir/bad.yaml", "certificates:\n\tcas: {}\n"},
    {"dir/list.yaml", "- a\n"},
    {"dir/circle.yaml", "extends: circle.yaml\n"},
    {"dir/wrong.yaml", "certificates: {cas: {subject: CN=a, key: p1}}\n"},
};

/* "a/b/../c" is "a/c": what a file system would make of it. */
static char *plain_path(const char *path)
{
    char *plain = ls_strdup(path);
    char *up;

    while ((up = strstr(plain, "/../")) && up > plain) {
        char *from = up - 1;

        while (from > plain && from[-1] != '/')
            from--;
        memmove(from, up + 4, strlen(up + 4) + 1);
    }
    return plain;
}

static char *read_from_memory(void *arg, const char *path, size_t *length,
                              char **why)
{
    char *plain = plain_path(path);
    char *text = NULL;

    (void)arg;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !text; i++)
        if (strcmp(files[i].path, plain) == 0)
            text = ls_strdup(files[i].text);
    if (text)
        *length = strlen(text);
    else
        *why = ls_strf("%s: No such file or directory", path);
    free(plain);
    return text;
}

static const struct scenario_loader loader = {read_from_memory, NULL};

static struct scenario *parse(const char *text)
{
    struct ls_diags diags;
    struct scenario *scenario;
    struct ls_buf out = {0};

    ls_diags_init(&diags, "dir/own.yaml", ls_str_from(text));
    scenario = scenario_parse_with(&diags, &loader);
    ls_diags_print(&diags, &out);
    ls_buf_add_byte(&out, '\0');
    cr_assert_not_null(scenario, "%s", out.at);
    ls_buf_clear(&out);
    ls_diags_clear(&diags);
    return scenario;
}

Test(scenario_extend, lays_the_sections_of_a_file_under_its_own)
{
    struct scenario *scenario =
        parse("extends: common.yaml\n"
              "certificates:\n"
              "  cas: {subject: CN=other.contoso.com}\n"
              "  new: {subject: CN=new.contoso.com}\n"
              "front-end: {rule: any-name}\n"
              "steps: [{connect: {certificate: new}}]\n");

    cr_expect_str_eq(scenario->title, "own");
    cr_expect_eq(scenario->clock_ms, INT64_C(1325376000000));
    cr_expect_eq(scenario->certificate_count, 3u);
    cr_expect_str_eq(scenario_find_certificate(scenario, "cas")->subject,
                     "CN=other.contoso.com");
    cr_expect_str_eq(scenario->front_end.certificate, "fe");
    cr_expect_str_eq(scenario->front_end.rule->name, "any-name");
    cr_expect_eq(scenario->step_count, 1u);
    cr_expect_eq(scenario->steps[0].place.line, 6u);
    scenario_free(scenario);
}

Test(scenario_extend, looks_for_files_beside_the_one_that_names_them)
{
    struct scenario *scenario = parse("extends: [sub/more.yaml]\n"
                                      "steps: [{say: $x}]\n");

    cr_expect_eq(scenario->certificate_count, 2u);
    cr_expect_str_eq(scenario->steps[0].text, "y");
    scenario_free(scenario);
}

Test(scenario_extend, lays_peers_under_the_steps_that_name_them)
{
    struct scenario *scenario = parse(
        "extends: common.yaml\n"
        "steps:\n"
        "  - connect: {peer: ex01}\n"
        "  - sign-in: {peer: ex01, from: ex02.contoso.com}\n"
        "  - sign-in: {peer: ex01, certificate: none, user: \"sip:c@d\"}\n");

    cr_expect_str_eq(scenario->steps[0].peer.certificate, "cas");
    cr_expect_str_eq(scenario->steps[0].peer.from, "ex01.contoso.com");
    cr_expect_null(scenario->steps[0].peer.user);
    cr_expect_str_eq(scenario->steps[1].peer.from, "ex02.contoso.com");
    cr_expect_str_eq(scenario->steps[1].peer.user, "sip:a@b");
    cr_expect_str_eq(scenario->steps[2].peer.certificate, "none");
    cr_expect_str_eq(scenario->steps[2].peer.user, "sip:c@d");
    scenario_free(scenario);
}

static const struct {
    const char *label, *text;
    unsigned line, column;
    const char *sentence;
} rows[] = {
    {"a file that is not there", "extends: no.yaml\nsteps: [{say: x}]\n", 1, 10,
     "No such file"},
    {"a file that is no scenario's",
     "extends: /etc/passwd\nsteps: [{say: x}]\n", 1, 10,
     "must name a YAML file"},
    {"a path from the root", "extends: /x.yaml\nsteps: [{say: x}]\n", 1, 10,
     "must name a YAML file"},
    {"a file with a fault", "extends: bad.yaml\nsteps: [{say: x}]\n", 1, 10,
     "dir/bad.yaml:2:1"},
    {"a file that is a list", "extends: list.yaml\nsteps: [{say: x}]\n", 1, 10,
     "must be a mapping"},
    {"a file that extends itself", "extends: circle.yaml\nsteps: [{say: x}]\n",
     1, 10, "extends itself in the end"},
    {"a value of another file", "extends: wrong.yaml\nsteps: [{say: x}]\n", 1,
     10, "wrong.yaml:1:42: the key cannot be \"p1\""},
    {"a list in a list", "extends: [[a.yaml]]\nsteps: [{say: x}]\n", 1, 11,
     "must be a text"},
    {"a peer that does not exist",
     "extends: common.yaml\nsteps: [{connect: {peer: ex02}}]\n", 2, 26,
     "no peer \"ex02\""},
    {"a peer in a file without peers", "steps: [{connect: {peer: ex02}}]\n", 1,
     26, "has no peers:"},
    {"peers that are a list", "peers: [a]\nsteps: [{say: x}]\n", 1, 8,
     "mapping of names"},
    {"a peer that says nothing useful",
     "peers: {a: {certifcate: none}}\nsteps: [{say: x}]\n", 1, 13,
     "certifcate"},
};

Test(scenario_extend, shows_faults_where_the_file_is_named)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ls_diags diags;
        struct ls_buf out = {0};
        bool found = false;

        ls_diags_init(&diags, "dir/own.yaml", ls_str_from(rows[i].text));
        cr_expect_null(scenario_parse_with(&diags, &loader), "%s",
                       rows[i].label);
        for (size_t j = 0; j < diags.count; j++)
            found =
                found || (diags.items[j].place.line == rows[i].line &&
                          diags.items[j].place.column == rows[i].column &&
                          strstr(diags.items[j].sentence, rows[i].sentence));
        ls_diags_print(&diags, &out);
        ls_buf_add_byte(&out, '\0');
        cr_expect(found, "%s:\n%s", rows[i].label, out.at);
        ls_buf_clear(&out);
        ls_diags_clear(&diags);
    }
}

Test(scenario_extend, reads_nothing_where_nothing_can_be_read)
{
    struct ls_diags diags;

    ls_diags_init(&diags, "-",
                  ls_str_from("extends: a.yaml\n"
                              "steps: [{say: x}]\n"));
    cr_expect_null(scenario_parse(&diags));
    cr_assert_eq(diags.count, 1u);
    cr_expect(strstr(diags.items[0].sentence, "no other file"));
    ls_diags_clear(&diags);
}
