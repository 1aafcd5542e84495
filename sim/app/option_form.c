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

static bool is_time(const char *value)
{
    int64_t ms;

    return timestamp_parse(ls_str_from(value), &ms);
}

static const struct text_form {
    enum option_id id;
    bool (*is_written)(const char *value);
    const char *wanted;
} text_forms[] = {
    {OPTION_AT, is_time, "a time as 2011-12-20T20:45:01Z"},
    {OPTION_RESOLVE, resolve_option_is_written,
     "a name and an address: cas.contoso.com=127.0.0.1:5075"},
    {OPTION_USER, is_sip_user, "a SIP address: sip:test@contoso.com"},
    {OPTION_FROM, is_host, "a host name: cas.contoso.com"},
};

static char *check_number(const struct option_row *row, const char *value)
{
    uint64_t number;

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

char *option_form_check(enum option_id id, const char *value)
{
    const struct option_row *row = options_row(id);

    if (id == OPTION_CIPHERS)
        return check_ciphers(value);
    for (size_t i = 0; i < LS_COUNT(text_forms); i++)
        if (text_forms[i].id == id && !text_forms[i].is_written(value))
            return ls_strf("--%s cannot be \"%s\"; write %s", row->name, value,
                           text_forms[i].wanted);
    return check_number(row, value);
}
