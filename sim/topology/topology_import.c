/*
 * Recognise an export, have it read, and put together what was found.
 */
#include "lyncsim/topology_import.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/text_decoder.h"
#include "lyncsim/topology_yaml.h"

#include "import.h"
#include "import_state.h"

const char *topology_export_text(enum topology_export kind)
{
    static const char *const texts[] = {
#define X(name, text) [name] = text,
        TOPOLOGY_EXPORT_LIST(X)
#undef X
    };

    assert((size_t)kind < LS_COUNT(texts));
    return texts[kind];
}

void topology_import_set_kind(struct topology_import *import,
                              enum topology_export kind)
{
    import->files[import->file_count - 1].kind = kind;
}

void topology_import_set_draft(struct topology_import *import)
{
    if (!import->is_draft)
        import_note(import, "This is a draft: the file says that it is not "
                            "published, so no Front End works on it yet.");
    import->is_draft = true;
}

struct topology_import *topology_import_new(void)
{
    return ls_alloc(sizeof(struct topology_import));
}

void topology_import_free(struct topology_import *import)
{
    if (!import)
        return;
    import_pools_clear(import);
    import_notes_clear(import);
    for (size_t i = 0; i < import->file_count; i++)
        free(import->files[i].name);
    free(import->files);
    free(import->stranger);
    free(import);
}

struct topology *topology_import_finish(struct topology_import *import)
{
    struct topology *topology = topology_new();

    topology->is_draft = import->is_draft;
    import_pools_finish(import, topology);
    import_notes_finish(import);
    return topology;
}

/* Append bytes with everything that is not UTF-8 read as Latin-1; whether
 * there was any. */
static bool add_latin1(struct ls_buf *out, struct ls_str bytes)
{
    bool found = false;

    while (bytes.length) {
        size_t length = ls_str_utf8_length(bytes);
        unsigned char byte = (unsigned char)bytes.at[0];

        if (length) {
            ls_buf_add(out, ls_str_first(bytes, length));
            bytes = ls_str_skip(bytes, length);
            continue;
        }
        ls_buf_add_byte(out, (char)(0xC0 | (byte >> 6)));
        ls_buf_add_byte(out, (char)(0x80 | (byte & 0x3F)));
        bytes = ls_str_skip(bytes, 1);
        found = true;
    }
    return found;
}

/* The text of the file as UTF-8, into out; whether a code page was guessed. */
static bool decode(struct ls_str bytes, struct ls_buf *out)
{
    struct text_decoder decoder = {0};
    struct ls_buf text = {0};
    bool guessed = false;

    text_decoder_feed(&decoder, bytes, &text);
    text_decoder_feed_eof(&decoder, &text);
    if (ls_str_is_utf8(ls_buf_str(&text))) {
        *out = text;
        return false;
    }
    guessed = add_latin1(out, ls_buf_str(&text));
    ls_buf_clear(&text);
    return guessed;
}

static enum topology_export recognise(struct ls_str text)
{
    text = ls_str_trim(text);
    if (ls_str_starts_with(text, "<"))
        return EXPORT_TOPOLOGY_XML;
    if (import_json_recognise(text))
        return EXPORT_JSON;
    if (import_csv_recognise(text))
        return EXPORT_CSV;
    if (import_list_recognise(text))
        return EXPORT_FORMAT_LIST;
    return EXPORT_NONE;
}

enum topology_export topology_export_recognise(struct ls_str bytes)
{
    struct ls_buf text = {0};

    if (bytes.length > TOPOLOGY_IMPORT_MAX_BYTES)
        return EXPORT_NONE;
    decode(bytes, &text);
    enum topology_export kind = recognise(ls_buf_str(&text));
    ls_buf_clear(&text);
    return kind;
}

#define OWN_FILE                                                               \
    "a topology file already, which topology show and --topology read"

/* What people bring that is no export we read, and what to bring instead. */
static const struct {
    const char *begins;
    const char *what;
} other_files[] = {
    {"PK\x03\x04", "a ZIP archive, as Export-CsConfiguration writes one"},
    {"Fqdn  ", "a table, which shortens what it shows"},
    {"Identity  ", "a table, which shortens what it shows"},
    {"-----BEGIN", "a certificate or key"},
    {"topology:", OWN_FILE},
    {"topologies:", OWN_FILE},
    {"# Made from ", OWN_FILE},
};

static const char kinds_hint[] =
    "Get-CsTopology -AsXml, a .tbxml file, or Get-CsTrustedApplicationPool "
    "and its kind through Format-List, ConvertTo-Json or Export-Csv.";

/* A console writes its prompt before the document, and a mail its greeting. */
static bool refuse_text_before_xml(struct topology_import *import,
                                   struct ls_str text)
{
    static const char *const begins[] = {"<?xml", "<Topology"};
    struct ls_str line;

    for (unsigned number = 1; ls_str_cut(&text, '\n', &line); number++)
        for (size_t i = 0; i < LS_COUNT(begins); i++)
            if (ls_str_starts_with(ls_str_trim(line), begins[i])) {
                import_fault(import, number, 1,
                             "Remove what stands before this line.",
                             "the document begins here, and there is other "
                             "text before it");
                return true;
            }
    return false;
}

static void refuse_unknown(struct topology_import *import, struct ls_str text)
{
    text = ls_str_trim(text);
    for (size_t i = 0; i < LS_COUNT(other_files); i++) {
        if (!ls_str_starts_with(text, other_files[i].begins))
            continue;
        import_fault(import, 0, 0, kinds_hint,
                     "this is %s, and no export that is "
                     "read here",
                     other_files[i].what);
        return;
    }
    if (refuse_text_before_xml(import, text))
        return;
    import_fault(import, 0, 0, kinds_hint,
                 ls_str_is_empty(text) ? "the file is empty"
                                       : "this is no export of a topology");
}

/* A NUL would end a name for some and not for others. The readers of XML and
 * JSON refuse it themselves. */
static bool refuse_nul(struct topology_import *import, struct ls_str text)
{
    size_t at = ls_str_find(text, '\0');
    unsigned line = 1, column = 1;

    if (at == text.length)
        return false;
    for (size_t i = 0; i < at; i++) {
        column = text.at[i] == '\n' ? 1 : column + 1;
        line += text.at[i] == '\n';
    }
    import_fault(import, line, column, "Export it again, as text.",
                 "there is a NUL byte here, and no text has one");
    return true;
}

/* Objects there are, and none is of a kind that says something of servers. */
static void refuse_strangers(struct topology_import *import)
{
    if (import->has_object || import->diags->count > 0)
        return;
    if (import->stranger == NULL) {
        import_note(import, "There is no object in it.");
        return;
    }
    import_fault(import, import->stranger_line, 1, kinds_hint,
                 "there is nothing of a topology in it: no object is of a "
                 "kind that is read here, and this one has %s",
                 import->stranger);
}

static void read_text(struct topology_import *import, struct ls_str text)
{
    enum topology_export kind = recognise(text);

    if ((kind == EXPORT_FORMAT_LIST || kind == EXPORT_CSV) &&
        refuse_nul(import, text))
        return;
    switch (kind) {
    case EXPORT_NONE:
        refuse_unknown(import, text);
        break;
    case EXPORT_TOPOLOGY_XML:
    case EXPORT_TBXML:
        import_xml_read(import, text);
        break;
    case EXPORT_FORMAT_LIST:
        topology_import_set_kind(import, EXPORT_FORMAT_LIST);
        import_list_read(import, text);
        refuse_strangers(import);
        break;
    case EXPORT_JSON:
        topology_import_set_kind(import, EXPORT_JSON);
        import_json_read(import, text);
        refuse_strangers(import);
        break;
    case EXPORT_CSV:
        topology_import_set_kind(import, EXPORT_CSV);
        import_csv_read(import, text);
        refuse_strangers(import);
        break;
    }
}

bool topology_import_read(struct topology_import *import,
                          struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);
    struct ls_buf text = {0};

    if (diags->text.length > TOPOLOGY_IMPORT_MAX_BYTES) {
        ls_diags_add(diags, (struct ls_place){0}, NULL,
                     "the file is larger than %u MiB, and no topology is",
                     TOPOLOGY_IMPORT_MAX_BYTES >> 20);
        return false;
    }
    import->diags = diags;
    LS_GROW(import->files, import->file_count, import->file_capacity);
    import->files[import->file_count++] =
        (struct import_file){.name = import_escaped(ls_str_from(diags->file))};
    import->has_object = false;
    free(import->stranger);
    import->stranger = NULL;
    if (decode(diags->text, &text))
        import_note(import, "The file is neither UTF-8 nor UTF-16; what is not "
                            "was read as Latin-1.");
    import->is_as_given = text.length == diags->text.length ||
                          ls_str_starts_with(diags->text, "\xEF\xBB\xBF");
    read_text(import, ls_buf_str(&text));
    import->diags = NULL;
    ls_buf_clear(&text);
    return ls_diags_fault_count(diags) == faults;
}

enum topology_export topology_import_kind(const struct topology_import *import)
{
    return import->file_count == 0 ? EXPORT_NONE
                                   : import->files[import->file_count - 1].kind;
}

bool topology_import_is_draft(const struct topology_import *import)
{
    return import->is_draft;
}

size_t topology_import_note_count(const struct topology_import *import)
{
    return import->note_count;
}

const char *topology_import_note(const struct topology_import *import,
                                 size_t index)
{
    assert(index < import->note_count);
    return import->notes[index].text;
}

void topology_import_print(const struct topology_import *import,
                           const struct topology *topology, struct ls_buf *out)
{
    for (size_t i = 0; i < import->file_count; i++) {
        const struct import_file *file = &import->files[i];

        ls_buf_printf(out, "# Made from %s", topology_export_text(file->kind));
        if (import->file_count > 1)
            ls_buf_printf(out, ": %s", file->name);
        ls_buf_add_text(out, ".\n");
    }
    for (size_t i = 0; i < import->note_count; i++)
        ls_buf_printf(out, "# %s\n", import->notes[i].text);
    topology_yaml_print(topology, out);
}
