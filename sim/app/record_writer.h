/*
 * Who waits for a disk, a terminal or a pipe? A thread of its own, that writes
 * what it is handed in the order in which it came. Whoever hands it over never
 * waits, and looks at how much there is.
 */
#ifndef LYNCSIM_APP_RECORD_WRITER_H
#define LYNCSIM_APP_RECORD_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

#include "record_file.h"

/* Bytes that wait to be written, above which the peers are not read from until
 * half of them have been; and that for which nothing more is kept. */
#define RECORDS_HIGH_BYTES (16u * 1024 * 1024)
#define RECORDS_MAX_BYTES (64u * 1024 * 1024)
/* Bytes wait in two places where several loops serve. When the last of them
 * falls to this, it is half in all: then whoever waits is told. */
#define RECORDS_LOW_BYTES (RECORDS_HIGH_BYTES / 4)

struct record_writer;

/* Owned by the caller. NULL, and a sentence on standard error, when there is
 * no thread to be had. */
struct record_writer *record_writer_new(void);
/* relieved is called in the writer's thread each time that little is left to
 * be written of more; NULL: nobody waits for that any more. */
void record_writer_on_relieved(struct record_writer *writer,
                               void (*relieved)(void *arg), void *arg);
/* Write these whole records, which are copied, to file; borrowed, and but for
 * its name the writer's alone until that is free. One without a name was not
 * asked for: nothing is done. By one thread at a time. */
void record_writer_put(struct record_writer *writer, struct record_file *file,
                       struct ls_str records);
/* The same, but the records are not copied: they leave with their memory, and
 * the buffer is empty, with that of others that are written. */
void record_writer_swap(struct record_writer *writer, struct record_file *file,
                        struct ls_buf *records);
/* Open file anew where another has its name by now. */
void record_writer_renew(struct record_writer *writer,
                         struct record_file *file);
/* Bytes that it has and has not written. */
size_t record_writer_waiting(const struct record_writer *writer);
/* Wait until all is written; false when that takes longer than patience_ms:
 * then it still has the files, and ends with the program. */
bool record_writer_free(struct record_writer *writer, unsigned patience_ms);

#endif
