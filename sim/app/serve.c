/*
 * A mock Front End for real clients, until interrupted.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/connection.h"
#include "lyncsim/event_log.h"
#include "lyncsim/event_report.h"
#include "lyncsim/net_loop.h"

#include "command.h"
#include "demo_lab.h"
#include "output.h"
#include "policy_options.h"
#include "serve_ground.h"

#define LISTEN_DEFAULT "127.0.0.1:5061"
/* What is not told in time is counted by the journal. */
#define JOURNAL_EVENTS 65536
/* More strangers than this at a time are turned away. */
#define CONNECTIONS_MAX 10000
/* Half of what is promised to whoever interrupts us. */
#define GRACE_MS 2500

struct serve {
    const struct options *options;
    struct scenario_front_end settings;
    struct serve_files files;
    struct serve_ground *ground; /* the newest first */
    struct front_end *front_end;
    struct trace_journal *journal;
    struct net_loop *loop;
    struct sipstack_trace trace_style;
    struct story_style style;
    struct output trace, events;
    bool is_json, is_quiet, is_stopping;
    size_t connection_count;
};

/* A connection and the ground it was made on. */
struct guest {
    struct connection *connection;
    struct serve_ground *ground;
};

/* --- telling ------------------------------------------------------------- */

static void tell_event(struct serve *serve, const struct trace_event *event,
                       struct ls_buf *trace)
{
    struct ls_buf text = {0};

    if (serve->is_json)
        event_report_json(event, serve->style.verbose, &text);
    else if (!serve->is_quiet)
        event_report_text(event, &serve->style, &text);
    command_print(stdout, &text);
    ls_buf_clear(&text);
    if (serve->trace.stream != NULL)
        sipstack_trace_print(&serve->trace_style, event, trace);
}

/* What one wake-up of the loop brought is written at once and whole. */
static void tell_events(struct serve *serve)
{
    struct trace_event event;
    struct ls_buf trace = {0};

    while (trace_journal_take(serve->journal, &event)) {
        tell_event(serve, &event, &trace);
        trace_event_clear(&event);
    }
    if (trace.length > 0)
        output_write_now(&serve->trace, ls_buf_str(&trace));
    ls_buf_clear(&trace);
}

/* What one connection heard may be for another one to say. */
static void on_moved(void *arg)
{
    struct serve *serve = arg;
    struct connection *waiting;

    tell_events(serve);
    while ((waiting = front_end_next_waiting(serve->front_end)) != NULL)
        net_loop_wake(serve->loop, connection_machine(waiting).self);
}

static void note(const struct serve *serve, const char *kind, const char *field,
                 const char *value, const char *text)
{
    struct ls_buf json = {0};

    if (serve->is_json)
        event_report_json_note(kind, field, value, &json);
    else
        ls_buf_printf(&json, "lyncsim: %s\n", text);
    command_print(stdout, &json);
}

static struct event_log event_log_of(const struct serve *serve)
{
    return (struct event_log){serve->is_json ? EVENT_LOG_JSON : EVENT_LOG_TEXT,
                              front_end_settings(serve->front_end)->fqdn};
}

/* --- connections --------------------------------------------------------- */

static struct guest *guest_new(struct serve *serve, const char *peer,
                               const char *local)
{
    struct guest *guest = ls_alloc(sizeof *guest);

    guest->connection = connection_new(serve->front_end, peer, local,
                                       net_loop_now_ms(serve->loop));
    guest->ground = serve->ground;
    guest->ground->connection_count++;
    serve->connection_count++;
    return guest;
}

static struct net_guest on_accepted(void *arg, const char *peer,
                                    const char *local)
{
    struct serve *serve = arg;
    struct guest *guest;

    if (serve->connection_count == CONNECTIONS_MAX)
        return (struct net_guest){0};
    guest = guest_new(serve, peer, local);
    return (struct net_guest){connection_machine(guest->connection), guest};
}

static void on_drain(void *arg, void *owner)
{
    struct serve *serve = arg;
    struct guest *guest = owner;

    connection_drain(guest->connection, net_loop_now_ms(serve->loop));
}

/* The newest ground stays; older ones go with their last connection. */
static void sweep_grounds(struct serve *serve)
{
    struct serve_ground **link = &serve->ground->next;

    while (*link != NULL) {
        struct serve_ground *old = *link;

        if (old->connection_count > 0) {
            link = &old->next;
            continue;
        }
        *link = old->next;
        serve_ground_free(old);
    }
}

static void on_closed(void *arg, void *owner)
{
    struct serve *serve = arg;
    struct guest *guest = owner;

    connection_free(guest->connection);
    on_moved(serve);
    guest->ground->connection_count--;
    serve->connection_count--;
    free(guest);
    sweep_grounds(serve);
}

/* --- signals ------------------------------------------------------------- */

static struct trust_policy policy_of(const struct serve *serve)
{
    struct trust_policy policy = scenario_settings_policy(&serve->settings);

    policy.known = serve->ground->known;
    policy.removed = serve->ground->removed;
    policy.topology = serve->ground->topology;
    return policy;
}

static void stand_on(struct serve *serve, struct serve_ground *ground)
{
    struct event_log log = event_log_of(serve);
    int64_t now_ms = (int64_t)net_loop_now_ms(serve->loop);
    struct trust_policy policy;
    struct ls_buf text = {0};

    event_log_change(&log, serve->ground->known, ground->known, now_ms, &text);
    output_write_now(&serve->events, ls_buf_str(&text));
    ls_buf_clear(&text);
    ground->next = serve->ground;
    serve->ground = ground;
    policy = policy_of(serve);
    front_end_set_policy(serve->front_end, &policy);
    front_end_set_tls(serve->front_end, ground->tls);
    sweep_grounds(serve);
}

static void on_reload(void *arg, int number)
{
    struct serve *serve = arg;
    enum app_exit code = APP_EXIT_OK;
    struct serve_ground *ground =
        serve_ground_load(&serve->files, serve->ground, &code);
    char *text;

    (void)number;
    if (ground == NULL) {
        command_complain("not read again: all stays as it was");
        if (serve->is_json)
            note(serve, "reload-refused", NULL, NULL, NULL);
        return;
    }
    stand_on(serve, ground);
    text = ls_strf("read again: %zu known servers",
                   known_servers_count(ground->known));
    note(serve, "reloaded", NULL, NULL, text);
    free(text);
}

static void on_stop(void *arg, int number)
{
    struct serve *serve = arg;

    (void)number;
    /* Whoever asks twice is in a hurry. */
    net_loop_stop(serve->loop, serve->is_stopping ? 0 : GRACE_MS);
    serve->is_stopping = true;
}

/* --- what to try --------------------------------------------------------- */

static void suggest(const struct serve *serve, const char *address)
{
    const char *lab = serve->files.lab;

    if (lab == NULL || serve->files.lab_ca == NULL || serve->is_json ||
        serve->is_quiet)
        return;
    printf("\nTry in another terminal; type SIP, or end it with Ctrl-C:\n\n"
           "  cd %s\n",
           lab);
    for (size_t i = 0; i < demo_peer_count; i++)
        printf("  openssl s_client -connect %s -quiet -crlf -CAfile root.pem "
               "-cert %s.pem -key %s.key\n      # %s\n",
               address, demo_peers[i].file, demo_peers[i].file,
               demo_peers[i].outcome);
    printf("\nA request to send is in options.sip: add <options.sip to one of "
           "them.\nThe table is %s; after a change of it: kill -HUP %ld\n\n",
           serve->files.topology, (long)getpid());
    fflush(stdout);
}

static void announce(const struct serve *serve,
                     const struct net_listener *listener)
{
    const char *address = net_listener_address(listener);
    char *text = ls_strf("listening on %s (tls)", address);

    note(serve, "listening", "address", address, text);
    free(text);
    if (!net_listener_is_local(listener))
        command_complain("warning: %s can be reached from other machines; "
                         "this is a mock that lets strangers try their luck",
                         address);
}

/* --- starting and ending ------------------------------------------------- */

static enum app_exit listen_on(struct serve *serve, const char *address,
                               const char **first)
{
    struct net_acceptor acceptor = {on_accepted, on_moved, on_drain, on_closed,
                                    serve};
    char *why = NULL;
    struct net_listener *listener =
        net_listener_open(serve->loop, address, &acceptor, &why);

    if (listener == NULL) {
        command_complain("%s", why);
        free(why);
        return net_address_is_written(address) ? APP_EXIT_UNABLE
                                               : APP_EXIT_USAGE;
    }
    announce(serve, listener);
    if (*first == NULL)
        *first = net_listener_address(listener);
    return APP_EXIT_OK;
}

static enum app_exit listen_everywhere(struct serve *serve)
{
    static const char *const otherwise[] = {LISTEN_DEFAULT};
    enum app_exit code = APP_EXIT_OK;
    const char *first = NULL;
    size_t count;
    const char *const *addresses =
        options_all(serve->options, OPTION_LISTEN, &count);

    if (count == 0) {
        addresses = otherwise;
        count = 1;
    }
    for (size_t i = 0; i < count && code == APP_EXIT_OK; i++)
        code = listen_on(serve, addresses[i], &first);
    if (code == APP_EXIT_OK)
        suggest(serve, first);
    return code;
}

static void make_front_end(struct serve *serve)
{
    const struct certificate_facts *facts =
        credential_facts(serve->ground->credential);
    const char *name = certificate_facts_host(facts);
    struct front_end_settings settings = {
        .fqdn = name != NULL ? name : "localhost",
        .tls = serve->ground->tls,
        .policy = policy_of(serve),
        .refuse = scenario_settings_refusal(&serve->settings),
        .version = serve->settings.version, /* LYNC_2010 unless set */
        .handshake_timeout_ms = HANDSHAKE_TIMEOUT_MS,
        .forgets_proof = true,
        .journal = serve->journal,
    };
    struct event_log log;
    struct ls_buf text = {0};

    id_source_init_system(&settings.ids);
    serve->front_end = front_end_new(&settings);
    log = event_log_of(serve);
    event_log_start(&log, serve->ground->known,
                    (int64_t)net_loop_now_ms(serve->loop), &text);
    output_write_now(&serve->events, ls_buf_str(&text));
    ls_buf_clear(&text);
}

static void read_options(struct serve *serve, const struct options *options)
{
    serve->options = options;
    serve->is_json = options_has(options, OPTION_JSON);
    serve->is_quiet = options_has(options, OPTION_QUIET);
    serve->style.color = options_color(options, STDOUT_FILENO);
    serve->style.verbose = options_has(options, OPTION_VERBOSE);
    policy_options_read(options, &serve->settings);
    sipstack_trace_init(&serve->trace_style);
    serve->trace_style.style = policy_options_style(options);
    serve->trace_style.fields = policy_options_fields(options);
}

static enum app_exit prepare(struct serve *serve)
{
    const struct options *options = serve->options;
    enum app_exit code =
        serve_files_choose(&serve->files, options, &serve->settings);

    if (code != APP_EXIT_OK)
        return code;
    if (!output_open(&serve->trace, options_text(options, OPTION_TRACE)) ||
        !output_open(&serve->events, options_text(options, OPTION_EVENTS)))
        return APP_EXIT_UNABLE;
    serve->ground = serve_ground_load(&serve->files, NULL, &code);
    return code;
}

static enum app_exit serve_until_interrupted(struct serve *serve)
{
    enum app_exit code;

    serve->journal = trace_journal_new(JOURNAL_EVENTS);
    serve->loop = net_loop_new(NULL, NULL);
    make_front_end(serve);
    net_loop_on_signal(serve->loop, SIGHUP, on_reload, serve);
    net_loop_on_signal(serve->loop, SIGINT, on_stop, serve);
    net_loop_on_signal(serve->loop, SIGTERM, on_stop, serve);
    code = listen_everywhere(serve);
    if (code == APP_EXIT_OK) {
        if (serve->ground->anchors == NULL)
            command_complain("no --ca: whoever issued a peer's certificate is "
                             "believed");
        net_loop_run(serve->loop);
    }
    net_loop_free(serve->loop);
    tell_events(serve);
    front_end_free(serve->front_end);
    trace_journal_free(serve->journal);
    return code;
}

static int serve(const struct options *options)
{
    struct serve serve = {0};
    enum app_exit code;

    read_options(&serve, options);
    code = prepare(&serve);
    if (code == APP_EXIT_OK)
        code = serve_until_interrupted(&serve);
    if (!output_close(&serve.trace) || !output_close(&serve.events))
        code = APP_EXIT_UNABLE;
    serve_ground_free(serve.ground);
    serve_files_clear(&serve.files);
    return (int)code;
}

static const enum option_id serve_options[] = {
    OPTION_LISTEN,  OPTION_TOPOLOGY,      OPTION_CERTIFICATE,
    OPTION_KEY,     OPTION_PASSWORD_FILE, OPTION_CA,
    OPTION_RULE,    OPTION_NAMES,         OPTION_CN,
    OPTION_REFUSE,  OPTION_TLS,           OPTION_TRACE,
    OPTION_PRODUCT, OPTION_TRACE_STYLE,   OPTION_TRACE_FIELDS,
    OPTION_EVENTS,  OPTION_VERBOSE,       OPTION_END,
};

const struct command serve_command = {
    .name = "serve",
    .arguments = "",
    .summary = "a mock Front End for real clients, until interrupted",
    .details =
        "Without --certificate and --topology it uses a lab of its own, made\n"
        "on first use under $XDG_STATE_HOME/lyncsim. SIGHUP reads table and\n"
        "certificates again; SIGINT and SIGTERM let connections end.\n",
    .options = serve_options,
    .run = serve,
};
