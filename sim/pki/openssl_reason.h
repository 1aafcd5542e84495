/*
 * What did the library complain about? Its error queue as one sentence;
 * private to this folder, which drains the queue nowhere else.
 */
#ifndef LYNCSIM_PKI_OPENSSL_REASON_H
#define LYNCSIM_PKI_OPENSSL_REASON_H

/* "WHAT: first complaint", owned by the caller; the queue is empty after. */
char *openssl_reason(const char *what);

#endif
