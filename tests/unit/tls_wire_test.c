/*
 * What a machine that speaks TLS hands to its wire, and in which order.
 */
#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/tls_wire.h"

static struct tls_context *context;
static struct tls_session *tls;
static struct tls_wire wire;
static struct wire_action action;

/* A client that has its first message to send. */
static void setup(void)
{
    const struct tls_settings settings = {.role = TLS_PEER,
                                          .versions = {TLS_1_2, TLS_1_2}};
    struct tls_event event;
    char *why = NULL;

    context = tls_context_new(&settings, &why);
    cr_assert_not_null(context, "%s", why);
    tls = tls_session_new(context, NULL, 0);
    tls_session_next(tls, &event);
    wire = (struct tls_wire){0};
}

static void teardown(void)
{
    tls_session_free(tls);
    tls_context_free(context);
}

TestSuite(tls_wire, .init = setup, .fini = teardown);

static bool next(void)
{
    tls_wire_taken(&wire, tls);
    return tls_wire_next(&wire, tls, &action);
}

Test(tls_wire, sends_what_there_is_before_it_ends)
{
    static const enum wire_action_kind ends[] = {WIRE_SHUTDOWN, WIRE_CLOSE,
                                                 WIRE_RESET};

    tls_wire_end(&wire, ends[0]);
    cr_assert(next());
    cr_expect_eq(action.kind, WIRE_SEND);
    cr_expect_gt(action.bytes.length, 0u);
    for (size_t i = 0; i < LS_COUNT(ends); i++) {
        wire = (struct tls_wire){.shown_count = wire.shown_count};
        tls_wire_end(&wire, ends[i]);
        cr_assert(next());
        cr_expect_eq(action.kind, ends[i]);
        cr_expect_not(next());
    }
}

Test(tls_wire, shows_again_what_was_not_taken)
{
    size_t length;

    cr_assert(tls_wire_next(&wire, tls, &action));
    length = action.bytes.length;
    cr_assert(tls_wire_next(&wire, tls, &action));
    cr_expect_eq(action.bytes.length, length);
    cr_expect_not(next());
}

Test(tls_wire, ends_once_more_after_a_shutdown_and_never_after_that)
{
    cr_assert(next());
    tls_wire_end(&wire, WIRE_SHUTDOWN);
    cr_assert(next());
    tls_wire_end(&wire, WIRE_CLOSE);
    cr_assert(next());
    cr_expect_eq(action.kind, WIRE_CLOSE);
    tls_wire_end(&wire, WIRE_RESET);
    cr_expect_not(next());
}

Test(tls_wire, sends_nothing_of_what_was_dropped)
{
    cr_assert(tls_wire_next(&wire, tls, &action));
    tls_wire_drop(&wire, tls);
    cr_expect_not(next());
}
