/*
 * What about this certificate is worth knowing before two SIP servers meet?
 * Findings with stable ids, each with why it matters and where that is from.
 */
#ifndef LYNCSIM_CERTIFICATE_FINDING_H
#define LYNCSIM_CERTIFICATE_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "lyncsim/credential.h"
#include "lyncsim/trust_anchors.h"

enum finding_severity { FINDING_NOTE, FINDING_WARNING, FINDING_ERROR };
/* "note", "warning", "error". */
const char *finding_severity_text(enum finding_severity severity);

enum finding_id {
    FINDING_BAD_NAME,
    FINDING_NO_NAME,
    FINDING_NO_CN,
    FINDING_SEVERAL_CNS,
    FINDING_CN_NOT_IN_SAN,
    FINDING_WILDCARD_CN,
    FINDING_WILDCARD_SAN,
    FINDING_SHORT_NAME_CN,
    FINDING_ADDRESS_CN,
    FINDING_CN_OVER_64,
    FINDING_NON_ASCII_CN,
    FINDING_TRAILING_DOT,
    FINDING_CAPITALS_IN_CN,
    FINDING_TOO_MANY_NAMES,
    FINDING_NO_CLIENT_AUTH_EKU,
    FINDING_NO_SERVER_AUTH_EKU,
    FINDING_NO_USABLE_EKU,
    FINDING_EXPIRED,
    FINDING_EXPIRES_SOON,
    FINDING_NOT_YET_VALID,
    FINDING_ENDS_BEFORE_IT_BEGINS,
    FINDING_WEAK_KEY,
    FINDING_WEAK_SIGNATURE,
    FINDING_PSS_SIGNATURE,
    FINDING_SELF_SIGNED,
    FINDING_IS_AUTHORITY,
    FINDING_CHAIN_NEEDS_INTERMEDIATE,
    FINDING_CHAIN_OUT_OF_ORDER,
    FINDING_NO_CRL_URL,
    FINDING_MALFORMED,
    FINDING_SERIAL_REVERSED_IN_EVENTS,
    FINDING_COUNT
};

/* What is the same for every certificate that has it; all static. */
struct finding_kind {
    const char *id; /* "CN-NOT-IN-SAN" */
    enum finding_severity severity;
    const char *why;
    const char *source;
};
const struct finding_kind *finding_kind_of(enum finding_id id);

struct certificate_finding {
    enum finding_id id;
    char *saw; /* what it is in this certificate, a short text; or NULL */
};

struct certificate_findings {
    struct certificate_finding *items; /* in the order of their ids */
    size_t count;
};

/* Everything is borrowed. anchors may be NULL: then nobody knows whether the
 * issuer is a root. The findings are the caller's to clear. */
void certificate_findings_find(struct certificate_findings *findings,
                               const struct credential *credential,
                               const struct trust_anchors *anchors,
                               int64_t at_s);
void certificate_findings_clear(struct certificate_findings *findings);

/* The serial with its bytes in the order in which Windows events show it;
 * owned by the caller. */
char *certificate_serial_reversed(const char *serial);

#endif
