/*
 * Names as single words of a command line, whatever bytes they hold.
 */
#include <stdint.h>

#include "lyncsim/remedy.h"

/* One UTF-8 character off the front of *text; what is not UTF-8 is U+FFFD. */
static uint32_t take_character(struct ls_str *text, struct ls_str *bytes)
{
    unsigned char lead = (unsigned char)text->at[0];
    size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t character = length == 1 ? lead : lead & (0xffu >> (length + 1));

    if (length > text->length || !ls_str_is_utf8(ls_str_first(*text, length))) {
        *bytes = ls_str_first(*text, 1);
        *text = ls_str_skip(*text, 1);
        return 0xfffd;
    }
    for (size_t i = 1; i < length; i++)
        character = character << 6 | ((unsigned char)text->at[i] & 0x3f);
    *bytes = ls_str_first(*text, length);
    *text = ls_str_skip(*text, length);
    return character;
}

/* PowerShell takes typographic quotes for single quotes too. */
static bool is_single_quote(uint32_t character)
{
    return character == '\'' || (character >= 0x2018 && character <= 0x201b);
}

/* Characters that would break the line or show it as another one. */
static bool is_hidden(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
           character == 0xad || (character >= 0x200b && character <= 0x200f) ||
           (character >= 0x2028 && character <= 0x202e) ||
           (character >= 0x2060 && character <= 0x206f) ||
           character == 0xfeff || character == 0xfffd;
}

static bool has_hidden(struct ls_str text)
{
    struct ls_str bytes;

    while (text.length > 0)
        if (is_hidden(take_character(&text, &bytes)))
            return true;
    return false;
}

void remedy_quote_powershell(struct ls_buf *out, struct ls_str text)
{
    bool is_expression = has_hidden(text);
    struct ls_str bytes;

    ls_buf_add_text(out, is_expression ? "('" : "'");
    while (text.length > 0) {
        uint32_t character = take_character(&text, &bytes);

        if (is_hidden(character)) {
            ls_buf_printf(out, "' + [char]0x%04X + '", (unsigned)character);
            continue;
        }
        ls_buf_add(out, bytes);
        if (is_single_quote(character))
            ls_buf_add(out, bytes);
    }
    ls_buf_add_text(out, is_expression ? "')" : "'");
}
