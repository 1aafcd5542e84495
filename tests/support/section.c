#include "support/section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "support/golden.h"

static void write_file(const char *path, struct ls_str text)
{
    FILE *file = fopen(path, "wb");

    cr_assert_not_null(file, "%s", path);
    cr_assert_eq(fwrite(text.at, 1, text.length, file), text.length);
    fclose(file);
}

static void expect_same(const char *path, struct ls_str expected,
                        struct ls_str actual)
{
    struct ls_buf difference = {0};

    if (ls_str_equal(expected, actual))
        return;
    golden_diff(path, expected, actual, &difference);
    ls_buf_add_byte(&difference, '\0');
    cr_expect(false,
              "%s is not what would be generated; LYNCSIM_UPDATE_GOLDEN=1 "
              "writes it:\n%s",
              path, difference.at);
    ls_buf_clear(&difference);
}

void section_expect_file(const char *path, struct ls_str actual)
{
    struct ls_buf text = {0};

    if (getenv("LYNCSIM_UPDATE_GOLDEN") != NULL) {
        write_file(path, actual);
        return;
    }
    cr_assert(golden_read_file(path, &text), "%s", path);
    expect_same(path, ls_buf_str(&text), actual);
    ls_buf_clear(&text);
}

/* Where text begins in whole, or NULL. */
static const char *find(struct ls_str whole, const char *text)
{
    return memmem(whole.at, whole.length, text, strlen(text));
}

void section_expect(const char *path, const char *name, struct ls_str actual)
{
    char *open = ls_strf("<!-- %s -->\n", name);
    char *close = ls_strf("<!-- end of %s -->\n", name);
    struct ls_buf text = {0};
    const char *start, *end;

    cr_assert(golden_read_file(path, &text), "%s", path);
    start = find(ls_buf_str(&text), open);
    end = find(ls_buf_str(&text), close);
    cr_assert(start != NULL && end != NULL, "%s has no %s", path, open);
    start += strlen(open);
    if (getenv("LYNCSIM_UPDATE_GOLDEN") != NULL) {
        struct ls_buf updated = {0};

        ls_buf_add(&updated,
                   ls_str_from_bytes(text.at, (size_t)(start - text.at)));
        ls_buf_add(&updated, actual);
        ls_buf_add(&updated, ls_str_from_bytes(
                                 end, text.length - (size_t)(end - text.at)));
        write_file(path, ls_buf_str(&updated));
        ls_buf_clear(&updated);
    } else {
        expect_same(path, ls_str_from_bytes(start, (size_t)(end - start)),
                    actual);
    }
    ls_buf_clear(&text);
    free(open);
    free(close);
}
