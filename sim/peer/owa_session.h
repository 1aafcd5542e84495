/*
 * What do the users of OWA do over a connection, one thing after the other?
 * They sign in, talk, and sign out; whatever comes for them is answered. When
 * the connection is lost they begin anew over the next. A machine of SIP
 * messages that knows neither TLS nor time.
 */
#ifndef LYNCSIM_OWA_SESSION_H
#define LYNCSIM_OWA_SESSION_H

#include "lyncsim/buf.h"
#include "lyncsim/cas_peer.h"
#include "lyncsim/sip_message.h"

struct owa_session;

/* Both are borrowed; what its users see is written into result. */
struct owa_session *owa_session_new(const struct cas_peer_settings *settings,
                                    struct cas_result *result);
void owa_session_free(struct owa_session *session);

/* The connection is up, or the answer to the last request has come: append
 * the next. False when all is done. */
bool owa_session_next(struct owa_session *session, struct ls_buf *out);
/* The answer to the request that waits for one; false for any other response.
 * What must be said at once (an ACK) is appended. */
bool owa_session_take_answer(struct owa_session *session,
                             const struct sip_message *response,
                             struct ls_buf *out);
/* A request of the Front End; its answer is appended. */
void owa_session_take_request(struct owa_session *session,
                              const struct sip_message *request,
                              struct ls_buf *out);
/* The connection has ended before all was done. */
void owa_session_lose(struct owa_session *session);
bool owa_session_is_done(const struct owa_session *session);

#endif
