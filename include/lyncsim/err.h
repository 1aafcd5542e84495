/*
 * Why the program could not do something. What the domain answers (a peer is
 * refused, an expectation fails) is a value of its own, never one of these.
 */
#ifndef LYNCSIM_ERR_H
#define LYNCSIM_ERR_H

/* clang-format off */
#define LS_ERR_LIST(X)                                                         \
    X(LS_OK, "no error")                                                       \
    X(LS_EIO, "input or output failed")                                        \
    X(LS_EPARSE, "the text is not well formed")                                \
    X(LS_EPROTO, "the peer broke the protocol")                                \
    X(LS_ETLS, "TLS failed")                                                   \
    X(LS_ELIMIT, "a limit was reached")                                        \
    X(LS_ECLOSED, "the connection is closed")

enum ls_err {
#define X(name, text) name,
    LS_ERR_LIST(X)
#undef X
};
/* clang-format on */

#define LS_MUST_CHECK __attribute__((warn_unused_result))

/* The name ("LS_EIO") and the sentence of an error; both static. */
const char *ls_err_name(enum ls_err err);
const char *ls_err_text(enum ls_err err);

#endif
