/*
 * The tables as a JSON Schema. Every scalar is text to the parser; to an
 * editor 5061 and true are a number and a truth, so both are allowed.
 */
#include <string.h>

#include "lyncsim/expectation.h"
#include "lyncsim/scenario_reference.h"
#include "lyncsim/topology_yaml.h"

#include "scenario_tables.h"

#define TEXT "{\"$ref\": \"#/definitions/text\"}"

struct schema {
    struct scenario_tables all;
    struct ls_buf *out;
};

static void add_string(struct ls_buf *out, struct ls_str text)
{
    ls_buf_add_byte(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            ls_buf_add_byte(out, '\\');
        ls_buf_add_byte(out, text.at[i]);
    }
    ls_buf_add_byte(out, '"');
}

/* What may be written as it stands: lower case, digits, dots and dashes. */
static bool is_literal(struct ls_str text)
{
    static const char *const words[] = {"text", "number", "mapping",
                                        "edit", "time",   "duration"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (ls_str_equal_text(text, words[i]))
            return false;
    for (size_t i = 0; i < text.length; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", text.at[i]) &&
            !(text.at[i] >= 'A' && text.at[i] <= 'Z' && i > 0))
            return false;
    return text.length > 0;
}

static void add_enum_value(struct ls_buf *out, struct ls_str text, bool first)
{
    uint64_t number;

    if (!first)
        ls_buf_add_text(out, ", ");
    add_string(out, text);
    if (ls_str_equal_text(text, "true") || ls_str_equal_text(text, "false") ||
        ls_str_to_u64(text, &number))
        ls_buf_printf(out, ", %.*s", LS_STR_ARG(text));
}

static void add_shape(struct schema *schema, struct ls_str shape);

#define MAPPING "mapping "

/* Of alternatives: one that has a shape of its own. A table's name is one
 * after "mapping", a list or a free text; among words it is a word. */
static bool is_shaped(const struct schema *schema, struct ls_str piece,
                      struct ls_str shape)
{
    struct ls_str first;

    ls_str_cut(&shape, '|', &first);
    return ls_str_starts_with(piece, "list of") ||
           ls_str_starts_with(piece, MAPPING) ||
           (!is_literal(first) && scenario_tables_find(&schema->all, piece));
}

static void add_literals(struct schema *schema, struct ls_str shape)
{
    struct ls_buf *out = schema->out;
    struct ls_str rest = shape;
    struct ls_str piece;
    bool is_first = true;

    while (ls_str_cut(&rest, '|', &piece)) {
        if (!is_literal(piece) || is_shaped(schema, piece, shape))
            continue;
        ls_buf_add_text(out, is_first ? ", {\"enum\": [" : "");
        add_enum_value(out, piece, is_first);
        is_first = false;
    }
    ls_buf_add_text(out, is_first ? "" : "]}");
}

/* "a|b|list of text": known words, or a variable in their place. */
static void add_alternatives(struct schema *schema, struct ls_str shape)
{
    struct ls_buf *out = schema->out;
    struct ls_str rest = shape;
    struct ls_str piece;
    bool free_text = false;

    while (ls_str_cut(&rest, '|', &piece))
        free_text = free_text ||
                    (!is_literal(piece) && !is_shaped(schema, piece, shape));
    ls_buf_add_text(out, "{\"anyOf\": [");
    if (free_text)
        ls_buf_add_text(out, TEXT);
    else
        ls_buf_add_text(out, "{\"$ref\": \"#/definitions/variable\"}");
    for (rest = shape; ls_str_cut(&rest, '|', &piece);)
        if (is_shaped(schema, piece, shape)) {
            ls_buf_add_text(out, ", ");
            add_shape(schema, piece);
        }
    if (!free_text)
        add_literals(schema, shape);
    ls_buf_add_text(out, "]}");
}

static void add_shape(struct schema *schema, struct ls_str shape)
{
    struct ls_buf *out = schema->out;

    if (ls_str_find(shape, '|') < shape.length) {
        add_alternatives(schema, shape);
    } else if (ls_str_starts_with(shape, "list of ")) {
        ls_buf_add_text(out, "{\"type\": \"array\", \"items\": ");
        add_shape(schema, ls_str_skip(shape, strlen("list of ")));
        ls_buf_add_text(out, "}");
    } else if (ls_str_starts_with(shape, MAPPING) &&
               !ls_str_starts_with(shape, "mapping of ")) {
        add_shape(schema, ls_str_skip(shape, strlen(MAPPING)));
    } else if (ls_str_starts_with(shape, "mapping of ")) {
        ls_buf_add_text(out,
                        "{\"type\": \"object\", \"additionalProperties\": ");
        add_shape(schema, ls_str_skip(shape, strlen("mapping of ")));
        ls_buf_add_text(out, "}");
    } else if (scenario_tables_find(&schema->all, shape) ||
               ls_str_equal_text(shape, "edit") ||
               ls_str_equal_text(shape, "expectations")) {
        ls_buf_printf(out, "{\"$ref\": \"#/definitions/%.*s\"}",
                      LS_STR_ARG(shape));
    } else if (ls_str_equal_text(shape, "value")) {
        ls_buf_add_text(out, "{\"anyOf\": [" TEXT
                             ", {\"$ref\": \"#/definitions/matcher\"}]}");
    } else if (ls_str_equal_text(shape, "mapping")) {
        ls_buf_add_text(out, "{\"type\": \"object\"}");
    } else {
        ls_buf_add_text(out, TEXT);
    }
}

static void add_properties(struct schema *schema,
                           const struct scenario_key_table *table, bool first)
{
    struct ls_buf *out = schema->out;

    for (size_t i = 0; i < table->count; i++) {
        const struct yaml_key *key = &table->keys[i];

        ls_buf_add_text(out, first && i == 0 ? "\n        " : ",\n        ");
        add_string(out, ls_str_from(key->name));
        ls_buf_add_text(out, ": {\"description\": ");
        add_string(out, ls_str_from(key->summary));
        ls_buf_add_text(out, ", \"allOf\": [");
        add_shape(schema, ls_str_from(key->shape));
        ls_buf_add_text(out, "]}");
    }
}

/* What a peer: of the file may say instead. */
static bool add_peer_or_required(struct ls_buf *out, const char *where)
{
    bool signs_in = strcmp(where, "sign-in") == 0;

    if (!signs_in && strcmp(where, "connect") != 0)
        return false;
    ls_buf_add_text(out, ",\n      \"anyOf\": [{\"required\": [\"peer\"]}, ");
    ls_buf_add_text(out, signs_in
                             ? "{\"required\": [\"certificate\", \"user\"]}"
                               ", {\"required\": [\"certificate\", "
                               "\"users\"]}]"
                             : "{\"required\": [\"certificate\"]}]");
    return true;
}

static void add_required(struct ls_buf *out,
                         const struct scenario_key_table *table)
{
    bool first = true;

    if (add_peer_or_required(out, table->where))
        return;

    for (size_t i = 0; i < table->count; i++) {
        if (!table->keys[i].required)
            continue;
        ls_buf_add_text(out, first ? ",\n      \"required\": [" : ", ");
        add_string(out, ls_str_from(table->keys[i].name));
        first = false;
    }
    if (!first)
        ls_buf_add_text(out, "]");
}

/* Exactly one of these keys stands in a mapping. */
static void add_one_of(struct ls_buf *out, const char *where)
{
    static const struct {
        const char *where;
        const char *keys[12];
    } rows[] = {
        {"scenario", {"steps", "cases"}},
        {"step",
         {"connect", "sign-in", "say", "ask", "reveal", "topology", "advance",
          "respond", "wire", "together"}},
        {"part",
         {"connect", "sign-in", "say", "topology", "advance", "respond",
          "wire"}},
        {"line",
         {"send", "receive", "respond", "await", "advance", "leave", "wire",
          "say"}},
        {"case", {"connect", "sign-in"}},
        {"authority", {"subject", "file"}},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(where, rows[i].where) != 0)
            continue;
        ls_buf_add_text(out, ",\n      \"oneOf\": [");
        for (size_t j = 0; rows[i].keys[j]; j++)
            ls_buf_printf(out, "%s{\"required\": [\"%s\"]}", j ? ", " : "",
                          rows[i].keys[j]);
        ls_buf_add_text(out, "]");
    }
}

static void add_table(struct schema *schema,
                      const struct scenario_key_table *table)
{
    struct ls_buf *out = schema->out;

    ls_buf_printf(out,
                  "    \"%s\": {\n      \"description\": \"%s\",\n"
                  "      \"type\": \"object\",\n"
                  "      \"additionalProperties\": false,\n"
                  "      \"properties\": {",
                  table->where, table->summary);
    add_properties(schema, table, true);
    if (strcmp(table->where, "case") == 0)
        add_properties(
            schema,
            scenario_tables_find(&schema->all, ls_str_from("front-end")),
            false);
    ls_buf_add_text(out, "\n      }");
    add_required(out, table);
    add_one_of(out, table->where);
    ls_buf_add_text(out, "\n    },\n");
}

static void add_edits(struct schema *schema)
{
    struct ls_buf *out = schema->out;
    size_t count;
    const struct topology_edit_form *edits = topology_yaml_edit_forms(&count);

    ls_buf_add_text(out, "    \"edit\": {\n      \"anyOf\": [\n"
                         "        {\"enum\": [\"publish\", \"enable\"]}");
    for (size_t i = 0; i < count; i++) {
        const struct topology_edit_form *edit = &edits[i];
        struct scenario_key_table table = {"", "", edit->keys, edit->key_count};

        if (edit->kind == EDIT_PUBLISH || edit->kind == EDIT_ENABLE)
            continue;
        ls_buf_printf(out,
                      ",\n        {\"type\": \"object\", "
                      "\"additionalProperties\": false, \"required\": "
                      "[\"%s\"], \"properties\": {\"%s\": ",
                      topology_edit_kind_text(edit->kind),
                      topology_edit_kind_text(edit->kind));
        if (edit->kind == EDIT_ADD_POOL) {
            ls_buf_add_text(out, "{\"$ref\": \"#/definitions/pool\"}");
        } else if (edit->keys[0].name[0] == '\0') {
            ls_buf_add_text(out, TEXT);
        } else {
            ls_buf_add_text(out, "{\"type\": \"object\", "
                                 "\"additionalProperties\": false, "
                                 "\"properties\": {");
            add_properties(schema, &table, true);
            ls_buf_add_text(out, "}}");
        }
        ls_buf_add_text(out, "}}");
    }
    ls_buf_add_text(out, "\n      ]\n    },\n");
}

static void add_value(struct ls_buf *out, const struct expectation_field *field)
{
    ls_buf_add_text(out,
                    field->is_list ? "{\"type\": \"array\", \"items\": " : "");
    if (field->value_at) {
        ls_buf_add_text(out, "{\"anyOf\": [{\"$ref\": "
                             "\"#/definitions/variable\"}, {\"enum\": [");
        for (size_t i = 0; field->value_at(i); i++)
            add_enum_value(out, ls_str_from(field->value_at(i)), i == 0);
        ls_buf_add_text(out, "]}]}");
    } else {
        ls_buf_add_text(out, TEXT);
    }
    ls_buf_add_text(out, field->is_list ? "}" : "");
}

static void add_field(struct ls_buf *out, const struct expectation_field *field,
                      bool first)
{
    const char *number = strstr(field->name, ".N.");

    ls_buf_add_text(out, first ? "\n        " : ",\n        ");
    if (number)
        ls_buf_printf(out, "\"^near\\\\.[0-9]+\\\\.%s$\"",
                      number + strlen(".N."));
    else
        add_string(out, ls_str_from(field->name));
    ls_buf_add_text(out, ": {\"description\": ");
    add_string(out, ls_str_from(field->summary));
    ls_buf_add_text(out, ", \"anyOf\": [");
    add_value(out, field);
    ls_buf_add_text(out, ", {\"$ref\": \"#/definitions/matcher\"}]}");
}

static void add_expectations(struct ls_buf *out)
{
    size_t count;
    const struct expectation_field *fields = expectation_fields(&count);

    for (int numbered = 0; numbered < 2; numbered++) {
        bool first = true;

        ls_buf_add_text(out, numbered
                                 ? ",\n      \"patternProperties\": {"
                                 : "    \"expectations\": {\n"
                                   "      \"type\": \"object\",\n"
                                   "      \"additionalProperties\": false,\n"
                                   "      \"minProperties\": 1,\n"
                                   "      \"properties\": {");
        for (size_t i = 0; i < count; i++) {
            if ((strstr(fields[i].name, ".N.") != NULL) != (numbered != 0))
                continue;
            add_field(out, &fields[i], first);
            first = false;
        }
        ls_buf_add_text(out, "\n      }");
    }
    ls_buf_add_text(out, "\n    },\n");
}

static const char schema_head[] =
    "{\n"
    "  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
    "  \"title\": \"lyncsim scenario\",\n"
    "  \"$ref\": \"#/definitions/scenario\",\n"
    "  \"definitions\": {\n"
    "    \"text\": {\"type\": [\"string\", \"number\", \"boolean\"]},\n"
    "    \"variable\": {\"type\": \"string\", \"pattern\": "
    "\"\\\\$[{A-Za-z_]\"},\n";

static const char schema_tail[] =
    "    \"matcher\": {\n"
    "      \"type\": \"object\",\n"
    "      \"minProperties\": 1,\n"
    "      \"maxProperties\": 1,\n"
    "      \"additionalProperties\": false,\n"
    "      \"properties\": {\n"
    "        \"contains\": " TEXT ",\n"
    "        \"matches\": " TEXT ",\n"
    "        \"one-of\": {\"type\": \"array\", \"items\": " TEXT "},\n"
    "        \"absent\": {\"enum\": [true, false, \"true\", \"false\"]},\n"
    "        \"not\": {\"anyOf\": [" TEXT ", {\"type\": \"array\", "
    "\"items\": " TEXT "}, {\"$ref\": \"#/definitions/matcher\"}]}\n"
    "      }\n"
    "    }\n"
    "  }\n"
    "}\n";

void scenario_reference_schema(struct ls_buf *out)
{
    struct schema schema = {.out = out};

    scenario_tables_collect(&schema.all);
    ls_buf_add_text(out, schema_head);
    for (size_t i = 0; i < schema.all.count; i++)
        add_table(&schema, &schema.all.tables[i]);
    add_edits(&schema);
    add_expectations(out);
    ls_buf_add_text(out, schema_tail);
}
