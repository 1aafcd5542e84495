/*
 * The check of a server that the Front End has dialled: is it the one?
 */
#include "lyncsim/alloc.h"

#include "trust_judging.h"

/* "Unable to match host/cluster against certificate", as a service of the
 * product says: computer or pool. Skype for Business 2015 asks for the pool
 * (imaucblog.com, 2015-09-10). No wildcard matches. */
static bool is_target(const struct trust_target *target, struct ls_str name)
{
    if (ls_str_find(name, '*') < name.length)
        return false;
    return ls_str_equal_nocase(name, ls_str_from(target->pool)) ||
           (!target->pool_only &&
            ls_str_equal_nocase(name, ls_str_from(target->fqdn)));
}

static bool is_dialled(const struct judging *judging, struct ls_str name)
{
    return is_target(judging->evidence->target, name);
}

void trust_judging_look_up_target(struct judging *judging)
{
    const struct peer_candidate *found;

    trust_judging_read_candidates(judging);
    found = trust_judging_first(judging, is_dialled);
    if (found == NULL)
        return;
    judging->speaker = found;
    judging->entry = known_servers_find(
        judging->policy->known, ls_str_from(judging->evidence->target->fqdn),
        NAMES_INSENSITIVE);
}

static void saw_names(const struct judging *judging, struct trust_check *check)
{
    struct ls_buf names = {0};

    for (size_t i = 0; i < judging->candidates.count && names.length < 200;
         i++) {
        ls_buf_add_text(&names, i > 0 ? ", " : "");
        ls_buf_add_escaped(&names, judging->candidates.items[i].text);
    }
    trust_check_saw(check, "%.*s", LS_STR_ARG(ls_buf_str(&names)));
    ls_buf_clear(&names);
}

void trust_check_name_mismatch(const struct judging *judging,
                               struct trust_check *check)
{
    const struct trust_target *target = judging->evidence->target;
    bool is_pool;

    if (target == NULL) {
        trust_check_set(check, CHECK_SKIP,
                        "The peer came by itself; nobody was dialled.");
        return;
    }
    if (judging->candidates.count == 0) {
        trust_check_set(check, CHECK_SKIP, "There is no name to compare.");
        return;
    }
    is_pool = ls_str_equal_nocase(ls_str_from(target->fqdn),
                                  ls_str_from(target->pool));
    saw_names(judging, check);
    if (is_pool || target->pool_only)
        trust_check_wanted(check, "%s", target->pool);
    else
        trust_check_wanted(check, "%s or its pool %s", target->fqdn,
                           target->pool);
    if (is_target(target, judging->speaker->text))
        trust_check_set(check, CHECK_PASS,
                        "The certificate has the name that was dialled.");
    else
        trust_check_set(check, CHECK_FAIL,
                        "None of the certificate's names is the one that the "
                        "Front End dialled.");
}
