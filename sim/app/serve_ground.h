/*
 * What does the Front End stand on that can change under it? The table, the
 * certificate, whom it trusts: read from files, and read again on SIGHUP.
 */
#ifndef LYNCSIM_APP_SERVE_GROUND_H
#define LYNCSIM_APP_SERVE_GROUND_H

#include <stdatomic.h>

#include "lyncsim/app.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/scenario_settings.h"
#include "lyncsim/tls_context.h"
#include "lyncsim/topology.h"

#include "credential_file.h"
#include "options.h"

/* One reading of the files. Nothing in it changes, so that any number of
 * threads look into it; the last one to let go of it takes it away. */
struct serve_ground {
    struct topology *topology;
    struct known_servers *known;
    struct known_servers *removed; /* those of earlier readings */
    struct credential *credential;
    struct trust_anchors *anchors; /* NULL: chains are not judged */
    struct tls_context *tls;
    struct tls_context *dial_tls; /* of connections that it opens itself */
    atomic_uint holders;
};

/* Which files; the texts are owned here. */
struct serve_files {
    char *lab; /* NULL: none is needed */
    char *topology;
    bool has_lab_table; /* its peers fare as the lab says */
    char *certificate;
    char *key;
    const char *password_file;
    const struct options *options; /* for --ca and the like; borrowed */
    char *lab_ca;                  /* or NULL */
    const struct scenario_front_end *settings; /* borrowed */
    struct mailbox *key_log;                   /* borrowed; or NULL */
};

enum app_exit serve_files_choose(struct serve_files *files,
                                 const struct options *options,
                                 const struct scenario_front_end *settings);
void serve_files_clear(struct serve_files *files);

/* Held once. NULL, *code, and what is wrong on standard error. before may be
 * NULL; what it knew and the new one does not is remembered as removed. */
struct serve_ground *serve_ground_load(const struct serve_files *files,
                                       const struct serve_ground *before,
                                       enum app_exit *code);
void serve_ground_hold(struct serve_ground *ground);
void serve_ground_release(struct serve_ground *ground); /* or NULL */

#endif
