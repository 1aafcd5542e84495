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

/* id, name, which candidates it yields, these in words, where it is known
 * from, how sure that is. */
/* clang-format off */
#define IDENTITY_RULE_LIST(X)                                                  \
    X(IDENTITY_LYNC_2010, "lync-2010", RULE_CN_ELSE_SAN,                       \
      "the subject CN; dNSNames only where there is no CN",                    \
      "the refusal traced in the article (2011-12-22); for certificates "      \
      "without a CN the UCMA documentation (connection manager)",              \
      "evidenced; the part about dNSNames is assumed")                         \
    X(IDENTITY_LYNC_2013, "lync-2013", RULE_CN_ELSE_SAN,                       \
      "the subject CN; dNSNames only where there is no CN",                    \
      "as lync-2010; the documents of the release contradict each other",      \
      "assumed")                                                               \
    X(IDENTITY_SFB_2015, "sfb-2015", RULE_CN_ELSE_SAN,                         \
      "the subject CN; dNSNames only where there is no CN",                    \
      "as lync-2010; the documents of the release contradict each other",      \
      "assumed")                                                               \
    X(IDENTITY_CN_ONLY, "cn-only", RULE_CN_ONLY,                               \
      "the subject CN",                                                        \
      "the article's own conclusion: the subject name is what counts",         \
      "the strictest reading")                                                 \
    X(IDENTITY_CN_THEN_SAN, "cn-then-san", RULE_CN_THEN_SAN,                   \
      "the subject CN, then each dNSName",                                     \
      "Lync Server 2013: the pool name is \"the Exchange OWA certificate SN, " \
      "or the SAN\"",                                                          \
      "one reading of the documents")                                          \
    X(IDENTITY_ANY_NAME, "any-name", RULE_ANY_NAME,                            \
      "every CN and every dNSName",                                            \
      "UCMA: \"the subject or subject alternate names\"",                      \
      "the widest reading")                                                    \
    X(IDENTITY_RFC5922, "rfc5922", RULE_RFC5922,                               \
      "SAN URIs sip:, else dNSNames, the CN only where there is neither",      \
      "RFC 5922 7.1", "a standard; not what Lync does")

enum identity_rule_id {
#define X(id, name, choice, candidates, source, standing) id,
    IDENTITY_RULE_LIST(X)
#undef X
    IDENTITY_RULE_COUNT
};
/* clang-format on */

extern const struct identity_rule identity_rules[IDENTITY_RULE_COUNT];

/* NULL when there is none of that name. The default is lync-2010. */
const struct identity_rule *identity_rule_find(struct ls_str name);
const struct identity_rule *identity_rule_default(void);

#endif
