/*
 * The only-if: of a scenario file: what the machine must have.
 */
#include <stdlib.h>

#include "lyncsim/machine_feature.h"

#include "scenario_bind.h"

static void look_for_feature(struct scenario *scenario,
                             const struct yaml_node *node,
                             struct ls_diags *diags)
{
    struct ls_str name;
    size_t count;
    const char *const *names = machine_feature_names(&count);
    char *hint;
    char *why;

    if (!yaml_text(node, "a feature", &name, diags))
        return;
    if (machine_feature_find(name, &why)) {
        if (scenario->skipped == NULL)
            scenario->skipped = why;
        else
            free(why);
        return;
    }
    hint = scenario_did_you_mean(name, names, count);
    ls_diags_add(diags, node->place, hint,
                 "no feature of a machine is called \"%s\"", name.at);
    free(hint);
}

/* Before the rest: what a machine does not have is no fault of a file that is
 * not for it. */
void scenario_look_for_features(struct scenario *scenario,
                                const struct yaml_node *root,
                                struct ls_diags *diags)
{
    const struct yaml_node *wanted = yaml_find(root, "only-if");

    if (wanted == NULL)
        return;
    if (wanted->kind != YAML_SEQUENCE)
        look_for_feature(scenario, wanted, diags);
    for (size_t i = 0; wanted->kind == YAML_SEQUENCE && i < wanted->count; i++)
        look_for_feature(scenario, wanted->items[i], diags);
}
