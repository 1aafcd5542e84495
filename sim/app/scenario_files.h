/*
 * Which scenarios were meant? Files and whole folders, all read and checked
 * before anything is played.
 */
#ifndef LYNCSIM_APP_SCENARIO_FILES_H
#define LYNCSIM_APP_SCENARIO_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/app.h"
#include "lyncsim/diag.h"
#include "lyncsim/scenario.h"

struct scenario_file {
    char *name;                /* as it is shown to people */
    struct scenario *scenario; /* NULL: it is faulty, or cannot be read */
    struct ls_diags faults;    /* of a text that is kept for them */
    char *text;
    char *unread; /* why it cannot be read: a sentence, or NULL */
};

struct scenario_files {
    struct scenario_file *items;
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

/* Read and check them all; what is wrong is written to standard error, and
 * kept for reports. */
enum app_exit scenario_files_load(struct scenario_files *files,
                                  const struct file_names *names);
/* Read a file again that has changed since. */
enum app_exit scenario_file_reload(struct scenario_file *file);
/* Forget those that keep says false of. */
void scenario_files_keep(struct scenario_files *files,
                         bool (*keep)(void *arg,
                                      const struct scenario_file *file),
                         void *arg);
/* Write their titles as JSON; all of them could be read. */
void scenario_files_list_json(const struct scenario_files *files);
void scenario_files_clear(struct scenario_files *files);

#endif
