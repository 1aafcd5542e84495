/*
 * What becomes of a record where it cannot be written? A file that grows by
 * whole records and outlives a full disk: what did not fit is missing as a
 * whole, is said so once, and writing goes on when there is room again.
 */
#ifndef LYNCSIM_APP_RECORD_FILE_H
#define LYNCSIM_APP_RECORD_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/str.h"

struct record_file {
    const char *file; /* borrowed; NULL: none was asked for */
    int fd;
    bool is_private;
    bool is_failing;
    uint64_t lost_bytes;
};

/* file may be NULL, or "-" for standard output; one that is private is for
 * nobody else's eyes. False, and a sentence was written on standard error,
 * when it cannot be opened. */
bool record_file_open(struct record_file *output, const char *file,
                      bool is_private);
/* Whole records, on their way when this returns. */
void record_file_write(struct record_file *output, struct ls_str records);
/* Whoever keeps logs has given the file another name, or taken it away: open
 * it anew. Where that cannot be, a sentence says so and the old one goes on. */
void record_file_renew(struct record_file *output);
/* False, and a sentence was written, when not everything got there. */
bool record_file_close(struct record_file *output);

#endif
