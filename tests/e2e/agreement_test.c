/*
 * Do judge, run and a live serve say the same of every certificate under
 * every table, and is it what a second, plain writing of the rules says?
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <jansson.h>
#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"
#include "lyncsim/credential.h"
#include "lyncsim/id_source.h"
#include "lyncsim/scenario_lab.h"
#include "lyncsim/timestamp.h"

#include "support/trust_model.h"

#define CERTIFICATES 24
#define TABLES 10
#define PAIRS (CERTIFICATES * TABLES)
#define DAY_MS INT64_C(86400000)

static const char *const hosts[] = {
    "mail.contoso.com", "cas1.contoso.com",
    "owa.contoso.com",  "um.fabrikam.net",
    "MAIL.contoso.com", "*.contoso.com",
    "contoso.com",      "ex01",
    "Cas1.Contoso.com", "stranger.org",
};

static const char *const rules[] = {
    "lync-2010",   "lync-2013", "sfb-2015", "cn-only",
    "cn-then-san", "any-name",  "rfc5922",
};

struct agreement {
    struct model_certificate certificates[CERTIFICATES];
    struct model_table tables[TABLES];
    char folder[64];
    char *scenario; /* its text */
    /* What each said: "reason name", or "accepted name". */
    char *model[PAIRS];
    char *judged[PAIRS];
    char *played[PAIRS];
    char *served[PAIRS];
};

/* --- made-up certificates and tables ------------------------------------- */

static const char *some_host(struct id_source *ids)
{
    return hosts[id_source_below(ids, LS_COUNT(hosts))];
}

static void make_certificate(struct id_source *ids,
                             struct model_certificate *certificate)
{
    uint32_t fault = id_source_below(ids, 12);

    certificate->cn_count = id_source_below(ids, 8);
    if (certificate->cn_count > 2)
        certificate->cn_count = 1;
    certificate->san_count = id_source_below(ids, MODEL_NAMES_MAX);
    for (size_t i = 0; i < certificate->cn_count; i++)
        certificate->cns[i] = some_host(ids);
    for (size_t i = 0; i < certificate->san_count; i++)
        certificate->sans[i] = some_host(ids);
    certificate->is_foreign = fault == 0;
    certificate->is_expired = fault == 1;
    certificate->is_future = fault == 2;
    certificate->is_for_code = fault == 3;
}

static bool has_pool(const struct model_table *table, const char *name)
{
    for (size_t i = 0; i < table->pool_count; i++)
        if (strcasecmp(table->pools[i].fqdn, name) == 0)
            return true;
    return false;
}

static bool has_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

static void make_pool(struct id_source *ids, struct model_table *table)
{
    struct model_pool *pool = &table->pools[table->pool_count];
    size_t computers = id_source_below(ids, MODEL_NAMES_MAX);
    uint32_t option = id_source_below(ids, 6);

    *pool = (struct model_pool){.fqdn = some_host(ids)};
    if (has_pool(table, pool->fqdn))
        return;
    pool->is_outbound_only = option == 0;
    pool->is_external = option == 1;
    for (size_t i = 0; i < computers; i++) {
        const char *name = some_host(ids);

        if (strcasecmp(name, pool->fqdn) != 0 &&
            !has_name(pool->computers, pool->computer_count, name))
            pool->computers[pool->computer_count++] = name;
    }
    table->pool_count++;
}

static void make_table(struct id_source *ids, struct model_table *table,
                       size_t index)
{
    size_t pools = id_source_below(ids, MODEL_POOLS_MAX + 1);

    for (size_t i = 0; i < pools; i++)
        make_pool(ids, table);
    if (id_source_below(ids, 2) == 0)
        table->autodiscovered[table->autodiscovered_count++] = some_host(ids);
    table->rule = rules[index % LS_COUNT(rules)];
    table->is_sensitive = id_source_below(ids, 3) == 0;
    table->last_cn_speaks = id_source_below(ids, 3) == 0;
}

/* --- the same, written down ---------------------------------------------- */

static void write_list(struct ls_buf *out, const char *key,
                       const char *const *names, size_t count)
{
    ls_buf_printf(out, ", %s: [", key);
    for (size_t i = 0; i < count; i++)
        ls_buf_printf(out, "%s\"%s\"", i == 0 ? "" : ", ", names[i]);
    ls_buf_add_text(out, "]");
}

static void write_moment(struct ls_buf *out, const char *key, int64_t ms)
{
    ls_buf_printf(out, ", %s: ", key);
    timestamp_format(out, ms);
}

static void write_certificate(struct ls_buf *out, size_t index,
                              const struct model_certificate *certificate,
                              int64_t now_ms)
{
    ls_buf_printf(out, "  c%zu: {issuer: %s, subject: \"O=Contoso", index,
                  certificate->is_foreign ? "stranger" : "lab");
    for (size_t i = 0; i < certificate->cn_count; i++)
        ls_buf_printf(out, ", CN=%s", certificate->cns[i]);
    ls_buf_add_text(out, "\"");
    if (certificate->san_count > 0)
        write_list(out, "san", certificate->sans, certificate->san_count);
    if (certificate->is_expired)
        write_moment(out, "not-after", now_ms - DAY_MS);
    if (certificate->is_future)
        write_moment(out, "not-before", now_ms + DAY_MS);
    if (certificate->is_for_code)
        ls_buf_add_text(out, ", extended-key-usage: [codeSigning]");
    ls_buf_add_text(out, "}\n");
}

static void write_table(struct ls_buf *out, size_t index,
                        const struct model_table *table)
{
    ls_buf_printf(out, "  t%zu:\n    pools:%s\n", index,
                  table->pool_count == 0 ? " []" : "");
    for (size_t i = 0; i < table->pool_count; i++) {
        const struct model_pool *pool = &table->pools[i];

        ls_buf_printf(out, "    - {fqdn: \"%s\"", pool->fqdn);
        write_list(out, "computers", pool->computers, pool->computer_count);
        if (pool->is_outbound_only)
            ls_buf_add_text(out, ", outbound-only: true");
        if (pool->is_external)
            ls_buf_add_text(out, ", interface: external");
        ls_buf_add_text(out, "}\n");
    }
    for (size_t i = 0; i < table->autodiscovered_count; i++)
        ls_buf_printf(out, "    autodiscovered: [\"%s\"]\n",
                      table->autodiscovered[i]);
}

static const char *names_text(const struct model_table *table)
{
    return table->is_sensitive ? "sensitive" : "insensitive";
}

static const char *cn_text(const struct model_table *table)
{
    return table->last_cn_speaks ? "last" : "first";
}

static void write_cases(struct ls_buf *out, const struct agreement *agreement)
{
    ls_buf_add_text(out, "cases:\n");
    for (size_t i = 0; i < PAIRS; i++) {
        const struct model_table *table = &agreement->tables[i / CERTIFICATES];

        ls_buf_printf(out,
                      "- {name: pair %zu, topology: t%zu, rule: %s, names: %s, "
                      "cn: %s, connect: {certificate: c%zu}}\n",
                      i, i / CERTIFICATES, table->rule, names_text(table),
                      cn_text(table), i % CERTIFICATES);
    }
}

static char *write_scenario(const struct agreement *agreement, int64_t now_ms)
{
    struct ls_buf out = {0};

    ls_buf_add_text(&out, "title: agreement\nclock: ");
    timestamp_format(&out, now_ms);
    ls_buf_add_text(&out, "\nauthorities:\n"
                          "  lab: {subject: CN=LAB-DC-CA}\n"
                          "  stranger: {subject: CN=LAB-DC-CA}\n"
                          "certificates:\n"
                          "  fe: {issuer: lab, subject: CN=fe.contoso.com}\n");
    for (size_t i = 0; i < CERTIFICATES; i++)
        write_certificate(&out, i, &agreement->certificates[i], now_ms);
    ls_buf_add_text(&out, "topologies:\n");
    for (size_t i = 0; i < TABLES; i++)
        write_table(&out, i, &agreement->tables[i]);
    ls_buf_add_text(&out, "front-end: {certificate: fe, trusts: [lab]}\n");
    write_cases(&out, agreement);
    return ls_buf_take(&out);
}

static void write_file(const struct agreement *agreement, const char *name,
                       const char *text)
{
    char *path = ls_strf("%s/%s", agreement->folder, name);
    FILE *file = fopen(path, "wbe");

    cr_assert_not_null(file, "%s", path);
    fputs(text, file);
    fclose(file);
    free(path);
}

static void write_credential(const struct agreement *agreement,
                             struct scenario_lab *lab, const char *name)
{
    const struct credential *credential = scenario_lab_credential(lab, name);
    char *pem = credential_format_pem(credential);
    char *key = credential_format_key_pem(credential);
    char *file = ls_strf("%s.pem", name);

    write_file(agreement, file, pem);
    free(file);
    file = ls_strf("%s.key", name);
    write_file(agreement, file, key);
    free(file);
    free(key);
    free(pem);
}

/* The root that both sides trust. */
static void write_root(const struct agreement *agreement,
                       struct scenario_lab *lab)
{
    char trusted[] = "lab";
    char *names[] = {trusted};
    const struct trust_anchors *anchors = scenario_lab_anchors(lab, names, 1);
    STACK_OF(X509_OBJECT) *objects =
        X509_STORE_get0_objects(trust_anchors_store(anchors));
    X509 *root = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, 0));
    struct credential *credential = credential_new(root, NULL, NULL);
    char *pem = credential_format_pem(credential);

    write_file(agreement, "lab.pem", pem);
    free(pem);
    credential_free(credential);
}

static void write_files(const struct agreement *agreement)
{
    struct ls_diags diags;
    struct scenario *scenario;
    struct scenario_lab *lab;
    char *why = NULL;

    write_file(agreement, "agreement.yaml", agreement->scenario);
    ls_diags_init(&diags, "agreement.yaml", ls_str_from(agreement->scenario));
    scenario = scenario_parse(&diags);
    cr_assert_not_null(scenario, "%s", agreement->scenario);
    lab = scenario_lab_new(scenario, &why);
    cr_assert_not_null(lab, "%s", why);
    write_credential(agreement, lab, "fe");
    write_root(agreement, lab);
    for (size_t i = 0; i < CERTIFICATES; i++) {
        char *name = ls_strf("c%zu", i);

        write_credential(agreement, lab, name);
        free(name);
    }
    scenario_lab_free(lab);
    scenario_free(scenario);
    ls_diags_clear(&diags);
}

/* --- what each says ------------------------------------------------------ */

static char *say(const char *reason, const char *name)
{
    return ls_strf("%s %s", reason == NULL ? "accepted" : reason,
                   name == NULL ? "-" : name);
}

static char *say_verdict(const json_t *verdict)
{
    const json_t *identity = json_object_get(verdict, "identity");

    cr_assert(json_is_object(verdict));
    return say(json_string_value(json_object_get(verdict, "reason")),
               json_string_value(json_object_get(identity, "name")));
}

/* Start a command in the folder; its output can be read from what is
 * returned. arguments: what follows "exec" in a shell. */
static FILE *start(const struct agreement *agreement, const char *arguments,
                   pid_t *pid)
{
    char *line = ls_strf("exec %s", arguments);
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    *pid = fork();
    cr_assert_geq(*pid, 0);
    if (*pid == 0) {
        if (chdir(agreement->folder) == 0 &&
            dup2(ends[1], STDOUT_FILENO) >= 0 && close(ends[0]) == 0)
            execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    free(line);
    return fdopen(ends[0], "r");
}

/* Its exit code. */
static int finish(FILE *output, pid_t pid)
{
    int status;

    fclose(output);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The output of the program as JSON. */
static json_t *ask(const struct agreement *agreement, const char *arguments)
{
    char *line = ls_strf("'%s' %s", LYNCSIM_BINARY, arguments);
    json_error_t error;
    pid_t pid;
    FILE *output = start(agreement, line, &pid);
    json_t *json = json_loadf(output, 0, &error);

    cr_assert_not_null(json, "%s: %s", line, error.text);
    finish(output, pid);
    free(line);
    return json;
}

static void ask_model(struct agreement *agreement)
{
    for (size_t i = 0; i < PAIRS; i++) {
        struct model_answer answer =
            trust_model_judge(&agreement->certificates[i % CERTIFICATES],
                              &agreement->tables[i / CERTIFICATES]);

        agreement->model[i] = say(answer.reason, answer.name);
    }
}

static void ask_run(struct agreement *agreement)
{
    json_t *json = ask(agreement, "run agreement.yaml --json");
    const json_t *steps = json_object_get(
        json_array_get(json_object_get(json, "scenarios"), 0), "steps");

    cr_assert_eq(json_array_size(steps), (size_t)PAIRS);
    for (size_t i = 0; i < PAIRS; i++)
        agreement->played[i] =
            say_verdict(json_object_get(json_array_get(steps, i), "verdict"));
    json_decref(json);
}

static void ask_judge(struct agreement *agreement)
{
    for (size_t i = 0; i < TABLES; i++) {
        const struct model_table *table = &agreement->tables[i];
        struct ls_buf line = {0};
        char *text;
        json_t *json;

        ls_buf_printf(&line,
                      "judge --json --ca lab.pem --topology "
                      "'agreement.yaml#t%zu' --rule %s --names %s --cn %s",
                      i, table->rule, names_text(table), cn_text(table));
        for (size_t j = 0; j < CERTIFICATES; j++)
            ls_buf_printf(&line, " c%zu.pem", j);
        text = ls_buf_take(&line);
        json = ask(agreement, text);
        for (size_t j = 0; j < CERTIFICATES; j++)
            agreement->judged[i * CERTIFICATES + j] =
                say_verdict(json_array_get(json, j));
        json_decref(json);
        free(text);
    }
}

/* A serve of our own: its events come from output. */
struct served {
    pid_t pid;
    FILE *output;
    char *address;
};

static json_t *next_event(struct served *served, const char *kind)
{
    char *line = NULL;
    size_t capacity = 0;
    json_t *json = NULL;

    while (json == NULL && getline(&line, &capacity, served->output) > 0) {
        const char *event;

        json = json_loads(line, 0, NULL);
        event = json_string_value(json_object_get(json, "event"));
        if (event == NULL || strcmp(event, kind) != 0) {
            json_decref(json);
            json = NULL;
        }
    }
    free(line);
    cr_assert_not_null(json, "no event %s", kind);
    return json;
}

static void start_serving(const struct agreement *agreement, size_t index,
                          struct served *served)
{
    const struct model_table *table = &agreement->tables[index];
    char *line = ls_strf(
        "'%s' serve --json --listen 127.0.0.1:0 --certificate fe.pem "
        "--key fe.key --ca lab.pem --topology 'agreement.yaml#t%zu' "
        "--rule %s --names %s --cn %s",
        LYNCSIM_BINARY, index, table->rule, names_text(table), cn_text(table));
    json_t *json;

    served->output = start(agreement, line, &served->pid);
    json = next_event(served, "listening");
    served->address =
        ls_strdup(json_string_value(json_object_get(json, "address")));
    json_decref(json);
    free(line);
}

static void stop_serving(struct served *served)
{
    char rest[4096];

    kill(served->pid, SIGTERM);
    while (fread(rest, 1, sizeof rest, served->output) > 0)
        continue;
    cr_expect_eq(finish(served->output, served->pid), 0);
    free(served->address);
}

static void connect_to(const struct agreement *agreement,
                       const struct served *served, size_t certificate)
{
    char *line = ls_strf("timeout 20 openssl s_client -connect %s -cert "
                         "c%zu.pem -key c%zu.key -CAfile lab.pem </dev/null "
                         "2>&1",
                         served->address, certificate, certificate);
    char rest[4096];
    pid_t pid;
    FILE *output = start(agreement, line, &pid);

    while (fread(rest, 1, sizeof rest, output) > 0)
        continue;
    finish(output, pid);
    free(line);
}

static void ask_serve(struct agreement *agreement)
{
    for (size_t i = 0; i < TABLES; i++) {
        struct served served;

        start_serving(agreement, i, &served);
        for (size_t j = 0; j < CERTIFICATES; j++) {
            json_t *json;

            connect_to(agreement, &served, j);
            json = next_event(&served, "verdict");
            agreement->served[i * CERTIFICATES + j] =
                say_verdict(json_object_get(json, "verdict"));
            json_decref(json);
        }
        stop_serving(&served);
    }
}

static void expect_agreement(const struct agreement *agreement, size_t *refused)
{
    for (size_t i = 0; i < PAIRS; i++) {
        const char *model = agreement->model[i];

        cr_expect_str_eq(agreement->judged[i], model, "judge, pair %zu", i);
        cr_expect_str_eq(agreement->played[i], model, "run, pair %zu", i);
        cr_expect_str_eq(agreement->served[i], model, "serve, pair %zu", i);
        *refused += strncmp(model, "accepted", 8) != 0;
    }
}

Test(agreement, is_of_judge_run_serve_and_a_plain_model, .timeout = 110)
{
    static struct agreement agreement;
    struct id_source ids;
    size_t refused = 0;
    FILE *output;
    pid_t pid;
    char *line;

    id_source_init_seeded(&ids, ls_str_from("agreement"));
    for (size_t i = 0; i < CERTIFICATES; i++)
        make_certificate(&ids, &agreement.certificates[i]);
    for (size_t i = 0; i < TABLES; i++)
        make_table(&ids, &agreement.tables[i], i);
    strcpy(agreement.folder, "/tmp/lyncsim-agreement-"
                             "XX"
                             "XX"
                             "XX");
    cr_assert_not_null(mkdtemp(agreement.folder));
    agreement.scenario = write_scenario(&agreement, (int64_t)time(NULL) * 1000);
    write_files(&agreement);

    ask_model(&agreement);
    ask_run(&agreement);
    ask_judge(&agreement);
    ask_serve(&agreement);
    expect_agreement(&agreement, &refused);
    /* Neither everybody nor nobody gets in, or nothing was compared. */
    cr_expect(refused > PAIRS / 4 && refused < PAIRS - PAIRS / 20,
              "%zu of %d refused", refused, PAIRS);

    line = ls_strf("rm -rf '%s'", agreement.folder);
    output = start(&agreement, line, &pid);
    cr_expect_eq(finish(output, pid), 0);
    free(line);
    free(agreement.scenario);
    for (size_t i = 0; i < PAIRS; i++) {
        free(agreement.model[i]);
        free(agreement.judged[i]);
        free(agreement.played[i]);
        free(agreement.served[i]);
    }
}
