/*
 * Connections come and go; what one stands on stays until it has gone.
 */
#include "serve_desk.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/connection.h"
#include "lyncsim/sip_router.h"

#include "record_writer.h"
#include "serve_desk_internal.h"

/* What is not told in time is counted by the journal. */
#define JOURNAL_EVENTS 65536
#define BEAT_MS 1000
/* Nothing is known of what the product does: assumed. */
#define DIAL_REST_MS 1000

struct guest {
    struct connection *connection;
    struct stand *stand;
    char peer[]; /* as the gate knows it */
};

/* --- what happens --------------------------------------------------------- */

/* What one connection heard may be for another one to say, or for one that is
 * to be made first. */
void serve_desk_moved(void *arg)
{
    struct serve_desk *desk = arg;
    struct net_loop *loop = desk->setup.loop;
    struct connection *waiting;
    struct errand *errand;

    desk->setup.happened(desk->setup.arg, desk->journal);
    while ((waiting = front_end_next_waiting(desk->front_end)) != NULL)
        net_loop_wake(loop, connection_machine(waiting).self);
    while ((errand = front_end_next_errand(desk->front_end)) != NULL)
        desk->setup.carry(desk->setup.arg, errand,
                          front_end_errand_loop(desk->front_end, errand));
    serve_dial_wanted(desk);
}

void serve_desk_do_errand(struct serve_desk *desk, struct errand *errand)
{
    front_end_do_errand(desk->front_end, errand,
                        net_loop_now_ms(desk->setup.loop));
    serve_desk_moved(desk);
}

void serve_desk_set_home_is_busy(struct serve_desk *desk, bool is_busy)
{
    front_end_set_home_is_busy(desk->front_end, is_busy);
}

void serve_desk_set_unwritten(struct serve_desk *desk, size_t bytes)
{
    if (desk->is_held ? bytes > RECORDS_HIGH_BYTES / 2
                      : bytes <= RECORDS_HIGH_BYTES)
        return;
    desk->is_held = !desk->is_held;
    net_loop_hold(desk->setup.loop, desk->is_held);
}

/* Who asked from another loop has no machine here that would be told when the
 * time to answer is over. */
static void on_beat(void *arg)
{
    struct serve_desk *desk = arg;

    sip_router_tick(desk->front_end, net_loop_now_ms(desk->setup.loop));
    serve_desk_moved(desk);
}

/* Somebody whom no connection was made for. */
static void note_turned_away(struct serve_desk *desk, const char *peer,
                             enum trace_limit limit)
{
    struct trace_event event = {
        .kind = TRACE_LIMIT,
        .at_ms = (int64_t)net_loop_now_ms(desk->setup.loop),
        .limit = limit,
        .peer = ls_strdup(peer),
        .text = ls_strdup(trace_limit_text(limit)),
    };

    trace_journal_add(desk->journal, &event);
    desk->setup.happened(desk->setup.arg, desk->journal);
}

/* --- connections ---------------------------------------------------------- */

static struct guest *guest_new(struct serve_desk *desk, const char *peer,
                               const char *local)
{
    size_t size = strlen(peer) + 1;
    struct guest *guest = ls_alloc(sizeof *guest + size);
    struct net_loop *loop = desk->setup.loop;

    memcpy(guest->peer, peer, size);
    front_end_set_clock_step(desk->front_end, net_loop_clock_step_ms(loop));
    guest->connection =
        connection_new(desk->front_end, peer, local, net_loop_now_ms(loop));
    guest->stand = serve_desk_enter(desk);
    return guest;
}

static struct net_guest on_accepted(void *arg, const char *peer,
                                    const char *local)
{
    struct serve_desk *desk = arg;
    enum trace_limit limit;
    struct guest *guest;

    if (!serve_gate_enter(desk->setup.gate, peer, &limit)) {
        note_turned_away(desk, peer, limit);
        return (struct net_guest){0};
    }
    guest = guest_new(desk, peer, local);
    return (struct net_guest){connection_machine(guest->connection), guest};
}

static void on_crowded(void *arg, const char *peer, const char *local)
{
    (void)local;
    note_turned_away(arg, peer, LIMIT_DESCRIPTORS);
}

static void on_held(void *arg, void *owner)
{
    struct serve_desk *desk = arg;
    struct guest *guest = owner;

    connection_note_limit(guest->connection, LIMIT_IN_FLIGHT,
                          net_loop_now_ms(desk->setup.loop));
    desk->setup.happened(desk->setup.arg, desk->journal);
}

static void on_drain(void *arg, void *owner)
{
    struct serve_desk *desk = arg;
    struct guest *guest = owner;

    desk->is_draining = true;
    connection_drain(guest->connection, net_loop_now_ms(desk->setup.loop));
}

struct stand *serve_desk_enter(struct serve_desk *desk)
{
    desk->stand->connection_count++;
    return desk->stand;
}

/* The newest stays; older ones go with their last connection. */
static void sweep_stands(struct serve_desk *desk)
{
    struct stand **link = &desk->stand->next;

    while (*link != NULL) {
        struct stand *old = *link;

        if (old->connection_count > 0) {
            link = &old->next;
            continue;
        }
        *link = old->next;
        serve_ground_release(old->ground);
        free(old);
    }
}

void serve_desk_leave(struct serve_desk *desk, struct stand *stand)
{
    stand->connection_count--;
    sweep_stands(desk);
}

static void on_closed(void *arg, void *owner)
{
    struct serve_desk *desk = arg;
    struct guest *guest = owner;

    connection_free(guest->connection);
    serve_desk_moved(desk);
    serve_gate_leave(desk->setup.gate, guest->peer);
    serve_desk_leave(desk, guest->stand);
    free(guest);
}

/* --- life ----------------------------------------------------------------- */

static struct trust_policy policy_of(const struct serve_desk *desk)
{
    struct trust_policy policy = scenario_settings_policy(desk->setup.settings);
    const struct serve_ground *ground = desk->stand->ground;

    policy.known = ground->known;
    policy.removed = ground->removed;
    policy.topology = ground->topology;
    return policy;
}

static void step_on(struct serve_desk *desk, struct serve_ground *ground)
{
    struct stand *stand = ls_alloc(sizeof *stand);

    serve_ground_hold(ground);
    stand->ground = ground;
    stand->next = desk->stand;
    desk->stand = stand;
}

void serve_desk_stand_on(struct serve_desk *desk, struct serve_ground *ground)
{
    struct trust_policy policy;

    step_on(desk, ground);
    policy = policy_of(desk);
    front_end_set_policy(desk->front_end, &policy);
    front_end_set_tls(desk->front_end, ground->tls);
    front_end_set_dial_tls(desk->front_end, ground->dial_tls);
    sweep_stands(desk);
}

static struct front_end *make_front_end(const struct serve_desk *desk)
{
    const struct serve_desk_setup *setup = &desk->setup;
    struct front_end_settings settings = {
        .fqdn = desk->name,
        .tls = setup->ground->tls,
        .dial_tls = setup->ground->dial_tls,
        .way = serve_dial_way(setup->options),
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .dial_rest_ms = DIAL_REST_MS,
        .policy = policy_of(desk),
        .refuse = scenario_settings_refusal(setup->settings),
        .version = setup->settings->version, /* LYNC_2010 unless set */
        .forgets_proof = true,
        .journal = desk->journal,
        .loop_index = setup->index,
        .loop_count = setup->count,
    };

    serve_limits_apply(setup->limits, &settings);
    id_source_init_system(&settings.ids);
    return front_end_new(&settings);
}

struct serve_desk *serve_desk_new(const struct serve_desk_setup *setup)
{
    struct serve_desk *desk = ls_alloc(sizeof *desk);
    const char *name =
        certificate_facts_host(credential_facts(setup->ground->credential));

    desk->setup = *setup;
    desk->name = ls_strdup(name != NULL ? name : "localhost");
    desk->journal = trace_journal_new(JOURNAL_EVENTS);
    step_on(desk, setup->ground);
    desk->front_end = make_front_end(desk);
    if (setup->count > 1 && setup->index == 0)
        net_loop_every(setup->loop, BEAT_MS, on_beat, desk);
    net_loop_limit_in_flight(setup->loop, setup->limits->in_flight_bytes);
    return desk;
}

void serve_desk_free(struct serve_desk *desk)
{
    if (desk == NULL)
        return;
    front_end_free(desk->front_end);
    trace_journal_free(desk->journal);
    while (desk->stand != NULL) {
        struct stand *stand = desk->stand;

        desk->stand = stand->next;
        serve_ground_release(stand->ground);
        free(stand);
    }
    free(desk->name);
    free(desk);
}

struct net_listener *serve_desk_listen(struct serve_desk *desk,
                                       const char *address, char **why)
{
    const struct net_acceptor acceptor = {
        .accepted = on_accepted,
        .moved = serve_desk_moved,
        .drain = on_drain,
        .closed = on_closed,
        .crowded = on_crowded,
        .held = on_held,
        .arg = desk,
    };

    if (desk->setup.count > 1)
        return net_listener_share(desk->setup.loop, address, &acceptor,
                                  desk->setup.index == 0, why);
    return net_listener_open(desk->setup.loop, address, &acceptor, why);
}

const char *serve_desk_name(const struct serve_desk *desk)
{
    return desk->name;
}
