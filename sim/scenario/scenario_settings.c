/*
 * Settings and their defaults, in one place for scenarios and commands.
 */
#include "lyncsim/scenario_settings.h"

#include <string.h>

#define LAY_OVER(flag, field)                                                  \
    do {                                                                       \
        if (over->flag) {                                                      \
            settings->flag = true;                                             \
            settings->field = over->field;                                     \
        }                                                                      \
    } while (0)

/* A setting a line. NOLINTNEXTLINE(readability-function-size) */
void scenario_settings_lay_over(struct scenario_front_end *settings,
                                const struct scenario_front_end *over)
{
    if (over->certificate != NULL)
        settings->certificate = over->certificate;
    if (over->topology != NULL)
        settings->topology = over->topology;
    if (over->ciphers != NULL)
        settings->ciphers = over->ciphers;
    if (over->rule != NULL)
        settings->rule = over->rule;
    if (over->has_trusts) {
        settings->has_trusts = true;
        settings->trusts = over->trusts;
        settings->trust_count = over->trust_count;
    }
    if (over->interface_count > 0) {
        settings->interfaces = over->interfaces;
        settings->interface_count = over->interface_count;
    }
    if (over->port != 0)
        settings->port = over->port;
    LAY_OVER(has_respond, respond);
    LAY_OVER(has_names, names);
    LAY_OVER(has_cn, cn);
    LAY_OVER(has_refuse, refuse);
    LAY_OVER(has_tls, tls);
    LAY_OVER(has_issuers, issuers);
    LAY_OVER(has_interface, interface);
    LAY_OVER(has_weak, weak);
    LAY_OVER(has_version, version);
    LAY_OVER(has_way, way);
    LAY_OVER(has_enable, enable_by_hand);
    LAY_OVER(has_revocation, check_revocation);
    LAY_OVER(has_client_requests, client_requests_per_second);
    LAY_OVER(has_strict, is_strict);
    LAY_OVER(has_network, is_ipv6);
}

struct scenario_front_end scenario_settings_of(const struct scenario *scenario,
                                               size_t number,
                                               const struct scenario_step *step)
{
    struct scenario_front_end settings = scenario->front_end;

    if (number > 0)
        scenario_settings_lay_over(&settings,
                                   &scenario->front_ends[number - 1].settings);
    if (step->is_case)
        scenario_settings_lay_over(&settings, &step->settings);
    return settings;
}

size_t scenario_settings_number(const struct scenario *scenario,
                                const struct scenario_peer *peer)
{
    for (size_t i = 0; peer->to != NULL && i < scenario->front_end_count; i++)
        if (strcmp(scenario->front_ends[i].name, peer->to) == 0)
            return i + 1;
    return 0;
}

struct trust_policy
scenario_settings_policy(const struct scenario_front_end *settings)
{
    return (struct trust_policy){
        .rule = settings->rule ? settings->rule : identity_rule_default(),
        .names = settings->has_names ? settings->names : NAMES_INSENSITIVE,
        .cn = settings->has_cn ? settings->cn : CN_FIRST,
        .interface =
            settings->has_interface ? settings->interface : INTERFACE_PRIMARY,
        .weak = settings->has_weak ? settings->weak : WEAK_WARN,
        .check_revocation = settings->check_revocation,
        .is_strict = settings->is_strict,
    };
}

struct refusal
scenario_settings_refusal(const struct scenario_front_end *settings)
{
    if (settings->has_refuse)
        return settings->refuse;
    return (struct refusal){REFUSE_AFTER_HANDSHAKE, REFUSE_CLOSE};
}

struct tls_versions
scenario_settings_tls(const struct scenario_front_end *settings)
{
    if (settings->has_tls)
        return settings->tls;
    return (struct tls_versions){TLS_1_0, TLS_1_2};
}

uint32_t
scenario_settings_client_requests(const struct scenario_front_end *settings)
{
    return settings->has_client_requests ? settings->client_requests_per_second
                                         : CLIENT_REQUESTS_PER_SECOND;
}
