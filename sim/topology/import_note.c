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
    unsigned line; /* of the first */
    UT_hash_handle hh;
};

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
    import->notes[import->note_count++] = one_line(ls_buf_str(&sentence));
    ls_buf_clear(&sentence);
}

bool import_tally(struct topology_import *import, struct ls_str name,
                  unsigned line)
{
    struct import_tally_row *row = NULL;

    name = ls_str_first(name, 128);
    HASH_FIND(hh, import->tally, name.at, name.length, row);
    if (!row) {
        if (HASH_COUNT(import->tally) == IMPORT_TALLY_MAX) {
            import->untallied++;
            return false;
        }
        row = ls_alloc(sizeof *row);
        row->name = ls_str_dup(name);
        row->line = line;
        HASH_ADD_KEYPTR(hh, import->tally, row->name, name.length, row);
    }
    row->count++;
    return true;
}

/* What has a place in a deployment and none in a trusted-server table. */
static bool is_of_no_use(const char *name)
{
    static const char *const names[] = {
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
    };
    struct ls_str element = ls_str_from(name);

    element = ls_str_first(element, ls_str_find(element, '@'));
    for (size_t i = 0; i < LS_COUNT(names); i++)
        if (ls_str_equal_text(element, names[i]))
            return true;
    return strchr(name, '@') != NULL;
}

static void note_tally(struct topology_import *import)
{
    struct import_tally_row *row, *next;

    HASH_ITER(hh, import->tally, row, next) {
        char *name = import_escaped(ls_str_from(row->name));
        import_note(
            import, "Not taken over: %s, %zu time%s, first in line %u%s", name,
            row->count, row->count == 1 ? "" : "s", row->line,
            is_of_no_use(row->name) ? "."
                                    : "; this tool does not know what it is.");
        free(name);
    }
    if (import->untallied)
        import_note(import, "Not taken over besides: %zu more of other names.",
                    import->untallied);
}

void import_notes_finish(struct topology_import *import)
{
    note_tally(import);
    if (!import->unnoted)
        return;
    free(import->notes[IMPORT_NOTES_MAX - 1]);
    import->notes[IMPORT_NOTES_MAX - 1] =
        ls_strf("%zu more notes were left out.", import->unnoted + 1);
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
        free(import->notes[i]);
    free(import->notes);
}
