/*
 * Minted certificates as files.
 */
#include "cert_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lyncsim/alloc.h"

#include "command.h"
#include "credential_file.h"
#include "output.h"

#define FILES_MAX 4

struct file {
    char *path;
    char *bytes;
    size_t length;
    bool holds_key;
};

struct files {
    struct file items[FILES_MAX];
    size_t count;
};

/* path and bytes are taken. */
static void add(struct files *files, char *path, char *bytes, size_t length,
                bool holds_key)
{
    files->items[files->count++] =
        (struct file){path, bytes, length, holds_key};
}

static void add_text(struct files *files, char *path, char *text,
                     bool holds_key)
{
    add(files, path, text, strlen(text), holds_key);
}

static void clear(struct files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        credential_file_wipe(files->items[i].bytes, files->items[i].length);
        free(files->items[i].path);
    }
}

static enum app_exit add_pkcs12(struct files *files,
                                const struct options *options,
                                const struct credential *credential,
                                bool is_old)
{
    const char *prefix = options_text(options, OPTION_OUTPUT);
    enum app_exit code = APP_EXIT_OK;
    size_t length, password_length;
    char *password = credential_file_password(
        options_text(options, OPTION_PASSWORD_FILE), &password_length, &code);
    char *why = NULL;
    char *bytes;

    if (password == NULL)
        return code;
    bytes =
        credential_format_pkcs12(credential, password, is_old, &length, &why);
    credential_file_wipe(password, password_length);
    if (bytes != NULL) {
        add(files, ls_strf("%s.pfx", prefix), bytes, length, true);
        return APP_EXIT_OK;
    }
    command_complain("%s", why);
    free(why);
    return APP_EXIT_UNABLE;
}

static enum app_exit collect(struct files *files, const struct options *options,
                             const struct credential *credential,
                             const struct credential *root)
{
    const char *prefix = options_text(options, OPTION_OUTPUT);
    const char *form = options_text(options, OPTION_FORM);
    struct ls_str staple = credential_staple(credential);
    size_t length;

    if (root != NULL)
        add_text(files, ls_strf("%s-root.pem", prefix),
                 credential_format_pem(root), false);
    if (!ls_str_is_empty(staple))
        add(files, ls_strf("%s.ocsp", prefix), ls_str_dup(staple),
            staple.length, false);
    if (form != NULL && strncmp(form, "pkcs12", 6) == 0)
        return add_pkcs12(files, options, credential,
                          strcmp(form, "pkcs12-old") == 0);
    if (form != NULL && strcmp(form, "der") == 0) {
        char *der = credential_format_der(credential, &length);

        add(files, ls_strf("%s.cer", prefix), der, length, false);
    } else {
        add_text(files, ls_strf("%s.pem", prefix),
                 credential_format_pem(credential), false);
    }
    add_text(files, ls_strf("%s.key", prefix),
             credential_format_key_pem(credential), true);
    return APP_EXIT_OK;
}

static bool write_file(const struct file *file, bool is_forced)
{
    mode_t mode = file->holds_key ? 0600 : 0644;
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (is_forced ? 0 : O_EXCL);
    int descriptor = open(file->path, flags, mode);
    bool is_done;

    if (descriptor < 0) {
        if (errno == EEXIST)
            command_complain("%s is there already; --force overwrites it",
                             file->path);
        else
            command_complain("%s cannot be written: %s", file->path,
                             strerror(errno));
        return false;
    }
    /* Closed to others before the first byte, whatever it was before. */
    is_done = (!file->holds_key || fchmod(descriptor, mode) == 0) &&
              ftruncate(descriptor, 0) == 0 &&
              output_write_all(descriptor,
                               ls_str_from_bytes(file->bytes, file->length));
    if (close(descriptor) != 0)
        is_done = false;
    if (!is_done)
        command_complain("%s cannot be written: %s", file->path,
                         strerror(errno));
    return is_done;
}

/* All or nothing, as far as it can be known before. */
static bool is_any_there(const struct files *files)
{
    for (size_t i = 0; i < files->count; i++)
        if (access(files->items[i].path, F_OK) == 0) {
            command_complain("%s is there already; --force overwrites it",
                             files->items[i].path);
            return true;
        }
    return false;
}

/* All of files, which are cleared. */
static enum app_exit write_all(const struct options *options,
                               struct files *files, struct ls_buf *told)
{
    bool is_forced = options_has(options, OPTION_FORCE);
    bool is_done = is_forced || !is_any_there(files);

    for (size_t i = 0; is_done && i < files->count; i++) {
        is_done = write_file(&files->items[i], is_forced);
        if (is_done)
            ls_buf_printf(told, "wrote %s%s\n", files->items[i].path,
                          files->items[i].holds_key ? " (mode 0600)" : "");
    }
    clear(files);
    return is_done ? APP_EXIT_OK : APP_EXIT_UNABLE;
}

enum app_exit cert_files_write(const struct options *options,
                               const struct credential *credential,
                               const struct credential *root,
                               struct ls_buf *told)
{
    struct files files = {0};
    enum app_exit code = collect(&files, options, credential, root);

    if (code == APP_EXIT_OK)
        return write_all(options, &files, told);
    clear(&files);
    return code;
}

enum app_exit cert_files_write_list(const struct options *options, char *path,
                                    char *bytes, size_t length,
                                    struct ls_buf *told)
{
    struct files files = {0};

    add(&files, path, bytes, length, false);
    return write_all(options, &files, told);
}
