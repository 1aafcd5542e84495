/*
 * A verdict as plain text for people.
 */
#include <string.h>

#include "trust_lab.h"

static void explain_head(const struct trust_verdict *verdict,
                         struct ls_buf *out)
{
    ls_buf_printf(out, "verdict: %s", trust_outcome_text(verdict->outcome));
    if (verdict->reason != TRUST_NONE)
        ls_buf_printf(out, " (%s)", trust_check_text(verdict->reason));
    ls_buf_add_byte(out, '\n');
    if (verdict->has_identity) {
        ls_buf_printf(out, "identity: %s = \"",
                      name_source_text(verdict->identity_source));
        ls_buf_add_escaped(out, ls_str_from_bytes(verdict->identity_name,
                                                  verdict->identity_length));
        ls_buf_add_text(out, "\"\n");
    }
    if (verdict->has_entry)
        ls_buf_printf(
            out, "known server: %s (%s of the pool %s)\n", verdict->entry.fqdn,
            known_server_kind_text(verdict->entry.kind), verdict->entry.pool);
}

static void explain_check(const struct trust_check *check, struct ls_buf *out)
{
    ls_buf_printf(out, "  %-4s  %-18s  %s",
                  trust_check_result_text(check->result),
                  trust_check_text(check->id), check->why);
    if (check->saw != NULL)
        ls_buf_printf(out, " [%s", check->saw);
    if (check->wanted != NULL)
        ls_buf_printf(out, "%swanted: %s", check->saw != NULL ? "; " : " [",
                      check->wanted);
    if (check->saw != NULL || check->wanted != NULL)
        ls_buf_add_byte(out, ']');
    ls_buf_add_byte(out, '\n');
}

static void explain_remedy(const struct remedy *remedy, size_t number,
                           struct ls_buf *out)
{
    ls_buf_printf(out, "  %zu. %s\n", number, remedy->title);
    for (size_t i = 0; i < remedy->step_count; i++)
        ls_buf_printf(out, "     - %s\n", remedy->steps[i]);
    for (size_t i = 0; i < remedy->command_count; i++)
        ls_buf_printf(out, "         %s\n", remedy->commands[i]);
}

void trust_lab_explain(const struct trust_verdict *verdict, struct ls_buf *out)
{
    explain_head(verdict, out);
    ls_buf_add_text(out, "checks:\n");
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++)
        explain_check(&verdict->checks[i], out);
    if (verdict->near_count > 0)
        ls_buf_add_text(out, "near misses:\n");
    for (size_t i = 0; i < verdict->near_count; i++)
        ls_buf_printf(out, "  %-20s  %s: %s\n",
                      near_miss_kind_text(verdict->near[i].kind),
                      verdict->near[i].name, verdict->near[i].why);
    if (verdict->remedy_count > 0)
        ls_buf_add_text(out, "what to do:\n");
    for (size_t i = 0; i < verdict->remedy_count; i++)
        explain_remedy(&verdict->remedies[i], i + 1, out);
    for (size_t i = 0; verdict->assumed[i] != NULL; i++)
        ls_buf_printf(out, "assumed: %s\n", verdict->assumed[i]);
}
