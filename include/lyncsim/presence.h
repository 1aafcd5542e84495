/*
 * What has a user published of himself? Categories with their versions, as
 * [MS-PRES] has them, kept for who asks; bounded.
 */
#ifndef LYNCSIM_PRESENCE_H
#define LYNCSIM_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

#define PRESENCE_CATEGORIES_MAX 64 /* of one user */
#define PRESENCE_MAX_BYTES (16u * 1024 * 1024)
/* Of one user: all of it goes into every answer to him and to who watches. */
#define PRESENCE_USER_MAX_BYTES (256u * 1024)
/* Of one connection, so that it leaves room for the others. */
#define PRESENCE_CONNECTION_MAX_BYTES (4u * 1024 * 1024)

/* Views, borrowed for the call. */
struct publication {
    struct ls_str name;
    uint32_t instance;
    uint32_t container;
    uint32_t version;          /* the one that the publisher knows */
    struct ls_str expire_type; /* "static", "endpoint", "user", "time" */
    struct ls_str content;     /* balanced XML */
    bool is_withdrawn;
};

enum presence_outcome {
    PRESENCE_PUBLISHED,
    PRESENCE_WRONG_VERSION,
    PRESENCE_FULL,
};

struct presence;

struct presence *presence_new(void);
void presence_free(struct presence *presence);

/* aor is an address of record. *version becomes the current one. What cannot
 * be taken leaves all as it was. */
enum presence_outcome presence_publish(struct presence *presence,
                                       struct ls_str aor,
                                       uint64_t connection_id,
                                       const struct publication *publication,
                                       uint64_t now_ms, uint32_t *version);

/* The current version of what a publication is about, 0 for none yet. */
uint32_t presence_version(const struct presence *presence, struct ls_str aor,
                          const struct publication *publication);

/* Append <category> elements: all of them with containers and versions for
 * the user himself, or what a colleague may see. */
void presence_add_own(struct ls_buf *out, const struct presence *presence,
                      struct ls_str aor);
void presence_add_seen(struct ls_buf *out, const struct presence *presence,
                       struct ls_str aor);

/* What an endpoint published goes with it: forget what came over a connection
 * and was not static, and append the users this concerns, a line each. */
void presence_withdraw(struct presence *presence, uint64_t connection_id,
                       struct ls_buf *users);
/* The same for one user; whether there was anything. */
bool presence_withdraw_user(struct presence *presence, struct ls_str aor,
                            uint64_t connection_id);

/* Of how many users anything is kept. */
size_t presence_user_count(const struct presence *presence);

#endif
