/*
 * What are the commands, and how is one used?
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/diag.h"
#include "lyncsim/help_report.h"
#include "lyncsim/scenario_reference.h"

#include "command.h"
#include "help_man.h"

static const char exit_codes[] =
    "Exit codes: 0 as expected, accepted; 1 an expectation failed, refused;\n"
    "2 usage or input file wrong; 3 could not run; 4 our own fault.\n";

static void list_commands(const char *family, struct ls_buf *out)
{
    size_t length = strlen(family);

    for (size_t i = 0; i < command_count; i++)
        if (strncmp(commands[i]->name, family, length) == 0)
            ls_buf_printf(out, "  %-16s %s\n", commands[i]->name,
                          commands[i]->summary);
}

static void describe_all(struct ls_buf *out)
{
    ls_buf_add_text(out,
                    "lyncsim: a mock Lync Front End that says why it refuses "
                    "a server's certificate\n\n"
                    "usage: lyncsim COMMAND [OPTION...] [ARGUMENT...]\n\n");
    list_commands("", out);
    ls_buf_printf(out,
                  "\nlyncsim help COMMAND tells more; lyncsim help scenario "
                  "tells what a\nscenario file may say, and lyncsim help "
                  "scenario schema what editors read;\nlyncsim help man is "
                  "the manual page.\n\n%s",
                  exit_codes);
}

static void describe_command(const struct command *command, struct ls_buf *out)
{
    ls_buf_printf(out, "usage: lyncsim %s [OPTION...]%s%s\n\n%s\n",
                  command->name, *command->arguments ? " " : "",
                  command->arguments, command->summary);
    if (command->details != NULL)
        ls_buf_printf(out, "\n%s", command->details);
    ls_buf_add_text(out, "\n");
    options_describe(command, out);
    ls_buf_printf(out, "\n%s", exit_codes);
}

/* The language of scenario files, the command, or the commands that begin
 * with that word. */
static bool describe_topic(const char *topic, struct ls_buf *out)
{
    char *family = ls_strf("%s ", topic);

    if (strcmp(topic, "scenario") == 0)
        scenario_reference_text(out);
    if (strcmp(topic, "scenario schema") == 0)
        scenario_reference_schema(out);
    if (strcmp(topic, "man") == 0)
        help_man_print(out);
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i]->name, topic) == 0)
            describe_command(commands[i], out);
    if (out->length == 0)
        list_commands(family, out);
    free(family);
    return out->length > 0;
}

static char *topic_of(const struct options *options)
{
    if (options->argument_count == 2)
        return ls_strf("%s %s", options->arguments[0], options->arguments[1]);
    return ls_strdup(options->arguments[0]);
}

static void refuse_topic(const char *topic)
{
    const char **names = ls_alloc_array(command_count, sizeof *names);
    const char *nearest;

    for (size_t i = 0; i < command_count; i++)
        names[i] = commands[i]->name;
    nearest = ls_nearest(ls_str_from(topic), names, command_count);
    if (nearest != NULL)
        command_complain("there is no help for \"%s\"; did you mean \"%s\"?",
                         topic, nearest);
    else
        command_complain("there is no help for \"%s\"; see lyncsim help",
                         topic);
    free(names);
}

static int run(const struct options *options)
{
    struct ls_buf out = {0};
    char *topic = options->argument_count > 0 ? topic_of(options) : NULL;
    bool known = true;

    if (topic == NULL)
        describe_all(&out);
    else
        known = describe_topic(topic, &out);
    if (known && options_has(options, OPTION_JSON))
        help_report_json(topic, &out);
    if (known)
        command_print(stdout, &out);
    else
        refuse_topic(topic);
    free(topic);
    ls_buf_clear(&out);
    return known ? APP_EXIT_OK : APP_EXIT_USAGE;
}

const struct command help_command = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "what the commands are and how they are used",
    .argument_max = 2,
    .run = run,
};
