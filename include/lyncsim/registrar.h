/*
 * Who is signed in, from where, and until when?
 */
#ifndef LYNCSIM_REGISTRAR_H
#define LYNCSIM_REGISTRAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/str.h"

/* Bindings kept in all: a peer that registers without end meets a limit. */
#define REGISTRAR_BINDINGS_MAX 100000
#define REGISTRAR_MAX_BYTES (64u * 1024 * 1024)
/* Of one connection, so that it leaves room for the others. */
#define REGISTRAR_CONNECTION_MAX 25000
#define REGISTRAR_CONNECTION_MAX_BYTES (16u * 1024 * 1024)
/* And of one user, whose endpoints are looked through one by one. */
#define REGISTRAR_ENDPOINTS_MAX 16

struct binding {
    char *user;    /* "sip:test@deitterick.com" */
    char *contact; /* as registered */
    char *epid;    /* or NULL */
    uint64_t connection_id;
    uint64_t expires_ms;
    char *opaque; /* of its GRUU: "user:epid:21nY…"; or NULL */
};

struct registrar;

struct registrar *registrar_new(void);
void registrar_free(struct registrar *registrar);

/* Sign an endpoint of a user in, or refresh it: content is copied. Users are
 * told apart by address of record, endpoints of one user by epid or, without,
 * by contact. NULL when full, and what there was stays; borrowed otherwise,
 * until it is removed. */
const struct binding *registrar_add(struct registrar *registrar,
                                    const struct binding *binding);
/* The live binding of a user that signed in last, or NULL; borrowed. */
const struct binding *registrar_find(struct registrar *registrar,
                                     struct ls_str user, uint64_t now_ms);
/* The index-th of them, the last sign-in first; NULL beyond the last. */
const struct binding *registrar_find_next(struct registrar *registrar,
                                          struct ls_str user, uint64_t now_ms,
                                          size_t index);
/* The live binding of a user whose GRUU has that opaque part, or NULL. */
const struct binding *registrar_find_opaque(struct registrar *registrar,
                                            struct ls_str user,
                                            struct ls_str opaque,
                                            uint64_t now_ms);
/* Whether the endpoint of binding is signed in, or was until it ran out. */
bool registrar_has_endpoint(const struct registrar *registrar,
                            const struct binding *binding);
/* All of a user, or one endpoint; whether there was one. */
bool registrar_remove(struct registrar *registrar, struct ls_str user);
bool registrar_remove_endpoint(struct registrar *registrar,
                               const struct binding *binding);
/* Forget what has run out. */
void registrar_expire(struct registrar *registrar, uint64_t now_ms);
/* The same to make room, and once a second at most: who is refused may ask
 * again at once. */
void registrar_make_room(struct registrar *registrar, uint64_t now_ms);
/* What was signed in over a connection that ended. */
void registrar_remove_connection(struct registrar *registrar,
                                 uint64_t connection_id);
size_t registrar_count(const struct registrar *registrar);

#endif
