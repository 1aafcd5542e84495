#include "bench_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "lyncsim/alloc.h"

#define EVENTS_MAX 256
#define STEP_TIMEOUT_NS (60ull * 1000000000)
#define IN_FLIGHT_MAX 64
#define SECOND_NS 1000000000ull

/* The digits of REQUEST_NUMBER are counted up: each request is a new one. */
#define REQUEST_NUMBER "0123456789"
static const char request[] =
    "OPTIONS sip:fe.contoso.com SIP/2.0\r\n"
    "Via: SIP/2.0/TLS 127.0.0.1:49732;branch=z9hG4bK" REQUEST_NUMBER
    "ABCDEF\r\n"
    "Max-Forwards: 70\r\n"
    "From: <sip:cas.contoso.com>;tag=0123456789;epid=0123456789\r\n"
    "To: <sip:fe.contoso.com>\r\n"
    "Call-ID: 0123456789ABCDEF0123456789ABCDEF\r\n"
    "CSeq: 1 OPTIONS\r\n"
    "Contact: <sip:cas.contoso.com:5199;transport=tls>\r\n"
    "User-Agent: RTCC/4.0.0.0\r\n"
    "Content-Length: 0\r\n\r\n";

enum link_state { LINK_SHAKING, LINK_OPEN, LINK_CLOSING, LINK_ENDED };

struct link {
    SSL *ssl;
    int fd;
    enum link_state state;
    uint64_t began_ns;
    uint64_t sent_ns[IN_FLIGHT_MAX]; /* of requests without answer, a ring */
    unsigned first, waiting;
    unsigned matched; /* bytes of a blank line seen at the end */
    size_t dripped;
};

struct bench_load {
    SSL_CTX *context;
    uint16_t port;
    int epoll;
    struct link *links;
    unsigned link_count;
    /* Of the step under way. */
    struct bench_times *times;
    size_t capacity;
    bool awaits_drop;
    bool is_handshake_step;
    unsigned to_start, live;
    unsigned to_send;
    unsigned in_flight;
    uint64_t next_number; /* of a request */
};

/* --- figures ------------------------------------------------------------- */

uint64_t bench_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static int compare_ns(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

uint64_t bench_times_quantile(struct bench_times *times, double value)
{
    if (times->count == 0)
        return 0;
    qsort(times->each, times->count, sizeof *times->each, compare_ns);
    return times->each[(size_t)(value * (double)(times->count - 1))];
}

void bench_times_clear(struct bench_times *times)
{
    free(times->each);
    *times = (struct bench_times){0};
}

static void note(struct bench_load *load, uint64_t since_ns)
{
    struct bench_times *times = load->times;

    LS_GROW(times->each, times->count, load->capacity);
    times->each[times->count++] = bench_now_ns() - since_ns;
}

static void begin_step(struct bench_load *load, struct bench_times *times)
{
    *times = (struct bench_times){0};
    load->times = times;
    load->capacity = 0;
    load->to_start = load->to_send = 0;
    load->is_handshake_step = false;
}

/* --- one connection ------------------------------------------------------ */

SSL_CTX *bench_client_context(const char *certificate, const char *key,
                              const char *version)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int number = version && strcmp(version, "1.3") == 0 ? TLS1_3_VERSION
                                                        : TLS1_2_VERSION;

    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS |
                                  SSL_MODE_NO_AUTO_CHAIN |
                                  SSL_MODE_ENABLE_PARTIAL_WRITE);
    if (version) {
        SSL_CTX_set_min_proto_version(context, number);
        SSL_CTX_set_max_proto_version(context, number);
    }
    if (certificate &&
        (SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
         SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)) {
        ERR_print_errors_fp(stderr);
        exit(3);
    }
    return context;
}

static int dial(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int on = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 &&
        errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    return fd;
}

static void watch(struct bench_load *load, struct link *link, uint32_t events,
                  int operation)
{
    struct epoll_event event = {.events = events, .data.ptr = link};

    epoll_ctl(load->epoll, operation, link->fd, &event);
}

static bool start_link(struct bench_load *load, struct link *link)
{
    *link = (struct link){.fd = dial(load->port), .state = LINK_SHAKING};
    if (link->fd < 0) {
        link->state = LINK_ENDED;
        return false;
    }
    link->began_ns = bench_now_ns();
    link->ssl = SSL_new(load->context);
    SSL_set_fd(link->ssl, link->fd);
    SSL_set_connect_state(link->ssl);
    watch(load, link, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
    load->live++;
    return true;
}

static void end_link(struct bench_load *load, struct link *link, bool is_well)
{
    if (link->state == LINK_ENDED)
        return;
    link->state = LINK_ENDED;
    SSL_free(link->ssl);
    close(link->fd);
    load->live--;
    load->times->failed += !is_well;
    if (load->to_start > 0) {
        load->to_start--;
        start_link(load, link);
    }
}

/* A request of its own at out; its length. */
static size_t write_request(struct bench_load *load, char *out)
{
    static const char number[] = REQUEST_NUMBER;
    char *digits;

    memcpy(out, request, sizeof request - 1);
    digits = memmem(out, sizeof request - 1, number, sizeof number - 1);
    for (uint64_t rest = load->next_number++, i = sizeof number - 1; i > 0;
         rest /= 10)
        digits[--i] = (char)('0' + rest % 10);
    return sizeof request - 1;
}

static void send_requests(struct bench_load *load, struct link *link)
{
    char out[IN_FLIGHT_MAX * sizeof request];
    uint64_t now_ns = bench_now_ns();
    size_t length = 0;

    while (link->waiting < load->in_flight && load->to_send > 0) {
        length += write_request(load, out + length);
        link->sent_ns[(link->first + link->waiting++) % IN_FLIGHT_MAX] = now_ns;
        load->to_send--;
    }
    if (length > 0 && SSL_write(link->ssl, out, (int)length) != (int)length)
        end_link(load, link, false);
}

static void take_answers(struct bench_load *load, struct link *link,
                         const char *text, size_t length)
{
    static const char blank[] = "\r\n\r\n";

    for (size_t i = 0; i < length; i++) {
        if (text[i] == blank[link->matched])
            link->matched++;
        else
            link->matched = text[i] == '\r';
        if (link->matched < 4)
            continue;
        link->matched = 0;
        if (link->waiting > 0) {
            note(load, link->sent_ns[link->first]);
            link->first = (link->first + 1) % IN_FLIGHT_MAX;
            link->waiting--;
        }
    }
}

static void on_shaken(struct bench_load *load, struct link *link)
{
    link->state = LINK_OPEN;
    watch(load, link, EPOLLIN, EPOLL_CTL_MOD);
    if (!load->is_handshake_step)
        return;
    note(load, link->began_ns);
    link->state = LINK_CLOSING;
    if (!load->awaits_drop) {
        SSL_shutdown(link->ssl);
        shutdown(link->fd, SHUT_WR);
    }
}

/* Read until there is no more; the end of the other side is well where it is
 * awaited. */
static void read_link(struct bench_load *load, struct link *link)
{
    char text[16384];
    int count, error;

    ERR_clear_error();
    while ((count = SSL_read(link->ssl, text, sizeof text)) > 0)
        take_answers(load, link, text, (size_t)count);
    error = SSL_get_error(link->ssl, count);
    if (error == SSL_ERROR_WANT_READ)
        return;
    if (error == SSL_ERROR_ZERO_RETURN && link->state == LINK_CLOSING)
        SSL_set_shutdown(link->ssl, SSL_RECEIVED_SHUTDOWN);
    end_link(load, link, link->state == LINK_CLOSING);
}

static void on_event(struct bench_load *load, struct link *link)
{
    int result;

    if (link->state == LINK_ENDED)
        return;
    if (link->state == LINK_SHAKING) {
        ERR_clear_error();
        result = SSL_do_handshake(link->ssl);
        if (result == 1) {
            on_shaken(load, link);
        } else {
            int error = SSL_get_error(link->ssl, result);

            if (error == SSL_ERROR_WANT_READ)
                watch(load, link, EPOLLIN, EPOLL_CTL_MOD);
            else if (error != SSL_ERROR_WANT_WRITE)
                end_link(load, link, false);
            return;
        }
    }
    read_link(load, link);
    if (link->state == LINK_OPEN)
        send_requests(load, link);
}

/* One turn of the loop; wait_ms at most. */
static void turn(struct bench_load *load, int wait_ms)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(load->epoll, events, EVENTS_MAX, wait_ms);

    for (int i = 0; i < count; i++)
        on_event(load, events[i].data.ptr);
}

/* --- steps --------------------------------------------------------------- */

struct bench_load *bench_load_new(SSL_CTX *context, uint16_t port)
{
    struct bench_load *load = ls_alloc(sizeof *load);

    load->context = context;
    load->port = port;
    load->epoll = epoll_create1(0);
    return load;
}

static void make_links(struct bench_load *load, unsigned count)
{
    free(load->links);
    load->links = ls_alloc_array(count, sizeof *load->links);
    load->link_count = count;
    for (unsigned i = 0; i < count; i++)
        load->links[i].state = LINK_ENDED;
}

void bench_load_free(struct bench_load *load)
{
    bench_load_close(load);
    close(load->epoll);
    free(load->links);
    free(load);
}

void bench_load_handshakes(struct bench_load *load, unsigned total,
                           unsigned at_once, bool awaits_drop,
                           struct bench_times *times)
{
    uint64_t until_ns = bench_now_ns() + STEP_TIMEOUT_NS;

    begin_step(load, times);
    make_links(load, at_once);
    load->is_handshake_step = true;
    load->awaits_drop = awaits_drop;
    load->to_start = total;
    for (unsigned i = 0; i < at_once && load->to_start > 0; i++) {
        load->to_start--;
        if (!start_link(load, &load->links[i]))
            times->failed++;
    }
    while (load->live > 0 && bench_now_ns() < until_ns)
        turn(load, 100);
    times->failed += load->live + load->to_start;
    bench_load_close(load);
}

bool bench_load_open(struct bench_load *load, unsigned count)
{
    struct bench_times times;
    uint64_t until_ns = bench_now_ns() + STEP_TIMEOUT_NS;
    unsigned started = 0, open = 0;

    begin_step(load, &times);
    make_links(load, count);
    while (open < count && times.failed == 0 && bench_now_ns() < until_ns) {
        /* No more at a time than a backlog holds. */
        while (started < count && started < open + 64)
            if (!start_link(load, &load->links[started++]))
                return false;
        turn(load, 100);
        open = 0;
        for (unsigned i = 0; i < started; i++)
            open += load->links[i].state == LINK_OPEN;
    }
    return open == count;
}

static unsigned waiting_count(const struct bench_load *load)
{
    unsigned count = 0;

    for (unsigned i = 0; i < load->link_count; i++)
        if (load->links[i].state == LINK_OPEN)
            count += load->links[i].waiting;
    return count;
}

void bench_load_options(struct bench_load *load, unsigned total,
                        unsigned in_flight, struct bench_times *times)
{
    uint64_t until_ns = bench_now_ns() + STEP_TIMEOUT_NS;

    begin_step(load, times);
    load->to_send = total;
    load->in_flight = in_flight;
    for (unsigned i = 0; i < load->link_count; i++)
        if (load->links[i].state == LINK_OPEN)
            send_requests(load, &load->links[i]);
    while (times->count + times->failed < total && load->live > 0 &&
           bench_now_ns() < until_ns)
        turn(load, 100);
    times->failed += waiting_count(load) + load->to_send;
}

void bench_load_paced(struct bench_load *load, unsigned rate, unsigned seconds,
                      struct bench_times *times)
{
    uint64_t began_ns = bench_now_ns();
    uint64_t end_ns = began_ns + seconds * SECOND_NS;
    uint64_t interval_ns = SECOND_NS / rate;
    unsigned sent = 0;

    begin_step(load, times);
    load->in_flight = 0;
    while (bench_now_ns() < end_ns) {
        uint64_t due_ns = began_ns + sent * interval_ns;
        struct link *link = &load->links[sent % load->link_count];
        char out[sizeof request];
        size_t length;

        if (bench_now_ns() < due_ns) {
            turn(load, 0);
            continue;
        }
        sent++;
        length = write_request(load, out);
        if (link->state != LINK_OPEN || link->waiting == IN_FLIGHT_MAX ||
            SSL_write(link->ssl, out, (int)length) <= 0) {
            times->failed++;
            continue;
        }
        link->sent_ns[(link->first + link->waiting++) % IN_FLIGHT_MAX] = due_ns;
    }
    for (uint64_t until_ns = bench_now_ns() + 2 * SECOND_NS;
         waiting_count(load) > 0 && bench_now_ns() < until_ns;)
        turn(load, 10);
    times->failed += waiting_count(load);
}

void bench_load_close(struct bench_load *load)
{
    struct bench_times times = {0};

    load->times = &times;
    load->to_start = 0;
    for (unsigned i = 0; i < load->link_count; i++) {
        struct link *link = &load->links[i];

        if (link->state == LINK_OPEN)
            SSL_shutdown(link->ssl);
        end_link(load, link, true);
    }
}

/* --- half-open handshakes ------------------------------------------------ */

static size_t write_hello(struct bench_load *load, char *out, size_t size)
{
    SSL *ssl = SSL_new(load->context);
    BIO *in = BIO_new(BIO_s_mem()), *wire = BIO_new(BIO_s_mem());
    int length;

    SSL_set_bio(ssl, in, wire);
    SSL_set_connect_state(ssl);
    SSL_do_handshake(ssl);
    length = BIO_read(wire, out, (int)size);
    SSL_free(ssl);
    return length > 0 ? (size_t)length : 0;
}

bool bench_load_stall(struct bench_load *load, unsigned count, bool drips)
{
    struct bench_times times;
    char hello[2048];
    size_t length = write_hello(load, hello, sizeof hello);

    begin_step(load, &times);
    make_links(load, count);
    for (unsigned i = 0; i < count; i++) {
        struct link *link = &load->links[i];
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons(load->port),
                                      .sin_addr.s_addr =
                                          htonl(INADDR_LOOPBACK)};

        *link = (struct link){.fd = socket(AF_INET, SOCK_STREAM, 0),
                              .state = LINK_CLOSING};
        load->live++;
        if (link->fd < 0 ||
            connect(link->fd, (struct sockaddr *)&address, sizeof address) != 0)
            return false;
        link->dripped = drips ? length / 2 : length;
        if (send(link->fd, hello, link->dripped, MSG_NOSIGNAL) < 0)
            return false;
    }
    return true;
}

void bench_load_drip(struct bench_load *load)
{
    char hello[2048];
    size_t length = write_hello(load, hello, sizeof hello);

    for (unsigned i = 0; i < load->link_count; i++) {
        struct link *link = &load->links[i];

        if (link->state == LINK_CLOSING && link->dripped + 1 < length)
            send(link->fd, hello + link->dripped++, 1,
                 MSG_NOSIGNAL | MSG_DONTWAIT);
    }
}

unsigned bench_load_ended(struct bench_load *load)
{
    unsigned ended = 0;
    char text[4096];

    for (unsigned i = 0; i < load->link_count; i++) {
        ssize_t count;

        do
            count = recv(load->links[i].fd, text, sizeof text, MSG_DONTWAIT);
        while (count > 0);
        ended += count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }
    return ended;
}
