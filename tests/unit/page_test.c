/* Can text from anywhere reach a terminal without steering it? */
#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "../../sim/report/page.h"

Test(page, makes_text_from_anywhere_safe)
{
    static const struct {
        const char *label;
        struct ls_str text;
        const char *safe;
    } rows[] = {
        {"plain", LS_STR("cas.contoso.com"), "cas.contoso.com"},
        {"quotes stay", LS_STR("\"a\\b\""), "\"a\\b\""},
        {"letters of the world", LS_STR("m\xC3\xBC.contoso.com"),
         "m\xC3\xBC.contoso.com"},
        {"NUL", LS_STR("a\0b"), "a\\x00b"},
        {"escape", LS_STR("\033[2J"), "\\x1B[2J"},
        {"newline", LS_STR("a\nb"), "a\\x0Ab"},
        {"delete", LS_STR("a\x7F"), "a\\x7F"},
        {"C1 CSI",
         LS_STR("\xC2\x9B"
                "2J"),
         "\\xC2\\x9B2J"},
        {"right to left",
         LS_STR("\xE2\x80\xAE"
                "moc"),
         "\\xE2\\x80\\xAEmoc"},
        {"isolate", LS_STR("\xE2\x81\xA6"), "\\xE2\\x81\\xA6"},
        {"line separator", LS_STR("\xE2\x80\xA8"), "\\xE2\\x80\\xA8"},
        {"letter mark", LS_STR("\xD8\x9C"), "\\xD8\\x9C"},
        {"byte order mark", LS_STR("\xEF\xBB\xBF"), "\\xEF\\xBB\\xBF"},
        {"what XML 1.0 forbids", LS_STR("\xEF\xBF\xBF"), "\\xEF\\xBF\\xBF"},
        {"no UTF-8", LS_STR("\xFF\xC3"), "\\xFF\\xC3"},
        {"overlong", LS_STR("\xC0\x80"), "\\xC0\\x80"},
        {"empty", LS_STR(""), ""},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf out = {0};

        page_add_safe(&out, rows[i].text);
        cr_expect(ls_str_equal_text(ls_buf_str(&out), rows[i].safe), "%s: %s",
                  rows[i].label, out.at ? out.at : "");
        ls_buf_clear(&out);
    }
}

Test(page, counts_a_column_a_character)
{
    cr_expect_eq(page_columns(ls_str_from("m\xC3\xBCnchen")), 7);
    cr_expect_eq(page_columns(ls_str_from("")), 0);
}

Test(page, wraps_words_and_keeps_what_is_longer_than_a_line)
{
    static const char word[] =
        "0123456789012345678901234567890123456789012345678901234567890123456789"
        "01234567890123456789";
    struct ls_buf out = {0};
    struct page page = {&out, false};
    char *text = ls_strf("one two  three %s four", word);
    char *wanted = ls_strf("one two three\n    %s\n    four\n", word);

    page_wrap(&page, 0, 4, text);

    cr_expect_str_eq(out.at, wanted);
    free(wanted);
    free(text);
    ls_buf_clear(&out);
}

Test(page, flows_paragraphs_and_keeps_blank_lines)
{
    struct ls_buf out = {0};
    struct page page = {&out, false};

    page_paragraphs(&page, 2, "one\ntwo\n\nthree\n");

    cr_expect_str_eq(out.at, "  one two\n\n  three\n");
    ls_buf_clear(&out);
}

Test(page, colours_only_when_told_to)
{
    struct ls_buf plain = {0}, colored = {0};
    struct page in_pipe = {&plain, false}, on_terminal = {&colored, true};

    page_ink(&in_pipe, INK_BAD, "refused");
    page_ink(&on_terminal, INK_BAD, "refused");

    cr_expect_str_eq(plain.at, "refused");
    cr_expect_str_eq(colored.at, "\033[31mrefused\033[0m");
    ls_buf_clear(&plain);
    ls_buf_clear(&colored);
}
