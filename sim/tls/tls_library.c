/*
 * The algorithms that TLS runs with: OpenSSL's own, without those that have
 * no part in it. For each certificate that it is shown, OpenSSL 3.0 asks all
 * decoders it has, 40, of which 28 read private keys, PEM and files of other
 * programs, and passes every algorithm it has met, whereof 94 of 210 are
 * ciphers that no suite of TLS names. Without those a peer's certificate is
 * read in half the time, which saves an eighth of a handshake with P-256. No
 * private key can be read by these decoders: those that are used here come
 * from elsewhere. Nor can a key that brings a curve of its own: to find a
 * point of the one in 533 bytes takes a tenth of a second, and a hundred and
 * seventy of them can be shown before any verdict.
 */
#include "lyncsim/tls_library.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include "lyncsim/alloc.h"
#include "lyncsim/str.h"

#include "tls_error.h"

/* Its first name, which others follow after a colon. */
static struct ls_str name_of(const OSSL_ALGORITHM *algorithm)
{
    struct ls_str names = ls_str_from(algorithm->algorithm_names);

    return ls_str_first(names, ls_str_find(names, ':'));
}

static bool is_cipher_of_tls(const OSSL_ALGORITHM *cipher)
{
    static const char *const kinds[] = {"NULL",     "-CBC", "-CBC-HMAC-SHA1",
                                        "-GCM",     "-CCM", "-CBC-HMAC-SHA256",
                                        "-Poly1305"};
    struct ls_str name = name_of(cipher);

    for (size_t i = 0; i < LS_COUNT(kinds); i++)
        if (ls_str_ends_with(name, kinds[i]))
            return true;
    return false;
}

static bool is_decoder_of_certificates(const OSSL_ALGORITHM *decoder)
{
    const char *what = decoder->property_definition;

    /* DER tells SM2, which no suite has, from EC, and both of them read the
     * curve of an EC key to do so. */
    return strstr(what, "input=der") &&
           strstr(what, "structure=SubjectPublicKeyInfo") &&
           !ls_str_equal_text(name_of(decoder), "DER") &&
           !ls_str_equal_text(name_of(decoder), "SM2");
}

/* Of these operations some algorithms only, of the others all. */
enum { CHOSEN_CIPHERS, CHOSEN_DECODERS, CHOICE_COUNT };
static const struct {
    int operation;
    bool (*keeps)(const OSSL_ALGORITHM *algorithm);
} choices[CHOICE_COUNT] = {
    [CHOSEN_CIPHERS] = {OSSL_OP_CIPHER, is_cipher_of_tls},
    [CHOSEN_DECODERS] = {OSSL_OP_DECODER, is_decoder_of_certificates},
};

/* As long as no key of a named curve is. */
#define EC_KEY_MAX_BYTES 512

/* OpenSSL hands a provider's functions one thing, and that must be the
 * default provider's own, for its algorithms are handed it, too. So what the
 * rest needs lies here, once for the process: made once, then only read. */
static struct {
    pthread_once_t once;
    OSSL_LIB_CTX *context; /* NULL: OpenSSL's is used as it is */
    OSSL_PROVIDER *standard;
    OSSL_ALGORITHM *chosen[CHOICE_COUNT];
    OSSL_FUNC_decoder_decode_fn *decode_ec; /* the default provider's */
    OSSL_FUNC_BIO_read_ex_fn *read;
    OSSL_FUNC_BIO_ctrl_fn *control;
} library = {.once = PTHREAD_ONCE_INIT};

/* The tag of what stands at *at, which moves behind it and its length; -1
 * where nothing whole does. */
static int take_tag(const unsigned char **at, const unsigned char *end,
                    long *length)
{
    int tag, class;
    int form = ASN1_get_object(at, length, &tag, &class, end - *at);

    return form & 0x80 || class != V_ASN1_UNIVERSAL ? -1 : tag;
}

/* Whether a SubjectPublicKeyInfo names its curve (RFC 5480 2.1.1). */
static bool has_named_curve(const unsigned char *at, size_t size)
{
    static const int tags[] = {V_ASN1_SEQUENCE, V_ASN1_SEQUENCE, V_ASN1_OBJECT};
    const unsigned char *end = at + size;
    long length = 0;

    for (size_t i = 0; i < LS_COUNT(tags); i++)
        if (take_tag(&at, end, &length) != tags[i])
            return false;
    at += length;
    return take_tag(&at, end, &length) == V_ASN1_OBJECT;
}

static bool looks_like_named_curve(OSSL_CORE_BIO *in)
{
    unsigned char key[EC_KEY_MAX_BYTES];
    int start = library.control(in, BIO_C_FILE_TELL, 0, NULL);
    size_t length = 0;
    bool is_named;

    if (start < 0 || !library.read(in, key, sizeof key, &length))
        return false;
    ERR_set_mark();
    is_named = has_named_curve(key, length);
    ERR_pop_to_mark();
    return is_named && library.control(in, BIO_C_FILE_SEEK, start, NULL) >= 0;
}

/* OpenSSL gives seven. NOLINTNEXTLINE(readability-function-size) */
static int decode_named_curve(void *decoder, OSSL_CORE_BIO *in, int selection,
                              OSSL_CALLBACK *take, void *take_arg,
                              OSSL_PASSPHRASE_CALLBACK *ask, void *ask_arg)
{
    if (!looks_like_named_curve(in))
        return 1; /* it is for others, of whom there are none */
    return library.decode_ec(decoder, in, selection, take, take_arg, ask,
                             ask_arg);
}

/* The decoder of EC keys, but for the ones with curves of their own. */
static const OSSL_DISPATCH *guard(const OSSL_DISPATCH *functions)
{
    OSSL_DISPATCH *guarded;
    size_t count = 0;

    while (functions[count].function_id != 0)
        count++;
    guarded = ls_alloc((count + 1) * sizeof *guarded);
    for (size_t i = 0; i < count; i++) {
        guarded[i] = functions[i];
        if (functions[i].function_id != OSSL_FUNC_DECODER_DECODE)
            continue;
        library.decode_ec = OSSL_FUNC_decoder_decode(&functions[i]);
        guarded[i].function = (void (*)(void))decode_named_curve;
    }
    return guarded;
}

static void guard_curves(OSSL_ALGORITHM *algorithm)
{
    for (; algorithm->algorithm_names; algorithm++)
        if (ls_str_equal_text(name_of(algorithm), "EC"))
            algorithm->implementation = guard(algorithm->implementation);
}

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
    for (; in->function_id != 0; in++)
        if (in->function_id == OSSL_FUNC_BIO_READ_EX)
            library.read = OSSL_FUNC_BIO_read_ex(in);
        else if (in->function_id == OSSL_FUNC_BIO_CTRL)
            library.control = OSSL_FUNC_BIO_ctrl(in);
    *out = functions;
    *provider = OSSL_PROVIDER_get0_provider_ctx(library.standard);
    return library.read && library.control;
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
    guard_curves(library.chosen[CHOSEN_DECODERS]);
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
