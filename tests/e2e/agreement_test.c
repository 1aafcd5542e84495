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

#include "lyncsim/alloc.h"

#include "agreement_lab.h"

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
                      i, table->rule, agreement_names_text(table),
                      agreement_cn_text(table));
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
    char *line =
        ls_strf("'%s' serve --json --listen 127.0.0.1:0 --certificate fe.pem "
                "--key fe.key --ca lab.pem --topology 'agreement.yaml#t%zu' "
                "--rule %s --names %s --cn %s",
                LYNCSIM_BINARY, index, table->rule, agreement_names_text(table),
                agreement_cn_text(table));
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
    agreement_lab_make(&agreement, &ids, (int64_t)time(NULL) * 1000);
    strcpy(agreement.folder, "/tmp/lyncsim-agreement-"
                             "XX"
                             "XX"
                             "XX");
    cr_assert_not_null(mkdtemp(agreement.folder));
    agreement_lab_write(&agreement);

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
