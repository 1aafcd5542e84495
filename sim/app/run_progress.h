/*
 * How far is it? One line at the bottom of a terminal while many scenarios
 * are played; nothing anywhere else.
 */
#ifndef LYNCSIM_APP_RUN_PROGRESS_H
#define LYNCSIM_APP_RUN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct run_progress {
    bool is_shown; /* there is a terminal and something to wait for */
    size_t total;
};

/* total scenarios, each played that often. */
void run_progress_init(struct run_progress *progress, size_t total,
                       unsigned repeats);
/* file is who comes next, or NULL: nobody. */
void run_progress_show(const struct run_progress *progress, size_t done,
                       size_t wrong, const char *file);
/* Before anything else is written. */
void run_progress_hide(const struct run_progress *progress);

#endif
