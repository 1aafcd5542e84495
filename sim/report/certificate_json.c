/*
 * Certificates for programs.
 */

#include <jansson.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_report.h"
#include "lyncsim/peer_identity.h"
#include "lyncsim/timestamp.h"
#include "lyncsim/verdict_json.h"

#include "json_text.h"

static json_t *json_time(int64_t seconds)
{
    struct ls_buf text = {0};
    json_t *value;

    timestamp_format(&text, seconds * 1000);
    value = json_text_from(ls_buf_str(&text));
    ls_buf_clear(&text);
    return value;
}

static json_t *json_names(const struct certificate_facts *facts)
{
    json_t *names = json_array();

    for (size_t i = 0; i < facts->name_count; i++) {
        const struct certificate_name *name = &facts->names[i];

        json_array_append_new(
            names, json_pack("{s:s, s:o, s:o}", "source",
                             name_source_text(name->source), "name",
                             json_text_from(
                                 ls_str_from_bytes(name->text, name->length)),
                             "fault",
                             name->fault == NAME_SOUND
                                 ? json_null()
                                 : json_string(name_fault_text(name->fault))));
    }
    return names;
}

static json_t *json_speakers(const struct certificate_facts *facts)
{
    json_t *rules = json_object();

    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++) {
        struct peer_candidates candidates;
        json_t *names = json_array();

        peer_identity_candidates(&candidates, facts, &identity_rules[i],
                                 CN_FIRST);
        for (size_t j = 0; j < candidates.count; j++)
            json_array_append_new(names,
                                  json_text_from(candidates.items[j].text));
        peer_candidates_clear(&candidates);
        json_object_set_new(rules, identity_rules[i].name, names);
    }
    return rules;
}

/* null where none was asked for. */
static json_t *json_staple(const struct staple_report *staple)
{
    if (staple == NULL)
        return json_null();
    return json_pack(
        "{s:s, s:o, s:s}", "state", staple_state_text(staple->state), "until",
        staple->next_update_s != 0 ? json_time(staple->next_update_s)
                                   : json_null(),
        "says", staple_state_says(staple->state));
}

static json_t *json_findings(const struct certificate_findings *findings)
{
    json_t *array = json_array();

    for (size_t i = 0; i < findings->count; i++) {
        const struct finding_kind *kind =
            finding_kind_of(findings->items[i].id);

        json_array_append_new(
            array, json_pack("{s:s, s:s, s:o, s:s, s:s}", "id", kind->id,
                             "severity", finding_severity_text(kind->severity),
                             "saw", json_text_or_null(findings->items[i].saw),
                             "why", kind->why, "source", kind->source));
    }
    return array;
}

static json_t *json_digest(const struct certificate_facts *facts)
{
    struct ls_buf text = {0};
    json_t *value;

    for (size_t i = 0; i < sizeof facts->sha256; i++)
        ls_buf_printf(&text, "%02X", facts->sha256[i]);
    value = json_text_from(ls_buf_str(&text));
    ls_buf_clear(&text);
    return value;
}

static json_t *json_key(const struct certificate_facts *facts)
{
    return json_pack("{s:s, s:i, s:o}", "algorithm",
                     key_algorithm_text(facts->key_algorithm), "bits",
                     (int)facts->key_bits, "curve",
                     json_text_or_null(facts->curve));
}

static json_t *json_certificate(const struct shown_certificate *shown)
{
    const struct certificate_facts *facts = credential_facts(shown->credential);
    json_t *object = json_object();

    json_object_set_new(object, "file", json_text_or_null(shown->file));
    json_object_set_new(object, "subject", json_text_or_null(facts->subject));
    json_object_set_new(object, "issuer", json_text_or_null(facts->issuer));
    json_object_set_new(object, "names", json_names(facts));
    json_object_set_new(object, "speaks", json_speakers(facts));
    json_object_set_new(object, "not_before", json_time(facts->not_before_s));
    json_object_set_new(object, "not_after", json_time(facts->not_after_s));
    json_object_set_new(
        object, "days_left",
        json_integer((facts->not_after_s - shown->at_s) / 86400));
    json_object_set_new(object, "extended_key_usage",
                        json_text_or_null(facts->usage_text));
    json_object_set_new(object, "key_usage",
                        json_text_or_null(facts->key_usage_text));
    json_object_set_new(object, "authority", json_boolean(facts->is_authority));
    json_object_set_new(object, "key", json_key(facts));
    json_object_set_new(object, "signature",
                        json_text_or_null(facts->signature));
    json_object_set_new(object, "serial", json_text_or_null(facts->serial));
    json_object_set_new(object, "sha256", json_digest(facts));
    json_object_set_new(
        object, "chain_count",
        json_integer((json_int_t)credential_chain_count(shown->credential)));
    json_object_set_new(object, "staple", json_staple(shown->staple));
    if (shown->verdict != NULL)
        json_object_set_new(object, "verdict",
                            verdict_json_from(shown->verdict));
    json_object_set_new(object, "findings", json_findings(shown->findings));
    return object;
}

void certificate_report_print_json(const struct shown_certificate *shown,
                                   size_t count, struct ls_buf *out)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_certificate(&shown[i]));
    json_text_print_indented(array, out);
}

static json_t *json_connections(const struct replacement *replacement)
{
    json_t *array = json_array();

    for (size_t i = 0; i < replacement->count; i++) {
        const struct replaced_connection *one = &replacement->items[i];

        json_array_append_new(
            array,
            json_pack("{s:s, s:o, s:b, s:o}", "direction",
                      one->direction == REPLACEMENT_INBOUND ? "from" : "to",
                      "name", json_text_or_null(one->name), "kept",
                      one->is_kept, "why", json_text_or_null(one->why)));
    }
    return array;
}

void certificate_report_print_diff_json(const struct certificate_diff *diff,
                                        const struct replacement *replacement,
                                        struct ls_buf *out)
{
    json_t *fields = json_array();

    for (size_t i = 0; i < diff->count; i++) {
        const struct diff_field *field = &diff->fields[i];

        json_array_append_new(
            fields,
            json_pack("{s:s, s:s, s:o, s:o, s:o}", "field", field->field,
                      "weight", diff_weight_text(field->weight), "before",
                      json_text_or_null(field->before), "after",
                      json_text_or_null(field->after), "why",
                      json_text_or_null(field->why)));
    }
    json_text_print_indented(
        json_pack("{s:s, s:i, s:o, s:o}", "consequence",
                  certificate_report_has_consequence(diff, replacement)
                      ? "consequence"
                      : "renewal",
                  "refused", (int)replacement->refused_count, "connections",
                  json_connections(replacement), "fields", fields),
        out);
}

void certificate_report_print_faults_json(const struct catalogue_entry *faults,
                                          size_t count, struct ls_buf *out)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            array,
            json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "name",
                      faults[i].name, "says", faults[i].says, "standing",
                      fault_standing_text(faults[i].standing), "verdict",
                      faults[i].verdict, "reason",
                      json_text_or_null(faults[i].reason), "warns",
                      json_texts_from(faults[i].warns, faults[i].warn_count),
                      "source", faults[i].source));
    json_text_print_indented(array, out);
}
