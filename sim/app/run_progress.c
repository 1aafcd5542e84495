/*
 * A line that is written over.
 */
#include "run_progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/story.h"

#include "command.h"

/* The line must not wrap: only one is taken back. */
#define FILE_COLUMNS 40

void run_progress_init(struct run_progress *progress, size_t total,
                       unsigned repeats)
{
    const char *terminal = getenv("TERM");

    progress->total = total;
    progress->is_shown = (total > 1 || repeats > 1) && isatty(STDERR_FILENO) &&
                         (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

/* Its end tells files apart. */
static void add_file(struct ls_buf *line, const char *file)
{
    struct ls_buf safe = {0};
    struct ls_str text;

    story_add_safe(&safe, file);
    text = ls_buf_str(&safe);
    if (text.length > FILE_COLUMNS) {
        text = ls_str_skip(text, text.length - FILE_COLUMNS);
        while (text.length > 0 && ls_str_utf8_length(text) == 0)
            text = ls_str_skip(text, 1);
        ls_buf_add_text(line, "...");
    }
    ls_buf_add(line, text);
    ls_buf_clear(&safe);
}

void run_progress_show(const struct run_progress *progress, size_t done,
                       size_t wrong, const char *file)
{
    struct ls_buf line = {0};

    if (!progress->is_shown || file == NULL)
        return;
    ls_buf_printf(&line, "%zu of %zu played", done, progress->total);
    if (wrong > 0)
        ls_buf_printf(&line, ", %zu not as expected", wrong);
    ls_buf_add_text(&line, "; ");
    add_file(&line, file);
    command_print(stderr, &line);
}

void run_progress_hide(const struct run_progress *progress)
{
    struct ls_buf line = {0};

    if (!progress->is_shown)
        return;
    ls_buf_add_text(&line, "\r\033[K");
    command_print(stderr, &line);
}
