/*
 * Why did the product say no? The ErrorIds that travel in ms-diagnostics,
 * each with its status, its wording in the document and on the wire, and
 * where both are known from.
 */
#ifndef LYNCSIM_MS_DIAGNOSTICS_H
#define LYNCSIM_MS_DIAGNOSTICS_H

#include <stddef.h>

#include "lyncsim/front_end.h"
#include "lyncsim/sip_answer.h"

struct ms_diagnostic {
    unsigned id;
    int status;           /* of the response it usually comes with */
    const char *document; /* the sentence of the document, or NULL */
    const char *wire;     /* the sentence seen on the wire, or NULL */
    const char *source;   /* where they stand; "memory" where nobody can look
                             it up */
};

/* NULL for an id that is not known. */
const struct ms_diagnostic *ms_diagnostic_find(unsigned id);
const struct ms_diagnostic *ms_diagnostic_at(size_t index);

/* The wording of a version: 2010 as documented, later ones as on the wire,
 * where there is a difference. */
const char *ms_diagnostic_reason(const struct ms_diagnostic *diagnostic,
                                 enum product_version version);

/* Answer a request with the status of an id and its ms-diagnostics header;
 * more is further parameters (";a=\"b\""), or "". */
void ms_diagnostic_answer(const struct sip_request *request, unsigned id,
                          const char *more);
/* The same with another status. */
void ms_diagnostic_answer_status(const struct sip_request *request, int status,
                                 unsigned id, const char *more);
/* Add the header alone; nobody outside the enterprise may see it. */
void ms_diagnostic_add(struct ls_buf *place, const struct front_end *front_end,
                       unsigned id, const char *more);

#endif
