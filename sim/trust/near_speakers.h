/*
 * How is a name of the table related to the names of a certificate that speak?
 */
#ifndef LYNCSIM_SIM_TRUST_NEAR_SPEAKERS_H
#define LYNCSIM_SIM_TRUST_NEAR_SPEAKERS_H

#include "lyncsim/near_miss.h"
#include "lyncsim/peer_identity.h"
#include "lyncsim/trust_verdict.h"

/* A certificate of a stranger may bring thousands of candidates. */
#define NEAR_SPEAKERS_MAX 8
/* No name of a host is longer (RFC 1035 2.3.4), a slip at its end or two
 * aside. */
#define NEAR_SPEAKER_MAX_BYTES 256

/* A name that speaks, prepared for comparison. */
struct near_speaker {
    struct ls_str text; /* borrowed, and so is name */
    const struct certificate_name *name;
    char *ascii; /* international form, or NULL */
};

struct near_speakers {
    struct near_speaker each[NEAR_SPEAKERS_MAX];
    size_t count;
    bool has_international;
    bool case_counts;
};

/* Those of the candidates that can be used. They must outlive it. */
void near_speakers_init(struct near_speakers *speakers,
                        const struct trust_policy *policy,
                        const struct peer_candidates *candidates);
void near_speakers_clear(struct near_speakers *speakers);

bool near_speaker_is_wildcard(const struct near_speaker *speaker);
/* The same but for blanks at their ends, which a slip of the hand leaves. */
bool near_speakers_differ_by_blanks(struct ls_str speaker, struct ls_str name);

/* By which of them name is a nearer miss than *kind, which then says how near;
 * NULL when by none. */
const struct near_speaker *
near_speakers_relate(const struct near_speakers *speakers, struct ls_str name,
                     enum near_miss_kind *kind);

#endif
