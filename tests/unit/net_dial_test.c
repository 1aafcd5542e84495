/* Are all addresses of a name tried, in their order, and is it told which ones
 * failed? What the names stand for is made up here. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/net_actor.h"

#define ADDRESSES_MAX 4

static const struct {
    const char *name;
    const char *addresses[ADDRESSES_MAX];
} names[] = {
    {"one.test", {"127.0.0.1"}},
    {"second.test", {"127.0.0.2", "127.0.0.1"}},
    {"last.test", {"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.1"}},
    {"first.test", {"127.0.0.1", "127.0.0.2"}},
    {"nobody.test", {"127.0.0.2", "127.0.0.3"}},
    {"127.0.0.1", {"127.0.0.1"}},
};

static struct addrinfo *info_of(const char *text)
{
    struct {
        struct addrinfo info;
        struct sockaddr_in in;
    } *both = ls_alloc(sizeof *both);

    both->in.sin_family = AF_INET;
    inet_pton(AF_INET, text, &both->in.sin_addr);
    both->info.ai_family = AF_INET;
    both->info.ai_socktype = SOCK_STREAM;
    both->info.ai_addr = (struct sockaddr *)&both->in;
    both->info.ai_addrlen = sizeof both->in;
    return &both->info;
}

/* In place of the system's, also for the libraries. */
int getaddrinfo(const char *node, const char *service,
                const struct addrinfo *hints, struct addrinfo **found)
{
    struct addrinfo **end = found;

    (void)service;
    (void)hints;
    *found = NULL;
    for (size_t i = 0; i < LS_COUNT(names); i++)
        for (size_t j = 0; strcmp(names[i].name, node) == 0 &&
                           j < ADDRESSES_MAX && names[i].addresses[j] != NULL;
             j++) {
            *end = info_of(names[i].addresses[j]);
            end = &(*end)->ai_next;
        }
    return *found != NULL ? 0 : EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *info)
{
    while (info != NULL) {
        struct addrinfo *next = info->ai_next;

        free(info);
        info = next;
    }
}

struct dialled {
    struct net_actor server, peer;
    struct net_loop *loop;
    struct net_listener *listener;
    const char *port;   /* with its colon */
    struct ls_buf told; /* "127.0.0.2 failed, " … "127.0.0.1 joined" */
    unsigned left;
};

static void tell(struct dialled *dialled, const char *remote, const char *what)
{
    struct ls_str text = ls_str_from(remote);

    ls_buf_printf(&dialled->told, "%s%.*s %s",
                  dialled->told.length > 0 ? ", " : "",
                  (int)ls_str_find(text, ':'), remote, what);
}

static void on_failed(void *arg, const char *remote, const char *why)
{
    cr_expect_not_null(why);
    cr_expect_gt(strlen(why), 0u);
    tell(arg, remote, "failed");
}

static void on_joined(void *arg, const char *local, const char *remote)
{
    (void)local;
    tell(arg, remote, "joined");
}

static void on_closed(void *arg)
{
    net_actor_over(&((struct dialled *)arg)->peer);
}

static void listen_somewhere(struct dialled *dialled)
{
    struct net_acceptor acceptor = {.accepted = net_actor_accepted,
                                    .closed = net_actor_closed,
                                    .arg = &dialled->server};
    char *why = NULL;

    *dialled = (struct dialled){
        .server = {.at_bytes = "s", .at_end = "c"},
        .peer = {.at_first = "s", .at_bytes = "f", .at_end = "c"},
        .loop = net_loop_new(NULL, NULL),
        .left = 2,
    };
    dialled->server.loop = dialled->peer.loop = dialled->loop;
    dialled->server.left = dialled->peer.left = &dialled->left;
    dialled->listener =
        net_listener_open(dialled->loop, "127.0.0.1:0", &acceptor, &why);
    cr_assert_not_null(dialled->listener, "%s", why);
    dialled->port = strrchr(net_listener_address(dialled->listener), ':');
}

static void dial(struct dialled *dialled, const char *name)
{
    struct net_dialer dialer = {.joined = on_joined,
                                .closed = on_closed,
                                .arg = dialled,
                                .failed = on_failed};
    char *address = ls_strf("%s%s", name, dialled->port);

    net_dial(dialled->loop, address, net_actor_machine(&dialled->peer),
             &dialer);
    net_loop_watch(dialled->loop, 10000);
    net_loop_run(dialled->loop);
    ls_buf_add_byte(&dialled->told, '\0');
    free(address);
}

static void forget(struct dialled *dialled)
{
    net_actor_clear(&dialled->server);
    net_actor_clear(&dialled->peer);
    net_loop_free(dialled->loop);
    ls_buf_clear(&dialled->told);
}

Test(net_dial, goes_on_to_the_next_address)
{
    static const struct {
        const char *name, *told;
    } rows[] = {
        {"one.test", "127.0.0.1 joined"},
        {"first.test", "127.0.0.1 joined"},
        {"second.test", "127.0.0.2 failed, 127.0.0.1 joined"},
        {"last.test", "127.0.0.2 failed, 127.0.0.3 failed, 127.0.0.4 failed, "
                      "127.0.0.1 joined"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct dialled dialled;

        listen_somewhere(&dialled);
        dial(&dialled, rows[i].name);

        cr_expect_str_eq(dialled.told.at, rows[i].told, "%s", rows[i].name);
        cr_expect(ls_str_equal_text(ls_buf_str(&dialled.peer.got), "word"),
                  "%s", rows[i].name);
        cr_expect_eq(dialled.peer.end, WIRE_END_EOF, "%s", rows[i].name);
        forget(&dialled);
    }
}

Test(net_dial, tells_the_machine_once_that_none_answers)
{
    struct dialled dialled;

    listen_somewhere(&dialled);
    dialled.left = 1;
    dial(&dialled, "nobody.test");

    cr_expect_str_eq(dialled.told.at, "127.0.0.2 failed, 127.0.0.3 failed");
    cr_expect(dialled.peer.closed);
    cr_expect_eq(dialled.peer.end, WIRE_END_FAILED);
    cr_expect_eq(dialled.peer.got.length, 0u);
    forget(&dialled);
}

/* A socket whose queue is full: who dials it hears nothing at all. */
static void make_deaf(const char *address, const char *port, int fds[4])
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port =
                                 htons((uint16_t)strtoul(port + 1, NULL, 10))};

    inet_pton(AF_INET, address, &in.sin_addr);
    fds[0] = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(fds[0], (struct sockaddr *)&in, sizeof in), 0);
    cr_assert_eq(listen(fds[0], 0), 0);
    for (size_t i = 1; i < 4; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(fds[i], (struct sockaddr *)&in, sizeof in);
    }
}

Test(net_dial, leaves_time_for_the_next_where_one_does_not_answer)
{
    struct dialled dialled;
    int deaf[4];

    listen_somewhere(&dialled);
    make_deaf("127.0.0.2", dialled.port, deaf);
    dialled.peer.deadline_ms = net_loop_now_ms(dialled.loop) + 2000;
    dial(&dialled, "second.test");

    cr_expect_str_eq(dialled.told.at, "127.0.0.2 failed, 127.0.0.1 joined");
    cr_expect(ls_str_equal_text(ls_buf_str(&dialled.peer.got), "word"));
    for (size_t i = 0; i < 4; i++)
        close(deaf[i]);
    forget(&dialled);
}

/* The loop goes while an address is being tried. */
Test(net_dial, is_cut_while_it_tries)
{
    struct dialled dialled;
    int deaf[4];
    char *address;

    listen_somewhere(&dialled);
    make_deaf("127.0.0.2", dialled.port, deaf);
    dialled.left = 1;
    address = ls_strf("second.test%s", dialled.port);
    net_dial(dialled.loop, address, net_actor_machine(&dialled.peer),
             &(struct net_dialer){.closed = on_closed, .arg = &dialled});
    net_loop_stop(dialled.loop, 0);
    net_loop_run(dialled.loop);
    free(address);

    cr_expect(dialled.peer.ended);
    for (size_t i = 0; i < 4; i++)
        close(deaf[i]);
    forget(&dialled);
}
