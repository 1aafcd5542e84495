/*
 * Reading a whole file, or standard input.
 */
#include "input.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "command.h"

/* The length of what was refused, though it could be read. */
#define REFUSED SIZE_MAX

const char *input_name(const char *file)
{
    /* What an unset variable of a script leaves. */
    if (*file == '\0')
        return "\"\"";
    return strcmp(file, "-") == 0 ? "<standard input>" : file;
}

/* A buffer that grows by itself leaves copies behind. */
static enum ls_err add(struct ls_buf *content, struct ls_str bytes)
{
    struct ls_buf larger;
    enum ls_err err;

    if (bytes.length < content->capacity - content->length)
        return ls_buf_add(content, bytes);
    ls_buf_init(&larger, INPUT_MAX_BYTES);
    err = ls_buf_reserve(&larger, content->length + bytes.length);
    if (err)
        return err;
    ls_buf_add(&larger, ls_buf_str(content));
    ls_buf_add(&larger, bytes);
    ls_buf_wipe(content);
    *content = larger;
    return LS_OK;
}

/* A sentence, or NULL when all of stream is in content. What is read may be a
 * key: no other copy of it is left. */
static char *read_all(FILE *stream, const char *name, struct ls_buf *content,
                      size_t *length)
{
    char chunk[16384];
    size_t got;
    struct stat info;
    enum ls_err err = LS_OK;

    if (fstat(fileno(stream), &info) == 0 && S_ISDIR(info.st_mode))
        return ls_strf("%s is a folder, not a file", name);
    while (!err && (got = fread(chunk, 1, sizeof chunk, stream)) > 0)
        err = add(content, ls_str_from_bytes(chunk, got));
    explicit_bzero(chunk, sizeof chunk);
    if (err) {
        *length = REFUSED;
        return ls_strf("%s is larger than %u MiB", name, INPUT_MAX_BYTES >> 20);
    }
    if (ferror(stream))
        return ls_strf("%s cannot be read: %s", name, strerror(errno));
    return NULL;
}

char *input_read(const char *file, size_t *length, char **why)
{
    const char *name = input_name(file);
    bool is_stdin = strcmp(file, "-") == 0;
    FILE *stream = is_stdin ? stdin : fopen(file, "rbe");
    struct ls_buf content;

    *length = 0;
    if (stream == NULL) {
        *why = ls_strf("%s cannot be read: %s", name, strerror(errno));
        return NULL;
    }
    if (is_stdin && feof(stream)) {
        *length = REFUSED;
        *why = ls_strdup("standard input is named twice, and can be read once");
        return NULL;
    }
    setvbuf(stream, NULL, _IONBF, 0); /* no copy that nobody wipes */
    ls_buf_init(&content, INPUT_MAX_BYTES);
    *why = read_all(stream, name, &content, length);
    if (!is_stdin)
        fclose(stream);
    if (*why != NULL) {
        ls_buf_wipe(&content);
        return NULL;
    }
    *length = content.length;
    return ls_buf_take(&content);
}

enum app_exit input_code(size_t length)
{
    return length == REFUSED ? APP_EXIT_USAGE : APP_EXIT_UNABLE;
}

char *input_load(const char *file, size_t *length, enum app_exit *code)
{
    char *why;
    char *text = input_read(file, length, &why);

    if (text != NULL)
        return text;
    command_complain("%s", why);
    free(why);
    *code = input_code(*length);
    return NULL;
}

/* An empty password may come from there. */
static bool is_null_device(const struct stat *info)
{
    return S_ISCHR(info->st_mode) && info->st_rdev == makedev(1, 3);
}

bool input_may_wait(const char *file)
{
    struct stat info;

    return strcmp(file, "-") == 0 ||
           (stat(file, &info) == 0 && !S_ISREG(info.st_mode) &&
            !S_ISDIR(info.st_mode) && !is_null_device(&info));
}

static char *read_for_scenario(void *arg, const char *path, size_t *length,
                               char **why)
{
    (void)arg;
    /* A stranger's file may name a pipe that nobody ever writes to. */
    if (input_may_wait(path)) {
        *why = ls_strf("%s is no ordinary file", path);
        return NULL;
    }
    return input_read(path, length, why);
}

const struct scenario_loader input_loader = {read_for_scenario, NULL};
