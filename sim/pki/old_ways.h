/*
 * How are files read and written that Windows locked long ago (RC2-40)?
 * Private to this folder.
 */
#ifndef LYNCSIM_PKI_OLD_WAYS_H
#define LYNCSIM_PKI_OLD_WAYS_H

#include <openssl/provider.h>

/* A library context that also knows the old ways. PKCS#12 takes no context as
 * an argument, so between open and leave this one is the thread's default;
 * what was made in it must be gone before close. */
struct old_ways {
    OSSL_LIB_CTX *context;
    OSSL_LIB_CTX *before;
    OSSL_PROVIDER *legacy; /* NULL where the system has none */
    OSSL_PROVIDER *modern;
};

void old_ways_open(struct old_ways *ways);
void old_ways_leave(struct old_ways *ways);
void old_ways_close(struct old_ways *ways);

#endif
