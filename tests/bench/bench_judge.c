/*
 * The tool without a server: judging one certificate as a process, and as
 * often as it can be done inside one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_facts.h"
#include "lyncsim/credential.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/topology.h"
#include "lyncsim/trust_verdict.h"

#include "bench_measure.h"

#define PROCESSES 15
#define VERDICTS 20000

static void become_judge(const struct bench_lab *lab)
{
    const struct bench_files *files = &lab->files[BENCH_RSA];
    const char *program = bench_peer_ours();
    int nothing = open("/dev/null", O_WRONLY);

    dup2(nothing, STDOUT_FILENO);
    execl(program, program, "judge", "--topology", lab->topology, "--ca",
          files->authority, files->known, (char *)NULL);
    _exit(127);
}

static void judge_as_process(struct bench *bench)
{
    double each[PROCESSES];

    for (unsigned i = 0; i < PROCESSES; i++) {
        uint64_t began_ns = bench_now_ns();
        int status = -1;
        pid_t pid = fork();

        if (pid == 0)
            become_judge(&bench->lab);
        waitpid(pid, &status, 0);
        each[i] = (double)(bench_now_ns() - began_ns) / 1e6;
        bench->figures.failures[BENCH_LYNCSIM] += status != 0;
    }
    bench_figures_note(&bench->figures, JUDGE, BENCH_LYNCSIM,
                       bench_median(each, PROCESSES));
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "r");
    char text[16384];
    size_t length = file ? fread(text, 1, sizeof text, file) : 0;

    if (file)
        fclose(file);
    return ls_str_dup(ls_str_from_bytes(text, length));
}

/* Thousands of verdicts a second about one certificate. */
static double judge_inside(struct bench *bench, const char *path,
                           enum trust_outcome outcome)
{
    struct topology *topology = topology_new();
    char *why = NULL, *text = read_all(path);
    struct pool *pool =
        topology_add_pool(topology, ls_str_from("cas.contoso.com"), &why);
    struct known_servers *known = known_servers_new(topology);
    struct credential *shown =
        credential_parse(ls_str_from(text), (struct ls_str){0}, NULL, &why);
    struct trust_policy policy = {
        .rule = identity_rule_default(), .known = known, .topology = topology};
    struct trust_evidence evidence = {.leaf = credential_facts(shown),
                                      .tls_version = "TLSv1.2",
                                      .at_s = time(NULL)};
    uint64_t began_ns = bench_now_ns();
    double per_s;

    (void)pool;
    for (unsigned i = 0; i < VERDICTS; i++) {
        struct trust_verdict verdict = {0};

        trust_verdict_decide(&verdict, &policy, &evidence);
        bench->figures.failures[BENCH_LYNCSIM] += verdict.outcome != outcome;
        trust_verdict_clear(&verdict);
    }
    per_s = VERDICTS / ((double)(bench_now_ns() - began_ns) / 1e9);
    credential_free(shown);
    known_servers_free(known);
    topology_free(topology);
    free(text);
    return per_s / 1000;
}

void bench_judge(struct bench *bench)
{
    const struct bench_files *files = &bench->lab.files[BENCH_RSA];

    judge_as_process(bench);
    bench_figures_note(&bench->figures, ACCEPTS, BENCH_LYNCSIM,
                       judge_inside(bench, files->known, TRUST_ACCEPTED));
    bench_figures_note(&bench->figures, REFUSES, BENCH_LYNCSIM,
                       judge_inside(bench, files->unknown, TRUST_REFUSED));
}
