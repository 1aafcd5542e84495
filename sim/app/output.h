/*
 * Where does a report go? A file, opened before anything is played so that
 * one that cannot be written is known in time; "-" is standard output.
 */
#ifndef LYNCSIM_APP_OUTPUT_H
#define LYNCSIM_APP_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "lyncsim/str.h"

struct output {
    const char *file; /* borrowed; NULL: none was asked for */
    FILE *stream;
};

/* file may be NULL. False, and a sentence was written on standard error, when
 * it cannot be opened. */
bool output_open(struct output *output, const char *file);
/* What is written to none is dropped. */
void output_write(struct output *output, struct ls_str text);
/* False, and a sentence was written, when not everything got there. */
bool output_close(struct output *output);

/* All of it to a descriptor; false, and errno, when it does not get there. */
bool output_write_all(int descriptor, struct ls_str bytes);

#endif
