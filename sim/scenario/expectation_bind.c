/*
 * Expectations as they are written: fields and values are checked when a file
 * is read, so that a slip is no failed expectation later.
 */
#include <regex.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/expectation.h"

#include "expectation_field.h"
#include "scenario_bind.h"

/* Protect from expressions that take a lifetime to match: the library's
 * matcher multiplies nested repetitions out. */
#define REGEX_MAX_BYTES 1000
#define REGEX_MAX_REPEATS 1000

static const struct expectation_matcher matchers[] = {
    [MATCH_EQUAL] = {"", "text", "the value is this text"},
    [MATCH_LIST] = {"", "list of text", "the list has these items, in order"},
    [MATCH_CONTAINS] =
        {"contains", "text",
         "the text is part of the value; of a list: an item, whole"},
    [MATCH_REGEX] = {"matches", "regular expression",
                     "a POSIX extended expression finds something in it"},
    [MATCH_ONE_OF] = {"one-of", "list of text", "the value is one of these"},
    [MATCH_ABSENT] = {"absent", "true|false",
                      "there is no value, or none in "
                      "the list"},
    [MATCH_NOT] = {"not", "any of these", "what stands here is not so"},
};

const struct expectation_matcher *expectation_matchers(size_t *count)
{
    *count = LS_COUNT(matchers);
    return matchers;
}

/* The field a matcher is bound for. */
struct matcher_target {
    const struct expectation_field *field;
    struct matcher *matcher;
};

/* A value the field can never have is a slip. */
static void check_value(const struct expectation_field *field,
                        const struct yaml_node *node, struct ls_diags *diags)
{
    const char *values[64];
    size_t count = 0;
    char *hint;

    if (!field->value_at)
        return;
    for (const char *value;
         count < LS_COUNT(values) && (value = field->value_at(count));)
        values[count++] = value;
    for (size_t i = 0; i < count; i++)
        if (ls_str_equal_text(node->text, values[i]))
            return;
    if (ls_str_equal_text(node->text, "null") || node->text.length == 0)
        hint = ls_strdup("Write {absent: true} for no value at all.");
    else
        hint = scenario_did_you_mean(node->text, values, count);
    ls_diags_add(diags, node->place, hint, "%s is never \"%s\"", field->name,
                 node->text.at);
    free(hint);
}

static void bind_texts(struct matcher_target *target, enum match_kind kind,
                       const struct yaml_node *node, struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);

    target->matcher->kind = kind;
    if (!scenario_bind_texts(&target->matcher->texts, &target->matcher->count,
                             node, target->field->name, "[one, two]", diags) ||
        ls_diags_fault_count(diags) != faults)
        return;
    for (size_t i = 0; i < node->count; i++)
        check_value(target->field, node->items[i], diags);
}

static bool bind_text(struct matcher_target *target, enum match_kind kind,
                      const struct yaml_node *node, struct ls_diags *diags)
{
    struct matcher *matcher = target->matcher;
    struct ls_str text;

    if (!yaml_text(node, target->field->name, &text, diags))
        return false;
    matcher->kind = kind;
    matcher->texts = ls_alloc_array(1, sizeof(*matcher->texts));
    matcher->texts[0] = ls_str_dup(text);
    matcher->count = 1;
    return true;
}

static void bind_contains(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    struct matcher_target *all = target;

    if (bind_text(all, MATCH_CONTAINS, value, diags) && all->field->is_list)
        check_value(all->field, value, diags);
}

/* What the upper bounds of all {n,m} multiply to; 0 beyond the limit. */
static unsigned long repeats_of(const char *expression)
{
    unsigned long product = 1;

    for (const char *at = expression; *at; at++) {
        unsigned long high = 1;
        char *end;

        if (*at == '\\' && at[1]) {
            at++;
            continue;
        }
        if (*at != '{')
            continue;
        high = strtoul(at + 1, &end, 10);
        if (*end == ',')
            high = strtoul(end + 1, &end, 10);
        if (high > REGEX_MAX_REPEATS)
            return 0;
        product *= high ? high : 1;
        if (product > REGEX_MAX_REPEATS)
            return 0;
    }
    return product;
}

/* Why an expression is not taken, or NULL. */
static const char *why_unsafe(struct ls_str expression)
{
    if (expression.length > REGEX_MAX_BYTES)
        return "it is longer than 1000 bytes";
    if (repeats_of(expression.at) == 0)
        return "its repetitions multiply to more than 1000";
    for (size_t i = 0; i + 1 < expression.length; i++) {
        if (expression.at[i] != '\\')
            continue;
        if (expression.at[++i] >= '1' && expression.at[i] <= '9')
            return "it refers back to what it found";
    }
    return NULL;
}

static void bind_matches(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    struct matcher_target *all = target;
    const char *why;
    char message[256];
    regex_t regex;
    int code;

    if (!bind_text(all, MATCH_REGEX, value, diags))
        return;
    why = why_unsafe(value->text);
    if (!why) {
        code = regcomp(&regex, value->text.at, REG_EXTENDED | REG_NOSUB);
        if (code == 0) {
            regfree(&regex);
            return;
        }
        regerror(code, &regex, message, sizeof(message));
        why = message;
    }
    ls_diags_add(diags, value->place, NULL,
                 "this is not an expression that can be used: %s", why);
}

static void bind_one_of(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct matcher_target *all = target;

    if (all->field->is_list)
        ls_diags_add(diags, value->place, "Write {contains: …} for one item.",
                     "%s is a list, and one-of is for a single value",
                     all->field->name);
    else
        bind_texts(all, MATCH_ONE_OF, value, diags);
}

static void bind_absent(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct matcher_target *all = target;

    all->matcher->kind = MATCH_ABSENT;
    yaml_boolean(value, "absent", &all->matcher->is_absent, diags);
}

static void bind_matcher(struct matcher_target *target,
                         const struct yaml_node *node, struct ls_diags *diags);

static void bind_not(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    struct matcher_target *all = target;
    struct matcher_target inner = {.field = all->field};

    all->matcher->kind = MATCH_NOT;
    all->matcher->inner = ls_alloc(sizeof(*all->matcher->inner));
    inner.matcher = all->matcher->inner;
    bind_matcher(&inner, value, diags);
}

static const struct yaml_key matcher_keys[] = {
    {"contains", "text", "", bind_contains, false},
    {"matches", "regular expression", "", bind_matches, false},
    {"one-of", "list of text", "", bind_one_of, false},
    {"absent", "true|false", "", bind_absent, false},
    {"not", "a value or one of these", "", bind_not, false},
};

static void bind_matcher(struct matcher_target *target,
                         const struct yaml_node *node, struct ls_diags *diags)
{
    switch (node->kind) {
    case YAML_SCALAR:
        if (target->field->is_list) {
            char *hint = ls_strf("Write [%s], or {contains: %s}.",
                                 node->text.at, node->text.at);

            ls_diags_add(diags, node->place, hint, "%s is a list",
                         target->field->name);
            free(hint);
        } else if (bind_text(target, MATCH_EQUAL, node, diags)) {
            check_value(target->field, node, diags);
        }
        break;
    case YAML_SEQUENCE:
        if (target->field->is_list)
            bind_texts(target, MATCH_LIST, node, diags);
        else
            ls_diags_add(diags, node->place,
                         "Write {one-of: […]} if several values will do.",
                         "%s is one value, not a list", target->field->name);
        break;
    case YAML_MAPPING:
        if (node->count == 1)
            yaml_bind(target, node, "an expectation", matcher_keys,
                      LS_COUNT(matcher_keys), diags);
        else
            ls_diags_add(diags, node->place, NULL,
                         "an expectation has exactly one of contains, "
                         "matches, one-of, absent and not");
        break;
    }
}

static void refuse_field(const struct yaml_node *key, struct ls_diags *diags)
{
    size_t count;
    const struct expectation_field *fields = expectation_fields(&count);
    const char **names = ls_alloc_array(count, sizeof(*names));
    const char *nearest;
    char *hint;

    for (size_t i = 0; i < count; i++)
        names[i] = fields[i].name;
    nearest = ls_nearest(key->text, names, count);
    hint = nearest ? ls_strf("Did you mean \"%s\"?", nearest) : NULL;
    for (size_t i = 0; !hint && i < count; i++)
        if (ls_str_starts_with(ls_str_from(names[i]), key->text.at))
            hint = ls_strf("Write the field whole, as in \"%s\".", names[i]);
    ls_diags_add(diags, key->place,
                 hint ? hint
                      : "\"lyncsim help scenario\" lists what can be expected.",
                 "nothing called \"%s\" can be expected", key->text.at);
    free(hint);
    free(names);
}

struct expectation *expectation_bind(const struct yaml_node *node,
                                     size_t *count, struct ls_diags *diags)
{
    struct expectation *expectations;

    *count = 0;
    if (node->kind != YAML_MAPPING || node->count == 0) {
        ls_diags_add(diags, node->place,
                     "Write for example {verdict: accepted}.",
                     "expect must be a mapping of fields and values");
        return NULL;
    }
    expectations = ls_alloc_array(node->count, sizeof(*expectations));
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        struct matcher_target target = {0};
        size_t index;

        target.field = expectation_field_find(pair->key->text, &index);
        if (!target.field) {
            refuse_field(pair->key, diags);
            continue;
        }
        expectations[*count].place = pair->key->place;
        expectations[*count].field = ls_str_dup(pair->key->text);
        target.matcher = &expectations[(*count)++].matcher;
        bind_matcher(&target, pair->value, diags);
    }
    return expectations;
}

void expectation_bind_value(const char *name, const struct yaml_node *node,
                            struct matcher *matcher, struct ls_diags *diags)
{
    struct expectation_field field = {.name = name};
    struct matcher_target target = {&field, matcher};

    bind_matcher(&target, node, diags);
}
