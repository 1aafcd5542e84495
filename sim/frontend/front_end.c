#include "lyncsim/front_end.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/connection_journal.h"
#include "lyncsim/errand.h"
#include "lyncsim/hash.h"
#include "lyncsim/next_hop.h"
#include "lyncsim/presence.h"
#include "lyncsim/registrar.h"
#include "lyncsim/sip_outbox.h"
#include "lyncsim/sip_party.h"
#include "lyncsim/sip_router.h"
#include "lyncsim/sip_transaction.h"
#include "lyncsim/subscription.h"
#include "lyncsim/watchers.h"

/* Connection ids as the product shows them: 0x2500, 0x2600 … */
#define CONNECTION_ID_FIRST 0x2500u
#define CONNECTION_ID_STEP 0x100u

/* Who is there to be woken. */
struct known_connection {
    uint64_t id;
    struct connection *connection; /* borrowed; NULL: another loop has it */
    const char *server;            /* borrowed; or NULL */
    bool is_known_at_home;
    char *owned_server; /* of one that another loop has, or NULL */
    UT_hash_handle hh;
};

struct door {
    struct trust_policy policy;
    const struct tls_context *tls;
};

struct front_end {
    struct front_end_settings settings;
    struct answer_rules *rules;         /* or NULL */
    struct door doors[INTERFACE_COUNT]; /* besides the one of the settings */
    size_t door_count;
    struct next_hops *next_hops;
    struct presence *presence;
    struct registrar *registrar;
    struct known_connection *connections;
    struct sip_outbox *outbox;
    struct sip_parties *parties;
    struct sip_router *router;
    struct sip_transactions *transactions;
    struct watchers *watchers;
    uint64_t next_connection_id;
    int64_t clock_step_ms;
    struct mailbox_letter *errands, **last_errand; /* to be carried */
    bool home_is_busy;
};

struct front_end *front_end_new(const struct front_end_settings *settings)
{
    struct front_end *front_end = ls_alloc(sizeof *front_end);

    assert(refusal_is_possible(settings->refuse));
    front_end->settings = *settings;
    front_end->next_hops = next_hops_new(settings->dial_rest_ms);
    front_end->presence = presence_new();
    front_end->registrar = registrar_new();
    front_end->watchers = watchers_new();
    front_end->outbox = sip_outbox_new();
    front_end->parties = sip_parties_new();
    front_end->router = sip_router_new();
    front_end->transactions = sip_transactions_new();
    if (front_end->settings.loop_count == 0)
        front_end->settings.loop_count = 1;
    front_end->next_connection_id =
        (settings->first_connection_id != 0 ? settings->first_connection_id
                                            : CONNECTION_ID_FIRST) +
        settings->loop_index * CONNECTION_ID_STEP;
    front_end->last_errand = &front_end->errands;
    return front_end;
}

static void remove_connection(struct front_end *front_end,
                              struct known_connection *known)
{
    HASH_DEL(front_end->connections, known);
    free(known->owned_server);
    free(known);
}

void front_end_free(struct front_end *front_end)
{
    if (!front_end)
        return;
    while (front_end->connections)
        remove_connection(front_end, front_end->connections);
    for (struct errand *left; (left = front_end_next_errand(front_end));)
        errand_free(left);
    sip_transactions_free(front_end->transactions);
    sip_router_free(front_end->router);
    sip_parties_free(front_end->parties);
    sip_outbox_free(front_end->outbox);
    watchers_free(front_end->watchers);
    registrar_free(front_end->registrar);
    presence_free(front_end->presence);
    next_hops_free(front_end->next_hops);
    free(front_end);
}

void front_end_set_policy(struct front_end *front_end,
                          const struct trust_policy *policy)
{
    front_end->settings.policy = *policy;
    for (size_t i = 0; i < front_end->door_count; i++) {
        struct door *door = &front_end->doors[i];
        enum net_interface interface = door->policy.interface;

        door->policy = *policy;
        door->policy.interface = interface;
    }
}

void front_end_set_tls(struct front_end *front_end,
                       const struct tls_context *tls)
{
    front_end->settings.tls = tls;
}

void front_end_set_clock_step(struct front_end *front_end, int64_t step_ms)
{
    front_end->clock_step_ms = step_ms;
}

int64_t front_end_calendar_s(const struct front_end *front_end, uint64_t now_ms)
{
    return ((int64_t)now_ms + front_end->clock_step_ms) / 1000;
}

size_t front_end_add_door(struct front_end *front_end,
                          enum net_interface interface,
                          const struct tls_context *tls)
{
    struct door *door = &front_end->doors[front_end->door_count];

    assert(front_end->door_count < INTERFACE_COUNT);
    door->policy = front_end->settings.policy;
    door->policy.interface = interface;
    door->tls = tls;
    return ++front_end->door_count;
}

const struct trust_policy *front_end_policy(const struct front_end *front_end,
                                            size_t door)
{
    assert(door <= front_end->door_count);
    return door == 0 ? &front_end->settings.policy
                     : &front_end->doors[door - 1].policy;
}

const struct tls_context *front_end_tls(const struct front_end *front_end,
                                        size_t door)
{
    assert(door <= front_end->door_count);
    return door == 0 ? front_end->settings.tls : front_end->doors[door - 1].tls;
}

void front_end_set_rules(struct front_end *front_end,
                         struct answer_rules *rules)
{
    front_end->rules = rules;
}

struct answer_rules *front_end_rules(const struct front_end *front_end)
{
    return front_end->rules;
}

void front_end_set_dial_tls(struct front_end *front_end,
                            const struct tls_context *tls)
{
    front_end->settings.dial_tls = tls;
}

const struct front_end_settings *
front_end_settings(const struct front_end *front_end)
{
    return &front_end->settings;
}

struct registrar *front_end_registrar(struct front_end *front_end)
{
    return front_end->registrar;
}

struct sip_outbox *front_end_outbox(struct front_end *front_end)
{
    return front_end->outbox;
}

struct sip_parties *front_end_parties(struct front_end *front_end)
{
    return front_end->parties;
}

struct sip_router *front_end_router(struct front_end *front_end)
{
    return front_end->router;
}

struct presence *front_end_presence(struct front_end *front_end)
{
    return front_end->presence;
}

struct watchers *front_end_watchers(struct front_end *front_end)
{
    return front_end->watchers;
}

struct sip_transactions *front_end_transactions(struct front_end *front_end)
{
    return front_end->transactions;
}

struct next_hops *front_end_next_hops(struct front_end *front_end)
{
    return front_end->next_hops;
}

bool front_end_next_dial(struct front_end *front_end,
                         struct next_hop_target *target,
                         uint64_t *connection_id)
{
    return next_hops_next(front_end->next_hops, target, connection_id);
}

static struct known_connection *
find_connection(const struct front_end *front_end, uint64_t connection_id)
{
    struct known_connection *known;

    HASH_FIND(hh, front_end->connections, &connection_id, sizeof connection_id,
              known);
    return known;
}

void front_end_add_connection(struct front_end *front_end,
                              uint64_t connection_id,
                              struct connection *connection, const char *server)
{
    struct known_connection *known = ls_alloc(sizeof *known);

    known->id = connection_id;
    known->connection = connection;
    known->server = server;
    HASH_ADD(hh, front_end->connections, id, sizeof known->id, known);
}

const char *front_end_connection_server(const struct front_end *front_end,
                                        uint64_t connection_id)
{
    const struct known_connection *known =
        find_connection(front_end, connection_id);

    return known ? known->server : NULL;
}

/* --- other loops ---------------------------------------------------------- */

/* Which loop gave a connection its id. */
static unsigned loop_of(const struct front_end *front_end,
                        uint64_t connection_id)
{
    return (unsigned)((connection_id - CONNECTION_ID_FIRST) /
                      CONNECTION_ID_STEP % front_end->settings.loop_count);
}

static void add_errand(struct front_end *front_end, struct errand *errand)
{
    *front_end->last_errand = &errand->letter;
    front_end->last_errand = &errand->letter.next;
}

struct errand *front_end_next_errand(struct front_end *front_end)
{
    struct errand *errand = (struct errand *)front_end->errands;

    if (!errand)
        return NULL;
    front_end->errands = errand->letter.next;
    errand->letter.next = NULL;
    if (!front_end->errands)
        front_end->last_errand = &front_end->errands;
    return errand;
}

unsigned front_end_errand_loop(const struct front_end *front_end,
                               const struct errand *errand)
{
    return errand->kind == ERRAND_MAIL
               ? loop_of(front_end, errand->connection_id)
               : 0;
}

bool front_end_send_home(struct front_end *front_end,
                         const struct sip_caller *caller, struct ls_str message)
{
    struct known_connection *known =
        find_connection(front_end, caller->connection_id);

    if (front_end->home_is_busy)
        return false;
    if (known)
        known->is_known_at_home = true;
    add_errand(front_end, errand_new(ERRAND_MESSAGE, caller->connection_id,
                                     caller, message));
    return true;
}

void front_end_set_home_is_busy(struct front_end *front_end, bool is_busy)
{
    front_end->home_is_busy = is_busy;
}

static void send_mail_back(struct front_end *front_end, uint64_t connection_id)
{
    struct ls_buf mail = {0};

    sip_outbox_take(front_end->outbox, connection_id, &mail);
    add_errand(front_end,
               errand_new(ERRAND_MAIL, connection_id, NULL, ls_buf_str(&mail)));
    ls_buf_clear(&mail);
}

/* Whose it is decides over which way its users are reached. */
static void remember_from_afar(struct front_end *front_end,
                               const struct sip_caller *caller)
{
    struct known_connection *known;

    if (find_connection(front_end, caller->connection_id))
        return;
    front_end_add_connection(front_end, caller->connection_id, NULL, NULL);
    known = find_connection(front_end, caller->connection_id);
    known->owned_server = ls_strdup(caller->fqdn);
    known->server = known->owned_server;
}

static void answer_from_afar(struct front_end *front_end,
                             const struct errand *errand, uint64_t now_ms)
{
    struct sip_message *message = NULL;
    struct ls_buf out = {0};
    const char *reason;
    int status;

    remember_from_afar(front_end, &errand->caller);
    /* It was taken where it came in, so it is taken here. */
    if (sip_message_parse(ls_str_from_bytes(errand->bytes, errand->byte_count),
                          &message, &status, &reason) == LS_OK)
        front_end_answer(front_end, &errand->caller, message, now_ms, &out);
    if (out.length > 0)
        front_end_leave(front_end, errand->connection_id, ls_buf_str(&out),
                        now_ms);
    sip_message_free(message);
    ls_buf_clear(&out);
}

void front_end_do_errand(struct front_end *front_end, struct errand *errand,
                         uint64_t now_ms)
{
    switch (errand->kind) {
    case ERRAND_MESSAGE:
        answer_from_afar(front_end, errand, now_ms);
        break;
    case ERRAND_GONE:
        front_end_forget_connection(front_end, errand->connection_id, now_ms);
        break;
    case ERRAND_MAIL:
        if (find_connection(front_end, errand->connection_id))
            front_end_leave(
                front_end, errand->connection_id,
                ls_str_from_bytes(errand->bytes, errand->byte_count), now_ms);
        break;
    }
    errand_free(errand);
}

struct connection *front_end_next_waiting(struct front_end *front_end)
{
    uint64_t connection_id;

    while (sip_outbox_next(front_end->outbox, &connection_id)) {
        struct known_connection *known =
            find_connection(front_end, connection_id);

        if (known && known->connection)
            return known->connection;
        if (loop_of(front_end, connection_id) != front_end->settings.loop_index)
            send_mail_back(front_end, connection_id);
    }
    return NULL;
}

/* What its users published goes with it, and whoever watches them hears. */
static void withdraw_presence(struct front_end *front_end,
                              uint64_t connection_id, uint64_t now_ms)
{
    struct ls_buf users = {0};
    struct ls_str rest;
    struct ls_str user;

    presence_withdraw(front_end->presence, connection_id, &users);
    rest = ls_buf_str(&users);
    while (ls_str_cut(&rest, '\n', &user))
        subscription_notify(front_end, user, now_ms);
    ls_buf_clear(&users);
}

void front_end_forget_connection(struct front_end *front_end,
                                 uint64_t connection_id, uint64_t now_ms)
{
    struct known_connection *known = find_connection(front_end, connection_id);

    if (known && known->is_known_at_home)
        add_errand(front_end, errand_new(ERRAND_GONE, connection_id, NULL,
                                         ls_str_from("")));
    if (known)
        remove_connection(front_end, known);
    registrar_remove_connection(front_end->registrar, connection_id);
    watchers_remove_connection(front_end->watchers, connection_id);
    withdraw_presence(front_end, connection_id, now_ms);
    sip_router_remove_connection(front_end, connection_id, now_ms);
    sip_transactions_remove_connection(front_end->transactions, connection_id);
    sip_outbox_remove_connection(front_end->outbox, connection_id);
    next_hops_remove(front_end->next_hops, connection_id);
}

void front_end_note_limit(struct front_end *front_end, uint64_t connection_id,
                          enum trace_limit limit, uint64_t now_ms)
{
    const char *server = front_end_connection_server(front_end, connection_id);
    struct connection_journal journal = {.now_ms = now_ms};

    connection_journal_init(&journal, front_end->settings.journal,
                            connection_id, server ? server : "-");
    connection_journal_add_limit(&journal, limit, NULL);
    connection_journal_clear(&journal);
}

bool front_end_refuses_mail(struct front_end *front_end, uint64_t connection_id,
                            uint64_t now_ms)
{
    struct sip_outbox *outbox = front_end->outbox;

    if (!sip_outbox_refuses(outbox, connection_id))
        return false;
    if (sip_outbox_refused_count(outbox, connection_id) <= 1)
        front_end_note_limit(front_end, connection_id, LIMIT_MAIL, now_ms);
    return true;
}

bool front_end_leave(struct front_end *front_end, uint64_t connection_id,
                     struct ls_str message, uint64_t now_ms)
{
    return !front_end_refuses_mail(front_end, connection_id, now_ms) &&
           sip_outbox_add(front_end->outbox, connection_id, message);
}

struct id_source *front_end_ids(struct front_end *front_end)
{
    return &front_end->settings.ids;
}

uint64_t front_end_next_connection_id(struct front_end *front_end)
{
    uint64_t id = front_end->next_connection_id;

    front_end->next_connection_id +=
        CONNECTION_ID_STEP * front_end->settings.loop_count;
    return id;
}
