/*
 * One connection of the load generator: it shakes hands, sends requests and
 * counts answers.
 */
#include "bench_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#include "lyncsim/alloc.h"

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

static void note(struct bench_load *load, uint64_t since_ns)
{
    struct bench_times *times = load->times;

    LS_GROW(times->each, times->count, load->capacity);
    times->each[times->count++] = bench_now_ns() - since_ns;
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

bool bench_link_start(struct bench_load *load, struct link *link)
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

void bench_link_end(struct bench_load *load, struct link *link, bool is_well)
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
        bench_link_start(load, link);
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

void bench_link_send(struct bench_load *load, struct link *link)
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
        bench_link_end(load, link, false);
}

bool bench_link_send_one(struct bench_load *load, struct link *link,
                         uint64_t due_ns)
{
    char out[sizeof request];
    size_t length = write_request(load, out);

    if (link->state != LINK_OPEN || link->waiting == IN_FLIGHT_MAX ||
        SSL_write(link->ssl, out, (int)length) <= 0)
        return false;
    link->sent_ns[(link->first + link->waiting++) % IN_FLIGHT_MAX] = due_ns;
    return true;
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
    bench_link_end(load, link, link->state == LINK_CLOSING);
}

void bench_link_move(struct bench_load *load, struct link *link)
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
                bench_link_end(load, link, false);
            return;
        }
    }
    read_link(load, link);
    if (link->state == LINK_OPEN)
        bench_link_send(load, link);
}
