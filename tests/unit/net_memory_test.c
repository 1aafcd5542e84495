/* Is the memory of one who has gone given back, when it was much? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/net_actor.h"

/* What the guest says, and what is kept for it until it has gone. */
#define SAID_BYTES (72u << 20)
#define KEPT_BYTES (64u << 20)
#define BLOCK_BYTES 1024u
#define WAIT_MS 10000

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

struct hearer {
    struct net_loop *loop;
    size_t heard_bytes;
    bool has_gone;
    void **kept;
    void *above; /* the allocator gives back by itself what nothing is above */
};

/* The second number of what the kernel says, in pages. */
static size_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    char line[128], *rest;

    cr_assert_not_null(file);
    cr_assert_not_null(fgets(line, sizeof line, file));
    fclose(file);
    strtoul(line, &rest, 10);
    return strtoul(rest, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct hearer *hearer = self;

    (void)now_ms;
    hearer->heard_bytes += bytes.length;
}

static void feed_end(void *self, enum wire_end end, const char *detail,
                     uint64_t now_ms)
{
    struct hearer *hearer = self;

    (void)end;
    (void)detail;
    (void)now_ms;
    hearer->has_gone = true;
}

static void tick(void *self, uint64_t now_ms)
{
    (void)self;
    (void)now_ms;
}

static bool next(void *self, struct wire_action *action)
{
    const struct hearer *hearer = self;

    action->kind = WIRE_CLOSE;
    return hearer->has_gone;
}

static uint64_t deadline_ms(const void *self)
{
    (void)self;
    return WIRE_NEVER;
}

static const struct wire_machine_ops hearer_ops = {feed, feed_end, tick, next,
                                                   deadline_ms};

static void keep(struct hearer *hearer)
{
    size_t count = KEPT_BYTES / BLOCK_BYTES;

    hearer->kept = ls_alloc_array(count, sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        hearer->kept[i] = ls_alloc(BLOCK_BYTES);
        memset(hearer->kept[i], 1, BLOCK_BYTES);
    }
    hearer->above = ls_alloc(BLOCK_BYTES);
}

static struct net_guest on_accepted(void *arg, const char *peer,
                                    const char *local)
{
    (void)peer;
    (void)local;
    keep(arg);
    return (struct net_guest){{arg, &hearer_ops}, arg};
}

static void on_closed(void *arg, void *owner)
{
    struct hearer *hearer = owner;

    (void)arg;
    for (size_t i = 0; i < KEPT_BYTES / BLOCK_BYTES; i++)
        free(hearer->kept[i]);
    free(hearer->kept);
    hearer->kept = NULL;
}

/* From a process of its own, which does not wait for our loop. */
static void say_and_leave(const struct net_listener *listener)
{
    static const char words[1 << 16];
    int fd = net_actor_connect(listener);

    if (fork() == 0) {
        for (size_t said = 0; said < SAID_BYTES; said += sizeof words)
            send(fd, words, sizeof words, MSG_NOSIGNAL);
        _exit(0);
    }
    close(fd);
}

Test(net_memory, gives_back_what_was_kept_for_one_who_said_much)
{
    struct hearer hearer = {.heard_bytes = 0};
    struct net_acceptor acceptor = {
        .accepted = on_accepted, .closed = on_closed, .arg = &hearer};
    char *why = NULL;
    struct net_listener *listener;
    size_t before_bytes = resident_bytes();

    hearer.loop = net_loop_new(NULL, NULL);
    listener = net_listener_open(hearer.loop, "127.0.0.1:0", &acceptor, &why);
    cr_assert_not_null(listener, "%s", why);
    say_and_leave(listener);
    net_loop_watch(hearer.loop, WAIT_MS);
    while (!hearer.has_gone || hearer.kept != NULL)
        net_loop_turn(hearer.loop);
    while (!IS_SANITIZED && !net_loop_timed_out(hearer.loop) &&
           resident_bytes() > before_bytes + KEPT_BYTES / 2)
        net_loop_turn(hearer.loop);

    cr_expect_geq(hearer.heard_bytes, SAID_BYTES);
    /* A sanitizer keeps what was freed. */
    cr_expect(IS_SANITIZED ||
              resident_bytes() <= before_bytes + KEPT_BYTES / 2);
    free(hearer.above);
    net_loop_free(hearer.loop);
}
