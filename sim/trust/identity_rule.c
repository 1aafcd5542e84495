/*
 * The identity rules as data.
 */
#include "lyncsim/identity_rule.h"

const struct identity_rule identity_rules[IDENTITY_RULE_COUNT] = {
    {"lync-2010", RULE_CN_ELSE_SAN,
     "the subject CN; dNSNames only where there is no CN",
     "the refusal traced in the article (2011-12-22); for certificates without "
     "a CN the UCMA documentation (connection manager)",
     "evidenced; the part about dNSNames is assumed"},
    {"lync-2013", RULE_CN_ELSE_SAN,
     "the subject CN; dNSNames only where there is no CN",
     "as lync-2010; the documents of the release contradict each other",
     "assumed"},
    {"sfb-2015", RULE_CN_ELSE_SAN,
     "the subject CN; dNSNames only where there is no CN",
     "as lync-2010; the documents of the release contradict each other",
     "assumed"},
    {"cn-only", RULE_CN_ONLY, "the subject CN",
     "the article's own conclusion: the subject name is what counts",
     "the strictest reading"},
    {"cn-then-san", RULE_CN_THEN_SAN, "the subject CN, then each dNSName",
     "Lync Server 2013: the pool name is \"the Exchange OWA certificate SN, or "
     "the SAN\"",
     "one reading of the documents"},
    {"any-name", RULE_ANY_NAME, "every CN and every dNSName",
     "UCMA: \"the subject or subject alternate names\"", "the widest reading"},
    {"rfc5922", RULE_RFC5922,
     "SAN URIs sip:, else dNSNames, the CN only where there is neither",
     "RFC 5922 7.1", "a standard; not what Lync does"},
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
    return &identity_rules[0];
}
