/*
 * The columns that step and verdict share.
 */
#ifndef LYNCSIM_REPORT_STORY_INTERNAL_H
#define LYNCSIM_REPORT_STORY_INTERNAL_H

#include "lyncsim/story.h"

#include "page.h"

/* A label begins here; what it labels begins there. */
#define STORY_LABEL 3
#define STORY_TEXT 16

/* Begin a labelled line: the cursor is at STORY_TEXT afterwards. */
void story_label(struct page *page, const char *label);
/* A label for the lines that follow. */
void story_label_alone(struct page *page, const char *label);
/* A labelled text, wrapped. */
void story_say(struct page *page, const char *label, const char *text);

/* Which of the names was looked up; verdict may be NULL. Their number: none. */
size_t story_speaker(const struct trust_verdict *verdict,
                     const struct certificate_facts *facts);
/* Is that name among those shown, where so many are: the first, and whichever
 * speaks? */
bool story_is_shown(size_t index, size_t speaker, size_t count);
/* "subject CN", "SAN", … */
const char *story_source_label(enum name_source source);

/* What a step does, as a sentence; owned by the caller. */
char *story_describe(const struct scenario_step *step);

/* How it ended for the peer: "closed-after-handshake, TLSv1.2; EOF". Owned by
 * the caller. */
char *story_peer_end(const struct step_result *result);
/* What a case sets for itself, "rule cn-only, names sensitive", or NULL; owned
 * by the caller. */
char *story_settings(const struct scenario_step *step);
/* Append what failed in a step, as it is written in the file. */
void story_failures(const struct scenario_result *scenario,
                    const struct step_result *result, struct ls_buf *out);

/* The parts of a verdict, in the order they are told. */
void story_certificate(struct page *page, const struct trust_verdict *verdict,
                       const struct certificate_facts *facts);
void story_verdict(struct page *page, const struct trust_verdict *verdict);
void story_proof(struct page *page, const struct trust_verdict *verdict,
                 bool verbose);
void story_ways_out(struct page *page, const struct trust_verdict *verdict,
                    bool verbose);

#endif
