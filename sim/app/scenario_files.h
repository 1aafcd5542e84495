/*
 * Which scenarios were meant? Files and whole folders, all read and checked
 * before anything is played.
 */
#ifndef LYNCSIM_APP_SCENARIO_FILES_H
#define LYNCSIM_APP_SCENARIO_FILES_H

#include <stddef.h>

#include "lyncsim/app.h"
#include "lyncsim/scenario.h"

struct scenario_files {
    struct scenario **scenarios;
    size_t count;
    size_t capacity;
};

/* The names of files as given, and of the .yaml and .yml files in folders,
 * however deep, in order of name. */
struct file_names {
    char **names;
    size_t count;
    size_t capacity;
};

/* The result is APP_EXIT_OK or what the command ends with; a sentence was
 * written then. */
enum app_exit file_names_collect(struct file_names *files,
                                 const char *const *arguments, size_t count);
void file_names_clear(struct file_names *files);

/* Read and check them all; what is wrong is written to standard error. */
enum app_exit scenario_files_load(struct scenario_files *files,
                                  const struct file_names *names);
void scenario_files_clear(struct scenario_files *files);

#endif
