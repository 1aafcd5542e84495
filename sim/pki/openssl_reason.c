/*
 * The library's queue holds what went wrong first at its front; what follows
 * is how the failure travelled upwards.
 */
#include "openssl_reason.h"

#include <openssl/err.h>

#include "lyncsim/alloc.h"

char *openssl_reason(const char *what)
{
    unsigned long error = ERR_peek_error();
    const char *reason = error != 0 ? ERR_reason_error_string(error) : NULL;
    char *sentence =
        reason != NULL ? ls_strf("%s: %s", what, reason) : ls_strdup(what);

    ERR_clear_error();
    return sentence;
}
