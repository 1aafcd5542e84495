/*
 * A scenario file as a whole: its sections, and what they must have of each
 * other.
 */
#include "lyncsim/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"
#include "scenario_expand.h"
#include "scenario_extend.h"
#include "scenario_tables.h"

static struct scenario *scenario_of(void *target)
{
    return ((struct scenario_target *)target)->binding->scenario;
}

static void bind_title(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    scenario_bind_text(&scenario_of(target)->title, value, "the title", diags);
}

static void bind_source(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    scenario_bind_text(&scenario_of(target)->source, value, "the source",
                       diags);
}

static void bind_standing(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    static const char *const names[] = {"evidenced", "assumed", "synthetic"};

    scenario_bind_name_of(&scenario_of(target)->standing, value, "the standing",
                          names, LS_COUNT(names), diags);
}

static void bind_story(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    scenario_bind_text(&scenario_of(target)->story, value, "the story", diags);
}

static void bind_seed(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    scenario_bind_text(&scenario_of(target)->seed, value, "the seed", diags);
}

static void bind_clock(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    scenario_bind_time(&scenario_of(target)->clock_ms, value, "the clock",
                       diags);
}

static void bind_authorities(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_certificates(all->binding, true, value, diags);
}

static void bind_certificates(void *target, const struct yaml_node *value,
                              struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_certificates(all->binding, false, value, diags);
}

static void add_topology(struct scenario *scenario,
                         const struct yaml_node *name,
                         const struct yaml_node *value, struct ls_diags *diags)
{
    size_t count = scenario->topology_count;
    struct scenario_topology *added;

    scenario->topologies = ls_realloc_array(scenario->topologies, count + 1,
                                            sizeof(*scenario->topologies));
    added = &scenario->topologies[count];
    *added = (struct scenario_topology){
        .name = name ? ls_str_dup(name->text) : NULL,
        .place = name ? name->place : value->place,
        .topology = topology_yaml_bind(value, diags),
    };
    scenario->topology_count++;
}

static void bind_topology(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    add_topology(scenario_of(target), NULL, value, diags);
}

static void bind_topologies(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    if (value->kind != YAML_MAPPING) {
        ls_diags_add(diags, value->place,
                     "Write one name a line, and its pools below it.",
                     "topologies must be a mapping of names");
        return;
    }
    for (size_t i = 0; i < value->count; i++)
        add_topology(scenario_of(target), value->pairs[i].key,
                     value->pairs[i].value, diags);
}

static void bind_front_end(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_front_end(all->binding, value, diags);
}

static void bind_front_ends(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_front_ends(all->binding, value, diags);
}

static void bind_steps(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_steps(all->binding, false, value, diags);
}

static void bind_cases(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_steps(all->binding, true, value, diags);
}

static void bind_trace(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    yaml_bind(target, value, "trace", scenario_trace_table.keys,
              scenario_trace_table.count, diags);
}

/* It was read before, and is written out by now. */
static void bind_nothing(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    (void)target;
    (void)value;
    (void)diags;
}

static void bind_peers(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_peers(all->binding, value, diags);
}

static const struct yaml_key scenario_keys[] = {
    {"title", "text", "one sentence: what this scenario shows", bind_title,
     false},
    {"source", "text", "where it is known from, and what of it is assumed",
     bind_source, false},
    {"standing", "evidenced|assumed|synthetic",
     "whether it was met, is read out of what was, or is made up",
     bind_standing, false},
    {"story", "text", "what happened, for whoever reads the report", bind_story,
     false},
    {"seed", "text", "what keys, serials and ports are derived from", bind_seed,
     false},
    {"only-if", "text|list of text",
     "what the machine must have, else it is skipped: tls-1.0, ipv6, "
     "legacy-provider, \"cipher NAME\"",
     bind_nothing, false},
    {"clock", "time", "lab time at the start; without it 2015-01-01T00:00:00Z",
     bind_clock, false},
    {"extends", "text|list of text",
     "files whose sections are laid under those of this one", bind_nothing,
     false},
    {"peers", "mapping of peer",
     "servers by name, for peer: in connect and sign-in", bind_peers, false},
    {"variables", "mapping of text", "what $name stands for in other values",
     bind_nothing, false},
    {"environment", "list of text",
     "variables of the environment that may be named as $NAME", bind_nothing,
     false},
    {"matrix", "mapping of list of text",
     "axes; a case that names $axis is played for each of its values",
     bind_nothing, false},
    {"trace", "trace", "how trace records look", bind_trace, false},
    {"authorities", "mapping of authority", "who signs certificates",
     bind_authorities, false},
    {"certificates", "mapping of certificate", "what servers show",
     bind_certificates, false},
    {"topology", "topology", "the trusted servers the Front End starts with",
     bind_topology, false},
    {"topologies", "mapping of topology", "several of them by name, for cases",
     bind_topologies, false},
    {"front-end", "front-end", "how the Front End is set up", bind_front_end,
     false},
    {"front-ends", "mapping of front-end",
     "further ones by name, laid over front-end:, for to: in connect",
     bind_front_ends, false},
    {"steps", "list of step", "what happens, in order, on one Front End",
     bind_steps, false},
    {"cases", "list of case", "what happens, each on a fresh Front End",
     bind_cases, false},
};

static const struct scenario_key_table scenario_table = {
    "scenario", "the top of the file", scenario_keys, LS_COUNT(scenario_keys)};

const struct scenario_key_table *const *scenario_key_tables(size_t *count)
{
    static const struct scenario_key_table *const tables[] = {
        &scenario_table,
        &scenario_trace_table,
        &scenario_authority_table,
        &scenario_certificate_table,
        &scenario_front_end_table,
        &scenario_refuse_table,
        &scenario_interface_table,
        &scenario_step_table,
        &scenario_part_table,
        &scenario_case_table,
        &scenario_connect_table,
        &scenario_sign_in_table,
        &scenario_peer_table,
        &scenario_wire_table,
        &scenario_talk_table,
        &scenario_receive_table,
        &scenario_answer_table,
        &scenario_respond_table,
        &scenario_many_users_table,
        &scenario_message_table,
        &scenario_reconnect_table,
        &scenario_listen_table,
    };

    *count = LS_COUNT(tables);
    return tables;
}

static struct ls_place place_of_key(const struct yaml_node *mapping,
                                    const char *key)
{
    for (size_t i = 0; i < mapping->count; i++)
        if (ls_str_equal_text(mapping->pairs[i].key->text, key))
            return mapping->pairs[i].key->place;
    return mapping->place;
}

/* Without a title the file's name speaks: "dir/one-two.yaml" is "one-two". */
static char *title_from_file(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    size_t length = dot && dot != name ? (size_t)(dot - name) : strlen(name);

    return ls_str_dup(ls_str_from_bytes(name, length));
}

/* A case or a file of steps must know which of several topologies is meant. */
static void check_topology(const struct scenario *scenario,
                           const struct scenario_front_end *settings,
                           struct ls_place place, struct ls_diags *diags)
{
    if (settings->topology || scenario->front_end.topology ||
        scenario->topology_count < 2)
        return;
    for (size_t i = 0; i < scenario->topology_count; i++)
        if (!scenario->topologies[i].name)
            return;
    ls_diags_add(diags, place, "Add topology: and one of their names.",
                 "here are several topologies, and none is chosen");
}

static void check_whole(const struct scenario *scenario,
                        const struct yaml_node *root, struct ls_diags *diags)
{
    bool steps = yaml_find(root, "steps") != NULL;
    bool cases = yaml_find(root, "cases") != NULL;

    if (root->kind != YAML_MAPPING)
        return;
    if (steps == cases)
        ls_diags_add(diags, steps ? place_of_key(root, "cases") : root->place,
                     steps ? "Move the cases to a file of their own."
                           : "Add steps: with at least one step.",
                     steps ? "a file has steps or cases, not both"
                           : "this file has neither steps nor cases");
    scenario_check_issuers(scenario, diags);
    scenario_check_doors(scenario, diags);
    if (steps && scenario->step_count)
        check_topology(scenario, &scenario->front_end,
                       place_of_key(root, "steps"), diags);
    for (size_t i = 0; !steps && i < scenario->step_count; i++)
        check_topology(scenario, &scenario->steps[i].settings,
                       scenario->steps[i].place, diags);
}

/* Whether one of those from first to end says the same. */
static bool is_repeated(const struct ls_diags *diags, size_t first, size_t end,
                        const struct ls_diag *diag)
{
    for (size_t j = first; j < end; j++)
        if (diags->items[j].place.line == diag->place.line &&
            diags->items[j].place.column == diag->place.column &&
            strcmp(diags->items[j].sentence, diag->sentence) == 0)
            return true;
    return false;
}

/* A fault of a case is found again in each of its cells. */
static void drop_repeated(struct ls_diags *diags, size_t first)
{
    size_t kept = first;

    for (size_t i = first; i < diags->count; i++) {
        if (!is_repeated(diags, first, kept, &diags->items[i])) {
            diags->items[kept++] = diags->items[i];
            continue;
        }
        free(diags->items[i].sentence);
        free(diags->items[i].hint);
    }
    diags->count = kept;
}

/* Without these the rest of a file cannot be understood. */
static bool is_founded_on(struct ls_str sections)
{
    static const char *const names[] = {"variables", "environment", "matrix",
                                        "peers", "extends"};
    struct ls_str name;

    while (ls_str_cut(&sections, '\n', &name))
        for (size_t i = 0; i < LS_COUNT(names); i++)
            if (ls_str_equal_text(name, names[i]))
                return true;
    return false;
}

/* The tree, or what is left of it beside faults of syntax. */
static struct yaml_document *parse_document(struct ls_diags *diags,
                                            bool *is_cut)
{
    struct ls_buf sections = {0};
    struct yaml_document *document =
        yaml_document_parse_rest(diags, is_cut, &sections);

    if (document && *is_cut && is_founded_on(ls_buf_str(&sections))) {
        yaml_document_free(document);
        document = NULL;
    }
    ls_buf_clear(&sections);
    return document;
}

static struct scenario *parse_file(struct ls_diags *diags,
                                   const struct scenario_loader *loader,
                                   bool names_origins);

static struct scenario *parse(struct ls_diags *diags,
                              const struct scenario_loader *loader)
{
    return parse_file(diags, loader, false);
}

struct scenario *scenario_parse(struct ls_diags *diags)
{
    return scenario_parse_with(diags, NULL);
}

/* names_origins: the files it extends may be read again. */
static struct scenario *parse_file(struct ls_diags *diags,
                                   const struct scenario_loader *loader,
                                   bool names_origins)
{
    size_t first = diags->count;
    size_t faults = ls_diags_fault_count(diags);
    bool is_cut;
    struct yaml_document *document = parse_document(diags, &is_cut);
    struct scenario *scenario;
    struct scenario_binding binding = {0};
    struct scenario_target target = {.binding = &binding};
    struct scenario_nodes nodes = {0};
    const struct yaml_node *root;

    if (!document)
        return NULL;
    diags->home_of_key = scenario_tables_home;
    root = scenario_extend(yaml_document_root(document), loader, &nodes, diags);
    root = scenario_expand(root, &nodes, diags);
    root = scenario_lay_peers(root, &nodes, diags);
    scenario = ls_alloc(sizeof(*scenario));
    scenario->file = ls_strdup(diags->file);
    scenario->text = ls_str_dup(diags->text);
    scenario->text_length = diags->text.length;
    scenario->clock_ms = SCENARIO_CLOCK_DEFAULT_MS;
    sipstack_trace_init(&scenario->trace);
    binding.scenario = scenario;
    binding.loader = loader;
    scenario_look_for_features(scenario, root, diags);
    yaml_bind(&target, root, "a scenario", scenario_keys,
              LS_COUNT(scenario_keys), diags);
    if (!is_cut) { /* what is missing may stand where nothing can be read */
        scenario_resolve(&binding, diags);
        check_whole(scenario, root, diags);
    }
    free(binding.references);
    drop_repeated(diags, first);
    if (names_origins)
        scenario_name_origins(yaml_document_root(document), loader, parse,
                              first, diags);
    scenario_nodes_clear(&nodes);
    yaml_document_free(document);
    if (!scenario->seed)
        scenario->seed = ls_strdup("lyncsim");
    if (!scenario->title)
        scenario->title = title_from_file(diags->file);
    if (ls_diags_fault_count(diags) == faults)
        return scenario;
    scenario_free(scenario);
    return NULL;
}

struct scenario *scenario_parse_with(struct ls_diags *diags,
                                     const struct scenario_loader *loader)
{
    return parse_file(diags, loader, true);
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    for (size_t i = 0; i < scenario->authority_count; i++)
        scenario_certificate_clear(&scenario->authorities[i]);
    for (size_t i = 0; i < scenario->certificate_count; i++)
        scenario_certificate_clear(&scenario->certificates[i]);
    for (size_t i = 0; i < scenario->topology_count; i++) {
        free(scenario->topologies[i].name);
        topology_free(scenario->topologies[i].topology);
    }
    for (size_t i = 0; i < scenario->step_count; i++)
        scenario_step_clear(&scenario->steps[i]);
    scenario_front_end_clear(&scenario->front_end);
    for (size_t i = 0; i < scenario->front_end_count; i++) {
        free(scenario->front_ends[i].name);
        scenario_front_end_clear(&scenario->front_ends[i].settings);
    }
    free(scenario->front_ends);
    free(scenario->authorities);
    free(scenario->certificates);
    free(scenario->topologies);
    free(scenario->steps);
    free(scenario->file);
    free(scenario->text);
    free(scenario->title);
    free(scenario->source);
    free(scenario->standing);
    free(scenario->story);
    free(scenario->skipped);
    free(scenario->seed);
    free(scenario);
}
