#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_import.h"

#include "support/import_text.h"

/* ---- the two real documents ---- */

#define SKYPE_TOPOLOGY                                                         \
    "topology:\n"                                                              \
    "  pools:\n"                                                               \
    "  - fqdn: skypefe.contoso.com\n"                                          \
    "    role: front-end\n"                                                    \
    "    version: 7\n"                                                         \
    "    site: TVP\n"                                                          \
    "  - fqdn: Edge.contoso.com\n"                                             \
    "    role: edge\n"                                                         \
    "    version: 7\n"                                                         \
    "    site: TVP\n"                                                          \
    "  - fqdn: sbc1.contoso.com\n"                                             \
    "    role: gateway\n"                                                      \
    "    version: 7\n"                                                         \
    "    interface: pstn\n"                                                    \
    "    site: TVP\n"                                                          \
    "    requires-replication: false\n"

Test(topology_import, takes_a_real_topology_over)
{
    char *text = import_text_of_file("DefaultTopology_Skype.xml");
    const char *topology = strstr(text, "topology:\n");

    cr_assert(topology, "%s", text);
    cr_expect_str_eq(topology, SKYPE_TOPOLOGY);
    import_text_expect("head", text, "# Made from Get-CsTopology -AsXml.\n");
    import_text_expect("ports", text,
                       "# Not taken over: Port, 64 times, first in "
                       "line 56.\n");
    cr_expect_not(strstr(text, "does not know"), "%s", text);
    cr_expect_not(strstr(text, "left out"), "%s", text);
    free(text);
}

Test(topology_import, takes_a_real_topology_builder_file_over)
{
    char *text = import_text_of_file("Contoso.tbxml");
    const char *topology = strstr(text, "topology:\n");

    cr_assert(topology, "%s", text);
    cr_expect_str_eq(topology, "topology:\n"
                               "  draft: true\n"
                               "  pools:\n"
                               "  - fqdn: frontendpool.contoso.com\n"
                               "    role: front-end\n"
                               "    version: 7\n"
                               "    site: Contoso\n"
                               "    computers:\n"
                               "    - xfrontend1.contoso.com\n"
                               "    - xfrontend2.contoso.com\n"
                               "    - xfrontend3.contoso.com\n"
                               "    - xfrontend4.contoso.com\n"
                               "  - fqdn: edgepool.contoso.com\n"
                               "    role: edge\n"
                               "    version: 7\n"
                               "    site: Contoso\n"
                               "    computers:\n"
                               "    - xedge1.contoso.com\n"
                               "    - xedge2.contoso.com\n"
                               "    - xedge3.contoso.com\n");
    import_text_expect("draft", text,
                       "# This is a draft: the file says that it is "
                       "not published");
    import_text_expect("office", text,
                       "# xOffice1.contoso.com (line 63) is no known "
                       "server: no SIP service runs there, only "
                       "WacService.\n");
    cr_expect_not(strstr(text, "does not know"), "%s", text);
    cr_expect_not(strstr(text, "left out"), "%s", text);
    free(text);
}

/* ---- documents made by hand ---- */

#define XML(clusters, services)                                                \
    "<Topology xmlns=\"urn:schema:Microsoft.Rtc.Management.Deploy.Topology."   \
    "2008\"><Clusters>" clusters "</Clusters><Services>" services              \
    "</Services></Topology>"
#define CLUSTER(number, attributes, machines)                                  \
    "<Cluster " attributes "><ClusterId SiteId=\"1\" Number=\"" number         \
    "\"/>" machines "</Cluster>\n"
#define SERVICE(role, cluster, inside)                                         \
    "<Service ServiceVersion=\"5\"><ServiceId SiteId=\"1\" RoleName=\"" role   \
    "\" Instance=\"1\"/><InstalledOn><ClusterId SiteId=\"1\" "                 \
    "Number=\"" cluster "\"/></InstalledOn>" inside "</Service>\n"

static const char trusted_application[] = XML(
    CLUSTER("1", "Fqdn=\"lync.contoso.com\"", "<Machine/>")
        CLUSTER("4", "Fqdn=\"mail.contoso.com\" RequiresReplication=\"false\"",
                "<Machine Fqdn=\"ex1.contoso.com\"/><Machine "
                "Fqdn=\"ex2.contoso.com\"/>"),
    SERVICE("Registrar", "1", "") SERVICE(
        "ExternalServer", "4",
        "<DependsOn><Dependency><ServiceId SiteId=\"1\" "
        "RoleName=\"Registrar\" Instance=\"1\"/></Dependency></DependsOn>"
        "<Ports><Port Owner=\"urn:application:owa\" Port=\"5199\" "
        "Protocol=\"Mtls\"/></Ports>"
        "<ExternalServerService OutboundOnly=\"true\" "
        "TreatAsAuthenticated=\"false\" ThrottleAsServer=\"false\"/>"));

Test(topology_import, reads_a_trusted_application_pool)
{
    char *text = import_text(ls_str_from(trusted_application));

    import_text_expect("pool", text,
                       "  - fqdn: mail.contoso.com\n"
                       "    registrar: lync.contoso.com\n"
                       "    outbound-only: true\n"
                       "    treat-as-authenticated: false\n"
                       "    throttle-as-server: false\n"
                       "    requires-replication: false\n"
                       "    computers:\n"
                       "    - ex1.contoso.com\n"
                       "    - ex2.contoso.com\n"
                       "    applications:\n"
                       "    - id: 'urn:application:owa'\n"
                       "      port: 5199\n");
    import_text_expect("attribute", text,
                       "# Not taken over: Port@Protocol, 1 time");
    free(text);
}

Test(topology_import, leaves_a_version_out_that_no_topology_has)
{
    static const char text[] =
        XML(CLUSTER("1", "Fqdn=\"lync.contoso.com\"", "<Machine/>"),
            "<Service ServiceVersion=\"300\"><ServiceId SiteId=\"1\" "
            "RoleName=\"Registrar\" Instance=\"1\"/><InstalledOn><ClusterId "
            "SiteId=\"1\" Number=\"1\"/></InstalledOn></Service>\n");
    char *out = import_text(ls_str_from(text));

    import_text_expect("note", out, "ServiceVersion is 300, and not a number");
    import_text_expect_round_trip(ls_str_from(text));
    free(out);
}

Test(topology_import, lists_everything_it_does_not_take_over)
{
    static const struct {
        const char *label, *text, *note;
    } rows[] = {
        {"unknown element", XML("<Novelty/><Novelty/>", ""),
         "# Not taken over: Novelty, 2 times, first in line 1; this tool does "
         "not know what it is.\n"},
        {"unknown attribute",
         XML(CLUSTER("1", "Fqdn=\"a.b\" New=\"1\"", ""), ""),
         "# Not taken over: Cluster@New, 1 time, first in line 1.\n"},
        {"no name", XML(CLUSTER("1", "", ""), SERVICE("Registrar", "1", "")),
         "# Line 1: A server needs a name. It was left out.\n"},
        {"blank in name",
         XML(CLUSTER("1", "Fqdn=\"a b\"", ""), SERVICE("Registrar", "1", "")),
         "is no name: it holds a blank"},
        {"nowhere", XML("", SERVICE("Registrar", "7", "")),
         "# Line 1: Registrar runs on nothing that this file lists"},
        {"no SIP service",
         XML(CLUSTER("1", "Fqdn=\"a.b\"", ""), SERVICE("UserStore", "1", "")),
         "# a.b (line 1) is no known server: no SIP service runs there, only "
         "UserStore.\n"},
        {"port twice",
         XML(CLUSTER("1", "Fqdn=\"a.b\"", ""),
             SERVICE("ExternalServer", "1",
                     "<Ports><Port Owner=\"urn:application:x\" Port=\"1\"/>"
                     "<Port Owner=\"urn:application:y\" Port=\"1\"/></Ports>")),
         "The application was left out.\n"},
        {"no port",
         XML(CLUSTER("1", "Fqdn=\"a.b\"", ""),
             SERVICE("ExternalServer", "1",
                     "<Ports><Port Owner=\"urn:application:x\" "
                     "Port=\"70000\"/></Ports>")),
         "# Pool a.b: the port of the application urn:application:x is not"},
        {"a computer twice",
         XML(CLUSTER("1", "Fqdn=\"a.b\"",
                     "<Machine Fqdn=\"c.d\"/><Machine Fqdn=\"C.d\"/>"),
             SERVICE("Registrar", "1", "")),
         "# Line 1: the pool a.b lists this computer twice; once is taken "
         "over.\n"},
        {"two of one name",
         XML(CLUSTER("1", "Fqdn=\"a.b\"", "") CLUSTER("2", "Fqdn=\"A.b\"", ""),
             ""),
         "# Line 2: another cluster is called a.b, too; they were taken for "
         "one pool.\n"},
        {"an Edge's own interfaces",
         XML(CLUSTER("1", "Fqdn=\"a.b\"",
                     "<Machine><NetInterface "
                     "InterfaceSide=\"Internal\" IPAddress=\"1.2.3.4\"/>"
                     "<NetInterface InterfaceSide=\"External\"/></Machine>"),
             SERVICE("EdgeServer", "1", "")),
         "# Pool a.b: its machines have interfaces of their own (internal, "
         "external). That it meets a Front End on the Front End's primary "
         "interface is assumed.\n"},
        {"interfaces of no use",
         XML(CLUSTER("1", "Fqdn=\"a.b\"",
                     "<Machine><NetInterface "
                     "InterfaceSide=\"Primary\"/>"
                     "<NetInterface InterfaceSide=\"Pstn\"/></Machine>"),
             SERVICE("Registrar", "1", "")),
         "# Not taken over: NetInterface, 1 time, first in line 1.\n"},
        {"another topology",
         "<TopologyBuilder><NewTopology/><OldTopology><Cluster Fqdn=\"a\"/>"
         "</OldTopology></TopologyBuilder>",
         "# Not taken over: OldTopology, 1 time, first in line 1; this tool"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = import_text(ls_str_from(rows[i].text));

        import_text_expect(rows[i].label, text, rows[i].note);
        free(text);
    }
}

Test(topology_import, puts_a_gateway_where_its_machines_are)
{
    static const struct {
        const char *side;
        bool is_pstn;
    } rows[] = {{"", true}, {"Pstn", true}, {"Primary", false}, {"x", true}};

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *document =
            ls_strf(XML(CLUSTER("1", "Fqdn=\"a.b\"",
                                "<Machine><NetInterface "
                                "InterfaceSide=\"%s\"/></Machine>"),
                        SERVICE("PstnGateway", "1", "")),
                    rows[i].side);
        char *text = import_text(ls_str_from(document));

        cr_expect_eq(strstr(text, "    interface: pstn\n") != NULL,
                     rows[i].is_pstn, "%s: %s", rows[i].side, text);
        free(text);
        free(document);
    }
}

Test(topology_import, does_not_claim_what_computers_alone_do_not_tell)
{
    static const char computers[] =
        "\"Identity\",\"Pool\",\"Fqdn\"\n"
        "\"cas1.contoso.com\",\"mail.contoso.com\",\"cas1.contoso.com\"\n";
    char *text = import_text(ls_str_from(computers));

    import_text_expect(
        "left out", text,
        "# mail.contoso.com (line 2) was left out: its computers are "
        "in this export, but not what it is.");
    cr_expect_not(strstr(text, "no SIP service"), "%s", text);
    free(text);
}

Test(topology_import, tells_what_a_cluster_is_by_its_weightiest_service)
{
    static const struct {
        const char *services, *role;
    } rows[] = {
        {SERVICE("MediationServer", "1", "") SERVICE("Registrar", "1", ""),
         "    role: front-end\n"},
        {SERVICE("Registrar", "1", "<RegistrarService IsDirector=\"true\"/>"),
         "    role: director\n"},
        {SERVICE("MediationServer", "1", ""), "    role: mediation\n"},
        {SERVICE("EdgeServer", "1", ""), "    role: edge\n"},
        {SERVICE("PstnGateway", "1", ""), "    role: gateway\n"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *document =
            ls_strf("<Topology><Clusters>" CLUSTER(
                        "1", "Fqdn=\"a.b\"",
                        "") "</"
                            "Clusters><Services>%s</Services></Topology>",
                    rows[i].services);
        char *text = import_text(ls_str_from(document));

        import_text_expect(rows[i].role, text, rows[i].role);
        free(text);
        free(document);
    }
}

static char *nested(unsigned depth)
{
    struct ls_buf out = {0};

    ls_buf_add_text(&out, "<Topology>");
    for (unsigned i = 0; i < depth; i++)
        ls_buf_add_text(&out, "<a>");
    return ls_buf_take(&out);
}

Test(topology_import, refuses_documents_that_are_traps)
{
    char *deep = nested(1000);
    const struct {
        const char *label, *text, *fault;
    } rows[] = {
        {"entities",
         "<!DOCTYPE Topology [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n"
         "<Topology>&b;</Topology>",
         "FILE:1:20: a document type (<!DOCTYPE) is refused"},
        {"external", "<!DOCTYPE t SYSTEM \"file:/etc/passwd\"><Topology/>",
         "a document type (<!DOCTYPE) is refused"},
        {"undeclared entity", "<Topology>&x;</Topology>",
         "FILE:1:11: the XML is not well formed: an entity (&name;) that is "
         "not declared"},
        {"undeclared prefix", "<Topology><a:b/></Topology>",
         "FILE:1:11: the XML is not well formed: a namespace prefix"},
        {"twice", "<Topology a='1' a='2'/>",
         "FILE:1:17: the XML is not well formed: an attribute that is there"},
        {"a comment without end", "<Topology>\n <!-- </Topology>",
         "FILE:2:2: the XML is not well formed: what begins here has no end"},
        {"a bare sign", "<Topology a='x<y'/>",
         "FILE:1:15: the XML is not well formed: a character that cannot"},
        {"no element", "<?xml version='1.0'?>",
         "the XML is not well formed: the file ends in the middle of it"},
        {"deep", deep, "elements are nested deeper than in any topology"},
        {"cut", "<Topology><Clusters>",
         "FILE:1:21: the XML is not well formed: the file ends in the middle"},
        {"a prompt before it", "PS> Get-CsTopology -AsXml\n <Topology/>",
         "FILE:2:1: the document begins here, and there is other text before"},
        {"mismatch", "<Topology>\n</Topologie>",
         "FILE:2:3: the XML is not well formed: another element ends here than "
         "the one that line 1 began"},
        {"other root", "<html/>", "FILE:1:1: this XML document is no topology"},
        {"clixml", "<Objs/>", "ConvertTo-Json or Export-Csv instead"},
        {"junk after", "<Topology/>x", "the XML is not well formed"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = import_text(ls_str_from(rows[i].text));

        import_text_expect(rows[i].label, text, rows[i].fault);
        cr_expect_not(strstr(text, "topology:\n"), "%s", rows[i].label);
        cr_expect_not(strstr(text, "root:"), "%s", rows[i].label);
        free(text);
    }
    free(deep);
}

Test(topology_import, refuses_a_file_that_is_too_large)
{
    char *text = import_text(
        (struct ls_str){"<Topology/>", TOPOLOGY_IMPORT_MAX_BYTES + 1});

    cr_expect_str_eq(
        text, "FILE: the file is larger than 32 MiB, and no topology is\n");
    free(text);
}

Test(topology_import, refuses_what_is_no_export)
{
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"", "FILE: the file is empty\n"},
        {" \r\n", "FILE: the file is empty\n"},
        {"hello", "FILE: this is no export of a topology\n"},
        {"PK\x03\x04...", "FILE: this is a ZIP archive"},
        {"Fqdn        Gruu\n----        ----\na    b\n", "this is a table"},
        {"-----BEGIN CERTIFICATE-----\n", "this is a certificate or key"},
        {"topology: {pools: []}\n", "this is a topology file already"},
        {"{\"topology\": {\"pools\": []}}", "this is no export of a topology"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = import_text(ls_str_from(rows[i].text));

        import_text_expect(rows[i].text, text, rows[i].fault);
        free(text);
    }
}

Test(topology_import, refuses_more_names_than_there_are)
{
    static const struct {
        const char *label, *head, *unit, *fault;
    } rows[] = {
        {"elements", "<Topology>", "<e%d/>", "more kinds of elements than"},
        {"columns", "\"Pool\"", ",\"c%d\"", "more than 500 columns"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf text = {0};
        ls_buf_add_text(&text, rows[i].head);
        for (int k = 0; k < 600; k++) {
            char *number = ls_strf("%d", k);
            struct ls_str unit = ls_str_from(rows[i].unit);
            size_t at = ls_str_find(unit, '%');
            ls_buf_add(&text, ls_str_first(unit, at));
            ls_buf_add_text(&text, number);
            ls_buf_add(&text, ls_str_skip(unit, at + 2));
            free(number);
        }
        char *out = import_text(ls_buf_str(&text));
        import_text_expect(rows[i].label, out, rows[i].fault);
        free(out);
        ls_buf_clear(&text);
    }
}

Test(topology_import, adds_several_files_up)
{
    static const char *const texts[] = {
        "[{\"PoolFqdn\":\"a.b\",\"Role\":\"TrustedApplicationPool\"}]",
        "\"Pool\",\"Fqdn\"\n\"A.B\",\"c.d\"\n",
    };
    struct topology_import *import = topology_import_new();

    for (size_t i = 0; i < LS_COUNT(texts); i++) {
        struct ls_diags diags;
        ls_diags_init(&diags, "FILE", ls_str_from(texts[i]));
        cr_assert(topology_import_read(import, &diags));
        ls_diags_clear(&diags);
    }
    struct topology *topology = topology_import_finish(import);

    cr_assert_eq(topology->count, 1u);
    cr_assert_eq(topology->pools[0]->computer_count, 1u);
    cr_expect_str_eq(topology->pools[0]->computers[0], "c.d");
    cr_expect_not(topology_import_is_draft(import));
    cr_expect_eq(topology_import_kind(import), EXPORT_CSV);
    topology_free(topology);
    topology_import_free(import);
}

Test(topology_import, keeps_its_notes_within_bounds)
{
    struct ls_buf text = {0};
    ls_buf_add_text(&text, "<Topology>");
    for (int i = 0; i < 3000; i++)
        ls_buf_printf(&text, "<Cluster/>\n");
    ls_buf_add_text(&text, "</Topology>");

    char *out = import_text(ls_buf_str(&text));

    import_text_expect("notes", out, " more notes were left out.\n");
    cr_expect_lt(strlen(out), 200000u);
    free(out);
    ls_buf_clear(&text);
}

Test(topology_import, writes_what_loads_as_the_same_topology)
{
    static const char *const files[] = {"DefaultTopology_Skype.xml",
                                        "Contoso.tbxml"};

    for (size_t i = 0; i < LS_COUNT(files); i++) {
        size_t length;
        char *text = import_text_read(files[i], &length);

        import_text_expect_round_trip(ls_str_from_bytes(text, length));
        free(text);
    }
    import_text_expect_round_trip(ls_str_from(trusted_application));
}
