#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/identity_rule.h"
#include "lyncsim/scenario.h"

#include "support/golden.h"

static struct scenario *parse(const char *text)
{
    struct ls_diags diags;
    struct ls_buf out = {0};
    struct scenario *scenario;

    ls_diags_init(&diags, "dir/a-scenario.yaml", ls_str_from(text));
    scenario = scenario_parse(&diags);
    ls_diags_print(&diags, &out);
    ls_buf_add_byte(&out, '\0');
    cr_expect_eq(diags.count, 0u, "%s", out.at);
    ls_buf_clear(&out);
    ls_diags_clear(&diags);
    cr_assert_not_null(scenario);
    return scenario;
}

static struct scenario *parse_file(const char *name)
{
    char path[512];
    char *text;
    struct scenario *scenario;

    snprintf(path, sizeof(path), "%s/scenarios/%s", LYNCSIM_SOURCE_DIR, name);
    text = golden_read_text(path);
    scenario = parse(text);
    free(text);
    return scenario;
}

Test(scenario, tells_the_story_of_the_article)
{
    struct scenario *scenario = parse_file("owa-subject-name.yaml");
    const struct scenario_step *step = &scenario->steps[0];

    cr_expect(strstr(scenario->title, "OWA has no instant messaging"));
    cr_expect_eq(scenario->clock_ms, INT64_C(1324413901704));
    cr_expect_str_eq(scenario->trace.process, "0AC0");
    cr_expect_str_eq(scenario->trace.thread, "1278");
    cr_expect_eq(scenario->trace.sequence, 0x3cau);
    cr_expect_eq(scenario->certificate_count, 3u);
    cr_expect_eq(scenario->step_count, 7u);
    cr_expect_eq(step->action, ACTION_SIGN_IN);
    cr_expect_eq(step->place.line, 37u);
    cr_expect_str_eq(step->peer.user, "sip:test@deitterick.com");
    cr_expect_str_eq(step->peer.certificate, "iis");
    cr_expect_eq(step->expectation_count, 9u);
    cr_expect_str_eq(step->expectations[8].field, "trace");
    cr_expect_eq(scenario->steps[2].action, ACTION_SAY);
    cr_expect_eq(scenario->steps[3].edits[0].kind, EDIT_RENAME_POOL);
    cr_expect_eq(scenario->steps[5].edit_count, 3u);
    cr_expect_str_eq(scenario->front_end.rule->name, "lync-2010");
    scenario_free(scenario);
}

Test(scenario, lays_the_settings_of_a_case_beside_the_file)
{
    struct scenario *scenario = parse_file("one-certificate-many-tables.yaml");
    const struct scenario_front_end *settings = &scenario->steps[1].settings;

    cr_expect_eq(scenario->step_count, 7u);
    cr_expect(scenario->steps[1].is_case);
    cr_expect(settings->has_names);
    cr_expect_eq(settings->names, NAMES_SENSITIVE);
    cr_expect_null(settings->rule);
    cr_expect_str_eq(settings->topology, "lower-case");
    cr_assert_not_null(scenario_topology(scenario, settings));
    cr_expect_eq(scenario_topology(scenario, settings)->count, 1u);
    cr_expect_str_eq(scenario->steps[5].settings.rule->name, "cn-only");
    cr_expect_eq(
        scenario_topology(scenario, &scenario->steps[6].settings)->count, 0u);
    scenario_free(scenario);
}

Test(scenario, keeps_authorities_and_certificates_of_one_name_apart)
{
    struct scenario *scenario = parse_file("mutual-trust.yaml");

    cr_expect_str_eq(scenario_find_authority(scenario, "stranger")->subject,
                     "CN=LAB-DC-CA");
    cr_expect_str_eq(scenario_find_certificate(scenario, "stranger")->subject,
                     "CN=cas.contoso.com");
    cr_expect_null(scenario_find_certificate(scenario, "lab"));
    cr_expect_eq(scenario->front_end.trust_count, 1u);
    cr_expect_eq(scenario->steps[7].action, ACTION_ADVANCE);
    cr_expect_eq(scenario->steps[7].advance_ms, INT64_C(172800000));
    cr_expect_str_eq(scenario->steps[5].peer.certificate, "none");
    scenario_free(scenario);
}

static bool ends_with(const char *text, const char *end)
{
    return strlen(text) > strlen(end) &&
           strcmp(text + strlen(text) - strlen(end), end) == 0;
}

/* Every file of the library, in whatever folder of it. */
static size_t parse_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    size_t count = 0;

    cr_assert_not_null(dir, "%s", folder);
    while ((entry = readdir(dir))) {
        char path[1024];

        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            count += parse_folder(path);
        if (!ends_with(path, ".yaml"))
            continue;
        char *text = golden_read_text(path);

        scenario_free(parse(text));
        free(text);
        count++;
    }
    closedir(dir);
    return count;
}

Test(scenario, reads_every_file_of_the_library)
{
    cr_expect_geq(parse_folder(LYNCSIM_SOURCE_DIR "/scenarios"), 3u);
}

Test(scenario, has_defaults_for_what_a_file_does_not_say)
{
    struct scenario *scenario = parse("steps: [{say: hello}]\n");

    cr_expect_str_eq(scenario->title, "a-scenario");
    cr_expect_eq(scenario->clock_ms, SCENARIO_CLOCK_DEFAULT_MS);
    cr_expect_str_eq(scenario->seed, "lyncsim");
    cr_expect_null(scenario->front_end.rule);
    cr_expect_not(scenario->front_end.has_trusts);
    cr_expect_null(scenario_topology(scenario, &scenario->front_end));
    cr_expect_str_eq(scenario->steps[0].text, "hello");
    scenario_free(scenario);
}

Test(scenario, takes_every_key_of_the_front_end)
{
    struct scenario *scenario =
        parse("authorities: {lab: {subject: CN=lab}}\n"
              "certificates: {fe: {subject: CN=fe.a}}\n"
              "topologies: {one: {pools: [{fqdn: a.b}]}, two: {pools: []}}\n"
              "front-end:\n"
              "  certificate: fe\n"
              "  trusts: []\n"
              "  topology: one\n"
              "  rule: rfc5922\n"
              "  names: sensitive\n"
              "  cn: last\n"
              "  refuse: {at: handshake, how: alert}\n"
              "  tls: 1.2-1.3\n"
              "  interface: external\n"
              "  weak: refuse\n"
              "  version: sfb-2015\n"
              "  enable: by-hand\n"
              "steps: [{say: x}]\n");
    const struct scenario_front_end *front_end = &scenario->front_end;

    cr_expect_str_eq(front_end->certificate, "fe");
    cr_expect(front_end->has_trusts && front_end->trusts &&
              front_end->trust_count == 0);
    cr_expect_str_eq(front_end->rule->name, "rfc5922");
    cr_expect(front_end->has_names && front_end->names == NAMES_SENSITIVE);
    cr_expect(front_end->has_cn && front_end->cn == CN_LAST);
    cr_expect(front_end->has_refuse &&
              front_end->refuse.at == REFUSE_HANDSHAKE &&
              front_end->refuse.how == REFUSE_ALERT);
    cr_expect(front_end->has_tls && front_end->tls.low == TLS_1_2 &&
              front_end->tls.high == TLS_1_3);
    cr_expect(front_end->has_interface &&
              front_end->interface == INTERFACE_EXTERNAL);
    cr_expect(front_end->has_weak && front_end->weak == WEAK_REFUSE);
    cr_expect(front_end->has_version && front_end->version == SFB_2015);
    cr_expect(front_end->has_enable && front_end->enable_by_hand);
    cr_expect_eq(scenario_topology(scenario, front_end)->count, 1u);
    scenario_free(scenario);
}

Test(scenario, does_not_mind_how_windows_saves_a_file)
{
    struct scenario *scenario = parse("\xEF\xBB\xBFtitle: x\r\n"
                                      "steps:\r\n"
                                      "  - say: |\r\n"
                                      "      two\r\n"
                                      "      lines\r\n");

    cr_expect_str_eq(scenario->title, "x");
    cr_expect_str_eq(scenario->steps[0].text, "two\nlines\n");
    scenario_free(scenario);
}

Test(scenario, takes_every_value_as_text_until_a_key_says_more)
{
    struct scenario *scenario =
        parse("title: 2011-12-20\n"
              "source: no\n"
              "seed: 007\n"
              "certificates: {1.0: {subject: CN=1e3}, true: {subject: CN=a}}\n"
              "steps: [{connect: {certificate: 1.0}}, "
              "{connect: {certificate: true}}, {say: null}]\n");

    cr_expect_str_eq(scenario->title, "2011-12-20");
    cr_expect_str_eq(scenario->source, "no");
    cr_expect_str_eq(scenario->seed, "007");
    cr_expect_str_eq(scenario->steps[0].peer.certificate, "1.0");
    cr_expect_str_eq(scenario->steps[2].text, "null");
    scenario_free(scenario);
}

Test(scenario, has_a_summary_for_every_key)
{
    size_t count;
    const struct scenario_key_table *const *tables =
        scenario_key_tables(&count);

    cr_expect_geq(count, 10u);
    for (size_t i = 0; i < count; i++) {
        cr_expect_gt(tables[i]->count, 0u, "%s", tables[i]->where);
        for (size_t j = 0; j < tables[i]->count; j++) {
            cr_expect(tables[i]->keys[j].summary[0], "%s",
                      tables[i]->keys[j].name);
            cr_expect(tables[i]->keys[j].shape[0], "%s",
                      tables[i]->keys[j].name);
        }
    }
}
