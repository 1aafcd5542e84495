/*
 * Keys and signatures, from the system or from a seed. OpenSSL 3.0 has no
 * deterministic ECDSA, so what comes from a seed is made in a library context
 * of the mint's own whose random generators replay, anew for each thing that
 * is made, an expansion of seed and label. TLS never runs in one.
 */
#include "mint_key.h"

#include <assert.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mint.h"

#include "mint_cache.h"
#include "mint_internal.h"
#include "openssl_reason.h"

/* The replayed generator fails when its bytes run out; then it is given more,
 * up to here. An RSA-4096 key draws some hundred kilobytes. */
#define ENTROPY_FIRST_BYTES 4096u
#define ENTROPY_RSA_BYTES (512u * 1024)
#define ENTROPY_LAST_BYTES (64u * 1024 * 1024)
#define RSA_BITS_MIN 512
#define RSA_BITS_MAX 8192

static const struct {
    const char *name;
    const char *algorithm;
    const char *group;
} key_kinds[] = {
    {"p256", "EC", "P-256"},      {"p384", "EC", "P-384"},
    {"p521", "EC", "P-521"},      {"secp256k1", "EC", "secp256k1"},
    {"ed25519", "ED25519", NULL}, {"ed448", "ED448", NULL},
};

/* What a kind's name says; group for EC, bits for RSA. */
struct key_plan {
    const char *algorithm;
    const char *group;
    unsigned bits;
};

static bool plan_rsa(struct key_plan *plan, struct ls_str kind)
{
    static const struct {
        const char *prefix;
        const char *algorithm;
    } rows[] = {{"rsa-pss", "RSA-PSS"}, {"rsa", "RSA"}};
    uint64_t bits;

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_str rest = kind;

        if (!ls_str_starts_with(kind, rows[i].prefix))
            continue;
        rest = ls_str_skip(rest, strlen(rows[i].prefix));
        if (ls_str_starts_with(rest, "-"))
            rest = ls_str_skip(rest, 1);
        if (!ls_str_to_u64(rest, &bits) || bits < RSA_BITS_MIN ||
            bits > RSA_BITS_MAX)
            return false;
        *plan = (struct key_plan){rows[i].algorithm, NULL, (unsigned)bits};
        return true;
    }
    return false;
}

static bool plan_key(struct key_plan *plan, struct ls_str kind)
{
    if (ls_str_is_empty(kind))
        kind = ls_str_from("p256");
    for (size_t i = 0; i < LS_COUNT(key_kinds); i++)
        if (ls_str_equal_text(kind, key_kinds[i].name)) {
            *plan = (struct key_plan){key_kinds[i].algorithm,
                                      key_kinds[i].group, 0};
            return true;
        }
    return plan_rsa(plan, kind);
}

bool mint_key_is_known(struct ls_str kind)
{
    struct key_plan plan;

    return plan_key(&plan, kind);
}

static void absorb(EVP_MD_CTX *hash, struct ls_str part)
{
    uint64_t length = part.length;

    /* With its length before it no two labels run together. */
    EVP_DigestUpdate(hash, &length, sizeof length);
    EVP_DigestUpdate(hash, part.at, part.length);
}

static void expand(const struct mint_label *label, unsigned char *out,
                   size_t length)
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    int done;

    assert(hash != NULL && label->source->has_seed);
    EVP_DigestInit_ex(hash, EVP_shake256(), NULL);
    absorb(hash, ls_str_from("lyncsim lab 1"));
    absorb(hash, label->source->seed);
    absorb(hash, ls_str_from(label->purpose));
    absorb(hash, label->name);
    absorb(hash, label->detail);
    done = EVP_DigestFinalXOF(hash, out, length);
    assert(done == 1);
    EVP_MD_CTX_free(hash);
}

void mint_random_bytes(const struct mint_label *label, unsigned char *out,
                       size_t length)
{
    if (label->source->has_seed) {
        expand(label, out, length);
        return;
    }
    bool drawn = RAND_bytes(out, (int)length) == 1;
    assert(drawn && "the system has random bytes");
}

static bool replay(EVP_RAND_CTX *generator, unsigned char *bytes, size_t length)
{
    unsigned strength = 256;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_uint(OSSL_RAND_PARAM_STRENGTH, &strength),
        OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, bytes,
                                          length),
        OSSL_PARAM_construct_end(),
    };

    return generator != NULL && EVP_RAND_CTX_set_params(generator, params) &&
           EVP_RAND_instantiate(generator, strength, 0, NULL, 0, NULL);
}

void mint_source_clear(struct mint_source *source)
{
    OSSL_LIB_CTX_free(source->context);
    source->context = NULL;
}

/* The source's context, its generators at the start of the label's bytes;
 * NULL if the library has no such generator. */
static OSSL_LIB_CTX *rewind_source(const struct mint_label *label,
                                   size_t length)
{
    struct mint_source *source = label->source;
    unsigned char *bytes = ls_alloc(length);
    bool is_ready = source->context != NULL;

    if (!is_ready) {
        source->context = OSSL_LIB_CTX_new();
        assert(source->context != NULL);
        is_ready = RAND_set_DRBG_type(source->context, "TEST-RAND", NULL, NULL,
                                      NULL) == 1;
    }
    expand(label, bytes, length);
    is_ready = is_ready &&
               replay(RAND_get0_primary(source->context), bytes, length) &&
               replay(RAND_get0_public(source->context), bytes, length) &&
               replay(RAND_get0_private(source->context), bytes, length);
    OPENSSL_cleanse(bytes, length);
    free(bytes);
    return is_ready ? source->context : NULL;
}

/* Whether a generator could not have given what a draw asks for: only then
 * is a failure worth another round with more bytes. */
static bool ran_dry(OSSL_LIB_CTX *context)
{
    unsigned char draw[RSA_BITS_MAX / 8 + 64];
    EVP_RAND_CTX *generators[] = {RAND_get0_public(context),
                                  RAND_get0_private(context)};
    bool is_dry = false;

    ERR_set_mark();
    for (size_t i = 0; i < LS_COUNT(generators); i++)
        is_dry |=
            !EVP_RAND_generate(generators[i], draw, sizeof draw, 0, 0, NULL, 0);
    ERR_pop_to_mark();
    return is_dry;
}

/* Work done in a context; false when it did not succeed. */
typedef bool(context_work_fn)(OSSL_LIB_CTX *context, void *arg);

/* Do work in the default context, or in the seeded one until it has bytes
 * enough: how many a key draws cannot be known before. */
static bool do_in_context(const struct mint_label *label, context_work_fn *work,
                          void *arg)
{
    size_t length = label->draws_much ? ENTROPY_RSA_BYTES : ENTROPY_FIRST_BYTES;

    if (!label->source->has_seed)
        return work(NULL, arg);
    for (; length <= ENTROPY_LAST_BYTES; length *= 8) {
        OSSL_LIB_CTX *context = rewind_source(label, length);

        if (context == NULL)
            return false;
        ERR_clear_error();
        if (work(context, arg))
            return true;
        if (!ran_dry(context))
            return false;
    }
    return false;
}

/* The same key in another context (NULL: the default one). As parameters:
 * the decoders of a new context take a millisecond to warm up. */
static EVP_PKEY *move_key(EVP_PKEY *key, OSSL_LIB_CTX *context)
{
    EVP_PKEY_CTX *maker =
        EVP_PKEY_CTX_new_from_name(context, EVP_PKEY_get0_type_name(key), NULL);
    OSSL_PARAM *parts = NULL;
    EVP_PKEY *moved = NULL;

    if (maker != NULL && EVP_PKEY_todata(key, EVP_PKEY_KEYPAIR, &parts) == 1 &&
        EVP_PKEY_fromdata_init(maker) == 1)
        EVP_PKEY_fromdata(maker, &moved, EVP_PKEY_KEYPAIR, parts);
    OSSL_PARAM_free(parts);
    EVP_PKEY_CTX_free(maker);
    return moved;
}

struct key_work {
    const struct key_plan *plan;
    EVP_PKEY *key; /* in the default context */
};

static bool make_key(OSSL_LIB_CTX *context, void *arg)
{
    struct key_work *work = arg;
    const struct key_plan *plan = work->plan;
    EVP_PKEY_CTX *maker =
        EVP_PKEY_CTX_new_from_name(context, plan->algorithm, NULL);
    EVP_PKEY *key = NULL;
    bool is_set = maker != NULL && EVP_PKEY_keygen_init(maker) == 1;

    if (is_set && plan->group != NULL)
        is_set = EVP_PKEY_CTX_set_group_name(maker, plan->group) == 1;
    if (is_set && plan->bits > 0)
        is_set = EVP_PKEY_CTX_set_rsa_keygen_bits(maker, (int)plan->bits) == 1;
    if (is_set && EVP_PKEY_generate(maker, &key) == 1)
        work->key = move_key(key, NULL);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(maker);
    return work->key != NULL;
}

EVP_PKEY *mint_key_new(const struct mint_label *label, struct ls_str kind,
                       char **why)
{
    struct key_plan plan;
    struct key_work work = {.plan = &plan};
    struct mint_label detailed = *label;
    bool is_cached;

    if (!plan_key(&plan, kind)) {
        *why = ls_strf("there is no key type \"%.*s\": p256, p384, p521, "
                       "ed25519, ed448, or rsa and its bits (rsa2048)",
                       LS_STR_ARG(kind));
        return NULL;
    }
    detailed.detail = ls_str_is_empty(kind) ? ls_str_from("p256") : kind;
    detailed.draws_much = plan.bits > 0;
    is_cached = label->source->has_seed && strcmp(plan.algorithm, "RSA") == 0;
    if (is_cached)
        work.key = mint_cache_find(&detailed, plan.bits);
    if (work.key != NULL)
        return work.key;
    if (!do_in_context(&detailed, make_key, &work))
        *why = openssl_reason("the key cannot be made");
    else if (is_cached)
        mint_cache_keep(&detailed, work.key);
    return work.key;
}

struct sign_work {
    X509 *x509; /* one of these */
    X509_CRL *crl;
    OCSP_BASICRESP *response;
    X509 *signer; /* of a response */
    EVP_PKEY *key;
    const char *digest;
    bool use_pss;
};

static bool sign_what(const struct sign_work *work, EVP_MD_CTX *hash)
{
    if (work->x509 != NULL)
        return X509_sign_ctx(work->x509, hash) > 0;
    if (work->crl != NULL)
        return X509_CRL_sign_ctx(work->crl, hash) > 0;
    return OCSP_basic_sign_ctx(work->response, work->signer, hash, NULL,
                               OCSP_NOTIME) == 1;
}

static bool sign(OSSL_LIB_CTX *context, void *arg)
{
    struct sign_work *work = arg;
    EVP_PKEY *key = move_key(work->key, context);
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    EVP_PKEY_CTX *signer = NULL;
    bool is_done;

    is_done = key != NULL && hash != NULL &&
              EVP_DigestSignInit_ex(hash, &signer, work->digest, context, NULL,
                                    key, NULL) == 1;
    if (is_done && work->use_pss)
        is_done =
            EVP_PKEY_CTX_set_rsa_padding(signer, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(signer, RSA_PSS_SALTLEN_DIGEST) ==
                1;
    is_done = is_done && sign_what(work, hash);
    EVP_MD_CTX_free(hash);
    EVP_PKEY_free(key);
    return is_done;
}

static bool run_sign(const struct mint_label *label, struct sign_work *work,
                     char **why)
{
    if (do_in_context(label, sign, work))
        return true;
    *why = openssl_reason("the signature cannot be made");
    return false;
}

bool mint_sign(const struct mint_label *label, X509 *x509, EVP_PKEY *key,
               const char *digest, bool use_pss, char **why)
{
    struct sign_work work = {
        .x509 = x509, .key = key, .digest = digest, .use_pss = use_pss};

    return run_sign(label, &work, why);
}

bool mint_sign_crl(const struct mint_label *label, X509_CRL *crl, EVP_PKEY *key,
                   const char *digest, char **why)
{
    struct sign_work work = {.crl = crl, .key = key, .digest = digest};

    return run_sign(label, &work, why);
}

bool mint_sign_staple(const struct mint_label *label, OCSP_BASICRESP *response,
                      X509 *signer, EVP_PKEY *key, char **why)
{
    struct sign_work work = {
        .response = response,
        .signer = signer,
        .key = key,
        .digest = mint_key_brings_its_digest(key) ? NULL : "sha256"};

    return run_sign(label, &work, why);
}
