#include "lyncsim/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

void ls_diags_init(struct ls_diags *diags, const char *file, struct ls_str text)
{
    *diags = (struct ls_diags){.file = ls_strdup(file), .text = text};
}

void ls_diags_clear(struct ls_diags *diags)
{
    for (size_t i = 0; i < diags->count; i++) {
        free(diags->items[i].sentence);
        free(diags->items[i].hint);
    }
    free(diags->items);
    free(diags->file);
    *diags = (struct ls_diags){0};
}

static struct ls_str source_line(struct ls_str text, unsigned number)
{
    struct ls_str line = {0};

    while (number > 0 && ls_str_cut(&text, '\n', &line))
        number--;
    if (number > 0)
        return ls_str_from("");
    if (ls_str_ends_with(line, "\r"))
        line.length--;
    return line;
}

/* What a word processor, a mail or a web page writes instead. */
static const char *hint_for_lookalike(struct ls_str text, struct ls_place place)
{
    static const struct {
        const char *bytes, *hint;
        bool anywhere;
    } rows[] = {
        {"\xE2\x80\x98", "Write ' or \" instead of the typographic quote.",
         false},
        {"\xE2\x80\x99", "Write ' or \" instead of the typographic quote.",
         false},
        {"\xE2\x80\x9C", "Write ' or \" instead of the typographic quote.",
         false},
        {"\xE2\x80\x9D", "Write ' or \" instead of the typographic quote.",
         false},
        {"\xE2\x80\x9E", "Write ' or \" instead of the typographic quote.",
         false},
        {"\xE2\x80\x93", "Write - instead of the typographic dash.", false},
        {"\xE2\x80\x94", "Write - instead of the typographic dash.", false},
        {"\xE2\x88\x92", "Write - instead of the minus sign.", false},
        {":\xC2\xA0",
         "A no-break space stands behind the colon; write a blank.", true},
        {"\xC2\xA0", "A no-break space stands here; write a blank.", false},
    };
    struct ls_str line = source_line(text, place.line);
    struct ls_str at;

    for (unsigned i = 1; i < place.column && line.length > 0; i++) {
        size_t length = ls_str_utf8_length(line);

        line = ls_str_skip(line, length > 0 ? length : 1);
    }
    if (line.length == 0)
        return NULL;
    at = ls_str_first(line, place.width > 0 ? place.width : 1);
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        if (ls_str_starts_with(line, rows[i].bytes) ||
            (rows[i].anywhere &&
             memmem(at.at, at.length, rows[i].bytes, strlen(rows[i].bytes))))
            return rows[i].hint;
    return NULL;
}

void ls_diags_add(struct ls_diags *diags, struct ls_place place,
                  const char *hint, const char *format, ...)
{
    struct ls_buf sentence = {0};
    const char *lookalike;
    va_list args;

    if (ls_diags_are_full(diags)) {
        diags->more++;
        return;
    }
    va_start(args, format);
    ls_buf_vprintf(&sentence, format, args);
    va_end(args);
    lookalike = hint_for_lookalike(diags->text, place);
    if (lookalike != NULL)
        hint = lookalike;
    LS_GROW(diags->items, diags->count, diags->capacity);
    diags->items[diags->count++] = (struct ls_diag){
        .place = place,
        .sentence = ls_buf_take(&sentence),
        .hint = ls_strdup(hint),
    };
}

/* A character of the source as it may stand on a terminal. Whatever is not
 * printable becomes a '?', so that columns stay where they are. */
static void add_character(struct ls_buf *out, struct ls_str character)
{
    struct ls_buf escaped = {0};
    bool is_text = character.at[0] == '"' || character.at[0] == '\\' ||
                   character.at[0] == '\t';

    ls_buf_add_escaped(&escaped, character);
    is_text = is_text || ls_str_equal(ls_buf_str(&escaped), character);
    ls_buf_add(out, is_text ? character : ls_str_from("?"));
    ls_buf_clear(&escaped);
}

/* Of a longer line only what is around the place is shown: nobody reads more,
 * and a file may be one line. */
#define SOURCE_COLUMNS_MAX 160
#define SOURCE_COLUMNS_BEFORE 60

static struct ls_str first_character(struct ls_str text)
{
    size_t length = ls_str_utf8_length(text);

    return ls_str_first(text, length ? length : 1);
}

/* Skip to the first column that is shown, and return it. */
static unsigned skip_to_window(struct ls_str *rest, unsigned column)
{
    unsigned first = 1;

    if (column <= SOURCE_COLUMNS_MAX - SOURCE_COLUMNS_BEFORE)
        return first;
    for (; rest->length && first + SOURCE_COLUMNS_BEFORE < column; first++)
        *rest = ls_str_skip(*rest, first_character(*rest).length);
    return first;
}

/* The caret line repeats the tabs of the source. */
void ls_source_print(struct ls_str text, struct ls_place place,
                     struct ls_buf *out)
{
    struct ls_str rest = source_line(text, place.line);
    struct ls_buf carets = {0};
    unsigned width = place.width ? place.width : 1;

    if (ls_str_starts_with(rest, "\xEF\xBB\xBF"))
        rest = ls_str_skip(rest, 3);
    unsigned column = skip_to_window(&rest, place.column);
    unsigned end = column + SOURCE_COLUMNS_MAX;
    ls_buf_add_text(out, column > 1 ? "  ..." : "  ");
    ls_buf_add_text(&carets, column > 1 ? "   " : "");
    for (; rest.length && column < end; column++) {
        struct ls_str character = first_character(rest);

        add_character(out, character);
        if (column < place.column)
            ls_buf_add_byte(&carets, character.at[0] == '\t' ? '\t' : ' ');
        else if (column < place.column + width)
            ls_buf_add_byte(&carets, column == place.column ? '^' : '~');
        rest = ls_str_skip(rest, character.length);
    }
    for (; column <= place.column && column < end; column++)
        ls_buf_add_byte(&carets, column == place.column ? '^' : ' ');
    ls_buf_add_text(out, rest.length ? "...\n" : "\n");
    if (place.column > 0) {
        ls_buf_add_text(out, "  ");
        ls_buf_add(out, ls_buf_str(&carets));
        ls_buf_add_byte(out, '\n');
    }
    ls_buf_clear(&carets);
}

static void print_one(const struct ls_diags *diags, const struct ls_diag *diag,
                      struct ls_buf *out)
{
    ls_buf_add_sentence(out, ls_str_from(diags->file ? diags->file : "-"));
    if (diag->place.line)
        ls_buf_printf(out, ":%u:%u", diag->place.line,
                      diag->place.column ? diag->place.column : 1);
    ls_buf_add_text(out, ": ");
    ls_buf_add_sentence(out, ls_str_from(diag->sentence));
    ls_buf_add_byte(out, '\n');
    if (diag->place.line && diags->text.length)
        ls_source_print(diags->text, diag->place, out);
    if (diag->hint) {
        ls_buf_add_text(out, "  ");
        ls_buf_add_sentence(out, ls_str_from(diag->hint));
        ls_buf_add_byte(out, '\n');
    }
}

static int compare_places(const void *left, const void *right)
{
    const struct ls_diag *a = *(const struct ls_diag *const *)left;
    const struct ls_diag *b = *(const struct ls_diag *const *)right;

    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    if (a->place.column != b->place.column)
        return a->place.column < b->place.column ? -1 : 1;
    return a < b ? -1 : a > b; /* as found: qsort alone is not stable */
}

const struct ls_diag **ls_diags_in_order(const struct ls_diags *diags)
{
    const struct ls_diag **order =
        ls_alloc_array(diags->count, sizeof(struct ls_diag *));

    for (size_t i = 0; i < diags->count; i++)
        order[i] = &diags->items[i];
    qsort(order, diags->count, sizeof(struct ls_diag *), compare_places);
    return order;
}

void ls_diags_print(const struct ls_diags *diags, struct ls_buf *out)
{
    const struct ls_diag **order = ls_diags_in_order(diags);

    for (size_t i = 0; i < diags->count; i++)
        print_one(diags, order[i], out);
    if (diags->more) {
        ls_buf_add_sentence(out, ls_str_from(diags->file ? diags->file : "-"));
        ls_buf_printf(out, ": and %zu more\n", diags->more);
    }
    free(order);
}

/* Longer words are no slips of the finger; the bound keeps rows on the stack.
 */
#define NEAREST_MAX_LENGTH 63

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, changes and swaps of neighbours (optimal string
 * alignment), letter case aside. */
static unsigned edit_distance(struct ls_str a, struct ls_str b)
{
    unsigned rows[3][NEAREST_MAX_LENGTH + 1];

    for (unsigned k = 0; k <= b.length; k++)
        rows[0][k] = k;
    for (unsigned i = 1; i <= a.length; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i - 1) % 3];
        char byte = ls_byte_lower(a.at[i - 1]);

        row[0] = i;
        for (unsigned k = 1; k <= b.length; k++) {
            char other = ls_byte_lower(b.at[k - 1]);

            row[k] = least(above[k] + 1, row[k - 1] + 1);
            row[k] = least(row[k], above[k - 1] + (byte != other));
            if (i > 1 && k > 1 && byte == ls_byte_lower(b.at[k - 2]) &&
                ls_byte_lower(a.at[i - 2]) == other)
                row[k] = least(row[k], rows[(i - 2) % 3][k - 2] + 1);
        }
    }
    return rows[a.length % 3][b.length];
}

/* Half a word typed is as good as a slip of the finger. */
static const char *the_one_that_begins_with(struct ls_str text,
                                            const char *const *candidates,
                                            size_t count)
{
    const char *found = NULL;

    for (size_t i = 0; i < count && text.length >= 3; i++) {
        struct ls_str start =
            ls_str_first(ls_str_from(candidates[i]), text.length);

        if (!ls_str_equal_nocase(start, text))
            continue;
        if (found)
            return NULL;
        found = candidates[i];
    }
    return found;
}

const char *ls_nearest(struct ls_str text, const char *const *candidates,
                       size_t count)
{
    const char *nearest = NULL;
    unsigned nearest_distance = 0;

    if (text.length > NEAREST_MAX_LENGTH)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct ls_str candidate = ls_str_from(candidates[i]);
        size_t longer =
            candidate.length > text.length ? candidate.length : text.length;

        if (candidate.length > NEAREST_MAX_LENGTH)
            continue;
        unsigned distance = edit_distance(text, candidate);
        /* One slip in three letters, never more than four. */
        if (distance <= least((unsigned)longer / 3, 4) &&
            (!nearest || distance < nearest_distance)) {
            nearest = candidates[i];
            nearest_distance = distance;
        }
    }
    return nearest ? nearest
                   : the_one_that_begins_with(text, candidates, count);
}
