/*
 * Does serve outlive what goes wrong around it: full and slow disks, peers who
 * vanish, a clock that is set, no memory, its own sudden death?
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "bench/bench_load.h"
#include "stand.h"
#include "support/golden.h"

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define BEGIN_RECORD "$$begin_record\n"
#define END_RECORD "$$end_record\n"
/* The number of a record in its header, hexadecimal. */
#define NUMBER_DIGITS 8
/* No record of an OPTIONS or its answer has more. */
#define RECORD_MAX_BYTES 1024u

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

static void ask(const struct stand *stand, unsigned count)
{
    struct bench_load *load = bench_load_new(stand->known, stand->server.port);
    struct bench_times times;

    cr_assert(bench_load_open(load, 4));
    bench_load_options(load, count, 4, &times);
    cr_expect_eq(times.count, count, "%zu answers", times.count);
    bench_times_clear(&times);
    bench_load_close(load);
    bench_load_free(load);
}

/* The exit code when it is asked to end; -1 for another end. */
static int end_code(struct stand *stand, int signal_number)
{
    int status = -1;

    kill(stand->server.pid, signal_number);
    waitpid(stand->server.pid, &status, 0);
    stand->server.pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect_whole_records(const char *path)
{
    char *text = golden_read_text(path);
    size_t length = strlen(text);

    cr_expect_gt(length, 0u);
    cr_expect(ls_str_ends_with(ls_str_from(text), END_RECORD),
              "it ends with %s", text + (length > 80 ? length - 80 : 0));
    free(text);
}

Test(serve_faults, goes_on_where_the_trace_finds_no_room)
{
    struct stand stand;

    stand_begin(&stand, NULL, ARGUMENTS("--trace", "/dev/full", "--quiet"));
    ask(&stand, 200);
    cr_expect(stand_tells(&stand, "/dev/full cannot be written: No space left "
                                  "on device; records are missing"));
    cr_expect_eq(stand_count(&stand, "cannot be written"), 1u);
    /* What was asked for is not there as a whole. */
    cr_expect_eq(end_code(&stand, SIGTERM), 3);
    stand_end(&stand);
}

Test(serve_faults, leaves_whole_records_where_a_file_may_not_grow)
{
    struct stand stand;
    char trace[] = "/tmp/lyncsim-trace-XXXXXX";

    close(mkstemp(trace));
    /* 16 KiB */
    stand_begin(&stand, "ulimit -f 32", ARGUMENTS("--trace", trace, "--quiet"));
    for (int i = 0; i < 15; i++)
        ask(&stand, 4);
    cr_expect(stand_tells(&stand, "File too large; records are missing"));
    cr_expect_eq(end_code(&stand, SIGTERM), 3);
    expect_whole_records(trace);
    unlink(trace);
    stand_end(&stand);
}

/* How many records of a trace are whole. They are numbered from 1 in their
 * headers and none is missing; only what comes behind them may be cut. */
static unsigned count_whole_records(const char *path)
{
    char *text = golden_read_text(path), *at = text, *end;
    unsigned count = 0;

    for (; (end = strstr(at, END_RECORD)); at = end + strlen(END_RECORD)) {
        const char *begin = strstr(at, BEGIN_RECORD);
        const char *number = strstr(at, " (SIPStack,");

        cr_assert(number && begin && number < begin && begin < end);
        cr_assert_geq(number - at, NUMBER_DIGITS);
        cr_assert_eq(strtoul(number - NUMBER_DIGITS, NULL, 16), ++count);
    }
    end = strstr(at, BEGIN_RECORD);
    cr_expect(end == NULL || strstr(end + 1, BEGIN_RECORD) == NULL);
    free(text);
    return count;
}

/* Kill it as soon as the file has grown to that many bytes, from a process of
 * its own: its writer is in the middle of writing then. */
static pid_t kill_when_written(const struct stand *stand, const char *path,
                               off_t bytes)
{
    pid_t killer = fork();
    struct stat info = {0};

    cr_assert_geq(killer, 0);
    if (killer > 0)
        return killer;
    alarm(30);
    while (stat(path, &info) == 0 && info.st_size < bytes)
        sched_yield();
    kill(stand->server.pid, SIGKILL);
    _exit(0);
}

static void kill_while_it_writes(const char *threads, off_t bytes)
{
    struct stand stand;
    struct bench_load *load;
    struct bench_times times;
    char trace[] = "/tmp/lyncsim-trace-XXXXXX";
    pid_t killer;
    unsigned count;

    close(mkstemp(trace));
    stand_begin(&stand, NULL,
                ARGUMENTS("--trace", trace, "--quiet", "--threads", threads));
    load = bench_load_new(stand.known, stand.server.port);
    cr_assert(bench_load_open(load, 4));
    killer = kill_when_written(&stand, trace, bytes);
    bench_load_options(load, 100000, 16, &times);
    waitpid(killer, NULL, 0);
    cr_expect_eq(end_code(&stand, SIGKILL), -1);
    count = count_whole_records(trace);
    cr_expect_gt(count, (unsigned)bytes / RECORD_MAX_BYTES, "%u records",
                 count);
    bench_times_clear(&times);
    bench_load_free(load);
    unlink(trace);
    stand_end(&stand);
}

Test(serve_faults, leaves_all_but_the_last_record_when_it_is_killed)
{
    for (off_t kib = 64; kib <= 1024; kib *= 4) {
        kill_while_it_writes("1", kib * 1024);
        kill_while_it_writes("2", kib * 1024);
    }
}

/* A pipe, and a reader of it who does not read yet. */
static int make_pipe(char *path)
{
    close(mkstemp(path));
    unlink(path);
    cr_assert_eq(mkfifo(path, 0600), 0);
    return open(path, O_RDONLY | O_NONBLOCK);
}

/* Whoever reads the trace sleeps; whoever is served does not notice. */
static void serve_beside_a_sleeper(const char *threads)
{
    struct stand stand;
    char trace[] = "/tmp/lyncsim-fifo-XXXXXX";
    struct ls_buf text = {0};
    char chunk[65536];
    ssize_t count;
    int fd = make_pipe(trace), status = -1;

    stand_begin(&stand, NULL,
                ARGUMENTS("--trace", trace, "--quiet", "--threads", threads));
    ask(&stand, 2000);
    ask(&stand, 2000);
    kill(stand.server.pid, SIGTERM);
    fcntl(fd, F_SETFL, 0);
    while ((count = read(fd, chunk, sizeof chunk)) > 0)
        ls_buf_add(&text, ls_str_from_bytes(chunk, (size_t)count));
    cr_assert_not_null(text.at);
    cr_expect(ls_str_ends_with(ls_buf_str(&text), END_RECORD));
    count = 0;
    for (const char *at = text.at; (at = strstr(at, BEGIN_RECORD)); at++)
        count++;
    cr_expect_eq(count, 8000, "%zd records, %s threads", count, threads);
    waitpid(stand.server.pid, &status, 0);
    stand.server.pid = 0;
    cr_expect_eq(status, 0);
    ls_buf_clear(&text);
    close(fd);
    unlink(trace);
    stand_end(&stand);
}

Test(serve_faults, serves_on_beside_a_reader_who_sleeps)
{
    serve_beside_a_sleeper("1");
    serve_beside_a_sleeper("2");
}

Test(serve_faults, ends_in_time_beside_a_reader_who_never_wakes)
{
    static const char *const threads[] = {"1", "2"};

    for (size_t i = 0; i < LS_COUNT(threads); i++) {
        struct stand stand;
        char trace[] = "/tmp/lyncsim-fifo-XXXXXX";
        int fd = make_pipe(trace);

        stand_begin(&stand, NULL,
                    ARGUMENTS("--trace", trace, "--threads", threads[i]));
        ask(&stand, 2000);
        cr_expect_eq(end_code(&stand, SIGTERM), 3, "%s", threads[i]);
        cr_expect(stand_tells(&stand, "bytes still wait to be written, and "
                                      "are lost: nobody takes them"));
        close(fd);
        unlink(trace);
        stand_end(&stand);
    }
}

Test(serve_faults, follows_the_name_of_a_trace_that_was_taken_away)
{
    struct stand stand;
    char trace[] = "/tmp/lyncsim-trace-XXXXXX";
    char *kept;

    close(mkstemp(trace));
    kept = ls_strf("%s.1", trace);
    stand_begin(&stand, NULL, ARGUMENTS("--trace", trace));
    ask(&stand, 4);
    cr_assert_eq(rename(trace, kept), 0);
    kill(stand.server.pid, SIGHUP);
    cr_expect(stand_tells(&stand, "read again"));
    ask(&stand, 4);
    cr_expect_eq(end_code(&stand, SIGTERM), 0);
    expect_whole_records(trace);
    expect_whole_records(kept);
    unlink(trace);
    unlink(kept);
    free(kept);
    stand_end(&stand);
}

/* Whoever opens file waits until the lease on it is given up, and we are told
 * by SIGIO that somebody does. */
static int take_lease(const char *file)
{
    sigset_t told;
    int fd = open(file, O_RDWR | O_CLOEXEC);

    sigemptyset(&told);
    sigaddset(&told, SIGIO);
    sigprocmask(SIG_BLOCK, &told, NULL);
    if (fcntl(fd, F_SETLEASE, F_WRLCK) != 0)
        cr_skip_test("this file system has no leases");
    return fd;
}

static void have_it_read(const struct stand *stand)
{
    const struct timespec wait = {.tv_sec = 10};
    sigset_t told;

    sigemptyset(&told);
    sigaddset(&told, SIGIO);
    kill(stand->server.pid, SIGHUP);
    cr_assert_eq(sigtimedwait(&told, NULL, &wait), SIGIO, "nobody reads it");
}

static bool is_read_twice(const struct stand *stand, void *arg)
{
    (void)arg;
    return stand_count(stand, "read again: ") == 2;
}

static void serve_while_it_reads(const char *threads)
{
    struct stand stand;
    int lease;

    stand_begin(&stand, NULL, ARGUMENTS("--threads", threads));
    lease = take_lease(stand.lab.topology);
    have_it_read(&stand);
    for (int i = 0; i < 3; i++) {
        kill(stand.server.pid, SIGHUP);
        ask(&stand, 4);
    }
    cr_expect_eq(stand_count(&stand, "read again"), 0u);
    close(lease);
    /* Once more, however often that was asked for meanwhile. */
    cr_expect(stand_until(&stand, is_read_twice, NULL), "%s threads", threads);
    cr_expect_eq(end_code(&stand, SIGTERM), 0);
    cr_expect_eq(stand_count(&stand, "read again"), 2u);
    stand_end(&stand);
}

Test(serve_faults, serves_while_it_reads_again)
{
    serve_while_it_reads("1");
    serve_while_it_reads("2");
}

Test(serve_faults, ends_while_it_reads_again)
{
    struct stand stand;
    int lease;

    stand_begin(&stand, NULL, ARGUMENTS("-v"));
    lease = take_lease(stand.lab.topology);
    have_it_read(&stand);
    ask(&stand, 4);
    cr_expect_eq(end_code(&stand, SIGTERM), 0);
    cr_expect(stand_tells(&stand, "limits reached: none"));
    cr_expect_eq(stand_count(&stand, "read again"), 0u);
    close(lease);
    stand_end(&stand);
}

/* Of every session of every loop, for its owner alone. */
Test(serve_faults, logs_the_keys_of_all_loops)
{
    static const char *const threads[] = {"1", "3"};

    for (size_t i = 0; i < LS_COUNT(threads); i++) {
        struct stand stand;
        struct stat info;
        char keys[] = "/tmp/lyncsim-keys-XXXXXX";
        unsigned count = 0;
        char *text;

        close(mkstemp(keys));
        chmod(keys, 0644);
        stand_begin(&stand, NULL,
                    ARGUMENTS("--keylog", keys, "--threads", threads[i]));
        for (int j = 0; j < 5; j++)
            ask(&stand, 4);
        cr_expect_eq(end_code(&stand, SIGTERM), 0);
        text = golden_read_text(keys);
        for (const char *at = text;
             (at = strstr(at, "SERVER_TRAFFIC_SECRET_0 ")); at++)
            count++;
        cr_expect_eq(count, 20u, "%u sessions, %s threads", count, threads[i]);
        cr_expect_eq(stat(keys, &info), 0);
        cr_expect_eq(info.st_mode & 0777, 0600u);
        free(text);
        unlink(keys);
        stand_end(&stand);
    }
}

Test(serve_faults, outlives_a_storm_of_resets)
{
    static const char hello[] = "\x16\x03\x01\x02\x00\x01";
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    struct stand stand;

    stand_begin(&stand, NULL, ARGUMENTS("--handshake-time", "5"));
    for (unsigned i = 0; i < 300; i++) {
        SSL *session = i % 10 == 0 ? stand_dial(&stand, stand.known) : NULL;
        int fd = session ? SSL_get_fd(session) : stand_connect(&stand);

        cr_assert_geq(fd, 0);
        if (session)
            stand_say(session, stand_options(i, ""));
        else
            send(fd, hello, i % sizeof hello, MSG_NOSIGNAL);
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
        SSL_free(session);
    }
    ask(&stand, 100);
    stand_end(&stand);
}

/* What came meanwhile is read before anybody is told to have been late. */
Test(serve_faults, does_not_blame_a_peer_for_its_own_sleep)
{
    const struct timeval longer_than_a_handshake = {1, 500000};
    const struct timeval long_enough = {20, 0};
    struct stand stand;
    SSL *session;
    int fd, status;

    stand_begin(&stand, NULL, ARGUMENTS("--handshake-time", "1"));
    session = SSL_new(stand.known);
    fd = stand_connect(&stand);
    cr_assert(stand_tells(&stand, "connects"));
    kill(stand.server.pid, SIGSTOP);
    waitpid(stand.server.pid, &status, WUNTRACED);
    SSL_set_fd(session, fd);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &longer_than_a_handshake,
               sizeof longer_than_a_handshake);
    cr_assert_eq(SSL_connect(session), -1);
    cr_assert_eq(SSL_get_error(session, -1), SSL_ERROR_WANT_READ);
    kill(stand.server.pid, SIGCONT);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &long_enough, sizeof long_enough);
    cr_expect_eq(SSL_connect(session), 1);
    stand_hang_up(session);

    /* Who says nothing is closed all the same. */
    session = NULL;
    fd = stand_connect(&stand);
    cr_expect(stand_tells(&stand, "handshake time"));
    close(fd);
    stand_end(&stand);
}

Test(serve_faults, ends_with_a_sentence_when_there_is_no_memory)
{
    struct stand stand;
    struct bench_load *bad;
    int status = -1;

    if (IS_SANITIZED)
        cr_skip_test("a sanitizer needs its own terabytes");
    stand_begin(&stand, "ulimit -v 26000", ARGUMENTS("--quiet"));
    bad = bench_load_new(stand.known, stand.server.port);
    bench_load_stall(bad, 900, false);
    waitpid(stand.server.pid, &status, 0);
    stand.server.pid = 0;
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 4, "status %#x",
              (unsigned)status);
    cr_expect(stand_tells(&stand, "lyncsim: out of memory\n"));
    bench_load_free(bad);
    stand_end(&stand);
}

Test(serve_faults, ends_with_a_sentence_when_a_library_gives_up)
{
    struct stand stand;
    int status = -1;

    stand_begin(&stand, NULL, ARGUMENTS("--quiet"));
    kill(stand.server.pid, SIGABRT);
    waitpid(stand.server.pid, &status, 0);
    stand.server.pid = 0;
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 4, "status %#x",
              (unsigned)status);
    cr_expect(stand_tells(&stand, "lyncsim: ended by a fault of the program"));
    stand_end(&stand);
}

static void set_clock(const char *path, const char *step)
{
    FILE *file = fopen(path, "w");

    fputs(step, file);
    fclose(file);
}

Test(serve_faults, keeps_everybody_when_the_clock_is_set)
{
    static const char *const steps[] = {"7200", "-86400", "0"};
    struct stand stand;
    char file[] = "/tmp/lyncsim-clock-XXXXXX";
    char *first;
    SSL *session;

    if (IS_SANITIZED)
        cr_skip_test("a sanitizer wants to be loaded first");
    close(mkstemp(file));
    first =
        ls_strf("export CLOCK_STEP=%s LD_PRELOAD=%s", file, LYNCSIM_CLOCK_SHIM);
    stand_begin(&stand, first, ARGUMENTS("--idle-time", "60"));
    session = stand_dial(&stand, stand.known);
    cr_assert_not_null(session);
    for (unsigned i = 0; i < LS_COUNT(steps); i++) {
        SSL *other;

        set_clock(file, steps[i]);
        cr_expect(stand_say(session, stand_options(i, "")), "%s", steps[i]);
        cr_expect(stand_hears(session, "SIP/2.0 200 OK"), "%s", steps[i]);
        other = stand_dial(&stand, stand.known);
        cr_expect_not_null(other, "%s", steps[i]);
        stand_hang_up(other);
    }
    cr_expect_eq(stand_count(&stand, "a limit is reached"), 0u);
    /* It is judged by the calendar: in five years it has expired. */
    set_clock(file, "157680000");
    stand_hang_up(stand_dial(&stand, stand.known));
    cr_expect(stand_tells(&stand, "refused, expired"));
    stand_hang_up(session);
    unlink(file);
    free(first);
    stand_end(&stand);
}
