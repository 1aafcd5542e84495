/*
 * The files in scenarios/ as a library: what each must say of itself, and
 * what all of them together must cover.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario.h"

#include "support/golden.h"
#include "support/section.h"

struct library_file {
    char *path;
    char *text;
    struct scenario *scenario;
};

struct library {
    struct library_file files[1000];
    size_t count;
};

static void add_file(struct library *library, const char *path)
{
    struct library_file *file = &library->files[library->count++];
    struct ls_diags diags;

    file->path = ls_strdup(path);
    file->text = golden_read_text(path);
    ls_diags_init(&diags, path, ls_str_from(file->text));
    file->scenario = scenario_parse(&diags);
    cr_assert_not_null(file->scenario, "%s", path);
    ls_diags_clear(&diags);
}

static void read_folder(struct library *library, const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    cr_assert_not_null(dir, "%s", folder);
    while ((entry = readdir(dir))) {
        char *path = ls_strf("%s/%s", folder, entry->d_name);

        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            read_folder(library, path);
        else if (ls_str_ends_with(ls_str_from(path), ".yaml"))
            add_file(library, path);
        free(path);
    }
    closedir(dir);
}

static struct library *read_library(void)
{
    struct library *library = ls_alloc(sizeof(*library));

    read_folder(library, LYNCSIM_SOURCE_DIR "/scenarios");
    return library;
}

static void free_library(struct library *library)
{
    for (size_t i = 0; i < library->count; i++) {
        scenario_free(library->files[i].scenario);
        free(library->files[i].path);
        free(library->files[i].text);
    }
    free(library);
}

static bool expects(const struct library *library, const char *field,
                    const char *value)
{
    for (size_t i = 0; i < library->count; i++) {
        const struct scenario *scenario = library->files[i].scenario;

        for (size_t j = 0; j < scenario->step_count; j++) {
            const struct scenario_step *step = &scenario->steps[j];

            for (size_t k = 0; k < step->expectation_count; k++)
                if (strcmp(step->expectations[k].field, field) == 0 &&
                    step->expectations[k].matcher.kind == MATCH_EQUAL &&
                    strcmp(step->expectations[k].matcher.texts[0], value) == 0)
                    return true;
        }
    }
    return false;
}

/* Every value that a field can have is expected somewhere. */
static void expect_coverage(const struct library *library, const char *name)
{
    size_t count;
    const struct expectation_field *fields = expectation_fields(&count);

    for (size_t i = 0; i < count; i++) {
        const char *value;

        if (strcmp(fields[i].name, name) != 0)
            continue;
        for (size_t j = 0; (value = fields[i].value_at(j)); j++)
            /* Of the other direction: no peer that connects has it. */
            if (strcmp(value, "name-mismatch") != 0)
                cr_expect(expects(library, name, value), "%s: %s", name, value);
    }
}

Test(scenario_library, plays_every_verdict_reason_and_near_miss)
{
    struct library *library = read_library();

    expect_coverage(library, "verdict");
    expect_coverage(library, "reason");
    expect_coverage(library, "near.kind");
    expect_coverage(library, "topology");
    free_library(library);
}

Test(scenario_library, says_in_each_file_what_it_pins)
{
    struct library *library = read_library();

    for (size_t i = 0; i < library->count; i++) {
        const struct library_file *file = &library->files[i];
        bool in_folder =
            strchr(strstr(file->path, "/scenarios/") + strlen("/scenarios/"),
                   '/') != NULL;

        cr_expect(strncmp(file->text, "# Pins: ", 8) == 0, "%s", file->path);
        cr_expect_not(in_folder && !file->scenario->source, "%s: no source",
                      file->path);
        cr_expect_not(in_folder && !file->scenario->standing, "%s: no standing",
                      file->path);
    }
    free_library(library);
}

static int compare_files(const void *left, const void *right)
{
    const struct library_file *a = left;
    const struct library_file *b = right;

    return strcmp(a->path, b->path);
}

/* What a file pins: its first comment, which may go over several lines. */
static void add_pins(struct ls_buf *out, const char *text)
{
    struct ls_str rest = ls_str_from(text + strlen("# Pins: "));
    struct ls_str line = {0};

    ls_str_cut(&rest, '\n', &line);
    ls_buf_add(out, ls_str_trim(line));
    while (ls_str_starts_with(rest, "# ")) {
        ls_str_cut(&rest, '\n', &line);
        ls_buf_add_byte(out, ' ');
        ls_buf_add(out, ls_str_trim(ls_str_skip(line, strlen("# "))));
    }
}

Test(scenario_library, is_the_catalogue_that_the_readme_shows)
{
    struct library *library = read_library();
    struct ls_buf out = {0};

    qsort(library->files, library->count, sizeof(library->files[0]),
          compare_files);
    ls_buf_add_text(&out, "\n| file | pins | standing |\n|---|---|---|\n");
    for (size_t i = 0; i < library->count; i++) {
        const struct library_file *file = &library->files[i];
        const char *name =
            strstr(file->path, "/scenarios/") + strlen("/scenarios/");

        ls_buf_printf(&out, "| [%s](%s) | ", name, name);
        add_pins(&out, file->text);
        ls_buf_printf(&out, " | %s |\n",
                      file->scenario->standing ? file->scenario->standing : "");
    }
    ls_buf_add_text(&out, "\n");
    section_expect(LYNCSIM_SOURCE_DIR "/scenarios/README.md", "catalogue",
                   ls_buf_str(&out));
    ls_buf_clear(&out);
    free_library(library);
}

/* The catalogue and what stands behind it send nobody to a file that is not
 * there. */
Test(scenario_library, is_where_the_readme_points)
{
    char *readme = golden_read_text(LYNCSIM_SOURCE_DIR "/scenarios/README.md");
    size_t links = 0;

    for (const char *at = readme; (at = strstr(at, ".yaml](")) != NULL;) {
        at += strlen(".yaml](");
        char *path = ls_strf(LYNCSIM_SOURCE_DIR "/scenarios/%.*s",
                             (int)strcspn(at, ")"), at);
        cr_expect_eq(access(path, R_OK), 0, "%s", path);
        free(path);
        links++;
    }
    cr_expect_gt(links, 70, "%zu", links);
    free(readme);
}

Test(scenario_library, has_no_two_files_of_one_title)
{
    struct library *library = read_library();

    for (size_t i = 0; i < library->count; i++)
        for (size_t j = 0; j < i; j++)
            cr_expect_str_neq(library->files[i].scenario->title,
                              library->files[j].scenario->title);
    free_library(library);
}
