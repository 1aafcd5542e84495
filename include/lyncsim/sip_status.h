/*
 * What is this status called? The usual reason phrases.
 */
#ifndef LYNCSIM_SIP_STATUS_H
#define LYNCSIM_SIP_STATUS_H

/* Static; "Unknown" where nobody has given it a name. */
const char *sip_status_reason(int status);

#endif
