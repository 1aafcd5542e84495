/*
 * Edits of a topology as values.
 */
#include "lyncsim/topology_edit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

static const char *const kind_texts[EDIT_COUNT] = {
#define X(name, text) [name] = (text),
    TOPOLOGY_EDIT_LIST(X)
#undef X
};

const char *topology_edit_kind_text(enum topology_edit_kind kind)
{
    assert((size_t)kind < LS_COUNT(kind_texts));
    return kind_texts[kind];
}

void topology_edit_clear(struct topology_edit *edit)
{
    pool_free(edit->pool);
    free(edit->fqdn);
    free(edit->other);
    free(edit->id);
    *edit = (struct topology_edit){0};
}

struct topology_edit topology_edit_copy(const struct topology_edit *edit)
{
    struct topology_edit copy = *edit;

    copy.pool = edit->pool == NULL ? NULL : pool_copy(edit->pool);
    copy.fqdn = ls_strdup(edit->fqdn);
    copy.other = ls_strdup(edit->other);
    copy.id = ls_strdup(edit->id);
    return copy;
}

char *topology_edit_apply(const struct topology_edit *edit,
                          struct topology *topology)
{
    struct ls_str fqdn = ls_str_from(edit->fqdn);
    struct ls_str other = ls_str_from(edit->other);
    struct ls_str id = ls_str_from(edit->id);

    switch (edit->kind) {
    case EDIT_ADD_POOL:
        return topology_add(topology, pool_copy(edit->pool));
    case EDIT_REMOVE_POOL:
        return topology_remove_pool(topology, fqdn);
    case EDIT_RENAME_POOL:
        return topology_rename_pool(topology, fqdn, other);
    case EDIT_ADD_COMPUTER:
        return topology_add_computer(topology, other, fqdn);
    case EDIT_REMOVE_COMPUTER:
        return topology_remove_computer(topology, other, fqdn);
    case EDIT_ADD_APPLICATION:
        return topology_add_application(topology, other, id, edit->port);
    case EDIT_REMOVE_APPLICATION:
        return topology_remove_application(topology, other, id);
    case EDIT_PUBLISH:
    case EDIT_ENABLE:
    case EDIT_COUNT:
        break;
    }
    return NULL;
}

static void print_added_pool(const struct pool *pool, struct ls_buf *out)
{
    ls_buf_printf(out, "make the pool %s", pool->fqdn);
    for (size_t i = 0; i < pool->computer_count; i++)
        ls_buf_printf(out, "%s%s", i == 0 ? " with the computers " : ", ",
                      pool->computers[i]);
    for (size_t i = 0; i < pool->application_count; i++)
        ls_buf_printf(out, "%s%s (port %u)",
                      i == 0 ? " and the applications " : ", ",
                      pool->applications[i].id, pool->applications[i].port);
}

void topology_edit_print(const struct topology_edit *edit, struct ls_buf *out)
{
    switch (edit->kind) {
    case EDIT_ADD_POOL:
        print_added_pool(edit->pool, out);
        break;
    case EDIT_REMOVE_POOL:
        ls_buf_printf(out, "delete the pool %s", edit->fqdn);
        break;
    case EDIT_RENAME_POOL:
        ls_buf_printf(out, "rename the pool %s to %s", edit->fqdn, edit->other);
        break;
    case EDIT_ADD_COMPUTER:
        ls_buf_printf(out, "add the computer %s to the pool %s", edit->fqdn,
                      edit->other);
        break;
    case EDIT_REMOVE_COMPUTER:
        ls_buf_printf(out, "take the computer %s out of the pool %s",
                      edit->fqdn, edit->other);
        break;
    case EDIT_ADD_APPLICATION:
        ls_buf_printf(out, "add the application %s (port %u) to the pool %s",
                      edit->id, edit->port, edit->other);
        break;
    case EDIT_REMOVE_APPLICATION:
        ls_buf_printf(out, "take the application %s out of the pool %s",
                      edit->id, edit->other);
        break;
    case EDIT_PUBLISH:
        ls_buf_add_text(out, "publish the topology");
        break;
    case EDIT_ENABLE:
        ls_buf_add_text(out, "enable the published topology");
        break;
    case EDIT_COUNT:
        break;
    }
}
