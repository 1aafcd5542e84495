/*
 * The legacy provider, kept away from everything else.
 */
#include "old_ways.h"

#include <openssl/err.h>

void old_ways_open(struct old_ways *ways)
{
    ways->context = OSSL_LIB_CTX_new();
    ways->legacy = OSSL_PROVIDER_load(ways->context, "legacy");
    /* Once a provider is loaded by hand the default one must be too. */
    ways->modern = OSSL_PROVIDER_load(ways->context, "default");
    ways->before = OSSL_LIB_CTX_set0_default(ways->context);
    ERR_clear_error();
}

void old_ways_leave(struct old_ways *ways)
{
    OSSL_LIB_CTX_set0_default(ways->before);
}

void old_ways_close(struct old_ways *ways)
{
    if (ways->legacy != NULL)
        OSSL_PROVIDER_unload(ways->legacy);
    if (ways->modern != NULL)
        OSSL_PROVIDER_unload(ways->modern);
    OSSL_LIB_CTX_free(ways->context);
}
