/*
 * Draft, published and enabled, and what has been removed on the way.
 */
#include "lyncsim/deployment.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"

struct deployment {
    struct topology *draft;
    struct topology *published;
    struct topology *enabled;
    struct known_servers *known; /* of enabled */
    struct known_servers *draft_known;
    struct known_servers *removed;
    bool enable_by_hand;
};

struct deployment *deployment_new(struct topology *topology,
                                  bool enable_by_hand)
{
    struct deployment *deployment = ls_alloc(sizeof *deployment);

    deployment->draft = topology;
    deployment->published = topology_copy(topology);
    deployment->enabled = topology_copy(topology);
    deployment->known = known_servers_new(topology);
    deployment->draft_known = known_servers_new(topology);
    deployment->removed = known_servers_merge(NULL, NULL, NULL);
    deployment->enable_by_hand = enable_by_hand;
    return deployment;
}

void deployment_free(struct deployment *deployment)
{
    if (deployment == NULL)
        return;
    known_servers_free(deployment->removed);
    known_servers_free(deployment->draft_known);
    known_servers_free(deployment->known);
    topology_free(deployment->enabled);
    topology_free(deployment->published);
    topology_free(deployment->draft);
    free(deployment);
}

/* What a list of edits works on; it becomes the deployment's when all of them
 * were done. A NULL state is the deployment's own, unchanged. */
struct attempt {
    struct topology *draft;
    struct topology *published;
    struct topology *enabled;
    struct known_servers *removed;
};

static void enable(const struct deployment *deployment, struct attempt *attempt)
{
    const struct topology *was =
        attempt->enabled != NULL ? attempt->enabled : deployment->enabled;
    const struct topology *published =
        attempt->published != NULL ? attempt->published : deployment->published;
    struct known_servers *before = known_servers_new(was);
    struct known_servers *after = known_servers_new(published);
    struct known_servers *removed = known_servers_merge(
        attempt->removed != NULL ? attempt->removed : deployment->removed,
        before, after);

    known_servers_free(attempt->removed);
    attempt->removed = removed;
    topology_free(attempt->enabled);
    attempt->enabled = topology_copy(published);
    known_servers_free(before);
    known_servers_free(after);
}

static char *apply_edit(const struct deployment *deployment,
                        struct attempt *attempt,
                        const struct topology_edit *edit)
{
    if (edit->kind == EDIT_PUBLISH) {
        attempt->draft->is_draft = false;
        topology_free(attempt->published);
        attempt->published = topology_copy(attempt->draft);
    }
    if (edit->kind == EDIT_ENABLE ||
        (edit->kind == EDIT_PUBLISH && !deployment->enable_by_hand))
        enable(deployment, attempt);
    return topology_edit_apply(edit, attempt->draft);
}

static void replace(struct topology **state, struct topology *by)
{
    if (by == NULL)
        return;
    topology_free(*state);
    *state = by;
}

static void commit(struct deployment *deployment, struct attempt *attempt)
{
    replace(&deployment->draft, attempt->draft);
    replace(&deployment->published, attempt->published);
    known_servers_free(deployment->draft_known);
    deployment->draft_known = known_servers_new(deployment->draft);
    if (attempt->enabled == NULL)
        return;
    replace(&deployment->enabled, attempt->enabled);
    known_servers_free(deployment->known);
    deployment->known = known_servers_new(deployment->enabled);
    known_servers_free(deployment->removed);
    deployment->removed = attempt->removed;
}

static void give_up(struct attempt *attempt)
{
    topology_free(attempt->draft);
    topology_free(attempt->published);
    topology_free(attempt->enabled);
    known_servers_free(attempt->removed);
}

char *deployment_apply(struct deployment *deployment,
                       const struct topology_edit *edits, size_t count,
                       size_t *refused)
{
    struct attempt attempt = {.draft = topology_copy(deployment->draft)};

    for (size_t i = 0; i < count; i++) {
        char *why = apply_edit(deployment, &attempt, &edits[i]);

        if (why != NULL) {
            give_up(&attempt);
            *refused = i;
            return why;
        }
    }
    commit(deployment, &attempt);
    return NULL;
}

const struct known_servers *
deployment_enabled(const struct deployment *deployment)
{
    return deployment->known;
}

const struct known_servers *
deployment_draft(const struct deployment *deployment)
{
    return deployment->draft_known;
}

const struct known_servers *
deployment_removed(const struct deployment *deployment)
{
    return deployment->removed;
}

const struct topology *
deployment_draft_topology(const struct deployment *deployment)
{
    return deployment->draft;
}

const struct topology *
deployment_enabled_topology(const struct deployment *deployment)
{
    return deployment->enabled;
}
