#include "lyncsim/watchers.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>
#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

struct entry {
    struct watcher watcher; /* first: one is the other */
    char *key;
    struct watcher_link *links; /* an array, one for each user watched */
    struct entry *prev, *next;
    UT_hash_handle hh;
};

struct watched {
    char *user;
    struct watcher_link *links;
    UT_hash_handle hh;
};

struct watcher_link {
    struct entry *entry;
    struct watched *watched;
    struct watcher_link *prev, *next; /* among those of the one watched */
};

struct watchers {
    struct entry *by_dialog;
    struct entry *by_age;
    struct watched *watched;
};

struct watchers *watchers_new(void)
{
    return ls_alloc(sizeof(struct watchers));
}

void watcher_clear(struct watcher *watcher)
{
    for (size_t i = 0; i < watcher->user_count; i++)
        free(watcher->users[i]);
    free(watcher->users);
    free(watcher->event);
    free(watcher->call_id);
    free(watcher->tag);
    free(watcher->from);
    free(watcher->to);
    free(watcher->subscriber);
    free(watcher->target);
    *watcher = (struct watcher){0};
}

static void unlink_entry(struct watchers *watchers, struct entry *entry)
{
    for (size_t i = 0; i < entry->watcher.user_count; i++) {
        struct watcher_link *link = &entry->links[i];
        struct watched *watched = link->watched;

        DL_DELETE(watched->links, link);
        if (!watched->links) {
            HASH_DEL(watchers->watched, watched);
            free(watched->user);
            free(watched);
        }
    }
    free(entry->links);
}

void watchers_remove(struct watchers *watchers, struct watcher *watcher)
{
    struct entry *entry = (struct entry *)watcher;

    unlink_entry(watchers, entry);
    HASH_DEL(watchers->by_dialog, entry);
    DL_DELETE(watchers->by_age, entry);
    watcher_clear(&entry->watcher);
    free(entry->key);
    free(entry);
}

void watchers_free(struct watchers *watchers)
{
    if (!watchers)
        return;
    while (watchers->by_age)
        watchers_remove(watchers, &watchers->by_age->watcher);
    free(watchers);
}

static char *key_of(struct ls_str call_id, struct ls_str tag, const char *event)
{
    struct ls_buf key = {0};

    ls_buf_printf(&key, "%s\n", event);
    ls_buf_add(&key, tag);
    ls_buf_add_byte(&key, '\n');
    ls_buf_add(&key, call_id);
    return ls_buf_take(&key);
}

static struct watched *add_watched(struct watchers *watchers, const char *user)
{
    struct watched *watched;

    HASH_FIND_STR(watchers->watched, user, watched);
    if (!watched) {
        watched = ls_alloc(sizeof(*watched));
        watched->user = ls_strdup(user);
        HASH_ADD_STR(watchers->watched, user, watched);
    }
    return watched;
}

struct watcher *watchers_find(struct watchers *watchers, struct ls_str call_id,
                              struct ls_str tag, const char *event)
{
    char *key = key_of(call_id, tag, event);
    struct entry *entry;

    HASH_FIND_STR(watchers->by_dialog, key, entry);
    free(key);
    return entry ? &entry->watcher : NULL;
}

struct watcher *watchers_set(struct watchers *watchers, struct watcher *watcher)
{
    struct watcher *before =
        watchers_find(watchers, ls_str_from(watcher->call_id),
                      ls_str_from(watcher->tag), watcher->event);
    struct entry *entry;

    if (before)
        watchers_remove(watchers, before);
    if (watchers_count(watchers) >= WATCHERS_MAX) {
        watcher_clear(watcher);
        return NULL;
    }
    entry = ls_alloc(sizeof(*entry));
    entry->watcher = *watcher;
    *watcher = (struct watcher){0};
    entry->key = key_of(ls_str_from(entry->watcher.call_id),
                        ls_str_from(entry->watcher.tag), entry->watcher.event);
    entry->links =
        ls_alloc_array(entry->watcher.user_count, sizeof(*entry->links));
    for (size_t i = 0; i < entry->watcher.user_count; i++) {
        struct watcher_link *link = &entry->links[i];

        link->entry = entry;
        link->watched = add_watched(watchers, entry->watcher.users[i]);
        DL_APPEND(link->watched->links, link);
    }
    HASH_ADD_STR(watchers->by_dialog, key, entry);
    DL_APPEND(watchers->by_age, entry);
    return &entry->watcher;
}

struct watchers_walk watchers_of(struct watchers *watchers, struct ls_str user,
                                 uint64_t now_ms)
{
    struct watched *watched;

    HASH_FIND(hh, watchers->watched, user.at, user.length, watched);
    return (struct watchers_walk){watched ? watched->links : NULL, now_ms};
}

struct watcher *watchers_next(struct watchers_walk *walk)
{
    while (walk->next) {
        struct watcher *watcher = &walk->next->entry->watcher;

        walk->next = walk->next->next;
        if (watcher->expires_ms > walk->now_ms)
            return watcher;
    }
    return NULL;
}

void watchers_remove_connection(struct watchers *watchers,
                                uint64_t connection_id)
{
    struct entry *entry;
    struct entry *next;

    DL_FOREACH_SAFE(watchers->by_age, entry, next)
        if (entry->watcher.connection_id == connection_id)
            watchers_remove(watchers, &entry->watcher);
}

void watchers_remove_subscriber(struct watchers *watchers,
                                struct ls_str subscriber,
                                uint64_t connection_id)
{
    struct entry *entry;
    struct entry *next;

    DL_FOREACH_SAFE(watchers->by_age, entry, next)
        if (entry->watcher.connection_id == connection_id &&
            ls_str_equal_text(subscriber, entry->watcher.subscriber))
            watchers_remove(watchers, &entry->watcher);
}

size_t watchers_count(const struct watchers *watchers)
{
    return HASH_COUNT(watchers->by_dialog);
}
