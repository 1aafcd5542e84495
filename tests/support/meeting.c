#include "support/meeting.h"

static struct tls_versions versions_of(const struct meeting_plan *plan)
{
    static const struct tls_versions usual = {TLS_1_2, TLS_1_2};

    return plan->versions.high ? plan->versions : usual;
}

static struct cas_peer *new_peer(struct lab *lab,
                                 const struct meeting_plan *plan)
{
    static char user[] = "sip:test@contoso.com";
    static char *const users[] = {user};
    struct cas_peer_settings settings = {
        .tls =
            lab_peer_tls(lab, plan->peer, versions_of(plan), !plan->distrusts),
        .task = plan->task,
        .from = LAB_KNOWN_NAME,
        .users = plan->user_count > 0 ? plan->users : users,
        .user_count = plan->user_count > 0 ? plan->user_count : 1,
        .publishes = true,
        .says = plan->says,
        .says_count = plan->says_count,
        .reconnect = plan->reconnect,
        .server = "fe.contoso.com",
        .address = "192.0.2.7",
        .port = 49732,
        .owa = plan->owa,
        .timeout_ms = 60000,
    };

    id_source_init_seeded(&settings.ids, ls_str_from("peer"));
    return cas_peer_new(&settings, LAB_NOW_MS);
}

void meeting_begin(struct meeting *meeting, struct lab *lab,
                   const struct meeting_plan *plan)
{
    struct front_end_settings settings =
        lab_front_end_settings(lab, versions_of(plan));

    if (plan->has_refusal)
        settings.refuse = plan->refuse;
    meeting->front_end = front_end_new(&settings);
    meeting->connection = connection_new(meeting->front_end, LAB_PEER_ADDRESS,
                                         "192.0.2.1:5061", LAB_NOW_MS);
    meeting->peer = new_peer(lab, plan);
    wire_pair_init(&meeting->pair, connection_machine(meeting->connection),
                   cas_peer_machine(meeting->peer), LAB_NOW_MS);
    meeting->pair.piece_bytes = plan->piece_bytes;
}

void meeting_end(struct meeting *meeting)
{
    wire_pair_clear(&meeting->pair);
    cas_peer_free(meeting->peer);
    connection_free(meeting->connection);
    front_end_free(meeting->front_end);
}
