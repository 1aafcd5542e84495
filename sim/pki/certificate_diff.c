/*
 * Field by field, names as sets: their order matters only where one of them
 * speaks, which is the subject's.
 */
#include "lyncsim/certificate_diff.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/certificate_strength.h"
#include "lyncsim/timestamp.h"

const char *diff_weight_text(enum diff_weight weight)
{
    static const char *const texts[] = {[DIFF_RENEWAL] = "renewal",
                                        [DIFF_NOTABLE] = "notable",
                                        [DIFF_CONSEQUENCE] = "consequence"};

    assert((size_t)weight < LS_COUNT(texts));
    return texts[weight];
}

/* before and after are taken. */
static void add(struct certificate_diff *diff, const char *field, char *before,
                char *after, enum diff_weight weight, const char *why)
{
    LS_GROW(diff->fields, diff->count, diff->capacity);
    diff->fields[diff->count++] =
        (struct diff_field){field, before, after, weight, why};
    if (weight > diff->weight)
        diff->weight = weight;
}

static bool are_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void compare_text(struct certificate_diff *diff, const char *field,
                         const char *before, const char *after,
                         enum diff_weight weight, const char *why)
{
    if (!are_same(before, after))
        add(diff, field, ls_strdup(before), ls_strdup(after), weight, why);
}

static char *date_of(int64_t seconds)
{
    struct ls_buf text = {0};

    timestamp_format(&text, seconds * 1000);
    return ls_buf_take(&text);
}

static void compare_dates(struct certificate_diff *diff,
                          const struct certificate_facts *before,
                          const struct certificate_facts *after)
{
    if (before->not_before_s != after->not_before_s)
        add(diff, "not-before", date_of(before->not_before_s),
            date_of(after->not_before_s),
            after->not_before_s > before->not_after_s ? DIFF_CONSEQUENCE
                                                      : DIFF_RENEWAL,
            after->not_before_s > before->not_after_s
                ? "The new one begins after the old one has ended."
                : NULL);
    if (before->not_after_s != after->not_after_s)
        add(diff, "not-after", date_of(before->not_after_s),
            date_of(after->not_after_s),
            after->not_after_s < before->not_after_s ? DIFF_CONSEQUENCE
                                                     : DIFF_RENEWAL,
            after->not_after_s < before->not_after_s
                ? "The new one ends earlier than the old one."
                : NULL);
}

static char *key_of(const struct certificate_facts *facts)
{
    return ls_strf("%s, %u bits%s%s", key_algorithm_text(facts->key_algorithm),
                   facts->key_bits, facts->curve != NULL ? ", " : "",
                   facts->curve != NULL ? facts->curve : "");
}

static void compare_keys(struct certificate_diff *diff,
                         const struct certificate_facts *before,
                         const struct certificate_facts *after)
{
    char *old = key_of(before);
    char *new = key_of(after);
    bool is_weaker = before->key_algorithm == after->key_algorithm &&
                     after->key_bits < before->key_bits;
    bool is_other_kind = before->key_algorithm != after->key_algorithm;

    if (strcmp(old, new) != 0) {
        add(diff, "key", old, new,
            is_weaker || is_other_kind ? DIFF_CONSEQUENCE : DIFF_NOTABLE,
            is_other_kind ? "Peers without a cipher for the new kind of key "
                            "find none in common."
            : is_weaker   ? "The new key is smaller."
                          : NULL);
        return;
    }
    free(old);
    free(new);
    compare_text(diff, "subject-key-id", before->subject_key_id,
                 after->subject_key_id, DIFF_RENEWAL, NULL);
}

static unsigned authentication(const struct certificate_facts *facts)
{
    return usage_of_peers(facts->has_usage, facts->usage);
}

static void compare_usage(struct certificate_diff *diff,
                          const struct certificate_facts *before,
                          const struct certificate_facts *after)
{
    bool is_less = (authentication(before) & ~authentication(after)) != 0;

    compare_text(diff, "extended-key-usage", before->usage_text,
                 after->usage_text, is_less ? DIFF_CONSEQUENCE : DIFF_NOTABLE,
                 is_less ? "It allows less than before: as client or as "
                           "server it may be refused."
                         : NULL);
}

static bool has_name(const struct certificate_facts *facts,
                     const struct certificate_name *name)
{
    for (size_t i = 0; i < facts->name_count; i++)
        if (facts->names[i].source == name->source &&
            facts->names[i].length == name->length &&
            ls_str_equal_nocase(
                ls_str_from_bytes(facts->names[i].text, name->length),
                ls_str_from_bytes(name->text, name->length)))
            return true;
    return false;
}

static char *escaped(const struct certificate_name *name)
{
    struct ls_buf text = {0};

    ls_buf_add_escaped(&text, ls_str_from_bytes(name->text, name->length));
    return ls_buf_take(&text);
}

/* Names of one that the other does not have. */
static void compare_names(struct certificate_diff *diff,
                          const struct certificate_facts *one,
                          const struct certificate_facts *other, bool is_loss)
{
    for (size_t i = 0; i < one->name_count; i++) {
        const struct certificate_name *name = &one->names[i];
        char *text;

        if (name->source == NAME_SUBJECT_CN || has_name(other, name))
            continue;
        text = escaped(name);
        add(diff, name_source_text(name->source), is_loss ? text : NULL,
            is_loss ? NULL : text, is_loss ? DIFF_CONSEQUENCE : DIFF_NOTABLE,
            is_loss ? "Who reaches this server by that name is refused."
                    : NULL);
    }
}

/* The common names in encoded order, which decides who speaks. */
static char *common_names(const struct certificate_facts *facts)
{
    struct ls_buf text = {0};

    for (size_t i = 0; i < facts->name_count; i++) {
        if (facts->names[i].source != NAME_SUBJECT_CN)
            continue;
        if (text.length > 0)
            ls_buf_add_text(&text, ", ");
        ls_buf_add_escaped(&text, ls_str_from_bytes(facts->names[i].text,
                                                    facts->names[i].length));
    }
    return ls_buf_take(&text);
}

static void compare_subjects(struct certificate_diff *diff,
                             const struct certificate_facts *before,
                             const struct certificate_facts *after)
{
    char *old = common_names(before);
    char *new = common_names(after);

    if (strcmp(old, new) != 0) {
        add(diff, "subject.cn", old, new, DIFF_CONSEQUENCE,
            "The Front End looks up the subject's common name.");
    } else {
        free(old);
        free(new);
    }
    compare_text(diff, "subject", before->subject, after->subject, DIFF_NOTABLE,
                 NULL);
}

void certificate_diff_make(struct certificate_diff *diff,
                           const struct certificate_facts *before,
                           const struct certificate_facts *after)
{
    *diff = (struct certificate_diff){0};
    compare_subjects(diff, before, after);
    compare_names(diff, before, after, true);
    compare_names(diff, after, before, false);
    compare_text(diff, "issuer", before->issuer, after->issuer,
                 DIFF_CONSEQUENCE,
                 "Every peer must trust the new issuer's root.");
    if (are_same(before->issuer, after->issuer))
        compare_text(diff, "authority-key-id", before->authority_key_id,
                     after->authority_key_id, DIFF_CONSEQUENCE,
                     "The issuer has its old name and another key: its new "
                     "certificate must be trusted.");
    compare_dates(diff, before, after);
    compare_usage(diff, before, after);
    compare_text(diff, "key-usage", before->key_usage_text,
                 after->key_usage_text, DIFF_NOTABLE, NULL);
    compare_keys(diff, before, after);
    compare_text(diff, "signature", before->signature, after->signature,
                 DIFF_NOTABLE, NULL);
    compare_text(diff, "serial", before->serial, after->serial, DIFF_RENEWAL,
                 NULL);
}

void certificate_diff_clear(struct certificate_diff *diff)
{
    for (size_t i = 0; i < diff->count; i++) {
        free(diff->fields[i].before);
        free(diff->fields[i].after);
    }
    free(diff->fields);
    *diff = (struct certificate_diff){0};
}
