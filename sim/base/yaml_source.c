#include "yaml_source.h"

#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/yaml.h"

#include "yaml_work.h"

static bool refuse_file(struct ls_diags *diags, const char *hint,
                        const char *sentence)
{
    ls_diags_add(diags, (struct ls_place){0}, hint, "%s", sentence);
    return false;
}

/* The first letters of a file are ASCII, of which every other byte is 0. */
static bool is_utf16_without_mark(struct ls_str text)
{
    return text.length > 3 && (text.at[0] == '\0') != (text.at[1] == '\0') &&
           (text.at[0] == '\0') == (text.at[2] == '\0') &&
           (text.at[1] == '\0') == (text.at[3] == '\0');
}

/* A certificate, an archive or a program, and no text with a slip in it: its
 * first bytes have NULs as well as what is not UTF-8. */
static bool is_binary(struct ls_str text)
{
    struct ls_str rest = ls_str_first(text, 4096);
    size_t length;

    if (ls_str_find(rest, '\0') == rest.length)
        return false;
    while ((length = ls_str_utf8_length(rest)) > 0)
        rest = ls_str_skip(rest, length);
    /* At the end it may be a character that was cut in two. */
    return rest.length >= 4;
}

/* What is wrong with the file as a whole, by its size and first bytes. */
static bool check_encoding(struct ls_diags *diags)
{
    struct ls_str text = diags->text;

    if (text.length > YAML_FILE_MAX_BYTES)
        return refuse_file(diags, NULL, "the file is larger than 4 MiB");
    if (ls_str_equal_text(text, "\xFF\xFE") ||
        ls_str_equal_text(text, "\xFE\xFF"))
        return refuse_file(diags, NULL, "the file is empty");
    if ((ls_str_starts_with(text, "\xFF\xFE") && text.length > 3 &&
         memcmp(text.at + 2, "\0", 2) == 0) ||
        (text.length > 3 && memcmp(text.at, "\0\0\xFE\xFF", 4) == 0))
        return refuse_file(diags, "Save the file as UTF-8.",
                           "the file is UTF-32 text, and UTF-8 is expected");
    if (is_utf16_without_mark(text) || ls_str_starts_with(text, "\xFF\xFE") ||
        ls_str_starts_with(text, "\xFE\xFF"))
        return refuse_file(diags,
                           "Notepad calls that \"Unicode\": choose \"UTF-8\" "
                           "when saving.",
                           "the file is UTF-16 text, and UTF-8 is expected");
    if (is_binary(text))
        return refuse_file(diags, "Was another file meant?",
                           "this is a binary file, and text is expected");
    return true;
}

/* Why a character may not stand in a file, or NULL. Tabs and line ends are
 * looked at elsewhere. */
static const char *why_unwanted(struct ls_str character)
{
    static const struct {
        struct ls_str first, last;
        const char *why;
    } rows[] = {
        {LS_STR("\xC2\x80"), LS_STR("\xC2\x9F"), "a control character"},
        {LS_STR("\xE2\x80\xA8"), LS_STR("\xE2\x80\xA9"),
         "an invisible line separator"},
        {LS_STR("\xE2\x80\xAA"), LS_STR("\xE2\x80\xAE"),
         "an invisible mark that turns the direction of writing"},
        {LS_STR("\xE2\x81\xA6"), LS_STR("\xE2\x81\xA9"),
         "an invisible mark that turns the direction of writing"},
        {LS_STR("\xEF\xBB\xBF"), LS_STR("\xEF\xBB\xBF"),
         "a byte order mark inside the text"},
        {LS_STR("\xEF\xBF\xBE"), LS_STR("\xEF\xBF\xBF"), "not a character"},
    };
    unsigned char first = (unsigned char)character.at[0];

    if (first < 0x20 || first == 0x7F)
        return first == '\r' ? "a carriage return alone"
               : first       ? "a control character"
                             : "a NUL byte";
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        if (character.length == rows[i].first.length &&
            memcmp(character.at, rows[i].first.at, character.length) >= 0 &&
            memcmp(character.at, rows[i].last.at, character.length) <= 0)
            return rows[i].why;
    return NULL;
}

/* The first fault of a line; one a line is enough to find it. */
static bool check_line(struct ls_diags *diags, struct ls_str line,
                       unsigned number)
{
    struct ls_place place = {number, 1, 1};

    if (ls_str_starts_with(line, "%")) {
        place.width = (unsigned)line.length;
        ls_diags_add(diags, place, "Leave the line out.",
                     "directives (%%) are not part of these files");
        return false;
    }
    for (; line.length; place.column++) {
        size_t length = ls_str_utf8_length(line);
        struct ls_str character = ls_str_first(line, length);

        if (length == 0) {
            ls_diags_add(diags, place, "Save the file as UTF-8.",
                         "the byte %02X here is not UTF-8",
                         (unsigned char)line.at[0]);
            return false;
        }
        const char *why =
            character.at[0] == '\t' ? NULL : why_unwanted(character);
        if (why) {
            ls_diags_add(diags, place,
                         character.at[0] == '\r'
                             ? "Lines end with LF or CR LF; save the file so."
                             : "Remove it.",
                         "here is %s", why);
            return false;
        }
        line = ls_str_skip(line, length);
    }
    return true;
}

static bool is_blank(struct ls_str text, size_t at)
{
    return at >= text.length || text.at[at] == ' ' || text.at[at] == '\t';
}

/* Whether there is a ? that could stand in front of a key. */
static bool has_key_mark(struct ls_str line)
{
    for (size_t i = 0; i < line.length; i++)
        if (line.at[i] == '?' && (i == 0 || is_blank(line, i - 1)) &&
            is_blank(line, i + 1))
            return true;
    return false;
}

/* Where the blanks behind a colon hold a tab; the length where none do. */
static size_t find_tab(struct ls_str line)
{
    for (size_t i = 0; i < line.length; i++) {
        if (line.at[i] != ':')
            continue;
        while (i + 1 < line.length && line.at[i + 1] == ' ')
            i++;
        if (i + 1 < line.length && line.at[i + 1] == '\t')
            return i + 1;
    }
    return line.length;
}

struct ls_place yaml_source_trap(struct ls_str text)
{
    struct ls_place place = {.width = 1};
    bool has_mark = false;
    struct ls_str line;

    for (unsigned number = 1; ls_str_cut(&text, '\n', &line); number++) {
        size_t tab = find_tab(line);

        has_mark |= has_key_mark(line);
        if (place.line > 0 || tab == line.length)
            continue;
        place.line = number;
        place.column = (unsigned)ls_str_utf8_count(ls_str_first(line, tab)) + 1;
    }
    return has_mark ? place : (struct ls_place){0};
}

static bool check_trap(struct ls_diags *diags, struct ls_str text)
{
    struct ls_place place = yaml_source_trap(text);

    if (place.line == 0)
        return true;
    ls_diags_add(diags, place, "Use a blank.",
                 "a tab cannot follow a colon in a file that marks a key by ?");
    return false;
}

static bool check_work(struct ls_diags *diags, struct ls_str text)
{
    struct yaml_excess excess = yaml_work_excess(text);

    if (excess.place.line == 0)
        return true;
    if (excess.is_blank)
        ls_diags_add(diags, excess.place, "Leave them out.",
                     "these are more blank lines than can be read");
    else
        ls_diags_add(diags, excess.place,
                     "Write it as several lines: a list in brackets can go on "
                     "in the next.",
                     "this line is longer than can be read");
    return false;
}

bool yaml_source_clean(struct ls_diags *diags, struct ls_buf *out)
{
    struct ls_str rest = diags->text;
    struct ls_str line;
    bool clean = check_encoding(diags);

    if (!clean)
        return false;
    if (ls_str_starts_with(rest, "\xEF\xBB\xBF"))
        rest = ls_str_skip(rest, 3);
    for (unsigned number = 1; ls_str_cut(&rest, '\n', &line); number++) {
        if (ls_str_ends_with(line, "\r"))
            line.length--;
        clean = check_line(diags, line, number) && clean;
        ls_buf_add(out, line);
        ls_buf_add_byte(out, '\n');
    }
    return clean && check_trap(diags, ls_buf_str(out)) &&
           check_work(diags, ls_buf_str(out));
}
