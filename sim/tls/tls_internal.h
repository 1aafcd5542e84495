/*
 * What context and session of this folder share, and nobody else sees.
 */
#ifndef LYNCSIM_TLS_INTERNAL_H
#define LYNCSIM_TLS_INTERNAL_H

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include "lyncsim/tls_session.h"

struct tls_context {
    SSL_CTX *ssl;
    BIO_METHOD *wire; /* how a session's bytes come and go */
    struct tls_settings settings;
};

/* How many KeyUpdates (RFC 8446 4.6.3) may come ahead of messages. Each costs
 * as much as a message and is an eighth of its size. */
#define KEY_UPDATES_MAX 100

/* What is shown of a stranger's first bytes. */
#define FIRST_BYTES_MAX 24

/* What was seen of the peer's certificate. */
struct tls_seen {
    struct certificate_facts peer;
    struct credential *shown; /* where the settings say to keep it */
    struct chain_report chain;
};

struct tls_session {
    const struct tls_context *context;
    const struct trust_policy *policy; /* to refuse in the handshake, or NULL */
    int64_t at_s;
    SSL *ssl;
    struct ls_buf input; /* ciphertext not read yet, from input_at */
    size_t input_at;
    struct ls_buf output;
    char *plain; /* one record's plaintext, while there is any */
    char first[FIRST_BYTES_MAX];
    size_t first_count;
    bool is_ready;
    bool is_over; /* failed, or the peer closed: nothing more to read */
    bool is_closing;
    bool alert_is_received;
    bool was_asked;       /* for a certificate */
    unsigned key_updates; /* beyond those that messages came between */
    int alert;
    struct tls_failure failure;
    const char *own_reason; /* why we ended it, where the library cannot know */
    struct tls_seen *seen;  /* NULL: nothing, or nobody asks any more */
    bool has_staple;        /* it was asked for, and what came is judged */
    struct staple_report staple;
    struct trust_verdict *verdict;
};

/* The list, or what the library has by itself, for NULL; the sentence against
 * it, or NULL. */
char *tls_ciphers_use(SSL_CTX *ssl, const char *list);

/* Let a Front End name issuers, or a peer mind them. */
void tls_issuers_use(SSL_CTX *ssl, const struct tls_settings *settings);

/* What the library calls back. */
BIO_METHOD *tls_session_wire_method(void);
/* Let a Front End staple, or a peer ask for it and look. */
void tls_staple_use(SSL_CTX *ssl, const struct tls_settings *settings);
int tls_session_on_verify(X509_STORE_CTX *store_context, void *arg);
int tls_session_on_asked(SSL *ssl, void *arg);
void tls_session_on_info(const SSL *ssl, int where, int value);
void tls_session_on_message(int is_sent, int version, int type,
                            const void *message, size_t length, SSL *ssl,
                            void *arg);
void tls_session_on_secret(const SSL *ssl, const char *line);

/* It failed: library is what its queue said, with the reason code of that. */
void tls_session_fail(struct tls_session *session, const char *library,
                      int reason);

#endif
