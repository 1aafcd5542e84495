/*
 * Why the program could not do something. What the domain answers (a peer is
 * refused, an expectation fails) is a value of its own, never one of these.
 */
#ifndef LYNCSIM_ERR_H
#define LYNCSIM_ERR_H

enum ls_err {
    LS_OK,
    LS_EPARSE,  /* the text is not well formed */
    LS_ETLS,    /* TLS failed */
    LS_ELIMIT,  /* a limit was reached */
    LS_ECLOSED, /* the connection is closed */
};

#define LS_MUST_CHECK __attribute__((warn_unused_result))

#endif
