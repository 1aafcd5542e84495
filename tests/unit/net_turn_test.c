/* Does everybody get a turn while somebody sends without end? */
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/net_actor.h"

enum { LOUD, QUIET, COUNT };

struct room {
    struct net_loop *loop;
    struct net_listener *listener;
    struct net_actor guests[COUNT];
    unsigned count, left;
};

static struct net_guest on_accepted(void *arg, const char *peer,
                                    const char *local)
{
    struct room *room = arg;
    struct net_actor *guest = &room->guests[room->count++];

    (void)peer;
    (void)local;
    guest->loop = room->loop;
    guest->left = &room->left;
    return (struct net_guest){net_actor_machine(guest), guest};
}

static int join(struct room *room)
{
    unsigned before = room->count;
    int fd = net_actor_connect(room->listener);

    while (room->count == before)
        net_loop_turn(room->loop);
    return fd;
}

/* As much as the system holds for a socket. */
static size_t shout(int fd)
{
    static const char words[1 << 16];
    size_t said = 0;
    ssize_t count;

    while ((count = send(fd, words, sizeof words, MSG_DONTWAIT)) > 0)
        said += (size_t)count;
    return said;
}

Test(net_turn, hears_the_quiet_beside_the_loud)
{
    struct room room = {.left = COUNT + 1};
    struct net_acceptor acceptor = {
        .accepted = on_accepted, .closed = net_actor_closed, .arg = &room};
    char *why = NULL;
    int loud, quiet;
    size_t said, heard;

    room.loop = net_loop_new(NULL, NULL);
    room.listener =
        net_listener_open(room.loop, "127.0.0.1:0", &acceptor, &why);
    cr_assert_not_null(room.listener, "%s", why);
    loud = join(&room);
    quiet = join(&room);

    said = shout(loud);
    cr_assert_gt(said, 1u << 18);
    cr_assert_eq(send(quiet, "x", 1, 0), 1);
    while (room.guests[QUIET].got.length == 0)
        net_loop_turn(room.loop);
    heard = room.guests[LOUD].got.length;
    cr_expect_leq(heard, 1u << 17, "%zu of %zu bytes came first", heard, said);
    while (room.guests[LOUD].got.length < said)
        net_loop_turn(room.loop);

    close(loud);
    close(quiet);
    net_loop_free(room.loop);
    for (size_t i = 0; i < COUNT; i++)
        net_actor_clear(&room.guests[i]);
}
