/*
 * The refuse: of a Front End: when and how a refused peer is dropped.
 */
#include "lyncsim/alloc.h"

#include "scenario_bind.h"

/* Half of refuse: written out, to be put together afterwards. */
struct refuse_target {
    struct refusal refusal;
    bool sound;
};

static void bind_at(void *target, const struct yaml_node *value,
                    struct ls_diags *diags)
{
    struct refuse_target *refuse = target;
    const char *const names[] = {
        [REFUSE_HANDSHAKE] = refuse_at_text(REFUSE_HANDSHAKE),
        [REFUSE_AFTER_HANDSHAKE] = refuse_at_text(REFUSE_AFTER_HANDSHAKE),
        [REFUSE_FIRST_REQUEST] = refuse_at_text(REFUSE_FIRST_REQUEST),
    };
    size_t choice = 0;

    refuse->sound &= yaml_choice(value, "the place of a refusal", names,
                                 LS_COUNT(names), &choice, diags);
    refuse->refusal.at = (enum refuse_at)choice;
}

static void bind_how(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    struct refuse_target *refuse = target;
    const char *const names[] = {
        [REFUSE_ALERT] = refuse_how_text(REFUSE_ALERT),
        [REFUSE_CLOSE] = refuse_how_text(REFUSE_CLOSE),
        [REFUSE_RESET] = refuse_how_text(REFUSE_RESET),
    };
    size_t choice = 0;

    refuse->sound &= yaml_choice(value, "the manner of a refusal", names,
                                 LS_COUNT(names), &choice, diags);
    refuse->refusal.how = (enum refuse_how)choice;
}

static const struct yaml_key refuse_keys[] = {
    {"at", "handshake|after-handshake|first-request",
     "when a refused peer is let know; without it after-handshake", bind_at,
     false},
    {"how", "alert|close|reset",
     "by what; alert only inside the handshake; without it close", bind_how,
     false},
};
const struct scenario_key_table scenario_refuse_table = {
    "refuse", "under refuse:", refuse_keys, LS_COUNT(refuse_keys)};

void scenario_bind_refuse(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    struct scenario_front_end *front_end =
        ((struct scenario_target *)target)->front_end;
    struct refuse_target refuse = {
        .refusal = {REFUSE_AFTER_HANDSHAKE, REFUSE_CLOSE},
        .sound = true,
    };

    if (value->kind == YAML_SCALAR && value->text.length) {
        ls_diags_add(diags, value->place,
                     "Write {at: after-handshake, how: close}.",
                     "refuse must be a mapping of at and how");
        return;
    }
    if (!yaml_bind(&refuse, value, "refuse", scenario_refuse_table.keys,
                   scenario_refuse_table.count, diags) ||
        !refuse.sound)
        return;
    if (!refusal_is_possible(refuse.refusal))
        ls_diags_add(diags, value->place,
                     "After the handshake a connection can be closed or "
                     "reset; an alert belongs to the handshake.",
                     "a refusal %s by %s does not exist",
                     refuse_at_text(refuse.refusal.at),
                     refuse_how_text(refuse.refusal.how));
    front_end->refuse = refuse.refusal;
    front_end->has_refuse = true;
}
