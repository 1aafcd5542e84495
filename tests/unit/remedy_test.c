#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/deployment.h"

#include "support/powershell.h"
#include "support/trust_lab.h"

#define ARTICLE_NAMES                                                          \
    "cn=deitterick.com dns=deitterick.com dns=mail.deitterick.com "            \
    "dns=LAB-EX2010.lab.deitterick.com"
#define ARTICLE_POOLS "mail.deitterick.com{LAB-EX2010.lab.deitterick.com}"

/* Judge the lab's certificate against another topology. */
static enum trust_outcome outcome_with(const struct trust_lab *lab,
                                       const struct topology *topology)
{
    struct known_servers *known = known_servers_new(topology);
    struct trust_policy policy = lab->policy;
    struct trust_verdict verdict;
    enum trust_outcome outcome;

    policy.known = known;
    policy.draft = NULL;
    policy.removed = NULL;
    policy.topology = topology;
    trust_verdict_decide(&verdict, &policy, &lab->evidence);
    outcome = verdict.outcome;
    trust_verdict_clear(&verdict);
    known_servers_free(known);
    return outcome;
}

static void expect_plan(const struct trust_lab *lab,
                        const struct remedy *remedy, const char *label)
{
    struct deployment *deployment =
        deployment_new(topology_copy(lab->draft_topology), true);
    size_t refused;
    char *why = deployment_apply(deployment, remedy->edits, remedy->edit_count,
                                 &refused);

    cr_expect_null(why, "%s, %s: %s", label, remedy->title, why);
    free(why);
    cr_expect_eq(outcome_with(lab, deployment_enabled_topology(deployment)),
                 TRUST_ACCEPTED, "%s, %s", label, remedy->title);
    deployment_free(deployment);
}

/* The lines alone, as pasted into the management shell. */
static void expect_lines(const struct trust_lab *lab,
                         const struct remedy *remedy, const char *label)
{
    struct topology *topology = topology_copy(lab->draft_topology);
    char *why =
        powershell_run(topology, remedy->commands, remedy->command_count);

    cr_expect_null(why, "%s, %s: %s", label, remedy->title, why);
    free(why);
    cr_expect_eq(outcome_with(lab, topology), TRUST_ACCEPTED, "%s, %s", label,
                 remedy->title);
    topology_free(topology);
}

static void expect_certificate(const struct trust_lab *lab,
                               const struct remedy *remedy, const char *label)
{
    struct ls_buf names = {0};
    struct trust_lab reissued = *lab;
    struct trust_verdict verdict;

    ls_buf_printf(&names, "cn=%s", remedy->subject_cn);
    for (size_t i = 0; i < remedy->dns_name_count; i++)
        ls_buf_printf(&names, " dns=%s", remedy->dns_names[i]);
    ls_buf_add_byte(&names, '\0');
    reissued.facts = trust_lab_facts(names.at);
    reissued.evidence.leaf = reissued.facts;
    reissued.evidence.chain = NULL;
    trust_verdict_decide(&verdict, &reissued.policy, &reissued.evidence);
    cr_expect_eq(verdict.outcome, TRUST_ACCEPTED, "%s, %s", label,
                 remedy->title);
    trust_verdict_clear(&verdict);
    trust_lab_free_facts(reissued.facts);
    ls_buf_clear(&names);
}

static void expect_remedy(const struct trust_lab *lab,
                          const struct remedy *remedy, const char *label)
{
    cr_expect(remedy->step_count > 0 &&
                  strncmp(remedy->steps[0], "Who: ", 5) == 0 &&
                  strstr(remedy->steps[0], "nterrupted: ") != NULL,
              "%s, %s states its cost", label, remedy->title);
    if (remedy->edit_count > 0)
        expect_plan(lab, remedy, label);
    if (remedy->way == REMEDY_POWERSHELL && remedy->edit_count > 0)
        expect_lines(lab, remedy, label);
    if (remedy->subject_cn != NULL)
        expect_certificate(lab, remedy, label);
}

Test(remedy, leads_to_a_verdict_of_accepted)
{
    static const struct {
        const char *label;
        const char *rule;
        const char *names;
        const char *pools;
        const char *draft; /* NULL: as pools */
        enum trust_check_id reason;
        size_t least; /* remedies with a plan */
    } rows[] = {
        {"article", "lync-2010", ARTICLE_NAMES, ARTICLE_POOLS, NULL,
         TRUST_UNKNOWN_SERVER, 6},
        {"single computer pool", "lync-2010", "cn=a.com dns=mail.a.com",
         "mail.a.com", NULL, TRUST_UNKNOWN_SERVER, 5},
        {"another member", "lync-2010", "cn=cas3.a.com",
         "mail.a.com{cas1.a.com,cas2.a.com}", NULL, TRUST_UNKNOWN_SERVER, 1},
        {"a stranger", "lync-2010", "cn=mail.x.org", "mail.a.com", NULL,
         TRUST_UNKNOWN_SERVER, 2},
        {"an empty table", "lync-2010", "cn=mail.x.org", "", NULL,
         TRUST_UNKNOWN_SERVER, 2},
        {"wildcard", "lync-2010", "cn=*.a.com dns=*.a.com dns=a.com",
         "owa.a.com", NULL, TRUST_WILDCARD_NAME, 3},
        {"no name that counts", "cn-only", "dns=owa.a.com", "owa.a.com", NULL,
         TRUST_NO_NAME, 3},
        {"draft", "lync-2010", "cn=new.a.com", "mail.a.com",
         "mail.a.com new.a.com", TRUST_NOT_ENABLED, 1},
        {"duplicate pool", "lync-2010", "cn=um.a.com", "um.a.com ~um.a.com",
         NULL, TRUST_DUPLICATE_SERVER, 2},
        {"duplicate computer", "lync-2010", "cn=um.a.com",
         "mail.a.com{um.a.com,cas.a.com} ~um.a.com", NULL,
         TRUST_DUPLICATE_SERVER, 1},
        {"outbound-only", "lync-2010", "cn=out.a.com", ">out.a.com", NULL,
         TRUST_OUTBOUND_ONLY, 1},
        {"near a pool that lets nobody in", "lync-2010", "cn=a.com",
         ">mail.a.com", NULL, TRUST_UNKNOWN_SERVER, 2},
        {"short name", "lync-2010", "cn=EX01", "ex01.a.com", NULL,
         TRUST_UNKNOWN_SERVER, 5},
        {"trailing dot", "lync-2010", "cn=mail.a.com.", "mail.a.com{c.a.com}",
         NULL, TRUST_UNKNOWN_SERVER, 6},
        {"quotes in the name", "lync-2010", "cn=mail';iex('x').a.com",
         "mail.a.com{c.a.com}", NULL, TRUST_UNKNOWN_SERVER, 1},
        {"typographic quotes", "lync-2010",
         "cn=mail\xe2\x80\x99;iex(\xe2\x80\x98x\xe2\x80\x9b).a.com", "", NULL,
         TRUST_UNKNOWN_SERVER, 2},
        {"a mark that turns the writing", "lync-2010",
         "cn=mail\xe2\x80\xaemoc.a.com", "", NULL, TRUST_UNKNOWN_SERVER, 2},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;
        size_t planned = 0;

        trust_lab_open(&lab, rows[i].names, rows[i].pools, rows[i].draft);
        lab.policy.rule = identity_rule_find(ls_str_from(rows[i].rule));
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.reason, rows[i].reason, "%s", rows[i].label);
        for (size_t j = 0; j < lab.verdict.remedy_count; j++) {
            const struct remedy *remedy = &lab.verdict.remedies[j];

            expect_remedy(&lab, remedy, rows[i].label);
            planned += remedy->edit_count > 0 || remedy->subject_cn != NULL;
        }
        cr_expect_geq(planned, rows[i].least, "%s: %zu", rows[i].label,
                      planned);
        trust_lab_close(&lab);
    }
}

Test(remedy, mends_letter_case_where_it_counts)
{
    static const char *const pools[] = {"y01.a.com", "mail.a.com{y01.a.com}",
                                        "mail.a.com{y01.a.com,y02.a.com}"};

    for (size_t i = 0; i < LS_COUNT(pools); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, "cn=Y01.a.com", pools[i], NULL);
        lab.policy.names = NAMES_SENSITIVE;
        trust_lab_decide(&lab);
        cr_expect_geq(lab.verdict.remedy_count, 2u);
        for (size_t j = 0; j < lab.verdict.remedy_count; j++)
            expect_remedy(&lab, &lab.verdict.remedies[j], pools[i]);
        trust_lab_close(&lab);
    }
}

static const struct remedy *find_way(const struct trust_lab *lab,
                                     enum remedy_way way, const char *title)
{
    for (size_t i = 0; i < lab->verdict.remedy_count; i++) {
        const struct remedy *remedy = &lab->verdict.remedies[i];

        if (remedy->way == way && strstr(remedy->title, title) != NULL)
            return remedy;
    }
    cr_assert(false, "no remedy %s", title);
    return NULL;
}

Test(remedy, tells_the_article_as_its_author_did)
{
    static const char *const clicks[] = {
        "Delete",
        "Publish",
        "Multiple computer pool",
        "Publish again",
        "Create the trusted application again",
    };
    struct trust_lab lab;
    const struct remedy *remedy;

    trust_lab_open(&lab, ARTICLE_NAMES, ARTICLE_POOLS, NULL);
    free(topology_add_application(lab.draft_topology,
                                  ls_str_from("mail.deitterick.com"),
                                  ls_str_from("owa"), 5199));
    trust_lab_decide(&lab);
    remedy = find_way(&lab, REMEDY_TOPOLOGY_BUILDER,
                      "make it again as deitterick.com");
    cr_assert_eq(remedy->step_count, 1 + LS_COUNT(clicks));
    for (size_t i = 0; i < LS_COUNT(clicks); i++)
        cr_expect_not_null(strstr(remedy->steps[i + 1], clicks[i]), "%s",
                           clicks[i]);
    cr_expect_not_null(
        strstr(remedy->steps[3], "LAB-EX2010.lab.deitterick.com"));
    cr_assert_eq(remedy->command_count, 2u);
    cr_expect_str_eq(remedy->commands[0],
                     "New-CsTrustedApplication -ApplicationId 'owa' "
                     "-TrustedApplicationPoolFqdn 'deitterick.com' -Port 5199 "
                     "-Force");
    cr_expect_str_eq(remedy->commands[1], "Enable-CsTopology");

    remedy =
        find_way(&lab, REMEDY_POWERSHELL, "make it again as deitterick.com");
    for (size_t i = 0; i < remedy->step_count; i++)
        cr_expect_null(strstr(remedy->steps[i], "Topology Builder"));

    remedy = find_way(&lab, REMEDY_EXCHANGE, "Exchange 2010");
    cr_expect_str_eq(remedy->subject_cn, "mail.deitterick.com");
    cr_expect_not_null(strstr(remedy->commands[remedy->command_count - 2],
                              "Set-OwaVirtualDirectory"));
    trust_lab_close(&lab);
}

/* A pool made by clicks has the usual options; what it had before is lost
 * unless it is said. */
Test(remedy, sets_by_a_line_what_clicks_cannot)
{
    struct trust_lab lab;
    const struct remedy *remedy;

    trust_lab_open(&lab, ARTICLE_NAMES, ARTICLE_POOLS, NULL);
    lab.draft_topology->pools[0]->throttle_as_server = false;
    lab.draft_topology->pools[0]->requires_replication = false;
    lab.draft_topology->pools[0]->registrar = ls_strdup("lync.a.com");
    trust_lab_decide(&lab);
    remedy = find_way(&lab, REMEDY_TOPOLOGY_BUILDER,
                      "make it again as deitterick.com");
    cr_expect_not_null(
        strstr(remedy->steps[3], "then the next hop pool lync.a.com, Finish"));
    cr_assert_eq(remedy->command_count, 2u);
    cr_expect_str_eq(remedy->commands[0],
                     "Set-CsTrustedApplicationPool -Identity 'deitterick.com' "
                     "-ThrottleAsServer $false -RequiresReplication $false");
    cr_expect_str_eq(remedy->commands[1], "Enable-CsTopology");
    cr_expect_not_null(strstr(remedy->steps[remedy->step_count - 1],
                              "(-ThrottleAsServer $false "
                              "-RequiresReplication $false)"));
    trust_lab_close(&lab);

    trust_lab_open(&lab, "cn=out.a.com", ">out.a.com", NULL);
    trust_lab_decide(&lab);
    cr_assert_eq(lab.verdict.remedy_count, 1u);
    cr_expect_not_null(strstr(lab.verdict.remedies[0].steps[1],
                              "no dialog of Topology Builder is known"));
    trust_lab_close(&lab);
}

Test(remedy, tells_of_computers_in_both_variants)
{
    static const struct {
        const char *names, *pools, *click, *line;
    } rows[] = {
        {"cn=cas3.a.com", "mail.a.com{cas1.a.com,cas2.a.com}",
         "right-click the pool mail.a.com, choose New Server, write the FQDN "
         "cas3.a.com",
         "New-CsTrustedApplicationComputer -Identity 'cas3.a.com'"},
        {"cn=um.a.com", "mail.a.com{um.a.com,cas.a.com} ~um.a.com",
         "in the pool mail.a.com, right-click the computer um.a.com and choose "
         "Delete",
         "Remove-CsTrustedApplicationComputer -Identity 'um.a.com'"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;
        const struct remedy *clicks, *lines;

        trust_lab_open(&lab, rows[i].names, rows[i].pools, NULL);
        trust_lab_decide(&lab);
        clicks = find_way(&lab, REMEDY_TOPOLOGY_BUILDER, "computer");
        cr_expect_not_null(strstr(clicks->steps[1], rows[i].click), "%s",
                           clicks->steps[1]);
        cr_expect_eq(clicks->command_count, 0u);
        lines = find_way(&lab, REMEDY_POWERSHELL, "computer");
        cr_expect_not_null(strstr(lines->commands[0], rows[i].line), "%s",
                           lines->commands[0]);
        trust_lab_close(&lab);
    }
}

Test(remedy, puts_what_costs_nothing_first)
{
    struct trust_lab lab;

    trust_lab_open(&lab, ARTICLE_NAMES, ARTICLE_POOLS, NULL);
    trust_lab_decide(&lab);
    cr_assert_eq(lab.verdict.remedy_count, 7u);
    cr_expect_not_null(
        strstr(lab.verdict.remedies[0].steps[0], "Interrupted: nothing"));
    cr_expect_eq(lab.verdict.remedies[6].way, REMEDY_EXCHANGE);
    trust_lab_close(&lab);
}

Test(remedy, is_there_for_every_reason_before_the_table)
{
    static const int codes[] = {18, 20, 10, 9, 23, 3, 24};

    for (size_t i = 0; i < LS_COUNT(codes) * 2; i++) {
        struct chain_fault fault = {.code = codes[i / 2]};
        struct chain_report report = {
            .checked = true,
            .revocation_checked = true,
            .faults = &fault,
            .fault_count = 1,
            .completed_by_known = i % 2 == 1,
        };
        struct trust_lab lab;

        trust_lab_open(&lab, "cn=mail.a.com dns=mail.a.com", "mail.a.com",
                       NULL);
        lab.evidence.chain = &report;
        lab.policy.check_revocation = true;
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.outcome, TRUST_REFUSED);
        cr_expect_geq(lab.verdict.remedy_count, 1u);
        for (size_t j = 0; j < lab.verdict.remedy_count; j++)
            expect_remedy(&lab, &lab.verdict.remedies[j],
                          trust_check_text(lab.verdict.reason));
        trust_lab_close(&lab);
    }
}

Test(remedy, shows_the_application_of_a_new_pool_in_both_variants)
{
    static const enum remedy_way ways[] = {REMEDY_TOPOLOGY_BUILDER,
                                           REMEDY_POWERSHELL};

    for (size_t i = 0; i < LS_COUNT(ways); i++) {
        struct trust_lab lab;
        const struct remedy *remedy;

        trust_lab_open(&lab, "cn=mail.domain.com", "exch.hq.other.com", NULL);
        trust_lab_decide(&lab);
        remedy = find_way(&lab, ways[i], "pool mail.domain.com");
        cr_expect_not_null(
            strstr(remedy->steps[remedy->step_count - 1],
                   "New-CsTrustedApplication -ApplicationId 'owa' "
                   "-TrustedApplicationPoolFqdn 'mail.domain.com' "));
        trust_lab_close(&lab);
    }
}

Test(remedy, writes_no_line_for_a_name_that_is_none)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=x", "mail.a.com", NULL);
    free(lab.facts->names[0].text);
    lab.facts->names[0].text = ls_strdup("mail.a.com\nRemove-Item");
    lab.facts->names[0].length = strlen(lab.facts->names[0].text);
    lab.facts->names[0].fault = NAME_HAS_CONTROL;
    trust_lab_decide(&lab);
    for (size_t i = 0; i < lab.verdict.remedy_count; i++)
        for (size_t j = 0; j < lab.verdict.remedies[i].command_count; j++)
            cr_expect_null(
                strstr(lab.verdict.remedies[i].commands[j], "Remove-Item"));
    trust_lab_close(&lab);
}

/* The certificate has to be another one; no table can mend it. */
Test(remedy, makes_no_pool_for_what_no_server_is_called)
{
    static const char *const names[] = {
        "cn=192.168.0.1",
        "cn=2001:db8::1",
        "cn=mail..contoso.com",
        "cn=*.contoso.com",
        ("cn=abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd"
         ".contoso.com"),
    };

    for (size_t i = 0; i < LS_COUNT(names); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, names[i], "mail.contoso.com", NULL);
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.outcome, TRUST_REFUSED, "%s", names[i]);
        cr_expect_gt(lab.verdict.remedy_count, 0u, "%s", names[i]);
        for (size_t j = 0; j < lab.verdict.remedy_count; j++) {
            const struct remedy *remedy = &lab.verdict.remedies[j];

            cr_expect_eq(remedy->edit_count, 0u, "%s: %s", names[i],
                         remedy->title);
        }
        trust_lab_close(&lab);
    }
}

Test(remedy, fits_what_kept_the_handshake_from_its_end)
{
    static const struct {
        enum trust_obstacle obstacle;
        const char *title;
    } rows[] = {
        {OBSTACLE_NOTHING_IN_COMMON,
         "Give both a TLS version and a cipher in common"},
        {OBSTACLE_CERTIFICATE, "Give the peer a certificate that TLS can use"},
        {OBSTACLE_NO_TLS, "Let the peer speak TLS on this port"},
        {OBSTACLE_CUT_OFF, "Find out what broke the handshake off"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, NULL, ARTICLE_POOLS, NULL);
        lab.evidence.transport = TRUST_TRANSPORT_PROTOCOL;
        lab.evidence.obstacle = rows[i].obstacle;
        trust_lab_decide(&lab);

        cr_assert_eq(lab.verdict.remedy_count, 1u, "%s", rows[i].title);
        cr_expect_str_eq(lab.verdict.remedies[0].title, rows[i].title);
        trust_lab_close(&lab);
    }
}

Test(remedy, quotes_for_powershell)
{
    static const struct {
        const char *text;
        const char *quoted;
    } rows[] = {
        {"mail.a.com", "'mail.a.com'"},
        {"it's", "'it''s'"},
        {"$(x)`\"", "'$(x)`\"'"},
        {"\xe2\x80\x99", "'\xe2\x80\x99\xe2\x80\x99'"},
        {"a\nb", "('a' + [char]0x000A + 'b')"},
        {"\xe2\x80\xae'", "('' + [char]0x202E + '''')"},
        {"\xff", "('' + [char]0xFFFD + '')"},
        {"\xf0\x9f\x99\x82", "'\xf0\x9f\x99\x82'"},
        {"", "''"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf out = {0};

        remedy_quote_powershell(&out, ls_str_from(rows[i].text));
        cr_expect(ls_str_equal_text(ls_buf_str(&out), rows[i].quoted), "%.*s",
                  LS_STR_ARG(ls_buf_str(&out)));
        ls_buf_clear(&out);
    }
}
