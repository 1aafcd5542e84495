/*
 * Is a chain more work than a stranger may ask for?
 */
#ifndef LYNCSIM_SIM_PKI_CHAIN_BURDEN_H
#define LYNCSIM_SIM_PKI_CHAIN_BURDEN_H

#include <openssl/x509.h>

/* What there is too much of, and the X509_V_ERR_… that says so best. */
struct chain_excess {
    int code;
    const char *text;
};

/* Larger than any chain in use, and what a path validation takes no longer
 * for than some handshakes: so many certificates; so many bytes of certificate
 * policies and mappings; so many names that are held against name constraints,
 * as the product of the bytes of both. */
#define CHAIN_SENT_MAX 20
#define CHAIN_POLICY_BYTES_MAX 4096
#define CHAIN_NAME_WORK_MAX ((size_t)64 * 1024 * 1024)

/* NULL where there is not too much of anything; nothing is validated. sent may
 * be NULL. The answer is static. */
const struct chain_excess *chain_burden_judge(X509 *leaf,
                                              const STACK_OF(X509) * sent);

#endif
