/*
 * What does a subscriber of this package hear? The packages that clients ask
 * for when they sign in, and their documents.
 */
#ifndef LYNCSIM_ROAMING_STATE_H
#define LYNCSIM_ROAMING_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/front_end.h"

struct roaming_users {
    char **aors;
    size_t count;
};

struct roaming_package {
    const char *event;
    const char *content_type;
    bool is_of_presence; /* changes when a user publishes */
    /* Append the document about one user. */
    void (*add)(struct ls_buf *out, struct front_end *front_end,
                const char *user);
};

/* Names compare without case; NULL when there is none. */
const struct roaming_package *roaming_package_find(struct ls_str event);
const struct roaming_package *roaming_package_at(size_t index);

/* Of a multipart; whose state would go beyond it is left out. */
#define ROAMING_STATE_MAX_BYTES (1024u * 1024)

/* Append the content type and the body about one user, or a multipart about
 * several; false when users were left out of it. */
bool roaming_state_add(const struct roaming_package *package,
                       struct front_end *front_end,
                       const struct roaming_users *users,
                       struct ls_buf *content_type, struct ls_buf *body);

#endif
