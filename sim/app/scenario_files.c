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
#include "lyncsim/result_json.h"

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

static bool is_ordinary(const char *name)
{
    struct stat info;

    return stat(name, &info) != 0 || S_ISREG(info.st_mode);
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
    } else if (is_scenario_name(path) && is_ordinary(path)) {
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

static void clear_file(struct scenario_file *file)
{
    scenario_free(file->scenario);
    ls_diags_clear(&file->faults);
    free(file->text);
    free(file->unread);
    free(file->name);
}

static enum app_exit load(struct scenario_file *file, const char *name)
{
    struct ls_buf faults = {0};
    size_t length;

    file->name = ls_strdup(input_name(name));
    file->text = input_read(name, &length, &file->unread);
    if (file->text == NULL) {
        command_complain("%s", file->unread);
        return input_code(length);
    }
    ls_diags_init(&file->faults, file->name,
                  ls_str_from_bytes(file->text, length));
    file->scenario = scenario_parse_with(&file->faults, &input_loader);
    if (file->scenario != NULL)
        return APP_EXIT_OK;
    ls_diags_print(&file->faults, &faults);
    command_print(stderr, &faults);
    return APP_EXIT_USAGE;
}

/* Valid until the next one is added. */
static struct scenario_file *add_file(struct scenario_files *files)
{
    LS_GROW(files->items, files->count, files->capacity);
    files->items[files->count] = (struct scenario_file){0};
    return &files->items[files->count++];
}

enum app_exit scenario_files_load(struct scenario_files *files,
                                  const struct file_names *names)
{
    enum app_exit code = APP_EXIT_OK;

    for (size_t i = 0; i < names->count; i++) {
        enum app_exit worse = load(add_file(files), names->names[i]);

        code = worse > code ? worse : code;
    }
    return code;
}

enum app_exit scenario_file_reload(struct scenario_file *file)
{
    struct scenario_file again = {0};
    enum app_exit code = load(&again, file->name);

    clear_file(file);
    *file = again;
    return code;
}

void scenario_files_keep(struct scenario_files *files,
                         bool (*keep)(void *arg,
                                      const struct scenario_file *file),
                         void *arg)
{
    size_t kept = 0;

    for (size_t i = 0; i < files->count; i++) {
        if (keep(arg, &files->items[i]))
            files->items[kept++] = files->items[i];
        else
            clear_file(&files->items[i]);
    }
    files->count = kept;
}

void scenario_files_list_json(const struct scenario_files *files)
{
    struct run_entry *entries = ls_alloc_array(files->count, sizeof *entries);
    struct run_report report = {entries, files->count};
    struct ls_buf text = {0};

    for (size_t i = 0; i < files->count; i++)
        entries[i] = (struct run_entry){
            .file = files->items[i].name,
            .scenario = files->items[i].scenario,
        };
    result_json_print_titles(&report, &text);
    command_print(stdout, &text);
    free(entries);
}

void scenario_files_clear(struct scenario_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        clear_file(&files->items[i]);
    free(files->items);
    *files = (struct scenario_files){0};
}
