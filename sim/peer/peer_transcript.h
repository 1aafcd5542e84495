/*
 * What was said over a peer's connection? Kept for reports.
 */
#ifndef LYNCSIM_PEER_TRANSCRIPT_H
#define LYNCSIM_PEER_TRANSCRIPT_H

#include "lyncsim/buf.h"

/* What is too much is left out. direction: "--> " or "<-- ". */
void peer_transcript_add(struct ls_buf *transcript, const char *direction,
                         struct ls_str bytes);

#endif
