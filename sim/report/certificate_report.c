/*
 * Certificates for people: what matters to a server that speaks SIP to
 * another, in plain words.
 */
#include "lyncsim/certificate_report.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/peer_identity.h"
#include "lyncsim/timestamp.h"

/* More names than fit a screen help nobody. */
#define NAMES_SHOWN 40
#define SPEAKERS_SHOWN 4
#define DAY_S INT64_C(86400)

static void add_label(struct ls_buf *out, const char *label)
{
    ls_buf_printf(out, "  %-12s ", label);
}

static void add_name(struct ls_buf *out, const struct certificate_name *name)
{
    ls_buf_add_escaped(out, ls_str_from_bytes(name->text, name->length));
    if (name->fault != NAME_SOUND)
        ls_buf_printf(out, " (%s)", name_fault_text(name->fault));
}

static void add_names(struct ls_buf *out, const struct certificate_facts *facts)
{
    size_t shown =
        facts->name_count < NAMES_SHOWN ? facts->name_count : NAMES_SHOWN;

    for (size_t i = 0; i < shown; i++) {
        add_label(out, name_source_text(facts->names[i].source));
        add_name(out, &facts->names[i]);
        ls_buf_add_byte(out, '\n');
    }
    if (shown < facts->name_count)
        ls_buf_printf(out, "  %-12s and %zu more\n", "",
                      facts->name_count - shown);
}

static bool is_told(const struct peer_candidates *candidates, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (ls_str_equal_nocase(candidates->items[i].text,
                                candidates->items[index].text))
            return true;
    return false;
}

/* Which names a Front End looks up by this rule, each once. */
static char *speaker_by(const struct certificate_facts *facts,
                        const struct identity_rule *rule)
{
    struct peer_candidates candidates;
    struct ls_buf text = {0};
    size_t told = 0;

    peer_identity_candidates(&candidates, facts, rule, CN_FIRST);
    for (size_t i = 0; i < candidates.count && told < SPEAKERS_SHOWN; i++) {
        if (is_told(&candidates, i))
            continue;
        if (told++ > 0)
            ls_buf_add_text(&text, ", then ");
        add_name(&text, candidates.items[i].name);
    }
    if (told == SPEAKERS_SHOWN && candidates.count > SPEAKERS_SHOWN)
        ls_buf_add_text(&text, " and others");
    if (candidates.count == 0)
        ls_buf_add_text(&text, "nobody");
    peer_candidates_clear(&candidates);
    return ls_buf_take(&text);
}

/* Rules that agree share a line. */
static void add_speakers(struct ls_buf *out,
                         const struct certificate_facts *facts)
{
    char *speakers[IDENTITY_RULE_COUNT];

    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++)
        speakers[i] = speaker_by(facts, &identity_rules[i]);
    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++) {
        bool is_repeated = false;

        for (size_t j = 0; j < i; j++)
            is_repeated |= strcmp(speakers[i], speakers[j]) == 0;
        if (is_repeated)
            continue;
        add_label(out, i == 0 ? "speaks" : "");
        ls_buf_printf(out, "%s  (%s", speakers[i], identity_rules[i].name);
        for (size_t j = i + 1; j < IDENTITY_RULE_COUNT; j++)
            if (strcmp(speakers[i], speakers[j]) == 0)
                ls_buf_printf(out, ", %s", identity_rules[j].name);
        ls_buf_add_text(out, ")\n");
    }
    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++)
        free(speakers[i]);
}

static void add_validity(struct ls_buf *out,
                         const struct certificate_facts *facts, int64_t at_s)
{
    int64_t left = (facts->not_after_s - at_s) / DAY_S;

    add_label(out, "valid");
    timestamp_format(out, facts->not_before_s * 1000);
    ls_buf_add_text(out, " to ");
    timestamp_format(out, facts->not_after_s * 1000);
    if (at_s > facts->not_after_s)
        ls_buf_printf(out, ", expired %lld days ago\n", (long long)-left);
    else
        ls_buf_printf(out, ", %lld days left\n", (long long)left);
}

static void add_facts(struct ls_buf *out, const struct certificate_facts *facts)
{
    add_label(out, "used for");
    ls_buf_printf(out, "%s\n",
                  facts->has_usage ? facts->usage_text : "anything");
    add_label(out, "key");
    ls_buf_printf(out, "%s, %u bits%s%s\n",
                  key_algorithm_text(facts->key_algorithm), facts->key_bits,
                  facts->curve != NULL ? ", " : "",
                  facts->curve != NULL ? facts->curve : "");
    add_label(out, "signed with");
    ls_buf_printf(out, "%s\n", facts->signature);
    add_label(out, "serial");
    ls_buf_printf(out, "%s\n", facts->serial);
    add_label(out, "sha256");
    for (size_t i = 0; i < sizeof facts->sha256; i++)
        ls_buf_printf(out, "%02X", facts->sha256[i]);
    ls_buf_add_byte(out, '\n');
}

static void add_staple(struct ls_buf *out, const struct staple_report *staple)
{
    if (staple == NULL)
        return;
    add_label(out, "OCSP staple");
    ls_buf_add_text(out, staple_state_text(staple->state));
    if (staple->next_update_s != 0) {
        ls_buf_add_text(out, ", until ");
        timestamp_format(out, staple->next_update_s * 1000);
    }
    ls_buf_printf(out, ": %s\n", staple_state_says(staple->state));
}

static void add_verdict(struct ls_buf *out, const struct trust_verdict *verdict)
{
    if (verdict == NULL)
        return;
    add_label(out, "Front End");
    ls_buf_add_text(out, trust_outcome_text(verdict->outcome));
    if (verdict->outcome == TRUST_REFUSED)
        ls_buf_printf(out, ", %s: %s", trust_check_text(verdict->reason),
                      verdict->checks[verdict->reason].why);
    else if (verdict->has_entry)
        ls_buf_printf(out, ", as the %s %s",
                      known_server_kind_text(verdict->entry.kind),
                      verdict->entry.fqdn);
    ls_buf_add_byte(out, '\n');
}

static void add_findings(struct ls_buf *out,
                         const struct certificate_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct certificate_finding *finding = &findings->items[i];
        const struct finding_kind *kind = finding_kind_of(finding->id);

        ls_buf_printf(out, "  %-8s %s: %s\n",
                      finding_severity_text(kind->severity), kind->id,
                      finding->saw);
        ls_buf_printf(out, "           %s (%s)\n", kind->why, kind->source);
    }
}

void certificate_report_print(const struct shown_certificate *shown,
                              struct ls_buf *out)
{
    const struct certificate_facts *facts = credential_facts(shown->credential);
    size_t others = credential_chain_count(shown->credential);

    ls_buf_add_escaped(out, ls_str_from(shown->file));
    ls_buf_add_byte(out, '\n');
    add_label(out, "subject");
    ls_buf_printf(out, "%s\n", *facts->subject ? facts->subject : "(empty)");
    add_names(out, facts);
    add_speakers(out, facts);
    add_label(out, "issuer");
    ls_buf_printf(out, "%s%s\n", *facts->issuer ? facts->issuer : "(empty)",
                  facts->is_self_issued ? " (itself)" : "");
    add_validity(out, facts, shown->at_s);
    add_facts(out, facts);
    add_staple(out, shown->staple);
    add_verdict(out, shown->verdict);
    add_label(out, "with it");
    ls_buf_printf(out, "%zu other certificate%s, %s private key\n", others,
                  others == 1 ? "" : "s",
                  credential_key(shown->credential) != NULL ? "its" : "no");
    add_findings(out, shown->findings);
}

bool certificate_report_has_consequence(const struct certificate_diff *diff,
                                        const struct replacement *replacement)
{
    return diff->weight == DIFF_CONSEQUENCE || replacement->refused_count > 0;
}

static void add_consequence(struct ls_buf *out,
                            const struct certificate_diff *diff,
                            const struct replacement *replacement)
{
    size_t told = 0;

    if (replacement->refused_count > 0) {
        ls_buf_printf(out, "%zu of %zu connections will be refused: ",
                      replacement->refused_count, replacement->count);
        for (size_t i = 0; i < replacement->count; i++) {
            const struct replaced_connection *one = &replacement->items[i];

            if (!one->is_kept)
                ls_buf_printf(out, "%s%s %s", told++ > 0 ? ", " : "",
                              one->direction == REPLACEMENT_INBOUND ? "from"
                                                                    : "to",
                              one->name);
        }
        ls_buf_add_byte(out, '\n');
    } else if (diff->count == 0) {
        ls_buf_add_text(out, "no difference\n");
    } else if (diff->weight == DIFF_CONSEQUENCE) {
        ls_buf_add_text(out, "not a mere renewal: see \"consequence\" below\n");
    } else {
        ls_buf_add_text(out, "renewal only\n");
    }
}

void certificate_report_print_diff(const struct certificate_diff *diff,
                                   const struct replacement *replacement,
                                   struct ls_buf *out)
{
    add_consequence(out, diff, replacement);
    for (size_t i = 0; i < replacement->count; i++) {
        const struct replaced_connection *one = &replacement->items[i];

        ls_buf_printf(
            out, "  %-8s %s %s%s%s\n", one->is_kept ? "kept" : "REFUSED",
            one->direction == REPLACEMENT_INBOUND ? "from" : "to", one->name,
            one->is_kept ? "" : ". ", one->is_kept ? "" : one->why);
    }
    for (size_t i = 0; i < diff->count; i++) {
        const struct diff_field *field = &diff->fields[i];

        ls_buf_printf(out, "%s (%s)\n", field->field,
                      diff_weight_text(field->weight));
        if (field->before != NULL)
            ls_buf_printf(out, "  - %s\n", field->before);
        if (field->after != NULL)
            ls_buf_printf(out, "  + %s\n", field->after);
        if (field->why != NULL)
            ls_buf_printf(out, "    %s\n", field->why);
    }
}

static void add_fault(struct ls_buf *out, const struct catalogue_entry *fault,
                      bool verbose)
{
    ls_buf_printf(out, "%-27s %-9s  %s\n", fault->name,
                  fault_standing_text(fault->standing), fault->says);
    if (!verbose)
        return;
    ls_buf_printf(out, "%-27s a Front End %s it", "",
                  fault->reason != NULL ? "refuses" : "accepts");
    if (fault->reason != NULL)
        ls_buf_printf(out, ": %s", fault->reason);
    for (size_t i = 0; i < fault->warn_count; i++)
        ls_buf_printf(out, "%s%s", i == 0 ? ", and warns of " : ", ",
                      fault->warns[i]);
    ls_buf_printf(out, ". Source: %s.\n", fault->source);
}

void certificate_report_print_faults(const struct catalogue_entry *faults,
                                     size_t count, bool verbose,
                                     struct ls_buf *out)
{
    for (size_t i = 0; i < count; i++)
        add_fault(out, &faults[i], verbose);
}
