/*
 * Get-CsTopology -AsXml and Topology Builder's .tbxml, read as a stream of
 * elements: no document is built, nothing is expanded or fetched, and memory
 * follows the number of machines and services only.
 */
#include "import_xml.h"

#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "import.h"

/* Between a name and its namespace; no name can hold it. */
#define XML_NAMESPACE_END '\n'

static unsigned line_of(const struct xml_reader *reader)
{
    return (unsigned)XML_GetCurrentLineNumber(reader->parser);
}

static unsigned column_of(const struct xml_reader *reader)
{
    return (unsigned)XML_GetCurrentColumnNumber(reader->parser) + 1;
}

static void complain(struct xml_reader *reader, const char *hint,
                     const char *sentence)
{
    import_fault(reader->import, line_of(reader), column_of(reader), hint, "%s",
                 sentence);
    reader->failed = true;
}

static void fail(struct xml_reader *reader, const char *hint,
                 const char *sentence)
{
    complain(reader, hint, sentence);
    XML_StopParser(reader->parser, XML_FALSE);
}

static void refuse_root(struct xml_reader *reader, struct ls_str name)
{
    bool is_clixml = ls_str_equal_text(name, "Objs");

    fail(reader,
         is_clixml ? "Use ConvertTo-Json or Export-Csv instead of "
                     "Export-Clixml."
                   : "Its first element is Topology (Get-CsTopology -AsXml) or "
                     "TopologyBuilder (a .tbxml file).",
         "this XML document is no topology");
}

/* A .tbxml file may hold the topology before the changes besides. */
static bool is_other_topology(const struct xml_reader *reader,
                              struct ls_str name)
{
    return reader->depth == 1 &&
           strcmp(reader->path[0], "TopologyBuilder") == 0 &&
           !ls_str_equal_text(name, "NewTopology");
}

const char *import_xml_local_name(const char *name)
{
    const char *end = strrchr(name, XML_NAMESPACE_END);

    return end == NULL ? name : end + 1;
}

static size_t count_attributes(const char **attributes)
{
    size_t count = 0;

    while (attributes[2 * count] != NULL)
        count++;
    return count;
}

static void enter(struct xml_reader *reader, struct xml_element *element)
{
    if (!reader->skip_from && is_other_topology(reader, element->name)) {
        reader->skip_from = reader->depth + 1;
        import_tally(reader->import, element->name, element->line);
    }
    reader->lines[reader->depth] = element->line;
    if (reader->skip_from)
        reader->path[reader->depth] = "";
    else
        import_element_read(element);
    if (reader->has_too_many_names)
        fail(reader, NULL,
             "there are more kinds of elements than in any topology");
    reader->depth++;
}

static void on_start(void *arg, const char *name, const char **attributes)
{
    struct xml_reader *reader = arg;
    struct xml_element element = {
        .reader = reader,
        .name = ls_str_from(import_xml_local_name(name)),
        .attributes = attributes,
        .count = count_attributes(attributes),
        .line = line_of(reader),
    };

    if (reader->failed)
        return;
    if (reader->depth == XML_DEPTH_MAX)
        fail(reader, NULL, "elements are nested deeper than in any topology");
    else if (reader->depth == 0 &&
             !ls_str_equal_text(element.name, "Topology") &&
             !ls_str_equal_text(element.name, "TopologyBuilder"))
        refuse_root(reader, element.name);
    else
        enter(reader, &element);
}

static void on_end(void *arg, const char *name)
{
    struct xml_reader *reader = arg;

    (void)name;
    if (reader->failed)
        return;
    reader->depth--;
    if (reader->skip_from > reader->depth)
        reader->skip_from = 0;
    if (reader->in_site_name) {
        struct xml_site *site = &reader->sites[reader->site_count - 1];
        free(site->name);
        site->name = import_escaped(ls_str_trim(ls_buf_str(&reader->text)));
        reader->in_site_name = false;
    }
}

static void on_text(void *arg, const char *text, int length)
{
    struct xml_reader *reader = arg;

    if (reader->in_site_name)
        ls_buf_add(&reader->text, ls_str_from_bytes(text, (size_t)length));
}

/* Entities are where documents grow without end or reach for files, and no
 * topology declares any: a document type is refused as such. */
static void on_document_type(void *arg, const char *name, const char *system_id,
                             const char *public_id, int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    fail(arg, "Remove it: no export has one.",
         "a document type (<!DOCTYPE) is refused");
}

/* Where the library's own words leave a reader alone. */
static const struct {
    enum XML_Error code;
    const char *sentence;
} sentences[] = {
    {XML_ERROR_INVALID_TOKEN, "a character that cannot stand here"},
    {XML_ERROR_NO_ELEMENTS, "the file ends in the middle of it"},
    {XML_ERROR_UNCLOSED_TOKEN, "what begins here has no end"},
    {XML_ERROR_UNCLOSED_CDATA_SECTION, "what begins here has no end"},
    {XML_ERROR_PARTIAL_CHAR, "the file ends in the middle of a character"},
    {XML_ERROR_UNDEFINED_ENTITY, "an entity (&name;) that is not declared"},
    {XML_ERROR_UNBOUND_PREFIX, "a namespace prefix that is not declared"},
    {XML_ERROR_DUPLICATE_ATTRIBUTE, "an attribute that is there already"},
    {XML_ERROR_JUNK_AFTER_DOC_ELEMENT, "there is more after its end"},
};

static char *sentence_of(const struct xml_reader *reader, enum XML_Error code)
{
    if (code == XML_ERROR_TAG_MISMATCH)
        return ls_strf("another element ends here than the one that line %u "
                       "began",
                       reader->lines[reader->depth - 1]);
    for (size_t i = 0; i < LS_COUNT(sentences); i++)
        if (sentences[i].code == code)
            return ls_strdup(sentences[i].sentence);
    return ls_strdup(XML_ErrorString(code));
}

static void explain(struct xml_reader *reader)
{
    enum XML_Error code = XML_GetErrorCode(reader->parser);
    char *fault, *sentence;

    if (code == XML_ERROR_NO_MEMORY)
        ls_out_of_memory();
    fault = sentence_of(reader, code);
    sentence = ls_strf("the XML is not well formed: %s", fault);
    complain(reader, NULL, sentence);
    free(sentence);
    free(fault);
}

static XML_Parser parser_new(struct xml_reader *reader)
{
    /* The text is UTF-8 by now, whatever its declaration says. */
    XML_Parser parser = XML_ParserCreateNS("UTF-8", XML_NAMESPACE_END);

    if (parser == NULL)
        ls_out_of_memory();
    XML_SetUserData(parser, reader);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_document_type);
    return parser;
}

void import_xml_read(struct topology_import *import, struct ls_str text)
{
    struct xml_reader reader = {.import = import};

    ls_buf_init(&reader.text, 1024);
    reader.parser = parser_new(&reader);
    /* All of it at once: a token that is cut would be read anew each time. */
    if (XML_Parse(reader.parser, text.at, (int)text.length, true) !=
            XML_STATUS_OK &&
        !reader.failed)
        explain(&reader);
    XML_ParserFree(reader.parser);
    if (!reader.failed)
        import_place_services(&reader);
    import_place_clear(&reader);
}
