/*
 * What is wrong with a text a person wrote: file, line, column, sentence, the
 * source line with a caret, and what to write instead where it can be known.
 * All faults are collected; nothing stops at the first.
 */
#ifndef LYNCSIM_DIAG_H
#define LYNCSIM_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

/* A place in the text; lines and columns count from 1, width in characters
 * (0 is taken as 1). Line 0 is the file as a whole. */
struct ls_place {
    unsigned line;
    unsigned column;
    unsigned width;
};

struct ls_diag {
    struct ls_place place;
    char *sentence;
    char *hint; /* what to write instead, or NULL */
};

/* More than these are counted only: nobody reads on, and a hostile file must
 * not cost its size squared. */
#define LS_DIAGS_MAX 100

struct ls_diags {
    /* Where a key that is unknown in its place belongs: a sentence, owned by
     * the caller, or NULL. NULL where nobody knows. */
    char *(*home_of_key)(struct ls_str key);
    char *file;         /* as the user named it */
    struct ls_str text; /* borrowed; must outlive the printing */
    struct ls_diag *items;
    size_t count;
    size_t capacity;
    size_t more; /* faults beyond LS_DIAGS_MAX */
};

/* text is borrowed. */
void ls_diags_init(struct ls_diags *diags, const char *file,
                   struct ls_str text);
void ls_diags_clear(struct ls_diags *diags);

/* hint is a sentence or NULL. Where the place holds what an editor for letters
 * makes of quotes, dashes and blanks, that is the hint. */
void ls_diags_add(struct ls_diags *diags, struct ls_place place,
                  const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* How many faults were found, those that are counted only among them: what
 * grows whenever one is added, as count alone does not. */
static inline size_t ls_diags_fault_count(const struct ls_diags *diags)
{
    return diags->count + diags->more;
}

/* Whether one more would only be counted: then a hint that takes long to find
 * need not be looked for. */
static inline bool ls_diags_are_full(const struct ls_diags *diags)
{
    return diags->count >= LS_DIAGS_MAX;
}

/* The faults in order of place, diags->count of them: the array is owned by
 * the caller, what it points to is borrowed. */
const struct ls_diag **ls_diags_in_order(const struct ls_diags *diags);

/* Append every fault in order of place:
 *   FILE:LINE:COLUMN: SENTENCE
 *     SOURCE LINE
 *     ^~~~
 *     HINT
 */
void ls_diags_print(const struct ls_diags *diags, struct ls_buf *out);

/* Append the line of text where place is, and below it a line with carets
 * under the place; column 0: without. Both are indented by two. */
void ls_source_print(struct ls_str text, struct ls_place place,
                     struct ls_buf *out);

/* The candidate nearest to text by edit distance, when it is near enough to be
 * what was meant; NULL otherwise. Candidates are borrowed. */
const char *ls_nearest(struct ls_str text, const char *const *candidates,
                       size_t count);

#endif
