#include "lyncsim/machine_feature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/provider.h>
#include <openssl/ssl.h>

#include "lyncsim/alloc.h"
#include "lyncsim/tls_context.h"

#define CIPHER_PREFIX "cipher "

static bool speaks(int version)
{
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    bool can;

    if (context == NULL)
        return false;
    SSL_CTX_set_security_level(context, 0);
    can = SSL_CTX_set_min_proto_version(context, version) == 1 &&
          SSL_CTX_set_max_proto_version(context, version) == 1;
    SSL_CTX_free(context);
    return can;
}

static bool speaks_1_0(void)
{
    return speaks(TLS1_VERSION);
}

static bool speaks_1_1(void)
{
    return speaks(TLS1_1_VERSION);
}

static bool speaks_1_2(void)
{
    return speaks(TLS1_2_VERSION);
}

static bool speaks_1_3(void)
{
    return speaks(TLS1_3_VERSION);
}

/* In a context of its own: loaded into the usual one it would change what
 * everybody else sees. */
static bool has_legacy_provider(void)
{
    OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
    OSSL_PROVIDER *provider =
        context != NULL ? OSSL_PROVIDER_load(context, "legacy") : NULL;
    bool has = provider != NULL;

    if (has)
        OSSL_PROVIDER_unload(provider);
    OSSL_LIB_CTX_free(context);
    return has;
}

/* The loopback address is there when the system speaks IPv6 at all. */
static bool has_ipv6(void)
{
    FILE *file = fopen("/proc/net/if_inet6", "re");
    char line[128];
    bool has = false;

    while (file != NULL && !has && fgets(line, sizeof line, file) != NULL)
        has = strncmp(line, "00000000000000000000000000000001 ", 33) == 0;
    if (file != NULL)
        fclose(file);
    return has;
}

static const char *const names[] = {"tls-1.0", "tls-1.1",         "tls-1.2",
                                    "tls-1.3", "legacy-provider", "ipv6"};

const char *const *machine_feature_names(size_t *count)
{
    *count = LS_COUNT(names);
    return names;
}

bool machine_feature_find(struct ls_str name, char **why)
{
    static bool (*const has[LS_COUNT(names)])(void) = {
        speaks_1_0, speaks_1_1,          speaks_1_2,
        speaks_1_3, has_legacy_provider, has_ipv6};

    *why = NULL;
    if (ls_str_starts_with(name, CIPHER_PREFIX)) {
        *why = tls_ciphers_fault(ls_str_skip(name, sizeof CIPHER_PREFIX - 1));
        return true;
    }
    for (size_t i = 0; i < LS_COUNT(names); i++)
        if (ls_str_equal_text(name, names[i])) {
            if (!has[i]())
                *why = ls_strf("This machine has no %s.", names[i]);
            return true;
        }
    return false;
}
