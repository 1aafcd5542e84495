/*
 * Do several loops serve as one? A plain program, so that the thread sanitizer
 * can watch the one it drives: handshakes, refusals, requests, users who talk
 * across loops, and the table read again, all at once over real sockets.
 *
 * usage: threads_load [ROUNDS]
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "bench/bench_lab.h"
#include "bench/bench_load.h"
#include "bench/bench_server.h"

#define USERS 12
#define WAIT_S 20

struct show {
    struct bench_lab lab;
    struct bench_server server;
    char log[BENCH_PATH_MAX];
    char trace[BENCH_PATH_MAX];
    SSL_CTX *known, *unknown;
    unsigned connections; /* that a verdict must be told of */
    unsigned faults;
};

static void expect(struct show *show, bool is_so, const char *what)
{
    if (is_so)
        return;
    fprintf(stderr, "FAILED: %s\n", what);
    show->faults++;
}

/* --- the program -----------------------------------------------------------
 */

static void start(struct show *show)
{
    const struct bench_files *files = &show->lab.files[BENCH_EC];
    const char *arguments[] = {
        LYNCSIM_BINARY,  "serve",          "--threads",  "4",
        "--listen",      "127.0.0.1:0",    "--tls",      "1.2-1.3",
        "--certificate", files->server,    "--key",      files->server_key,
        "--ca",          files->authority, "--topology", show->lab.topology,
        "--trace",       show->trace,      NULL,
    };

    snprintf(show->log, sizeof show->log, "%s/log", show->lab.folder);
    snprintf(show->trace, sizeof show->trace, "%s/trace", show->lab.folder);
    if (!bench_server_start(&show->server, (char *const *)arguments, 0,
                            show->log)) {
        fprintf(stderr, "FAILED: it does not start\n");
        exit(1);
    }
    show->connections = 1; /* that was tried to see whether it is up */
    show->known = bench_client_context(files->known, files->known_key, "1.3");
    show->unknown =
        bench_client_context(files->unknown, files->unknown_key, "1.2");
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    struct ls_buf text = {0};
    char chunk[16384];
    size_t count;

    while (file && (count = fread(chunk, 1, sizeof chunk, file)) > 0)
        ls_buf_add(&text, ls_str_from_bytes(chunk, count));
    if (file)
        fclose(file);
    return ls_buf_take(&text);
}

static unsigned count_of(const char *text, const char *part)
{
    const char *end = text + strlen(text);
    unsigned count = 0;

    while ((text = memmem(text, (size_t)(end - text), part, strlen(part)))) {
        text++;
        count++;
    }
    return count;
}

static void stop(struct show *show)
{
    char *log, *trace;
    int status = -1;
    unsigned records;

    kill(show->server.pid, SIGTERM);
    waitpid(show->server.pid, &status, 0);
    expect(show, WIFEXITED(status) && WEXITSTATUS(status) == 0,
           "it ends with 0");
    log = read_file(show->log);
    trace = read_file(show->trace);
    expect(show, !strstr(log, "ThreadSanitizer"), "no thread races");
    expect(show, !strstr(log, "Sanitizer"), "no sanitizer speaks");
    expect(show, !strstr(log, "were lost"), "nothing is lost");
    expect(show, count_of(log, "  connects\n") == show->connections,
           "every connection is told of");
    expect(show, count_of(log, "  has gone: ") == show->connections,
           "and that it has gone");
    records = count_of(trace, "$$begin_record\n");
    expect(show, records == count_of(trace, "$$end_record\n") && records > 0,
           "the trace holds whole records");
    printf("%u connections, %u records in the trace, read again %u times\n",
           show->connections, records, count_of(log, "read again"));
    if (show->faults > 0)
        fprintf(stderr, "%.*s\n", 20000,
                strlen(log) > 20000 ? log + strlen(log) - 20000 : log);
    free(log);
    free(trace);
}

/* --- crowds ----------------------------------------------------------------
 */

static void shake(struct show *show, SSL_CTX *context, bool is_refused)
{
    struct bench_load *load = bench_load_new(context, show->server.port);
    struct bench_times times;

    bench_load_handshakes(load, 200, 32, is_refused, &times);
    expect(show, times.count == 200 && times.failed == 0,
           is_refused ? "all strangers are refused" : "all known are let in");
    show->connections += 200;
    bench_times_clear(&times);
    bench_load_free(load);
}

static void ask(struct show *show)
{
    struct bench_load *load = bench_load_new(show->known, show->server.port);
    struct bench_times times;

    show->connections += 16;
    expect(show, bench_load_open(load, 16), "16 connections open");
    bench_load_options(load, 2000, 4, &times);
    expect(show, times.count == 2000 && times.failed == 0,
           "all requests are answered");
    kill(show->server.pid, SIGHUP);
    bench_times_clear(&times);
    bench_load_options(load, 2000, 4, &times);
    expect(show, times.count == 2000 && times.failed == 0,
           "and go on while the table is read again");
    bench_times_clear(&times);
    bench_load_close(load);
    bench_load_free(load);
}

/* --- users who talk --------------------------------------------------------
 */

struct user {
    SSL *session;
    struct ls_buf heard;
};

static SSL *dial(const struct show *show)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(show->server.port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct timeval wait = {WAIT_S, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SSL *session = SSL_new(show->known);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    SSL_set_fd(session, fd);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        SSL_connect(session) == 1)
        return session;
    SSL_free(session);
    close(fd);
    return NULL;
}

static void say(struct user *user, char *text)
{
    SSL_write(user->session, text, (int)strlen(text));
    free(text);
}

/* Read on until text has been heard; what came is in heard. */
static bool hears(struct user *user, const char *text)
{
    char chunk[16384];
    int count;

    for (;;) {
        if (user->heard.length > 0 && strstr(user->heard.at, text))
            return true;
        count = SSL_read(user->session, chunk, sizeof chunk);
        if (count <= 0)
            return false;
        ls_buf_add(&user->heard, ls_str_from_bytes(chunk, (size_t)count));
    }
}

static void sign_in(struct show *show, struct user *user, unsigned number,
                    unsigned round)
{
    ls_buf_reset(&user->heard);
    say(user,
        ls_strf("REGISTER sip:contoso.com SIP/2.0\r\n"
                "Via: SIP/2.0/TLS 127.0.0.1:%u;branch=z9hG4bKr%u-%u\r\n"
                "Max-Forwards: 70\r\n"
                "From: <sip:user%u@contoso.com>;tag=1;epid=%02u\r\n"
                "To: <sip:user%u@contoso.com>\r\nCall-ID: r%u-%u\r\n"
                "CSeq: 1 REGISTER\r\nContact: <sip:user%u@127.0.0.1:%u>\r\n"
                "Content-Length: 0\r\n\r\n",
                40000 + number, round, number, number, number, number, round,
                number, number, 40000 + number));
    expect(show, hears(user, "SIP/2.0 200 OK\r\n"), "a user signs in");
}

/* A header's line as it was heard. */
static char *header_of(const struct user *user, const char *name)
{
    const char *at = strstr(user->heard.at, name);
    size_t length = at ? strcspn(at, "\r") : 0;

    return ls_str_dup(ls_str_from_bytes(at ? at : "", length));
}

/* All Via lines, which an answer repeats. */
static char *vias_of(const struct user *user)
{
    struct ls_str rest = ls_buf_str(&user->heard), line;
    struct ls_buf vias = {0};

    while (ls_str_cut(&rest, '\n', &line))
        if (ls_str_starts_with(line, "Via: "))
            ls_buf_printf(&vias, "%.*s\n", LS_STR_ARG(line));
    return ls_buf_take(&vias);
}

static void answer(struct user *user)
{
    char *vias = vias_of(user);
    char *from = header_of(user, "From: "), *to = header_of(user, "To: ");
    char *call = header_of(user, "Call-ID: "), *cseq = header_of(user, "CSeq:");

    say(user, ls_strf("SIP/2.0 200 OK\r\n%s%s\r\n%s;tag=2\r\n%s\r\n%s\r\n"
                      "Content-Length: 0\r\n\r\n",
                      vias, from, to, call, cseq));
    free(vias);
    free(from);
    free(to);
    free(call);
    free(cseq);
}

static void tell(struct show *show, struct user *from, unsigned number,
                 struct user *to, unsigned other, unsigned round)
{
    ls_buf_reset(&from->heard);
    ls_buf_reset(&to->heard);
    say(from,
        ls_strf("MESSAGE sip:user%u@contoso.com SIP/2.0\r\n"
                "Via: SIP/2.0/TLS 127.0.0.1:%u;branch=z9hG4bKm%u-%u-%u\r\n"
                "Max-Forwards: 70\r\n"
                "From: <sip:user%u@contoso.com>;tag=1;epid=%02u\r\n"
                "To: <sip:user%u@contoso.com>\r\nCall-ID: m%u-%u-%u\r\n"
                "CSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n"
                "Content-Length: 5\r\n\r\nhello",
                other, 40000 + number, round, number, other, number, number,
                other, round, number, other));
    expect(show, hears(to, "\r\n\r\nhello"), "a message arrives");
    answer(to);
    expect(show, hears(from, "SIP/2.0 200 OK\r\n"), "and its answer returns");
}

static void talk(struct show *show, unsigned round)
{
    struct user users[USERS] = {{0}};

    for (unsigned i = 0; i < USERS; i++) {
        users[i].session = dial(show);
        show->connections++;
        expect(show, users[i].session != NULL, "a user connects");
        if (!users[i].session)
            return;
        sign_in(show, &users[i], i, round);
    }
    for (unsigned i = 0; i < USERS; i++)
        tell(show, &users[i], i, &users[(i + 1) % USERS], (i + 1) % USERS,
             round);
    for (unsigned i = 0; i < USERS; i++) {
        int fd = SSL_get_fd(users[i].session);

        SSL_shutdown(users[i].session);
        SSL_free(users[i].session);
        close(fd);
        ls_buf_clear(&users[i].heard);
    }
}

int main(int argc, char **argv)
{
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 2;
    struct show show = {.faults = 0};

    signal(SIGPIPE, SIG_IGN);
    bench_lab_make(&show.lab);
    start(&show);
    for (unsigned i = 0; i < rounds; i++) {
        shake(&show, show.known, false);
        kill(show.server.pid, SIGHUP);
        shake(&show, show.unknown, true);
        talk(&show, i);
        ask(&show);
        kill(show.server.pid, SIGUSR1);
    }
    stop(&show);
    SSL_CTX_free(show.known);
    SSL_CTX_free(show.unknown);
    bench_lab_remove(&show.lab);
    return show.faults > 0;
}
