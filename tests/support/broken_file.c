#include "support/broken_file.h"

#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/scenario.h"

static bool is_it(const struct ls_diag *fault, const struct broken_file *file)
{
    const char *hint = file->hint;

    return fault->place.line == file->line &&
           fault->place.column == file->column &&
           strcmp(fault->sentence, file->sentence) == 0 &&
           (hint ? fault->hint && strncmp(fault->hint, hint, strlen(hint)) == 0
                 : fault->hint == NULL);
}

void broken_file_expect(const struct broken_file *file)
{
    broken_file_expect_bytes(file, strlen(file->text));
}

void broken_file_expect_bytes(const struct broken_file *file, size_t bytes)
{
    struct ls_diags diags;
    struct ls_buf shown = {0};
    bool found = false;

    ls_diags_init(&diags, "x.yaml", ls_str_from_bytes(file->text, bytes));
    cr_expect_null(scenario_parse(&diags), "%s", file->label);
    ls_diags_print(&diags, &shown);
    for (size_t i = 0; i < diags.count; i++)
        found = found || is_it(&diags.items[i], file);

    cr_expect(found, "%s: %u:%u %s\n%s", file->label, file->line, file->column,
              file->sentence, shown.at);
    cr_expect_eq(diags.count, file->count, "%s\n%s", file->label, shown.at);
    ls_buf_clear(&shown);
    ls_diags_clear(&diags);
}
