/*
 * What is in --certificate, --key, --password-file and --ca?
 */
#ifndef LYNCSIM_APP_CREDENTIAL_FILE_H
#define LYNCSIM_APP_CREDENTIAL_FILE_H

#include "lyncsim/app.h"
#include "lyncsim/credential.h"
#include "lyncsim/trust_anchors.h"

#include "options.h"

/* The files of a credential; key and password_file may be NULL. */
struct credential_names {
    const char *certificate;
    const char *key;
    const char *password_file;
};

/* Keys and passwords do not stay in memory that is given back; text may be
 * NULL. */
void credential_file_wipe(char *text, size_t length);
/* The password in file, NULL for none: its first line, whatever wrote it.
 * *length is for wiping. NULL and *code as below. Owned by the caller. */
char *credential_file_password(const char *file, size_t *length,
                               enum app_exit *code);
/* NULL, *code, and a sentence on standard error when it cannot be had. Owned
 * by the caller. */
struct credential *credential_file_load(const struct credential_names *names,
                                        enum app_exit *code);
/* The names that --certificate, --key and --password-file give. False, *code,
 * and a sentence when there is a key or a password and nothing to open. */
bool credential_file_names(struct credential_names *names,
                           const struct options *options, enum app_exit *code);
/* As load, for who shows it to others: its key must be there, and one that is
 * out of its time is shown with a warning. Owned by the caller. */
struct credential *
credential_file_load_own(const struct credential_names *names,
                         enum app_exit *code);
/* Staple what a file holds to credential; false and *code as above. */
bool credential_file_staple(struct credential *credential, const char *file,
                            enum app_exit *code);
/* Add what a file holds to anchors; false and *code as above. */
bool credential_file_trust(struct trust_anchors *anchors, const char *file,
                           enum app_exit *code);

#endif
