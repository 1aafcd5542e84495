/*
 * What is to be changed in a topology? One edit as a value, and how it is
 * made.
 */
#ifndef LYNCSIM_TOPOLOGY_EDIT_H
#define LYNCSIM_TOPOLOGY_EDIT_H

#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/diag.h"
#include "lyncsim/topology.h"

/* The texts are those of a scenario's edits. */
/* clang-format off */
#define TOPOLOGY_EDIT_LIST(X)                                                  \
    X(EDIT_ADD_POOL, "add-pool")                                               \
    X(EDIT_REMOVE_POOL, "remove-pool")                                         \
    X(EDIT_RENAME_POOL, "rename-pool")                                         \
    X(EDIT_ADD_COMPUTER, "add-computer")                                       \
    X(EDIT_REMOVE_COMPUTER, "remove-computer")                                 \
    X(EDIT_ADD_APPLICATION, "add-application")                                 \
    X(EDIT_REMOVE_APPLICATION, "remove-application")                           \
    X(EDIT_PUBLISH, "publish")                                                 \
    X(EDIT_ENABLE, "enable")

enum topology_edit_kind {
#define X(name, text) name,
    TOPOLOGY_EDIT_LIST(X)
#undef X
    EDIT_COUNT
};
/* clang-format on */

const char *topology_edit_kind_text(enum topology_edit_kind kind);

struct topology_edit {
    enum topology_edit_kind kind;
    struct ls_place place;
    struct pool *pool; /* EDIT_ADD_POOL: the pool to add, owned here */
    char *fqdn;        /* the pool or computer meant; RENAME: from */
    char *other;       /* pool of a computer or application; RENAME: to */
    char *id;          /* application id */
    uint16_t port;
};

void topology_edit_clear(struct topology_edit *edit);
/* A deep copy, the caller's to clear. */
struct topology_edit topology_edit_copy(const struct topology_edit *edit);

/* Make the edit. NULL when done, else the product's reason against it, owned
 * by the caller. publish and enable change no topology: a deployment makes
 * them. */
char *topology_edit_apply(const struct topology_edit *edit,
                          struct topology *topology);
/* Append the edit as a person would say it: "add the pool mail.contoso.com". */
void topology_edit_print(const struct topology_edit *edit, struct ls_buf *out);

#endif
