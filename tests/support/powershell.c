#include "support/powershell.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#define WORDS_MAX 32

struct line {
    char *words[WORDS_MAX];
    size_t count;
};

/* Length of a single quote at at, the typographic ones too; 0 for none. */
static size_t quote_length(const char *at)
{
    if (*at == '\'')
        return 1;
    if (strncmp(at, "\xe2\x80", 2) == 0 && (unsigned char)at[2] >= 0x98 &&
        (unsigned char)at[2] <= 0x9b)
        return 3;
    return 0;
}

/* 'it''s' at *at, appended; false when it does not end. */
static bool take_quoted(const char **at, struct ls_buf *word)
{
    *at += quote_length(*at);
    while (**at != '\0') {
        size_t length = quote_length(*at);

        if (length > 0) {
            *at += length;
            if (quote_length(*at) == 0)
                return true;
            ls_buf_add(word, ls_str_from_bytes(*at, quote_length(*at)));
            *at += quote_length(*at);
            continue;
        }
        ls_buf_add_byte(word, **at);
        (*at)++;
    }
    return false;
}

static void add_utf8(struct ls_buf *word, unsigned long character)
{
    if (character < 0x80) {
        ls_buf_add_byte(word, (char)character);
        return;
    }
    ls_buf_add_byte(word, (char)(0xe0 | character >> 12));
    ls_buf_add_byte(word, (char)(0x80 | (character >> 6 & 0x3f)));
    ls_buf_add_byte(word, (char)(0x80 | (character & 0x3f)));
}

/* ('a' + [char]0x202E + 'b') at *at, appended. */
static bool take_expression(const char **at, struct ls_buf *word)
{
    (*at)++;
    while (**at != ')') {
        if (quote_length(*at) > 0) {
            if (!take_quoted(at, word))
                return false;
        } else if (strncmp(*at, "[char]", 6) == 0) {
            char *end;

            add_utf8(word, strtoul(*at + 6, &end, 16));
            *at = end;
        } else if (**at == ' ' || **at == '+') {
            (*at)++;
        } else {
            return false;
        }
    }
    (*at)++;
    return true;
}

static bool take_word(const char **at, struct ls_buf *word)
{
    if (quote_length(*at) > 0)
        return take_quoted(at, word);
    if (**at == '(')
        return take_expression(at, word);
    while (**at != '\0' && **at != ' ') {
        /* What would begin another command or a comment. */
        if (strchr(";|&#`\"(", **at) != NULL)
            return false;
        ls_buf_add_byte(word, **at);
        (*at)++;
    }
    return true;
}

static bool split(const char *text, struct line *line)
{
    while (*text != '\0') {
        struct ls_buf word = {0};

        if (*text == ' ') {
            text++;
            continue;
        }
        if (line->count == WORDS_MAX || !take_word(&text, &word)) {
            ls_buf_clear(&word);
            return false;
        }
        line->words[line->count++] = ls_buf_take(&word);
        if (*text != '\0' && *text != ' ')
            return false;
    }
    return line->count > 0;
}

/* The value of a parameter, or the empty view. */
static struct ls_str value_of(const struct line *line, const char *name)
{
    for (size_t i = 1; i + 1 < line->count; i++)
        if (strcmp(line->words[i], name) == 0)
            return ls_str_from(line->words[i + 1]);
    return (struct ls_str){"", 0};
}

static bool is_true(const struct line *line, const char *name)
{
    return ls_str_equal_text(value_of(line, name), "$true");
}

static char *run_new_pool(struct topology *topology, const struct line *line)
{
    struct pool *pool = pool_new(value_of(line, "-Identity"));
    struct ls_str computer = value_of(line, "-ComputerFqdn");
    char *why = NULL;

    pool->outbound_only = is_true(line, "-OutboundOnly");
    pool->throttle_as_server = is_true(line, "-ThrottleAsServer");
    pool->treat_as_authenticated = is_true(line, "-TreatAsAuthenticated");
    pool->requires_replication = is_true(line, "-RequiresReplication");
    if (!ls_str_equal_nocase(computer, ls_str_from(pool->fqdn)))
        why = pool_add_computer(pool, computer);
    if (why != NULL) {
        pool_free(pool);
        return why;
    }
    return topology_add(topology, pool);
}

/* A computer is in one pool only: its name is enough. */
static char *run_remove_computer(struct topology *topology,
                                 const struct line *line)
{
    struct ls_str identity = value_of(line, "-Identity");

    for (size_t i = 0; i < topology->count; i++) {
        const struct pool *pool = topology->pools[i];

        if (pool->computer_count > 0 && pool_has_computer(pool, identity))
            return topology_remove_computer(topology, ls_str_from(pool->fqdn),
                                            identity);
    }
    return ls_strdup("no such computer");
}

static char *run_new_application(struct topology *topology,
                                 const struct line *line)
{
    uint64_t port;

    if (!ls_str_to_u64(value_of(line, "-Port"), &port) || port > UINT16_MAX)
        return ls_strdup("no port");
    return topology_add_application(
        topology, value_of(line, "-TrustedApplicationPoolFqdn"),
        value_of(line, "-ApplicationId"), (uint16_t)port);
}

static char *run_line(struct topology *topology, const struct line *line)
{
    const char *cmdlet = line->words[0];
    struct ls_str identity = value_of(line, "-Identity");

    if (strcmp(cmdlet, "Enable-CsTopology") == 0)
        return NULL;
    if (strcmp(cmdlet, "Remove-CsTrustedApplicationPool") == 0)
        return topology_remove_pool(topology, identity);
    if (strcmp(cmdlet, "New-CsTrustedApplicationPool") == 0)
        return run_new_pool(topology, line);
    if (strcmp(cmdlet, "New-CsTrustedApplicationComputer") == 0)
        return topology_add_computer(topology, value_of(line, "-Pool"),
                                     identity);
    if (strcmp(cmdlet, "Remove-CsTrustedApplicationComputer") == 0)
        return run_remove_computer(topology, line);
    if (strcmp(cmdlet, "New-CsTrustedApplication") == 0)
        return run_new_application(topology, line);
    if (strcmp(cmdlet, "Set-CsTrustedApplicationPool") == 0) {
        struct pool *pool = topology_find(topology, identity);

        if (pool == NULL)
            return ls_strdup("no such pool");
        pool->outbound_only = is_true(line, "-OutboundOnly");
        return NULL;
    }
    return ls_strf("unknown cmdlet %s", cmdlet);
}

char *powershell_run(struct topology *topology, char *const *lines,
                     size_t count)
{
    char *why = NULL;

    for (size_t i = 0; i < count && why == NULL; i++) {
        struct line line = {0};

        if (lines[i][0] == '$')
            continue;
        why = split(lines[i], &line) ? run_line(topology, &line)
                                     : ls_strf("no line: %s", lines[i]);
        for (size_t j = 0; j < line.count; j++)
            free(line.words[j]);
    }
    return why;
}
