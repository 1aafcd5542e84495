/*
 * Threads that serve. They share the gate, ground that never changes, and
 * mailboxes: nobody waits for anybody.
 */
#include "serve_crew.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mailbox.h"

#include "command.h"
#include "record_writer.h"

/* What an event costs beside the bytes of its message, about. */
#define EVENT_BYTES 512u
/* Messages that wait at home; beyond this a request is answered with 503. */
#define HOME_HIGH_BYTES (8u * 1024 * 1024)

enum mail_kind {
    MAIL_EVENTS,
    MAIL_STANDING,
    MAIL_GROUND,
    MAIL_STOP,
    MAIL_OVER
};

/* What goes between the teller and a desk; errands are letters of their own. */
struct mail {
    struct mailbox_letter letter;
    enum mail_kind kind;
    struct trace_event *events; /* count of them */
    size_t count, capacity, bytes;
    struct serve_ground *ground;
    uint32_t grace_ms;
};

struct outgoing {
    struct errand *errand;
    struct worker *to;
};

struct worker {
    struct serve_crew *crew;
    unsigned index;
    pthread_t thread;
    bool is_running;
    struct net_loop *loop;
    struct net_bell *bell;
    struct mailbox orders;  /* from the teller */
    struct mailbox errands; /* from other desks */
    struct serve_desk *desk;
    struct mail *batch;        /* what this turn of the loop brought … */
    struct outgoing *outgoing; /* … and what it leaves for other desks */
    size_t outgoing_count, outgoing_capacity;
};

struct serve_crew {
    struct serve_crew_setup setup;
    struct net_bell *bell;
    struct mailbox told;
    struct worker *workers;
    unsigned over_count, standing_count;
    bool is_over; /* no thread is left */
    atomic_size_t waiting_bytes;
    atomic_size_t home_bytes;
    atomic_ullong lost_count;
};

static struct mail *mail_new(enum mail_kind kind)
{
    struct mail *mail = ls_alloc(sizeof *mail);

    mail->kind = kind;
    return mail;
}

static void mail_free(struct mail *mail)
{
    for (size_t i = 0; i < mail->count; i++)
        trace_event_clear(&mail->events[i]);
    free(mail->events);
    serve_ground_release(mail->ground);
    free(mail);
}

/* --- at a desk ------------------------------------------------------------ */

static void post(struct worker *worker, struct mail *mail)
{
    struct serve_crew *crew = worker->crew;

    if (mailbox_put(&crew->told, &mail->letter) && !crew->is_over)
        net_bell_ring(crew->bell);
}

/* event's content is taken. */
static void add_event(struct mail *batch, const struct trace_event *event)
{
    LS_GROW(batch->events, batch->count, batch->capacity);
    batch->bytes += EVENT_BYTES + event->byte_count;
    batch->events[batch->count++] = *event;
}

static void on_happened(void *arg, struct trace_journal *journal)
{
    struct worker *worker = arg;
    int64_t step_ms = net_loop_clock_step_ms(worker->loop);
    struct trace_event event;
    uint64_t dropped;

    while (trace_journal_take(journal, &event)) {
        event.at_ms += step_ms;
        add_event(worker->batch, &event);
    }
    dropped = trace_journal_take_dropped(journal);
    if (dropped > 0)
        atomic_fetch_add(&worker->crew->lost_count, dropped);
}

static void on_carry(void *arg, struct errand *errand, unsigned desk)
{
    struct worker *worker = arg;

    LS_GROW(worker->outgoing, worker->outgoing_count,
            worker->outgoing_capacity);
    worker->outgoing[worker->outgoing_count++] =
        (struct outgoing){errand, &worker->crew->workers[desk]};
}

/* To be told, or told and to be written. */
static size_t bytes_waiting(struct serve_crew *crew)
{
    return atomic_load(&crew->waiting_bytes) +
           crew->setup.unwritten(crew->setup.arg);
}

static void post_events(struct worker *worker)
{
    struct serve_crew *crew = worker->crew;
    struct mail *batch = worker->batch;

    if (batch->count == 0)
        return;
    worker->batch = mail_new(MAIL_EVENTS);
    if (bytes_waiting(crew) > RECORDS_MAX_BYTES) {
        atomic_fetch_add(&crew->lost_count, batch->count);
        mail_free(batch);
        return;
    }
    atomic_fetch_add(&crew->waiting_bytes, batch->bytes);
    post(worker, batch);
}

static void carry_errands(struct worker *worker)
{
    struct serve_crew *crew = worker->crew;

    for (size_t i = 0; i < worker->outgoing_count; i++) {
        struct errand *errand = worker->outgoing[i].errand;
        struct worker *other = worker->outgoing[i].to;

        if (other->index == 0)
            atomic_fetch_add(&crew->home_bytes, errand->byte_count);
        if (mailbox_put(&other->errands, &errand->letter) && !crew->is_over)
            net_bell_ring(other->bell);
    }
    worker->outgoing_count = 0;
}

/* First what happened, then what follows from it elsewhere: so the teller's
 * one mailbox holds every cause before its effect. */
static void on_turn(void *arg)
{
    struct worker *worker = arg;
    struct serve_crew *crew = worker->crew;

    post_events(worker);
    carry_errands(worker);
    serve_desk_set_home_is_busy(worker->desk, atomic_load(&crew->home_bytes) >
                                                  HOME_HIGH_BYTES);
    serve_desk_set_unwritten(worker->desk, bytes_waiting(crew));
}

static void obey(struct worker *worker, struct mail *order)
{
    if (order->kind == MAIL_GROUND) {
        serve_desk_stand_on(worker->desk, order->ground);
        post(worker, mail_new(MAIL_STANDING));
    } else {
        assert(order->kind == MAIL_STOP);
        net_loop_stop(worker->loop, order->grace_ms);
    }
    mail_free(order);
}

static void on_bell(void *arg)
{
    struct worker *worker = arg;
    struct mailbox_letter *letter = mailbox_take(&worker->orders), *next;

    for (; letter != NULL; letter = next) {
        next = letter->next;
        obey(worker, (struct mail *)letter);
    }
    for (letter = mailbox_take(&worker->errands); letter; letter = next) {
        struct errand *errand = (struct errand *)letter;

        next = letter->next;
        if (worker->index == 0)
            atomic_fetch_sub(&worker->crew->home_bytes, errand->byte_count);
        serve_desk_do_errand(worker->desk, errand);
    }
}

static void *work(void *arg)
{
    struct worker *worker = arg;

    net_loop_run(worker->loop);
    on_turn(worker);
    post(worker, mail_new(MAIL_OVER));
    return NULL;
}

/* --- where it is told ----------------------------------------------------- */

static void order_all(struct serve_crew *crew, enum mail_kind kind,
                      struct serve_ground *ground, uint32_t grace_ms)
{
    for (unsigned i = 0; i < crew->setup.count; i++) {
        struct worker *worker = &crew->workers[i];
        struct mail *order = mail_new(kind);

        order->grace_ms = grace_ms;
        order->ground = ground;
        if (ground != NULL)
            serve_ground_hold(ground);
        if (mailbox_put(&worker->orders, &order->letter))
            net_bell_ring(worker->bell);
    }
}

static void read_mail(struct serve_crew *crew, struct mail *mail)
{
    switch (mail->kind) {
    case MAIL_EVENTS:
        for (size_t i = 0; i < mail->count; i++)
            crew->setup.tell(crew->setup.arg, &mail->events[i]);
        break;
    case MAIL_STANDING:
        if (++crew->standing_count % crew->setup.count == 0)
            crew->setup.standing(crew->setup.arg);
        break;
    case MAIL_OVER:
        if (++crew->over_count == crew->setup.count)
            net_loop_leave(crew->setup.loop);
        break;
    case MAIL_GROUND:
    case MAIL_STOP:
        assert(!"an order is not for the teller");
    }
}

void serve_crew_relieve(struct serve_crew *crew)
{
    for (unsigned i = 0; i < crew->setup.count && !crew->is_over; i++)
        net_bell_ring(crew->workers[i].bell);
}

/* Peers that are not read from are again when enough of this is done. */
static void relieve(struct serve_crew *crew, size_t bytes)
{
    size_t before = atomic_fetch_sub(&crew->waiting_bytes, bytes);

    if (before > RECORDS_LOW_BYTES && before - bytes <= RECORDS_LOW_BYTES)
        serve_crew_relieve(crew);
}

static void on_told(void *arg)
{
    struct serve_crew *crew = arg;
    struct mailbox_letter *letter = mailbox_take(&crew->told), *next;

    for (; letter != NULL; letter = next) {
        struct mail *mail = (struct mail *)letter;
        size_t bytes = mail->bytes;

        next = letter->next;
        read_mail(crew, mail);
        mail_free(mail);
        crew->setup.told(crew->setup.arg,
                         atomic_exchange(&crew->lost_count, 0));
        relieve(crew, bytes);
    }
}

/* --- life ----------------------------------------------------------------- */

static bool hire(struct serve_crew *crew, unsigned index)
{
    struct worker *worker = &crew->workers[index];
    struct serve_desk_setup setup = crew->setup.desk;

    worker->crew = crew;
    worker->index = index;
    worker->loop = command_loop();
    if (worker->loop == NULL)
        return false;
    worker->bell = net_loop_bell(worker->loop, false, on_bell, worker);
    worker->batch = mail_new(MAIL_EVENTS);
    setup.loop = worker->loop;
    setup.index = index;
    setup.count = crew->setup.count;
    setup.happened = on_happened;
    setup.carry = on_carry;
    setup.arg = worker;
    worker->desk = serve_desk_new(&setup);
    net_loop_on_turn(worker->loop, on_turn, worker);
    return true;
}

struct serve_crew *serve_crew_new(const struct serve_crew_setup *setup)
{
    struct serve_crew *crew = ls_alloc(sizeof *crew);

    crew->setup = *setup;
    crew->bell = net_loop_bell(setup->loop, true, on_told, crew);
    crew->workers = ls_alloc_array(setup->count, sizeof *crew->workers);
    for (unsigned i = 0; i < setup->count; i++)
        if (!hire(crew, i)) {
            crew->setup.count = i;
            serve_crew_free(crew);
            return NULL;
        }
    return crew;
}

struct net_listener *serve_crew_listen(struct serve_crew *crew,
                                       const char *address, char **why)
{
    struct net_listener *first =
        serve_desk_listen(crew->workers[0].desk, address, why);
    bool all = first != NULL;

    for (unsigned i = 1; all && i < crew->setup.count; i++)
        all = serve_desk_listen(crew->workers[i].desk,
                                net_listener_address(first), why) != NULL;
    return all ? first : NULL;
}

bool serve_crew_start(struct serve_crew *crew)
{
    for (unsigned i = 0; i < crew->setup.count; i++) {
        struct worker *worker = &crew->workers[i];
        int error = pthread_create(&worker->thread, NULL, work, worker);

        if (error != 0) {
            command_complain("there is no thread %u of %u to be had: %s", i + 1,
                             crew->setup.count, strerror(error));
            serve_crew_stop(crew, 0);
            return false;
        }
        worker->is_running = true;
    }
    return true;
}

void serve_crew_stand_on(struct serve_crew *crew, struct serve_ground *ground)
{
    order_all(crew, MAIL_GROUND, ground, 0);
}

void serve_crew_stop(struct serve_crew *crew, uint32_t grace_ms)
{
    order_all(crew, MAIL_STOP, NULL, grace_ms);
}

static void throw_away(struct worker *worker)
{
    struct mailbox_letter *letter, *next;

    for (letter = mailbox_take(&worker->errands); letter; letter = next) {
        next = letter->next;
        errand_free((struct errand *)letter);
    }
    for (letter = mailbox_take(&worker->orders); letter; letter = next) {
        next = letter->next;
        mail_free((struct mail *)letter);
    }
    for (size_t i = 0; i < worker->outgoing_count; i++)
        errand_free(worker->outgoing[i].errand);
    mail_free(worker->batch);
    free(worker->outgoing);
}

void serve_crew_free(struct serve_crew *crew)
{
    if (crew == NULL)
        return;
    for (unsigned i = 0; i < crew->setup.count; i++)
        if (crew->workers[i].is_running)
            pthread_join(crew->workers[i].thread, NULL);
    crew->is_over = true;
    for (unsigned i = 0; i < crew->setup.count; i++) {
        net_loop_free(crew->workers[i].loop);
        post_events(&crew->workers[i]);
    }
    on_told(crew);
    for (unsigned i = 0; i < crew->setup.count; i++) {
        serve_desk_free(crew->workers[i].desk);
        throw_away(&crew->workers[i]);
    }
    free(crew->workers);
    free(crew);
}

const char *serve_crew_name(const struct serve_crew *crew)
{
    return serve_desk_name(crew->workers[0].desk);
}
