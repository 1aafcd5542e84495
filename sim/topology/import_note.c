/*
 * What is said about an export: faults that end the reading, notes on what was
 * not taken over, and counts of what there was much of.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "import.h"
#include "import_state.h"

#define uthash_malloc(size) ls_alloc(size)
#include <uthash.h>

struct import_tally_row {
    char *name;
    size_t count;
    size_t file;
    unsigned line; /* of the first */
    UT_hash_handle hh;
};

size_t import_file(const struct topology_import *import)
{
    return import->file_count;
}

char *import_place(const struct topology_import *import, size_t file,
                   unsigned line)
{
    if (import->file_count < 2 || file == 0)
        return ls_strf("line %u", line);
    return ls_strf("%s, line %u", import->files[file - 1].name, line);
}

char *import_escaped(struct ls_str text)
{
    struct ls_buf buf = {0};

    ls_buf_add_escaped(&buf, ls_str_first(text, 256));
    if (text.length > 256)
        ls_buf_add_text(&buf, "...");
    return ls_buf_take(&buf);
}

void import_fault(struct topology_import *import, unsigned line,
                  unsigned column, const char *hint, const char *format, ...)
{
    struct ls_buf sentence = {0};
    struct ls_place place = {line, column, 1};
    va_list args;

    va_start(args, format);
    ls_buf_vprintf(&sentence, format, args);
    va_end(args);
    /* The lines of UTF-16 cannot be shown as they stand in the file. */
    if (!import->is_as_given && line) {
        ls_buf_printf(&sentence, " (line %u)", line);
        place = (struct ls_place){0};
    }
    ls_diags_add(import->diags, place, hint, "%s", sentence.at);
    ls_buf_clear(&sentence);
}

/* A note is a line of a file, whatever it quotes: only quotes and backslashes
 * stay as they are. */
static char *one_line(struct ls_str text)
{
    struct ls_buf line = {0};

    while (text.length) {
        size_t length = 0;

        while (length < text.length && text.at[length] != '"' &&
               text.at[length] != '\\')
            length++;
        ls_buf_add_escaped(&line, ls_str_first(text, length));
        if (length < text.length)
            ls_buf_add_byte(&line, text.at[length]);
        text = ls_str_skip(text, length + 1);
    }
    return ls_buf_take(&line);
}

void import_note(struct topology_import *import, const char *format, ...)
{
    struct ls_buf sentence = {0};
    va_list args;

    if (import->note_count == IMPORT_NOTES_MAX) {
        import->unnoted++;
        return;
    }
    va_start(args, format);
    ls_buf_vprintf(&sentence, format, args);
    va_end(args);
    LS_GROW(import->notes, import->note_count, import->note_capacity);
    import->notes[import->note_count++] = (struct import_remark){
        .text = one_line(ls_buf_str(&sentence)),
        .file = import->diags != NULL ? import_file(import) : 0,
    };
    ls_buf_clear(&sentence);
}

/* The row of that name, made where there is none; NULL when there are too
 * many. */
static struct import_tally_row *tally_row(struct topology_import *import,
                                          struct ls_str name)
{
    struct import_tally_row *row = NULL;

    name = ls_str_first(name, 128);
    HASH_FIND(hh, import->tally, name.at, name.length, row);
    if (row || HASH_COUNT(import->tally) == IMPORT_TALLY_MAX)
        return row;
    row = ls_alloc(sizeof *row);
    row->name = ls_str_dup(name);
    HASH_ADD_KEYPTR(hh, import->tally, row->name, name.length, row);
    return row;
}

bool import_tally(struct topology_import *import, struct ls_str name,
                  unsigned line)
{
    struct import_tally_row *row = tally_row(import, name);

    if (!row) {
        import->untallied++;
        return false;
    }
    if (row->count++ == 0) {
        row->file = import_file(import);
        row->line = line;
    }
    return true;
}

void import_tally_more(struct topology_import *import, struct ls_str name,
                       size_t count, size_t file, unsigned line)
{
    struct import_tally_row *row = count > 0 ? tally_row(import, name) : NULL;

    if (!row) {
        import->untallied += count;
        return;
    }
    if (row->count == 0 || file < row->file ||
        (file == row->file && line < row->line)) {
        row->file = file;
        row->line = line;
    }
    row->count += count;
}

/* What has a place in a deployment and none in a trusted-server table. */
static const char *const names_of_no_use[] = {
    "InternalDomains",
    "InternalDomain",
    "SimpleUrl",
    "SimpleUrlEntry",
    "SimpleUrlConfiguration",
    "Location",
    "NetInterface",
    "SqlInstances",
    "SqlInstance",
    "SqlInstanceId",
    "Port",
    "Dependency",
    "WebService",
    "ExternalSettings",
    "OverrideUrls",
    "WebComponents",
    "Component",
    "UpaSeparator",
    "ConfService",
    "MCUs",
    "MCU",
    "FileStoreService",
    "WacService",
    "CentralMgmtService",
    "ApplicationServerService",
    "PstnGatewayService",
    "RegistrarService",
    "ExternalServerService",
    "FileStore",
    "AudioPortStart",
    "AudioPortCount",
    "AppSharingPortStart",
    "AppSharingPortCount",
    "VideoPortStart",
    "VideoPortCount",
    "DependentServiceList",
    "ServiceId",
    "ComputerGruus",
    "ServiceGruu",
    "Protocol",
    "LegacyApplicationName",
    "RemoteSites",
    /* Read of the objects that have a use for them. */
    "Identity",
    "PoolFqdn",
    "Fqdn",
    "Role",
    "Site",
    "SiteId",
    "Version",
    "Registrar",
    "OutboundOnly",
    "TreatAsAuthenticated",
    "ThrottleAsServer",
    "RequiresReplication",
    "Applications",
    "Pool",
    "Services",
    "Computers",
    "ApplicationId",
    "TrustedApplicationPoolFqdn",
};

static bool is_of_no_use(const char *name)
{
    struct ls_str element = ls_str_from(name);

    element = ls_str_first(element, ls_str_find(element, '@'));
    for (size_t i = 0; i < LS_COUNT(names_of_no_use); i++)
        if (ls_str_equal_text(element, names_of_no_use[i]))
            return true;
    return strchr(name, '@') != NULL;
}

static void note_tally(struct topology_import *import)
{
    struct import_tally_row *row, *next;

    HASH_ITER(hh, import->tally, row, next) {
        char *name = import_escaped(ls_str_from(row->name));
        char *place = import_place(import, row->file, row->line);
        import_note(import, "Not taken over: %s, %zu time%s, first in %s%s",
                    name, row->count, row->count == 1 ? "" : "s", place,
                    is_of_no_use(row->name)
                        ? "."
                        : "; this tool does not know what it is.");
        free(place);
        free(name);
    }
    if (import->untallied)
        import_note(import, "Not taken over besides: %zu more of other names.",
                    import->untallied);
}

/* Of several files each note says of which it is. */
static void name_files(struct topology_import *import)
{
    for (size_t i = 0; i < import->note_count; i++) {
        struct import_remark *note = &import->notes[i];
        char *text;

        if (note->file == 0)
            continue;
        text =
            ls_strf("%s: %s", import->files[note->file - 1].name, note->text);
        free(note->text);
        note->text = text;
    }
}

void import_notes_finish(struct topology_import *import)
{
    note_tally(import);
    if (import->unnoted) {
        struct import_remark *last = &import->notes[IMPORT_NOTES_MAX - 1];

        free(last->text);
        last->text =
            ls_strf("%zu more notes were left out.", import->unnoted + 1);
        last->file = 0;
    }
    if (import->file_count > 1)
        name_files(import);
}

void import_notes_clear(struct topology_import *import)
{
    struct import_tally_row *row, *next;

    HASH_ITER(hh, import->tally, row, next) {
        HASH_DEL(import->tally, row);
        free(row->name);
        free(row);
    }
    for (size_t i = 0; i < import->note_count; i++)
        free(import->notes[i].text);
    free(import->notes);
}
