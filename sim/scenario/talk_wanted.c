#include "talk_wanted.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

/* False when there is no such part. */
static bool read_part(const struct sip_message *message, const char *field,
                      struct ls_str *text, char **made)
{
    bool is_request = sip_message_is_request(message);
    const struct sip_header *header;

    if (strcmp(field, "status") == 0) {
        *made = ls_strf("%d", sip_message_status(message));
        *text = ls_str_from(*made);
        return !is_request;
    }
    if (strcmp(field, "reason") == 0) {
        *text = sip_message_reason(message);
        return !is_request;
    }
    if (strcmp(field, "method") == 0) {
        *text = sip_message_method(message);
        return is_request;
    }
    if (strcmp(field, "uri") == 0) {
        *text = sip_message_uri(message);
        return is_request;
    }
    if (strcmp(field, "body") == 0) {
        *text = sip_message_body(message);
        return true;
    }
    header = sip_message_header(message, field + strlen("header."), 0);
    if (header != NULL)
        *text = header->value;
    return header != NULL;
}

bool talk_wanted_check(const struct expectation *want,
                       const struct sip_message *message,
                       struct step_failure *failure)
{
    struct ls_str text = {0};
    char *made = NULL;
    bool is_there = read_part(message, want->field, &text, &made);
    bool holds = expectation_check_text(want, is_there ? &text : NULL, failure);

    free(made);
    return holds;
}

bool talk_wanted_holds(const struct talk_line *line,
                       const struct sip_message *message)
{
    for (size_t i = 0; i < line->want_count; i++) {
        struct step_failure failure;

        if (!talk_wanted_check(&line->wants[i], message, &failure)) {
            step_failure_clear(&failure);
            return false;
        }
    }
    return !line->wants_nothing;
}

/* "status 200, method OPTIONS": what was to come, in few words. */
char *talk_wanted_describe(const struct talk_line *line)
{
    struct ls_buf text = {0};

    if (line->wants_nothing)
        return ls_strdup("nothing");
    for (size_t i = 0; i < line->want_count; i++) {
        const struct expectation *want = &line->wants[i];

        ls_buf_printf(&text, "%s%s", i > 0 ? ", " : "", want->field);
        if (want->matcher.kind == MATCH_EQUAL)
            ls_buf_printf(&text, " %s", want->matcher.texts[0]);
    }
    return ls_buf_take(&text);
}

/* "BENOTIFY" or "180"; "1" for all provisional ones would be too clever. */
bool talk_wanted_is_ignored(const struct scenario_peer *said,
                            const struct sip_message *message)
{
    char *kind = sip_message_is_request(message)
                     ? ls_str_dup(sip_message_method(message))
                     : ls_strf("%d", sip_message_status(message));
    bool found = strcmp(kind, "100") == 0;

    for (size_t i = 0; i < said->ignore_count && !found; i++)
        found = strcmp(said->ignores[i], kind) == 0;
    free(kind);
    return found;
}
