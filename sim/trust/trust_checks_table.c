/*
 * The checks of the name: which one speaks, and what the table says of it.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "trust_judging.h"

static bool has_wildcard(struct ls_str name)
{
    return ls_str_find(name, '*') < name.length;
}

/* Whom the table knows under this name. No wildcard ever matches. */
static const struct known_server *find_server(const struct judging *judging,
                                              const struct known_servers *table,
                                              struct ls_str name)
{
    if (table == NULL || has_wildcard(name))
        return NULL;
    return known_servers_find(table, name, judging->policy->names);
}

void trust_judging_read_candidates(struct judging *judging)
{
    peer_identity_candidates(&judging->candidates, judging->evidence->leaf,
                             judging->policy->rule, judging->policy->cn);
    if (judging->candidates.count > 0)
        judging->speaker = &judging->candidates.items[0];
    for (size_t i = 0; i < judging->candidates.count; i++) {
        const struct peer_candidate *candidate = &judging->candidates.items[i];

        if (judging->unusable == NULL &&
            peer_identity_is_unusable(candidate->name))
            judging->unusable = candidate->name;
    }
}

const struct peer_candidate *trust_judging_first(const struct judging *judging,
                                                 trust_fits_fn *fits)
{
    for (size_t i = 0; i < judging->candidates.count; i++) {
        const struct peer_candidate *candidate = &judging->candidates.items[i];

        if (!peer_identity_is_unusable(candidate->name) &&
            fits(judging, candidate->text))
            return candidate;
    }
    return NULL;
}

static bool is_known(const struct judging *judging, struct ls_str name)
{
    return find_server(judging, judging->policy->known, name) != NULL;
}

static bool is_in_draft(const struct judging *judging, struct ls_str name)
{
    return find_server(judging, judging->policy->draft, name) != NULL;
}

void trust_judging_look_up(struct judging *judging)
{
    const struct trust_policy *policy = judging->policy;
    const struct peer_candidate *found;

    trust_judging_read_candidates(judging);
    found = trust_judging_first(judging, is_known);
    if (found != NULL) {
        judging->speaker = found;
        judging->entry = find_server(judging, policy->known, found->text);
        return;
    }
    judging->draft_name = trust_judging_first(judging, is_in_draft);
    if (judging->draft_name != NULL)
        judging->draft_entry =
            find_server(judging, policy->draft, judging->draft_name->text);
}

static void saw_name(struct trust_check *check, enum name_source source,
                     struct ls_str text)
{
    char *name = trust_judging_escaped(text);

    trust_check_saw(check, "%s = \"%s\"", name_source_text(source), name);
    free(name);
}

static void saw_speaker(const struct judging *judging,
                        struct trust_check *check)
{
    saw_name(check, judging->speaker->name->source, judging->speaker->text);
}

void trust_check_bad_name(const struct judging *judging,
                          struct trust_check *check)
{
    const struct certificate_name *name = judging->unusable;

    if (judging->candidates.count == 0) {
        trust_check_set(check, CHECK_SKIP, "There is no name to look at.");
        return;
    }
    if (name == NULL) {
        saw_speaker(judging, check);
        trust_check_set(check, CHECK_PASS, "The name can be read.");
        return;
    }
    saw_name(check, name->source, ls_str_from_bytes(name->text, name->length));
    trust_check_wanted(check, "text without a NUL byte");
    trust_check_set(
        check, CHECK_FAIL, "%s",
        name->fault == NAME_HAS_NUL
            ? "The name holds a NUL byte, the classic way to make a "
              "name look like another one."
            : "The bytes of the name are not what its ASN.1 string "
              "type promises.");
}

/* What the certificate has instead of a name that the rule takes. */
static void saw_other_names(const struct judging *judging,
                            struct trust_check *check)
{
    const struct certificate_facts *leaf = judging->evidence->leaf;
    struct ls_buf buf = {0};

    ls_buf_add_text(&buf, peer_identity_cn_count(leaf) > 0 ? "" : "no CN");
    for (size_t i = 0; i < leaf->name_count && buf.length < 200; i++) {
        const struct certificate_name *name = &leaf->names[i];

        if (name->fault == NAME_EMPTY)
            continue;
        ls_buf_printf(&buf, "%s%s = \"", buf.length > 0 ? ", " : "",
                      name_source_text(name->source));
        ls_buf_add_escaped(&buf, ls_str_from_bytes(name->text, name->length));
        ls_buf_add_byte(&buf, '"');
    }
    free(check->saw);
    check->saw = ls_buf_take(&buf);
}

void trust_check_no_name(const struct judging *judging,
                         struct trust_check *check)
{
    if (judging->candidates.count > 0) {
        saw_speaker(judging, check);
        trust_check_set(check, CHECK_PASS, "The rule %s takes %s.",
                        judging->policy->rule->name,
                        judging->policy->rule->candidates);
        return;
    }
    saw_other_names(judging, check);
    trust_check_wanted(check, "%s", judging->policy->rule->candidates);
    trust_check_set(check, CHECK_FAIL,
                    "The certificate has no name that the rule %s would take.",
                    judging->policy->rule->name);
}

/* What is asked of an entry cannot be asked where there is none. */
static bool skip_entry(const struct judging *judging, struct trust_check *check)
{
    if (judging->entry != NULL)
        return false;
    trust_check_set(check, CHECK_SKIP, "%s",
                    judging->candidates.count == 0
                        ? "There is no name to look up."
                        : "The name is not in the table of known servers.");
    return true;
}

static void saw_entry(const struct judging *judging, struct trust_check *check)
{
    const struct known_server *entry = judging->entry;

    if (entry->kind == KNOWN_SERVER_COMPUTER)
        trust_check_saw(check, "entry = computer %s of the pool %s",
                        entry->fqdn, entry->pool);
    else
        trust_check_saw(check, "entry = %s %s",
                        known_server_kind_text(entry->kind), entry->fqdn);
}

void trust_check_duplicate_server(const struct judging *judging,
                                  struct trust_check *check)
{
    if (skip_entry(judging, check))
        return;
    saw_entry(judging, check);
    if (!judging->entry->is_duplicate) {
        trust_check_set(check, CHECK_PASS, "The name is in the table once.");
        return;
    }
    trust_check_saw(check, "%s, found by Exchange UM routing and made by hand",
                    judging->entry->fqdn);
    trust_check_wanted(check, "one entry");
    trust_check_set(
        check, CHECK_FAIL,
        "Exchange UM routing has found this server by itself, and a "
        "pool made by hand has it too: with two entries the "
        "integration stops working.");
}

void trust_check_wrong_interface(const struct judging *judging,
                                 struct trust_check *check)
{
    enum net_interface here = judging->policy->interface;

    if (skip_entry(judging, check))
        return;
    trust_check_saw(check, "interface = %s",
                    net_interface_text(judging->entry->interface));
    trust_check_wanted(check, "%s", net_interface_text(here));
    if (judging->entry->interface == here)
        trust_check_set(check, CHECK_PASS,
                        "The server is known on this network interface.");
    else
        trust_check_set(check, CHECK_FAIL,
                        "The server is known, but on the %s network interface; "
                        "it came in on the %s one.",
                        net_interface_text(judging->entry->interface),
                        net_interface_text(here));
}

void trust_check_outbound_only(const struct judging *judging,
                               struct trust_check *check)
{
    if (skip_entry(judging, check))
        return;
    trust_check_saw(check, "OutboundOnly = %s",
                    judging->entry->outbound_only ? "True" : "False");
    if (!judging->entry->outbound_only) {
        trust_check_set(check, CHECK_PASS, "The server may open connections.");
        return;
    }
    trust_check_wanted(check, "False");
    trust_check_set(check, CHECK_FAIL,
                    "Only the Front End opens connections to this pool "
                    "(OutboundOnly); it takes none from it.");
}

/* The three ways to miss: skipped without a name, passed when found. */
static bool settle_miss(const struct judging *judging,
                        struct trust_check *check, const char *found_why)
{
    if (judging->candidates.count == 0) {
        trust_check_set(check, CHECK_SKIP, "There is no name to look up.");
        return true;
    }
    if (judging->entry != NULL) {
        saw_speaker(judging, check);
        trust_check_set(check, CHECK_PASS, "%s", found_why);
        return true;
    }
    if (peer_identity_is_unusable(judging->speaker->name)) {
        trust_check_set(check, CHECK_SKIP,
                        "A name that cannot be read is not looked up.");
        return true;
    }
    saw_speaker(judging, check);
    return false;
}

/* Found or missed in what says of itself that it is not published: the answer
 * is that of a Front End to come. */
static void warn_of_draft(const struct judging *judging,
                          struct trust_check *check)
{
    if (judging->candidates.count == 0 ||
        !known_servers_is_draft(judging->policy->known))
        return;
    trust_check_saw(check, "a topology that says it is a draft");
    trust_check_wanted(check, "a topology that is published and enabled");
    trust_check_set(check, CHECK_WARN,
                    "This is judged by a draft: it holds once the draft is "
                    "published and enabled, and no Front End works on it "
                    "yet.");
}

void trust_check_not_enabled(const struct judging *judging,
                             struct trust_check *check)
{
    if (settle_miss(judging, check, "What is enabled has the name.")) {
        warn_of_draft(judging, check);
        return;
    }
    if (judging->draft_entry != NULL) {
        saw_name(check, judging->draft_name->name->source,
                 judging->draft_name->text);
        trust_check_wanted(check, "a topology that is published and enabled");
        trust_check_set(check, CHECK_FAIL,
                        "The draft has this server (in the pool %s), but the "
                        "Front End works on what is published and enabled.",
                        judging->draft_entry->pool);
    } else if (judging->policy->draft == NULL) {
        trust_check_set(
            check, CHECK_SKIP,
            "Nothing is known of a draft that would have the name.");
    } else {
        trust_check_set(check, CHECK_PASS,
                        "The draft does not have it either.");
    }
    if (judging->draft_entry == NULL)
        warn_of_draft(judging, check);
}

void trust_check_wildcard_name(const struct judging *judging,
                               struct trust_check *check)
{
    if (settle_miss(judging, check, "The name is found without a wildcard."))
        return;
    if (judging->draft_entry != NULL) {
        trust_check_set(check, CHECK_SKIP, "The draft has the name.");
    } else if (has_wildcard(judging->speaker->text)) {
        trust_check_wanted(check, "the name of a server");
        trust_check_set(
            check, CHECK_FAIL,
            "A wildcard is looked up as it stands and stands for no "
            "server: none is supported as a subject name.");
    } else {
        trust_check_set(check, CHECK_PASS, "The name holds no wildcard.");
    }
}

static void wanted_servers(const struct judging *judging,
                           struct trust_check *check)
{
    size_t count = known_servers_count(judging->policy->known);

    if (count == 0)
        trust_check_wanted(check, "a known server; the table is empty");
    else
        trust_check_wanted(check, "one of %zu known server%s", count,
                           count == 1 ? "" : "s");
}

void trust_check_unknown_server(const struct judging *judging,
                                struct trust_check *check)
{
    if (settle_miss(judging, check, "The name is that of a known server."))
        return;
    if (judging->draft_entry != NULL) {
        trust_check_set(check, CHECK_SKIP, "The draft has the name.");
        return;
    }
    if (has_wildcard(judging->speaker->text)) {
        trust_check_set(check, CHECK_SKIP, "The name is a wildcard.");
        return;
    }
    wanted_servers(judging, check);
    trust_check_set(check, CHECK_FAIL,
                    "The Front End looks this name up among its known servers "
                    "and does not find it.");
}
