#include "yaml_work.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Squares of bytes, in all: one line of 31,000 bytes, half a second. */
#define WORK_MAX 1000000000u
/* So long a line, and so many blank ones, are always read. */
#define REST_MAX 1024

static bool is_in(const char *set, char byte)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

static bool is_of_word(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || is_in("+-.", byte);
}

/* From its opening quote to its closing one; 0 where that is not in the line.
 */
static size_t length_of_quoted(struct ls_str text)
{
    for (size_t i = 1; i < text.length && text.at[i] != '\n'; i++) {
        if (text.at[i] == '"')
            return i + 1;
        if (text.at[i] == '\\')
            i++;
    }
    return 0;
}

/* Whether byte can follow before, the last that was no blank: stricter than
 * YAML is within brackets, so that both find the same end of what is quoted. */
static bool can_follow(char before, char byte)
{
    if (is_in("{[\"", byte))
        return is_in("{[,:", before);
    if (byte == ':')
        return before == '"';
    return is_in("}],", byte) || is_of_word(byte);
}

/* How far the text is JSON: up to where its first bracket closes. */
static size_t length_of_json(struct ls_str text)
{
    unsigned depth = 0;
    char before = ':';
    size_t at = 0;

    while (at < text.length) {
        char byte = text.at[at];
        size_t length = 1;

        if (is_in(" \t\n", byte)) {
            at++;
            continue;
        }
        if (!can_follow(before, byte) || (depth == 0 && !is_in("{[", byte)))
            break;
        if (byte == '"')
            length = length_of_quoted(ls_str_skip(text, at));
        else if (is_in("{[", byte))
            depth++;
        else if (is_in("}]", byte))
            depth--;
        if (depth == 0 || length == 0)
            break;
        before = byte;
        at += length;
    }
    return at;
}

/* What the line adds, of which the first bytes are JSON; *blank_count lines
 * before it are blank. */
static uint64_t work_of(struct ls_str line, size_t first, size_t *blank_count)
{
    size_t rest = line.length > first ? line.length - first : 0;

    if (ls_str_trim(line).length > 0)
        *blank_count = 0;
    else if (++*blank_count > REST_MAX)
        return 2 * *blank_count; /* sums up to the square */
    return rest > REST_MAX ? (uint64_t)rest * rest : 0;
}

struct yaml_excess yaml_work_excess(struct ls_str text)
{
    size_t passed = length_of_json(text), begin = 0, blank_count = 0;
    uint64_t work = 0;
    struct ls_str line;

    for (unsigned number = 1; ls_str_cut(&text, '\n', &line); number++) {
        size_t first = passed > begin ? passed - begin : 0;

        begin += line.length + 1;
        work += work_of(line, first, &blank_count);
        if (work > WORK_MAX)
            return (struct yaml_excess){
                {.line = number,
                 .column =
                     (unsigned)ls_str_utf8_count(ls_str_first(line, first)) + 1,
                 .width = 1},
                .is_blank = blank_count > 0};
    }
    return (struct yaml_excess){0};
}
