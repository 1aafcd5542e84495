/*
 * A verdict told: whose names, what was decided, why, and what to do.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "story_internal.h"

/* Names of a certificate that are shown; the rest are counted. */
#define NAMES_SHOWN 20

void story_label(struct page *page, const char *label)
{
    page_printf(page, "%*s", STORY_LABEL, "");
    page_ink(page, INK_DIM, label);
    page_printf(page, "%*s", STORY_TEXT - STORY_LABEL - (int)strlen(label), "");
}

void story_label_alone(struct page *page, const char *label)
{
    page_printf(page, "%*s", STORY_LABEL, "");
    page_ink(page, INK_DIM, label);
    page_printf(page, "\n");
}

void story_say(struct page *page, const char *label, const char *text)
{
    story_label(page, label);
    page_wrap(page, STORY_TEXT, STORY_TEXT, text);
}

static bool is_looked_up(const struct trust_verdict *verdict,
                         const struct certificate_name *name)
{
    return name->source == verdict->identity_source &&
           name->length == verdict->identity_length &&
           memcmp(name->text, verdict->identity_name, name->length) == 0;
}

size_t story_speaker(const struct trust_verdict *verdict,
                     const struct certificate_facts *facts)
{
    if (verdict != NULL && verdict->has_identity)
        for (size_t i = 0; i < facts->name_count; i++)
            if (is_looked_up(verdict, &facts->names[i]))
                return i;
    return facts->name_count;
}

bool story_is_shown(size_t index, size_t speaker, size_t count)
{
    return index < count || index == speaker;
}

const char *story_source_label(enum name_source source)
{
    switch (source) {
    case NAME_SUBJECT_CN:
        return "subject CN";
    case NAME_SAN_DNS:
        return "SAN";
    case NAME_SAN_URI:
        return "SAN URI";
    case NAME_SAN_IP:
        return "SAN IP";
    case NAME_SAN_EMAIL:
        return "SAN email";
    case NAME_SAN_UPN:
        return "SAN UPN";
    case NAME_SAN_OTHER:
        return "SAN other";
    }
    return "";
}

static void tell_name(struct page *page, const struct certificate_name *name,
                      bool is_speaking)
{
    struct ls_buf safe = {0};

    page_add_safe(&safe, ls_str_from_bytes(name->text, name->length));
    page_printf(page, "%-10s  ", story_source_label(name->source));
    page_ink(page, is_speaking ? INK_BOLD : INK_PLAIN,
             ls_buf_str(&safe).length > 0 ? safe.at : "");
    if (is_speaking)
        page_printf(page, "%*s  <-- speaks",
                    safe.length < 36 ? (int)(36 - safe.length) : 0, "");
    page_printf(page, "\n");
    ls_buf_clear(&safe);
}

void story_certificate(struct page *page, const struct trust_verdict *verdict,
                       const struct certificate_facts *facts)
{
    size_t hidden = 0;
    size_t speaker;

    story_label(page, "certificate");
    if (facts == NULL || facts->name_count == 0) {
        page_printf(page, "%s\n", facts == NULL ? "none" : "without any name");
        return;
    }
    speaker = story_speaker(verdict, facts);
    for (size_t i = 0; i < facts->name_count; i++) {
        if (!story_is_shown(i, speaker, NAMES_SHOWN)) {
            hidden++;
            continue;
        }
        if (i > 0)
            page_printf(page, "%*s", STORY_TEXT, "");
        tell_name(page, &facts->names[i], i == speaker);
    }
    if (hidden > 0)
        page_printf(page, "%*sand %zu more names\n", STORY_TEXT, "", hidden);
}

static const char *entry_kind(enum known_server_kind kind)
{
    return kind == KNOWN_SERVER_AUTODISCOVERED
               ? "autodiscovered Exchange server"
               : known_server_kind_text(kind);
}

static const char *article_of(const char *noun)
{
    return strchr("aeiou", *noun) != NULL ? "an" : "a";
}

static void tell_entry(struct page *page, const struct known_server *entry)
{
    const char *kind = entry_kind(entry->kind);
    char *text;

    if (strcmp(entry->fqdn, entry->pool) == 0)
        text = ls_strf("%s is a known server: %s %s.", entry->fqdn,
                       article_of(kind), kind);
    else
        text = ls_strf("%s is a known server: %s %s of the pool %s.",
                       entry->fqdn, article_of(kind), kind, entry->pool);
    page_wrap(page, STORY_TEXT, STORY_TEXT, text);
    free(text);
}

static enum page_ink ink_of(enum trust_outcome outcome)
{
    switch (outcome) {
    case TRUST_ACCEPTED:
        return INK_GOOD;
    case TRUST_REFUSED:
        return INK_BAD;
    case TRUST_CLIENT:
        return INK_WARN;
    }
    return INK_PLAIN;
}

void story_verdict(struct page *page, const struct trust_verdict *verdict)
{
    story_label(page, "Front End");
    page_ink(page, ink_of(verdict->outcome),
             trust_outcome_text(verdict->outcome));
    if (verdict->reason != TRUST_NONE)
        page_printf(page, ", %s", trust_check_text(verdict->reason));
    page_printf(page, "\n");
    page_printf(page, "%*s", STORY_TEXT, "");
    if (verdict->reason != TRUST_NONE)
        page_wrap(page, STORY_TEXT, STORY_TEXT,
                  verdict->checks[verdict->reason].why);
    else if (verdict->has_entry)
        tell_entry(page, &verdict->entry);
    else
        page_wrap(page, STORY_TEXT, STORY_TEXT,
                  "Without a certificate it is no server: it is treated as a "
                  "client and will be challenged.");
}

static void add_evidence(const struct trust_check *check, struct ls_buf *text)
{
    if (check->saw != NULL)
        ls_buf_printf(text, "saw %s%s", check->saw,
                      check->wanted != NULL ? ", " : "");
    if (check->wanted != NULL)
        ls_buf_printf(text, "wanted %s", check->wanted);
}

/* Why it was decided stands above already; what was seen is the proof. */
static char *describe_check(const struct trust_check *check, bool has_why)
{
    bool has_evidence = check->saw != NULL || check->wanted != NULL;
    struct ls_buf text = {0};

    ls_buf_printf(&text, "%s: ", trust_check_text(check->id));
    if (!has_evidence) {
        ls_buf_add_text(&text, check->why);
    } else if (has_why) {
        add_evidence(check, &text);
    } else {
        ls_buf_printf(&text, "%s (", check->why);
        add_evidence(check, &text);
        ls_buf_add_byte(&text, ')');
    }
    return ls_buf_take(&text);
}

static void tell_check(struct page *page, const struct trust_check *check,
                       bool has_why)
{
    static const enum page_ink result_inks[] = {
        [CHECK_PASS] = INK_GOOD,
        [CHECK_WARN] = INK_WARN,
        [CHECK_FAIL] = INK_BAD,
        [CHECK_SKIP] = INK_DIM,
    };
    size_t column = STORY_TEXT + 6;
    char *text = describe_check(check, has_why);

    page_ink(page, result_inks[check->result],
             trust_check_result_text(check->result));
    page_printf(page, "  ");
    page_wrap(page, column, column, text);
    free(text);
}

/* The names of those that were not made are told while they are few. */
#define SKIPS_NAMED 10

static unsigned count_results(const struct trust_verdict *verdict,
                              enum trust_check_result result)
{
    unsigned count = 0;

    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++)
        count += verdict->checks[i].result == result;
    return count;
}

/* The checks that decided nothing, in short. */
static char *count_checks(const struct trust_verdict *verdict)
{
    struct ls_buf text = {0};
    const char *before = "; skipped ";
    unsigned skipped = count_results(verdict, CHECK_SKIP);

    ls_buf_printf(&text, "%u of %d checks", count_results(verdict, CHECK_PASS),
                  TRUST_CHECK_COUNT);
    if (skipped > SKIPS_NAMED)
        ls_buf_printf(&text, "; %u skipped", skipped);
    for (size_t i = 0; skipped <= SKIPS_NAMED && i < TRUST_CHECK_COUNT; i++)
        if (verdict->checks[i].result == CHECK_SKIP) {
            ls_buf_printf(&text, "%s%s", before,
                          trust_check_text((enum trust_check_id)i));
            before = ", ";
        }
    return ls_buf_take(&text);
}

static void tell_counts(struct page *page, const struct trust_verdict *verdict)
{
    char *text = count_checks(verdict);

    page_ink(page, INK_GOOD, trust_check_result_text(CHECK_PASS));
    page_printf(page, "  ");
    page_wrap(page, STORY_TEXT + 6, STORY_TEXT + 6, text);
    free(text);
}

void story_proof(struct page *page, const struct trust_verdict *verdict,
                 bool verbose)
{
    bool is_first = true;

    story_label(page, "proof");
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        const struct trust_check *check = &verdict->checks[i];
        bool matters =
            check->result == CHECK_FAIL || check->result == CHECK_WARN;

        if (!verbose && !matters)
            continue;
        if (!is_first)
            page_printf(page, "%*s", STORY_TEXT, "");
        tell_check(page, check, check->id == verdict->reason);
        is_first = false;
    }
    if (verbose)
        return;
    if (!is_first)
        page_printf(page, "%*s", STORY_TEXT, "");
    tell_counts(page, verdict);
}

static void tell_near_miss(struct page *page, const struct near_miss *miss,
                           bool is_first)
{
    char *head =
        ls_strf("%s (%s)", miss->name, near_miss_kind_text(miss->kind));

    if (is_first)
        story_label(page, "near miss");
    else
        page_printf(page, "%*s", STORY_TEXT, "");
    page_ink(page, INK_BOLD, head);
    page_printf(page, "\n%*s", STORY_TEXT, "");
    page_wrap(page, STORY_TEXT, STORY_TEXT, miss->why);
    free(head);
}

static void tell_remedy(struct page *page, const struct remedy *remedy,
                        size_t number, bool verbose)
{
    char *title = ls_strf("%zu. %s", number, remedy->title);

    if (number == 1)
        story_label(page, "way out");
    else
        page_printf(page, "%*s", STORY_TEXT, "");
    page_wrap(page, STORY_TEXT, STORY_TEXT + 3, title);
    for (size_t i = 0; verbose && i < remedy->step_count; i++) {
        page_printf(page, "%*s", STORY_TEXT + 3, "");
        page_wrap(page, STORY_TEXT + 3, STORY_TEXT + 3, remedy->steps[i]);
    }
    for (size_t i = 0; verbose && i < remedy->command_count; i++)
        page_lines(page, STORY_TEXT + 5, INK_BOLD, remedy->commands[i]);
    free(title);
}

void story_ways_out(struct page *page, const struct trust_verdict *verdict,
                    bool verbose)
{
    for (size_t i = 0; i < verdict->near_count && (verbose || i < 3); i++)
        tell_near_miss(page, &verdict->near[i], i == 0);
    for (size_t i = 0; i < verdict->remedy_count; i++)
        tell_remedy(page, &verdict->remedies[i], i + 1, verbose);
    for (size_t i = 0; verbose && verdict->assumed[i] != NULL; i++)
        story_say(page, i == 0 ? "assumed" : "", verdict->assumed[i]);
}

static void tell_identity(struct page *page,
                          const struct trust_verdict *verdict)
{
    struct ls_str name =
        ls_str_from_bytes(verdict->identity_name, verdict->identity_length);
    struct ls_buf text = {0};

    page_add_safe(&text, name);
    ls_buf_printf(&text, " (%s)", name_source_text(verdict->identity_source));
    story_say(page, "name", text.at);
    ls_buf_clear(&text);
}

void story_print_verdict(const struct trust_verdict *verdict,
                         const struct certificate_facts *facts,
                         const struct story_style *style, struct ls_buf *out)
{
    struct page page = {out, style->color};

    if (facts != NULL)
        story_certificate(&page, verdict, facts);
    else if (verdict->has_identity)
        tell_identity(&page, verdict);
    story_verdict(&page, verdict);
    story_proof(&page, verdict, style->verbose);
    story_ways_out(&page, verdict, style->verbose);
}
