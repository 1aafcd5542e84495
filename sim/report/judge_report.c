/*
 * Verdicts of judge, told.
 */
#include "lyncsim/judge_report.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "page.h"

/* "accepted", or the reason against it. */
static const char *short_text(const struct trust_verdict *verdict)
{
    return verdict->reason == TRUST_NONE ? trust_outcome_text(verdict->outcome)
                                         : trust_check_text(verdict->reason);
}

static enum page_ink ink_of(const struct trust_verdict *verdict)
{
    return verdict->outcome == TRUST_ACCEPTED ? INK_GOOD : INK_BAD;
}

static void pad(struct page *page, size_t used, size_t width)
{
    page_printf(page, "%*s", used < width ? (int)(width - used) : 0, "");
}

static void tell_identity(struct page *page,
                          const struct trust_verdict *verdict)
{
    struct ls_buf name = {0};

    if (!verdict->has_identity) {
        page_ink(page, INK_DIM, "no name");
        return;
    }
    page_add_safe(&name, ls_str_from_bytes(verdict->identity_name,
                                           verdict->identity_length));
    ls_buf_add_byte(&name, '\0');
    page_printf(page, "%s ", name_source_text(verdict->identity_source));
    page_ink(page, INK_BOLD, name.at);
    ls_buf_clear(&name);
}

/* Longest text of verdicts and rules, and two columns of air. */
#define VERDICT_WIDTH 20
#define RULE_WIDTH 14

static void tell_answer(struct page *page, const struct judge_answer *answer)
{
    const char *text =
        answer->is_unknown ? "unknown" : short_text(&answer->verdict);

    page_printf(page, "   %-*s", RULE_WIDTH, answer->rule->name);
    page_ink(page, answer->is_unknown ? INK_WARN : ink_of(&answer->verdict),
             text);
    pad(page, strlen(text), VERDICT_WIDTH);
    if (answer->is_unknown)
        page_ink(page, INK_DIM, "the documents can be read both ways");
    else
        tell_identity(page, &answer->verdict);
    page_printf(page, "\n");
}

/* Where each rule is known from, and how sure that is. */
static void tell_standing(struct page *page, const struct judge_table *table)
{
    if (table->rule_count > 0)
        page_printf(page, "\nThe rules, and how sure each is:\n");
    for (size_t i = 0; i < table->rule_count; i++) {
        const struct identity_rule *rule = table->rules[i];
        char *text = ls_strf("%s: %s (%s).", rule->standing, rule->candidates,
                             rule->source);

        page_printf(page, "   %-*s", RULE_WIDTH, rule->name);
        page_wrap(page, 3 + RULE_WIDTH, 3 + RULE_WIDTH, text);
        free(text);
    }
}

static void tell_answers(struct page *page, const struct judge_table *table,
                         const struct judge_cell *cell)
{
    for (size_t i = 0; i < table->rule_count; i++)
        tell_answer(page, &cell->answers[i]);
}

/* Two rules that come to the same are told of once. */
static bool is_same_set(const struct trust_changes *one,
                        const struct trust_changes *other)
{
    if (one->count != other->count || one->unsolved != other->unsolved ||
        one->is_smallest != other->is_smallest)
        return false;
    for (size_t i = 0; i < one->count; i++)
        if (strcmp(one->items[i].text, other->items[i].text) != 0)
            return false;
    return true;
}

/* " by lync-2010 and cn-only": who shares the set of rules[first]. */
static void tell_sharers(struct page *page, const struct judge_table *table,
                         size_t first)
{
    const struct identity_rule *sharers[IDENTITY_RULE_COUNT];
    size_t count = 0;

    for (size_t i = first; i < table->rule_count; i++)
        if (is_same_set(&table->rule_changes[first], &table->rule_changes[i]))
            sharers[count++] = table->rules[i];
    for (size_t i = 0; i < count; i++)
        page_printf(page, "%s%s",
                    i == 0           ? " by "
                    : i + 1 == count ? " and "
                                     : ", ",
                    sharers[i]->name);
}

static bool is_left(const struct judge_table *table,
                    const struct trust_changes *changes, size_t certificate)
{
    for (size_t i = 0; i < table->topology_count; i++)
        if (changes->is_unsolved[certificate * table->topology_count + i])
            return true;
    return false;
}

/* Refusals that stay, and whose they are. */
static void tell_unsolved(struct page *page, const struct judge_table *table,
                          const struct trust_changes *changes, size_t first)
{
    struct ls_buf text = {0};
    struct page line = {&text, false};
    const char *before = ": ";

    page_printf(&line, "%zu refusal%s cannot be mended by names alone",
                changes->unsolved, changes->unsolved == 1 ? "" : "s");
    if (table->rule_count > 0 && changes->count == 0)
        tell_sharers(&line, table, first);
    for (size_t i = 0; i < table->certificate_count; i++)
        if (is_left(table, changes, i)) {
            ls_buf_add_text(&text, before);
            ls_buf_add_text(&text, table->certificate_names[i]);
            before = ", ";
        }
    ls_buf_add_text(&text, ".");
    ls_buf_add_byte(&text, '\0');
    page_wrap(page, 0, 0, text.at);
    ls_buf_clear(&text);
}

static void tell_set(struct page *page, const struct judge_table *table,
                     const struct trust_changes *changes, size_t first)
{
    struct ls_buf head = {0};
    struct page line = {&head, false};

    if (changes->count + changes->unsolved == 0)
        return;
    page_printf(page, "\n");
    if (changes->count > 0) {
        page_printf(&line, "%s would let %s in",
                    changes->is_smallest ? "The smallest set of changes that"
                                         : "A small set of changes that",
                    changes->unsolved == 0 ? "everything" : "most");
        if (table->rule_count > 0)
            tell_sharers(&line, table, first);
        page_printf(&line, ": %zu change%s.", changes->count,
                    changes->count == 1 ? "" : "s");
        ls_buf_add_byte(&head, '\0');
        page_wrap(page, 0, 0, head.at);
        ls_buf_clear(&head);
    }
    for (size_t i = 0; i < changes->count; i++) {
        page_printf(page, "   ");
        page_wrap(page, 3, 5, changes->items[i].text);
    }
    if (changes->unsolved > 0)
        tell_unsolved(page, table, changes, first);
}

/* Smallest of what was looked at: the limit of the search is said. */
static void tell_limit(struct page *page, const struct judge_table *table)
{
    bool has_change = table->changes.count > 0;

    for (size_t i = 0; i < table->rule_count; i++)
        has_change |= table->rule_changes[i].count > 0;
    if (!has_change)
        return;
    page_printf(page, "\n");
    page_wrap(page, 0, 0,
              "Looked at were the names that the certificates have and those "
              "they come near to in a topology; a name that is in neither is "
              "not suggested.");
}

static void tell_changes(struct page *page, const struct judge_table *table)
{
    if (judge_table_count(table) < 2)
        return;
    if (table->rule_count == 0)
        tell_set(page, table, &table->changes, 0);
    for (size_t i = 0; i < table->rule_count; i++) {
        size_t same = 0;

        while (
            !is_same_set(&table->rule_changes[same], &table->rule_changes[i]))
            same++;
        if (same == i)
            tell_set(page, table, &table->rule_changes[i], i);
    }
    tell_limit(page, table);
}

/* A letter for each topology, so that the table stays narrow. */
static void column_name(size_t index, char name[4])
{
    size_t i = 0;

    if (index >= 26)
        name[i++] = (char)('A' + index / 26 % 26 - 1);
    name[i++] = (char)('A' + index % 26);
    name[i] = '\0';
}

static size_t name_width(const struct judge_table *table)
{
    size_t width = 0;

    for (size_t i = 0; i < table->certificate_count; i++) {
        size_t length = strlen(table->certificate_names[i]);

        width = length > width ? length : width;
    }
    return width + 2;
}

static void tell_columns(struct page *page, const struct judge_table *table,
                         size_t width)
{
    char name[4];

    for (size_t i = 0; i < table->topology_count; i++) {
        column_name(i, name);
        page_printf(page, "%s = ", name);
        page_ink(page, INK_BOLD, table->topology_names[i]);
        if (table->topologies[i]->is_draft)
            page_ink(page, INK_WARN, ", a draft, not published");
        page_printf(page, "\n");
    }
    page_printf(page, "\n%*s", (int)width, "");
    for (size_t i = 0; i < table->topology_count; i++) {
        column_name(i, name);
        page_printf(page, "%-*s",
                    i + 1 < table->topology_count ? VERDICT_WIDTH : 0, name);
    }
    page_printf(page, "\n");
}

static void tell_row(struct page *page, const struct judge_table *table,
                     size_t certificate, size_t width)
{
    const struct judge_cell *cells =
        &table->cells[certificate * table->topology_count];

    page_ink(page, INK_PLAIN, cells[0].certificate);
    pad(page, strlen(cells[0].certificate), width);
    for (size_t i = 0; i < table->topology_count; i++) {
        const char *text = short_text(&cells[i].verdict);

        page_ink(page, ink_of(&cells[i].verdict), text);
        if (i + 1 < table->topology_count)
            pad(page, strlen(text), VERDICT_WIDTH);
    }
    if (table->topology_count == 1) {
        pad(page, strlen(short_text(&cells[0].verdict)), VERDICT_WIDTH);
        tell_identity(page, &cells[0].verdict);
    }
    page_printf(page, "\n");
    for (size_t i = 0; table->rule_count > 0 && i < table->topology_count;
         i++) {
        if (table->topology_count > 1)
            page_printf(page, "  under %s\n", cells[i].topology);
        tell_answers(page, table, &cells[i]);
    }
}

static const struct topology *topology_of(const struct judge_table *table,
                                          const struct judge_cell *cell)
{
    size_t index = (size_t)(cell - table->cells);

    return table->topologies[index % table->topology_count];
}

/* answer: of one rule, or NULL for the policy's. */
static void tell_short(struct page *page, const struct judge_table *table,
                       const struct judge_cell *cell,
                       const struct judge_answer *answer)
{
    const struct trust_verdict *verdict =
        answer != NULL ? &answer->verdict : &cell->verdict;

    page_ink(page, INK_PLAIN, cell->certificate);
    page_printf(page, ": ");
    if (answer != NULL && answer->is_unknown) {
        page_ink(page, INK_WARN, "unknown");
    } else {
        page_ink(page, ink_of(verdict), trust_outcome_text(verdict->outcome));
        if (verdict->reason != TRUST_NONE)
            page_printf(page, ", %s", trust_check_text(verdict->reason));
    }
    if (answer != NULL)
        page_printf(page, " by %s", answer->rule->name);
    if (table->topology_count > 1) {
        page_printf(page, " under ");
        page_ink(page, INK_PLAIN, cell->topology);
    }
    if (topology_of(table, cell)->is_draft)
        page_ink(page, INK_WARN, ", by a draft that is not published");
    page_printf(page, "\n");
}

static void tell_short_all(struct page *page, const struct judge_table *table,
                           const struct judge_cell *cell)
{
    tell_short(page, table, cell, NULL);
    for (size_t i = 0; i < table->rule_count; i++)
        tell_short(page, table, cell, &cell->answers[i]);
}

/* The verdict again at the end: the ways out are longer than a screen. */
static void tell_one(struct page *page, const struct judge_table *table,
                     const struct story_style *style)
{
    const struct judge_cell *cell = &table->cells[0];

    story_print_verdict(&cell->verdict, cell->facts, style, page->out);
    if (table->rule_count > 0)
        page_printf(page, "\nBy %s rule:\n",
                    table->all_rules ? "every" : "each");
    tell_answers(page, table, cell);
    tell_standing(page, table);
    page_printf(page, "\n");
    tell_short(page, table, cell, NULL);
}

void judge_report_print(const struct judge_table *table,
                        const struct story_style *style, struct ls_buf *out)
{
    struct page page = {out, style->color};
    size_t width = name_width(table);

    if (judge_table_count(table) == 1) {
        tell_one(&page, table, style);
        return;
    }
    if (table->rule_count > 0)
        page_printf(&page, "Each row is by %s, and below it by %s rule.\n\n",
                    table->policy.rule->name,
                    table->all_rules ? "every" : "each");
    if (table->topology_count > 1) {
        tell_columns(&page, table, width);
    } else if (table->topologies[0]->is_draft) {
        page_ink(&page, INK_PLAIN, table->topology_names[0]);
        page_ink(&page, INK_WARN, " is a draft, not published.");
        page_printf(&page, "\n\n");
    }
    for (size_t i = 0; i < table->certificate_count; i++)
        tell_row(&page, table, i, width);
    tell_standing(&page, table);
    tell_changes(&page, table);
}

void judge_report_print_short(const struct judge_table *table,
                              struct ls_buf *out)
{
    struct page page = {out, false};

    for (size_t i = 0; i < judge_table_count(table); i++)
        tell_short_all(&page, table, &table->cells[i]);
}
