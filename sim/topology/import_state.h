/*
 * What has an import gathered so far? Seen by its own files only.
 */
#ifndef LYNCSIM_TOPOLOGY_IMPORT_STATE_H
#define LYNCSIM_TOPOLOGY_IMPORT_STATE_H

#include "lyncsim/topology.h"

#include "import.h"

struct import_tally_row;

/* One file that was read. */
struct import_file {
    char *name;
    enum topology_export kind;
};

struct import_remark {
    char *text;
    size_t file; /* which it is about, from 1; 0: all of them */
};

struct topology_import {
    struct import_file *files; /* the last is read at present, or was */
    size_t file_count;
    size_t file_capacity;
    bool is_draft;
    bool has_object; /* the file at hand has one of a kind that is known */
    char *stranger;  /* what the first of its other objects has; or NULL */
    unsigned stranger_line;
    struct ls_diags *diags; /* while a file is read */
    bool is_as_given;       /* the text's lines are those of the file */
    struct import_pool *pools;
    struct import_tally_row *tally;
    size_t untallied;
    struct import_remark *notes;
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
