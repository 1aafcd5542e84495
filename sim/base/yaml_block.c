#include "yaml_block.h"

#include <string.h>

static size_t indent_of(struct ls_str line)
{
    size_t indent = 0;

    while (indent < line.length && line.at[indent] == ' ')
        indent++;
    return indent;
}

/* Where the | or > stands at the end of a line, behind "key: " or "- ", with
 * what may follow it. False when there is none. */
static bool find_mark(struct ls_str line, size_t *mark)
{
    size_t at = ls_str_trim(line).length + indent_of(line);

    while (at > 0 && strchr("+-0123456789", line.at[at - 1]) != NULL)
        at--;
    if (at < 3 || (line.at[at - 1] != '|' && line.at[at - 1] != '>') ||
        line.at[at - 2] != ' ')
        return false;
    *mark = at - 1;
    line = ls_str_trim(ls_str_first(line, at - 1));
    return ls_str_ends_with(line, ":") || ls_str_ends_with(line, "-");
}

/* A key, an item: no line of a text, as far as can be seen. */
static bool is_entry(struct ls_str line)
{
    line = ls_str_trim(line);
    return memmem(line.at, line.length, ": ", 2) != NULL ||
           ls_str_ends_with(line, ":") || ls_str_starts_with(line, "- ") ||
           ls_str_equal_text(line, "-");
}

bool yaml_block_find_shallow(struct ls_str text, unsigned number,
                             struct yaml_block *block)
{
    struct ls_str rest = text, line, above = {0};
    size_t at = 0;

    *block = (struct yaml_block){0};
    if (number == 0) /* a fault of the whole file */
        return false;
    for (unsigned i = 1; at < text.length && ls_str_cut(&rest, '\n', &line);
         i++) {
        bool is_blank = ls_str_trim(line).length == 0;

        at = (size_t)(line.at - text.at);
        if (i < number && !is_blank)
            above = line;
        if (i == number &&
            (is_blank || above.at == NULL || !find_mark(above, &block->mark) ||
             indent_of(line) > indent_of(above)))
            return false;
        if (i == number)
            block->first = at;
        if (i > number && is_entry(line))
            break;
        at += line.length;
        if (i >= number && !is_blank)
            block->end = at;
    }
    if (block->end == 0)
        return false;
    block->mark += (size_t)(above.at - text.at);
    return true;
}

void yaml_block_repair(const struct yaml_block *block, struct ls_buf *text)
{
    text->at[block->mark] = 'x';
    for (size_t i = block->mark + 1; i < block->end; i++)
        if (text->at[i] != '\n')
            text->at[i] = ' ';
}
