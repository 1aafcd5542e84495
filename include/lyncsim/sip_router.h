/*
 * To whom does a message go that is not for the Front End itself? Between
 * users who are signed in, over the connections they signed in on: requests,
 * their answers, and the dialogs they make.
 */
#ifndef LYNCSIM_SIP_ROUTER_H
#define LYNCSIM_SIP_ROUTER_H

#include "lyncsim/sip_answer.h"

/* How long an answer is waited for: 64*T1, and Timer C of an INVITE (RFC 3261
 * 16.6 11). */
#define SIP_ROUTER_WAIT_MS 32000
#define SIP_ROUTER_INVITE_WAIT_MS 181000
/* Requests that wait for an answer, in all. */
#define SIP_ROUTER_PENDING_MAX 4096
/* What they take: a relayed message is kept until it is answered. */
#define SIP_ROUTER_PENDING_MAX_BYTES (64u * 1024 * 1024)
/* And of one connection, so that others may ask as well; but never more than
 * it leaves free, see share.h: whoever has one connection may have four. */
#define SIP_ROUTER_CONNECTION_MAX 1024

struct sip_router;

struct sip_router *sip_router_new(void);
void sip_router_free(struct sip_router *router);

/* Send a request on to its user or dialog, or answer why not. */
void sip_router_request(const struct sip_request *request);
/* An ACK goes on where it belongs to a dialog, and nowhere else. */
void sip_router_acknowledge(const struct sip_request *request);
/* A CANCEL is answered here, and its INVITE called off where it went. */
void sip_router_cancel(const struct sip_request *request);
/* A response that came over the caller's connection goes back to who asked;
 * one that nobody waits for goes nowhere. */
void sip_router_response(struct front_end *front_end,
                         const struct sip_caller *caller,
                         const struct sip_message *response, uint64_t now_ms);

/* When sip_router_tick() must next be called for what was asked over this
 * connection; UINT64_MAX for never. */
uint64_t sip_router_deadline_ms(const struct sip_router *router,
                                uint64_t connection_id);
/* Answer whoever has waited too long. */
void sip_router_tick(struct front_end *front_end, uint64_t now_ms);
/* The connection has ended. */
void sip_router_remove_connection(struct front_end *front_end,
                                  uint64_t connection_id, uint64_t now_ms);
/* What was sent on over this connection never went, since it could not be
 * made: whoever asked is told why, and journal of each message. */
struct connection_journal;
struct dial_failure;
void sip_router_fail_connection(struct front_end *front_end,
                                uint64_t connection_id,
                                const struct dial_failure *failure,
                                struct connection_journal *journal,
                                uint64_t now_ms);
size_t sip_router_pending_count(const struct sip_router *router);
size_t sip_router_dialog_count(const struct sip_router *router);

#endif
