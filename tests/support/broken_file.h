/*
 * Is a scenario file that is broken refused with the right fault?
 */
#ifndef SUPPORT_BROKEN_FILE_H
#define SUPPORT_BROKEN_FILE_H

#include <stddef.h>

struct broken_file {
    const char *label;
    const char *text;
    unsigned line, column;
    const char *sentence;
    const char *hint; /* what it begins with, or NULL */
    size_t count;     /* of the faults in all */
};

/* One of its faults is that of the row, and there are as many as it says. */
void broken_file_expect(const struct broken_file *file);
/* The same of a text that holds a NUL. */
void broken_file_expect_bytes(const struct broken_file *file, size_t bytes);

#endif
