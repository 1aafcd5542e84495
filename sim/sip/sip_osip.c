#include "sip_osip.h"

#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include "lyncsim/alloc.h"

/* libosip2 walks its lists to append to them: many parameters in one value
 * cost quadratic time. */
#define PARAMETERS_MAX 128u

/* It would write its complaints about every bad message to our stdout. */
static void keep_quiet(const char *file, int line, osip_trace_level_t level,
                       const char *format, va_list args)
{
    (void)file;
    (void)line;
    (void)level;
    (void)format;
    (void)args;
}

static void start(void)
{
    osip_trace_initialize_func(END_TRACE_LEVEL, keep_quiet);
    parser_init();
}

static bool has_too_many_parameters(struct ls_str value)
{
    unsigned parameters = 0;

    for (size_t i = 0; i < value.length; i++)
        parameters += value.at[i] == ';' || value.at[i] == '&';
    return parameters > PARAMETERS_MAX;
}

bool sip_osip_reads_party(struct ls_str value)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    osip_from_t *party = NULL;
    char *text;
    bool is_sound;

    if (has_too_many_parameters(value))
        return false;
    pthread_once(&once, start);
    text = ls_str_dup(value);
    /* It would end at a NUL, which is legal after a backslash. */
    for (size_t i = 0; i < value.length; i++)
        if (text[i] == '\0')
            text[i] = ' ';
    is_sound = osip_from_init(&party) == 0 && osip_from_parse(party, text) == 0;
    osip_from_free(party);
    free(text);
    return is_sound;
}
