#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/golden.h"

static const struct {
    const char *label;
    const char *expected;
    const char *actual;
    const char *hunk; /* NULL: no difference */
} golden_rows[] = {
    {"nothing at all", "", "", NULL},
    {"the same", "a\nb\n", "a\nb\n", NULL},
    {"one line changed", "a\nb\nc\n", "a\nB\nc\n",
     "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
    {"only some lines around", "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
     "1\n2\n3\n4\n6\n7\n8\n9\n",
     "@@ -2,7 +2,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n"},
    {"a line more at the end", "a\n", "a\nb\n", "@@ -1,1 +1,2 @@\n a\n+b\n"},
    {"a missing line end", "a\n", "a",
     "@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n"},
    {"repeated lines", "a\na\n", "a\na\na\n", "@@ -1,2 +1,3 @@\n a\n a\n+a\n"},
};

Test(golden, shows_what_differs)
{
    for (size_t i = 0; i < LS_COUNT(golden_rows); i++) {
        struct ls_buf out = {0};
        struct ls_str diff;

        golden_diff("x", ls_str_from(golden_rows[i].expected),
                    ls_str_from(golden_rows[i].actual), &out);
        diff = ls_buf_str(&out);
        if (golden_rows[i].hunk) {
            cr_expect(ls_str_starts_with(diff, "--- golden/x\n+++ actual\n"));
            diff = ls_str_skip(diff, 24);
        }
        cr_expect(ls_str_equal(diff, ls_str_from(golden_rows[i].hunk)),
                  "%s:\n%.*s", golden_rows[i].label, LS_STR_ARG(diff));
        ls_buf_clear(&out);
    }
}

Test(golden, cannot_read_what_is_not_there)
{
    struct ls_buf out = {0};

    cr_expect_not(golden_read_file("/nowhere/at/all", &out));
    cr_expect_eq(out.length, 0u);
}
