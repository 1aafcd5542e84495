/*
 * What is in the file the user named? "-" is standard input.
 */
#ifndef LYNCSIM_APP_INPUT_H
#define LYNCSIM_APP_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/app.h"
#include "lyncsim/scenario.h"
#include "lyncsim/str.h"

/* Larger inputs are refused: nobody means to judge a disk image. */
#define INPUT_MAX_BYTES (64u * 1024 * 1024)

/* The whole content, NUL-terminated besides, owned by the caller. NULL and a
 * sentence in *why, owned by the caller, when it cannot be read. */
char *input_read(const char *file, size_t *length, char **why);
/* What to exit with after that, by the length it left: a file that is too
 * large is wrong, every other could not be read. */
enum app_exit input_code(size_t length);
/* The same for who has no more to say: NULL after a complaint, and *code. */
char *input_load(const char *file, size_t *length, enum app_exit *code);

/* Whether whoever reads it may have to wait for somebody who writes: a pipe, a
 * terminal, standard input. */
bool input_may_wait(const char *file);

/* The name to show in messages: "-" is "<standard input>". */
const char *input_name(const char *file);

/* The files that a scenario extends. */
extern const struct scenario_loader input_loader;

#endif
