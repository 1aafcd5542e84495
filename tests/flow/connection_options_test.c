/*
 * What a pool's options change on a connection of it: whether it is let in,
 * challenged, and how often it may ask.
 */
#include <string.h>

#include <criterion/criterion.h>

#include "support/lab.h"
#include "support/raw_client.h"

static const struct tls_versions version = {TLS_1_2, TLS_1_2};

/* The lab's known peer as a pool with options of its own. */
struct option_lab {
    struct lab *lab;
    struct topology *topology;
    struct known_servers *known;
    struct front_end *front_end;
    struct connection *connection;
    struct raw_client client;
};

struct options {
    bool outbound_only;
    bool treat_as_authenticated;
    bool throttle_as_server;
    enum lab_peer peer;
    uint32_t requests_per_second;
    uint32_t client_requests_per_second;
};

static void begin(struct option_lab *lab, const struct options *options)
{
    struct front_end_settings settings;
    char *why;
    struct pool *pool;

    *lab = (struct option_lab){.lab = lab_new(), .topology = topology_new()};
    pool = topology_add_pool(lab->topology, ls_str_from(LAB_KNOWN_NAME), &why);
    pool->outbound_only = options->outbound_only;
    pool->treat_as_authenticated = options->treat_as_authenticated;
    pool->throttle_as_server = options->throttle_as_server;
    lab->known = known_servers_new(lab->topology);
    settings = lab_front_end_settings(lab->lab, version);
    settings.policy.known = lab->known;
    settings.requests_per_second = options->requests_per_second;
    settings.client_requests_per_second = options->client_requests_per_second;
    lab->front_end = front_end_new(&settings);
    lab->connection = connection_new(lab->front_end, LAB_PEER_ADDRESS,
                                     "192.0.2.1:5061", LAB_NOW_MS);
    raw_client_begin(&lab->client,
                     lab_peer_tls(lab->lab, options->peer, version, true),
                     connection_machine(lab->connection), LAB_NOW_MS);
    raw_client_run(&lab->client);
}

static void end(struct option_lab *lab)
{
    raw_client_end(&lab->client);
    connection_free(lab->connection);
    front_end_free(lab->front_end);
    known_servers_free(lab->known);
    topology_free(lab->topology);
    lab_free(lab->lab);
}

/* OPTIONS and ACK, one after the other. */
static void ask(struct option_lab *lab, const char *method, unsigned count)
{
    struct ls_buf requests = {0};

    for (unsigned i = 1; i <= count; i++)
        ls_buf_printf(&requests,
                      "%s sip:fe.contoso.com SIP/2.0\r\n"
                      "Via: SIP/2.0/TLS 192.0.2.7:49732;branch=z9hG4bK%u\r\n"
                      "From: <sip:" LAB_KNOWN_NAME ">;tag=1\r\n"
                      "To: <sip:fe.contoso.com>\r\nCall-ID: c%u\r\n"
                      "CSeq: %u %s\r\nContent-Length: 0\r\n\r\n",
                      method, i, i, i, method);
    raw_client_say(&lab->client, ls_buf_str(&requests));
    ls_buf_clear(&requests);
}

static unsigned count_of(const struct option_lab *lab, const char *what)
{
    struct ls_str heard = ls_buf_str(&lab->client.heard);
    unsigned count = 0;

    for (const char *at;
         (at = memmem(heard.at, heard.length, what, strlen(what)));) {
        count++;
        heard = ls_str_skip(heard, (size_t)(at - heard.at) + 1);
    }
    return count;
}

Test(connection_options, choose_the_ceiling_of_requests)
{
    static const struct {
        const char *label;
        struct options options;
        unsigned busy; /* of eight requests */
        unsigned diagnosed;
    } rows[] = {
        {"a server has the limit of all",
         {false, true, true, LAB_KNOWN, 6, 3},
         2,
         2},
        {"a pool throttled as a client has the clients'",
         {false, true, false, LAB_KNOWN, 6, 3},
         5,
         5},
        {"and the limit of all where that is lower",
         {false, true, false, LAB_KNOWN, 2, 3},
         6,
         6},
        {"or where clients have none of their own",
         {false, true, false, LAB_KNOWN, 6, 0},
         2,
         2},
        {"none at all", {false, true, false, LAB_KNOWN, 0, 0}, 0, 0},
        {"who shows no certificate is a client, and hears no more than 503",
         {false, true, true, LAB_NONE, 0, 3},
         5,
         0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct option_lab lab;

        begin(&lab, &rows[i].options);
        ask(&lab, "OPTIONS", 8);
        cr_expect_eq(count_of(&lab, "SIP/2.0 503 Service Unavailable\r\n"),
                     rows[i].busy, "%s", rows[i].label);
        cr_expect_eq(count_of(&lab, "\r\nRetry-After: 1\r\n"), rows[i].busy,
                     "%s", rows[i].label);
        cr_expect_eq(count_of(&lab, "\r\nms-diagnostics: 1007;reason="
                                    "\"Temporarily cannot route\";"),
                     rows[i].diagnosed, "%s", rows[i].label);
        cr_expect_eq(lab_count_events(lab.lab, TRACE_LIMIT), rows[i].busy > 0,
                     "%s", rows[i].label);
        end(&lab);
    }
}

Test(connection_options, let_a_client_ask_again_in_the_next_second)
{
    const struct options options = {false, true, false, LAB_KNOWN, 0, 2};
    struct option_lab lab;

    begin(&lab, &options);
    ask(&lab, "OPTIONS", 3);
    cr_expect_eq(count_of(&lab, "SIP/2.0 503"), 1u);
    lab.client.now_ms += 1000;
    ask(&lab, "OPTIONS", 2);
    cr_expect_eq(count_of(&lab, "SIP/2.0 503"), 1u);
    end(&lab);
}

Test(connection_options, never_answer_what_has_no_answer)
{
    const struct options options = {false, true, false, LAB_KNOWN, 0, 1};
    struct option_lab lab;

    begin(&lab, &options);
    ask(&lab, "ACK", 3);
    ask(&lab, "BENOTIFY", 3);
    cr_expect_eq(lab.client.heard.length, 0u);
    end(&lab);
}

Test(connection_options, challenge_who_is_not_treated_as_authenticated)
{
    static const struct {
        bool treat_as_authenticated;
        unsigned challenged;
    } rows[] = {{true, 0}, {false, 1}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct options options = {
            false, rows[i].treat_as_authenticated, true, LAB_KNOWN, 0, 0};
        struct option_lab lab;

        begin(&lab, &options);
        ask(&lab, "OPTIONS", 1);
        cr_expect_eq(count_of(&lab, "SIP/2.0 401 Unauthorized\r\n"),
                     rows[i].challenged);
        cr_expect_eq(connection_verdict(lab.connection)->outcome,
                     TRUST_ACCEPTED);
        end(&lab);
    }
}

Test(connection_options, take_no_connection_from_an_outbound_only_pool)
{
    const struct options options = {true, true, true, LAB_KNOWN, 0, 0};
    struct option_lab lab;

    begin(&lab, &options);
    cr_expect_eq(connection_verdict(lab.connection)->reason,
                 TRUST_OUTBOUND_ONLY);
    ask(&lab, "OPTIONS", 1);
    cr_expect_eq(lab.client.heard.length, 0u);
    cr_expect_eq(lab.client.last, WIRE_SHUTDOWN);
    end(&lab);
}
