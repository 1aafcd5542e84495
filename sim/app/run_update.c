/*
 * The new text is read again before it is written: what was meant must be what
 * it says.
 */
#include "run_update.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/story.h"

#include "command.h"
#include "input.h"

/* A block in the text: whole lines, all behind the line of its key. */
struct block {
    struct ls_str lines;
    size_t indent;
    const char *line_end; /* of its file */
};

/* --- finding it ---------------------------------------------------------- */

static size_t indent_of(struct ls_str line)
{
    size_t indent = 0;

    while (indent < line.length && line.at[indent] == ' ')
        indent++;
    return indent;
}

static bool is_blank(struct ls_str line)
{
    return ls_str_is_empty(ls_str_trim(line));
}

/* "trace: |" and nothing behind it; a | may have a sign. */
static bool begins_block(struct ls_str line, struct ls_place place,
                         const char *field)
{
    char *key = ls_strf("%s:", field);
    struct ls_str rest = ls_str_skip(line, place.column - 1);
    bool begins = ls_str_starts_with(rest, key);

    rest = ls_str_trim(ls_str_skip(rest, strlen(key)));
    begins = begins &&
             (ls_str_equal_text(rest, "|") || ls_str_equal_text(rest, "|-") ||
              ls_str_equal_text(rest, "|+"));
    free(key);
    return begins;
}

static bool find_block(struct ls_str text, const struct step_failure *failure,
                       struct block *block)
{
    struct ls_str rest = text;
    struct ls_str line = {0};
    size_t end = 0;

    for (unsigned i = 0; i < failure->place.line; i++)
        if (!ls_str_cut(&rest, '\n', &line))
            return false;
    if (!begins_block(line, failure->place, failure->field))
        return false;
    *block = (struct block){
        .lines = rest,
        .line_end = ls_str_ends_with(line, "\r") ? "\r\n" : "\n",
    };
    for (struct ls_str left = rest; ls_str_cut(&left, '\n', &line);) {
        size_t next = (size_t)(line.at - rest.at) + line.length;

        if (is_blank(line))
            continue;
        if (block->indent == 0)
            block->indent = indent_of(line);
        if (indent_of(line) < block->indent ||
            block->indent < failure->place.column)
            break;
        end = next < rest.length ? next + 1 : next;
    }
    block->lines = ls_str_first(rest, end);
    return end > 0;
}

/* --- writing it anew ----------------------------------------------------- */

static char *rewrite(struct ls_str text, const struct block *block,
                     const char *actual)
{
    struct ls_str rest = ls_str_from(actual);
    struct ls_str line;
    struct ls_buf out = {0};
    size_t before = (size_t)(block->lines.at - text.at);

    ls_buf_add(&out, ls_str_first(text, before));
    while (ls_str_cut(&rest, '\n', &line)) {
        if (line.length > 0)
            ls_buf_printf(&out, "%*s", (int)block->indent, "");
        ls_buf_add(&out, line);
        ls_buf_add_text(&out, block->line_end);
    }
    ls_buf_add(&out, ls_str_skip(text, before + block->lines.length));
    return ls_buf_take(&out);
}

/* Is what it expects what stands there? A variable's value does not. */
static bool is_literal(struct ls_str text, const struct block *block,
                       const char *expected)
{
    char *same = rewrite(text, block, expected);
    /* The last line of a file may have no end. */
    bool is_same =
        ls_str_equal(ls_str_first(ls_str_from(same), text.length), text);

    free(same);
    return is_same;
}

static void add_line(struct ls_buf *out, const char *mark, struct ls_str line)
{
    char *text = ls_str_dup(line);

    ls_buf_add_text(out, mark);
    story_add_safe(out, text);
    ls_buf_add_byte(out, '\n');
    free(text);
}

static void show(const struct scenario_result *result,
                 const struct step_failure *failure, FILE *stream)
{
    struct ls_str old = ls_str_from(failure->expected);
    struct ls_str new = ls_str_from(failure->actual);
    struct ls_str was = {0}, is = {0};
    struct ls_buf text = {0};

    story_add_safe(&text, result->scenario->file);
    ls_buf_printf(&text, ":%u: %s\n", failure->place.line, failure->field);
    for (;;) {
        bool had = ls_str_cut(&old, '\n', &was);
        bool has = ls_str_cut(&new, '\n', &is);

        if (!had && !has)
            break;
        if (had && has && ls_str_equal(was, is)) {
            add_line(&text, "  ", is);
            continue;
        }
        if (had)
            add_line(&text, "- ", was);
        if (has)
            add_line(&text, "+ ", is);
    }
    command_print(stream, &text);
}

/* How many expectations of scenario stand at that place: one of a matrix
 * stands for many. *text is what the last of them expects. */
static size_t expected_at(const struct scenario *scenario,
                          struct ls_place place, const char **text)
{
    size_t count = 0;

    for (size_t i = 0; i < scenario->step_count; i++)
        for (size_t k = 0; k < scenario->steps[i].expectation_count; k++) {
            const struct expectation *expectation =
                &scenario->steps[i].expectations[k];

            if (expectation->place.line != place.line ||
                expectation->place.column != place.column)
                continue;
            count++;
            if (expectation->matcher.kind == MATCH_EQUAL)
                *text = expectation->matcher.texts[0];
        }
    return count;
}

static bool says(const char *file, const char *text,
                 const struct step_failure *failure)
{
    struct ls_diags diags;
    struct scenario *scenario;
    const char *found = NULL;
    bool right;

    ls_diags_init(&diags, file, ls_str_from(text));
    scenario = scenario_parse_with(&diags, &input_loader);
    right = scenario != NULL &&
            expected_at(scenario, failure->place, &found) == 1 &&
            found != NULL &&
            strncmp(found, failure->actual, strlen(failure->actual)) == 0 &&
            strspn(found + strlen(failure->actual), "\n") ==
                strlen(found + strlen(failure->actual));
    scenario_free(scenario);
    ls_diags_clear(&diags);
    return right;
}

/* A sentence that says why not, or NULL: *text is the new one then. */
static const char *update_one(const struct scenario *scenario,
                              const struct step_failure *failure, char **text)
{
    struct block block;
    char *updated;

    if (strcmp(failure->field, "trace") != 0 &&
        strcmp(failure->field, "trace.all") != 0)
        return "only traces are written anew";
    if (strstr(failure->actual, "$$begin_record") == NULL)
        return "there is no trace any more; write {absent: true}";
    if (!find_block(ls_str_from(*text), failure, &block))
        return "only a trace that is written as a block (trace: |) can be "
               "written anew";
    if (!is_literal(ls_str_from(*text), &block, failure->expected))
        return "it has variables in it, or more blank lines than it needs";
    updated = rewrite(ls_str_from(*text), &block, failure->actual);
    if (!says(scenario->file, updated, failure)) {
        free(updated);
        return "it stands for several steps";
    }
    free(*text);
    *text = updated;
    return NULL;
}

/* Beside the file first, so that it is never there by half. */
static bool replace(const char *file, const char *text)
{
    char *path = realpath(file, NULL);
    char *draft = ls_strf("%s.XXXXXX", path != NULL ? path : file);
    int descriptor = path != NULL ? mkostemp(draft, O_CLOEXEC) : -1;
    FILE *stream = descriptor >= 0 ? fdopen(descriptor, "wb") : NULL;
    struct stat info;
    bool written = stream != NULL && stat(path, &info) == 0 &&
                   fchmod(descriptor, info.st_mode & 07777) == 0 &&
                   fputs(text, stream) != EOF;

    if (stream != NULL)
        written &= fclose(stream) == 0;
    written = written && rename(draft, path) == 0;
    if (!written)
        command_complain("%s cannot be written: %s", file, strerror(errno));
    if (!written && descriptor >= 0)
        unlink(draft);
    free(draft);
    free(path);
    return written;
}

/* The failures of a file from its end on, so that places stay what they are.
 * NULL when there is none above that line. */
static const struct step_failure *
last_above(const struct scenario_result *result, unsigned line)
{
    const struct step_failure *last = NULL;

    for (size_t i = 0; i < result->step_count; i++)
        for (size_t k = 0; k < result->steps[i].failure_count; k++) {
            const struct step_failure *failure = &result->steps[i].failures[k];

            if (failure->place.line < line &&
                (last == NULL || failure->place.line > last->place.line))
                last = failure;
        }
    return last;
}

bool run_update(const struct scenario_result *result, FILE *stream)
{
    const struct scenario *scenario = result->scenario;
    char *text =
        ls_str_dup(ls_str_from_bytes(scenario->text, scenario->text_length));
    const struct step_failure *failure = last_above(result, UINT_MAX);
    bool all = result->outcome == PLAY_FAILED;
    bool some = false;

    for (; failure != NULL; failure = last_above(result, failure->place.line)) {
        const char *why = update_one(scenario, failure, &text);

        if (why != NULL) {
            command_complain("%s:%u: %s is left as it is: %s", scenario->file,
                             failure->place.line, failure->field, why);
            all = false;
        } else {
            show(result, failure, stream);
            some = true;
        }
    }
    if (some && replace(scenario->file, text))
        fprintf(stream, "%s is written anew\n", scenario->file);
    else if (some)
        all = false;
    free(text);
    return all;
}
