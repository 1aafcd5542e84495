/* Who came in, and who has gone by the time the loop looks? */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/net_actor.h"

struct entrance {
    struct net_loop *loop;
    struct net_listener *listener;
    struct net_actor server;
    char peer[64];
    unsigned count;
    unsigned left;
};

static struct net_guest on_accepted(void *arg, const char *peer,
                                    const char *local)
{
    struct entrance *entrance = arg;

    (void)local;
    entrance->count++;
    snprintf(entrance->peer, sizeof entrance->peer, "%s", peer);
    return (struct net_guest){net_actor_machine(&entrance->server),
                              &entrance->server};
}

static void open_entrance(struct entrance *entrance)
{
    struct net_acceptor acceptor = {
        .accepted = on_accepted, .closed = net_actor_closed, .arg = entrance};
    char *why = NULL;

    entrance->loop = entrance->server.loop = net_loop_new(NULL, NULL);
    entrance->left = 1;
    entrance->server.left = &entrance->left;
    entrance->listener =
        net_listener_open(entrance->loop, "127.0.0.1:0", &acceptor, &why);
    cr_assert_not_null(entrance->listener, "%s", why);
}

static void close_entrance(struct entrance *entrance)
{
    net_loop_free(entrance->loop);
    net_actor_clear(&entrance->server);
}

static int join(const struct entrance *entrance, char own[64])
{
    struct sockaddr_in in = {0};
    socklen_t size = sizeof in;
    int fd = net_actor_connect(entrance->listener);

    cr_assert_eq(getsockname(fd, (struct sockaddr *)&in, &size), 0);
    snprintf(own, 64, "127.0.0.1:%u", (unsigned)ntohs(in.sin_port));
    return fd;
}

static void reset(int fd)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}

static void leave(int fd)
{
    close(fd);
}

/* Gone before the loop first turns. */
static void expect_told(void (*go)(int fd), enum wire_end end)
{
    struct entrance entrance = {.server = {.at_end = "c"}};
    char own[64];

    open_entrance(&entrance);
    go(join(&entrance, own));
    net_loop_watch(entrance.loop, 10000);
    net_loop_run(entrance.loop);
    net_loop_watch(entrance.loop, 0);

    cr_expect_eq(entrance.count, 1u);
    cr_expect_str_eq(entrance.peer, own);
    cr_expect(entrance.server.ended);
    cr_expect_eq(entrance.server.end, end);
    close_entrance(&entrance);
}

/* As the probes of load balancers do. */
Test(net_accept, tells_of_one_who_was_reset_before_it_was_taken_in)
{
    expect_told(reset, WIRE_END_RESET);
}

Test(net_accept, tells_of_one_who_left_before_it_was_taken_in)
{
    expect_told(leave, WIRE_END_EOF);
}
