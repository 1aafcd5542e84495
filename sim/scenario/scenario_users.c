/*
 * The users of a sign-in: who they are, what they say to each other, and how
 * their server comes back when its connection is lost.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

#define MESSAGES_MAX 1000
#define ATTEMPTS_MAX 20
#define AFTER_DEFAULT_MS 5000

static struct scenario_peer *peer_of(void *target)
{
    return ((struct scenario_target *)target)->peer;
}

static bool is_sip_address(struct ls_str text)
{
    struct ls_str name = ls_str_skip(text, strlen("sip:"));
    size_t at = ls_str_find(name, '@');

    return ls_str_starts_with(text, "sip:") && at > 0 && at + 1 < name.length &&
           strcspn(text.at, " \t\r\n<>\"") == text.length;
}

void scenario_bind_address(char **address, const struct yaml_node *value,
                           const char *what, struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);

    scenario_bind_text(address, value, what, diags);
    if (ls_diags_fault_count(diags) == faults && !is_sip_address(value->text))
        ls_diags_add(
            diags, value->place, "Write for example \"sip:test@contoso.com\".",
            "%s must be a SIP address, not \"%s\"", what, value->text.at);
}

/* --- users --------------------------------------------------------------- */

static void add_user(struct scenario_peer *peer, char *user)
{
    peer->users = ls_realloc_array(peer->users, peer->user_count + 1,
                                   sizeof *peer->users);
    peer->users[peer->user_count++] = user;
}

static bool has_user(const struct scenario_peer *peer, const char *user)
{
    for (size_t i = 0; i < peer->user_count; i++)
        if (strcmp(peer->users[i], user) == 0)
            return true;
    return false;
}

static void bind_list(struct scenario_peer *peer, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    if (value->count == 0 || value->count > CAS_USERS_MAX) {
        ls_diags_add(diags, value->place,
                     "Write for example [\"sip:ann@contoso.com\", "
                     "\"sip:bob@contoso.com\"].",
                     "users must be 1 to %d, not %zu", CAS_USERS_MAX,
                     value->count);
        return;
    }
    for (size_t i = 0; i < value->count; i++) {
        char *user = NULL;

        scenario_bind_address(&user, value->items[i], "the user", diags);
        if (user && has_user(peer, user))
            ls_diags_add(diags, value->items[i]->place, "Leave one out.",
                         "the user %s stands twice", user);
        if (user)
            add_user(peer, user);
    }
}

struct many {
    int64_t count;
    char *name;
};

static void bind_count(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct many *many = target;

    yaml_integer(value, "count", 1, CAS_USERS_MAX, &many->count, diags);
}

static void bind_name(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct many *many = target;
    size_t faults = ls_diags_fault_count(diags);

    scenario_bind_address(&many->name, value, "the name", diags);
    if (ls_diags_fault_count(diags) == faults && !strchr(many->name, '#'))
        ls_diags_add(diags, value->place,
                     "Write for example \"sip:user#@contoso.com\".",
                     "the name needs a # where the number goes");
}

static const struct yaml_key many_keys[] = {
    {"count", "number", "how many, at most 1000", bind_count, true},
    {"name", "text",
     "their addresses; # is the number, from 1: "
     "\"sip:user#@contoso.com\"",
     bind_name, true},
};
const struct scenario_key_table scenario_many_users_table = {
    "many-users", "under users:, instead of a list", many_keys,
    LS_COUNT(many_keys)};

static void bind_many(struct scenario_peer *peer, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct many many = {0};
    size_t faults = ls_diags_fault_count(diags);

    yaml_bind(&many, value, "users", many_keys, LS_COUNT(many_keys), diags);
    for (int64_t i = 1;
         ls_diags_fault_count(diags) == faults && i <= many.count; i++) {
        size_t at = strcspn(many.name, "#");

        add_user(peer, ls_strf("%.*s%lld%s", (int)at, many.name, (long long)i,
                               many.name + at + 1));
    }
    free(many.name);
}

void scenario_bind_users(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    struct scenario_peer *peer = peer_of(target);

    if (value->kind == YAML_SEQUENCE)
        bind_list(peer, value, diags);
    else if (value->kind == YAML_MAPPING)
        bind_many(peer, value, diags);
    else
        ls_diags_add(diags, value->place,
                     "Write for example [\"sip:ann@contoso.com\"] or "
                     "{count: 5, name: \"sip:user#@contoso.com\"}.",
                     "users must be a list, or a count and a name");
}

/* --- messages ------------------------------------------------------------ */

static void bind_from(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct cas_says *says = target;

    scenario_bind_address(&says->from, value, "from", diags);
}

static void bind_to(void *target, const struct yaml_node *value,
                    struct ls_diags *diags)
{
    struct cas_says *says = target;

    scenario_bind_address(&says->to, value, "to", diags);
}

static void bind_text(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct cas_says *says = target;

    scenario_bind_text(&says->text, value, "the text", diags);
}

static const struct yaml_key message_keys[] = {
    {"from", "text", "one of the users", bind_from, true},
    {"to", "text", "whom it is for, here or on another server", bind_to, true},
    {"text", "text", "what is said", bind_text, true},
};
const struct scenario_key_table scenario_message_table = {
    "message", "each of messages:, one after the other", message_keys,
    LS_COUNT(message_keys)};

void scenario_bind_messages(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    struct scenario_peer *peer = peer_of(target);

    if (value->kind != YAML_SEQUENCE || value->count == 0 ||
        value->count > MESSAGES_MAX) {
        ls_diags_add(diags, value->place,
                     "Write for example [{from: \"sip:ann@contoso.com\", to: "
                     "\"sip:bob@contoso.com\", text: Lunch?}].",
                     "messages must be a list of 1 to %d", MESSAGES_MAX);
        return;
    }
    peer->messages = ls_alloc_array(value->count, sizeof *peer->messages);
    peer->message_count = value->count;
    for (size_t i = 0; i < value->count; i++)
        yaml_bind(&peer->messages[i], value->items[i], "a message",
                  message_keys, LS_COUNT(message_keys), diags);
}

/* --- reconnecting -------------------------------------------------------- */

static void bind_attempts(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    int64_t attempts;

    if (yaml_integer(value, "attempts", 1, ATTEMPTS_MAX, &attempts, diags))
        peer_of(target)->reconnect.attempts = (uint32_t)attempts;
}

static void bind_after(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);
    int64_t ms = 0;

    scenario_bind_duration(&ms, value, "after", diags);
    if (ls_diags_fault_count(diags) == faults &&
        ms > (int64_t)CAS_RECONNECT_MAX_MS)
        ls_diags_add(diags, value->place, "Write for example 5 seconds.",
                     "after must be 10 minutes at most");
    else if (ls_diags_fault_count(diags) == faults)
        peer_of(target)->reconnect.after_ms = (uint32_t)ms;
}

static const struct yaml_key reconnect_keys[] = {
    {"attempts", "number", "how many further connections, at most 20",
     bind_attempts, true},
    {"after", "duration",
     "lab time before the first, doubled for each further one; without it "
     "5 seconds",
     bind_after, false},
};
const struct scenario_key_table scenario_reconnect_table = {
    "reconnect", "under reconnect:", reconnect_keys, LS_COUNT(reconnect_keys)};

void scenario_bind_reconnect(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    peer_of(target)->reconnect.after_ms = AFTER_DEFAULT_MS;
    yaml_bind(target, value, "reconnect", reconnect_keys,
              LS_COUNT(reconnect_keys), diags);
}

/* --- all together -------------------------------------------------------- */

static void check_senders(const struct scenario_peer *peer,
                          const struct yaml_node *node, struct ls_diags *diags)
{
    const struct yaml_node *messages = yaml_find(node, "messages");

    for (size_t i = 0; i < peer->message_count; i++)
        if (peer->messages[i].from && !has_user(peer, peer->messages[i].from))
            ls_diags_add(diags, messages->items[i]->place,
                         "Add the user to users:.",
                         "the message is from %s, who does not sign in here",
                         peer->messages[i].from);
}

void scenario_check_users(struct scenario_peer *peer,
                          const struct yaml_node *node, struct ls_diags *diags)
{
    if (node->kind != YAML_MAPPING)
        return;
    if (!yaml_find(node, "user") && !yaml_find(node, "users"))
        ls_diags_add(diags, node->place,
                     "Add for example user: \"sip:test@contoso.com\".",
                     "the sign-in has no \"user\" and no \"users\"");
    else if (yaml_find(node, "user") && yaml_find(node, "users"))
        ls_diags_add(diags, yaml_find(node, "users")->place,
                     "Put all of them into users:.",
                     "a sign-in has \"user\" or \"users\", not both");
    else if (peer->user)
        add_user(peer, ls_strdup(peer->user));
    check_senders(peer, node, diags);
}

void scenario_users_clear(struct scenario_peer *peer)
{
    scenario_free_texts(peer->users, peer->user_count);
    for (size_t i = 0; i < peer->message_count; i++) {
        free(peer->messages[i].from);
        free(peer->messages[i].to);
        free(peer->messages[i].text);
    }
    free(peer->messages);
}
