#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/diag.h"

static char *printed(struct ls_diags *diags)
{
    struct ls_buf out = {0};

    ls_diags_print(diags, &out);
    ls_diags_clear(diags);
    return ls_buf_take(&out);
}

static char *printed_one(const char *text, struct ls_place place,
                         const char *hint)
{
    struct ls_diags diags;

    ls_diags_init(&diags, "f.yaml", ls_str_from(text));
    ls_diags_add(&diags, place, hint, "%s", "no good");
    return printed(&diags);
}

Test(diag, shows_the_line_a_caret_and_what_to_write)
{
    char *text = printed_one("title: x\npols: []\n", (struct ls_place){2, 1, 4},
                             "Did you mean \"pools\"?");

    cr_expect_str_eq(text, "f.yaml:2:1: no good\n"
                           "  pols: []\n"
                           "  ^~~~\n"
                           "  Did you mean \"pools\"?\n");
    free(text);
}

Test(diag, prints_all_in_order_of_place_and_equals_as_found)
{
    struct ls_diags diags;

    ls_diags_init(&diags, "f.yaml", ls_str_from(""));
    ls_diags_add(&diags, (struct ls_place){2, 1, 1}, NULL, "fourth");
    ls_diags_add(&diags, (struct ls_place){1, 5, 1}, NULL, "second");
    ls_diags_add(&diags, (struct ls_place){1, 5, 1}, NULL, "third");
    ls_diags_add(&diags, (struct ls_place){0}, NULL, "first");
    char *text = printed(&diags);

    cr_expect_str_eq(text, "f.yaml: first\n"
                           "f.yaml:1:5: second\n"
                           "f.yaml:1:5: third\n"
                           "f.yaml:2:1: fourth\n");
    free(text);
}

Test(diag, puts_the_caret_under_the_character)
{
    static const struct {
        const char *label;
        const char *source;
        struct ls_place place;
        const char *shown;
    } rows[] = {
        {"no width is one", "abc", {1, 2, 0}, "  abc\n   ^\n"},
        {"behind the end", "abc", {1, 4, 1}, "  abc\n     ^\n"},
        {"wider than the line", "abc", {1, 3, 9}, "  abc\n    ^\n"},
        {"after tabs", "\t\tx", {1, 3, 1}, "  \t\tx\n  \t\t^\n"},
        {"after UTF-8",
         "\xC3\xA4\xC3\xB6x",
         {1, 3, 1},
         "  \xC3\xA4\xC3\xB6x\n    ^\n"},
        {"a line of Windows", "ab\r\ncd\r\n", {1, 2, 1}, "  ab\n   ^\n"},
        {"after a byte order mark",
         "\xEF\xBB\xBF"
         "ab",
         {1, 2, 1},
         "  ab\n   ^\n"},
        {"what is not UTF-8", "\xFCx", {1, 2, 1}, "  ?x\n   ^\n"},
        {"what would move the cursor",
         "\x1B[2Jx",
         {1, 5, 1},
         "  ?[2Jx\n      ^\n"},
        {"quotes as they are", "\"a\\b\"", {1, 1, 6}, "  \"a\\b\"\n  ^~~~~\n"},
        {"a line that is not there", "ab\n", {7, 1, 1}, "  \n  ^\n"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = printed_one(rows[i].source, rows[i].place, NULL);
        struct ls_str shown = ls_str_from(text);

        shown = ls_str_skip(shown, ls_str_find(shown, '\n') + 1);
        cr_expect(ls_str_equal_text(shown, rows[i].shown), "%s:\n%s",
                  rows[i].label, text);
        free(text);
    }
}

Test(diag, shows_a_line_without_carets_where_no_column_is_known)
{
    struct ls_place place = {.line = 2};
    struct ls_buf out = {0};

    ls_source_print(ls_str_from("ab\ncd\nef"), place, &out);

    cr_expect(ls_str_equal_text(ls_buf_str(&out), "  cd\n"));
    ls_buf_clear(&out);
}

static const char *const diag_words[] = {
    "certificate", "from", "user", "trusts", "topology", "not-after", "id",
};

Test(diag, names_the_nearest_word)
{
    static const struct {
        const char *typed;
        const char *meant;
    } rows[] = {
        {"certifcate", "certificate"},
        {"certificates", "certificate"},
        {"CERTIFICATE", "certificate"},
        {"certificaet", "certificate"},
        {"form", "from"},
        {"usr", "user"},
        {"truts", "trusts"},
        {"toplogoy", "topology"},
        {"not_after", "not-after"},
        {"cert", "certificate"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        const char *nearest = ls_nearest(ls_str_from(rows[i].typed), diag_words,
                                         LS_COUNT(diag_words));

        cr_expect_not_null(nearest, "%s", rows[i].typed);
        if (nearest)
            cr_expect_str_eq(nearest, rows[i].meant);
    }
}

Test(diag, names_nothing_when_nothing_is_near)
{
    static const char *const rows[] = {
        "",
        "x",
        "it",
        "no",
        "port",
        "certainly",
        "unrelated",
        "a-word-that-is-longer-than-anything-that-anybody-would-ever-type-in",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_null(
            ls_nearest(ls_str_from(rows[i]), diag_words, LS_COUNT(diag_words)),
            "%s", rows[i]);
}

Test(diag, does_not_choose_between_two_beginnings)
{
    static const char *const words[] = {"computers", "computed-names"};

    cr_expect_null(ls_nearest(ls_str_from("comp"), words, 2));
    cr_expect_null(ls_nearest(ls_str_from("comp"), words, 0));
}

Test(diag, shows_of_an_endless_line_what_is_around_the_place)
{
    struct ls_buf text = {0}, out = {0};
    struct ls_diags diags;

    for (int i = 0; i < 100000; i++)
        ls_buf_add_byte(&text, (char)('a' + i % 26));
    ls_diags_init(&diags, "FILE", ls_buf_str(&text));
    ls_diags_add(&diags, (struct ls_place){1, 1, 3}, NULL, "at the start");
    ls_diags_add(&diags, (struct ls_place){1, 26 * 1000 + 1, 2}, NULL,
                 "inside");
    ls_diags_add(&diags, (struct ls_place){1, 200000, 1}, NULL, "beyond");
    ls_diags_print(&diags, &out);

    cr_expect_lt(out.length, 1200u, "%zu", out.length);
    cr_expect(strstr(out.at, "FILE:1:1: at the start\n  abcdef"), "%s", out.at);
    cr_expect(strstr(out.at, "FILE:1:26001: inside\n  ...stu"), "%s", out.at);
    const char *line = strstr(out.at, "  ...stu");
    const char *below = strchr(line, '\n') + 1;
    cr_expect_eq(line[strchr(below, '^') - below], 'a', "%s", out.at);
    ls_diags_clear(&diags);
    ls_buf_clear(&text);
    ls_buf_clear(&out);
}

Test(diag, counts_what_it_does_not_keep)
{
    struct ls_diags diags;

    ls_diags_init(&diags, "FILE", ls_str_from("x"));
    for (size_t i = 0; i < LS_DIAGS_MAX + 2; i++) {
        cr_expect_eq(ls_diags_fault_count(&diags), i);
        ls_diags_add(&diags, (struct ls_place){1, 1, 1}, NULL, "%zu", i);
    }

    cr_expect_eq(diags.count, (size_t)LS_DIAGS_MAX);
    cr_expect_eq(ls_diags_fault_count(&diags), (size_t)LS_DIAGS_MAX + 2);
    ls_diags_clear(&diags);
}
