#include "lyncsim/scenario_reference.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/expectation.h"
#include "lyncsim/topology_yaml.h"

#include "scenario_tables.h"
#include "talk_voice.h"

#define TEXT_COLUMN 26
#define TEXT_WIDTH 79

/* Words from column on, broken before the edge of a terminal. */
static void add_wrapped(struct ls_buf *out, size_t column, const char *text)
{
    struct ls_str rest = ls_str_from(text);
    struct ls_str word;
    size_t at = column;

    while (ls_str_cut(&rest, ' ', &word)) {
        if (at > column && at + 1 + word.length > TEXT_WIDTH) {
            ls_buf_printf(out, "\n%*s", (int)column, "");
            at = column;
        }
        if (at > column) {
            ls_buf_add_byte(out, ' ');
            at++;
        }
        ls_buf_add(out, word);
        at += word.length;
    }
    ls_buf_add_byte(out, '\n');
}

static void add_row(struct ls_buf *out, const char *name, const char *text)
{
    ls_buf_printf(out, "  %-*s", TEXT_COLUMN - 3, name);
    if (strlen(name) > TEXT_COLUMN - 3)
        ls_buf_printf(out, "\n%*s", TEXT_COLUMN, "");
    else
        ls_buf_add_byte(out, ' ');
    add_wrapped(out, TEXT_COLUMN, text);
}

static void add_keys(struct ls_buf *out, const struct scenario_key_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct yaml_key *key = &table->keys[i];
        struct ls_buf text = {0};

        ls_buf_printf(&text, "%s%s (%s)", key->summary,
                      key->required ? "; required" : "", key->shape);
        ls_buf_add_byte(&text, '\0');
        add_row(out, key->name, text.at);
        ls_buf_clear(&text);
    }
}

void scenario_reference_text(struct ls_buf *out)
{
    struct scenario_tables all;
    size_t count;
    const struct topology_edit_form *edits = topology_yaml_edit_forms(&count);
    const struct expectation_field *fields;
    const struct expectation_matcher *matchers;
    const struct talk_field *filled;

    scenario_tables_collect(&all);
    ls_buf_add_text(out, "What can be written in a scenario file.\n");
    for (size_t i = 0; i < all.count; i++) {
        ls_buf_printf(out, "\n%s: %s\n", all.tables[i].where,
                      all.tables[i].summary);
        add_keys(out, &all.tables[i]);
    }
    ls_buf_add_text(out, "\nedit: each of topology: in a step\n");
    for (size_t i = 0; i < count; i++)
        add_row(out, topology_edit_kind_text(edits[i].kind), edits[i].summary);
    filled = talk_fields(&count);
    ls_buf_add_text(out, "\nmessage: what send: of a talk fills in\n");
    for (size_t i = 0; i < count; i++) {
        char *name = ls_strf("$%s", filled[i].name);

        add_row(out, name, filled[i].summary);
        free(name);
    }
    fields = expectation_fields(&count);
    ls_buf_add_text(out, "\nexpectations: under expect:, field: value\n");
    for (size_t i = 0; i < count; i++)
        add_row(out, fields[i].name, fields[i].summary);
    matchers = expectation_matchers(&count);
    ls_buf_add_text(out, "\na value is one of\n");
    for (size_t i = 0; i < count; i++)
        add_row(out, matchers[i].name[0] ? matchers[i].name : matchers[i].shape,
                matchers[i].summary);
}

/* In a table of Markdown a | would end the cell. */
static void add_cell(struct ls_buf *out, struct ls_str text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '|')
            ls_buf_add_text(out, " \\| ");
        else
            ls_buf_add_byte(out, text.at[i]);
    }
}

/* The heading of a table that a shape names is where its keys are. */
static void add_shape(const struct scenario_tables *all, struct ls_buf *out,
                      const char *shape)
{
    const char *last = strrchr(shape, ' ');
    const char *name = last ? last + 1 : shape;

    if (scenario_tables_find(all, ls_str_from(name)) ||
        strcmp(name, "edit") == 0 || strcmp(name, "expectations") == 0) {
        add_cell(out, ls_str_from_bytes(shape, (size_t)(name - shape)));
        ls_buf_printf(out, "[%s](#%s)", name, name);
    } else {
        add_cell(out, ls_str_from(shape));
    }
}

static void add_markdown_keys(const struct scenario_tables *all,
                              const struct scenario_key_table *table,
                              struct ls_buf *out)
{
    ls_buf_printf(out, "\n### %s\n\n%c%s.\n\n", table->where,
                  table->summary[0] - 'a' + 'A', table->summary + 1);
    ls_buf_add_text(out, "| key | value | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < table->count; i++) {
        const struct yaml_key *key = &table->keys[i];

        ls_buf_printf(out, "| `%s`%s | ", key->name,
                      key->required ? " (required)" : "");
        add_shape(all, out, key->shape);
        ls_buf_add_text(out, " | ");
        add_cell(out, ls_str_from(key->summary));
        ls_buf_add_text(out, " |\n");
    }
}

static void add_markdown_edits(struct ls_buf *out)
{
    size_t count;
    const struct topology_edit_form *edits = topology_yaml_edit_forms(&count);

    ls_buf_add_text(out, "\n### edit\n\nEach of `topology:` in a step.\n\n"
                         "| edit | what stands beneath | meaning |\n"
                         "|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        ls_buf_printf(out, "| `%s` | ", topology_edit_kind_text(edits[i].kind));
        for (size_t j = 0; j < edits[i].key_count; j++)
            ls_buf_printf(out, edits[i].keys[j].name[0] ? "%s`%s`" : "%s%s",
                          j ? ", " : "",
                          edits[i].keys[j].name[0] ? edits[i].keys[j].name
                                                   : edits[i].keys[j].summary);
        if (edits[i].kind == EDIT_ADD_POOL)
            ls_buf_add_text(out, "a [pool](#pool)");
        ls_buf_printf(out, " | %s |\n", edits[i].summary);
    }
}

static void add_markdown_message(struct ls_buf *out)
{
    size_t count;
    const struct talk_field *fields = talk_fields(&count);

    ls_buf_add_text(out, "\n### message\n\nWhat `send:` of a talk fills in; a "
                         "variable of the same name hides it.\n\n"
                         "| field | what it is |\n|---|---|\n");
    for (size_t i = 0; i < count; i++)
        ls_buf_printf(out, "| `$%s` | %s |\n", fields[i].name,
                      fields[i].summary);
}

static void add_markdown_fields(struct ls_buf *out)
{
    size_t count;
    const struct expectation_field *fields = expectation_fields(&count);
    const struct expectation_matcher *matchers;

    ls_buf_add_text(out, "\n### expectations\n\nUnder `expect:`.\n\n"
                         "| field | what it is | values |\n|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        ls_buf_printf(out, "| `%s` | %s | ", fields[i].name, fields[i].summary);
        for (size_t j = 0; fields[i].value_at && fields[i].value_at(j); j++)
            ls_buf_printf(out, "%s`%s`", j ? " " : "", fields[i].value_at(j));
        ls_buf_add_text(out, " |\n");
    }
    matchers = expectation_matchers(&count);
    ls_buf_add_text(out, "\n| value | written as | holds when |\n"
                         "|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        ls_buf_printf(out, "| %s | ", matchers[i].shape);
        if (matchers[i].name[0])
            ls_buf_printf(out, "`{%s: …}`", matchers[i].name);
        ls_buf_printf(out, " | %s |\n", matchers[i].summary);
    }
}

void scenario_reference_markdown(struct ls_buf *out)
{
    struct scenario_tables all;

    scenario_tables_collect(&all);
    for (size_t i = 0; i < all.count; i++)
        add_markdown_keys(&all, &all.tables[i], out);
    add_markdown_edits(out);
    add_markdown_message(out);
    add_markdown_fields(out);
}
