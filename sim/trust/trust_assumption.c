/*
 * What the contract and its sources mark as assumed rather than evidenced,
 * where it mattered to a verdict.
 */
#include <string.h>

#include "lyncsim/alloc.h"

#include "trust_judging.h"

static bool speaks(const struct judging *judging, enum name_source source)
{
    return judging->speaker != NULL && judging->speaker->name->source == source;
}

static bool is_another_release(const struct judging *judging)
{
    return strcmp(judging->policy->rule->standing, "assumed") == 0;
}

static bool is_san_for_cn(const struct judging *judging)
{
    return judging->policy->rule->choice == RULE_CN_ELSE_SAN &&
           speaks(judging, NAME_SAN_DNS);
}

static bool is_one_of_several(const struct judging *judging,
                              enum cn_choice choice)
{
    return judging->policy->cn == choice && speaks(judging, NAME_SUBJECT_CN) &&
           judging->policy->rule->choice != RULE_ANY_NAME &&
           peer_identity_cn_count(judging->evidence->leaf) > 1;
}

static bool is_first_of_several(const struct judging *judging)
{
    return is_one_of_several(judging, CN_FIRST);
}

static bool is_last_of_several(const struct judging *judging)
{
    return is_one_of_several(judging, CN_LAST);
}

static bool is_in_other_case(const struct judging *judging)
{
    return judging->entry != NULL && judging->speaker != NULL &&
           !ls_str_equal_text(judging->speaker->text, judging->entry->fqdn);
}

static bool is_for_servers_alone(const struct judging *judging)
{
    return judging->verdict->checks[TRUST_WRONG_USAGE].result == CHECK_WARN;
}

static bool is_tls_1_3(const struct judging *judging)
{
    return judging->evidence->tls_version != NULL &&
           strcmp(judging->evidence->tls_version, "TLSv1.3") == 0;
}

static bool is_on_another_interface(const struct judging *judging)
{
    return judging->verdict->reason == TRUST_WRONG_INTERFACE;
}

static bool is_outbound_only(const struct judging *judging)
{
    return judging->verdict->reason == TRUST_OUTBOUND_ONLY;
}

static bool is_literal_wildcard(const struct judging *judging)
{
    return judging->verdict->reason == TRUST_WILDCARD_NAME &&
           judging->speaker != NULL &&
           known_servers_find(judging->policy->known, judging->speaker->text,
                              judging->policy->names) != NULL;
}

static bool is_dialled(const struct judging *judging)
{
    return judging->evidence->target != NULL;
}

static const struct {
    bool (*applies)(const struct judging *judging);
    const char *sentence;
} assumptions[] = {
    {is_another_release,
     "This release looks the same name up as Lync 2010 does; its documents "
     "contradict each other."},
    {is_san_for_cn, "The dNSNames speak where there is no subject CN."},
    {is_first_of_several, "Of several CNs the first in encoded order speaks; "
                          "--cn last is the other reading."},
    {is_last_of_several, "Of several CNs the last in encoded order speaks; "
                         "--cn first is the other reading."},
    {is_in_other_case, "Names compare without regard to letter case; --names "
                       "sensitive is the other reading."},
    {is_for_servers_alone, "A certificate for server authentication alone is "
                           "accepted of a peer."},
    {is_tls_1_3, "A Front End of the period speaks TLS 1.2 at most; 1.3 is "
                 "synthetic."},
    {is_on_another_interface,
     "A server is known on the network interface of its pool alone."},
    {is_outbound_only,
     "OutboundOnly refuses connections that the application opens."},
    {is_dialled, "An application that is dialled may show the name in its "
                 "subject CN or in a dNSName, and no wildcard matches."},
    {is_literal_wildcard, "A wildcard does not match even where the table has "
                          "it letter by letter."},
};

void trust_assumption_list(const struct judging *judging)
{
    struct trust_verdict *verdict = judging->verdict;
    size_t count = 0;

    if (judging->evidence->transport != TRUST_TRANSPORT_SOUND ||
        judging->evidence->leaf == NULL)
        return;
    for (size_t i = 0; i < LS_COUNT(assumptions); i++)
        if (count < LS_COUNT(verdict->assumed) - 1 &&
            assumptions[i].applies(judging))
            verdict->assumed[count++] = assumptions[i].sentence;
}
