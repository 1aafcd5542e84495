/*
 * Answers as they are written: what one says, and the rules that say who gets
 * it.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

static struct answer_rule *rule_of(void *target)
{
    return ((struct scenario_target *)target)->rule;
}

static struct answer_form *form_of(void *target)
{
    return &rule_of(target)->form;
}

static void bind_status(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct ls_str text;
    int64_t status = 0;

    if (!yaml_text(value, "the status", &text, diags) ||
        ls_str_equal_text(text, "none"))
        return;
    if (yaml_integer(value, "the status", 100, 699, &status, diags))
        form_of(target)->status = (int)status;
}

static void bind_reason(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    scenario_bind_text(&form_of(target)->reason, value, "the reason", diags);
}

static void bind_body(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    scenario_bind_text(&form_of(target)->body, value, "the body", diags);
}

/* Those that every answer copies from its request, or counts itself. */
static bool is_own_header(struct ls_str name)
{
    static const char *const names[] = {"Via",     "From", "To",
                                        "Call-ID", "CSeq", "Content-Length"};

    for (size_t i = 0; i < LS_COUNT(names); i++)
        if (ls_str_equal_nocase(name, ls_str_from(names[i])))
            return true;
    return false;
}

static void bind_header(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct answer_form *form = form_of(target);

    if (value->kind != YAML_MAPPING) {
        ls_diags_add(diags, value->place,
                     "Write {ms-diagnostics: '1034;reason=\"…\"'}.",
                     "header must be a mapping of names and values");
        return;
    }
    form->headers = ls_alloc_array(value->count + 1, sizeof *form->headers);
    for (size_t i = 0; i < value->count; i++) {
        struct answer_header header = {0};
        const struct yaml_pair *pair = &value->pairs[i];

        if (is_own_header(pair->key->text))
            ls_diags_add(diags, pair->key->place, "Leave it out.",
                         "every answer has its own \"%s\"", pair->key->text.at);
        scenario_bind_text(&header.value, pair->value, "a header", diags);
        if (header.value == NULL)
            continue;
        header.name = ls_str_dup(pair->key->text);
        form->headers[form->header_count++] = header;
    }
}

static void bind_method(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct answer_rule *rule = rule_of(target);

    scenario_bind_text(&rule->method, value, "the method", diags);
    if (rule->method == NULL)
        return;
    for (char *at = rule->method; *at != '\0'; at++)
        if (*at >= 'a' && *at <= 'z') {
            ls_diags_add(diags, value->place, "Methods are in capitals.",
                         "\"%s\" is no method", rule->method);
            return;
        }
    if (strcmp(rule->method, "ACK") == 0 ||
        strcmp(rule->method, "BENOTIFY") == 0)
        ls_diags_add(diags, value->place, NULL, "%s is never answered",
                     rule->method);
}

static void bind_user(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);

    scenario_bind_text(&rule_of(target)->user, value, "the user", diags);
    if (ls_diags_fault_count(diags) == faults &&
        !ls_str_starts_with(value->text, "sip:"))
        ls_diags_add(
            diags, value->place, "Write for example \"sip:test@contoso.com\".",
            "the user must be a SIP address, not \"%s\"", value->text.at);
}

static void bind_times(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    int64_t times = 0;

    if (yaml_integer(value, "times", 1, 1000000, &times, diags))
        rule_of(target)->times = (uint32_t)times;
}

/* "30%" */
static void bind_chance(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct ls_str text;
    uint64_t percent;

    if (!yaml_text(value, "the chance", &text, diags))
        return;
    if (ls_str_ends_with(text, "%") &&
        ls_str_to_u64(ls_str_first(text, text.length - 1), &percent) &&
        percent >= 1 && percent <= 100)
        rule_of(target)->chance = (uint32_t)percent * 10000;
    else
        ls_diags_add(diags, value->place, "Write 1% to 100%.",
                     "the chance must be a percentage, not \"%s\"", text.at);
}

#define ANSWER_KEYS                                                            \
    {"status", "number|none", "what is answered; none: nothing", bind_status,  \
     true},                                                                    \
        {"reason", "text", "the words after the status; without it the usual", \
         bind_reason, false},                                                  \
        {"header", "mapping of text", "headers it has besides", bind_header,   \
         false},                                                               \
    {                                                                          \
        "body", "text", "its body", bind_body, false                           \
    }

static const struct yaml_key answer_keys[] = {ANSWER_KEYS};
const struct scenario_key_table scenario_answer_table = {
    "answer", "under respond: of a talk, for the request that came last",
    answer_keys, LS_COUNT(answer_keys)};

static const struct yaml_key respond_keys[] = {
    {"method", "text", "of the requests that get it; without it all",
     bind_method, false},
    {"user", "text", "who asks: \"sip:test@contoso.com\"; without it everybody",
     bind_user, false},
    {"times", "number", "how often; without it always", bind_times, false},
    {"chance", "percentage", "how probably; drawn from the seed", bind_chance,
     false},
    ANSWER_KEYS};
const struct scenario_key_table scenario_respond_table = {
    "rule", "each of respond:; the first that fits answers", respond_keys,
    LS_COUNT(respond_keys)};

void scenario_bind_answer(struct answer_form *form,
                          const struct yaml_node *node, struct ls_diags *diags)
{
    struct answer_rule rule = {0};
    struct scenario_target target = {.rule = &rule};

    if (node->kind == YAML_SCALAR)
        bind_status(&target, node, diags);
    else
        yaml_bind(&target, node, "an answer", answer_keys,
                  LS_COUNT(answer_keys), diags);
    *form = rule.form;
}

void scenario_bind_rules(struct scenario_rules *rules,
                         const struct yaml_node *node, struct ls_diags *diags)
{
    if (node->kind != YAML_SEQUENCE) {
        ls_diags_add(diags, node->place,
                     "Write for example [{method: REGISTER, status: 403}].",
                     "respond must be a list of rules");
        return;
    }
    if (node->count > SCENARIO_RULES_MAX) {
        ls_diags_add(diags, node->place, NULL,
                     "respond has more than %d rules, which is the limit",
                     SCENARIO_RULES_MAX);
        return;
    }
    scenario_rules_clear(rules);
    rules->rules = ls_alloc_array(node->count + 1, sizeof *rules->rules);
    rules->count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        struct scenario_target target = {.rule = &rules->rules[i]};

        rules->rules[i].chance = ANSWER_CHANCE_ALWAYS;
        yaml_bind(&target, node->items[i], "a rule", respond_keys,
                  LS_COUNT(respond_keys), diags);
    }
}

void scenario_rules_clear(struct scenario_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++)
        answer_rule_clear(&rules->rules[i]);
    free(rules->rules);
    *rules = (struct scenario_rules){0};
}
