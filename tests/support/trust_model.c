#include "support/trust_model.h"

#include <string.h>
#include <strings.h>

static bool is_one_of(const char *rule, const char *a, const char *b,
                      const char *c)
{
    return strcmp(rule, a) == 0 || strcmp(rule, b) == 0 || strcmp(rule, c) == 0;
}

static size_t list_names(const struct model_certificate *peer,
                         const struct model_table *table, const char **names)
{
    const char *rule = table->rule;
    const char *cn = NULL;
    size_t count = 0;

    if (peer->cn_count > 0)
        cn = peer->cns[table->last_cn_speaks ? peer->cn_count - 1 : 0];
    if (strcmp(rule, "any-name") == 0)
        for (size_t i = 0; i < peer->cn_count; i++)
            names[count++] = peer->cns[i];
    else if (cn != NULL && strcmp(rule, "rfc5922") != 0)
        names[count++] = cn;
    if (strcmp(rule, "cn-only") == 0 ||
        (is_one_of(rule, "lync-2010", "lync-2013", "sfb-2015") && cn != NULL))
        return count;
    for (size_t i = 0; i < peer->san_count; i++)
        names[count++] = peer->sans[i];
    if (count == 0 && cn != NULL)
        names[count++] = cn;
    return count;
}

/* What the table has under a name; the best one of them. */
struct found {
    bool is_there;
    int rank; /* pool 0, computer 1, autodiscovered 2 */
    bool is_outbound_only;
    bool is_external;
};

static void offer(struct found *found, const struct model_table *table,
                  const char *name, const char *entry, struct found offered)
{
    if ((table->is_sensitive ? strcmp(name, entry) : strcasecmp(name, entry)) !=
        0)
        return;
    if (!found->is_there || offered.rank < found->rank)
        *found = offered;
}

static struct found find(const struct model_table *table, const char *name)
{
    struct found found = {0};

    for (size_t i = 0; i < table->pool_count; i++) {
        const struct model_pool *pool = &table->pools[i];
        struct found offered = {true, 0, pool->is_outbound_only,
                                pool->is_external};

        offer(&found, table, name, pool->fqdn, offered);
        offered.rank = 1;
        for (size_t j = 0; j < pool->computer_count; j++)
            offer(&found, table, name, pool->computers[j], offered);
    }
    for (size_t i = 0; i < table->autodiscovered_count; i++)
        offer(&found, table, name, table->autodiscovered[i],
              (struct found){true, 2, false, false});
    return found;
}

static bool is_twice(const struct model_table *table, const char *name)
{
    bool made = false;
    bool discovered = false;

    for (size_t i = 0; i < table->pool_count; i++) {
        made |= strcasecmp(table->pools[i].fqdn, name) == 0;
        for (size_t j = 0; j < table->pools[i].computer_count; j++)
            made |= strcasecmp(table->pools[i].computers[j], name) == 0;
    }
    for (size_t i = 0; i < table->autodiscovered_count; i++)
        discovered |= strcasecmp(table->autodiscovered[i], name) == 0;
    return made && discovered;
}

static const char *judge_found(const struct model_table *table,
                               const char *name, struct found found)
{
    if (is_twice(table, name))
        return "duplicate-server";
    if (found.is_external)
        return "wrong-interface";
    return found.is_outbound_only ? "outbound-only" : NULL;
}

static const char *judge_chain(const struct model_certificate *peer)
{
    if (peer->is_foreign)
        return "untrusted-root";
    if (peer->is_expired)
        return "expired";
    if (peer->is_future)
        return "not-yet-valid";
    return peer->is_for_code ? "wrong-usage" : NULL;
}

struct model_answer trust_model_judge(const struct model_certificate *peer,
                                      const struct model_table *table)
{
    const char *names[2 * MODEL_NAMES_MAX + 1];
    size_t count = list_names(peer, table, names);
    struct model_answer answer = {.reason = judge_chain(peer)};
    const char *reason = "no-name";

    if (count > 0) {
        answer.name = names[0];
        reason = strchr(names[0], '*') ? "wildcard-name" : "unknown-server";
    }
    for (size_t i = 0; i < count; i++) {
        struct found found = find(table, names[i]);

        if (!found.is_there || strchr(names[i], '*') != NULL)
            continue;
        answer.name = names[i];
        reason = judge_found(table, names[i], found);
        break;
    }
    if (answer.reason == NULL)
        answer.reason = reason;
    return answer;
}
