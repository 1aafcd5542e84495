/*
 * What changed between two certificates, and who will notice? The release
 * engineer's question before one takes the other's place.
 */
#ifndef LYNCSIM_CERTIFICATE_DIFF_H
#define LYNCSIM_CERTIFICATE_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/certificate_facts.h"

/* What a change of a field means by itself. */
enum diff_weight {
    DIFF_RENEWAL,     /* what every renewal changes: serial, dates, key */
    DIFF_NOTABLE,     /* worth knowing: another digest, a name more */
    DIFF_CONSEQUENCE, /* somebody may be refused: a name less, another issuer */
};
/* "renewal", "notable", "consequence". */
const char *diff_weight_text(enum diff_weight weight);

struct diff_field {
    const char *field; /* static: "subject", "san.dns" */
    char *before;      /* escaped; NULL: was not there */
    char *after;       /* NULL: is no longer there */
    enum diff_weight weight;
    const char *why; /* static, a sentence; or NULL */
};

struct certificate_diff {
    struct diff_field *fields; /* only those that differ */
    size_t count;
    size_t capacity;
    enum diff_weight weight; /* the gravest of them */
};

/* Compare; facts are borrowed for the call. The caller clears the diff. */
void certificate_diff_make(struct certificate_diff *diff,
                           const struct certificate_facts *before,
                           const struct certificate_facts *after);
void certificate_diff_clear(struct certificate_diff *diff);

#endif
