/*
 * Which certificate does that server show? One handshake, nothing said in
 * it, and an orderly end. A wire machine.
 */
#ifndef LYNCSIM_CERTIFICATE_PROBE_H
#define LYNCSIM_CERTIFICATE_PROBE_H

#include "lyncsim/credential.h"
#include "lyncsim/tls_context.h"
#include "lyncsim/wire.h"

struct certificate_probe;

/* context is a peer's that keeps what it is shown; borrowed, it must outlive
 * the probe. It gives up timeout_ms after now_ms. Owned by the caller. */
struct certificate_probe *
certificate_probe_new(const struct tls_context *context, uint64_t now_ms,
                      uint32_t timeout_ms);
void certificate_probe_free(struct certificate_probe *probe);
/* Borrowed, valid as long as the probe. */
struct wire_machine certificate_probe_machine(struct certificate_probe *probe);

/* What was shown, however the handshake ended: the certificate and what was
 * sent with it, no key; NULL when it did not come so far. Borrowed. */
const struct credential *
certificate_probe_shown(const struct certificate_probe *probe);
/* Why the handshake did not end well, a sentence; NULL when it did. */
const char *certificate_probe_fault(const struct certificate_probe *probe);

#endif
