/*
 * What is a subcommand? A name, what it takes, what it does: one file and one
 * row in the table of app.c each.
 */
#ifndef LYNCSIM_APP_COMMAND_H
#define LYNCSIM_APP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lyncsim/app.h"
#include "lyncsim/buf.h"

#include "options.h"

struct command {
    const char *name;              /* "judge"; of two words: "cert mint" */
    const char *arguments;         /* "CERT..."; "" when there are none */
    const char *summary;           /* one line, a question or what is done */
    const char *details;           /* more for --help: whole lines; or NULL */
    const enum option_id *options; /* ends with OPTION_END; NULL: none */
    const enum option_id *many;    /* those that may be repeated on this command
                                      alone; the same */
    bool takes_all_rules;          /* --rule all */
    size_t argument_min;
    size_t argument_max; /* SIZE_MAX: any number */
    /* The result is the exit code, an enum app_exit. */
    int (*run)(const struct options *options);
};

extern const struct command cert_diff_command;
extern const struct command cert_faults_command;
extern const struct command cert_mint_command;
extern const struct command cert_show_command;
extern const struct command check_command;
extern const struct command connect_command;
extern const struct command help_command;
extern const struct command judge_command;
extern const struct command run_command;
extern const struct command serve_command;
extern const struct command teach_command;
extern const struct command topology_diff_command;
extern const struct command topology_import_command;
extern const struct command topology_show_command;
extern const struct command trace_explain_command;
extern const struct command version_command;

/* The table; in the order of help. */
extern const struct command *const commands[];
extern const size_t command_count;

/* Write text, which is empty afterwards, and send it on its way. */
void command_print(FILE *stream, struct ls_buf *text);
/* One sentence on standard error, "lyncsim: …". */
void command_complain(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/* For connections in real time. Owned by the caller. NULL, and a sentence on
 * standard error, when it cannot be had. */
struct net_loop *command_loop(void);

#endif
