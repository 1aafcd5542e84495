/*
 * How are certificates and keys put into files? Keys for their owner alone,
 * and nothing is overwritten unless told.
 */
#ifndef LYNCSIM_APP_CERT_FILES_H
#define LYNCSIM_APP_CERT_FILES_H

#include "lyncsim/app.h"
#include "lyncsim/credential.h"

#include "options.h"

/* Write what --form and --output say; root may be NULL. The names of the
 * files are added to told, a line each. */
enum app_exit cert_files_write(const struct options *options,
                               const struct credential *credential,
                               const struct credential *root,
                               struct ls_buf *told);

/* The same for one file without a key; path and bytes are taken. */
enum app_exit cert_files_write_list(const struct options *options, char *path,
                                    char *bytes, size_t length,
                                    struct ls_buf *told);

#endif
