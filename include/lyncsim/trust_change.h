/*
 * What is the smallest set of changes that lets every certificate in under
 * every topology? Certificates are reissued, names are added to topologies.
 */
#ifndef LYNCSIM_TRUST_CHANGE_H
#define LYNCSIM_TRUST_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/topology_edit.h"
#include "lyncsim/trust_verdict.h"

/* Everything is borrowed. */
struct trust_change_ground {
    const struct trust_policy *policy; /* its tables are not looked at */
    const struct trust_evidence *evidences;
    const char *const *certificate_names;
    size_t certificate_count;
    struct topology *const *topologies;
    const char *const *topology_names;
    size_t topology_count;
};

struct trust_change {
    char *text;                  /* a sentence */
    bool is_reissue;             /* of a certificate; else of a topology */
    size_t index;                /* which one */
    char *subject_cn;            /* of a reissue: its name, also as dNSName */
    struct topology_edit *edits; /* of a topology */
    size_t edit_count;
};

struct trust_changes {
    struct trust_change *items;
    size_t count;
    size_t unsolved;   /* refusals that no change of these kinds mends */
    bool *is_unsolved; /* a certificate's topologies, then the next */
    bool is_smallest;  /* every combination was looked at */
};

/* changes is the caller's to clear. */
void trust_changes_find(struct trust_changes *changes,
                        const struct trust_change_ground *ground);
void trust_changes_clear(struct trust_changes *changes);

#endif
