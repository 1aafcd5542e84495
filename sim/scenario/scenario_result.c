#include "lyncsim/scenario_result.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"

const char *play_outcome_text(enum play_outcome outcome)
{
    static const char *const texts[] = {
        [PLAY_PASSED] = "passed",
        [PLAY_FAILED] = "failed",
        [PLAY_ERROR] = "error",
    };

    return texts[outcome];
}

const char *topology_outcome_text(bool refused)
{
    return refused ? "refused" : "applied";
}

void step_failure_clear(struct step_failure *failure)
{
    free(failure->field);
    free(failure->expected);
    free(failure->actual);
    free(failure->message);
    *failure = (struct step_failure){0};
}

void step_result_add_failure(struct step_result *result,
                             const struct step_failure *failure)
{
    result->failures = ls_realloc_array(
        result->failures, result->failure_count + 1, sizeof *result->failures);
    result->failures[result->failure_count++] = *failure;
    result->outcome = PLAY_FAILED;
}

static void free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

void step_result_clear(struct step_result *result)
{
    free(result->error);
    if (result->has_verdict)
        trust_verdict_clear(&result->verdict);
    free(result->tls);
    free(result->alert_text);
    free(result->peer_detail);
    free(result->owa);
    cas_texts_clear(&result->seen);
    cas_texts_clear(&result->sent);
    cas_texts_clear(&result->received);
    cas_texts_clear(&result->connections);
    free(result->topology_why);
    free_texts(result->records, result->record_count);
    free_texts(result->all_records, result->all_record_count);
    for (size_t i = 0; i < result->line_count; i++)
        free(result->lines[i].message);
    free(result->lines);
    free_texts(result->unexpected, result->unexpected_count);
    free(result->transcript);
    free(result->sockets);
    for (size_t i = 0; i < result->server_count; i++) {
        free(result->servers[i].fqdn);
        free(result->servers[i].pool);
    }
    free(result->servers);
    for (size_t i = 0; i < result->failure_count; i++)
        step_failure_clear(&result->failures[i]);
    free(result->failures);
    *result = (struct step_result){.alert = -1};
}

void scenario_result_clear(struct scenario_result *result)
{
    for (size_t i = 0; i < result->step_count; i++)
        step_result_clear(&result->steps[i]);
    free(result->steps);
    free(result->error);
    *result = (struct scenario_result){0};
}
