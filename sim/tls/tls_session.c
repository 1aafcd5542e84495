/*
 * The library reads from and writes to two buffers of ours through a BIO of
 * ours: no socket, no copy of a memory BIO, and idle sessions hold neither.
 */
#include "lyncsim/tls_session.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "tls_error.h"
#include "tls_internal.h"

/* The largest plaintext of one record (RFC 8446 5.1). */
#define RECORD_MAX_BYTES 16384

/* --- what the library calls ---------------------------------------------- */

static bool has_flooded(const struct tls_session *session)
{
    return session->key_updates > KEY_UPDATES_MAX;
}

static int on_wire_read(BIO *bio, char *to, int size)
{
    struct tls_session *session = BIO_get_data(bio);
    size_t count = session->input.length - session->input_at;

    BIO_clear_retry_flags(bio);
    if (count == 0 || has_flooded(session)) {
        BIO_set_retry_read(bio);
        return -1;
    }
    if (count > (size_t)size)
        count = (size_t)size;
    memcpy(to, session->input.at + session->input_at, count);
    session->input_at += count;
    return (int)count;
}

static int on_wire_write(BIO *bio, const char *from, int size)
{
    struct tls_session *session = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    ls_buf_add(&session->output, ls_str_from_bytes(from, (size_t)size));
    return size;
}

static long on_wire_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

BIO_METHOD *tls_session_wire_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "lyncsim wire");

    if (!method)
        return NULL;
    BIO_meth_set_read(method, on_wire_read);
    BIO_meth_set_write(method, on_wire_write);
    BIO_meth_set_ctrl(method, on_wire_control);
    return method;
}

void tls_session_on_info(const SSL *ssl, int where, int value)
{
    struct tls_session *session = SSL_get_app_data(ssl);

    if (!(where & SSL_CB_ALERT) || (value & 0xff) == SSL_AD_CLOSE_NOTIFY)
        return;
    session->alert = value & 0xff;
    session->alert_is_received = (where & SSL_CB_READ) != 0;
}

/* The library gives seven. NOLINTNEXTLINE(readability-function-size) */
void tls_session_on_message(int is_sent, int version, int type,
                            const void *message, size_t length, SSL *ssl,
                            void *arg)
{
    struct tls_session *session = SSL_get_app_data(ssl);

    (void)version;
    (void)arg;
    if (!is_sent && type == SSL3_RT_HANDSHAKE && length > 0 &&
        *(const unsigned char *)message == SSL3_MT_KEY_UPDATE)
        session->key_updates++;
}

int tls_session_on_asked(SSL *ssl, void *arg)
{
    struct tls_session *session = SSL_get_app_data(ssl);

    (void)arg;
    session->was_asked = true;
    return 1; /* with what the context has */
}

void tls_session_on_secret(const SSL *ssl, const char *line)
{
    const struct tls_session *session = SSL_get_app_data(ssl);

    struct ls_str text = ls_str_from(line);
    struct tls_secret *secret = ls_alloc(sizeof *secret + text.length + 1);

    memcpy(secret->line, text.at, text.length);
    secret->line[text.length] = '\n';
    secret->length = text.length + 1;
    mailbox_put(session->context->settings.key_log, &secret->letter);
}

/* --- life ---------------------------------------------------------------- */

struct tls_session *
tls_session_new(const struct tls_context *context,
                const struct trust_policy *policy_in_handshake, int64_t at_s)
{
    struct tls_session *session = ls_alloc(sizeof *session);
    BIO *bio = BIO_new(context->wire);

    session->context = context;
    session->policy = policy_in_handshake;
    session->at_s = at_s;
    session->alert = -1;
    session->ssl = SSL_new(context->ssl);
    /* These fail for lack of memory alone. */
    if (!session->ssl || !bio)
        ls_out_of_memory();
    BIO_set_data(bio, session);
    BIO_set_init(bio, 1);
    SSL_set_bio(session->ssl, bio, bio);
    SSL_set_app_data(session->ssl, session);
    if (tls_role_accepts(context->settings.role))
        SSL_set_accept_state(session->ssl);
    else
        SSL_set_connect_state(session->ssl);
    return session;
}

void tls_session_free(struct tls_session *session)
{
    if (!session)
        return;
    tls_session_trim(session);
    if (session->verdict)
        trust_verdict_clear(session->verdict);
    free(session->verdict);
    free(session->failure.text);
    free(session->plain);
    SSL_free(session->ssl);
    ls_buf_clear(&session->input);
    ls_buf_clear(&session->output);
    free(session);
}

void tls_session_trim(struct tls_session *session)
{
    struct tls_seen *seen = session->seen;

    if (!seen)
        return;
    certificate_facts_clear(&seen->peer);
    chain_report_clear(&seen->chain);
    credential_free(seen->shown);
    free(seen);
    session->seen = NULL;
}

/* --- ciphertext in ------------------------------------------------------- */

void tls_session_feed(struct tls_session *session, struct ls_str wire)
{
    if (session->is_over)
        return;
    for (size_t i = 0;
         i < wire.length && session->first_count < FIRST_BYTES_MAX; i++)
        session->first[session->first_count++] = wire.at[i];
    ls_buf_add(&session->input, wire);
}

static bool has_input(const struct tls_session *session)
{
    return session->input_at < session->input.length;
}

/* An idle session holds no buffers. */
static void release_input(struct tls_session *session)
{
    if (has_input(session))
        return;
    ls_buf_clear(&session->input);
    session->input_at = 0;
    free(session->plain);
    session->plain = NULL;
}

static void drop_input(struct tls_session *session)
{
    session->input_at = session->input.length;
    release_input(session);
}

/* --- events out ---------------------------------------------------------- */

/* The library knows no bound of its own. */
static bool settle_flood(struct tls_session *session, struct tls_event *event)
{
    drop_input(session);
    session->own_reason = "the peer renewed its keys over and over";
    tls_session_fail(session, NULL, 0);
    session->failure.flooded = true;
    event->kind = TLS_FAILED;
    return true;
}

/* After a call that did not succeed: an event, or nothing yet. */
static bool settle(struct tls_session *session, int result,
                   struct tls_event *event)
{
    int error = SSL_get_error(session->ssl, result);
    char *library;
    int reason;

    if (has_flooded(session))
        return settle_flood(session, event);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        release_input(session);
        return false;
    }
    if (error == SSL_ERROR_ZERO_RETURN && session->is_ready) {
        session->is_over = true;
        event->kind = TLS_CLOSE_NOTIFY;
        return true;
    }
    reason = tls_error_drain(&library);
    drop_input(session);
    tls_session_fail(session, library, reason);
    free(library);
    event->kind = TLS_FAILED;
    return true;
}

static bool shake_hands(struct tls_session *session, struct tls_event *event)
{
    int result;

    tls_error_clear();
    result = SSL_do_handshake(session->ssl);
    if (result != 1)
        return settle(session, result, event);
    session->is_ready = true;
    event->kind = TLS_READY;
    return true;
}

static bool read_plaintext(struct tls_session *session, struct tls_event *event)
{
    size_t count = 0;
    int result;

    if (!has_input(session) && !SSL_has_pending(session->ssl)) {
        release_input(session);
        return false;
    }
    if (!session->plain)
        session->plain = ls_realloc_array(NULL, RECORD_MAX_BYTES, 1);
    tls_error_clear();
    result =
        SSL_read_ex(session->ssl, session->plain, RECORD_MAX_BYTES, &count);
    if (result != 1)
        return settle(session, result, event);
    if (session->key_updates > 0)
        session->key_updates--;
    event->kind = TLS_PLAINTEXT;
    event->bytes = ls_str_from_bytes(session->plain, count);
    return true;
}

bool tls_session_next(struct tls_session *session, struct tls_event *event)
{
    *event = (struct tls_event){0};
    if (session->is_over)
        return false;
    return session->is_ready ? read_plaintext(session, event)
                             : shake_hands(session, event);
}

/* --- plaintext in, ciphertext out ---------------------------------------- */

enum ls_err tls_session_write(struct tls_session *session, struct ls_str plain)
{
    size_t count = 0;

    if (!session->is_ready || session->is_closing || session->failure.text)
        return LS_ECLOSED;
    if (plain.length == 0)
        return LS_OK;
    tls_error_clear();
    if (SSL_write_ex(session->ssl, plain.at, plain.length, &count) == 1)
        return LS_OK;
    tls_error_clear();
    return LS_ETLS;
}

void tls_session_close(struct tls_session *session)
{
    if (!session->is_ready || session->is_closing || session->failure.text)
        return;
    session->is_closing = true;
    tls_error_clear();
    SSL_shutdown(session->ssl);
    tls_error_clear();
}

struct ls_str tls_session_output(struct tls_session *session)
{
    return ls_buf_str(&session->output);
}

void tls_session_output_taken(struct tls_session *session, size_t count)
{
    assert(count <= session->output.length);
    if (count == session->output.length)
        ls_buf_clear(&session->output);
    else
        ls_buf_consume(&session->output, count);
}

/* --- what is known ------------------------------------------------------- */

const struct certificate_facts *
tls_session_peer(const struct tls_session *session)
{
    return session->seen ? &session->seen->peer : NULL;
}

const struct credential *tls_session_shown(const struct tls_session *session)
{
    return session->seen ? session->seen->shown : NULL;
}

const struct chain_report *tls_session_chain(const struct tls_session *session)
{
    return session->seen && session->seen->chain.checked ? &session->seen->chain
                                                         : NULL;
}

const struct staple_report *
tls_session_staple(const struct tls_session *session)
{
    return session->has_staple ? &session->staple : NULL;
}

const char *tls_session_version(const struct tls_session *session)
{
    if (!SSL_get_pending_cipher(session->ssl) &&
        !SSL_get_current_cipher(session->ssl))
        return NULL;
    switch (SSL_version(session->ssl)) {
    case TLS1_VERSION:
        return tls_version_text(TLS_1_0);
    case TLS1_1_VERSION:
        return tls_version_text(TLS_1_1);
    case TLS1_2_VERSION:
        return tls_version_text(TLS_1_2);
    case TLS1_3_VERSION:
        return tls_version_text(TLS_1_3);
    default:
        return NULL;
    }
}

const char *tls_session_cipher(const struct tls_session *session)
{
    return SSL_get_current_cipher(session->ssl) != NULL
               ? SSL_get_cipher_name(session->ssl)
               : NULL;
}

bool tls_session_was_asked(const struct tls_session *session)
{
    return session->was_asked;
}

const struct tls_failure *tls_session_failure(const struct tls_session *session)
{
    return session->failure.text ? &session->failure : NULL;
}

const struct trust_verdict *
tls_session_verdict(const struct tls_session *session)
{
    return session->verdict;
}
