/*
 * The search by what names have in common finds what a comparison with the
 * whole table finds: for tables and certificates made of few labels, so that
 * all relations come up, many times over.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/identity_rule.h"

#include "support/trust_lab.h"

#define ROUNDS 2000

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 33) % below;
}

/* Of some tables all hosts or all domains are alike, so that there are more
 * near misses of each kind than can be shown. */
struct variety {
    uint64_t hosts, domains;
};

static void add_name(struct ls_buf *text, uint64_t *state,
                     const struct variety *variety)
{
    static const char *const hosts[] = {
        "frontend",
        "a",
        "contoso",
        "fronted",
        "frnotend",
        "FrontEnd",
        "frontend1",
        "10",
        "co",
        "*",
        "b\303\274cher",
        "xn--bcher-kva",
        "a--b",
        "B\303\234CHER",
        "\xef\xbd\x86rontend",
    };
    static const char *const domains[] = {
        ".contoso.com",
        "",
        ".a.contoso.com",
        ".contoso.local",
        ".CONTOSO.com",
        ".contso.com",
        ".com",
        ".co.uk",
        ".github.io",
        ".b.a.contoso.com",
        ".c.a.contoso.local",
        ".contoso.com.",
        ".0.0.1",
        ".b\303\274cher.de",
        ".xn--bcher-kva.de",
        ".contoso.co.uk",
    };
    uint64_t host = draw(state, variety->hosts);
    uint64_t domain = draw(state, variety->domains);

    ls_buf_add_text(text, hosts[host % LS_COUNT(hosts)]);
    /* Another of the same host or domain. */
    if (host >= LS_COUNT(hosts))
        ls_buf_add_decimal(text, host);
    if (domain >= LS_COUNT(domains))
        ls_buf_printf(text, ".x%u", (unsigned)domain);
    ls_buf_add_text(text, domains[domain % LS_COUNT(domains)]);
}

static struct variety draw_variety(uint64_t *state)
{
    static const uint64_t counts[] = {2, 4, 16, 64};

    return (struct variety){counts[draw(state, LS_COUNT(counts))],
                            counts[draw(state, LS_COUNT(counts))]};
}

/* A server is added as often as the topology lets it. */
static struct known_servers *draw_table(uint64_t *state,
                                        const struct variety *variety)
{
    struct topology *topology = topology_new();
    size_t count = draw(state, 120);
    struct known_servers *table;

    for (size_t i = 0; i < count; i++) {
        struct ls_buf name = {0};
        struct ls_buf computer = {0};
        struct pool *pool;
        char *fault;

        add_name(&name, state, variety);
        add_name(&computer, state, variety);
        pool = pool_new(ls_buf_str(&name));
        if (draw(state, 2) == 0)
            free(pool_add_computer(pool, ls_buf_str(&computer)));
        if (draw(state, 9) == 0)
            pool->interface = INTERFACE_EXTERNAL;
        fault = topology_add(topology, pool);
        free(fault);
        ls_buf_clear(&computer);
        ls_buf_clear(&name);
    }
    table = known_servers_new(topology);
    topology_free(topology);
    return table;
}

static struct certificate_facts *draw_certificate(uint64_t *state,
                                                  const struct variety *variety)
{
    static const char *const kinds[] = {"dns=", "cn=", "dns=*."};
    size_t count = 1 + draw(state, draw(state, 8) == 0 ? 40 : 4);
    struct ls_buf names = {0};
    struct certificate_facts *facts;

    for (size_t i = 0; i < count; i++) {
        ls_buf_add_text(&names, i == 0 ? " cn=" : " ");
        if (i > 0)
            ls_buf_add_text(&names, kinds[draw(state, LS_COUNT(kinds))]);
        add_name(&names, state, variety);
    }
    facts = trust_lab_facts(ls_buf_str(&names).at);
    ls_buf_clear(&names);
    return facts;
}

static void expect_same(const struct trust_policy *policy,
                        const struct certificate_facts *facts, unsigned round)
{
    size_t count, slow_count;
    struct near_miss *misses = near_miss_find(policy, facts, &count);
    struct near_miss *slow = near_miss_find_slowly(policy, facts, &slow_count);

    cr_expect_eq(count, slow_count, "round %u: %zu instead of %zu", round,
                 count, slow_count);
    for (size_t i = 0; i < count && i < slow_count; i++) {
        cr_expect_eq(misses[i].kind, slow[i].kind, "round %u, %zu: %s", round,
                     i, slow[i].name);
        cr_expect_str_eq(misses[i].name, slow[i].name, "round %u", round);
        cr_expect_str_eq(misses[i].pool, slow[i].pool, "round %u", round);
        cr_expect_str_eq(misses[i].why, slow[i].why, "round %u", round);
    }
    for (size_t i = 0; i < count; i++)
        near_miss_clear(&misses[i]);
    for (size_t i = 0; i < slow_count; i++)
        near_miss_clear(&slow[i]);
    free(misses);
    free(slow);
}

Test(near_miss_search, finds_what_the_whole_table_has)
{
    static const char *const rules[] = {"cn-then-san", "cn-only", "any-name"};
    uint64_t state = 20100727;

    for (unsigned round = 0; round < ROUNDS; round++) {
        struct variety variety = draw_variety(&state);
        struct known_servers *table = draw_table(&state, &variety);
        struct certificate_facts *facts = draw_certificate(&state, &variety);
        const struct identity_rule *rule = identity_rule_find(
            ls_str_from(rules[draw(&state, LS_COUNT(rules))]));
        struct trust_policy policy = {
            .rule = rule ? rule : identity_rule_default(),
            .known = table,
            .names = draw(&state, 3) == 0 ? NAMES_SENSITIVE : NAMES_INSENSITIVE,
        };

        expect_same(&policy, facts, round);
        trust_lab_free_facts(facts);
        known_servers_free(table);
    }
}

static struct known_servers *table_of_one_host(unsigned count)
{
    struct topology *topology = topology_new();
    struct known_servers *table;

    for (unsigned i = 0; i < count; i++) {
        char *name = ls_strf("owapool.site%u.contoso.com", i);

        free(topology_add(topology, pool_new(ls_str_from(name))));
        free(name);
    }
    table = known_servers_new(topology);
    topology_free(topology);
    return table;
}

/* The peer waits meanwhile, and so do all others. */
Test(near_miss_search, takes_no_longer_for_hostile_names, .timeout = 20)
{
    struct known_servers *table = table_of_one_host(20000);
    struct trust_policy policy = {.rule = identity_rule_default(),
                                  .known = table};
    size_t long_length = 12000;

    for (int is_long = 0; is_long <= 1; is_long++) {
        struct ls_buf names = {0};
        struct certificate_facts *facts;
        size_t count;

        for (unsigned i = 0; i < 8; i++) {
            ls_buf_printf(&names, " dns=owapool.xn--mnchen-3ya.z%u.", i);
            while (is_long && names.length < (i + 1) * long_length)
                ls_buf_add_text(&names, "a.");
            ls_buf_add_text(&names, "contoso.local");
        }
        facts = trust_lab_facts(ls_buf_str(&names).at);
        struct near_miss *misses = near_miss_find(&policy, facts, &count);
        cr_expect_eq(count, is_long ? 0u : NEAR_MISSES_MAX, "%zu", count);
        for (size_t i = 0; i < count; i++) {
            cr_expect_eq(misses[i].kind, NEAR_OTHER_SUFFIX);
            near_miss_clear(&misses[i]);
        }
        free(misses);
        trust_lab_free_facts(facts);
        ls_buf_clear(&names);
    }
    known_servers_free(table);
}
