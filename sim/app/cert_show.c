/*
 * What does a certificate say, and what about it is worth knowing?
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_report.h"
#include "lyncsim/scenario_settings.h"

#include "cert_live.h"
#include "cert_options.h"
#include "command.h"
#include "policy_options.h"

/* What is being shown, one entry a certificate. */
struct showing {
    const struct options *options;
    struct trust_anchors *anchors; /* or NULL */
    struct known_servers *known;   /* or NULL */
    struct scenario_front_end settings;
    int64_t at_s;
    struct shown_certificate *items;
    size_t count;
    size_t capacity;
    enum app_exit code;
};

/* "host:5061", and no file of that name. */
static bool is_server(const char *argument)
{
    const char *colon = strrchr(argument, ':');
    uint64_t port;

    return colon != NULL && ls_str_to_u64(ls_str_from(colon + 1), &port) &&
           access(argument, F_OK) != 0;
}

/* By name and date; the chain is a matter of findings. */
static struct trust_verdict *decide(const struct showing *showing,
                                    const struct credential *credential)
{
    struct trust_policy policy = scenario_settings_policy(&showing->settings);
    const struct trust_evidence evidence = {
        .leaf = credential_facts(credential), .at_s = showing->at_s};
    struct trust_verdict *verdict = ls_alloc(sizeof *verdict);

    policy.known = showing->known;
    trust_verdict_decide(verdict, &policy, &evidence);
    return verdict;
}

static void show_one(struct showing *showing, const char *file)
{
    enum app_exit code;
    struct staple_report *staple = NULL;
    bool is_live = is_server(file);
    struct credential *credential =
        is_live ? cert_live_load(showing->options, file, &code)
                : cert_options_load(showing->options, file, &code);
    struct certificate_findings *findings;

    if (credential == NULL) {
        showing->code = code;
        return;
    }
    if (is_live) {
        staple = ls_alloc(sizeof *staple);
        *staple = trust_anchors_judge_staple(
            showing->anchors, credential_staple(credential),
            credential_leaf(credential), credential_chain(credential),
            showing->at_s);
    }
    findings = ls_alloc(sizeof *findings);
    certificate_findings_find(findings, credential, showing->anchors,
                              showing->at_s);
    LS_GROW(showing->items, showing->count, showing->capacity);
    showing->items[showing->count++] = (struct shown_certificate){
        .file = ls_strdup(file),
        .credential = credential,
        .findings = findings,
        .at_s = showing->at_s,
        .staple = staple,
        .verdict = showing->known != NULL ? decide(showing, credential) : NULL,
    };
}

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Every file of a directory that may hold a certificate, in order. */
static bool show_directory(struct showing *showing, const char *directory)
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_file, alphasort);

    for (int i = 0; i < count; i++) {
        char *path = ls_strf("%s/%s", directory, entries[i]->d_name);
        struct stat status;

        if (stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
            !ls_str_ends_with(ls_str_from(path), ".key"))
            show_one(showing, path);
        free(path);
        free(entries[i]);
    }
    free(entries);
    return count >= 0;
}

static void show(struct showing *showing, const char *argument)
{
    struct stat status;

    if (strcmp(argument, "-") != 0 && stat(argument, &status) == 0 &&
        S_ISDIR(status.st_mode)) {
        if (!show_directory(showing, argument)) {
            command_complain("%s cannot be read", argument);
            showing->code = APP_EXIT_UNABLE;
        }
        return;
    }
    show_one(showing, argument);
}

/* Whether a finding is as grave as --fail-on asks. */
static bool is_failed(const struct showing *showing)
{
    const char *limit = options_text(showing->options, OPTION_FAIL_ON);
    enum finding_severity least = FINDING_NOTE;

    if (limit == NULL)
        return false;
    while (strcmp(finding_severity_text(least), limit) != 0)
        least++;
    for (size_t i = 0; i < showing->count; i++)
        for (size_t j = 0; j < showing->items[i].findings->count; j++)
            if (finding_kind_of(showing->items[i].findings->items[j].id)
                    ->severity >= least)
                return true;
    return false;
}

static void print(const struct showing *showing)
{
    struct ls_buf text = {0};

    if (options_has(showing->options, OPTION_JSON))
        certificate_report_print_json(showing->items, showing->count, &text);
    else if (!options_has(showing->options, OPTION_QUIET))
        for (size_t i = 0; i < showing->count; i++)
            certificate_report_print(&showing->items[i], &text);
    command_print(stdout, &text);
}

static void clear(struct showing *showing)
{
    for (size_t i = 0; i < showing->count; i++) {
        struct shown_certificate *shown = &showing->items[i];

        certificate_findings_clear(
            (struct certificate_findings *)shown->findings);
        free((void *)shown->findings);
        free((void *)shown->file);
        free((void *)shown->staple);
        if (shown->verdict != NULL)
            trust_verdict_clear((struct trust_verdict *)shown->verdict);
        free((void *)shown->verdict);
        credential_free((struct credential *)shown->credential);
    }
    free(showing->items);
    known_servers_free(showing->known);
    trust_anchors_free(showing->anchors);
}

static int run(const struct options *options)
{
    struct showing showing = {.options = options,
                              .at_s = cert_options_at(options)};
    enum app_exit code;

    showing.anchors = cert_options_anchors(options, &code);
    if (code == APP_EXIT_OK)
        showing.known = cert_options_known(options, &code);
    if (code != APP_EXIT_OK) {
        clear(&showing);
        return (int)code;
    }
    policy_options_read(options, &showing.settings);
    for (size_t i = 0; i < options->argument_count; i++)
        show(&showing, options->arguments[i]);
    print(&showing);
    if (showing.code == APP_EXIT_OK && is_failed(&showing))
        showing.code = APP_EXIT_NO;
    clear(&showing);
    return (int)showing.code;
}

static const enum option_id cert_show_options[] = {
    OPTION_TOPOLOGY,    OPTION_INTERFACE, OPTION_RULE,          OPTION_NAMES,
    OPTION_CN,          OPTION_CA,        OPTION_CRL,           OPTION_AT,
    OPTION_CERTIFICATE, OPTION_KEY,       OPTION_PASSWORD_FILE, OPTION_TIMEOUT,
    OPTION_FAIL_ON,     OPTION_END,
};

const struct command cert_show_command = {
    .name = "cert show",
    .arguments = "FILE|DIRECTORY|HOST:PORT...",
    .summary = "what does a certificate say that matters between servers?",
    .details =
        "FILE is PEM, DER, PKCS#12 or PKCS#7; HOST:PORT is a live server,\n"
        "which is shown --certificate. Shown are the names and which\n"
        "of them speaks by each identity rule, what it may be used for, the\n"
        "days left, and findings with stable ids. With --fail-on the exit\n"
        "code is 1 when there is a finding as grave as that. With --topology\n"
        "it is said whether the Front End would know it, too.\n",
    .options = cert_show_options,
    .argument_min = 1,
    .argument_max = SIZE_MAX,
    .run = run,
};
