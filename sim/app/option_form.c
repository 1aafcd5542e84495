/*
 * Values that are numbers, times, names or addresses.
 */
#include "option_form.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/timestamp.h"
#include "lyncsim/tls_context.h"

#include "resolve_option.h"

static const struct number_form {
    const char *value;
    const char *what;
    uint64_t min, max;
} number_forms[] = {
    {"N", "a whole number", 1, 1000000},
    {"N|0", "a whole number", 0, 1000000},
    {"SECONDS", "a number of seconds", 1, 1000000},
    {"THREADS", "a number of threads", 1, 64},
    {"BYTES", "a number of bytes", 1024, 1u << 30},
};

static char *check_ciphers(const char *value)
{
    char *fault = tls_ciphers_fault(ls_str_from(value));
    char *why = NULL;

    if (fault != NULL)
        why = ls_strf("--ciphers cannot be had: %s; see openssl ciphers -v ALL",
                      fault);
    free(fault);
    return why;
}

/* Both go into SIP headers as they are written here; what a scenario refuses
 * as a user or as a host is refused here as well. */
static bool is_sip_user(const char *value)
{
    const char *at = strchr(value, '@');

    return strncmp(value, "sip:", 4) == 0 && at != NULL && at > value + 4 &&
           at[1] != '\0' && value[strcspn(value, " \t\r\n<>\"")] == '\0';
}

static bool is_host(const char *value)
{
    return *value != '\0' && value[strcspn(value, " \t\r\n<>\"@/;:")] == '\0';
}

char *option_form_check(enum option_id id, const char *value)
{
    const struct option_row *row = options_row(id);
    uint64_t number;
    int64_t ms;

    if (id == OPTION_AT && !timestamp_parse(ls_str_from(value), &ms))
        return ls_strf("--at cannot be \"%s\"; write a time as "
                       "2011-12-20T20:45:01Z",
                       value);
    if (id == OPTION_RESOLVE && !resolve_option_is_written(value))
        return ls_strf("--resolve cannot be \"%s\"; write a name and an "
                       "address: cas.contoso.com=127.0.0.1:5075",
                       value);
    if (id == OPTION_USER && !is_sip_user(value))
        return ls_strf("--user cannot be \"%s\"; write a SIP address: "
                       "sip:test@contoso.com",
                       value);
    if (id == OPTION_FROM && !is_host(value))
        return ls_strf("--from cannot be \"%s\"; write a host name: "
                       "cas.contoso.com",
                       value);
    if (id == OPTION_CIPHERS)
        return check_ciphers(value);
    for (size_t i = 0; i < LS_COUNT(number_forms); i++) {
        const struct number_form *form = &number_forms[i];

        if (strcmp(row->value, form->value) != 0)
            continue;
        if (ls_str_to_u64(ls_str_from(value), &number) && number >= form->min &&
            number <= form->max)
            return NULL;
        return ls_strf("--%s cannot be \"%s\"; it is %s from %" PRIu64
                       " to %" PRIu64,
                       row->name, value, form->what, form->min, form->max);
    }
    return NULL;
}
