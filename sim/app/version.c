/*
 * Which release is this?
 */
#include <stdio.h>

#include "command.h"

static int run(const struct options *options)
{
    if (options_has(options, OPTION_JSON))
        printf("{\"version\":\"%s\"}\n", LYNCSIM_VERSION);
    else
        printf("lyncsim %s\n", LYNCSIM_VERSION);
    return APP_EXIT_OK;
}

const struct command version_command = {
    .name = "version",
    .arguments = "",
    .summary = "which release this is",
    .run = run,
};
