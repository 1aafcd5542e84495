#include "stand.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/timestamp.h"

#include "bench/bench_load.h"
#include "support/golden.h"

#define WAIT_MS 10000
#define ARGUMENTS_MAX 32

static void add_quoted(struct ls_buf *command, const char *word)
{
    ls_buf_printf(command, " '%s'", word);
}

void stand_begin(struct stand *stand, const char *first,
                 const char *const *arguments)
{
    const struct bench_files *files = &stand->lab.files[BENCH_EC];
    struct ls_buf command = {0};

    bench_lab_make(&stand->lab);
    snprintf(stand->log, sizeof stand->log, "%s/log", stand->lab.folder);
    ls_buf_printf(&command,
                  "%s; exec '%s' serve --listen 127.0.0.1:0 "
                  "--tls 1.0-1.3 --certificate '%s' --key '%s' --ca '%s' "
                  "--topology '%s'",
                  first != NULL ? first : ":", LYNCSIM_BINARY, files->server,
                  files->server_key, files->authority, stand->lab.topology);
    for (; *arguments != NULL; arguments++)
        add_quoted(&command, *arguments);
    cr_assert(bench_server_start(
        &stand->server,
        (char *[]){(char *)"sh", (char *)"-c", command.at, NULL}, 0,
        stand->log));
    ls_buf_clear(&command);
    stand->known = bench_client_context(files->known, files->known_key, "1.3");
    stand->nobody = bench_client_context(NULL, NULL, "1.3");
}

void stand_end(struct stand *stand)
{
    int status = -1;

    if (stand->server.pid > 0) {
        kill(stand->server.pid, SIGTERM);
        waitpid(stand->server.pid, &status, 0);
        cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0,
                  "serve ended with status %#x", (unsigned)status);
    }
    SSL_CTX_free(stand->known);
    SSL_CTX_free(stand->nobody);
    bench_lab_remove(&stand->lab);
}

/* --- what it tells ---------------------------------------------------------
 */

unsigned stand_count(const struct stand *stand, const char *text)
{
    char *log = golden_read_text(stand->log);
    unsigned count = 0;

    for (const char *at = log; (at = strstr(at, text)); at++)
        count++;
    free(log);
    return count;
}

/* "2026-11-23T00:41:55.035Z 127.0.0.1:45826  has gone: deadline": when, whom
 * it is of and what; false for another kind of line. */
static bool read_told(struct ls_str line, int64_t *ms, struct ls_str *what)
{
    struct ls_str time;

    *what = line;
    return ls_str_cut(what, ' ', &time) && timestamp_parse(time, ms);
}

/* When peer came; the last time that it did. */
static int64_t came_at_ms(struct ls_str log, struct ls_str peer)
{
    char *wanted = ls_strf("%.*s  connects", LS_STR_ARG(peer));
    struct ls_str line, what;
    int64_t ms, came_ms = 0;

    while (ls_str_cut(&log, '\n', &line))
        if (read_told(line, &ms, &what) && ls_str_equal_text(what, wanted))
            came_ms = ms;
    cr_assert(came_ms > 0, "nothing tells: %s", wanted);
    free(wanted);
    return came_ms;
}

unsigned stand_longest_stay_ms(const struct stand *stand, const char *how,
                               unsigned *count)
{
    char *log = golden_read_text(stand->log),
         *wanted = ls_strf("  has gone: %s", how);
    struct ls_str rest = ls_str_from(log), line, what;
    int64_t longest_ms = 0, ms;

    *count = 0;
    while (ls_str_cut(&rest, '\n', &line)) {
        struct ls_str peer, before;
        int64_t stay_ms;

        if (!read_told(line, &ms, &what) || !ls_str_ends_with(what, wanted))
            continue;
        before = ls_str_from_bytes(log, (size_t)(line.at - log));
        peer = ls_str_first(what, what.length - strlen(wanted));
        stay_ms = ms - came_at_ms(before, peer);
        longest_ms = stay_ms > longest_ms ? stay_ms : longest_ms;
        ++*count;
    }
    free(wanted);
    free(log);
    return (unsigned)longest_ms;
}

/* Looked at when the log has grown, and once when the time is up. */
bool stand_until(const struct stand *stand,
                 bool (*is_so)(const struct stand *stand, void *arg), void *arg)
{
    struct pollfd growth = {.fd = inotify_init1(IN_CLOEXEC), .events = POLLIN};
    uint64_t until_ns = bench_now_ns() + WAIT_MS * UINT64_C(1000000);
    char events[4096];
    bool is_late = false, found;

    cr_assert_geq(inotify_add_watch(growth.fd, stand->log, IN_MODIFY), 0);
    while (!(found = is_so(stand, arg)) && !is_late) {
        uint64_t now_ns = bench_now_ns();
        int left_ms =
            now_ns < until_ns ? (int)((until_ns - now_ns) / 1000000) : 0;

        is_late = poll(&growth, 1, left_ms) != 1 ||
                  read(growth.fd, events, sizeof events) <= 0;
    }
    close(growth.fd);
    return found;
}

static bool has_told(const struct stand *stand, void *text)
{
    return stand_count(stand, text) > 0;
}

bool stand_tells(const struct stand *stand, const char *text)
{
    return stand_until(stand, has_told, (void *)text);
}

size_t stand_memory_kib(const struct stand *stand)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    (void)stand;
    return 0;
#else
    return bench_server_pss_kib(&stand->server);
#endif
}

/* --- a client --------------------------------------------------------------
 */

int stand_connect(const struct stand *stand)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(stand->server.port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct timeval wait = {WAIT_MS / 1000, 0};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 &&
        connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    return fd;
}

SSL *stand_dial(const struct stand *stand, SSL_CTX *context)
{
    int fd = stand_connect(stand);
    SSL *session = SSL_new(context);

    signal(SIGPIPE, SIG_IGN);
    SSL_set_fd(session, fd);
    if (fd >= 0 && SSL_connect(session) == 1)
        return session;
    stand_hang_up(session);
    return NULL;
}

void stand_hang_up(SSL *session)
{
    int fd = session ? SSL_get_fd(session) : -1;

    SSL_free(session);
    if (fd >= 0)
        close(fd);
}

bool stand_say(SSL *session, const char *text)
{
    return SSL_write(session, text, (int)strlen(text)) > 0;
}

bool stand_hears(SSL *session, const char *text)
{
    struct ls_buf heard = {0};
    char chunk[16384];
    bool found = false;
    int count;

    while (!found && (count = SSL_read(session, chunk, sizeof chunk)) > 0) {
        ls_buf_add(&heard, ls_str_from_bytes(chunk, (size_t)count));
        found = strstr(heard.at, text) != NULL;
    }
    ls_buf_clear(&heard);
    return found;
}

bool stand_is_closed(SSL *session)
{
    struct pollfd socket = {.fd = SSL_get_fd(session), .events = POLLIN};
    char chunk[16384];

    while (poll(&socket, 1, WAIT_MS) == 1)
        if (read(socket.fd, chunk, sizeof chunk) <= 0)
            return true;
    return false;
}

const char *stand_options(unsigned cseq, const char *headers)
{
    static char text[128 * 1024];

    snprintf(text, sizeof text,
             "OPTIONS sip:fe.contoso.com SIP/2.0\r\n"
             "Via: SIP/2.0/TLS 127.0.0.1:49732;branch=z9hG4bK%u\r\n"
             "Max-Forwards: 70\r\n"
             "From: <sip:cas.contoso.com>;tag=1;epid=01\r\n"
             "To: <sip:fe.contoso.com>\r\n"
             "Call-ID: %08x\r\n"
             "CSeq: %u OPTIONS\r\n"
             "%sContent-Length: 0\r\n\r\n",
             cseq, cseq, cseq, headers);
    return text;
}
