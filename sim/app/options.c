/*
 * The command line. Our own reader and not argp: an unknown option is refused
 * with the nearest known one, and one table serves every command.
 */
#include "options.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/diag.h"
#include "lyncsim/identity_rule.h"

#include "command.h"
#include "option_form.h"

/* Of "      --name VALUE           what it does". */
enum { USAGE_COLUMNS = 22, SUMMARY_COLUMN = 2 + 4 + 2 + USAGE_COLUMNS };

/* clang-format off */
static const char *const option_rules[] = {
#define X(id, name, choice, candidates, source, standing) name,
    IDENTITY_RULE_LIST(X)
#undef X
    "all", NULL,
};
/* clang-format on */
static const char *const option_names[] = {"insensitive", "sensitive", NULL};
static const char *const option_cns[] = {"first", "last", NULL};
static const char *const option_revocations[] = {"ignore", "check", NULL};
static const char *const option_weaks[] = {"warn", "refuse", NULL};
static const char *const option_refusals[] = {
    "handshake:alert",       "handshake:close",
    "handshake:reset",       "after-handshake:close",
    "after-handshake:reset", "first-request:close",
    "first-request:reset",   NULL,
};
static const char *const option_tls_versions[] = {
    "1.0",     "1.1",     "1.2",     "1.3",     "1.0-1.0",
    "1.0-1.1", "1.0-1.2", "1.0-1.3", "1.1-1.1", "1.1-1.2",
    "1.1-1.3", "1.2-1.2", "1.2-1.3", "1.3-1.3", NULL,
};
static const char *const option_issuers[] = {"none", "all", "truncated", NULL};
static const char *const option_interfaces[] = {
    "primary", "internal", "external", "pstn", NULL,
};
static const char *const option_products[] = {
    "lync-2010", "lync-2013", "sfb-2015", "sfb-2019", NULL,
};

static const char *const option_ways[] = {"same", "own", NULL};
static const char *const option_trace_styles[] = {
    "lync-2010",
    "sfb-2015",
    NULL,
};
static const char *const option_trace_fields[] = {"article", "full", NULL};
static const char *const option_expectations[] = {
    "accepted",
    "refused",
    "client",
    NULL,
};
static const char *const option_forms[] = {
    "pem", "der", "pkcs12", "pkcs12-old", NULL,
};
static const char *const option_severities[] = {"note", "warning", "error",
                                                NULL};
static const char *const option_colors[] = {"auto", "always", "never", NULL};

static const struct option_row option_rows[OPTION_COUNT] = {
#define X(id, name, letter, value, values, repeats, summary)                   \
    [OPTION_##id] = {name, letter, value, values, repeats, summary},
    OPTION_LIST(X)
#undef X
};

/* Every command has these. */
static const enum option_id common_options[] = {
    OPTION_JSON, OPTION_QUIET, OPTION_COLOR, OPTION_HELP, OPTION_END,
};

static bool is_in(const enum option_id *list, enum option_id id)
{
    for (; list != NULL && *list != OPTION_END; list++)
        if (*list == id)
            return true;
    return false;
}

const struct option_row *options_row(enum option_id id)
{
    return &option_rows[id];
}

bool options_are_taken(const struct command *command, enum option_id id)
{
    return is_in(common_options, id) || is_in(command->options, id);
}

static bool repeats(const struct command *command, enum option_id id)
{
    return option_rows[id].repeats || is_in(command->many, id);
}

/* Of two that share a name the one that command takes. */
static enum option_id find_name(const struct command *command,
                                struct ls_str name)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (ls_str_equal_text(name, option_rows[i].name) &&
            options_are_taken(command, (enum option_id)i))
            return (enum option_id)i;
    return OPTION_END;
}

static enum option_id find_letter(char letter)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (option_rows[i].letter == letter)
            return (enum option_id)i;
    return OPTION_END;
}

static size_t count_of(const char *const *texts)
{
    size_t count = 0;

    while (texts[count] != NULL)
        count++;
    return count;
}

static char *refuse_unknown(const struct command *command, struct ls_str name)
{
    const char *known[OPTION_COUNT];
    size_t count = 0;
    const char *nearest;

    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (options_are_taken(command, (enum option_id)i))
            known[count++] = option_rows[i].name;
    nearest = ls_nearest(name, known, count);
    if (nearest != NULL)
        return ls_strf("%s has no option --%.*s; did you mean --%s?",
                       command->name, LS_STR_ARG(name), nearest);
    return ls_strf("%s has no option --%.*s; see lyncsim help %s",
                   command->name, LS_STR_ARG(name), command->name);
}

static char *join(const char *const *texts)
{
    struct ls_buf out = {0};

    for (size_t i = 0; texts[i] != NULL; i++) {
        const char *before = i == 0 ? "" : texts[i + 1] == NULL ? " or " : ", ";

        ls_buf_printf(&out, "%s%s", before, texts[i]);
    }
    return ls_buf_take(&out);
}

/* Another number is no misspelling: nobody knows which was meant. */
static bool has_same_digits(const char *a, const char *b)
{
    static const char digits[] = "0123456789";

    for (;; a++, b++) {
        a += strcspn(a, digits);
        b += strcspn(b, digits);
        if (*a != *b || *a == '\0')
            return *a == *b;
    }
}

static char *refuse_value(const struct option_row *row, const char *value)
{
    const char *nearest =
        ls_nearest(ls_str_from(value), row->values, count_of(row->values));
    char *all;
    char *why;

    if (nearest != NULL && has_same_digits(nearest, value))
        return ls_strf("--%s cannot be \"%s\"; did you mean %s?", row->name,
                       value, nearest);
    all = join(row->values);
    why = ls_strf("--%s cannot be \"%s\"; it is %s", row->name, value, all);
    free(all);
    return why;
}

static char *check_value(enum option_id id, const char *value)
{
    const struct option_row *row = &option_rows[id];

    if (row->values == NULL)
        return option_form_check(id, value);
    for (const char *const *known = row->values; *known != NULL; known++)
        if (strcmp(*known, value) == 0)
            return NULL;
    return refuse_value(row, value);
}

static char *store(struct options *options, enum option_id id,
                   const char *value)
{
    const struct option_row *row = &option_rows[id];
    size_t *count = &options->all_count[id];
    char *why = row->value == NULL ? NULL : check_value(id, value);

    if (why != NULL)
        return why;
    if (id == OPTION_RULE && strcmp(value, "all") == 0 &&
        !options->command->takes_all_rules)
        return ls_strf("--rule all is for judge; %s goes by one rule",
                       options->command->name);
    if (!repeats(options->command, id) && options->last[id] != NULL &&
        row->value != NULL)
        return ls_strf("--%s is given twice", row->name);
    options->last[id] = value;
    options->all[id] =
        ls_realloc_array(options->all[id], *count + 1, sizeof(char *));
    options->all[id][(*count)++] = value;
    return NULL;
}

/* The words of a command line, and how far they have been read. */
struct words {
    char **at;
    int count;
    int next;
};

static char *take_value(struct options *options, enum option_id id,
                        const char *attached, struct words *words)
{
    const struct option_row *row = &option_rows[id];

    if (row->value == NULL && attached != NULL)
        return ls_strf("--%s takes no value", row->name);
    if (row->value == NULL)
        return store(options, id, "");
    if (attached == NULL && words->next < words->count)
        attached = words->at[words->next++];
    /* An unset variable of a script leaves an empty word. */
    if (attached == NULL ||
        (*attached == '\0' && strstr(row->value, "FILE") != NULL))
        return ls_strf("--%s needs a value: --%s %s", row->name, row->name,
                       row->value);
    return store(options, id, attached);
}

static char *take_long(struct options *options, const char *word,
                       struct words *words)
{
    struct ls_str name = ls_str_from(word);
    size_t equals = ls_str_find(name, '=');
    const char *attached = equals < name.length ? word + equals + 1 : NULL;
    enum option_id id;

    name = ls_str_first(name, equals);
    id = find_name(options->command, name);
    if (id == OPTION_END)
        return refuse_unknown(options->command, name);
    return take_value(options, id, attached, words);
}

static char *take_letters(struct options *options, const char *letters,
                          struct words *words)
{
    while (*letters != '\0') {
        enum option_id id = find_letter(*letters);
        const char *rest = letters + 1;
        char *why;

        if (id == OPTION_END || !options_are_taken(options->command, id))
            return ls_strf("%s has no option -%c; see lyncsim help %s",
                           options->command->name, *letters,
                           options->command->name);
        if (option_rows[id].value == NULL) {
            why = store(options, id, "");
        } else {
            why = take_value(options, id, *rest ? rest : NULL, words);
            rest = "";
        }
        if (why != NULL)
            return why;
        letters = rest;
    }
    return NULL;
}

static char *check_arguments(const struct options *options)
{
    const struct command *command = options->command;

    if (options_has(options, OPTION_HELP))
        return NULL;
    if (options->argument_count < command->argument_min)
        return ls_strf("%s needs %s; see lyncsim help %s", command->name,
                       command->arguments, command->name);
    if (options->argument_count > command->argument_max)
        return ls_strf("%s does not know what to do with \"%s\"; see "
                       "lyncsim help %s",
                       command->name, options->arguments[command->argument_max],
                       command->name);
    return NULL;
}

/* Two that write one file would spoil it for the readers of both. Standard
 * output and devices take what comes. */
static char *check_outputs(const struct options *options)
{
    static const enum option_id ids[] = {OPTION_TRACE,  OPTION_EVENTS,
                                         OPTION_KEYLOG, OPTION_JUNIT,
                                         OPTION_TAP,    OPTION_HTML};

    for (size_t i = 0; i < LS_COUNT(ids); i++) {
        const char *file = options->last[ids[i]];

        /* What is JSON has no other reader; events are JSON then as well. */
        if (file != NULL && strcmp(file, "-") == 0 && ids[i] != OPTION_EVENTS &&
            options_has(options, OPTION_JSON))
            return ls_strf("--json alone goes to standard output: --%s needs "
                           "a file",
                           option_rows[ids[i]].name);
        if (file == NULL || strcmp(file, "-") == 0 ||
            ls_str_starts_with(ls_str_from(file), "/dev/"))
            continue;
        for (size_t j = 0; j < i; j++)
            if (options->last[ids[j]] != NULL &&
                strcmp(options->last[ids[j]], file) == 0)
                return ls_strf("--%s and --%s would both write %s",
                               option_rows[ids[j]].name,
                               option_rows[ids[i]].name, file);
    }
    return NULL;
}

bool options_parse(struct options *options, const struct command *command,
                   int argc, char **argv, char **why)
{
    struct words words = {argv, argc, 0};
    bool only_arguments = false;

    *options = (struct options){.command = command};
    options->arguments = ls_alloc_array((size_t)argc + 1, sizeof(char *));
    *why = NULL;
    while (*why == NULL && words.next < words.count) {
        const char *word = words.at[words.next++];

        if (only_arguments || word[0] != '-' || word[1] == '\0')
            options->arguments[options->argument_count++] = word;
        else if (strcmp(word, "--") == 0)
            only_arguments = true;
        else if (word[1] == '-')
            *why = take_long(options, word + 2, &words);
        else
            *why = take_letters(options, word + 1, &words);
    }
    if (*why == NULL)
        *why = check_arguments(options);
    if (*why == NULL)
        *why = check_outputs(options);
    return *why == NULL;
}

void options_clear(struct options *options)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        free(options->all[i]);
    free(options->arguments);
    *options = (struct options){0};
}

bool options_has(const struct options *options, enum option_id id)
{
    return options->last[id] != NULL;
}

const char *options_text(const struct options *options, enum option_id id)
{
    assert(options_are_taken(options->command, id));
    return options->last[id];
}

const char *const *options_all(const struct options *options, enum option_id id,
                               size_t *count)
{
    assert(options_are_taken(options->command, id) &&
           repeats(options->command, id));
    *count = options->all_count[id];
    return options->all[id];
}

unsigned options_number(const struct options *options, enum option_id id,
                        unsigned otherwise)
{
    uint64_t number = otherwise;

    if (options_text(options, id) != NULL)
        ls_str_to_u64(ls_str_from(options->last[id]), &number);
    return (unsigned)number;
}

bool options_color(const struct options *options, int fd)
{
    const char *when = options->last[OPTION_COLOR];
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    if (when != NULL && strcmp(when, "always") == 0)
        return true;
    if (when != NULL && strcmp(when, "never") == 0)
        return false;
    /* no-color.org: set and not empty. */
    if (no_color != NULL && *no_color != '\0')
        return false;
    return isatty(fd) && (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

static void describe(enum option_id id, struct ls_buf *out)
{
    const struct option_row *row = &option_rows[id];
    char letter[5] = "    ";
    char *usage = row->value == NULL ? ls_strdup(row->name)
                                     : ls_strf("%s %s", row->name, row->value);

    if (row->letter != 0) {
        letter[0] = '-';
        letter[1] = row->letter;
        letter[2] = ',';
    }
    ls_buf_printf(out, "  %s--%-*s", letter, USAGE_COLUMNS, usage);
    if (strlen(usage) > USAGE_COLUMNS)
        ls_buf_printf(out, "\n%*s", SUMMARY_COLUMN, "");
    ls_buf_printf(out, " %s\n", row->summary);
    free(usage);
}

void options_describe(const struct command *command, struct ls_buf *out)
{
    const enum option_id *id;

    for (id = command->options; id != NULL && *id != OPTION_END; id++)
        describe(*id, out);
    for (id = common_options; *id != OPTION_END; id++)
        describe(*id, out);
}
