/*
 * The front door: finds the subcommand and hands the arguments to it.
 */
#include "lyncsim/app.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"

typedef int(app_command_fn)(int argc, char **argv);

struct app_command {
    const char *name;
    const char *summary;
    app_command_fn *run;
};

static app_command_fn run_help;
static app_command_fn run_version;

static const struct app_command app_commands[] = {
    {"help", "what the commands are and how they are used", run_help},
    {"version", "which release this is", run_version},
};

/* assert() has written its sentence by now; what is left is the exit code. */
static void on_abort(int number)
{
    (void)number;
    _exit(APP_EXIT_INTERNAL);
}

static int run_help(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    printf("usage: lyncsim COMMAND [ARGUMENT...]\n\n");
    for (size_t i = 0; i < LS_COUNT(app_commands); i++)
        printf("  %-10s %s\n", app_commands[i].name, app_commands[i].summary);
    return APP_EXIT_OK;
}

static int run_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    printf("lyncsim %s\n", LYNCSIM_VERSION);
    return APP_EXIT_OK;
}

int app_main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "help";

    signal(SIGABRT, on_abort);
    for (size_t i = 0; i < LS_COUNT(app_commands); i++)
        if (strcmp(app_commands[i].name, name) == 0)
            return app_commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "lyncsim: there is no command \"%s\"\n", name);
    return APP_EXIT_USAGE;
}
