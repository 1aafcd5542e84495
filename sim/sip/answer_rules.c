#include "lyncsim/answer_rules.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_field.h"

struct answer_rules {
    const struct answer_rule *rules;
    size_t count;
    uint32_t *used; /* of each, how often */
    struct id_source ids;
};

void answer_form_clear(struct answer_form *form)
{
    for (size_t i = 0; i < form->header_count; i++) {
        free(form->headers[i].name);
        free(form->headers[i].value);
    }
    free(form->headers);
    free(form->reason);
    free(form->body);
    *form = (struct answer_form){0};
}

void answer_rule_clear(struct answer_rule *rule)
{
    free(rule->method);
    free(rule->user);
    answer_form_clear(&rule->form);
    *rule = (struct answer_rule){0};
}

struct answer_rules *answer_rules_new(const struct answer_rule *rules,
                                      size_t count, const struct id_source *ids)
{
    struct answer_rules *made = ls_alloc(sizeof *made);

    made->rules = rules;
    made->count = count;
    made->used = ls_alloc_array(count + 1, sizeof *made->used);
    made->ids = *ids;
    return made;
}

void answer_rules_free(struct answer_rules *rules)
{
    if (rules == NULL)
        return;
    free(rules->used);
    free(rules);
}

static bool is_from(const struct sip_message *request, const char *user)
{
    struct ls_buf aor = {0};
    bool is_same;

    sip_field_add_aor(&aor, ls_str_from(user));
    is_same = ls_str_equal(ls_buf_str(&aor), sip_message_from_aor(request));
    ls_buf_clear(&aor);
    return is_same;
}

static bool fits(const struct answer_rule *rule,
                 const struct sip_message *request)
{
    return (rule->method == NULL ||
            ls_str_equal_text(sip_message_method(request), rule->method)) &&
           (rule->user == NULL || is_from(request, rule->user));
}

/* A chance is drawn only where it decides, so that a rule without one does not
 * change what the others draw. */
static bool is_lucky(struct answer_rules *rules, const struct answer_rule *rule)
{
    return rule->chance >= ANSWER_CHANCE_ALWAYS ||
           id_source_below(&rules->ids, ANSWER_CHANCE_ALWAYS) < rule->chance;
}

const struct answer_form *answer_rules_choose(struct answer_rules *rules,
                                              const struct sip_message *request)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct answer_rule *rule = &rules->rules[i];

        if ((rule->times > 0 && rules->used[i] == rule->times) ||
            !fits(rule, request) || !is_lucky(rules, rule))
            continue;
        rules->used[i]++;
        return &rule->form;
    }
    return NULL;
}
