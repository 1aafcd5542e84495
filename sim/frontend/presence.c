#include "lyncsim/presence.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/hash.h"
#include "lyncsim/timestamp.h"

/* Of the containers of [MS-PRES], the one that colleagues see. Whom a user
 * has put elsewhere is not known here: assumed. */
#define CONTAINER_COLLEAGUES 200u
/* Nobody but the user sees it. */
#define CONTAINER_SELF 1u

struct category {
    char *name;
    uint32_t instance;
    uint32_t container;
    uint32_t version;
    char *expire_type;
    char *content;
    uint64_t connection_id;
    uint64_t published_ms;
    struct presentity *user;
    struct source *source; /* NULL: it stays, and its connection has ended */
    struct category *prev, *next;
    struct category *prev_of_source, *next_of_source;
};

/* A connection that something was published over. */
struct source {
    uint64_t connection_id;
    struct category *categories;
    size_t bytes;
    UT_hash_handle hh;
};

struct presentity {
    char *aor;
    struct category *categories;
    size_t count;
    size_t bytes;
    UT_hash_handle hh;
};

struct presence {
    struct presentity *users;
    struct source *sources;
    size_t bytes;
};

struct presence *presence_new(void)
{
    return ls_alloc(sizeof(struct presence));
}

static size_t cost(const struct category *category)
{
    return sizeof(*category) + strlen(category->content);
}

static struct source *find_source(const struct presence *presence,
                                  uint64_t connection_id)
{
    struct source *source;

    HASH_FIND(hh, presence->sources, &connection_id, sizeof(connection_id),
              source);
    return source;
}

static void enter_source(struct presence *presence, struct category *category)
{
    uint64_t connection_id = category->connection_id;
    struct source *source = find_source(presence, connection_id);

    if (!source) {
        source = ls_alloc(sizeof(*source));
        source->connection_id = connection_id;
        HASH_ADD(hh, presence->sources, connection_id, sizeof(connection_id),
                 source);
    }
    category->source = source;
    DL_APPEND2(source->categories, category, prev_of_source, next_of_source);
    source->bytes += cost(category);
}

static void leave_source(struct presence *presence, struct category *category)
{
    struct source *source = category->source;

    if (!source)
        return;
    category->source = NULL;
    DL_DELETE2(source->categories, category, prev_of_source, next_of_source);
    source->bytes -= cost(category);
    if (!source->categories) {
        HASH_DEL(presence->sources, source);
        free(source);
    }
}

static void remove_category(struct presence *presence, struct presentity *user,
                            struct category *category)
{
    presence->bytes -= cost(category);
    user->bytes -= cost(category);
    leave_source(presence, category);
    DL_DELETE(user->categories, category);
    user->count--;
    free(category->name);
    free(category->expire_type);
    free(category->content);
    free(category);
}

static void remove_user(struct presence *presence, struct presentity *user)
{
    while (user->categories)
        remove_category(presence, user, user->categories);
    HASH_DEL(presence->users, user);
    free(user->aor);
    free(user);
}

static void forget_if_empty(struct presence *presence, struct presentity *user)
{
    if (user && user->count == 0)
        remove_user(presence, user);
}

void presence_free(struct presence *presence)
{
    if (!presence)
        return;
    while (presence->users)
        remove_user(presence, presence->users);
    free(presence);
}

static struct presentity *find_user(const struct presence *presence,
                                    struct ls_str aor)
{
    struct presentity *user;

    HASH_FIND(hh, presence->users, aor.at, aor.length, user);
    return user;
}

static struct category *find_category(const struct presentity *user,
                                      const struct publication *publication)
{
    struct category *category = NULL;

    if (user)
        DL_FOREACH(user->categories, category)
            if (category->instance == publication->instance &&
                category->container == publication->container &&
                ls_str_equal_text(publication->name, category->name))
                break;
    return category;
}

static void add_category(struct presence *presence, struct presentity *user,
                         const struct publication *publication,
                         uint64_t connection_id, uint64_t now_ms)
{
    struct category *category = ls_alloc(sizeof(*category));

    category->name = ls_str_dup(publication->name);
    category->instance = publication->instance;
    category->container = publication->container;
    category->version = publication->version + 1;
    category->expire_type = ls_str_dup(publication->expire_type);
    category->content = ls_str_dup(publication->content);
    category->connection_id = connection_id;
    category->published_ms = now_ms;
    category->user = user;
    DL_APPEND(user->categories, category);
    user->count++;
    enter_source(presence, category);
    presence->bytes += cost(category);
    user->bytes += cost(category);
}

static struct presentity *add_user(struct presence *presence, struct ls_str aor)
{
    struct presentity *user = find_user(presence, aor);

    if (!user) {
        user = ls_alloc(sizeof(*user));
        user->aor = ls_str_dup(aor);
        HASH_ADD_KEYPTR(hh, presence->users, user->aor, aor.length, user);
    }
    return user;
}

uint32_t presence_version(const struct presence *presence, struct ls_str aor,
                          const struct publication *publication)
{
    const struct category *category =
        find_category(find_user(presence, aor), publication);

    return category ? category->version : 0;
}

/* For publication over a connection, in the place of category where that is
 * not NULL. */
static bool has_room(const struct presence *presence,
                     const struct category *category,
                     const struct publication *publication,
                     const struct presentity *user, uint64_t connection_id)
{
    const struct source *source = find_source(presence, connection_id);
    size_t freed = category ? cost(category) : 0;
    size_t added = sizeof(*category) + publication->content.length;
    size_t of_user = user ? user->bytes : 0;
    size_t of_source = source ? source->bytes : 0;

    if (!category && user && user->count == PRESENCE_CATEGORIES_MAX)
        return false;
    if (category && category->source == source)
        of_source -= freed;
    return presence->bytes - freed + added <= PRESENCE_MAX_BYTES &&
           of_user - freed + added <= PRESENCE_USER_MAX_BYTES &&
           of_source + added <= PRESENCE_CONNECTION_MAX_BYTES;
}

enum presence_outcome presence_publish(struct presence *presence,
                                       struct ls_str aor,
                                       uint64_t connection_id,
                                       const struct publication *publication,
                                       uint64_t now_ms, uint32_t *version)
{
    struct presentity *user = find_user(presence, aor);
    struct category *category = find_category(user, publication);

    *version = category ? category->version : 0;
    if (publication->version != *version)
        return PRESENCE_WRONG_VERSION;
    if (!publication->is_withdrawn &&
        !has_room(presence, category, publication, user, connection_id))
        return PRESENCE_FULL;
    if (category)
        remove_category(presence, user, category);
    if (publication->is_withdrawn) {
        forget_if_empty(presence, user);
        return PRESENCE_PUBLISHED;
    }
    add_category(presence, add_user(presence, aor), publication, connection_id,
                 now_ms);
    *version = publication->version + 1;
    return PRESENCE_PUBLISHED;
}

static void add_element(struct ls_buf *out, const struct category *category,
                        bool is_own)
{
    ls_buf_printf(out, "<category name=\"%s\" instance=\"%u\" publishTime=\"",
                  category->name, category->instance);
    timestamp_format(out, (int64_t)category->published_ms);
    ls_buf_add_text(out, "\"");
    if (is_own)
        ls_buf_printf(out, " container=\"%u\" version=\"%u\" expireType=\"%s\"",
                      category->container, category->version,
                      category->expire_type);
    ls_buf_printf(out, ">%s</category>", category->content);
}

void presence_add_own(struct ls_buf *out, const struct presence *presence,
                      struct ls_str aor)
{
    const struct presentity *user = find_user(presence, aor);
    const struct category *category;

    if (user)
        DL_FOREACH(user->categories, category)
            add_element(out, category, true);
}

static bool is_visible(const struct category *category)
{
    return category->container <= CONTAINER_COLLEAGUES &&
           category->container != CONTAINER_SELF;
}

/* Of one thing said to several containers a watcher hears the one that is
 * closest to him. */
static bool is_outdone(const struct presentity *user,
                       const struct category *category)
{
    const struct category *other;

    DL_FOREACH(user->categories, other)
        if (is_visible(other) && other->container > category->container &&
            other->instance == category->instance &&
            strcmp(other->name, category->name) == 0)
            return true;
    return false;
}

void presence_add_seen(struct ls_buf *out, const struct presence *presence,
                       struct ls_str aor)
{
    const struct presentity *user = find_user(presence, aor);
    const struct category *category;

    if (user)
        DL_FOREACH(user->categories, category)
            if (is_visible(category) && !is_outdone(user, category))
                add_element(out, category, false);
}

static bool is_static(const struct category *category)
{
    return strcmp(category->expire_type, "static") == 0;
}

static bool withdraw(struct presence *presence, struct presentity *user,
                     uint64_t connection_id)
{
    struct category *category;
    struct category *next;
    bool has_any = false;

    DL_FOREACH_SAFE(user->categories, category, next)
        if (category->connection_id == connection_id && !is_static(category)) {
            remove_category(presence, user, category);
            has_any = true;
        }
    return has_any;
}

bool presence_withdraw_user(struct presence *presence, struct ls_str aor,
                            uint64_t connection_id)
{
    struct presentity *user = find_user(presence, aor);
    bool has_any = user && withdraw(presence, user, connection_id);

    forget_if_empty(presence, user);
    return has_any;
}

void presence_withdraw(struct presence *presence, uint64_t connection_id,
                       struct ls_buf *users)
{
    struct source *source;

    while ((source = find_source(presence, connection_id))) {
        struct category *category = source->categories;
        struct presentity *user = category->user;

        if (is_static(category)) {
            leave_source(presence, category);
            continue;
        }
        withdraw(presence, user, connection_id);
        ls_buf_printf(users, "%s\n", user->aor);
        forget_if_empty(presence, user);
    }
}

size_t presence_user_count(const struct presence *presence)
{
    return HASH_COUNT(presence->users);
}
