/*
 * Two ways to a binding: by user, and by the connection it came over. Both
 * are lists in a hash, so that neither sign-in nor a lost connection has to
 * look at everybody else.
 */
#include "lyncsim/registrar.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/hash.h"
#include "lyncsim/sip_field.h"

struct user;
struct source;

struct entry {
    struct binding binding;
    struct user *user;
    struct source *source;
    struct entry *prev_of_user, *next_of_user;
    struct entry *prev_of_source, *next_of_source;
    size_t bytes;
};

struct user {
    char *aor;
    struct entry *entries; /* the one that signed in last is the first */
    size_t count;
    UT_hash_handle hh;
};

struct source {
    uint64_t connection_id;
    struct entry *entries;
    size_t count;
    size_t bytes;
    UT_hash_handle hh;
};

struct registrar {
    struct user *users;
    struct source *sources;
    size_t count;
    size_t bytes;
    uint64_t next_sweep_ms;
};

struct registrar *registrar_new(void)
{
    return ls_alloc(sizeof(struct registrar));
}

static void remove_entry(struct registrar *registrar, struct entry *entry)
{
    struct user *user = entry->user;
    struct source *source = entry->source;

    DL_DELETE2(user->entries, entry, prev_of_user, next_of_user);
    user->count--;
    DL_DELETE2(source->entries, entry, prev_of_source, next_of_source);
    source->count--;
    source->bytes -= entry->bytes;
    registrar->bytes -= entry->bytes;
    if (!user->entries) {
        HASH_DEL(registrar->users, user);
        free(user->aor);
        free(user);
    }
    if (!source->entries) {
        HASH_DEL(registrar->sources, source);
        free(source);
    }
    free(entry->binding.user);
    free(entry->binding.contact);
    free(entry->binding.epid);
    free(entry->binding.opaque);
    free(entry);
    registrar->count--;
}

/* Those that have expired by then; the user goes with the last one. */
static void remove_expired(struct registrar *registrar, struct user *user,
                           uint64_t now_ms)
{
    struct entry *next;

    for (struct entry *entry = user->entries; entry; entry = next) {
        next = entry->next_of_user;
        if (entry->binding.expires_ms <= now_ms)
            remove_entry(registrar, entry);
    }
}

static void remove_user(struct registrar *registrar, struct user *user)
{
    remove_expired(registrar, user, UINT64_MAX);
}

void registrar_free(struct registrar *registrar)
{
    struct user *user;
    struct user *next;

    if (!registrar)
        return;
    HASH_ITER(hh, registrar->users, user, next) {
        remove_user(registrar, user);
    }
    free(registrar);
}

static struct user *find_user(const struct registrar *registrar,
                              struct ls_str uri)
{
    struct ls_buf aor = {0};
    struct user *user;

    sip_field_add_aor(&aor, uri);
    HASH_FIND(hh, registrar->users, ls_buf_str(&aor).at, aor.length, user);
    ls_buf_clear(&aor);
    return user;
}

static struct user *add_user(struct registrar *registrar, struct ls_str uri)
{
    struct user *user = find_user(registrar, uri);

    if (!user) {
        struct ls_buf aor = {0};

        user = ls_alloc(sizeof(*user));
        sip_field_add_aor(&aor, uri);
        size_t length = aor.length;
        user->aor = ls_buf_take(&aor);
        HASH_ADD_KEYPTR(hh, registrar->users, user->aor, length, user);
    }
    return user;
}

static struct source *find_source(const struct registrar *registrar,
                                  uint64_t connection_id)
{
    struct source *source;

    HASH_FIND(hh, registrar->sources, &connection_id, sizeof(connection_id),
              source);
    return source;
}

static struct source *add_source(struct registrar *registrar,
                                 uint64_t connection_id)
{
    struct source *source = find_source(registrar, connection_id);

    if (!source) {
        source = ls_alloc(sizeof(*source));
        source->connection_id = connection_id;
        HASH_ADD(hh, registrar->sources, connection_id, sizeof(connection_id),
                 source);
    }
    return source;
}

/* An endpoint is known by its epid; without one by where it is reached. */
static bool is_same_endpoint(const struct binding *a, const struct binding *b)
{
    if (a->epid || b->epid)
        return a->epid && b->epid && strcmp(a->epid, b->epid) == 0;
    return strcmp(a->contact, b->contact) == 0;
}

static struct entry *find_endpoint(const struct registrar *registrar,
                                   const struct binding *binding)
{
    struct user *user = find_user(registrar, ls_str_from(binding->user));
    struct entry *entry;

    if (!user)
        return NULL;
    DL_FOREACH2(user->entries, entry, next_of_user)
        if (is_same_endpoint(&entry->binding, binding))
            return entry;
    return NULL;
}

void registrar_expire(struct registrar *registrar, uint64_t now_ms)
{
    struct user *user;
    struct user *next;

    HASH_ITER(hh, registrar->users, user, next) {
        remove_expired(registrar, user, now_ms);
    }
}

void registrar_make_room(struct registrar *registrar, uint64_t now_ms)
{
    if (now_ms < registrar->next_sweep_ms)
        return;
    registrar->next_sweep_ms = now_ms + 1000;
    registrar_expire(registrar, now_ms);
}

/* What one costs, about. */
static size_t cost(const struct binding *binding)
{
    return sizeof(struct entry) + sizeof(struct user) +
           2 * strlen(binding->user) + strlen(binding->contact) +
           (binding->epid ? strlen(binding->epid) : 0) +
           (binding->opaque ? strlen(binding->opaque) : 0);
}

/* In the place of before, if that is not NULL. */
static bool has_room(const struct registrar *registrar,
                     const struct binding *binding, const struct entry *before)
{
    const struct source *source =
        find_source(registrar, binding->connection_id);
    size_t bytes = cost(binding);
    size_t freed = before ? before->bytes : 0;

    if (registrar->bytes - freed + bytes > REGISTRAR_MAX_BYTES ||
        (!before && registrar->count >= REGISTRAR_BINDINGS_MAX))
        return false;
    if (!source)
        return true;
    if (!before || before->source != source)
        return source->count < REGISTRAR_CONNECTION_MAX &&
               source->bytes + bytes <= REGISTRAR_CONNECTION_MAX_BYTES;
    return source->bytes - freed + bytes <= REGISTRAR_CONNECTION_MAX_BYTES;
}

/* Into the lists of its user and of its connection. */
static void enter(struct registrar *registrar, struct entry *entry)
{
    struct user *user = add_user(registrar, ls_str_from(entry->binding.user));
    struct source *source = add_source(registrar, entry->binding.connection_id);

    entry->user = user;
    entry->source = source;
    DL_PREPEND2(user->entries, entry, prev_of_user, next_of_user);
    user->count++;
    DL_PREPEND2(source->entries, entry, prev_of_source, next_of_source);
    source->count++;
    source->bytes += entry->bytes;
    registrar->bytes += entry->bytes;
    registrar->count++;
}

const struct binding *registrar_add(struct registrar *registrar,
                                    const struct binding *binding)
{
    struct entry *before = find_endpoint(registrar, binding);
    struct entry *entry;

    if (!has_room(registrar, binding, before))
        return NULL;
    if (before)
        remove_entry(registrar, before);
    entry = ls_alloc(sizeof(*entry));
    entry->binding = (struct binding){
        .user = ls_strdup(binding->user),
        .contact = ls_strdup(binding->contact),
        .epid = ls_strdup(binding->epid),
        .opaque = ls_strdup(binding->opaque),
        .connection_id = binding->connection_id,
        .expires_ms = binding->expires_ms,
    };
    entry->bytes = cost(binding);
    enter(registrar, entry);
    if (entry->user->count > REGISTRAR_ENDPOINTS_MAX) /* the oldest goes */
        remove_entry(registrar, entry->user->entries->prev_of_user);
    return &entry->binding;
}

const struct binding *registrar_find(struct registrar *registrar,
                                     struct ls_str user_uri, uint64_t now_ms)
{
    return registrar_find_next(registrar, user_uri, now_ms, 0);
}

const struct binding *registrar_find_next(struct registrar *registrar,
                                          struct ls_str user_uri,
                                          uint64_t now_ms, size_t index)
{
    struct user *user = find_user(registrar, user_uri);
    struct entry *entry;

    if (!user)
        return NULL;
    DL_FOREACH2(user->entries, entry, next_of_user)
        if (entry->binding.expires_ms > now_ms && index-- == 0)
            return &entry->binding;
    return NULL;
}

const struct binding *registrar_find_opaque(struct registrar *registrar,
                                            struct ls_str user,
                                            struct ls_str opaque,
                                            uint64_t now_ms)
{
    const struct binding *binding;

    for (size_t i = 0;
         (binding = registrar_find_next(registrar, user, now_ms, i)); i++)
        if (binding->opaque && ls_str_equal_text(opaque, binding->opaque))
            return binding;
    return NULL;
}

bool registrar_remove(struct registrar *registrar, struct ls_str user_uri)
{
    struct user *user = find_user(registrar, user_uri);

    if (!user)
        return false;
    remove_user(registrar, user);
    return true;
}

bool registrar_has_endpoint(const struct registrar *registrar,
                            const struct binding *binding)
{
    return find_endpoint(registrar, binding) != NULL;
}

bool registrar_remove_endpoint(struct registrar *registrar,
                               const struct binding *binding)
{
    struct entry *entry = find_endpoint(registrar, binding);

    if (entry)
        remove_entry(registrar, entry);
    return entry != NULL;
}

void registrar_remove_connection(struct registrar *registrar,
                                 uint64_t connection_id)
{
    struct source *source = find_source(registrar, connection_id);
    struct entry *next;

    if (!source)
        return;
    for (struct entry *entry = source->entries; entry; entry = next) {
        next = entry->next_of_source;
        remove_entry(registrar, entry);
    }
}

size_t registrar_count(const struct registrar *registrar)
{
    return registrar->count;
}
