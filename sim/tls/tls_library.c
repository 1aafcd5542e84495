/*
 * The algorithms that TLS runs with: OpenSSL's own, without those that have
 * no part in it. For each certificate that it is shown, OpenSSL 3.0 asks all
 * decoders it has, 40, of which 28 read private keys, PEM and files of other
 * programs, and passes every algorithm it has met, whereof 94 of 210 are
 * ciphers that no suite of TLS names. Without those a peer's certificate is
 * read in half the time, which saves an eighth of a handshake with P-256. No
 * private key can be read by these decoders: those that are used here come
 * from elsewhere.
 */
#include "lyncsim/tls_library.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include "lyncsim/alloc.h"
#include "lyncsim/str.h"

#include "tls_error.h"

/* By the first of its names, which others follow after a colon. */
static bool is_cipher_of_tls(const OSSL_ALGORITHM *cipher)
{
    static const char *const kinds[] = {"NULL",     "-CBC", "-CBC-HMAC-SHA1",
                                        "-GCM",     "-CCM", "-CBC-HMAC-SHA256",
                                        "-Poly1305"};
    struct ls_str names = ls_str_from(cipher->algorithm_names);
    struct ls_str name = ls_str_first(names, ls_str_find(names, ':'));

    for (size_t i = 0; i < LS_COUNT(kinds); i++)
        if (ls_str_ends_with(name, kinds[i]))
            return true;
    return false;
}

static bool is_decoder_of_certificates(const OSSL_ALGORITHM *decoder)
{
    const char *what = decoder->property_definition;

    return strstr(what, "input=der") &&
           strstr(what, "structure=SubjectPublicKeyInfo");
}

/* Of these operations some algorithms only, of the others all. */
static const struct {
    int operation;
    bool (*keeps)(const OSSL_ALGORITHM *algorithm);
} choices[] = {
    {OSSL_OP_CIPHER, is_cipher_of_tls},
    {OSSL_OP_DECODER, is_decoder_of_certificates},
};

/* OpenSSL hands a provider's functions one thing, and that must be the
 * default provider's own, for its algorithms are handed it, too. So what the
 * rest needs lies here, once for the process: made once, then only read. */
static struct {
    pthread_once_t once;
    OSSL_LIB_CTX *context; /* NULL: OpenSSL's is used as it is */
    OSSL_PROVIDER *standard;
    OSSL_ALGORITHM *chosen[LS_COUNT(choices)];
} library = {.once = PTHREAD_ONCE_INIT};

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_cache)
{
    const OSSL_ALGORITHM *algorithms =
        OSSL_PROVIDER_query_operation(library.standard, operation, no_cache);

    (void)provider;
    for (size_t i = 0; i < LS_COUNT(choices); i++)
        if (choices[i].operation == operation)
            return library.chosen[i];
    return algorithms;
}

static int get_capabilities(void *provider, const char *capability,
                            OSSL_CALLBACK *add, void *arg)
{
    (void)provider;
    return OSSL_PROVIDER_get_capabilities(library.standard, capability, add,
                                          arg);
}

static int init_provider(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in,
                         const OSSL_DISPATCH **out, void **provider)
{
    static const OSSL_DISPATCH functions[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
        {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))get_capabilities},
        {0, NULL},
    };

    (void)core;
    (void)in;
    *out = functions;
    *provider = OSSL_PROVIDER_get0_provider_ctx(library.standard);
    return 1;
}

static OSSL_ALGORITHM *choose(int operation,
                              bool (*keeps)(const OSSL_ALGORITHM *algorithm))
{
    int no_cache;
    const OSSL_ALGORITHM *all =
        OSSL_PROVIDER_query_operation(library.standard, operation, &no_cache);
    OSSL_ALGORITHM *chosen;
    size_t count = 0, kept = 0;

    while (all && all[count].algorithm_names)
        count++;
    chosen = ls_alloc((count + 1) * sizeof *chosen);
    for (size_t i = 0; i < count; i++)
        if (keeps(&all[i]))
            chosen[kept++] = all[i];
    return chosen;
}

static int note_other(OSSL_PROVIDER *provider, void *arg)
{
    bool *has_others = arg;

    if (strcmp(OSSL_PROVIDER_get0_name(provider), "default") != 0)
        *has_others = true;
    return 1;
}

/* Where the machine's openssl.cnf names other providers, or what they must
 * have, TLS runs as that says. */
static bool is_left_to_openssl(void)
{
    bool has_others = false;

    OSSL_PROVIDER_do_all(NULL, note_other, &has_others);
    return has_others || EVP_default_properties_is_fips_enabled(NULL);
}

static void open_library(void)
{
    library.standard = is_left_to_openssl()
                           ? NULL
                           : OSSL_PROVIDER_try_load(NULL, "default", 1);
    if (!library.standard)
        return;
    for (size_t i = 0; i < LS_COUNT(choices); i++)
        library.chosen[i] = choose(choices[i].operation, choices[i].keeps);
    library.context = OSSL_LIB_CTX_new();
    if (library.context &&
        OSSL_PROVIDER_add_builtin(library.context, "lyncsim", init_provider) &&
        OSSL_PROVIDER_load(library.context, "lyncsim"))
        return;
    tls_error_clear();
    OSSL_LIB_CTX_free(library.context);
    library.context = NULL;
}

OSSL_LIB_CTX *tls_library(void)
{
    pthread_once(&library.once, open_library);
    return library.context;
}
