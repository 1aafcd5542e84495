/*
 * The rules of trust a second time, written plainly and on their own, to hold
 * the rule engine against. Uses nothing of the project.
 */
#ifndef LYNCSIM_TESTS_TRUST_MODEL_H
#define LYNCSIM_TESTS_TRUST_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#define MODEL_NAMES_MAX 4
#define MODEL_POOLS_MAX 4

struct model_certificate {
    const char *cns[MODEL_NAMES_MAX];
    size_t cn_count;
    const char *sans[MODEL_NAMES_MAX];
    size_t san_count;
    bool is_foreign;
    bool is_expired;
    bool is_future;
    bool is_for_code;
};

struct model_pool {
    const char *fqdn;
    const char *computers[MODEL_NAMES_MAX];
    size_t computer_count;
    bool is_outbound_only;
    bool is_external;
};

struct model_table {
    struct model_pool pools[MODEL_POOLS_MAX];
    size_t pool_count;
    const char *autodiscovered[MODEL_NAMES_MAX];
    size_t autodiscovered_count;
    const char *rule;
    bool is_sensitive;
    bool last_cn_speaks;
};

struct model_answer {
    const char *reason; /* NULL: accepted */
    const char *name;   /* looked up, or NULL */
};

struct model_answer trust_model_judge(const struct model_certificate *peer,
                                      const struct model_table *table);

#endif
