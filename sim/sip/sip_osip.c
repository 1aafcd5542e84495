#include "sip_osip.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>

#include "lyncsim/alloc.h"

#include "sip_line.h"

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

/* The value as libosip2 takes it: NUL-terminated, so a NUL inside (legal after
 * a backslash) becomes a blank. NULL for one it is not to see. */
static char *to_c_string(struct ls_str value)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    unsigned parameters = 0;
    char *text;

    pthread_once(&once, start);
    for (size_t i = 0; i < value.length; i++)
        parameters += value.at[i] == ';' || value.at[i] == '&';
    if (parameters > PARAMETERS_MAX)
        return NULL;
    text = ls_str_dup(value);
    for (size_t i = 0; i < value.length; i++)
        if (text[i] == '\0')
            text[i] = ' ';
    return text;
}

bool sip_osip_tag(struct ls_str value, char **tag)
{
    osip_generic_param_t *param = NULL;
    osip_from_t *from = NULL;
    char name[] = "tag";
    char *text = to_c_string(value);
    bool is_sound =
        text && osip_from_init(&from) == 0 && osip_from_parse(from, text) == 0;

    *tag = NULL;
    if (is_sound)
        osip_uri_param_get_byname(&from->gen_params, name, &param);
    if (param)
        is_sound =
            param->gvalue && sip_line_is_token(ls_str_from(param->gvalue));
    if (param && is_sound)
        *tag = ls_strdup(param->gvalue);
    osip_from_free(from);
    free(text);
    return is_sound;
}

static bool is_port(const char *port)
{
    uint64_t number = 0;

    return ls_str_to_u64(ls_str_from(port), &number) && number <= 65535;
}

bool sip_osip_via(struct ls_str element, char **host, char **branch)
{
    osip_generic_param_t *param = NULL;
    osip_via_t *via = NULL;
    char name[] = "branch";
    char *text = to_c_string(element);
    bool is_sound =
        text && osip_via_init(&via) == 0 && osip_via_parse(via, text) == 0;

    *host = NULL;
    *branch = NULL;
    is_sound = is_sound && via->version && strcmp(via->version, "2.0") == 0 &&
               via->host && *via->host && via->protocol &&
               sip_line_is_token(ls_str_from(via->protocol)) &&
               (!via->port || is_port(via->port));
    if (is_sound)
        osip_uri_param_get_byname(&via->via_params, name, &param);
    is_sound = is_sound && (!param || param->gvalue);
    if (is_sound) {
        *host = ls_strdup(via->host);
        *branch = param ? ls_strdup(param->gvalue) : NULL;
    }
    osip_via_free(via);
    free(text);
    return is_sound;
}

bool sip_osip_cseq(struct ls_str value, uint32_t *number, char **method)
{
    osip_cseq_t *cseq = NULL;
    uint64_t read = 0;
    char *text = to_c_string(value);
    bool is_sound =
        text && osip_cseq_init(&cseq) == 0 && osip_cseq_parse(cseq, text) == 0;

    *method = NULL;
    /* RFC 3261 8.1.1.5: less than 2**31. */
    is_sound = is_sound && cseq->number && cseq->method &&
               ls_str_to_u64(ls_str_from(cseq->number), &read) &&
               read < (uint64_t)1 << 31 &&
               sip_line_is_token(ls_str_from(cseq->method));
    if (is_sound) {
        *number = (uint32_t)read;
        *method = ls_strdup(cseq->method);
    }
    osip_cseq_free(cseq);
    free(text);
    return is_sound;
}
