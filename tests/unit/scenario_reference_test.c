#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/expectation.h"
#include "lyncsim/scenario.h"
#include "lyncsim/scenario_reference.h"

#include "support/section.h"

#define SCENARIOS LYNCSIM_SOURCE_DIR "/scenarios/"

Test(scenario_reference, is_what_the_readme_shows)
{
    struct ls_buf out = {0};

    scenario_reference_markdown(&out);
    section_expect(SCENARIOS "README.md", "reference", ls_buf_str(&out));
    ls_buf_clear(&out);
}

Test(scenario_reference, is_what_the_schema_holds)
{
    struct ls_buf out = {0};

    scenario_reference_schema(&out);
    section_expect_file(SCENARIOS "scenario.schema.json", ls_buf_str(&out));
    ls_buf_clear(&out);
}

Test(scenario_reference, names_every_key_and_every_field)
{
    struct ls_buf out = {0};
    size_t count;
    const struct scenario_key_table *const *tables =
        scenario_key_tables(&count);
    const struct expectation_field *fields;

    scenario_reference_text(&out);
    ls_buf_add_byte(&out, '\0');
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < tables[i]->count; j++)
            cr_expect(strstr(out.at, tables[i]->keys[j].name), "%s",
                      tables[i]->keys[j].name);
    fields = expectation_fields(&count);
    for (size_t i = 0; i < count; i++)
        cr_expect(strstr(out.at, fields[i].name), "%s", fields[i].name);
    ls_buf_clear(&out);
}

Test(scenario_reference, fits_a_terminal)
{
    struct ls_buf out = {0};
    struct ls_str rest, line;

    scenario_reference_text(&out);
    rest = ls_buf_str(&out);
    while (ls_str_cut(&rest, '\n', &line))
        cr_expect(line.length < 80 ||
                      !memchr(line.at + 26, ' ', line.length - 26),
                  "%.*s", LS_STR_ARG(line));
    ls_buf_clear(&out);
}
