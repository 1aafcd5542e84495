/*
 * What do the readers of exports share? Pools as they come together from
 * several places of a file, and the notes on what was not taken over.
 */
#ifndef LYNCSIM_TOPOLOGY_IMPORT_INTERNAL_H
#define LYNCSIM_TOPOLOGY_IMPORT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/diag.h"
#include "lyncsim/pool.h"
#include "lyncsim/str.h"
#include "lyncsim/topology_import.h"

/* Notes beyond these are counted only; a hostile file must not grow them. */
#define IMPORT_NOTES_MAX 1000
#define IMPORT_TALLY_MAX 500
/* A hundred times the largest deployment there is. */
#define IMPORT_POOLS_MAX 500000
/* Names and ids longer than this are no names. */
#define IMPORT_NAME_MAX_BYTES 1024

struct import_pool;

/* A fault at a line of the text; it ends the reading. */
void import_fault(struct topology_import *import, unsigned line,
                  unsigned column, const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void import_note(struct topology_import *import, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "line 3", or "a.csv, line 3" where there are several files; file from 1.
 * Owned by the caller. */
char *import_place(const struct topology_import *import, size_t file,
                   unsigned line);
/* The number of the file at hand, from 1. */
size_t import_file(const struct topology_import *import);
/* Count a kind of thing that is not taken over: "Port", "AudioPortStart".
 * False when it is one kind too many, and counted with others. */
bool import_tally(struct topology_import *import, struct ls_str name,
                  unsigned line);
/* The same for count of them in that file, of which the first is there. */
void import_tally_more(struct topology_import *import, struct ls_str name,
                       size_t count, size_t file, unsigned line);
/* What the export is; the draft stays one. */
void topology_import_set_kind(struct topology_import *import,
                              enum topology_export kind);
void topology_import_set_draft(struct topology_import *import);

/* The pool of that name, made where there is none; NULL and a note where it
 * cannot be a name. Borrowed. */
struct import_pool *import_pool_get(struct topology_import *import,
                                    struct ls_str fqdn, unsigned line);
struct pool *import_pool_of(struct import_pool *entry);
/* A service runs there: "Registrar", "TrustedApplicationPool", "UserStore".
 * Of several the weightiest says what the pool is. True when it is one that
 * a peer speaks SIP with. */
bool import_pool_add_service(struct import_pool *entry, struct ls_str service,
                             int version);
/* Version 0 where the export does not say. */
#define IMPORT_NO_VERSION (-1)
/* A computer of it; its own name says that there is only one. */
void import_pool_add_computer(struct topology_import *import,
                              struct import_pool *entry, struct ls_str fqdn,
                              unsigned line);
/* A cluster of the file has that name; false when another has it already. */
bool import_pool_claim(const struct topology_import *import,
                       struct import_pool *entry);
/* A machine of it has a network interface on that side. */
void import_pool_add_interface(struct topology_import *import,
                               struct import_pool *entry,
                               enum net_interface side, unsigned line);
/* All that is known of it is that it has computers: the export does not tell
 * what runs there. */
void import_pool_set_untold(struct import_pool *entry);
/* Port 0: not in this export, maybe in another. */
void import_pool_add_application(struct topology_import *import,
                                 struct import_pool *entry, struct ls_str id,
                                 unsigned port, unsigned line);

/* A text to show, with what could harm escaped; owned by the caller. */
char *import_escaped(struct ls_str text);

/* "True", "false", "$true"; false when it is neither. */
bool import_boolean(struct ls_str text, bool *value);

/* One object a cmdlet put out: its properties in order. */
struct import_property {
    char *name;
    unsigned line; /* 0: only that of the record is known */
    char **values; /* one, or the items of a list */
    size_t value_count;
    size_t value_capacity;
    bool is_opaque; /* the export shows a type's name, not its value */
};

struct import_record {
    unsigned line;
    struct import_property *properties;
    size_t count;
    size_t capacity;
};

struct import_property *import_record_add(struct import_record *record,
                                          struct ls_str name);
void import_property_add(struct import_property *property, struct ls_str value);
void import_record_clear(struct import_record *record);
/* Take it over, by what its properties show it to be; it is cleared. */
void import_record_apply(struct topology_import *import,
                         struct import_record *record);

/* The readers. Each is given the whole text as UTF-8. */
void import_xml_read(struct topology_import *import, struct ls_str text);
void import_list_read(struct topology_import *import, struct ls_str text);
void import_json_read(struct topology_import *import, struct ls_str text);
void import_csv_read(struct topology_import *import, struct ls_str text);

/* Whether the text begins as these do. */
bool import_list_recognise(struct ls_str text);
bool import_json_recognise(struct ls_str text);
bool import_csv_recognise(struct ls_str text);

#endif
