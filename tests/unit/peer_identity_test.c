#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/peer_identity.h"

#include "support/trust_lab.h"

/* The candidates in one text, blank between them; owned by the caller. */
static char *candidates_of(const char *names, const char *rule,
                           enum cn_choice cn)
{
    struct certificate_facts *facts = trust_lab_facts(names);
    struct peer_candidates candidates;
    struct ls_buf out = {0};

    peer_identity_candidates(&candidates, facts,
                             identity_rule_find(ls_str_from(rule)), cn);
    for (size_t i = 0; i < candidates.count; i++) {
        if (i > 0)
            ls_buf_add_byte(&out, ' ');
        ls_buf_add(&out, candidates.items[i].text);
    }
    peer_candidates_clear(&candidates);
    trust_lab_free_facts(facts);
    return ls_buf_take(&out);
}

Test(peer_identity, takes_what_each_rule_takes)
{
    static const struct {
        const char *names;
        const char *rule;
        enum cn_choice cn;
        const char *candidates;
    } rows[] = {
        {"cn=a cn=b dns=c dns=d", "lync-2010", CN_FIRST, "a"},
        {"cn=a cn=b dns=c dns=d", "lync-2010", CN_LAST, "b"},
        {"dns=c dns=d", "lync-2010", CN_FIRST, "c d"},
        {"cn= dns=c", "lync-2013", CN_FIRST, "c"},
        {"cn= cn=b dns=c", "sfb-2015", CN_FIRST, "b"},
        {"cn=a dns=c", "cn-only", CN_FIRST, "a"},
        {"dns=c", "cn-only", CN_FIRST, ""},
        {"cn=a cn=b dns=c dns=d", "cn-then-san", CN_FIRST, "a c d"},
        {"cn=a cn=b dns=c dns=d", "any-name", CN_FIRST, "a b c d"},
        {"cn=a dns=c uri=sip:d", "rfc5922", CN_FIRST, "d"},
        {"cn=a dns=c uri=SIP:d;transport=tls", "rfc5922", CN_FIRST, "d"},
        {"cn=a dns=c uri=sip:d:5061", "rfc5922", CN_FIRST, "d"},
        {"cn=a dns=c uri=sip:[::1]:5061", "rfc5922", CN_FIRST, "[::1]:5061"},
        {"cn=a dns=c uri=sip:u@d", "rfc5922", CN_FIRST, "c"},
        {"cn=a dns=c uri=sips:d", "rfc5922", CN_FIRST, "c"},
        {"cn=a dns=c uri=sip:", "rfc5922", CN_FIRST, "c"},
        {"cn=a cn=b uri=http://d", "rfc5922", CN_LAST, "b"},
        {"", "any-name", CN_FIRST, ""},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *candidates =
            candidates_of(rows[i].names, rows[i].rule, rows[i].cn);

        cr_expect_str_eq(candidates, rows[i].candidates, "%s, %s: %s",
                         rows[i].names, rows[i].rule, candidates);
        free(candidates);
    }
}

Test(peer_identity, knows_what_cannot_be_looked_up)
{
    static const struct {
        enum name_fault fault;
        bool is_unusable;
    } rows[] = {
        {NAME_SOUND, false},
        {NAME_HAS_NUL, true},
        {NAME_UNDECODABLE, true},
        {NAME_HAS_CONTROL, false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(peer_identity_is_unusable(
                         &(struct certificate_name){.fault = rows[i].fault}),
                     rows[i].is_unusable);
}

Test(peer_identity, has_rules_that_say_where_they_come_from)
{
    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++) {
        const struct identity_rule *rule = &identity_rules[i];

        cr_expect_eq(identity_rule_find(ls_str_from(rule->name)), rule);
        cr_expect(rule->candidates[0] != '\0' && rule->source[0] != '\0' &&
                  rule->standing[0] != '\0');
    }
    cr_expect_str_eq(identity_rule_default()->name, "lync-2010");
    cr_expect_null(identity_rule_find(ls_str_from("lync-2011")));
    cr_expect_null(identity_rule_find(ls_str_from("")));
    cr_expect_str_eq(cn_choice_text(CN_LAST), "last");
}
