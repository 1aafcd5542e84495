/*
 * What did the users of OWA see, and what became of what they said? As part
 * of a story, of a JSON object and of a page.
 */
#ifndef LYNCSIM_REPORT_OWA_REPORT_H
#define LYNCSIM_REPORT_OWA_REPORT_H

#include <jansson.h>

#include "lyncsim/scenario_result.h"

#include "page.h"

/* What a peer's users are in a sentence: "sip:a@b.c", "3 users". Owned by the
 * caller. */
char *owa_report_users(const struct scenario_peer *peer);

/* Nothing where no user was to be signed in. */
void owa_report_tell(struct page *page, const struct step_result *result);
void owa_report_html(struct ls_buf *out, const struct step_result *result);
/* Owned by the caller. */
json_t *owa_report_json(const struct step_result *result);

#endif
