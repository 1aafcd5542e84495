#include "lyncsim/expectation.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario_result.h"

#include "expectation_field.h"

static void matcher_clear(struct matcher *matcher)
{
    for (size_t i = 0; i < matcher->count; i++)
        free(matcher->texts[i]);
    free(matcher->texts);
    if (matcher->inner)
        matcher_clear(matcher->inner);
    free(matcher->inner);
}

void expectation_clear(struct expectation *expectation)
{
    matcher_clear(&expectation->matcher);
    free(expectation->field);
    *expectation = (struct expectation){0};
}

/* The final line end of a block of text says nothing. */
static struct ls_str without_newline(struct ls_str text)
{
    while (ls_str_ends_with(text, "\n"))
        text.length--;
    return text;
}

static struct ls_str text_of(const struct field_value *value)
{
    return ls_str_from_bytes(value->text, value->length);
}

static bool is_equal(const struct field_value *value, const char *expected)
{
    return value->text && ls_str_equal(without_newline(text_of(value)),
                                       without_newline(ls_str_from(expected)));
}

static bool is_same_list(const struct matcher *matcher,
                         const struct field_value *value)
{
    if (matcher->count != value->count)
        return false;
    for (size_t i = 0; i < value->count; i++)
        if (strcmp(matcher->texts[i], value->items[i]) != 0)
            return false;
    return true;
}

static bool contains(const struct field_value *value, const char *part)
{
    struct ls_str wanted = without_newline(ls_str_from(part));

    if (!value->is_list)
        return value->text && memmem(value->text, value->length, wanted.at,
                                     wanted.length) != NULL;
    for (size_t i = 0; i < value->count; i++)
        if (strcmp(value->items[i], part) == 0)
            return true;
    return false;
}

static bool matches(const struct field_value *value, const char *expression)
{
    regex_t regex;
    bool found = false;

    if (regcomp(&regex, expression, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    if (value->text)
        found = regexec(&regex, value->text, 0, NULL, 0) == 0;
    for (size_t i = 0; i < value->count && !found; i++)
        found = regexec(&regex, value->items[i], 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

static bool is_one_of(const struct matcher *matcher,
                      const struct field_value *value)
{
    for (size_t i = 0; i < matcher->count; i++)
        if (is_equal(value, matcher->texts[i]))
            return true;
    return false;
}

static bool matcher_holds(const struct matcher *matcher,
                          const struct field_value *value)
{
    switch (matcher->kind) {
    case MATCH_EQUAL:
        return is_equal(value, matcher->texts[0]);
    case MATCH_LIST:
        return is_same_list(matcher, value);
    case MATCH_CONTAINS:
        return contains(value, matcher->texts[0]);
    case MATCH_REGEX:
        return matches(value, matcher->texts[0]);
    case MATCH_ONE_OF:
        return is_one_of(matcher, value);
    case MATCH_ABSENT:
        return (value->length == 0 && value->count == 0) == matcher->is_absent;
    case MATCH_NOT:
        return !matcher_holds(matcher->inner, value);
    }
    return false;
}

static void add_list(struct ls_buf *out, char *const *texts, size_t count)
{
    ls_buf_add_byte(out, '[');
    for (size_t i = 0; i < count; i++)
        ls_buf_printf(out, "%s%s", i ? ", " : "", texts[i]);
    ls_buf_add_byte(out, ']');
}

static void describe_matcher(const struct matcher *matcher, bool is_list,
                             struct ls_buf *out)
{
    switch (matcher->kind) {
    case MATCH_EQUAL:
        ls_buf_add(out, without_newline(ls_str_from(matcher->texts[0])));
        break;
    case MATCH_LIST:
        add_list(out, matcher->texts, matcher->count);
        break;
    case MATCH_CONTAINS:
        ls_buf_printf(out,
                      is_list ? "a list with the item \"%s\""
                              : "something with \"%s\" in it",
                      matcher->texts[0]);
        break;
    case MATCH_REGEX:
        ls_buf_printf(out, "a match of /%s/", matcher->texts[0]);
        break;
    case MATCH_ONE_OF:
        ls_buf_add_text(out, "one of ");
        add_list(out, matcher->texts, matcher->count);
        break;
    case MATCH_ABSENT:
        ls_buf_add_text(out, matcher->is_absent ? "nothing" : "something");
        break;
    case MATCH_NOT:
        ls_buf_add_text(out, "not ");
        describe_matcher(matcher->inner, is_list, out);
        break;
    }
}

static char *describe_value(const struct field_value *value)
{
    struct ls_buf out = {0};

    if (value->is_list)
        add_list(&out, value->items, value->count);
    else if (value->text)
        ls_buf_add(&out, without_newline(text_of(value)));
    else
        ls_buf_add_text(&out, "nothing");
    return ls_buf_take(&out);
}

static bool check_value(const struct expectation *expectation,
                        const struct field_value *value,
                        struct step_failure *failure)
{
    struct ls_buf expected = {0};

    if (matcher_holds(&expectation->matcher, value))
        return true;
    describe_matcher(&expectation->matcher, value->is_list, &expected);
    *failure = (struct step_failure){
        .place = expectation->place,
        .field = ls_strdup(expectation->field),
        .expected = ls_buf_take(&expected),
        .actual = describe_value(value),
    };
    return false;
}

bool expectation_check_text(const struct expectation *expectation,
                            const struct ls_str *text,
                            struct step_failure *failure)
{
    struct field_value value = {0};
    bool holds;

    if (text != NULL) {
        value.text = ls_str_dup(*text);
        value.length = text->length;
    }
    holds = check_value(expectation, &value, failure);
    field_value_clear(&value);
    return holds;
}

bool expectation_check(const struct expectation *expectation,
                       const struct step_result *result,
                       struct step_failure *failure)
{
    size_t index;
    const struct expectation_field *field =
        expectation_field_find(ls_str_from(expectation->field), &index);
    struct field_value value;
    bool holds;

    expectation_field_read(field, index, result, &value);
    holds = check_value(expectation, &value, failure);
    field_value_clear(&value);
    return holds;
}
