#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/event_log.h"

/* 2011-12-20T20:45:01.704Z */
#define AT_MS INT64_C(1324413901704)

static struct pool *pool_of(const char *fqdn, const char *computer)
{
    struct pool *pool = pool_new(ls_str_from(fqdn));

    if (computer)
        cr_assert_null(pool_add_computer(pool, ls_str_from(computer)));
    return pool;
}

static struct topology *topology_of(struct pool *pool)
{
    struct topology *topology = topology_new();

    cr_assert_null(topology_add(topology, pool));
    return topology;
}

static struct topology *article_topology(void)
{
    return topology_of(
        pool_of("mail.deitterick.com", "LAB-EX2010.lab.deitterick.com"));
}

static struct known_servers *table_of(struct topology *topology)
{
    struct known_servers *table = known_servers_new(topology);

    topology_free(topology);
    return table;
}

static char *started(enum event_log_format format, struct topology *topology)
{
    struct known_servers *table = table_of(topology);
    struct event_log log = {format, "lync.lab.deitterick.com"};
    struct ls_buf out = {0};

    event_log_start(&log, table, AT_MS, &out);
    known_servers_free(table);
    return ls_buf_take(&out);
}

static char *changed(enum event_log_format format, struct topology *from,
                     struct topology *to)
{
    struct known_servers *before = table_of(from);
    struct known_servers *after = table_of(to);
    struct event_log log = {format, "fe"};
    struct ls_buf out = {0};

    event_log_change(&log, before, after, AT_MS, &out);
    known_servers_free(before);
    known_servers_free(after);
    return ls_buf_take(&out);
}

Test(event_log, lists_the_known_servers_at_start)
{
    char *text = started(EVENT_LOG_TEXT, article_topology());

    cr_expect_str_eq(text,
                     "Log Name:      Lync Server\n"
                     "Source:        LS Protocol Stack\n"
                     "Date:          12/20/2011 8:45:01 PM\n"
                     "Event ID:      14492\n"
                     "Level:         Information\n"
                     "Computer:      lync.lab.deitterick.com\n"
                     "Description:\n"
                     "The known servers of this Front End.\n"
                     "  mail.deitterick.com (pool, version 5, primary "
                     "interface)\n"
                     "  LAB-EX2010.lab.deitterick.com (computer of "
                     "mail.deitterick.com, version 5, primary interface)\n"
                     "\n");
    free(text);
}

Test(event_log, writes_one_object_a_line)
{
    char *text = started(EVENT_LOG_JSON, article_topology());

    cr_expect_str_eq(
        text,
        "{\"at\":\"2011-12-20T20:45:01.704Z\",\"id\":14492,\"source\":"
        "\"LS Protocol Stack\",\"level\":\"information\",\"computer\":"
        "\"lync.lab.deitterick.com\",\"servers\":["
        "{\"fqdn\":\"mail.deitterick.com\",\"kind\":\"pool\",\"pool\":"
        "\"mail.deitterick.com\",\"version\":5,\"interface\":\"primary\"},"
        "{\"fqdn\":\"LAB-EX2010.lab.deitterick.com\",\"kind\":\"computer\","
        "\"pool\":\"mail.deitterick.com\",\"version\":5,\"interface\":"
        "\"primary\"}]}\n");
    free(text);
}

Test(event_log, says_that_nobody_is_known)
{
    char *text = started(EVENT_LOG_TEXT, topology_new());
    char *json = started(EVENT_LOG_JSON, topology_new());

    cr_expect(strstr(text, "Front End.\n  (none)\n"), "%s", text);
    cr_expect(strstr(json, "\"servers\":[]}\n"), "%s", json);
    free(text);
    free(json);
}

Test(event_log, names_what_autodiscovery_found)
{
    struct topology *topology = article_topology();
    cr_assert_null(topology_add_autodiscovered(
        topology, ls_str_from("um.deitterick.com")));
    char *json = started(EVENT_LOG_JSON, topology);
    const char *second = strchr(json, '\n');

    cr_expect(second && strstr(second, "\"id\":44024,\"source\":\"LS Exchange "
                                       "Unified Messaging Routing\""),
              "%s", json);
    cr_expect(second && strstr(second, "\"servers\":[{\"fqdn\":"
                                       "\"um.deitterick.com\",\"kind\":"
                                       "\"autodiscovered\""),
              "%s", json);
    free(json);
}

static struct topology *duplicate_topology(void)
{
    struct topology *topology = topology_of(pool_of("um.a.com", NULL));

    cr_assert_null(
        topology_add_autodiscovered(topology, ls_str_from("um.a.com")));
    return topology;
}

/* "Two entries for the same computer" (Lync Server 2013, Integrating Lync
 * Server and Outlook Web App 2013). */
Test(event_log, lists_a_server_twice_that_was_found_and_made)
{
    char *text = started(EVENT_LOG_TEXT, duplicate_topology());

    cr_expect(strstr(text, "  um.a.com (pool, version 5, primary interface)\n"
                           "  um.a.com (autodiscovered, version 0, primary "
                           "interface)\n"),
              "%s", text);
    cr_expect(strstr(text, "with version 0.\n  um.a.com (autodiscovered,"),
              "%s", text);
    free(text);
    text = changed(EVENT_LOG_JSON, duplicate_topology(),
                   topology_of(pool_of("um.a.com", NULL)));
    cr_expect(strstr(text, "\"id\":14495,"), "%s", text);
    cr_expect(strstr(text, "[{\"fqdn\":\"um.a.com\",\"kind\":"
                           "\"autodiscovered\""),
              "%s", text);
    cr_expect_null(strstr(text, "\"kind\":\"pool\""), "%s", text);
    free(text);
}

Test(event_log, logs_each_server_that_went_or_came)
{
    struct topology *after =
        topology_of(pool_of("deitterick.com", "LAB-EX2010.lab.deitterick.com"));
    char *json = changed(EVENT_LOG_JSON, article_topology(), after);
    static const struct {
        const char *id, *server;
    } rows[] = {
        {"\"id\":14495,", "[{\"fqdn\":\"mail.deitterick.com\","},
        {"\"id\":14495,", "[{\"fqdn\":\"LAB-EX2010.lab.deitterick.com\","},
        {"\"id\":14493,", "[{\"fqdn\":\"deitterick.com\","},
        {"\"id\":14493,", "[{\"fqdn\":\"LAB-EX2010.lab.deitterick.com\","},
    };
    char *line = json;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *end = strchr(line, '\n');

        cr_assert(end, "%zu: %s", i, json);
        *end = '\0';
        cr_expect(strstr(line, rows[i].id), "%s", line);
        cr_expect(strstr(line, rows[i].server), "%s", line);
        line = end + 1;
    }
    cr_expect_str_eq(line, "");
    free(json);
}

Test(event_log, is_silent_where_nothing_changed)
{
    char *text =
        changed(EVENT_LOG_TEXT, article_topology(), article_topology());

    cr_expect_str_eq(text, "");
    free(text);
}

Test(event_log, lets_no_name_forge_an_event)
{
    struct topology *topology = topology_of(pool_of("a\"\\b", "c"));
    free(topology->pools[0]->computers[0]);
    topology->pools[0]->computers[0] = strdup("a\nEvent ID: 1\xFF");
    struct topology *again = topology_copy(topology);
    char *text = started(EVENT_LOG_TEXT, topology);
    char *json = started(EVENT_LOG_JSON, again);

    cr_expect(strstr(text, "  a\\x0AEvent ID: 1\\xFF (computer of "
                           "a\\x22\\x5Cb,"),
              "%s", text);
    cr_expect(strstr(json, "\"a\\\\x0AEvent ID: 1\\\\xFF\""), "%s", json);
    cr_expect(strstr(json, "\"a\\\\x22\\\\x5Cb\""), "%s", json);
    free(text);
    free(json);
}

Test(event_log, tells_of_a_connection_that_tls_failed)
{
    struct event_log log = {EVENT_LOG_TEXT, "fe"};
    struct trace_event event = {
        .kind = TRACE_CONNECTION,
        .at_ms = AT_MS,
        .is_dialled = true,
        .is_of_tls = true,
        .peer = (char *)"cas.a.com:5075",
        .result_code = (char *)"0x80090322 SEC_E_WRONG_PRINCIPAL",
    };
    struct ls_buf out = {0};

    cr_expect(event_log_dial_failure(&log, &event, &out));
    cr_expect(strstr(out.at, "Event ID:      14428\nLevel:         Error\n"));
    cr_expect(
        strstr(out.at, "cas.a.com:5075: 0x80090322 SEC_E_WRONG_PRINCIPAL\n"));
    ls_buf_reset(&out);
    log.format = EVENT_LOG_JSON;
    cr_expect(event_log_dial_failure(&log, &event, &out));
    cr_expect(strstr(out.at, "\"id\":14428,"));
    cr_expect(strstr(out.at, "\"level\":\"error\""));
    cr_expect(
        ls_str_ends_with(ls_buf_str(&out),
                         ",\"error\":\"0x80090322 SEC_E_WRONG_PRINCIPAL\"}\n"));
    ls_buf_clear(&out);
}

Test(event_log, says_nothing_of_other_events)
{
    struct event_log log = {EVENT_LOG_TEXT, "fe"};
    struct trace_event rows[] = {
        {.kind = TRACE_CONNECTION, .is_of_tls = true},
        {.kind = TRACE_CONNECTION, .is_dialled = true},
        {.kind = TRACE_MESSAGE, .is_dialled = true, .is_of_tls = true},
    };
    struct ls_buf out = {0};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_not(event_log_dial_failure(&log, &rows[i], &out));
    cr_expect_eq(out.length, 0u);
}
