/*
 * One pool and the rules its computers and applications follow.
 */
#include "lyncsim/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#define APPLICATION_PREFIX "urn:application:"
/* A domain name has at most 253 octets (RFC 1035 2.3.4); the product takes
 * other texts too, so this only keeps tables and traces in bounds. */
#define NAME_MAX_BYTES 1024

static const char *const role_texts[POOL_ROLE_COUNT] = {
#define X(name, text) [name] = (text),
    POOL_ROLE_LIST(X)
#undef X
};

static const char *const interface_texts[INTERFACE_COUNT] = {
    [INTERFACE_PRIMARY] = "primary",
    [INTERFACE_INTERNAL] = "internal",
    [INTERFACE_EXTERNAL] = "external",
    [INTERFACE_PSTN] = "pstn",
};

const char *pool_role_text(enum pool_role role)
{
    assert((size_t)role < LS_COUNT(role_texts));
    return role_texts[role];
}

const char *net_interface_text(enum net_interface interface)
{
    assert((size_t)interface < LS_COUNT(interface_texts));
    return interface_texts[interface];
}

struct pool *pool_new(struct ls_str fqdn)
{
    struct pool *pool = ls_alloc(sizeof *pool);

    pool->fqdn = ls_str_dup(fqdn);
    pool->version = 5;
    pool->treat_as_authenticated = true;
    pool->throttle_as_server = true;
    pool->requires_replication = true;
    return pool;
}

void pool_free(struct pool *pool)
{
    if (pool == NULL)
        return;
    for (size_t i = 0; i < pool->computer_count; i++)
        free(pool->computers[i]);
    for (size_t i = 0; i < pool->application_count; i++)
        free(pool->applications[i].id);
    free(pool->computers);
    free(pool->applications);
    free(pool->site);
    free(pool->registrar);
    free(pool->fqdn);
    free(pool);
}

struct pool *pool_copy(const struct pool *pool)
{
    struct pool *copy = ls_alloc(sizeof *copy);

    *copy = *pool;
    copy->fqdn = ls_strdup(pool->fqdn);
    copy->site = ls_strdup(pool->site);
    copy->registrar = ls_strdup(pool->registrar);
    copy->computer_capacity = pool->computer_count;
    copy->computers = ls_alloc_array(pool->computer_count, sizeof(char *));
    for (size_t i = 0; i < pool->computer_count; i++)
        copy->computers[i] = ls_strdup(pool->computers[i]);
    copy->application_capacity = pool->application_count;
    copy->applications =
        ls_alloc_array(pool->application_count, sizeof *copy->applications);
    for (size_t i = 0; i < pool->application_count; i++) {
        copy->applications[i] = pool->applications[i];
        copy->applications[i].id = ls_strdup(pool->applications[i].id);
    }
    return copy;
}

/* Index of the computer, or computer_count. */
static size_t computer_index(const struct pool *pool, struct ls_str fqdn)
{
    size_t i = 0;

    while (i < pool->computer_count &&
           !ls_str_equal_nocase(ls_str_from(pool->computers[i]), fqdn))
        i++;
    return i;
}

bool pool_has_computer(const struct pool *pool, struct ls_str fqdn)
{
    if (pool->computer_count == 0)
        return ls_str_equal_nocase(ls_str_from(pool->fqdn), fqdn);
    return computer_index(pool, fqdn) < pool->computer_count;
}

bool pool_is_own(const struct pool *pool)
{
    static const bool own[POOL_ROLE_COUNT] = {
        [POOL_FRONT_END] = true,
        [POOL_DIRECTOR] = true,
        [POOL_MEDIATION] = true,
        [POOL_EDGE] = true,
    };

    return own[pool->role];
}

static char *escaped(struct ls_str text)
{
    struct ls_buf buf = {0};

    ls_buf_add_escaped(&buf, text);
    return ls_buf_take(&buf);
}

/* The sentence about one name, which is freed. */
static char *refusal(const char *format_before, char *name,
                     const char *format_after)
{
    char *sentence = ls_strf("%s\"%s\"%s", format_before, name, format_after);

    free(name);
    return sentence;
}

/* http://a.b/, sip:a@b.c and a.b:5061, of which no certificate speaks. An IPv6
 * address has more colons than one. */
static bool is_more_than_a_name(struct ls_str fqdn)
{
    size_t colon = ls_str_find(fqdn, ':');
    struct ls_str rest =
        colon < fqdn.length ? ls_str_skip(fqdn, colon + 1) : fqdn;

    return ls_str_find(fqdn, '/') < fqdn.length ||
           ls_str_find(fqdn, '@') < fqdn.length ||
           (colon < fqdn.length && ls_str_find(rest, ':') == rest.length);
}

char *pool_refuse_name(struct ls_str fqdn)
{
    if (ls_str_is_empty(fqdn))
        return ls_strdup("A server needs a name.");
    if (fqdn.length > NAME_MAX_BYTES)
        return ls_strf("A name of %zu bytes is too long: %d at most.",
                       fqdn.length, NAME_MAX_BYTES);
    for (size_t i = 0; i < fqdn.length; i++) {
        unsigned char byte = (unsigned char)fqdn.at[i];

        if (byte <= ' ' || byte == 0x7f)
            return refusal("", escaped(fqdn),
                           " is no name: it holds a blank or control byte.");
    }
    if (!ls_str_is_utf8(fqdn))
        return refusal("", escaped(fqdn), " is no name: it is not UTF-8.");
    if (is_more_than_a_name(fqdn))
        return refusal("", escaped(fqdn),
                       " is no name: the host alone is one, without a scheme, "
                       "a port or a path.");
    return NULL;
}

char *pool_add_computer(struct pool *pool, struct ls_str fqdn)
{
    char *why = pool_refuse_name(fqdn);
    bool is_pool_name = ls_str_equal_nocase(ls_str_from(pool->fqdn), fqdn);

    if (why != NULL)
        return why;
    if (pool->computer_count == POOL_MEMBERS_MAX)
        return ls_strf("The pool \"%s\" has %d computers, which is the limit.",
                       pool->fqdn, POOL_MEMBERS_MAX);
    if (computer_index(pool, fqdn) < pool->computer_count)
        return ls_strf("The pool \"%s\" has the computer \"%.*s\" already.",
                       pool->fqdn, LS_STR_ARG(fqdn));
    if (is_pool_name)
        return ls_strf("A computer of the multiple-computer pool \"%s\" cannot "
                       "have the pool's own FQDN.",
                       pool->fqdn);
    LS_GROW(pool->computers, pool->computer_count, pool->computer_capacity);
    pool->computers[pool->computer_count++] = ls_str_dup(fqdn);
    return NULL;
}

char *pool_remove_computer(struct pool *pool, struct ls_str fqdn)
{
    size_t i = computer_index(pool, fqdn);

    if (!pool_has_computer(pool, fqdn))
        return ls_strf("The pool \"%s\" has no computer \"%.*s\".", pool->fqdn,
                       LS_STR_ARG(fqdn));
    if (pool->computer_count <= 1)
        return ls_strf("\"%.*s\" is the only computer of the pool \"%s\": "
                       "remove the pool instead.",
                       LS_STR_ARG(fqdn), pool->fqdn);
    free(pool->computers[i]);
    memmove(&pool->computers[i], &pool->computers[i + 1],
            (pool->computer_count - i - 1) * sizeof(char *));
    pool->computer_count--;
    return NULL;
}

/* The id with its prefix, owned by the caller (New-CsTrustedApplication adds
 * it by itself). */
static char *full_id(struct ls_str id)
{
    struct ls_str prefix = LS_STR(APPLICATION_PREFIX);

    if (id.length >= prefix.length &&
        ls_str_equal_nocase(ls_str_first(id, prefix.length), prefix))
        return ls_str_dup(id);
    return ls_strf(APPLICATION_PREFIX "%.*s", LS_STR_ARG(id));
}

static size_t application_index(const struct pool *pool, const char *id)
{
    size_t i = 0;

    while (i < pool->application_count &&
           !ls_str_equal_nocase(ls_str_from(pool->applications[i].id),
                                ls_str_from(id)))
        i++;
    return i;
}

static char *refuse_application(const struct pool *pool, const char *id,
                                uint16_t port)
{
    struct ls_str name =
        ls_str_skip(ls_str_from(id), strlen(APPLICATION_PREFIX));
    char *why = pool_refuse_name(name);

    if (why != NULL) {
        free(why);
        return ls_strdup("An application id is a word without blanks.");
    }
    if (port == 0)
        return ls_strf("The application \"%s\" needs a port from 1 to 65535.",
                       id);
    if (pool->application_count == POOL_MEMBERS_MAX)
        return ls_strf(
            "The pool \"%s\" has %d applications, which is the limit.",
            pool->fqdn, POOL_MEMBERS_MAX);
    if (application_index(pool, id) < pool->application_count)
        return ls_strf("The pool \"%s\" has the application \"%s\" already.",
                       pool->fqdn, id);
    for (size_t i = 0; i < pool->application_count; i++)
        if (pool->applications[i].port == port)
            return ls_strf("Port %u is taken by \"%s\": the port of an "
                           "application is unique in its pool.",
                           port, pool->applications[i].id);
    return NULL;
}

char *pool_add_application(struct pool *pool, struct ls_str id, uint16_t port)
{
    char *full = full_id(id);
    char *why = refuse_application(pool, full, port);

    if (why != NULL) {
        free(full);
        return why;
    }
    LS_GROW(pool->applications, pool->application_count,
            pool->application_capacity);
    pool->applications[pool->application_count++] =
        (struct trusted_application){.id = full, .port = port};
    return NULL;
}

char *pool_remove_application(struct pool *pool, struct ls_str id)
{
    char *full = full_id(id);
    size_t i = application_index(pool, full);

    if (i == pool->application_count) {
        char *name = escaped(ls_str_from(full));

        free(full);
        return refusal("There is no application ", name, " in that pool.");
    }
    free(full);
    free(pool->applications[i].id);
    memmove(&pool->applications[i], &pool->applications[i + 1],
            (pool->application_count - i - 1) * sizeof *pool->applications);
    pool->application_count--;
    return NULL;
}
