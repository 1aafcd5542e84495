/*
 * Which of OpenSSL's algorithms does TLS run with?
 */
#ifndef LYNCSIM_TLS_LIBRARY_H
#define LYNCSIM_TLS_LIBRARY_H

struct ossl_lib_ctx_st;

/* What every TLS context is made with: the algorithms of OpenSSL's default
 * provider that TLS and the certificates it is shown need, without the others,
 * which cost time for each certificate. NULL, which stands for OpenSSL's own,
 * where openssl.cnf or the program has loaded any other provider, or wants
 * those of FIPS. Made by the first call, from any thread; it lasts as long as
 * the process. */
struct ossl_lib_ctx_st *tls_library(void);

#endif
