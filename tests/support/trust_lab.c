#include "support/trust_lab.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

static void add_name(struct certificate_facts *facts, struct ls_str word)
{
    static const struct {
        const char *prefix;
        enum name_source source;
    } sources[] = {
        {"cn=", NAME_SUBJECT_CN},
        {"dns=", NAME_SAN_DNS},
        {"uri=", NAME_SAN_URI},
        {"email=", NAME_SAN_EMAIL},
    };

    for (size_t i = 0; i < LS_COUNT(sources); i++) {
        struct certificate_name *name;

        if (!ls_str_starts_with(word, sources[i].prefix))
            continue;
        facts->names = ls_realloc_array(facts->names, facts->name_count + 1,
                                        sizeof *facts->names);
        name = &facts->names[facts->name_count++];
        word = ls_str_skip(word, strlen(sources[i].prefix));
        *name = (struct certificate_name){
            .source = sources[i].source,
            .fault = word.length == 0 ? NAME_EMPTY : NAME_SOUND,
            .text = ls_str_dup(word),
            .length = word.length,
        };
        return;
    }
    assert(!"a kind of name that the lab does not know");
}

struct certificate_facts *trust_lab_facts(const char *names)
{
    struct certificate_facts *facts = ls_alloc(sizeof *facts);
    struct ls_str rest = ls_str_from(names);
    struct ls_str word;

    facts->not_before_s = TRUST_LAB_NOW_S - 86400;
    facts->not_after_s = TRUST_LAB_NOW_S + 86400;
    facts->key_algorithm = KEY_RSA;
    facts->key_bits = 2048;
    facts->signature = ls_strdup("sha256WithRSAEncryption");
    facts->digest = ls_strdup("SHA256");
    facts->has_usage = true;
    facts->usage = USAGE_SERVER_AUTH | USAGE_CLIENT_AUTH;
    facts->usage_text = ls_strdup("serverAuth, clientAuth");
    while (ls_str_cut(&rest, ' ', &word))
        if (!ls_str_is_empty(word))
            add_name(facts, word);
    return facts;
}

void trust_lab_free_facts(struct certificate_facts *facts)
{
    if (facts == NULL)
        return;
    for (size_t i = 0; i < facts->name_count; i++)
        free(facts->names[i].text);
    free(facts->names);
    free(facts->signature);
    free(facts->digest);
    free(facts->usage_text);
    free(facts);
}

static void add_pool(struct topology *topology, struct ls_str word)
{
    size_t brace = ls_str_find(word, '{');
    struct ls_str computers = ls_str_skip(word, brace);
    struct ls_str computer;
    struct pool *pool;
    char mark = word.at[0];

    word = ls_str_first(word, brace);
    if (mark == '~') {
        assert(topology_add_autodiscovered(topology, ls_str_skip(word, 1)) ==
               NULL);
        return;
    }
    if (mark == '>' || mark == '@')
        word = ls_str_skip(word, 1);
    pool = pool_new(word);
    pool->outbound_only = mark == '>';
    pool->interface = mark == '@' ? INTERFACE_EXTERNAL : INTERFACE_PRIMARY;
    if (computers.length > 2)
        computers =
            ls_str_first(ls_str_skip(computers, 1), computers.length - 2);
    while (ls_str_cut(&computers, ',', &computer))
        assert(pool_add_computer(pool, computer) == NULL);
    assert(topology_add(topology, pool) == NULL);
}

struct topology *trust_lab_topology(const char *pools)
{
    struct topology *topology = topology_new();
    struct ls_str rest = ls_str_from(pools);
    struct ls_str word;

    while (ls_str_cut(&rest, ' ', &word))
        if (!ls_str_is_empty(word))
            add_pool(topology, word);
    return topology;
}

void trust_lab_open(struct trust_lab *lab, const char *names, const char *pools,
                    const char *draft)
{
    *lab = (struct trust_lab){
        .topology = trust_lab_topology(pools),
        .draft_topology = trust_lab_topology(draft == NULL ? pools : draft),
        .facts = names == NULL ? NULL : trust_lab_facts(names),
    };
    lab->known = known_servers_new(lab->topology);
    lab->draft = known_servers_new(lab->draft_topology);
    lab->removed = known_servers_merge(NULL, NULL, NULL);
    lab->policy = (struct trust_policy){
        .rule = identity_rule_default(),
        .known = lab->known,
        .draft = lab->draft,
        .removed = lab->removed,
        .topology = lab->draft_topology,
    };
    lab->evidence = (struct trust_evidence){
        .leaf = lab->facts,
        .tls_version = "TLSv1.2",
        .at_s = TRUST_LAB_NOW_S,
    };
    lab->verdict.reason = TRUST_NONE;
}

void trust_lab_decide(struct trust_lab *lab)
{
    trust_verdict_clear(&lab->verdict);
    trust_verdict_decide(&lab->verdict, &lab->policy, &lab->evidence);
}

void trust_lab_close(struct trust_lab *lab)
{
    trust_verdict_clear(&lab->verdict);
    trust_lab_free_facts(lab->facts);
    known_servers_free(lab->removed);
    known_servers_free(lab->draft);
    known_servers_free(lab->known);
    topology_free(lab->draft_topology);
    topology_free(lab->topology);
}
