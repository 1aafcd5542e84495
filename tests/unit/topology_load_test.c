#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_load.h"

/* The FQDN of the first pool, or the faults; notes besides. */
static char *loaded(const char *text, const char *name, struct ls_buf *notes)
{
    struct ls_diags diags;
    struct ls_buf out = {0};

    ls_diags_init(&diags, "FILE", ls_str_from(text));
    struct topology *topology = topology_load(&diags, ls_str_from(name), notes);
    if (topology)
        ls_buf_add_text(&out,
                        topology->count ? topology->pools[0]->fqdn : "none");
    else
        ls_diags_print(&diags, &out);
    cr_expect_eq(topology == NULL, diags.count > 0, "%s", text);
    topology_free(topology);
    ls_diags_clear(&diags);
    return ls_buf_take(&out);
}

#define TWO                                                                    \
    "topologies:\n  one: {pools: [{fqdn: a.b}]}\n"                             \
    "  two: {pools: [{fqdn: c.d}]}\n"

Test(topology_load, finds_the_topology_that_is_meant)
{
    static const struct {
        const char *label, *text, *name, *expected;
    } rows[] = {
        {"topology", "topology: {pools: [{fqdn: a.b}]}", "", "a.b"},
        {"a scenario", "title: x\nsteps: []\ntopology: {pools: []}", "",
         "none"},
        {"by name", TWO, "two", "c.d"},
        {"the only one", "topologies: {one: {pools: [{fqdn: a.b}]}}", "",
         "a.b"},
        {"pools alone", "pools: [{fqdn: a.b}]", "", "a.b"},
        {"JSON", "{\"topology\": {\"pools\": [{\"fqdn\": \"a.b\"}]}}", "",
         "a.b"},
        {"an export", "[{\"PoolFqdn\":\"e.f\",\"Role\":\"Registrar\"}]", "",
         "e.f"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = loaded(rows[i].text, rows[i].name, NULL);

        cr_expect_str_eq(text, rows[i].expected, "%s: %s", rows[i].label, text);
        free(text);
    }
}

Test(topology_load, says_why_there_is_none)
{
    static const struct {
        const char *label, *text, *name, *expected;
    } rows[] = {
        {"empty", "", "", "the file is empty"},
        {"nothing of it", "title: x\n", "", "the file holds no topology"},
        {"a list", "- a\n", "", "the file holds no topology"},
        {"which", TWO, "", "the file has 2 topologies"},
        {"misspelt", TWO, "tow", "there is no topology \"tow\" among these"},
        {"no names", "topology: {pools: []}", "x", "has no topologies: to pic"},
        {"a bad pool", "topology: {pools: [{fqdm: a.b}]}", "", "fqdm"},
        {"a broken export", "<Topology>", "", "the XML is not well formed"},
        {"a name in an export",
         "[{\"PoolFqdn\":\"e.f\",\"Role\":\"Registrar\"}]", "e.f",
         "an export has one topology, and none is called \"e.f\""},
        {"UTF-16 of nothing", "\xFF\xFEx", "", "UTF-16"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = loaded(rows[i].text, rows[i].name, NULL);

        cr_expect(strstr(text, rows[i].expected), "%s: %s", rows[i].label,
                  text);
        free(text);
    }
}

Test(topology_load, passes_on_what_an_export_did_not_yield)
{
    struct ls_buf notes = {0};
    char *text = loaded("<TopologyBuilder><NewTopology><PartialTopology "
                        "IsPublished=\"false\"/></NewTopology>"
                        "</TopologyBuilder>",
                        "", &notes);

    cr_expect_str_eq(text, "none");
    cr_expect(strstr(notes.at, "This is a draft"), "%s", notes.at);
    free(text);
    ls_buf_clear(&notes);
}
