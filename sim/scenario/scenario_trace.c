/*
 * The trace: of a scenario file, which says what the records look like.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

static struct sipstack_trace *trace_of(void *target)
{
    return &((struct scenario_target *)target)->binding->scenario->trace;
}

/* Process and thread ids as the product prints them: hexadecimal. */
static void bind_hex(char *field, size_t size, const struct yaml_node *value,
                     const char *what, struct ls_diags *diags)
{
    struct ls_str text;
    size_t digits;

    if (!yaml_text(value, what, &text, diags))
        return;
    digits = strspn(text.at, "0123456789ABCDEF");
    if (digits != text.length || digits == 0 || digits >= size)
        ls_diags_add(diags, value->place, "Write for example \"0AC0\".",
                     "%s must be up to %zu hexadecimal digits in upper case",
                     what, size - 1);
    else
        snprintf(field, size, "%s", text.at);
}

static void bind_process(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    struct sipstack_trace *trace = trace_of(target);

    bind_hex(trace->process, sizeof(trace->process), value, "the process",
             diags);
}

static void bind_thread(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct sipstack_trace *trace = trace_of(target);

    bind_hex(trace->thread, sizeof(trace->thread), value, "the thread", diags);
}

static void bind_sequence(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    struct ls_str text;

    if (!yaml_text(value, "the sequence", &text, diags))
        return;
    if (strspn(text.at, "0123456789abcdefABCDEF") != text.length ||
        text.length == 0 || text.length > 8)
        ls_diags_add(diags, value->place, "Write for example \"000003ca\".",
                     "the sequence must be up to 8 hexadecimal digits");
    else
        trace_of(target)->sequence = (uint32_t)strtoul(text.at, NULL, 16);
}

static void bind_style(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    const char *const names[] = {
        [SIPSTACK_LYNC_2010] = sipstack_style_text(SIPSTACK_LYNC_2010),
        [SIPSTACK_SFB_2015] = sipstack_style_text(SIPSTACK_SFB_2015),
    };
    size_t choice;

    if (yaml_choice(value, "the style", names, LS_COUNT(names), &choice, diags))
        trace_of(target)->style = (enum sipstack_style)choice;
}

static void bind_fields(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    const char *const names[] = {
        [SIPSTACK_FIELDS_ARTICLE] =
            sipstack_fields_text(SIPSTACK_FIELDS_ARTICLE),
        [SIPSTACK_FIELDS_FULL] = sipstack_fields_text(SIPSTACK_FIELDS_FULL),
    };
    size_t choice;

    if (yaml_choice(value, "the fields", names, LS_COUNT(names), &choice,
                    diags))
        trace_of(target)->fields = (enum sipstack_fields)choice;
}

static void bind_machine(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    struct sipstack_trace *trace = trace_of(target);
    struct ls_str text;

    if (!yaml_text(value, "the machine", &text, diags))
        return;
    if (text.length == 0 || text.length >= sizeof(trace->machine) ||
        strcspn(text.at, "[]\r\n") != text.length)
        ls_diags_add(diags, value->place, "Write for example pool\\fe01.",
                     "the machine must be a short text without brackets");
    else
        snprintf(trace->machine, sizeof(trace->machine), "%s", text.at);
}

static const struct yaml_key trace_keys[] = {
    {"process", "hexadecimal", "process id in the records: \"0AC0\"",
     bind_process, false},
    {"thread", "hexadecimal", "thread id in the records: \"1278\"", bind_thread,
     false},
    {"sequence", "hexadecimal", "number of the first record: \"000003ca\"",
     bind_sequence, false},
    {"style", "lync-2010|sfb-2015",
     "which product's form; without it "
     "lync-2010",
     bind_style, false},
    {"fields", "article|full",
     "only the evidenced fields, or all; without it article", bind_fields,
     false},
    {"machine", "text", "pool\\machine of the sfb-2015 form", bind_machine,
     false},
};

const struct scenario_key_table scenario_trace_table = {
    "trace", "under trace:", trace_keys, LS_COUNT(trace_keys)};
