/*
 * A mock Front End for real clients, until interrupted.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/net_loop.h"

#include "command.h"
#include "demo_lab.h"
#include "policy_options.h"
#include "serve_crew.h"
#include "serve_dial.h"
#include "serve_reload.h"
#include "serve_teller.h"

#define LISTEN_DEFAULT "127.0.0.1:5061"
/* Half of what is promised to whoever interrupts us. */
#define GRACE_MS 2500

struct serve {
    const struct options *options;
    struct scenario_front_end settings;
    struct serve_limits limits;
    struct serve_files files;
    struct serve_ground *ground; /* the newest */
    struct serve_gate *gate;
    struct serve_teller teller;
    struct net_loop *loop;
    struct net_bell *bell;   /* rung by whoever writes */
    struct serve_desk *desk; /* this thread serves … */
    struct serve_crew *crew; /* … or others do; one of the two */
    struct serve_reload *reload;
    bool is_stopping;
    bool is_reading; /* files, when all else is over */
};

/* --- telling ------------------------------------------------------------- */

static void on_happened(void *arg, struct trace_journal *journal)
{
    struct serve *serve = arg;
    int64_t step_ms = net_loop_clock_step_ms(serve->loop);
    struct trace_event event;

    while (trace_journal_take(journal, &event)) {
        event.at_ms += step_ms;
        serve_teller_dialled(&serve->teller, serve_desk_name(serve->desk),
                             &event);
        serve_teller_tell(&serve->teller, &event);
    }
    serve_teller_lose(&serve->teller, trace_journal_take_dropped(journal));
    if (serve_teller_has_much(&serve->teller))
        serve_teller_flush(&serve->teller);
}

/* What one turn of the loop brought is handed on at once and whole. */
static void on_turn(void *arg)
{
    struct serve *serve = arg;

    serve_teller_flush(&serve->teller);
    if (serve->desk != NULL)
        serve_desk_set_unwritten(serve->desk,
                                 serve_teller_waiting(&serve->teller));
}

/* In the writer's thread. */
static void on_relieved(void *arg)
{
    struct serve *serve = arg;

    net_bell_ring(serve->bell);
}

/* The turn that this begins tells a desk; a crew has loops of its own. */
static void on_bell(void *arg)
{
    struct serve *serve = arg;

    if (serve->crew != NULL)
        serve_crew_relieve(serve->crew);
}

/* The same of a crew, whose loops are other ones. */
static void on_tell(void *arg, struct trace_event *event)
{
    struct serve *serve = arg;

    serve_teller_dialled(&serve->teller, serve_crew_name(serve->crew), event);
    serve_teller_tell(&serve->teller, event);
    if (serve_teller_has_much(&serve->teller))
        serve_teller_flush(&serve->teller);
}

static void on_told(void *arg, uint64_t lost)
{
    struct serve *serve = arg;

    serve_teller_flush(&serve->teller);
    serve_teller_lose(&serve->teller, lost);
}

static size_t on_unwritten(void *arg)
{
    const struct serve *serve = arg;

    return serve_teller_waiting(&serve->teller);
}

/* --- signals ------------------------------------------------------------- */

static void note_table(struct serve *serve, const struct known_servers *before)
{
    int64_t now_ms = (int64_t)net_loop_now_ms(serve->loop) +
                     net_loop_clock_step_ms(serve->loop);

    const char *name = serve->crew != NULL ? serve_crew_name(serve->crew)
                                           : serve_desk_name(serve->desk);

    serve_teller_table(&serve->teller, name, before, serve->ground->known,
                       now_ms);
}

/* New connections are judged by the new table from here on. */
static void on_standing(void *arg)
{
    struct serve *serve = arg;
    size_t count = known_servers_count(serve->ground->known);
    char *text =
        ls_strf("read again: %zu known server%s", count, count == 1 ? "" : "s");

    serve_teller_note(&serve->teller, "reloaded", NULL, NULL, text);
    free(text);
}

static struct serve_ground *refuse_ground(struct serve *serve)
{
    command_complain("not read again: all stays as it was");
    serve_teller_note(&serve->teller, "reload-refused", NULL, NULL, NULL);
    return serve->ground;
}

static struct serve_ground *on_read(struct serve_ground *ground, void *arg)
{
    struct serve *serve = arg;
    struct serve_ground *before = serve->ground;

    if (ground == NULL)
        return refuse_ground(serve);
    serve->ground = ground;
    note_table(serve, before->known);
    serve_ground_release(before);
    if (serve->crew != NULL) {
        serve_crew_stand_on(serve->crew, ground);
    } else {
        serve_desk_stand_on(serve->desk, ground);
        on_standing(serve);
    }
    return ground;
}

static void on_reload(void *arg, int number)
{
    struct serve *serve = arg;

    (void)number;
    serve_teller_renew(&serve->teller);
    serve_reload_start(serve->reload, serve->ground);
}

static void on_stop(void *arg, int number)
{
    struct serve *serve = arg;

    /* Whoever asks twice is in a hurry. */
    uint32_t grace_ms = serve->is_stopping ? 0 : GRACE_MS;

    (void)number;
    if (serve->crew != NULL)
        serve_crew_stop(serve->crew, grace_ms);
    else
        net_loop_stop(serve->loop, grace_ms);
    serve->is_stopping = true;
}

static void on_count(void *arg, int number)
{
    struct serve *serve = arg;

    (void)number;
    serve_teller_counts(&serve->teller);
}

/* --- what to try --------------------------------------------------------- */

static void suggest(struct serve *serve, const char *address)
{
    const char *lab = serve->files.lab;
    struct ls_buf *text = &serve->teller.text;

    if (lab == NULL || serve->files.lab_ca == NULL || serve->teller.is_json ||
        serve->teller.is_quiet)
        return;
    ls_buf_printf(
        text,
        "\nTry in another terminal; type SIP, or end it with Ctrl-C:\n\n"
        "  cd %s\n",
        lab);
    for (size_t i = 0; i < demo_peer_count; i++)
        ls_buf_printf(
            text,
            "  openssl s_client -connect %s -quiet -crlf -CAfile root.pem "
            "-cert %s.pem -key %s.key\n      # %s\n",
            address, demo_peers[i].file, demo_peers[i].file,
            serve->files.has_lab_table ? demo_peers[i].outcome
                                       : demo_peers[i].subject);
    ls_buf_printf(
        text,
        "\nA request to send is in options.sip: add <options.sip to one of "
        "them.\nThe table is %s; after a change of it: kill -HUP %ld\n\n",
        serve->files.topology, (long)getpid());
    serve_teller_flush(&serve->teller);
}

static void announce(struct serve *serve, const struct net_listener *listener)
{
    const char *address = net_listener_address(listener);
    char *text = ls_strf("listening on %s (tls)", address);

    serve_teller_note(&serve->teller, "listening", "address", address, text);
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
    char *why = NULL;
    struct net_listener *listener =
        serve->crew != NULL ? serve_crew_listen(serve->crew, address, &why)
                            : serve_desk_listen(serve->desk, address, &why);

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

static enum app_exit prepare(struct serve *serve)
{
    const struct options *options = serve->options;
    enum app_exit code =
        serve_files_choose(&serve->files, options, &serve->settings);

    if (code != APP_EXIT_OK)
        return code;
    if (!serve_teller_open(&serve->teller, options))
        return APP_EXIT_UNABLE;
    serve->files.key_log = serve_teller_secrets(&serve->teller);
    serve->ground = serve_ground_load(&serve->files, NULL, &code);
    return code;
}

static bool make_desks(struct serve *serve, unsigned count)
{
    const struct serve_desk_setup setup = {
        .loop = serve->loop,
        .settings = &serve->settings,
        .limits = &serve->limits,
        .gate = serve->gate,
        .ground = serve->ground,
        .options = serve->options,
        .happened = on_happened,
        .arg = serve,
    };
    const struct serve_crew_setup crew = {
        .loop = serve->loop,
        .count = count,
        .desk = setup,
        .tell = on_tell,
        .told = on_told,
        .unwritten = on_unwritten,
        .standing = on_standing,
        .arg = serve,
    };

    if (count > 1)
        serve->crew = serve_crew_new(&crew);
    else
        serve->desk = serve_desk_new(&setup);
    if (serve->crew == NULL && serve->desk == NULL)
        return false;
    note_table(serve, NULL);
    return true;
}

/* Whoever asks for new files or counts while all of it is being read must
 * not end the program, and is answered as soon as somebody listens. */
static void hold_requests(int how)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    sigprocmask(how, &set, NULL);
}

static enum app_exit run_loop(struct serve *serve)
{
    enum app_exit code;

    if (!make_desks(serve, options_number(serve->options, OPTION_THREADS, 1)))
        return APP_EXIT_UNABLE;
    net_loop_on_turn(serve->loop, on_turn, serve);
    net_loop_on_signal(serve->loop, SIGUSR1, on_count, serve);
    net_loop_on_signal(serve->loop, SIGHUP, on_reload, serve);
    net_loop_on_signal(serve->loop, SIGINT, on_stop, serve);
    net_loop_on_signal(serve->loop, SIGTERM, on_stop, serve);
    hold_requests(SIG_UNBLOCK);
    code = listen_everywhere(serve);
    if (code == APP_EXIT_OK) {
        serve_dial_warn(serve->options);
        if (serve->ground->anchors == NULL)
            command_complain("no --ca: whoever issued a peer's certificate is "
                             "believed");
        if (serve->files.has_lab_table && serve->files.lab_ca == NULL)
            command_complain("no --topology: the table is that of the lab, %s",
                             serve->files.topology);
        if (serve->crew != NULL && !serve_crew_start(serve->crew))
            code = APP_EXIT_UNABLE;
        else
            net_loop_run(serve->loop);
    }
    return code;
}

static enum app_exit serve_until_interrupted(struct serve *serve)
{
    enum app_exit code;

    serve->loop = command_loop();
    if (serve->loop == NULL)
        return APP_EXIT_UNABLE;
    serve->bell = net_loop_bell(serve->loop, false, on_bell, serve);
    serve->reload =
        serve_reload_new(serve->loop, &serve->files, on_read, serve);
    serve_teller_on_relieved(&serve->teller, on_relieved, serve);
    code = run_loop(serve);
    serve_teller_on_relieved(&serve->teller, NULL, NULL);
    serve->is_reading = !serve_reload_free(serve->reload);
    serve_crew_free(serve->crew);
    net_loop_free(serve->loop);
    serve_desk_free(serve->desk);
    if (code == APP_EXIT_OK && !serve->teller.is_quiet)
        serve_teller_counts(&serve->teller);
    return code;
}

static int serve(const struct options *options)
{
    struct serve serve = {.options = options};
    enum app_exit code;

    hold_requests(SIG_BLOCK);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk */
    policy_options_read(options, &serve.settings);
    serve_limits_read(&serve.limits, options);
    serve.gate = serve_gate_new(&serve.limits);
    code = prepare(&serve);
    if (code == APP_EXIT_OK)
        code = serve_until_interrupted(&serve);
    if (!serve_teller_close(&serve.teller))
        code = APP_EXIT_UNABLE;
    /* Nobody waits for what files hold, nor takes from under the reader what it
     * works with; all that was told is written. */
    if (serve.is_reading)
        _exit((int)code);
    serve_ground_release(serve.ground);
    serve_gate_free(serve.gate);
    serve_files_clear(&serve.files);
    return (int)code;
}

static const enum option_id serve_options[] = {
    OPTION_LISTEN,
    OPTION_TOPOLOGY,
    OPTION_CERTIFICATE,
    OPTION_KEY,
    OPTION_PASSWORD_FILE,
    OPTION_CA,
    OPTION_RULE,
    OPTION_NAMES,
    OPTION_CN,
    OPTION_REFUSE,
    OPTION_TLS,
    OPTION_TRACE,
    OPTION_PRODUCT,
    OPTION_TRACE_STYLE,
    OPTION_TRACE_FIELDS,
    OPTION_EVENTS,
    OPTION_KEYLOG,
    OPTION_VERBOSE,
    OPTION_THREADS,
    OPTION_HANDSHAKE_TIME,
    OPTION_IDLE_TIME,
    OPTION_CONNECTIONS,
    OPTION_PER_ADDRESS,
    OPTION_IN_FLIGHT,
    OPTION_HEADER_BYTES,
    OPTION_BODY_BYTES,
    OPTION_REQUESTS,
    OPTION_CLIENT_REQUESTS,
    OPTION_CRL,
    OPTION_STAPLE,
    OPTION_REVOCATION,
    OPTION_WEAK,
    OPTION_STRICT,
    OPTION_CIPHERS,
    OPTION_TRUSTED_ISSUERS,
    OPTION_RESOLVE,
    OPTION_APPLICATIONS,
    OPTION_END,
};

const struct command serve_command = {
    .name = "serve",
    .arguments = "",
    .summary = "a mock Front End for real clients, until interrupted",
    .details =
        "Without --certificate and --topology it uses a lab of its own, made\n"
        "on first use under $XDG_STATE_HOME/lyncsim. SIGHUP reads table and\n"
        "certificates again; SIGINT and SIGTERM let connections end; SIGUSR1\n"
        "counts who came, and which limits were reached.\n"
        "\n"
        "Two directions: applications connect here, and what is for one of\n"
        "their users goes back over that connection. With --resolve the\n"
        "Front End dials the port of the trusted application instead, as the\n"
        "product does, shows the same certificate, and asks for one with the\n"
        "name that it dialled. Names are never looked up: one that --resolve\n"
        "does not have is looked for on this machine. A port that cannot be\n"
        "reached is left alone for a second, and for up to eight when that\n"
        "goes on (assumed); whoever asks meanwhile is told the same.\n"
        "\n"
        "With --threads, connections are dealt out among loops by the system.\n"
        "All stand on the same table and limits; one of them keeps who is\n"
        "signed in, and users on different loops reach each other through it.\n"
        "\n"
        "One more thread writes what happens, and one reads the files again, "
        "so\n"
        "nobody waits for a disk.\n"
        "When more than 16 MiB wait to be written peers are not read from,\n"
        "and what is lost when 64 MiB wait is counted. SIGHUP opens files\n"
        "anew that were renamed meanwhile, as those who keep logs do.\n",
    .options = serve_options,
    .run = serve,
};
