/*
 * What does that server, ours or any other, do with this certificate? One
 * handshake and one OPTIONS, or one sign-in; nothing that does harm.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/cas_peer.h"
#include "lyncsim/connect_report.h"
#include "lyncsim/net_loop.h"

#include "command.h"
#include "credential_file.h"
#include "policy_options.h"
#include "trust_options.h"

#define PORT_DEFAULT "5061"
#define TIMEOUT_DEFAULT_S 10u

struct connect {
    const struct options *options;
    char *server; /* "host:port" */
    char *host;
    char *user;    /* or NULL */
    char *address; /* our own */
    char *reached; /* the server's that answered, with its port */
    struct connect_try *tries;
    size_t try_count;
    struct credential *credential;
    struct trust_anchors *anchors;
    struct tls_context *tls;
    struct cas_peer *peer;
};

/* "host", "host:port", "[::1]", "[::1]:5061". */
static enum app_exit read_server(struct connect *connect, const char *text)
{
    const char *bracket = strchr(text, ']');
    const char *colon = strrchr(bracket != NULL ? bracket : text, ':');
    struct ls_str whole = ls_str_from(text);

    connect->server =
        colon != NULL ? ls_strdup(text) : ls_strf("%s:%s", text, PORT_DEFAULT);
    connect->host =
        colon != NULL ? ls_str_dup(ls_str_first(whole, (size_t)(colon - text)))
                      : ls_strdup(text);
    if (*connect->host != '\0' && net_address_is_written(connect->server) &&
        !ls_str_ends_with(ls_str_from(connect->server), ":0"))
        return APP_EXIT_OK;
    command_complain("\"%s\" is no host and port; write lync.contoso.com:5061"
                     " or [2001:db8::1]:5061",
                     text);
    return APP_EXIT_USAGE;
}

static enum app_exit load_files(struct connect *connect)
{
    const struct options *options = connect->options;
    struct credential_names names;
    enum app_exit code = APP_EXIT_OK;

    if (!credential_file_names(&names, options, &code) ||
        !trust_options_load(options, &connect->anchors, &code) ||
        names.certificate == NULL)
        return code;
    connect->credential = credential_file_load_own(&names, &code);
    return code;
}

static enum app_exit make_tls(struct connect *connect)
{
    struct scenario_front_end settings = {0};
    struct tls_settings tls = {
        .role = TLS_PEER,
        .credential = connect->credential,
        .anchors = connect->anchors,
        .versions = {TLS_1_0, TLS_1_3},
    };
    char *why = NULL;

    policy_options_read(connect->options, &settings);
    if (settings.has_tls)
        tls.versions = settings.tls;
    tls.ciphers = settings.ciphers;
    tls.check_revocation = settings.check_revocation;
    tls.asks_staple = true;
    connect->tls = tls_context_new(&tls, &why);
    if (connect->tls != NULL)
        return APP_EXIT_OK;
    command_complain("%s", why);
    free(why);
    return APP_EXIT_USAGE;
}

/* What it calls itself: as told, or as its certificate says. */
static const char *own_name(const struct connect *connect)
{
    const char *from = options_text(connect->options, OPTION_FROM);
    const char *host = NULL;

    if (from == NULL && connect->credential != NULL)
        host = certificate_facts_host(credential_facts(connect->credential));
    return from != NULL ? from : host != NULL ? host : "localhost";
}

/* local is "address:port". */
static void on_joined(void *arg, const char *local, const char *remote)
{
    struct connect *connect = arg;
    const char *colon = strrchr(local, ':');
    struct ls_str whole = ls_str_from(local);

    connect->reached = ls_strdup(remote);
    if (colon == NULL)
        return;
    connect->address = ls_str_dup(ls_str_first(whole, (size_t)(colon - local)));
    cas_peer_set_address(connect->peer, connect->address,
                         (uint16_t)strtoul(colon + 1, NULL, 10));
}

static void on_failed(void *arg, const char *remote, const char *why)
{
    struct connect *connect = arg;

    connect->tries = ls_realloc_array(connect->tries, connect->try_count + 1,
                                      sizeof *connect->tries);
    connect->tries[connect->try_count++] =
        (struct connect_try){ls_strdup(remote), ls_strdup(why)};
}

static enum app_exit dial(struct connect *connect)
{
    const struct options *options = connect->options;
    unsigned timeout_s =
        options_number(options, OPTION_TIMEOUT, TIMEOUT_DEFAULT_S);
    struct net_loop *loop = command_loop();
    struct net_dialer dialer = {
        .joined = on_joined, .failed = on_failed, .arg = connect};
    struct cas_peer_settings settings = {
        .tls = connect->tls,
        .from = own_name(connect),
        .server = connect->host,
        .timeout_ms = timeout_s * 1000,
    };

    if (loop == NULL)
        return APP_EXIT_UNABLE;
    connect->user = ls_strdup(options_text(options, OPTION_USER));
    if (connect->user != NULL) {
        settings.task = CAS_SIGN_IN;
        settings.users = &connect->user;
        settings.user_count = 1;
    }
    id_source_init_system(&settings.ids);
    connect->peer = cas_peer_new(&settings, net_loop_now_ms(loop));
    net_dial(loop, connect->server, cas_peer_machine(connect->peer), &dialer);
    /* Its own deadlines are for each answer; this is for all of them. */
    net_loop_watch(loop, 4 * timeout_s * 1000);
    net_loop_run(loop);
    net_loop_free(loop);
    return APP_EXIT_OK;
}

static enum app_exit code_of(const struct connect *connect,
                             enum connect_answer answer)
{
    const char *wanted = options_text(connect->options, OPTION_EXPECT);

    if (answer == CONNECT_UNABLE)
        return APP_EXIT_UNABLE;
    if (wanted != NULL)
        return strcmp(wanted, connect_answer_text(answer)) == 0 ? APP_EXIT_OK
                                                                : APP_EXIT_NO;
    if (answer == CONNECT_CLIENT && connect->credential != NULL)
        return APP_EXIT_NO; /* what was shown, nobody looked at */
    return answer == CONNECT_REFUSED ? APP_EXIT_NO : APP_EXIT_OK;
}

static enum app_exit report(const struct connect *connect)
{
    const struct options *options = connect->options;
    struct connect_report report = {
        .server = connect->server,
        .tries = connect->tries,
        .try_count = connect->try_count,
        .reached = connect->reached,
        .own = connect->credential != NULL
                   ? credential_facts(connect->credential)
                   : NULL,
        .shown = cas_peer_server(connect->peer),
        .staple = cas_peer_staple(connect->peer),
        .cipher = cas_peer_cipher(connect->peer),
        .result = cas_peer_result(connect->peer),
        .transcript = cas_peer_transcript(connect->peer),
        .was_asked = cas_peer_was_asked(connect->peer),
        .trust_is_checked = connect->anchors != NULL,
    };
    struct story_style style = {
        .color = options_color(options, STDOUT_FILENO),
        .verbose = options_has(options, OPTION_VERBOSE),
    };
    enum app_exit code = code_of(connect, connect_report_answer(&report));
    struct ls_buf text = {0};

    if (options_has(options, OPTION_JSON))
        connect_report_json(&report, &text);
    else if (!options_has(options, OPTION_QUIET) || code != APP_EXIT_OK)
        connect_report_text(&report, &style, &text);
    command_print(stdout, &text);
    return code;
}

static int run(const struct options *options)
{
    struct connect connect = {.options = options};
    enum app_exit code = read_server(&connect, options->arguments[0]);

    if (code == APP_EXIT_OK)
        code = load_files(&connect);
    if (code == APP_EXIT_OK)
        code = make_tls(&connect);
    if (code == APP_EXIT_OK)
        code = dial(&connect);
    if (code == APP_EXIT_OK)
        code = report(&connect);
    cas_peer_free(connect.peer);
    tls_context_free(connect.tls);
    trust_anchors_free(connect.anchors);
    credential_free(connect.credential);
    for (size_t i = 0; i < connect.try_count; i++) {
        free(connect.tries[i].address);
        free(connect.tries[i].why);
    }
    free(connect.tries);
    free(connect.reached);
    free(connect.address);
    free(connect.user);
    free(connect.host);
    free(connect.server);
    return (int)code;
}

static const enum option_id connect_options[] = {
    OPTION_CERTIFICATE, OPTION_KEY,        OPTION_PASSWORD_FILE, OPTION_CA,
    OPTION_CRL,         OPTION_REVOCATION, OPTION_TLS,           OPTION_CIPHERS,
    OPTION_FROM,        OPTION_USER,       OPTION_EXPECT,        OPTION_TIMEOUT,
    OPTION_VERBOSE,     OPTION_END,
};

const struct command connect_command = {
    .name = "connect",
    .arguments = "HOST[:PORT]",
    .summary = "play the CAS: what does that server do with this certificate?",
    .details =
        "Does one handshake and sends one OPTIONS, or with --user what OWA\n"
        "sends to sign a user in and out again. Nothing it sends does harm.\n"
        "It answers unable (3) where nobody is there, where the server "
        "dropped\n"
        "us before it looked at the certificate, and where --ca does not "
        "vouch\n"
        "for the server. The addresses of a name are tried one after "
        "another.\n",
    .options = connect_options,
    .argument_min = 1,
    .argument_max = 1,
    .run = run,
};
