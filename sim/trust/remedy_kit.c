/*
 * How a remedy is put together, copied and taken apart.
 */
#include "remedy_kit.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

struct remedy *remedy_add(struct remedy_kit *kit, enum remedy_way way,
                          const char *title, ...)
{
    struct remedy *remedy;
    va_list args;

    LS_GROW(kit->remedies, kit->count, kit->capacity);
    remedy = &kit->remedies[kit->count++];
    *remedy = (struct remedy){.way = way};
    va_start(args, title);
    remedy->title = ls_vstrf(title, args);
    va_end(args);
    return remedy;
}

static void append_text(char ***texts, size_t *count, char *text)
{
    *texts = ls_realloc_array(*texts, *count + 1, sizeof **texts);
    (*texts)[(*count)++] = text;
}

void remedy_step(struct remedy *remedy, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_text(&remedy->steps, &remedy->step_count, ls_vstrf(format, args));
    va_end(args);
}

void remedy_command(struct remedy *remedy, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_text(&remedy->commands, &remedy->command_count,
                ls_vstrf(format, args));
    va_end(args);
}

void remedy_edit(struct remedy *remedy, const struct topology_edit *edit)
{
    remedy->edits = ls_realloc_array(remedy->edits, remedy->edit_count + 1,
                                     sizeof *remedy->edits);
    remedy->edits[remedy->edit_count++] = topology_edit_copy(edit);
}

char *remedy_shown(const char *name)
{
    struct ls_buf buf = {0};

    ls_buf_add_escaped(&buf, ls_str_from(name));
    return ls_buf_take(&buf);
}

char *remedy_quoted(const char *name)
{
    struct ls_buf buf = {0};

    remedy_quote_powershell(&buf, ls_str_from(name));
    return ls_buf_take(&buf);
}

static void clear_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

void remedy_clear(struct remedy *remedy)
{
    for (size_t i = 0; i < remedy->edit_count; i++)
        topology_edit_clear(&remedy->edits[i]);
    free(remedy->edits);
    clear_texts(remedy->steps, remedy->step_count);
    clear_texts(remedy->commands, remedy->command_count);
    clear_texts(remedy->dns_names, remedy->dns_name_count);
    free(remedy->subject_cn);
    free(remedy->title);
    *remedy = (struct remedy){0};
}

static char **copy_texts(char *const *texts, size_t count)
{
    char **copy = ls_alloc_array(count, sizeof *copy);

    for (size_t i = 0; i < count; i++)
        copy[i] = ls_strdup(texts[i]);
    return copy;
}

void remedy_copy(struct remedy *to, const struct remedy *from)
{
    *to = *from;
    to->title = ls_strdup(from->title);
    to->subject_cn = ls_strdup(from->subject_cn);
    to->steps = copy_texts(from->steps, from->step_count);
    to->commands = copy_texts(from->commands, from->command_count);
    to->dns_names = copy_texts(from->dns_names, from->dns_name_count);
    to->edits = ls_alloc_array(from->edit_count, sizeof *to->edits);
    for (size_t i = 0; i < from->edit_count; i++)
        to->edits[i] = topology_edit_copy(&from->edits[i]);
}
