/*
 * The library is used as a stream of events, never as a document: it resolves
 * nothing, expands nothing and recurses over nothing, and what this project
 * refuses (aliases, anchors, tags) is seen where it stands.
 */
#include "yaml_events.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <libfyaml.h>

#include "lyncsim/alloc.h"

#include "yaml_fault.h"
#include "yaml_quoted.h"
#include "yaml_source.h"
#include "yaml_tree.h"
#include "yaml_work.h"

/* Deeper than any sensible file, and a bound for whoever walks the tree. */
#define YAML_DEPTH_MAX 64

/* Keys of a mapping are looked for one by one. */
#define YAML_KEYS_MAX 10000

/* One pass over the text. */
struct yaml_reader {
    struct ls_diags *diags; /* what the events show */
    struct yaml_document *document;
    struct ls_str text; /* what the library is given */
    struct yaml_frame frames[YAML_DEPTH_MAX];
    size_t depth;
    unsigned document_count;
    struct ls_place last; /* where the node before stands */
    size_t slips;         /* faults that leave the tree as it was meant */
    bool stopped;         /* by us */
    bool ended;           /* the library has seen all of the text */
};

static unsigned width_to_line_end(struct ls_str text, size_t at)
{
    struct ls_str line = ls_str_skip(text, at);

    line = ls_str_first(line, ls_str_find(line, '\n'));
    return (unsigned)ls_str_utf8_count(line);
}

/* Where a token stands. The library counts lines and columns from 0, in
 * characters. lead is what its marks leave out at the front (a quote, * & or
 * !), trail what they leave out at the end. */
static struct ls_place place_of(const struct yaml_reader *reader,
                                struct fy_token *token, unsigned lead,
                                unsigned trail)
{
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;

    if (!start || !end) /* an empty value: behind what came last */
        return (struct ls_place){reader->last.line,
                                 reader->last.column + reader->last.width, 1};
    struct ls_place place = {(unsigned)start->line + 1,
                             (unsigned)start->column + 1 - lead, 1};
    if (end->line == start->line)
        place.width = (unsigned)(end->column - start->column) + lead + trail;
    else
        place.width = lead + width_to_line_end(reader->text, start->input_pos);
    return place;
}

/* The text of a | or > block: the library's mark stands before its blanks. */
static struct ls_place place_of_block(const struct yaml_reader *reader,
                                      struct fy_token *token)
{
    const struct fy_mark *start = fy_token_start_mark(token);
    struct ls_str text = ls_str_first(
        reader->text, start ? fy_token_end_mark(token)->input_pos : 0);
    size_t at = start ? start->input_pos : 0;
    struct ls_place place = {start ? (unsigned)start->line + 1 : 1, 1, 0};

    for (; at < text.length && strchr(" \n", text.at[at]); at++) {
        bool ends_line = text.at[at] == '\n';

        place.line += ends_line;
        place.column = ends_line ? 1 : place.column + 1;
    }
    place.width = at < text.length ? width_to_line_end(text, at) : 0;
    return place;
}

/* The column in which the line with the | or > of a block begins. */
static unsigned column_of_mark(const struct yaml_reader *reader,
                               struct fy_token *token)
{
    const struct fy_mark *start = fy_token_start_mark(token);
    size_t end = start && start->input_pos > 0 ? start->input_pos - 1 : 0;
    size_t line = end, first;

    while (line > 0 && reader->text.at[line - 1] != '\n')
        line--;
    for (first = line; first < end && reader->text.at[first] == ' '; first++)
        continue;
    return (unsigned)(first - line) + 1;
}

/* The text of a block stands deeper than its key and than the line of its mark.
 * The library takes a shallower one, with the keys that follow in it, and
 * leaks when asked for it; YAML itself would let it stand below a mark that has
 * a line of its own. */
static bool refuse_shallow(struct yaml_reader *reader, struct fy_token *token,
                           struct ls_place place)
{
    const struct yaml_frame *frame =
        reader->depth ? &reader->frames[reader->depth - 1] : NULL;
    const struct yaml_node *owner = frame && frame->key ? frame->key
                                    : frame             ? frame->node
                                                        : NULL;
    bool is_below_owner = !owner || place.column > owner->place.column;

    if (place.width == 0 ||
        (is_below_owner && place.column > column_of_mark(reader, token)))
        return false;
    yaml_fault_shallow_block(place, reader->diags);
    reader->slips++;
    return true;
}

static void set_key(struct yaml_reader *reader, struct yaml_frame *frame,
                    struct yaml_node *key)
{
    if (key->kind != YAML_SCALAR)
        ls_diags_add(reader->diags, key->place,
                     "Put it in quotes if it is meant as text.",
                     "a key must be a text, not a %s",
                     key->kind == YAML_MAPPING ? "mapping" : "list");
    else if (key->text.length == 0)
        ls_diags_add(reader->diags, key->place, NULL,
                     "there is no key before this colon");
    if (frame->node->count == YAML_KEYS_MAX) {
        ls_diags_add(reader->diags, key->place, NULL,
                     "a mapping has more than %d keys here, which is the limit",
                     YAML_KEYS_MAX);
        reader->stopped = true;
    }
    frame->key = key;
}

/* Hang a node where the stream has come to. */
static void attach(struct yaml_reader *reader, struct yaml_node *node)
{
    struct yaml_frame *frame =
        reader->depth ? &reader->frames[reader->depth - 1] : NULL;

    if (node->kind == YAML_SCALAR)
        reader->last = node->place;
    if (!frame) {
        reader->document->root = node;
    } else if (frame->node->kind == YAML_SEQUENCE) {
        yaml_tree_add_item(frame, node);
    } else if (frame->key) {
        yaml_tree_add_pair(frame, node);
    } else {
        set_key(reader, frame, node);
    }
}

static void refuse_marks(struct yaml_reader *reader, struct fy_token *anchor,
                         struct fy_token *tag)
{
    reader->slips += (anchor ? 1u : 0u) + (tag ? 1u : 0u);
    if (anchor)
        ls_diags_add(reader->diags, place_of(reader, anchor, 1, 0),
                     "Put the text in quotes if the & belongs to it.",
                     "anchors (&name) are not part of these files");
    if (tag)
        ls_diags_add(reader->diags, place_of(reader, tag, 0, 0),
                     "Put the text in quotes if the ! belongs to it.",
                     "tags (!name) are not part of these files");
}

static struct ls_str read_quoted(const struct yaml_reader *reader,
                                 struct fy_token *token, struct ls_buf *out)
{
    const struct fy_mark *start = fy_token_start_mark(token);
    const struct fy_mark *end = fy_token_end_mark(token);

    yaml_quoted_read(ls_str_first(ls_str_skip(reader->text, start->input_pos),
                                  end->input_pos - start->input_pos),
                     out);
    return ls_buf_str(out);
}

static struct ls_str token_text(struct fy_token *token)
{
    size_t length = 0;
    const char *text = fy_token_get_text(token, &length);

    if (!text)
        ls_out_of_memory(); /* an empty one has a text */
    return ls_str_from_bytes(text, length);
}

static struct ls_str scalar_text(const struct yaml_reader *reader,
                                 struct fy_token *token, struct ls_buf *out)
{
    if (!token)
        return (struct ls_str){0};
    if (fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED)
        return read_quoted(reader, token, out);
    return token_text(token);
}

static void read_scalar(struct yaml_reader *reader,
                        const struct fy_event_scalar_data *event)
{
    enum fy_scalar_style style =
        event->value ? fy_token_scalar_style(event->value) : FYSS_PLAIN;
    bool block = style == FYSS_LITERAL || style == FYSS_FOLDED;
    unsigned quote = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    /* Behind a tag or anchor the library counts from another column. */
    bool marked = event->tag || event->anchor;
    struct ls_place place = block
                                ? place_of_block(reader, event->value)
                                : place_of(reader, event->value, quote, quote);
    struct yaml_node *node =
        yaml_tree_add(reader->document, YAML_SCALAR, place);
    struct ls_buf unquoted = {0};
    struct ls_str text = {0};

    refuse_marks(reader, event->anchor, event->tag);
    if (block && !marked && refuse_shallow(reader, event->value, place))
        text = ls_str_from("x"); /* it is not empty, whatever it is */
    else if (!block || !marked)
        text = scalar_text(reader, event->value, &unquoted);
    node->quoted = block || quote;
    node->text.at = ls_str_dup(text);
    node->text.length = text.length;
    ls_buf_clear(&unquoted);
    attach(reader, node);
}

/* An unquoted * is nearly always the first letter of a wildcard. It is kept
 * as the text that was meant, so that the rest of the file is looked at. */
static void read_alias(struct yaml_reader *reader,
                       const struct fy_event_alias_data *event)
{
    struct ls_place place = place_of(reader, event->anchor, 1, 0);
    struct yaml_node *node =
        yaml_tree_add(reader->document, YAML_SCALAR, place);
    struct ls_str name = token_text(event->anchor);
    char *text = ls_strf("*%.*s", LS_STR_ARG(name));
    char *hint = ls_strf("Write \"%s\".", text);

    if (ls_str_find(name, '.') < name.length) {
        ls_diags_add(reader->diags, place, hint,
                     "a text that begins with * must stand in quotes");
        reader->slips++;
    } else {
        ls_diags_add(reader->diags, place,
                     "Write the value out, or put it in quotes if the * "
                     "belongs to it.",
                     "aliases (*name) are not part of these files");
    }
    free(hint);
    node->text = ls_str_from(text);
    attach(reader, node);
}

static void read_start(struct yaml_reader *reader, enum yaml_kind kind,
                       struct fy_token *token)
{
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    struct ls_place place = place_of(reader, token, 0, 0);
    struct yaml_node *node = yaml_tree_add(reader->document, kind, place);

    node->flow = start && start->input_pos < reader->text.length &&
                 strchr("[{", reader->text.at[start->input_pos]) &&
                 fy_token_end_mark(token)->input_pos > start->input_pos;
    attach(reader, node);
    if (reader->depth == YAML_DEPTH_MAX) {
        ls_diags_add(reader->diags, place, NULL,
                     "mappings and lists are nested more than %d deep here",
                     YAML_DEPTH_MAX);
        reader->stopped = true;
        return;
    }
    reader->frames[reader->depth++] = (struct yaml_frame){.node = node};
}

static void read_end(struct yaml_reader *reader)
{
    struct yaml_frame *frame;

    assert(reader->depth > 0);
    frame = &reader->frames[--reader->depth];
    if (frame->node->kind == YAML_MAPPING)
        reader->slips += yaml_fault_drop_duplicates(frame->node, reader->diags);
    if (frame->node->kind == YAML_MAPPING && frame->node->count &&
        !frame->node->flow)
        frame->node->place = frame->node->pairs[0].key->place;
}

static void refuse_second_document(struct yaml_reader *reader,
                                   struct fy_token *token)
{
    struct ls_place place =
        token ? place_of(reader, token, 0, 0)
              : (struct ls_place){reader->last.line + 1, 1, 1};

    ls_diags_add(reader->diags, place,
                 "Put it in a file of its own, or remove the line.",
                 "a second document begins here, and one a file is allowed");
    reader->stopped = true;
}

static void read_event(struct yaml_reader *reader, const struct fy_event *event)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (reader->document_count++)
            refuse_second_document(reader,
                                   event->document_start.document_start);
        break;
    case FYET_SCALAR:
        read_scalar(reader, &event->scalar);
        break;
    case FYET_ALIAS:
        read_alias(reader, &event->alias);
        break;
    case FYET_MAPPING_START:
        refuse_marks(reader, event->mapping_start.anchor,
                     event->mapping_start.tag);
        read_start(reader, YAML_MAPPING, event->mapping_start.mapping_start);
        break;
    case FYET_SEQUENCE_START:
        refuse_marks(reader, event->sequence_start.anchor,
                     event->sequence_start.tag);
        read_start(reader, YAML_SEQUENCE, event->sequence_start.sequence_start);
        break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        read_end(reader);
        break;
    case FYET_STREAM_END:
        reader->ended = true;
        break;
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_DOCUMENT_END:
        break;
    }
}

/* What the library found, which stops at its first. False when nothing. */
static bool find_fault(const struct yaml_reader *reader, struct fy_diag *diag,
                       struct yaml_fault *fault)
{
    void *iterator = NULL;
    struct fy_diag_error *error;

    *fault = (struct yaml_fault){.text = reader->text, .last = reader->last};
    for (size_t i = reader->depth; i-- > 0 && fault->open.line == 0;)
        if (reader->frames[i].node->flow)
            fault->open = reader->frames[i].node->place;
    while ((error = fy_diag_errors_iterate(diag, &iterator))) {
        if (error->type != FYET_ERROR)
            continue;
        fault->message = error->msg;
        fault->place = (struct ls_place){(unsigned)error->line,
                                         (unsigned)error->column, 1};
        return true;
    }
    fault->message = YAML_FAULT_SILENCE;
    fault->place = reader->last;
    return !reader->ended;
}

static void discard(struct fy_diag *diag, void *arg, const char *text,
                    size_t length)
{
    (void)diag;
    (void)arg;
    (void)text;
    (void)length;
}

static bool read_events(struct yaml_reader *reader, struct ls_diags *syntax,
                        struct ls_buf *text)
{
    const struct fy_diag_cfg diag_config = {
        .output_fn = discard,
        .level = FYET_ERROR,
        .module_mask = (1u << FYEM_MAX) - 1,
    };
    struct fy_diag *diag = fy_diag_create(&diag_config);
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 |
                 FYPCF_JSON_NONE | FYPCF_ALLOW_DUPLICATE_KEYS,
        .diag = diag,
    };
    struct fy_parser *parser = fy_parser_create(&config);
    struct yaml_fault fault;
    struct fy_event *event;
    bool repaired = false;

    if (!parser ||
        fy_parser_set_string(parser, reader->text.at, reader->text.length) != 0)
        ls_out_of_memory();
    while (!reader->stopped && (event = fy_parser_parse(parser))) {
        read_event(reader, event);
        fy_parser_event_free(parser, event);
    }
    if (!reader->stopped && find_fault(reader, diag, &fault))
        repaired =
            yaml_fault_repair(&fault, yaml_fault_report(&fault, syntax), text);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return repaired;
}

bool yaml_events_read(struct ls_buf *text, struct ls_diags *seen,
                      struct ls_diags *syntax, struct yaml_pass *pass)
{
    struct yaml_reader reader = {
        .diags = seen,
        .document = ls_alloc(sizeof(*reader.document)),
        .text = ls_buf_str(text),
        .last = {1, 1, 0},
    };
    /* A repair may have set it. */
    bool is_safe = yaml_source_trap(reader.text).line == 0 &&
                   yaml_work_excess(reader.text).place.line == 0;
    bool repaired = is_safe && read_events(&reader, syntax, text);

    *pass = (struct yaml_pass){reader.document, reader.slips};
    return repaired;
}
