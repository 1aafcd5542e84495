#include "yaml_fault.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "yaml_block.h"

typedef void(yaml_fault_fn)(const struct yaml_fault *fault,
                            struct ls_diags *diags);

/* One kind of message of the library. Where explain is NULL the sentence and
 * the hint say it all. */
struct yaml_trap {
    const char *message_part;
    enum yaml_repair repair;
    const char *sentence;
    const char *hint;
    yaml_fault_fn *explain;
};

static yaml_fault_fn explain_bracket;
static yaml_fault_fn explain_colon;
static yaml_fault_fn explain_first_byte;
static yaml_fault_fn explain_quote;
static yaml_fault_fn explain_run_on;
static yaml_fault_fn explain_silence;
static yaml_fault_fn explain_stray;
static yaml_fault_fn explain_tab;

/* The first that fits counts. */
static const struct yaml_trap yaml_traps[] = {
    {"tab ", YAML_REPAIR_NONE, NULL, NULL, explain_tab},
    {"nested block mapping on the same line", YAML_REPAIR_REST, NULL, NULL,
     explain_colon},
    {"multiline plain key", YAML_REPAIR_NONE, NULL, NULL, explain_run_on},
    {"could not find expected ':'", YAML_REPAIR_REST, NULL, NULL,
     explain_run_on},
    {"plain scalar cannot start with", YAML_REPAIR_LETTER, NULL, NULL,
     explain_first_byte},
    {"without closing quote", YAML_REPAIR_NONE, NULL, NULL, explain_quote},
    {"wrongly indented", YAML_REPAIR_NONE, NULL, NULL, explain_quote},
    {"without a closing", YAML_REPAIR_NONE, NULL, NULL, explain_bracket},
    {"missing comma in flow", YAML_REPAIR_NONE, NULL, NULL, explain_bracket},
    {"block sequence on the same line", YAML_REPAIR_REST,
     "a list cannot begin in the line of its key",
     "Begin it in the next line, or write it as [one, two].", NULL},
    {"trailing content after", YAML_REPAIR_REST,
     "nothing may follow the closing quote",
     "Put the whole value in quotes; a ' inside '...' is written twice.", NULL},
    {"at the end of block sequence", YAML_REPAIR_NONE,
     "this stands in the column of the dashes and is no item",
     "Begin it with a dash and a blank, or put it in its own column.", NULL},
    {"invalid value after mapping", YAML_REPAIR_NONE, NULL, NULL,
     explain_stray},
    {"indentation", YAML_REPAIR_NONE,
     "this line is not in the column of its neighbours",
     "Keys of one mapping begin in the same column.", NULL},
    {"in plain multiline", YAML_REPAIR_NONE,
     "this line is not in the column of its neighbours",
     "Keys of one mapping begin in the same column.", NULL},
    {"expected key", YAML_REPAIR_NONE, "a key was expected here",
     "Lines of one mapping begin in the same column.", NULL},
    {"extra closing brace", YAML_REPAIR_BLANK, "this } closes nothing", NULL,
     NULL},
    {"extra closing bracket", YAML_REPAIR_BLANK, "this ] closes nothing", NULL,
     NULL},
    {"mismatched flow", YAML_REPAIR_NONE,
     "this bracket is not the kind that was opened", NULL, NULL},
    {"extra comma", YAML_REPAIR_BLANK, "there is nothing before this comma",
     NULL, NULL},
    {"block scalar", YAML_REPAIR_NONE,
     "nothing but +, - or a digit may follow | or >",
     "Begin the text in the next line.", NULL},
    {"invalid escape", YAML_REPAIR_NONE,
     "this text holds a backslash that means nothing",
     "Write \\\\ for a backslash, or use '...' quotes.", NULL},
    {"hex escape", YAML_REPAIR_NONE,
     "this text holds a \\x or \\u without its digits",
     "Write \\\\ for a backslash, or use '...' quotes.", NULL},
    {"invalid alias", YAML_REPAIR_NONE,
     "a text that begins with * must stand in quotes", "Write \"*\".", NULL},
    {"invalid anchor", YAML_REPAIR_NONE,
     "a text that begins with & must stand in quotes", "Write \"&\".", NULL},
    {YAML_FAULT_SILENCE, YAML_REPAIR_NONE, NULL, NULL, explain_silence},
    {"node content", YAML_REPAIR_NONE, "a value was expected here", NULL, NULL},
};

static struct ls_str line_of(const struct yaml_fault *fault, unsigned number)
{
    struct ls_str rest = fault->text;
    struct ls_str line = ls_str_from("");

    for (unsigned i = 0; i < number; i++)
        if (!ls_str_cut(&rest, '\n', &line))
            return ls_str_from("");
    return line;
}

/* A line from a column on; columns count characters. */
static struct ls_str rest_from(struct ls_str line, unsigned column)
{
    for (unsigned i = 1; i < column && line.length; i++)
        line = ls_str_skip(line, ls_str_utf8_length(line));
    return line;
}

static unsigned width_of(struct ls_str text)
{
    return (unsigned)ls_str_utf8_count(text);
}

/* The fault's place with the width of the word that stands there. */
static struct ls_place word_at(const struct yaml_fault *fault)
{
    struct ls_place place = fault->place;
    struct ls_str word = rest_from(line_of(fault, place.line), place.column);

    place.width = width_of(ls_str_first(word, ls_str_find(word, ' ')));
    return place;
}

static void explain_tab(const struct yaml_fault *fault, struct ls_diags *diags)
{
    struct ls_str line = line_of(fault, fault->place.line);
    struct ls_place place = {fault->place.line, 1, 0};
    size_t tab = ls_str_find(line, '\t');

    place.column = (unsigned)tab + 1;
    while (tab + place.width < line.length &&
           line.at[tab + place.width] == '\t')
        place.width++;
    ls_diags_add(diags, place, "Use blanks.", "a tab cannot indent a line");
}

/* "- connect:{a: b, c: d}": the first colon of the line stands before a
 * bracket, and so it ends no key. */
static bool explain_glued_bracket(const struct yaml_fault *fault,
                                  struct ls_diags *diags)
{
    struct ls_str line = line_of(fault, fault->place.line);
    size_t colon = ls_str_find(line, ':');
    struct ls_place place = {fault->place.line, 0, 1};

    if (colon + 1 >= line.length ||
        (line.at[colon + 1] != '{' && line.at[colon + 1] != '['))
        return false;
    place.column = width_of(ls_str_first(line, colon)) + 1;
    ls_diags_add(diags, place, "Put a blank behind it.",
                 "there is no blank behind the colon");
    return true;
}

/* key: value: more. What was meant begins with the scalar before the colon
 * and goes on to the end of the line. */
static void explain_colon(const struct yaml_fault *fault,
                          struct ls_diags *diags)
{
    struct ls_place place = fault->last;
    struct ls_str value;
    char *hint;

    if (explain_glued_bracket(fault, diags))
        return;
    if (place.line != fault->place.line)
        place = fault->place;
    value = ls_str_trim(rest_from(line_of(fault, place.line), place.column));
    place.width = width_of(value);
    if (ls_str_find(value, '"') == value.length)
        hint = ls_strf("If it is one text, write \"%.*s\".", LS_STR_ARG(value));
    else if (ls_str_find(value, '\'') == value.length)
        hint = ls_strf("If it is one text, write '%.*s'.", LS_STR_ARG(value));
    else
        hint = ls_strdup("If it is one text, put the whole in quotes.");
    ls_diags_add(diags, place, hint,
                 "a second key stands in this line: a colon and a blank end "
                 "a key");
    free(hint);
}

static unsigned indent_of(struct ls_str line)
{
    unsigned indent = 0;

    while (indent < line.length && line.at[indent] == ' ')
        indent++;
    return indent;
}

/* Does the text at the fault stand behind a key, or is it an item of a list
 * that the next line does not belong to? Then it is no key without a colon. */
static bool is_value(const struct yaml_fault *fault)
{
    struct ls_str line = line_of(fault, fault->place.line);
    unsigned below = indent_of(line_of(fault, fault->place.line + 1));

    for (size_t i = 0; i < line.length && i + 1 < fault->place.column; i++)
        if (line.at[i] != ' ' && line.at[i] != '-')
            return true;
    return below + 1 < fault->place.column;
}

static void explain_next_line(const struct yaml_fault *fault,
                              struct ls_diags *diags)
{
    struct ls_str line = line_of(fault, fault->place.line + 1);
    unsigned indent = indent_of(line);
    struct ls_place place = {fault->place.line + 1, indent + 1,
                             width_of(ls_str_skip(line, indent))};

    ls_diags_add(diags, place,
                 "Begin the key in the column of its neighbours, or put the "
                 "text in quotes.",
                 "this line is indented as if it went on with the text of "
                 "line %u",
                 fault->place.line);
}

/* A text that goes on in the next line, and that line looks like a key: either
 * the next line is indented too far, or this one lacks its colon. */
static void explain_run_on(const struct yaml_fault *fault,
                           struct ls_diags *diags)
{
    struct ls_place place = fault->place;
    struct ls_str text =
        ls_str_trim(rest_from(line_of(fault, place.line), place.column));
    size_t colon = ls_str_find(text, ':');

    place.width = width_of(text);
    if (is_value(fault)) {
        explain_next_line(fault, diags);
    } else if (colon + 1 < text.length && text.at[colon + 1] != ' ') {
        struct ls_str value = ls_str_skip(text, colon + 1);
        char *hint = ls_strf("Write it so: %.*s: %.*s", (int)colon, text.at,
                             LS_STR_ARG(value));

        ls_diags_add(diags, place, hint, "there is no blank behind the colon");
        free(hint);
    } else {
        ls_diags_add(diags, place, "Write a key, a colon and a blank.",
                     "there is no colon in this line");
    }
}

/* A line behind a list: a key without its blank, or one that is astray. */
static void explain_stray(const struct yaml_fault *fault,
                          struct ls_diags *diags)
{
    struct ls_str line = line_of(fault, fault->place.line);
    struct ls_str text = ls_str_trim(rest_from(line, fault->place.column));
    size_t colon = ls_str_find(text, ':');

    if (colon + 1 < text.length && text.at[colon + 1] != ' ')
        explain_run_on(fault, diags);
    else
        ls_diags_add(diags, word_at(fault),
                     "Lines of one mapping or list begin in the same column.",
                     "this belongs neither to the mapping above nor to a new "
                     "one");
}

static void explain_first_byte(const struct yaml_fault *fault,
                               struct ls_diags *diags)
{
    struct ls_place place = word_at(fault);
    struct ls_str line = rest_from(line_of(fault, place.line), place.column);

    ls_diags_add(diags, place, "Put the whole value in quotes.",
                 "a text that begins with %.*s must stand in quotes",
                 line.length ? 1 : 0, line.at);
}

static void explain_quote(const struct yaml_fault *fault,
                          struct ls_diags *diags)
{
    struct ls_place place = fault->place;
    struct ls_str line = line_of(fault, place.line);

    /* The library points behind the quote when it came to the end. */
    struct ls_str before = rest_from(line, place.column - 1);
    if (ls_str_starts_with(before, "'") || ls_str_starts_with(before, "\""))
        place.column--;
    place.width = width_of(rest_from(line, place.column));
    ls_diags_add(diags, place, "Close it in the same line.",
                 "the quote that begins here is never closed");
}

static void explain_bracket(const struct yaml_fault *fault,
                            struct ls_diags *diags)
{
    struct ls_str line = line_of(fault, fault->open.line);
    bool is_brace =
        ls_str_starts_with(rest_from(line, fault->open.column), "{");

    if (fault->open.line == 0 || fault->open.line == fault->place.line)
        ls_diags_add(diags, word_at(fault),
                     "Inside { } and [ ] put a comma between one and the "
                     "next.",
                     "a comma or a closing bracket is missing before this");
    else
        ls_diags_add(diags, fault->open,
                     memmem(line.at, line.length, " #", 2) != NULL
                         ? "A blank and a # begin a comment; put a text that "
                           "holds them in quotes."
                         : NULL,
                     "this %c is never closed: a comma or a %c is missing",
                     is_brace ? '{' : '[', is_brace ? '}' : ']');
}

/* Where a block begins whose text would be indented by nothing; the length of
 * the line where none does. */
static size_t find_zero_block(struct ls_str line)
{
    for (size_t i = 0; i < line.length; i++) {
        struct ls_str mark = ls_str_skip(line, i + 1);

        if (line.at[i] != '|' && line.at[i] != '>')
            continue;
        if (ls_str_starts_with(mark, "+") || ls_str_starts_with(mark, "-"))
            mark = ls_str_skip(mark, 1);
        if (ls_str_starts_with(mark, "0"))
            return i;
    }
    return line.length;
}

/* The one thing that is known to silence the library, else the place behind
 * which nothing was read. */
static void explain_silence(const struct yaml_fault *fault,
                            struct ls_diags *diags)
{
    struct ls_place place = fault->place;
    struct ls_str rest = fault->text, line;

    for (unsigned number = 1; ls_str_cut(&rest, '\n', &line); number++) {
        size_t at = number < place.line ? line.length : find_zero_block(line);

        if (at == line.length)
            continue;
        place = (struct ls_place){number, width_of(ls_str_first(line, at)) + 1,
                                  width_of(ls_str_trim(ls_str_skip(line, at)))};
        ls_diags_add(diags, place, "Leave the 0 out.",
                     "the text of a block is indented by more than nothing");
        return;
    }
    ls_diags_add(diags, place, NULL,
                 "nothing behind this can be read as YAML, and the library "
                 "does not say why");
}

void yaml_fault_shallow_block(struct ls_place place, struct ls_diags *diags)
{
    ls_diags_add(diags, place,
                 "Indent it by two blanks more than the line with the | or >; "
                 "an empty text is written \"\".",
                 "this is the text of a block, and is not indented");
}

/* To the library it is a key of sorts; what it says of that misleads. */
static bool explain_block(const struct yaml_fault *fault,
                          struct ls_diags *diags)
{
    struct ls_place place = fault->place;
    struct yaml_block block;
    struct ls_str line;

    if (!yaml_block_find_shallow(fault->text, place.line, &block))
        return false;
    line = line_of(fault, place.line);
    place.column = indent_of(line) + 1;
    place.width = width_of(ls_str_trim(line));
    yaml_fault_shallow_block(place, diags);
    return true;
}

enum yaml_repair yaml_fault_report(const struct yaml_fault *fault,
                                   struct ls_diags *diags)
{
    if (explain_block(fault, diags))
        return YAML_REPAIR_BLOCK;
    for (size_t i = 0; i < LS_COUNT(yaml_traps); i++) {
        const struct yaml_trap *trap = &yaml_traps[i];

        if (!strstr(fault->message, trap->message_part))
            continue;
        if (trap->explain)
            trap->explain(fault, diags);
        else
            ls_diags_add(diags, word_at(fault), trap->hint, "%s",
                         trap->sentence);
        return trap->repair;
    }
    ls_diags_add(diags, word_at(fault), NULL, "this is no YAML: %s",
                 fault->message);
    return YAML_REPAIR_NONE;
}

bool yaml_fault_repair(const struct yaml_fault *fault, enum yaml_repair repair,
                       struct ls_buf *text)
{
    struct ls_str rest =
        rest_from(line_of(fault, fault->place.line), fault->place.column);
    size_t at = (size_t)(rest.at - fault->text.at);
    struct yaml_block block;

    if (repair == YAML_REPAIR_BLOCK &&
        yaml_block_find_shallow(fault->text, fault->place.line, &block)) {
        yaml_block_repair(&block, text);
        return true;
    }
    if (repair == YAML_REPAIR_NONE || rest.length == 0)
        return false;
    /* Only bytes of ASCII are ever overwritten alone. */
    if (repair == YAML_REPAIR_REST)
        memset(text->at + at, ' ', rest.length);
    else
        text->at[at] = repair == YAML_REPAIR_BLANK ? ' ' : 'x';
    return true;
}

static int compare_keys(const void *left, const void *right)
{
    const struct yaml_node *a = (*(struct yaml_pair *const *)left)->key;
    const struct yaml_node *b = (*(struct yaml_pair *const *)right)->key;
    size_t common =
        a->text.length < b->text.length ? a->text.length : b->text.length;
    int order = memcmp(a->text.at, b->text.at, common);

    if (order == 0 && a->text.length != b->text.length)
        return a->text.length < b->text.length ? -1 : 1;
    if (order == 0 && a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    if (order == 0)
        return (a->place.column > b->place.column) -
               (a->place.column < b->place.column);
    return order;
}

static void drop_pairs_without_value(struct yaml_node *mapping)
{
    size_t kept = 0;

    for (size_t i = 0; i < mapping->count; i++)
        if (mapping->pairs[i].value)
            mapping->pairs[kept++] = mapping->pairs[i];
    mapping->count = kept;
}

/* Sorted rather than each against each: a stranger chooses the count. */
size_t yaml_fault_drop_duplicates(struct yaml_node *mapping,
                                  struct ls_diags *diags)
{
    struct yaml_pair **pairs =
        ls_alloc_array(mapping->count, sizeof(struct yaml_pair *));
    size_t count = 0;
    size_t first = 0;
    size_t dropped = 0;

    for (size_t i = 0; i < mapping->count; i++)
        if (mapping->pairs[i].key->kind == YAML_SCALAR)
            pairs[count++] = &mapping->pairs[i];
    qsort(pairs, count, sizeof(struct yaml_pair *), compare_keys);
    for (size_t i = 1; i < count; i++) {
        const struct yaml_node *key = pairs[i]->key;

        if (!ls_str_equal(pairs[first]->key->text, key->text)) {
            first = i;
            continue;
        }
        ls_diags_add(diags, key->place, NULL,
                     "the key \"%s\" stands here again, after line %u",
                     key->text.at, pairs[first]->key->place.line);
        pairs[i]->value = NULL;
        dropped++;
    }
    free(pairs);
    if (dropped)
        drop_pairs_without_value(mapping);
    return dropped;
}
