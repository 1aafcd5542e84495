/*
 * Why did the library fail? The one place that clears and drains its queue.
 */
#ifndef LYNCSIM_TLS_ERROR_H
#define LYNCSIM_TLS_ERROR_H

#include "lyncsim/trust_verdict.h"

/* Before each call of the library: what others left there is not ours. */
void tls_error_clear(void);
/* After a failed one: the reason code of the first error of the TLS library
 * itself (SSL_R_…, 0 where there is none), and a text for it in *text (owned
 * by the caller). The queue is empty afterwards. */
int tls_error_drain(char **text);
/* What such an error is to a handshake. */
enum trust_obstacle tls_error_obstacle(int reason);

#endif
