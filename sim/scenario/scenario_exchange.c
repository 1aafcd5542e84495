/*
 * Building a peer from what a step says of it. All that is made up
 * (addresses, ports, tags) comes from the scenario's seed.
 */
#include "scenario_exchange.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/cas_peer.h"
#include "lyncsim/tls_context.h"

/* RFC 5737, RFC 3849: the addresses of examples. */
#define PEER_FIRST_HOST 20u
#define PEER_HOSTS 200u
/* RFC 6335: the ports a system picks from for itself. */
#define PEER_FIRST_PORT 49152u
#define PEER_PORTS 16384u

struct scenario_exchange {
    struct scenario_stage *stage;
    size_t door; /* of it */
    const struct scenario_step *step;
    struct tls_context *peer_tls;
    struct cas_peer *peer;       /* NULL where there is a talk */
    struct talk_peer *talk_peer; /* NULL where there is none */
    struct talk_player *player;
    struct connection *connection;
    char *address; /* the peer's, without its port */
    char *shown;   /* with it */
    uint16_t port;
    struct wire_fault *peer_wire, *front_end_wire; /* or NULL */
    struct outbound_end *end; /* where the Front End dials; or NULL */
    bool is_again;            /* of its connections, not the first */
};

static uint16_t draw_port(struct id_source *ids)
{
    return (uint16_t)(PEER_FIRST_PORT + id_source_below(ids, PEER_PORTS));
}

bool scenario_exchange_is_ipv6(const struct scenario_exchange *exchange)
{
    return scenario_stage_settings(exchange->stage, exchange->door)->is_ipv6;
}

/* The same peer has the same address throughout; its port is another one
 * each time. */
static void make_address(struct scenario_exchange *exchange)
{
    const struct scenario_step *step = exchange->step;
    const char *from = step->peer.from ? step->peer.from : "a peer";
    struct id_source ids;

    scenario_stage_seed_ids(exchange->stage, from, 0, &ids);
    exchange->address = ls_strf(
        scenario_exchange_is_ipv6(exchange) ? "[2001:db8::%u]" : "192.0.2.%u",
        PEER_FIRST_HOST + id_source_below(&ids, PEER_HOSTS));
    scenario_stage_seed_ids(exchange->stage, "port", step->place.line, &ids);
    exchange->port = draw_port(&ids);
}

static void make_connection(struct scenario_exchange *exchange, uint64_t now_ms)
{
    free(exchange->shown);
    exchange->shown = ls_strf("%s:%u", exchange->address, exchange->port);
    exchange->connection = connection_new_at(
        scenario_stage_front_end(exchange->stage), exchange->door,
        exchange->shown,
        scenario_stage_address(exchange->stage, exchange->door), now_ms);
}

static struct tls_context *make_tls(struct scenario_exchange *exchange,
                                    const struct scenario_peer *peer,
                                    enum tls_role role, char **why)
{
    struct scenario_lab *lab = scenario_stage_ground(exchange->stage)->lab;
    struct tls_settings tls = {
        .role = role,
        .credential = scenario_stage_shown(exchange->stage, peer),
        .ciphers = peer->ciphers,
        .minds_issuers = true,
        .check_revocation = peer->checks_revocation,
        /* What the file says nothing of is left to the Front End. */
        .versions =
            peer->has_tls ? peer->tls : (struct tls_versions){TLS_1_0, TLS_1_3},
    };

    tls.anchors =
        peer->has_trusts
            ? scenario_lab_anchors(lab, peer->trusts, peer->trust_count)
            : scenario_lab_peer_anchors(
                  lab,
                  scenario_stage_settings(exchange->stage, exchange->door));
    return tls_context_new(&tls, why);
}

static void make_peer(struct scenario_exchange *exchange, uint64_t now_ms)
{
    const struct scenario_step *step = exchange->step;
    struct cas_peer_settings settings = {
        .tls = exchange->peer_tls,
        .task = step->action == ACTION_SIGN_IN ? CAS_SIGN_IN : CAS_CONNECT,
        .from = step->peer.from,
        .users = step->peer.users,
        .user_count = step->peer.user_count,
        .publishes = true,
        .says = step->peer.messages,
        .says_count = step->peer.message_count,
        .reconnect = step->peer.reconnect,
        .server = scenario_stage_fqdn(exchange->stage),
        .address = exchange->address,
        .port = exchange->port,
        .owa = step->peer.owa,
    };

    if (step->peer.talk_count > 0) {
        exchange->talk_peer = talk_peer_new(exchange->peer_tls, now_ms);
        return;
    }
    scenario_stage_seed_ids(exchange->stage, "peer", step->place.line,
                            &settings.ids);
    exchange->peer = cas_peer_new(&settings, now_ms);
}

/* What it shows whom it lets dial it; everything else is as when it dials. */
static bool listen_there(struct scenario_exchange *exchange, char **why)
{
    const struct scenario_listen *listen = &exchange->step->peer.listen;
    struct outbound_port port = {
        .fqdn = exchange->step->peer.from,
        .listen = listen,
        .address = exchange->address,
    };
    struct scenario_peer shown = exchange->step->peer;

    if (scenario_stage_outbound(exchange->stage) == NULL)
        return true;
    if (listen->certificate != NULL)
        shown.certificate = listen->certificate;
    if (listen->is_set) {
        port.tls = make_tls(exchange, &shown, TLS_PEER_LISTENS, why);
        if (port.tls == NULL)
            return false;
    }
    scenario_stage_seed_ids(exchange->stage, "listen",
                            exchange->step->place.line, &port.ids);
    exchange->end = scenario_outbound_listen(
        scenario_stage_outbound(exchange->stage), &port);
    return true;
}

struct scenario_exchange *
scenario_exchange_new(struct scenario_stage *stage,
                      const struct scenario_step *step, uint64_t now_ms,
                      char **why)
{
    struct scenario_exchange *exchange = ls_alloc(sizeof *exchange);

    exchange->stage = stage;
    exchange->step = step;
    exchange->door = scenario_stage_door(stage, &step->peer);
    if (exchange->door == STAGE_NO_DOOR)
        *why = ls_strf("%s does not listen on its %s interface",
                       scenario_stage_fqdn(stage),
                       net_interface_text(step->peer.interface));
    else
        exchange->peer_tls = make_tls(exchange, &step->peer, TLS_PEER, why);
    if (exchange->peer_tls == NULL) {
        scenario_exchange_free(exchange);
        return NULL;
    }
    make_address(exchange);
    if (!listen_there(exchange, why)) {
        scenario_exchange_free(exchange);
        return NULL;
    }
    make_peer(exchange, now_ms);
    make_connection(exchange, now_ms);
    return exchange;
}

static void free_wires(struct scenario_exchange *exchange)
{
    wire_fault_free(exchange->peer_wire);
    wire_fault_free(exchange->front_end_wire);
    exchange->peer_wire = exchange->front_end_wire = NULL;
}

bool scenario_exchange_again(struct scenario_exchange *exchange,
                             int64_t *clock_ms)
{
    struct id_source ids;
    uint32_t after_ms;

    if (exchange->peer == NULL ||
        !cas_peer_wants_again(exchange->peer, &after_ms))
        return false;
    *clock_ms += after_ms;
    free_wires(exchange);
    connection_free(exchange->connection);
    scenario_stage_seed_ids(exchange->stage, "port again", exchange->port,
                            &ids);
    exchange->port = draw_port(&ids);
    exchange->is_again = true;
    cas_peer_begin_again(exchange->peer, exchange->port, (uint64_t)*clock_ms);
    make_connection(exchange, (uint64_t)*clock_ms);
    return true;
}

void scenario_exchange_free(struct scenario_exchange *exchange)
{
    if (exchange == NULL)
        return;
    free_wires(exchange);
    scenario_outbound_leave(exchange->end);
    connection_free(exchange->connection);
    talk_player_free(exchange->player);
    talk_peer_free(exchange->talk_peer);
    cas_peer_free(exchange->peer);
    tls_context_free(exchange->peer_tls);
    free(exchange->address);
    free(exchange->shown);
    free(exchange);
}

/* That of the peer, for its first connection; else that of a step before. */
static const struct scenario_wire *
wire_of(const struct scenario_exchange *exchange)
{
    const struct scenario_wire *own = &exchange->step->peer.wire;

    if (!wire_fault_plan_does_something(&own->plan))
        return scenario_stage_wire(exchange->stage);
    return exchange->is_again ? NULL : own;
}

/* What the file says of one side's bytes, around its machine; in a talk they
 * may be spoilt later. NULL where nothing is ever done to them. */
static struct wire_fault *spoil(const struct scenario_exchange *exchange,
                                bool of_front_end,
                                const struct wire_machine *ends,
                                struct wire_machine *machine, int64_t *clock_ms)
{
    const struct scenario_wire *wire = wire_of(exchange);
    struct wire_fault_plan plan = {0};
    struct wire_fault *fault;

    if (wire != NULL && wire->of_front_end == of_front_end)
        plan = wire->plan;
    if (!wire_fault_plan_does_something(&plan) && exchange->talk_peer == NULL)
        return NULL;
    fault = wire_fault_new(&plan, ends[of_front_end], ends[!of_front_end],
                           clock_ms);
    *machine = wire_fault_machine(fault);
    return fault;
}

void scenario_exchange_machines(struct scenario_exchange *exchange,
                                int64_t *clock_ms, struct wire_machine *peer,
                                struct wire_machine *front_end)
{
    struct wire_machine ends[2];

    *peer = exchange->talk_peer ? talk_peer_machine(exchange->talk_peer)
                                : cas_peer_machine(exchange->peer);
    *front_end = connection_machine(exchange->connection);
    if (exchange->end != NULL)
        *front_end =
            scenario_outbound_machine(exchange->end, *front_end, clock_ms);
    ends[0] = *peer;
    ends[1] = *front_end;
    exchange->peer_wire = spoil(exchange, false, ends, peer, clock_ms);
    exchange->front_end_wire = spoil(exchange, true, ends, front_end, clock_ms);
}

struct cas_peer *
scenario_exchange_peer(const struct scenario_exchange *exchange)
{
    return exchange->peer;
}

struct connection *
scenario_exchange_connection(const struct scenario_exchange *exchange)
{
    return exchange->connection;
}

const struct talk_peer *
scenario_exchange_talk_peer(const struct scenario_exchange *exchange)
{
    return exchange->talk_peer;
}

struct talk_player *scenario_exchange_talk(struct scenario_exchange *exchange,
                                           struct step_result *result,
                                           struct talk_labels *labels,
                                           int64_t *clock_ms)
{
    const struct scenario_step *step = exchange->step;
    struct talk_cast cast = {
        .said = &step->peer,
        .result = result,
        .peer = exchange->talk_peer,
        .front_end = scenario_stage_front_end(exchange->stage),
        .connection = exchange->connection,
        .peer_wire = exchange->peer_wire,
        .front_end_wire = exchange->front_end_wire,
        .labels = labels,
        .peer_address = exchange->shown,
        .front_end_address =
            scenario_stage_address(exchange->stage, exchange->door),
        .server = scenario_stage_fqdn(exchange->stage),
        .clock_ms = clock_ms,
    };

    if (exchange->talk_peer == NULL)
        return NULL;
    scenario_stage_seed_ids(exchange->stage, "talk", step->place.line,
                            &cast.peer_ids);
    scenario_stage_seed_ids(exchange->stage, "talk-front-end", step->place.line,
                            &cast.front_end_ids);
    exchange->player = talk_player_new(&cast);
    return exchange->player;
}

struct talk_player *
scenario_exchange_player(const struct scenario_exchange *exchange)
{
    return exchange->player;
}

const struct certificate_facts *
scenario_exchange_certificate(const struct scenario_exchange *exchange)
{
    return scenario_stage_certificate(exchange->stage, exchange->door);
}

void scenario_exchange_received(const struct scenario_exchange *exchange,
                                struct cas_texts *received)
{
    scenario_outbound_received(exchange->end, received);
}
