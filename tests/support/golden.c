#include "support/golden.h"

#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#define CONTEXT_LINES 3

struct lines {
    struct ls_str *at;
    size_t count;
    size_t capacity;
};

/* Lines keep their ends, so that a missing one at the end of a file shows. */
static void split(struct ls_str text, struct lines *lines)
{
    while (text.length) {
        size_t length = ls_str_find(text, '\n') + 1;

        LS_GROW(lines->at, lines->count, lines->capacity);
        lines->at[lines->count++] = ls_str_first(text, length);
        text = ls_str_skip(text, length);
    }
}

static void add_lines(char mark, const struct lines *lines, size_t from,
                      size_t to, struct ls_buf *out)
{
    for (; from < to; from++) {
        ls_buf_add_byte(out, mark);
        ls_buf_add(out, lines->at[from]);
        if (!ls_str_ends_with(lines->at[from], "\n"))
            ls_buf_add_text(out, "\n\\ No newline at end of file\n");
    }
}

void golden_diff(const char *name, struct ls_str expected, struct ls_str actual,
                 struct ls_buf *out)
{
    struct lines old = {0};
    struct lines new = {0};
    size_t head = 0;
    size_t tail = 0;

    if (ls_str_equal(expected, actual))
        return;
    split(expected, &old);
    split(actual, &new);
    while (head < old.count &&
           head < new.count &&ls_str_equal(old.at[head], new.at[head]))
        head++;
    while (head + tail < old.count &&
           head + tail < new.count &&ls_str_equal(old.at[old.count - 1 - tail],
                                                  new.at[new.count - 1 - tail]))
        tail++;
    size_t from = head > CONTEXT_LINES ? head - CONTEXT_LINES : 0;
    size_t after = tail > CONTEXT_LINES ? CONTEXT_LINES : tail;
    ls_buf_printf(out, "--- golden/%s\n+++ actual\n@@ -%zu,%zu +%zu,%zu @@\n",
                  name, from + 1, old.count - tail + after - from, from + 1,
                  new.count - tail + after - from);
    add_lines(' ', &old, from, head, out);
    add_lines('-', &old, head, old.count - tail, out);
    add_lines('+', &new, head, new.count - tail, out);
    add_lines(' ', &old, old.count - tail, old.count - tail + after, out);
    free(old.at);
    free(new.at);
}

bool golden_read_file(const char *path, struct ls_buf *out)
{
    char chunk[4096];
    size_t count;
    FILE *file = fopen(path, "rb");

    if (!file)
        return false;
    while ((count = fread(chunk, 1, sizeof(chunk), file)) > 0)
        ls_buf_add(out, ls_str_from_bytes(chunk, count));
    bool whole = !ferror(file);
    fclose(file);
    return whole;
}

char *golden_read_text(const char *path)
{
    struct ls_buf text = {0};

    cr_assert(golden_read_file(path, &text), "cannot read %s", path);
    return ls_buf_take(&text);
}

static void write_file(const char *path, struct ls_str text)
{
    FILE *file = fopen(path, "wb");

    cr_assert_not_null(file, "cannot write %s", path);
    fwrite(text.at, 1, text.length, file);
    fclose(file);
}

void golden_expect(const char *name, struct ls_str actual)
{
    char *path = ls_strf("%s/%s", LYNCSIM_GOLDEN_DIR, name);
    struct ls_buf expected = {0};
    struct ls_buf diff = {0};

    if (getenv("LYNCSIM_UPDATE_GOLDEN"))
        write_file(path, actual);
    cr_expect(golden_read_file(path, &expected), "cannot read %s", path);
    golden_diff(name, ls_buf_str(&expected), actual, &diff);
    cr_expect(diff.length == 0, "%s", diff.at);
    ls_buf_clear(&diff);
    ls_buf_clear(&expected);
    free(path);
}
