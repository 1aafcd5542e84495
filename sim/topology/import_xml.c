/*
 * Get-CsTopology -AsXml and Topology Builder's .tbxml, read as a stream of
 * elements: no document is built, nothing is expanded or fetched, and memory
 * follows the number of machines and services only.
 */
#include "import_xml.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>

#include "import.h"

#define XML_CHUNK_BYTES 32768

static unsigned line_of(const struct xml_reader *reader)
{
    int line = reader->parser ? xmlSAX2GetLineNumber(reader->parser) : 0;

    return line > 0 ? (unsigned)line : 0;
}

static void fail(struct xml_reader *reader, unsigned line, const char *hint,
                 const char *sentence)
{
    if (!reader->failed)
        import_fault(reader->import, line, 1, hint, "%s", sentence);
    reader->failed = true;
    xmlStopParser(reader->parser);
}

static void refuse_root(struct xml_reader *reader, struct ls_str name)
{
    bool is_clixml = ls_str_equal_text(name, "Objs");

    fail(reader, line_of(reader),
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

/* The library gives nine. NOLINTNEXTLINE(readability-function-size) */
static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri, int namespace_count,
                     const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    struct xml_reader *reader = arg;
    struct xml_element element = {
        .reader = reader,
        .name = ls_str_from((const char *)name),
        .attributes = attributes,
        .count = (size_t)attribute_count,
        .line = line_of(reader),
    };

    (void)prefix;
    (void)uri;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted_count;
    if (reader->failed)
        return;
    if (reader->depth == XML_DEPTH_MAX) {
        fail(reader, element.line, NULL,
             "elements are nested deeper than in any topology");
        return;
    }
    if (reader->depth == 0 && !ls_str_equal_text(element.name, "Topology") &&
        !ls_str_equal_text(element.name, "TopologyBuilder")) {
        refuse_root(reader, element.name);
        return;
    }
    if (!reader->skip_from && is_other_topology(reader, element.name)) {
        reader->skip_from = reader->depth + 1;
        import_tally(reader->import, element.name, element.line);
    }
    if (reader->skip_from)
        reader->path[reader->depth] = "";
    else
        import_element_read(&element);
    if (reader->has_too_many_names)
        fail(reader, element.line, NULL,
             "there are more kinds of elements than in any topology");
    reader->depth++;
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *uri)
{
    struct xml_reader *reader = arg;

    (void)name;
    (void)prefix;
    (void)uri;
    if (reader->failed || reader->depth == 0)
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

static void on_text(void *arg, const xmlChar *text, int length)
{
    struct xml_reader *reader = arg;

    if (reader->in_site_name)
        ls_buf_add(&reader->text, ls_str_from_bytes(text, (size_t)length));
}

/* Entities are where documents grow without end or reach for files, and no
 * topology declares any: a document type is refused as such. */
static void on_document_type(void *arg, const xmlChar *name,
                             const xmlChar *external_id,
                             const xmlChar *system_id)
{
    struct xml_reader *reader = arg;

    (void)name;
    (void)external_id;
    (void)system_id;
    fail(reader, line_of(reader), "Remove it: no export has one.",
         "a document type (<!DOCTYPE) is refused");
}

/* What the library says of its own bounds is no sentence for people. */
static const char *sentence_of(const struct xml_reader *reader,
                               const xmlError *error)
{
    if (error->code == XML_ERR_DOCUMENT_END && reader->depth > 0)
        return "the file ends in the middle of it";
    if (error->code == XML_ERR_INTERNAL_ERROR &&
        strstr(error->message, "Huge input") != NULL)
        return "a name, a value or a comment is larger than 10 MB, and in no "
               "topology is one";
    return error->message;
}

static void on_error(void *arg, xmlErrorPtr error)
{
    struct xml_reader *reader = arg;

    if (error->level != XML_ERR_FATAL || reader->failed)
        return;
    char *message =
        import_escaped(ls_str_trim(ls_str_from(sentence_of(reader, error))));
    import_fault(reader->import, error->line > 0 ? (unsigned)error->line : 0,
                 error->int2 > 0 ? (unsigned)error->int2 : 1, NULL,
                 "the XML is not well formed: %s", message);
    free(message);
    reader->failed = true;
}

static void parse(struct xml_reader *reader, struct ls_str text)
{
    for (bool is_last = false; !reader->failed && !is_last;) {
        struct ls_str chunk = ls_str_first(text, XML_CHUNK_BYTES);

        text = ls_str_skip(text, chunk.length);
        is_last = text.length == 0;
        xmlParseChunk(reader->parser, chunk.at, (int)chunk.length, is_last);
    }
}

void import_xml_read(struct topology_import *import, struct ls_str text)
{
    struct xml_reader reader = {.import = import};
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .internalSubset = on_document_type,
        .serror = on_error,
    };

    ls_buf_init(&reader.text, 1024);
    reader.parser = xmlCreatePushParserCtxt(&handler, &reader, NULL, 0, NULL);
    /* The text is UTF-8 by now, whatever its declaration says. */
    xmlCtxtUseOptions(reader.parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    parse(&reader, text);
    xmlFreeParserCtxt(reader.parser);
    if (!reader.failed)
        import_place_services(&reader);
    import_place_clear(&reader);
}
