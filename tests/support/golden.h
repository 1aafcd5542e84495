/*
 * Is a text still, byte for byte, what tests/golden says it is?
 */
#ifndef LYNCSIM_TESTS_GOLDEN_H
#define LYNCSIM_TESTS_GOLDEN_H

#include <stdbool.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

/* Fail the running test, and show the difference, unless actual is the content
 * of tests/golden/NAME. With LYNCSIM_UPDATE_GOLDEN set in the environment the
 * file is written instead: look at the difference before committing it. */
void golden_expect(const char *name, struct ls_str actual);

/* Append what turns expected into actual as a unified diff with one hunk;
 * nothing when they are equal. */
void golden_diff(const char *name, struct ls_str expected, struct ls_str actual,
                 struct ls_buf *out);

/* Append a file's content; false when it cannot be read. */
bool golden_read_file(const char *path, struct ls_buf *out);
/* The same as a text, owned by the caller; the test fails without it. */
char *golden_read_text(const char *path);

#endif
