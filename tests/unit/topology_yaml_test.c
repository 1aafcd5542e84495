#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_yaml.h"

/* Bind the text; what was said of it goes to *said, owned by the caller. */
static struct topology *bind(const char *text, char **said)
{
    struct ls_diags diags;
    struct ls_buf out = {0};
    struct topology *topology;
    struct yaml_document *document;

    ls_diags_init(&diags, "t.yaml", ls_str_from(text));
    document = yaml_document_parse(&diags);
    cr_assert_not_null(document, "%s", text);
    topology = topology_yaml_bind(yaml_document_root(document), &diags);
    ls_diags_print(&diags, &out);
    *said = ls_buf_take(&out);
    ls_diags_clear(&diags);
    yaml_document_free(document);
    return topology;
}

static struct topology_edit *bind_edits(const char *text, size_t *count,
                                        char **said)
{
    struct ls_diags diags;
    struct ls_buf out = {0};
    struct topology_edit *edits;
    struct yaml_document *document;

    ls_diags_init(&diags, "t.yaml", ls_str_from(text));
    document = yaml_document_parse(&diags);
    cr_assert_not_null(document, "%s", text);
    edits = topology_edits_bind(yaml_document_root(document), count, &diags);
    ls_diags_print(&diags, &out);
    *said = ls_buf_take(&out);
    ls_diags_clear(&diags);
    yaml_document_free(document);
    return edits;
}

static const char everything[] = "pools:\n"
                                 "- computers: [cas1.a.com, cas2.a.com]\n"
                                 "  fqdn: mail.a.com\n"
                                 "  applications:\n"
                                 "  - {id: owa, port: 5199}\n"
                                 "  - {port: 5200, id: urn:application:um}\n"
                                 "  version: 6\n"
                                 "  interface: external\n"
                                 "  site: LAB\n"
                                 "  registrar: lync.a.com\n"
                                 "  outbound-only: true\n"
                                 "  treat-as-authenticated: false\n"
                                 "  throttle-as-server: false\n"
                                 "  requires-replication: false\n"
                                 "- {fqdn: fe.a.com, role: front-end}\n"
                                 "- {fqdn: x.a.com, registrar: none}\n"
                                 "- {fqdn: one.a.com, computers: [one.a.com]}\n"
                                 "autodiscovered: [um.a.com]\n";

static void expect_everything(const struct topology *topology)
{
    const struct pool *pool = topology->pools[0];

    cr_assert_eq(topology->count, 5u);
    cr_expect_str_eq(pool->fqdn, "mail.a.com");
    cr_assert_eq(pool->computer_count, 2u);
    cr_expect_str_eq(pool->computers[1], "cas2.a.com");
    cr_assert_eq(pool->application_count, 2u);
    cr_expect_str_eq(pool->applications[0].id, "urn:application:owa");
    cr_expect_eq(pool->applications[1].port, 5200);
    cr_expect_eq(pool->version, 6);
    cr_expect_eq(pool->interface, INTERFACE_EXTERNAL);
    cr_expect_str_eq(pool->site, "LAB");
    cr_expect_str_eq(pool->registrar, "lync.a.com");
    cr_expect(pool->outbound_only);
    cr_expect_not(pool->treat_as_authenticated || pool->throttle_as_server ||
                  pool->requires_replication);
    cr_expect_eq(topology->pools[1]->role, POOL_FRONT_END);
    cr_expect_str_eq(topology->pools[2]->registrar, "");
    cr_expect_eq(topology->pools[3]->computer_count, 0u);
    cr_expect_eq(topology->pools[4]->role, POOL_AUTODISCOVERED);
}

Test(topology_yaml, binds_every_key)
{
    char *said;
    struct topology *topology = bind(everything, &said);

    cr_expect_str_eq(said, "");
    expect_everything(topology);
    topology_free(topology);
    free(said);
}

Test(topology_yaml, prints_what_binds_to_the_same)
{
    char *said;
    struct topology *topology = bind(everything, &said);
    struct ls_buf out = {0};
    struct ls_buf again = {0};
    struct ls_diags diags;
    struct yaml_document *document;
    struct topology *copy;

    topology_yaml_print(topology, &out);
    ls_diags_init(&diags, "t.yaml", ls_buf_str(&out));
    document = yaml_document_parse(&diags);
    cr_assert_not_null(document);
    copy = topology_yaml_bind(
        yaml_find(yaml_document_root(document), "topology"), &diags);
    cr_expect_eq(diags.count, 0u);
    expect_everything(copy);
    topology_yaml_print(copy, &again);
    cr_expect(ls_str_equal(ls_buf_str(&out), ls_buf_str(&again)));
    topology_free(copy);
    yaml_document_free(document);
    ls_diags_clear(&diags);
    ls_buf_clear(&again);
    ls_buf_clear(&out);
    topology_free(topology);
    free(said);
}

Test(topology_yaml, quotes_what_yaml_would_misread)
{
    struct topology *topology = topology_new();
    struct pool *pool = pool_new(ls_str_from("mail.a.com"));
    struct ls_buf out = {0};

    pool->site = ls_strdup("Bob's: #1");
    free(topology_add(topology, pool));
    topology_yaml_print(topology, &out);
    ls_buf_add_byte(&out, '\0');
    cr_expect_not_null(strstr(out.at, "site: 'Bob''s: #1'\n"), "%s", out.at);
    ls_buf_clear(&out);
    topology_free(topology);
}

Test(topology_yaml, prints_an_empty_one)
{
    struct topology *topology = topology_new();
    struct ls_buf out = {0};

    topology_yaml_print(topology, &out);
    cr_expect(ls_str_equal_text(ls_buf_str(&out), "topology:\n  pools: []\n"));
    ls_buf_clear(&out);
    topology_free(topology);
}

Test(topology_yaml, refuses_with_the_place)
{
    static const struct {
        const char *label;
        const char *text;
        const char *place;
        const char *part;
    } rows[] = {
        {"no mapping", "[a]", "t.yaml:1:1:", "topology"},
        {"unknown key", "pool: []", "t.yaml:1:1:", "pools"},
        {"pools no list", "pools: {fqdn: a.com}", "t.yaml:1:8:", "list"},
        {"pool no mapping", "pools: [a.com]", "t.yaml:1:9:", "pool"},
        {"no fqdn", "pools: [{version: 5}]", "t.yaml:1:9:", "fqdn"},
        {"empty fqdn", "pools: [{fqdn: ''}]", "t.yaml:1:16:", "name"},
        {"blank in fqdn", "pools: [{fqdn: a b}]", "t.yaml:1:16:", "blank"},
        {"a URL", "pools: [{fqdn: 'http://a.com/'}]", "t.yaml:1:16:", "scheme"},
        {"a SIP address", "pools: [{fqdn: 'sip:x@a.com'}]",
         "t.yaml:1:16:", "scheme"},
        {"a port", "pools: [{fqdn: 'a.com:5061'}]", "t.yaml:1:16:", "port"},
        {"a computer's port",
         "pools: [{fqdn: a.com, computers: ['b.com:5061']}]",
         "t.yaml:1:35:", "port"},
        {"key slip", "pools: [{fqdn: a.com, computer: []}]",
         "t.yaml:1:23:", "computers"},
        {"twice", "pools: [{fqdn: a.com}, {fqdn: A.com}]",
         "t.yaml:1:24:", "already"},
        {"pool's own name", "pools: [{fqdn: a.com, computers: [b.com, a.com]}]",
         "t.yaml:1:42:", "own FQDN"},
        {"computer twice", "pools: [{fqdn: a.com, computers: [b.com, B.com]}]",
         "t.yaml:1:42:", "already"},
        {"role", "pools: [{fqdn: a.com, role: frontend}]",
         "t.yaml:1:29:", "front-end"},
        {"role of another list", "pools: [{fqdn: a.com, role: autodiscovered}]",
         "t.yaml:1:29:", "role"},
        {"interface", "pools: [{fqdn: a.com, interface: outer}]",
         "t.yaml:1:34:", "interface"},
        {"version", "pools: [{fqdn: a.com, version: five}]",
         "t.yaml:1:32:", "version"},
        {"flag", "pools: [{fqdn: a.com, outbound-only: maybe}]",
         "t.yaml:1:38:", "outbound-only"},
        {"port", "pools: [{fqdn: a.com, applications: [{id: x, port: 0}]}]",
         "t.yaml:1:52:", "port"},
        {"no port", "pools: [{fqdn: a.com, applications: [{id: x}]}]",
         "t.yaml:1:38:", "port"},
        {"port twice",
         "pools: [{fqdn: a.com, applications: [{id: x, port: 1}, {id: y, "
         "port: 1}]}]",
         "t.yaml:1:56:", "unique"},
        {"autodiscovered no list", "autodiscovered: a.com",
         "t.yaml:1:17:", "list"},
        {"autodiscovered twice", "autodiscovered: [a.com, a.com]",
         "t.yaml:1:25:", "already"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *said;
        struct topology *topology = bind(rows[i].text, &said);

        cr_expect_not_null(strstr(said, rows[i].place), "%s: %s", rows[i].label,
                           said);
        cr_expect_not_null(strstr(said, rows[i].part), "%s: %s", rows[i].label,
                           said);
        topology_free(topology);
        free(said);
    }
}

Test(topology_yaml, binds_every_edit)
{
    static const char text[] =
        "- add-pool: {fqdn: a.com, computers: [b.com]}\n"
        "- remove-pool: a.com\n"
        "- rename-pool: {from: a.com, to: b.com}\n"
        "- add-computer: {pool: a.com, fqdn: c.com}\n"
        "- remove-computer: {pool: a.com, fqdn: c.com}\n"
        "- add-application: {pool: a.com, id: owa, port: 5199}\n"
        "- remove-application: {pool: a.com, id: owa}\n"
        "- publish\n"
        "- enable\n"
        "- publish:\n";
    static const char *const said_as[] = {
        "make the pool a.com with the computers b.com",
        "delete the pool a.com",
        "rename the pool a.com to b.com",
        "add the computer c.com to the pool a.com",
        "take the computer c.com out of the pool a.com",
        "add the application owa (port 5199) to the pool a.com",
        "take the application owa out of the pool a.com",
        "publish the topology",
        "enable the published topology",
        "publish the topology",
    };
    char *said;
    size_t count;
    struct topology_edit *edits = bind_edits(text, &count, &said);

    cr_expect_str_eq(said, "");
    cr_assert_eq(count, LS_COUNT(said_as));
    for (size_t i = 0; i < count; i++) {
        struct ls_buf out = {0};

        topology_edit_print(&edits[i], &out);
        cr_expect(ls_str_equal_text(ls_buf_str(&out), said_as[i]), "%.*s",
                  LS_STR_ARG(ls_buf_str(&out)));
        cr_expect_eq(edits[i].place.line, i + 1);
        ls_buf_clear(&out);
        topology_edit_clear(&edits[i]);
    }
    free(edits);
    free(said);
}

Test(topology_yaml, refuses_edits_that_are_none)
{
    static const struct {
        const char *label;
        const char *text;
        const char *part;
    } rows[] = {
        {"no list", "publish", "list"},
        {"slip", "- publsh", "publish"},
        {"slip in a key", "- add-pol: {fqdn: a.com}", "add-pool"},
        {"two keys", "- {remove-pool: a.com, add-pool: {fqdn: b.com}}",
         "one key"},
        {"a list", "- [publish]", "one key"},
        {"bare", "- remove-pool", "told what"},
        {"publish what", "- publish: now", "takes nothing"},
        {"pool without name", "- add-pool: {}", "fqdn"},
        {"missing key", "- add-computer: {fqdn: a.com}", "pool"},
        {"mapping for text", "- remove-pool: {fqdn: a.com}", "fqdn"},
        {"empty name", "- remove-pool: ''", "name"},
        {"port", "- add-application: {pool: a.com, id: x, port: 70000}",
         "port"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *said;
        size_t count;
        struct topology_edit *edits = bind_edits(rows[i].text, &count, &said);

        cr_expect_not_null(strstr(said, rows[i].part), "%s: %s", rows[i].label,
                           said);
        cr_expect_eq(count, 0u, "%s", rows[i].label);
        free(edits);
        free(said);
    }
}

static void expect_keys(const struct yaml_key *(*keys_of)(size_t *count))
{
    size_t count = 0;
    const struct yaml_key *keys = keys_of(&count);

    cr_expect_gt(count, 0u);
    for (size_t i = 0; i < count; i++)
        cr_expect(keys[i].shape[0] != '\0' && keys[i].summary[0] != '\0', "%s",
                  keys[i].name);
}

Test(topology_yaml, describes_every_key)
{
    size_t count;
    const struct topology_edit_form *forms;

    expect_keys(topology_yaml_keys);
    expect_keys(topology_yaml_pool_keys);
    expect_keys(topology_yaml_application_keys);
    forms = topology_yaml_edit_forms(&count);
    cr_expect_eq(count, (size_t)EDIT_COUNT);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(forms[i].kind, (enum topology_edit_kind)i);
}
