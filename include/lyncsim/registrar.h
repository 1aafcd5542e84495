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

struct binding {
    char *user;    /* "sip:test@deitterick.com" */
    char *contact; /* as registered */
    char *epid;    /* or NULL */
    uint64_t connection_id;
    uint64_t expires_ms;
};

struct registrar;

struct registrar *registrar_new(void);
void registrar_free(struct registrar *registrar);

/* NULL when full; borrowed otherwise. */
const struct binding *registrar_add(struct registrar *registrar,
                                    const struct binding *binding);
/* The live binding of a user, or NULL; borrowed. */
const struct binding *registrar_find(struct registrar *registrar,
                                     struct ls_str user, uint64_t now_ms);
/* Whether there was one. */
bool registrar_remove(struct registrar *registrar, struct ls_str user);
/* What was signed in over a connection that ended. */
void registrar_remove_connection(struct registrar *registrar,
                                 uint64_t connection_id);
size_t registrar_count(const struct registrar *registrar);

#endif
