#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/pool_diff.h"
#include "lyncsim/topology_yaml.h"

static struct topology *bind(const char *pools)
{
    char *text = ls_strf("pools: [%s]", pools);
    struct ls_diags diags;
    struct yaml_document *document;
    struct topology *topology;

    ls_diags_init(&diags, "t.yaml", ls_str_from(text));
    document = yaml_document_parse(&diags);
    cr_assert_not_null(document, "%s", text);
    topology = topology_yaml_bind(yaml_document_root(document), &diags);
    cr_assert_eq(diags.count, 0u, "%s", text);
    ls_diags_clear(&diags);
    yaml_document_free(document);
    free(text);
    return topology;
}

/* "mail.a.com site LAB HQ|": a change a part, "-" where there is none. */
static char *told(const char *before, const char *after)
{
    struct topology *was = bind(before);
    struct topology *is = bind(after);
    struct ls_buf out = {0};
    size_t count;
    struct pool_change *changes = pool_diff(was, is, &count);

    for (size_t i = 0; i < count; i++)
        ls_buf_printf(&out, "%s %s %s %s|", changes[i].pool->fqdn,
                      changes[i].what,
                      changes[i].before != NULL ? changes[i].before : "-",
                      changes[i].after != NULL ? changes[i].after : "-");
    pool_changes_free(changes, count);
    topology_free(was);
    topology_free(is);
    return ls_buf_take(&out);
}

Test(pool_diff, tells_what_known_servers_do_not_show)
{
    static const struct {
        const char *label;
        const char *before;
        const char *after;
        const char *told;
    } rows[] = {
        {"the same", "{fqdn: a.com, site: LAB}", "{fqdn: A.COM, site: lab}",
         ""},
        {"a site", "{fqdn: a.com, site: LAB}", "{fqdn: a.com, site: HQ}",
         "a.com site LAB HQ|"},
        {"a site not stated", "{fqdn: a.com}", "{fqdn: a.com, site: HQ}",
         "a.com site - HQ|"},
        {"a Registrar", "{fqdn: a.com, registrar: x.com}",
         "{fqdn: a.com, registrar: none}", "a.com Registrar x.com none|"},
        {"a role", "{fqdn: a.com, role: edge}", "{fqdn: a.com, role: director}",
         "a.com role edge director|"},
        {"a port", "{fqdn: a.com, applications: [{id: owa, port: 5199}]}",
         "{fqdn: a.com, applications: [{id: OWA, port: 5200}]}",
         "a.com urn:application:owa port 5199 port 5200|"},
        {"an application that is new", "{fqdn: a.com}",
         "{fqdn: a.com, applications: [{id: owa, port: 5199}]}",
         "a.com urn:application:owa - port 5199|"},
        {"one that goes with its pool",
         "{fqdn: a.com, site: LAB, applications: [{id: owa, port: 5199}]}",
         "{fqdn: b.com}", "a.com urn:application:owa port 5199 -|"},
        {"one that comes with its pool", "{fqdn: b.com}",
         "{fqdn: b.com}, {fqdn: a.com, applications: [{id: owa, port: 1}]}",
         "a.com urn:application:owa - port 1|"},
        {"what known servers are compared by",
         "{fqdn: a.com, version: 5, outbound-only: true}",
         "{fqdn: a.com, version: 6}", ""},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = told(rows[i].before, rows[i].after);

        cr_expect_str_eq(text, rows[i].told, "%s: %s", rows[i].label, text);
        free(text);
    }
}
