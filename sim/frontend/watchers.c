#include "lyncsim/watchers.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/hash.h"

struct entry {
    struct watcher watcher; /* first: one is the other */
    char *key;
    size_t bytes;
    struct source *source;
    struct entry *prev_of_source, *next_of_source;
    struct watcher_link *links; /* an array, one for each user watched */
    struct entry *prev, *next;
    UT_hash_handle hh;
};

/* A connection that somebody subscribes over. */
struct source {
    uint64_t connection_id;
    struct entry *entries;
    size_t count;
    size_t bytes;
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
    struct source *sources;
    size_t bytes;
    uint64_t next_sweep_ms;
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

static struct source *find_source(const struct watchers *watchers,
                                  uint64_t connection_id)
{
    struct source *source;

    HASH_FIND(hh, watchers->sources, &connection_id, sizeof(connection_id),
              source);
    return source;
}

static void enter_source(struct watchers *watchers, struct entry *entry)
{
    uint64_t connection_id = entry->watcher.connection_id;
    struct source *source = find_source(watchers, connection_id);

    if (!source) {
        source = ls_alloc(sizeof(*source));
        source->connection_id = connection_id;
        HASH_ADD(hh, watchers->sources, connection_id, sizeof(connection_id),
                 source);
    }
    entry->source = source;
    DL_APPEND2(source->entries, entry, prev_of_source, next_of_source);
    source->count++;
    source->bytes += entry->bytes;
    watchers->bytes += entry->bytes;
}

static void leave_source(struct watchers *watchers, struct entry *entry)
{
    struct source *source = entry->source;

    DL_DELETE2(source->entries, entry, prev_of_source, next_of_source);
    source->count--;
    source->bytes -= entry->bytes;
    watchers->bytes -= entry->bytes;
    if (source->count == 0) {
        HASH_DEL(watchers->sources, source);
        free(source);
    }
}

void watchers_remove(struct watchers *watchers, struct watcher *watcher)
{
    struct entry *entry = (struct entry *)watcher;

    leave_source(watchers, entry);
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

/* What one costs, about. */
static size_t cost(const struct watcher *watcher)
{
    const char *const texts[] = {watcher->call_id,    watcher->call_id,
                                 watcher->tag,        watcher->tag,
                                 watcher->from,       watcher->to,
                                 watcher->subscriber, watcher->target};
    size_t bytes = sizeof(struct entry);

    for (size_t i = 0; i < LS_COUNT(texts); i++)
        bytes += ls_str_from(texts[i]).length;
    for (size_t i = 0; i < watcher->user_count; i++)
        bytes += sizeof(struct watcher_link) + sizeof(struct watched) +
                 2 * strlen(watcher->users[i]);
    return bytes;
}

/* In the place of before, if that is not NULL. */
static bool has_room(const struct watchers *watchers,
                     const struct watcher *watcher, const struct entry *before)
{
    const struct source *source = find_source(watchers, watcher->connection_id);
    bool is_of_source = before && before->source == source;
    size_t bytes = cost(watcher);
    size_t freed = before ? before->bytes : 0;

    if (watchers->bytes - freed + bytes > WATCHERS_MAX_BYTES ||
        (!before && watchers_count(watchers) >= WATCHERS_MAX))
        return false;
    if (!source)
        return bytes <= WATCHERS_CONNECTION_MAX_BYTES;
    freed = is_of_source ? freed : 0;
    return source->bytes - freed + bytes <= WATCHERS_CONNECTION_MAX_BYTES &&
           (is_of_source || source->count < WATCHERS_CONNECTION_MAX);
}

/* Those that have run out make room. Looked for once a second at most: who is
 * refused may ask again at once. */
static void sweep(struct watchers *watchers, uint64_t now_ms)
{
    struct entry *entry;
    struct entry *next;

    if (now_ms < watchers->next_sweep_ms)
        return;
    watchers->next_sweep_ms = now_ms + 1000;
    DL_FOREACH_SAFE(watchers->by_age, entry, next)
        if (entry->watcher.expires_ms <= now_ms)
            watchers_remove(watchers, &entry->watcher);
}

/* watcher's content is taken. */
static struct watcher *add(struct watchers *watchers, struct watcher *watcher)
{
    struct entry *entry = ls_alloc(sizeof(*entry));

    entry->bytes = cost(watcher);
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
    enter_source(watchers, entry);
    return &entry->watcher;
}

static struct entry *find_same(struct watchers *watchers,
                               const struct watcher *watcher)
{
    return (struct entry *)watchers_find(
        watchers, ls_str_from(watcher->call_id), ls_str_from(watcher->tag),
        watcher->event);
}

struct watcher *watchers_set(struct watchers *watchers, struct watcher *watcher,
                             uint64_t now_ms)
{
    struct entry *before = find_same(watchers, watcher);

    if (!has_room(watchers, watcher, before)) {
        sweep(watchers, now_ms);
        before = find_same(watchers, watcher);
        if (!has_room(watchers, watcher, before)) {
            watcher_clear(watcher);
            return NULL;
        }
    }
    if (before)
        watchers_remove(watchers, &before->watcher);
    return add(watchers, watcher);
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
    struct source *source;

    while ((source = find_source(watchers, connection_id)))
        watchers_remove(watchers, &source->entries->watcher);
}

void watchers_remove_subscriber(struct watchers *watchers,
                                struct ls_str subscriber,
                                uint64_t connection_id)
{
    const struct source *source = find_source(watchers, connection_id);
    struct entry *next;

    if (!source)
        return;
    for (struct entry *entry = source->entries; entry; entry = next) {
        next = entry->next_of_source; /* the source goes with the last one */
        if (ls_str_equal_text(subscriber, entry->watcher.subscriber))
            watchers_remove(watchers, &entry->watcher);
    }
}

size_t watchers_count(const struct watchers *watchers)
{
    return HASH_COUNT(watchers->by_dialog);
}
