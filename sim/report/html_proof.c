/*
 * Why, what came near, and what to do.
 */
#include "html_internal.h"

static void add_checks(struct ls_buf *out, const struct trust_verdict *verdict)
{
    ls_buf_add_text(out, "<details><summary>Proof: every check</summary>\n"
                         "<table><caption>Checks, in order</caption>\n"
                         "<tr><th scope=\"col\">check</th>"
                         "<th scope=\"col\">result</th>"
                         "<th scope=\"col\">saw</th>"
                         "<th scope=\"col\">wanted</th>"
                         "<th scope=\"col\">why</th></tr>\n");
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        const struct trust_check *check = &verdict->checks[i];
        const char *result = trust_check_result_text(check->result);

        ls_buf_printf(out, "<tr class=\"%s\"><th scope=\"row\">%s</th>", result,
                      trust_check_text(check->id));
        html_element(out, "td", "whole", result);
        html_element(out, "td", NULL, check->saw);
        html_element(out, "td", NULL, check->wanted);
        html_element(out, "td", NULL, check->why);
        ls_buf_add_text(out, "</tr>\n");
    }
    ls_buf_add_text(out, "</table></details>\n");
}

static void add_near_misses(struct ls_buf *out,
                            const struct trust_verdict *verdict, unsigned level)
{
    if (verdict->near_count == 0)
        return;
    html_heading(out, level, "Near misses");
    ls_buf_add_text(out, "<ul>\n");
    for (size_t i = 0; i < verdict->near_count; i++) {
        ls_buf_add_text(out, "<li><strong>");
        markup_add(out, verdict->near[i].name);
        ls_buf_printf(out, "</strong> (%s): ",
                      near_miss_kind_text(verdict->near[i].kind));
        markup_add(out, verdict->near[i].why);
        ls_buf_add_text(out, "</li>\n");
    }
    ls_buf_add_text(out, "</ul>\n");
}

static void add_remedy(struct ls_buf *out, const struct remedy *remedy)
{
    ls_buf_add_text(out, "<li><details><summary>");
    markup_add(out, remedy->title);
    ls_buf_add_text(out, "</summary>\n<ul>\n");
    for (size_t i = 0; i < remedy->step_count; i++)
        html_element(out, "li", NULL, remedy->steps[i]);
    ls_buf_add_text(out, "</ul>\n");
    if (remedy->command_count > 0) {
        ls_buf_add_text(out, "<pre>");
        for (size_t i = 0; i < remedy->command_count; i++) {
            markup_add(out, remedy->commands[i]);
            ls_buf_add_byte(out, '\n');
        }
        ls_buf_add_text(out, "</pre>\n");
    }
    ls_buf_add_text(out, "</details></li>\n");
}

static void add_ways_out(struct ls_buf *out,
                         const struct trust_verdict *verdict, unsigned level)
{
    if (verdict->remedy_count == 0)
        return;
    html_heading(out, level, "Ways out");
    ls_buf_add_text(out, "<ol>\n");
    for (size_t i = 0; i < verdict->remedy_count; i++)
        add_remedy(out, &verdict->remedies[i]);
    ls_buf_add_text(out, "</ol>\n");
}

static void add_assumptions(struct ls_buf *out,
                            const struct trust_verdict *verdict)
{
    for (size_t i = 0; verdict->assumed[i] != NULL; i++) {
        ls_buf_add_text(out, "<p class=\"source\">Assumed: ");
        markup_add(out, verdict->assumed[i]);
        ls_buf_add_text(out, "</p>\n");
    }
}

void html_proof(struct ls_buf *out, const struct trust_verdict *verdict,
                unsigned level)
{
    add_near_misses(out, verdict, level);
    add_ways_out(out, verdict, level);
    add_checks(out, verdict);
    add_assumptions(out, verdict);
}
