#include "scenario_collect.h"

#include "lyncsim/alloc.h"

static void add_text(char ***texts, size_t *count, struct ls_str text)
{
    *texts = ls_realloc_array(*texts, *count + 1, sizeof **texts);
    (*texts)[(*count)++] = ls_str_dup(text);
}

void scenario_collect_record(struct step_result *result, struct ls_str record,
                             bool is_connection)
{
    add_text(&result->all_records, &result->all_record_count, record);
    if (is_connection)
        add_text(&result->records, &result->record_count, record);
}

static void collect_peer(struct step_result *result,
                         const struct cas_peer *peer)
{
    const struct cas_result *seen = cas_peer_result(peer);
    struct ls_str transcript = cas_peer_transcript(peer);

    result->has_peer = true;
    result->peer_outcome = seen->outcome;
    result->tls = ls_strdup(seen->tls);
    result->alert = seen->alert;
    result->alert_text = ls_strdup(seen->alert_text);
    result->peer_detail = ls_strdup(seen->detail);
    result->owa = ls_strdup(seen->owa);
    result->available_count = seen->available_count;
    cas_texts_copy(&result->seen, &seen->seen);
    cas_texts_copy(&result->sent, &seen->sent);
    cas_texts_copy(&result->received, &seen->received);
    cas_texts_copy(&result->connections, &seen->connections);
    if (transcript.length > 0)
        result->transcript = ls_str_dup(transcript);
}

static void collect_talk_peer(struct step_result *result,
                              const struct talk_peer *peer)
{
    struct talk_peer_end seen = talk_peer_end(peer);
    struct ls_str transcript = talk_peer_transcript(peer);

    result->has_peer = true;
    result->peer_outcome = seen.outcome;
    result->tls = ls_strdup(seen.tls);
    result->alert = seen.alert;
    result->alert_text = ls_strdup(seen.alert_text);
    result->peer_detail = ls_strdup(seen.detail);
    if (transcript.length > 0)
        result->transcript = ls_str_dup(transcript);
}

static void collect_verdict(struct step_result *result,
                            const struct connection *connection)
{
    const struct trust_verdict *verdict = connection_verdict(connection);

    if (verdict == NULL)
        return;
    result->has_verdict = true;
    trust_verdict_copy(&result->verdict, verdict);
}

void scenario_collect_exchange(struct step_result *result,
                               const struct scenario_exchange *exchange)
{
    const struct talk_peer *talks = scenario_exchange_talk_peer(exchange);

    if (talks != NULL)
        collect_talk_peer(result, talks);
    else
        collect_peer(result, scenario_exchange_peer(exchange));
    scenario_exchange_received(exchange, &result->received);
    collect_verdict(result, scenario_exchange_connection(exchange));
}

void scenario_collect_servers(struct step_result *result,
                              const struct known_servers *known)
{
    size_t count = known_servers_count(known);

    if (count > STEP_SERVERS_MAX) {
        result->servers_left_out = count - STEP_SERVERS_MAX;
        count = STEP_SERVERS_MAX;
    }
    result->servers = ls_alloc_array(count, sizeof *result->servers);
    for (size_t i = 0; i < count; i++) {
        const struct known_server *server = known_servers_at(known, i);

        result->servers[i] = (struct step_server){
            ls_strdup(server->fqdn), server->kind, ls_strdup(server->pool)};
    }
    result->server_count = count;
}
