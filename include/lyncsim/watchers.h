/*
 * Who wants to be told, of whom, and how is he reached? Subscriptions that
 * live, as dialogs of their own; bounded.
 */
#ifndef LYNCSIM_WATCHERS_H
#define LYNCSIM_WATCHERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/str.h"

#define WATCHERS_MAX 20000
#define WATCHERS_MAX_BYTES (64u * 1024 * 1024)
/* Of one connection, so that it leaves room for the others. */
#define WATCHERS_CONNECTION_MAX 5000
#define WATCHERS_CONNECTION_MAX_BYTES (16u * 1024 * 1024)
/* Users that one subscription watches; a larger list is cut. */
#define WATCHER_USERS_MAX 200

struct watcher {
    char *event;   /* "presence", as in the packages' table */
    char *call_id; /* the dialog: Call-ID and the tag of the subscriber */
    char *tag;
    char *from; /* our side as a header value, its tag included */
    char *to;
    char *subscriber;   /* his address of record */
    char *target;       /* where requests to it go */
    bool is_benotified; /* takes BENOTIFY, which asks for no answer */
    uint32_t cseq;      /* of the last notify */
    uint64_t connection_id;
    uint64_t expires_ms;
    char **users; /* addresses of record */
    size_t user_count;
};

/* Free what it holds. */
void watcher_clear(struct watcher *watcher);

struct watchers;
struct watcher_link;

struct watchers_walk {
    struct watcher_link *next; /* or NULL */
    uint64_t now_ms;
};

struct watchers *watchers_new(void);
void watchers_free(struct watchers *watchers);

/* Add a subscription or put it in the place of the one of its dialog. Its
 * content is taken. Borrowed until it is changed; NULL when there are too
 * many, and the one of its dialog stays. */
struct watcher *watchers_set(struct watchers *watchers, struct watcher *watcher,
                             uint64_t now_ms);
/* The subscription of a dialog to an event, or NULL; borrowed. */
struct watcher *watchers_find(struct watchers *watchers, struct ls_str call_id,
                              struct ls_str tag, const char *event);
void watchers_remove(struct watchers *watchers, struct watcher *watcher);
/* Those who watch this user and live, for watchers_next(); none of them may be
 * added or removed meanwhile. */
struct watchers_walk watchers_of(struct watchers *watchers, struct ls_str user,
                                 uint64_t now_ms);
/* The next of them, borrowed; NULL behind the last. */
struct watcher *watchers_next(struct watchers_walk *walk);
void watchers_remove_connection(struct watchers *watchers,
                                uint64_t connection_id);
/* A user has signed out of an endpoint: what it subscribed to over that
 * connection ends. */
void watchers_remove_subscriber(struct watchers *watchers,
                                struct ls_str subscriber,
                                uint64_t connection_id);
size_t watchers_count(const struct watchers *watchers);

#endif
