/*
 * Which servers does a real deployment know? Its exports, told apart by their
 * content: Get-CsTopology -AsXml, Topology Builder's .tbxml, and what
 * Get-CsTrustedApplicationPool, -Computer and -Application (and Get-CsPool,
 * -Service, -Computer) print through Format-List, ConvertTo-Json and
 * Export-Csv. What cannot be taken over is noted, never dropped in silence.
 */
#ifndef LYNCSIM_TOPOLOGY_IMPORT_H
#define LYNCSIM_TOPOLOGY_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/diag.h"
#include "lyncsim/topology.h"

/* clang-format off */
#define TOPOLOGY_EXPORT_LIST(X)                                                \
    X(EXPORT_NONE, "none")                                                     \
    X(EXPORT_TOPOLOGY_XML, "Get-CsTopology -AsXml")                            \
    X(EXPORT_TBXML, "Topology Builder file")                                   \
    X(EXPORT_FORMAT_LIST, "Format-List text")                                  \
    X(EXPORT_JSON, "ConvertTo-Json")                                           \
    X(EXPORT_CSV, "Export-Csv")

enum topology_export {
#define X(name, text) name,
    TOPOLOGY_EXPORT_LIST(X)
#undef X
};
/* clang-format on */

const char *topology_export_text(enum topology_export kind);

/* What these bytes look like; EXPORT_NONE for everything else, a YAML file
 * among it. UTF-16 is seen through. */
enum topology_export topology_export_recognise(struct ls_str bytes);

/* Larger files are refused: what is kept of one is a multiple of it. */
#define TOPOLOGY_IMPORT_MAX_BYTES (32u * 1024 * 1024)

struct topology_import;

struct topology_import *topology_import_new(void);
void topology_import_free(struct topology_import *import);

/* Read one more export, diags->text; several add up, as the cmdlets do.
 * False when it cannot be read; why is in diags. */
bool topology_import_read(struct topology_import *import,
                          struct ls_diags *diags);

/* All that was read, as one topology; owned by the caller. Call it once, after
 * reading and before asking for notes. */
struct topology *topology_import_finish(struct topology_import *import);

/* What the last file was. */
enum topology_export topology_import_kind(const struct topology_import *import);
/* An export says of itself that it is not published. */
bool topology_import_is_draft(const struct topology_import *import);

/* Each thing that was not taken over, or is worth knowing: a sentence,
 * borrowed. */
size_t topology_import_note_count(const struct topology_import *import);
const char *topology_import_note(const struct topology_import *import,
                                 size_t index);

/* Append the topology as YAML, with every note as a comment before it. */
void topology_import_print(const struct topology_import *import,
                           const struct topology *topology, struct ls_buf *out);

#endif
