/*
 * Finding and reading scenario files.
 */
#include "scenario_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lyncsim/alloc.h"

#include "command.h"
#include "input.h"

/* A link to a folder above would lead us around for ever. */
#define FOLDERS_DEEP 16

static void add_name(struct file_names *files, char *name)
{
    LS_GROW(files->names, files->count, files->capacity);
    files->names[files->count++] = name;
}

static bool is_folder(const char *name)
{
    struct stat info;

    return stat(name, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_scenario_name(const char *name)
{
    struct ls_str text = ls_str_from(name);

    return ls_str_ends_with(text, ".yaml") || ls_str_ends_with(text, ".yml");
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum app_exit collect_folder(struct file_names *files,
                                    const char *folder, unsigned depth);

static enum app_exit collect_entry(struct file_names *files, char *path,
                                   unsigned depth)
{
    enum app_exit code = APP_EXIT_OK;

    if (is_folder(path)) {
        if (depth < FOLDERS_DEEP)
            code = collect_folder(files, path, depth + 1);
    } else if (is_scenario_name(path)) {
        add_name(files, ls_strdup(path));
    }
    free(path);
    return code;
}

static enum app_exit collect_folder(struct file_names *files,
                                    const char *folder, unsigned depth)
{
    const char *slash = ls_str_ends_with(ls_str_from(folder), "/") ? "" : "/";
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, by_name);
    enum app_exit code = APP_EXIT_OK;

    if (count < 0) {
        command_complain("%s cannot be read: %s", folder, strerror(errno));
        return APP_EXIT_UNABLE;
    }
    for (int i = 0; i < count; i++) {
        enum app_exit worse = collect_entry(
            files, ls_strf("%s%s%s", folder, slash, entries[i]->d_name), depth);

        code = worse > code ? worse : code;
        free(entries[i]);
    }
    free(entries);
    return code;
}

enum app_exit file_names_collect(struct file_names *files,
                                 const char *const *arguments, size_t count)
{
    enum app_exit code = APP_EXIT_OK;

    for (size_t i = 0; i < count; i++) {
        size_t before = files->count;
        enum app_exit worse = APP_EXIT_OK;

        if (!is_folder(arguments[i])) {
            add_name(files, ls_strdup(arguments[i]));
            continue;
        }
        worse = collect_folder(files, arguments[i], 0);
        if (worse == APP_EXIT_OK && files->count == before) {
            command_complain("%s holds no scenario (*.yaml)", arguments[i]);
            worse = APP_EXIT_USAGE;
        }
        code = worse > code ? worse : code;
    }
    return code;
}

void file_names_clear(struct file_names *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->names[i]);
    free(files->names);
    *files = (struct file_names){0};
}

static enum app_exit load(struct scenario_files *files, const char *name)
{
    struct ls_buf faults = {0};
    struct scenario *scenario;
    struct ls_diags diags;
    size_t length;
    char *why;
    char *text = input_read(name, &length, &why);

    if (text == NULL) {
        command_complain("%s", why);
        free(why);
        return APP_EXIT_UNABLE;
    }
    ls_diags_init(&diags, input_name(name), ls_str_from_bytes(text, length));
    scenario = scenario_parse_with(&diags, &input_loader);
    if (scenario != NULL) {
        LS_GROW(files->scenarios, files->count, files->capacity);
        files->scenarios[files->count++] = scenario;
    } else {
        ls_diags_print(&diags, &faults);
        command_print(stderr, &faults);
    }
    ls_diags_clear(&diags);
    free(text);
    return scenario != NULL ? APP_EXIT_OK : APP_EXIT_USAGE;
}

enum app_exit scenario_files_load(struct scenario_files *files,
                                  const struct file_names *names)
{
    enum app_exit code = APP_EXIT_OK;

    for (size_t i = 0; i < names->count; i++) {
        enum app_exit worse = load(files, names->names[i]);

        code = worse > code ? worse : code;
    }
    return code;
}

void scenario_files_clear(struct scenario_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        scenario_free(files->scenarios[i]);
    free(files->scenarios);
    *files = (struct scenario_files){0};
}
