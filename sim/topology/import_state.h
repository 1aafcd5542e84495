/*
 * What has an import gathered so far? Seen by its own files only.
 */
#ifndef LYNCSIM_TOPOLOGY_IMPORT_STATE_H
#define LYNCSIM_TOPOLOGY_IMPORT_STATE_H

#include "lyncsim/topology.h"

#include "import.h"

struct import_tally_row;

struct topology_import {
    enum topology_export kind;
    bool is_draft;
    struct ls_diags *diags; /* while a file is read */
    bool is_as_given;       /* the text's lines are those of the file */
    struct import_pool *pools;
    struct import_tally_row *tally;
    size_t untallied;
    char **notes;
    size_t note_count;
    size_t note_capacity;
    size_t unnoted;
};

/* Add all pools to the topology, with a note on each that is none; they are
 * gone afterwards. */
void import_pools_finish(struct topology_import *import,
                         struct topology *topology);
void import_pools_clear(struct topology_import *import);
/* Make notes of what was counted, and of notes that were left out. */
void import_notes_finish(struct topology_import *import);
void import_notes_clear(struct topology_import *import);

#endif
