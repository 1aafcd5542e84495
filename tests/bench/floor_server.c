/*
 * The floor that the Front End is measured against: the smallest server on
 * libuv and OpenSSL that does a mutual handshake, looks at the client's common
 * name and answers each SIP request with the same 200. Tickets, automatic
 * chains and kept buffers are off; answers of one wake-up go in one write.
 *
 * usage: floor_server CERTIFICATE KEY AUTHORITY
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <uv.h>

#define READ_BYTES 16384
#define BACKLOG 4096

static const char answer[] = "SIP/2.0 200 OK\r\n"
                             "Via: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK1\r\n"
                             "From: <sip:bench@contoso.com>;tag=1\r\n"
                             "To: <sip:fe.contoso.com>;tag=2\r\n"
                             "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
                             "Content-Length: 0\r\n\r\n";

struct client {
    uv_poll_t poll;
    SSL *ssl;
    int fd;
    bool is_ready;
};

static uv_loop_t *loop;
static SSL_CTX *context;

static int accept_all(int is_ok, X509_STORE_CTX *store_context)
{
    (void)is_ok;
    (void)store_context;
    return 1;
}

static void die(const char *what)
{
    fprintf(stderr, "floor_server: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static SSL_CTX *new_context(char **argv)
{
    SSL_CTX *made = SSL_CTX_new(TLS_server_method());

    SSL_CTX_set_security_level(made, 0);
    if (SSL_CTX_use_certificate_chain_file(made, argv[1]) != 1 ||
        SSL_CTX_use_PrivateKey_file(made, argv[2], SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_load_verify_locations(made, argv[3], NULL) != 1)
        die("the certificates cannot be loaded");
    SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_options(made, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_num_tickets(made, 0);
    SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(made, SSL_VERIFY_PEER, accept_all);
    return made;
}

static void on_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;

    SSL_free(client->ssl);
    close(client->fd);
    free(client);
}

static void drop(struct client *client)
{
    if (!uv_is_closing((uv_handle_t *)&client->poll))
        uv_close((uv_handle_t *)&client->poll, on_closed);
}

static bool knows(SSL *ssl)
{
    X509 *peer = SSL_get0_peer_certificate(ssl);
    char name[256] = "";

    if (peer)
        X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName,
                                  name, sizeof name);
    return strcmp(name, "cas.contoso.com") == 0;
}

/* Each request ends with a blank line: the generator's have no body. */
static void reply(struct client *client, const char *text, size_t length)
{
    static char out[READ_BYTES * 4];
    size_t count = 0;

    for (const char *end;
         (end = memmem(text, length, "\r\n\r\n", 4)) != NULL;) {
        length -= (size_t)(end - text) + 4;
        text = end + 4;
        if (count + sizeof answer <= sizeof out) {
            memcpy(out + count, answer, sizeof answer - 1);
            count += sizeof answer - 1;
        }
    }
    if (count > 0 && SSL_write(client->ssl, out, (int)count) <= 0)
        drop(client);
}

static void read_all(struct client *client)
{
    static char text[READ_BYTES];
    int count;

    ERR_clear_error();
    while ((count = SSL_read(client->ssl, text, sizeof text)) > 0)
        reply(client, text, (size_t)count);
    if (SSL_get_error(client->ssl, count) != SSL_ERROR_WANT_READ)
        drop(client);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct client *client = poll->data;
    int result;

    (void)events;
    if (status < 0) {
        drop(client);
        return;
    }
    if (!client->is_ready) {
        ERR_clear_error();
        result = SSL_accept(client->ssl);
        if (result == 1)
            client->is_ready = true;
        else if (SSL_get_error(client->ssl, result) != SSL_ERROR_WANT_READ)
            drop(client);
        if (client->is_ready && !knows(client->ssl))
            drop(client);
        if (result != 1 || uv_is_closing((uv_handle_t *)poll))
            return;
    }
    read_all(client);
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    int listener = *(int *)poll->data;
    int on = 1;
    int fd;

    (void)status;
    (void)events;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct client *client = calloc(1, sizeof *client);

        if (!client)
            die("no memory");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        client->fd = fd;
        client->ssl = SSL_new(context);
        SSL_set_fd(client->ssl, fd);
        SSL_set_accept_state(client->ssl);
        SSL_set_read_ahead(client->ssl, 1);
        client->poll.data = client;
        uv_poll_init(loop, &client->poll, fd);
        uv_poll_start(&client->poll, UV_READABLE, on_readable);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    uv_poll_t poll;
    int listener;

    if (argc != 4)
        die("usage: floor_server CERTIFICATE KEY AUTHORITY");
    signal(SIGPIPE, SIG_IGN);
    context = new_context(argv);
    loop = uv_default_loop();
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 ||
        listen(listener, BACKLOG) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        die("cannot listen");
    poll.data = &listener;
    uv_poll_init(loop, &poll, listener);
    uv_poll_start(&poll, UV_READABLE, on_connection);
    printf("listening on 127.0.0.1:%u\n", ntohs(address.sin_port));
    fflush(stdout);
    return uv_run(loop, UV_RUN_DEFAULT);
}
