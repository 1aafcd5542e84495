/*
 * What is a Front End? Everything its connections share: who it is, whom it
 * knows, how it refuses, who is signed in, and where it writes down what
 * happens.
 */
#ifndef LYNCSIM_FRONT_END_H
#define LYNCSIM_FRONT_END_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/answer_rules.h"
#include "lyncsim/id_source.h"
#include "lyncsim/tls_context.h"
#include "lyncsim/trace_event.h"
#include "lyncsim/trust_verdict.h"

enum refuse_at {
    REFUSE_HANDSHAKE,
    REFUSE_AFTER_HANDSHAKE,
    REFUSE_FIRST_REQUEST
};
enum refuse_how { REFUSE_ALERT, REFUSE_CLOSE, REFUSE_RESET };
/* "handshake", "after-handshake", "first-request"; "alert", "close", "reset".
 */
const char *refuse_at_text(enum refuse_at at);
const char *refuse_how_text(enum refuse_how how);

struct refusal {
    enum refuse_at at;
    enum refuse_how how;
};
/* False for a pair that makes no sense (an alert after the handshake). */
bool refusal_is_possible(struct refusal refusal);
/* "AT:HOW"; false when it is none. */
bool refusal_parse(struct ls_str text, struct refusal *refusal);

enum product_version { LYNC_2010, LYNC_2013, SFB_2015, SFB_2019 };
/* "lync-2010", "lync-2013", "sfb-2015", "sfb-2019"; its Server header value
 * "RTC/4.0" … */
const char *product_version_text(enum product_version version);
const char *product_version_server(enum product_version version);

/* Time a peer has for the handshake: 30 s, as seen of the product. */
#define HANDSHAKE_TIMEOUT_MS 30000
/* What a connection may ask that is throttled as a client. That there are two
 * ceilings is documented (New-CsTrustedApplicationPool, ThrottleAsServer); how
 * high either is cannot be looked up and is assumed. */
#define CLIENT_REQUESTS_PER_SECOND 100
/* Time that a server which is dialled has to take the connection. That it is
 * the 21 s after which Windows gives up (three attempts 3, 6 and 12 seconds
 * apart) is assumed. */
#define CONNECT_TIMEOUT_MS 21000
/* How long a refused peer is read and discarded after our FIN. */
#define LINGER_MS 2000
#define CONNECTION_IN_FLIGHT_BYTES (128u * 1024)

/* Over which connection a trusted application is reached: the one that it
 * opened, or one that the Front End opens to the application's port, as the
 * product does. */
enum application_way { APPLICATION_SAME, APPLICATION_OWN };
/* "same", "own". */
const char *application_way_text(enum application_way way);

/* Borrowed things must outlive the front end. */
struct front_end_settings {
    const char *fqdn;                   /* of this Front End */
    const struct tls_context *tls;      /* borrowed; may be replaced later */
    const struct tls_context *dial_tls; /* the same; NULL: it never dials */
    enum application_way way;
    struct trust_policy policy; /* what it points at is borrowed */
    struct refusal refuse;
    enum product_version version;
    uint32_t handshake_timeout_ms; /* for all of it; 0: never */
    uint32_t connect_timeout_ms;   /* of a server that is dialled; 0: never */
    uint32_t dial_rest_ms;         /* of a place after a failure; 0: none */
    uint32_t idle_timeout_ms;      /* without a byte from the peer; 0: never */
    uint32_t requests_per_second;  /* of one connection; 0: no limit */
    /* Of one that is throttled as a client: it shows no certificate, or its
     * pool says ThrottleAsServer False. 0: none but the limit of all. */
    uint32_t client_requests_per_second;
    size_t headers_max_bytes; /* of a message; 0: SIP_HEADERS_MAX_BYTES */
    size_t body_max_bytes;    /* of a message; 0: SIP_BODY_MAX_BYTES */
    /* Answers of one connection that wait to be taken: beyond this no request
     * of it is looked at; 0: CONNECTION_IN_FLIGHT_BYTES. */
    size_t in_flight_max_bytes;
    /* A served connection keeps of its verdict the decision alone; the journal
     * has the proof: for who holds thousands of them. */
    bool forgets_proof;
    /* Of several loops that serve as one, which is this? 0 is home, where all
     * is kept that connections share; see errand.h. */
    unsigned loop_index;
    unsigned loop_count; /* 0 or 1: there are no others */
    struct id_source ids;
    struct trace_journal *journal; /* borrowed */
    /* Of its first connection; 0: 0x2500. Those that share a journal are told
     * apart by it. */
    uint64_t first_connection_id;
};

struct connection;
struct next_hop_target;
struct next_hops;
struct errand;
struct presence;
struct registrar;
struct sip_caller;
struct sip_outbox;
struct sip_parties;
struct sip_router;
struct sip_transactions;
struct watchers;

struct front_end;

struct front_end *front_end_new(const struct front_end_settings *settings);
void front_end_free(struct front_end *front_end);

/* Replace what new connections are judged by. What the policy before pointed
 * at is not touched again and may be freed; the TLS context before must live
 * until the last connection made with it has been freed. */
void front_end_set_policy(struct front_end *front_end,
                          const struct trust_policy *policy);
void front_end_set_tls(struct front_end *front_end,
                       const struct tls_context *tls);
/* The calendar has been moved by so much against the machines' time, which
 * goes on steadily: certificates are judged by the calendar. */
void front_end_set_clock_step(struct front_end *front_end, int64_t step_ms);
/* Seconds since 1970 on the calendar. */
int64_t front_end_calendar_s(const struct front_end *front_end,
                             uint64_t now_ms);
/* It listens on one more network interface, with a TLS context of its own,
 * which is borrowed. The number of that door, for connection_new_at(); the one
 * of the settings is 0. At most one for each interface. */
size_t front_end_add_door(struct front_end *front_end,
                          enum net_interface interface,
                          const struct tls_context *tls);
/* What who comes by a door is judged by, and its TLS context. */
const struct trust_policy *front_end_policy(const struct front_end *front_end,
                                            size_t door);
const struct tls_context *front_end_tls(const struct front_end *front_end,
                                        size_t door);
/* Requests that rules speak of are answered as they say. Borrowed; NULL: there
 * are none. */
void front_end_set_rules(struct front_end *front_end,
                         struct answer_rules *rules);
struct answer_rules *front_end_rules(const struct front_end *front_end);
/* The same for connections that the Front End opens. */
void front_end_set_dial_tls(struct front_end *front_end,
                            const struct tls_context *tls);
const struct front_end_settings *
front_end_settings(const struct front_end *front_end);
struct registrar *front_end_registrar(struct front_end *front_end);
struct sip_outbox *front_end_outbox(struct front_end *front_end);
struct sip_parties *front_end_parties(struct front_end *front_end);
struct sip_router *front_end_router(struct front_end *front_end);
struct presence *front_end_presence(struct front_end *front_end);
struct watchers *front_end_watchers(struct front_end *front_end);
struct sip_transactions *front_end_transactions(struct front_end *front_end);
struct next_hops *front_end_next_hops(struct front_end *front_end);
/* Connections say that they are there, so that mail finds them; server is the
 * known server at the other end, or NULL, borrowed as long as it is there. */
void front_end_add_connection(struct front_end *front_end,
                              uint64_t connection_id,
                              struct connection *connection,
                              const char *server);
/* The known server at the other end of a connection, or NULL. */
const char *front_end_connection_server(const struct front_end *front_end,
                                        uint64_t connection_id);
/* A place that the Front End wants to reach, named once: whoever has sockets
 * makes a connection_new_dialled() of it. Asked for as front_end_next_waiting
 * is. target is valid until the connection is forgotten. */
bool front_end_next_dial(struct front_end *front_end,
                         struct next_hop_target *target,
                         uint64_t *connection_id);
/* A connection that a message was left for since it was last named here, or
 * NULL: its machine has something to say. Whoever drives machines asks after
 * each time bytes have moved, and wakes it. */
struct connection *front_end_next_waiting(struct front_end *front_end);
/* What is to be carried to another loop, the oldest first and the caller's;
 * NULL when there is nothing. Whoever drives machines asks after
 * front_end_next_waiting has said NULL. */
struct errand *front_end_next_errand(struct front_end *front_end);
/* Which loop an errand is for. */
unsigned front_end_errand_loop(const struct front_end *front_end,
                               const struct errand *errand);
/* Do one that came from another loop; it is taken. */
void front_end_do_errand(struct front_end *front_end, struct errand *errand,
                         uint64_t now_ms);
/* Leave a message for home; false when it has too much to do already. */
bool front_end_send_home(struct front_end *front_end,
                         const struct sip_caller *caller,
                         struct ls_str message);
void front_end_set_home_is_busy(struct front_end *front_end, bool is_busy);
/* A connection has ended: whoever signed in over it is signed out, and who
 * waits for an answer over it gets one. */
void front_end_forget_connection(struct front_end *front_end,
                                 uint64_t connection_id, uint64_t now_ms);
/* Leave a message for a connection that is not the one being fed. False when
 * too much waits for it already, which is written down when it begins. */
bool front_end_leave(struct front_end *front_end, uint64_t connection_id,
                     struct ls_str message, uint64_t now_ms);
/* Whether it would be so, for who would write a message in vain. */
bool front_end_refuses_mail(struct front_end *front_end, uint64_t connection_id,
                            uint64_t now_ms);
/* Write down that what is kept for a connection has met a limit. */
void front_end_note_limit(struct front_end *front_end, uint64_t connection_id,
                          enum trace_limit limit, uint64_t now_ms);
struct id_source *front_end_ids(struct front_end *front_end);
/* The next connection id: 0x2500, 0x2600 … as the product counts. */
uint64_t front_end_next_connection_id(struct front_end *front_end);

#endif
