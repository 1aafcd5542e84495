/*
 * The identity rules as data.
 */
#include "lyncsim/identity_rule.h"

const struct identity_rule identity_rules[IDENTITY_RULE_COUNT] = {
#define X(id, name, choice, candidates, source, standing)                      \
    [id] = {name, choice, candidates, source, standing},
    IDENTITY_RULE_LIST(X)
#undef X
};

const struct identity_rule *identity_rule_find(struct ls_str name)
{
    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++)
        if (ls_str_equal_text(name, identity_rules[i].name))
            return &identity_rules[i];
    return NULL;
}

const struct identity_rule *identity_rule_default(void)
{
    return &identity_rules[IDENTITY_LYNC_2010];
}
