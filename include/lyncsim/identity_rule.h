/*
 * Which names of a certificate may speak for the peer, in which order? The
 * rules as data, with where each comes from and how sure that is.
 */
#ifndef LYNCSIM_IDENTITY_RULE_H
#define LYNCSIM_IDENTITY_RULE_H

#include <stddef.h>

#include "lyncsim/str.h"

enum rule_choice { /* which candidates a rule yields */
                   RULE_CN_ELSE_SAN,
                   RULE_CN_ONLY,
                   RULE_CN_THEN_SAN,
                   RULE_ANY_NAME,
                   RULE_RFC5922,
};

struct identity_rule {
    const char *name; /* "lync-2010" */
    enum rule_choice choice;
    const char *candidates; /* in words */
    const char *source;
    const char *standing; /* "evidenced", "assumed", … in words */
};

#define IDENTITY_RULE_COUNT 7
extern const struct identity_rule identity_rules[IDENTITY_RULE_COUNT];

/* NULL when there is none of that name. The default is lync-2010. */
const struct identity_rule *identity_rule_find(struct ls_str name);
const struct identity_rule *identity_rule_default(void);

#endif
