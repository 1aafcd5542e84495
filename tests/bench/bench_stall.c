/*
 * Half-open handshakes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <openssl/ssl.h>

#include "bench_link.h"

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

    bench_load_begin(load, &times);
    bench_load_make_links(load, count);
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
