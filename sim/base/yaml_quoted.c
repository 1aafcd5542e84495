#include "yaml_quoted.h"

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static bool is_break(char byte)
{
    return byte == '\n' || byte == '\r';
}

/* YAML 1.2 6.5: blanks around line breaks go; one break is a space, more are
 * that many less one. line is where this one begins in out. */
static void fold_lines(struct ls_str *rest, size_t line, struct ls_buf *out)
{
    unsigned breaks = 0;

    while (out->length > line && is_blank(out->at[out->length - 1]))
        out->length--;
    while (rest->length > 0 &&
           (is_blank(rest->at[0]) || is_break(rest->at[0]))) {
        if (is_break(rest->at[0]))
            breaks++;
        *rest = ls_str_skip(*rest, ls_str_starts_with(*rest, "\r\n") ? 2 : 1);
    }
    if (breaks == 1)
        ls_buf_add_byte(out, ' ');
    while (breaks-- > 1)
        ls_buf_add_byte(out, '\n');
}

void yaml_quoted_read(struct ls_str text, struct ls_buf *out)
{
    size_t line = 0;

    while (text.length > 0) {
        if (is_break(text.at[0])) {
            fold_lines(&text, line, out);
            line = out->length;
            continue;
        }
        ls_buf_add_byte(out, text.at[0]);
        text = ls_str_skip(text, text.at[0] == '\'' ? 2 : 1);
    }
}
