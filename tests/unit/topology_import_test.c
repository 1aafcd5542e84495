#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_import.h"
#include "lyncsim/topology_load.h"
#include "lyncsim/topology_yaml.h"

/* What an import yields: the YAML, its notes first; or its faults. */
static char *imported(struct ls_str text)
{
    struct topology_import *import = topology_import_new();
    struct ls_diags diags;
    struct ls_buf out = {0};

    ls_diags_init(&diags, "FILE", text);
    if (topology_import_read(import, &diags)) {
        struct topology *topology = topology_import_finish(import);
        topology_import_print(import, topology, &out);
        topology_free(topology);
    } else {
        ls_diags_print(&diags, &out);
    }
    ls_diags_clear(&diags);
    topology_import_free(import);
    return ls_buf_take(&out);
}

static char *read_file(const char *name, size_t *length)
{
    char *path = ls_strf("%s/tests/data/%s", LYNCSIM_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    char *text = ls_alloc(65536);

    cr_assert(file, "%s", path);
    *length = fread(text, 1, 65536, file);
    cr_assert_lt(*length, 65536u);
    fclose(file);
    free(path);
    return text;
}

static char *imported_file(const char *name)
{
    size_t length;
    char *text = read_file(name, &length);
    char *out = imported(ls_str_from_bytes(text, length));

    free(text);
    return out;
}

static char *utf16(const char *text, bool big)
{
    size_t length = strlen(text);
    char *wide = ls_alloc(2 * length + 3);

    memcpy(wide, big ? "\xFE\xFF" : "\xFF\xFE", 2);
    for (size_t i = 0; i < length; i++)
        wide[2 + 2 * i + (big ? 1 : 0)] = text[i];
    return wide;
}

static void expect_part(const char *label, const char *text, const char *part)
{
    cr_expect(strstr(text, part), "%s: no \"%s\" in:\n%s", label, part, text);
}

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
    char *text = imported_file("DefaultTopology_Skype.xml");
    const char *topology = strstr(text, "topology:\n");

    cr_assert(topology, "%s", text);
    cr_expect_str_eq(topology, SKYPE_TOPOLOGY);
    expect_part("head", text, "# Made from Get-CsTopology -AsXml.\n");
    expect_part("ports", text,
                "# Not taken over: Port, 64 times, first in "
                "line 56.\n");
    cr_expect_not(strstr(text, "does not know"), "%s", text);
    cr_expect_not(strstr(text, "left out"), "%s", text);
    free(text);
}

Test(topology_import, takes_a_real_topology_builder_file_over)
{
    char *text = imported_file("Contoso.tbxml");
    const char *topology = strstr(text, "topology:\n");

    cr_assert(topology, "%s", text);
    cr_expect_str_eq(topology, "topology:\n"
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
    expect_part("draft", text,
                "# This is a draft: the file says that it is "
                "not published");
    expect_part("office", text,
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
    char *text = imported(ls_str_from(trusted_application));

    expect_part("pool", text,
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
    expect_part("attribute", text, "# Not taken over: Port@Protocol, 1 time");
    free(text);
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
        {"another topology",
         "<TopologyBuilder><NewTopology/><OldTopology><Cluster Fqdn=\"a\"/>"
         "</OldTopology></TopologyBuilder>",
         "# Not taken over: OldTopology, 1 time, first in line 1; this tool"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = imported(ls_str_from(rows[i].text));

        expect_part(rows[i].label, text, rows[i].note);
        free(text);
    }
}

Test(topology_import, does_not_claim_what_computers_alone_do_not_tell)
{
    static const char computers[] =
        "\"Identity\",\"Pool\",\"Fqdn\"\n"
        "\"cas1.contoso.com\",\"mail.contoso.com\",\"cas1.contoso.com\"\n";
    char *text = imported(ls_str_from(computers));

    expect_part("left out", text,
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
        char *text = imported(ls_str_from(document));

        expect_part(rows[i].role, text, rows[i].role);
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
         "FILE:1:1: a document type (<!DOCTYPE) is refused"},
        {"external", "<!DOCTYPE t SYSTEM \"file:/etc/passwd\"><Topology/>",
         "a document type (<!DOCTYPE) is refused"},
        {"undeclared entity", "<Topology>&x;</Topology>", "not well formed"},
        {"deep", deep, "elements are nested deeper than in any topology"},
        {"cut", "<Topology><Clusters>", "FILE:1:21: the XML is not well fo"},
        {"mismatch", "<Topology>\n</Topologie>", "FILE:2:13: the XML is not"},
        {"other root", "<html/>", "FILE:1:1: this XML document is no topology"},
        {"clixml", "<Objs/>", "ConvertTo-Json or Export-Csv instead"},
        {"junk after", "<Topology/>x", "the XML is not well formed"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = imported(ls_str_from(rows[i].text));

        expect_part(rows[i].label, text, rows[i].fault);
        cr_expect_not(strstr(text, "topology:\n"), "%s", rows[i].label);
        cr_expect_not(strstr(text, "root:"), "%s", rows[i].label);
        free(text);
    }
    free(deep);
}

Test(topology_import, refuses_a_file_that_is_too_large)
{
    char *text =
        imported((struct ls_str){"<Topology/>", TOPOLOGY_IMPORT_MAX_BYTES + 1});

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
        {"topology: {pools: []}\n", "this is no export of a topology"},
        {"{\"topology\": {\"pools\": []}}", "this is no export of a topology"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = imported(ls_str_from(rows[i].text));

        expect_part(rows[i].text, text, rows[i].fault);
        free(text);
    }
}

/* ---- the cmdlets ---- */

#define WANTED                                                                 \
    "topology:\n"                                                              \
    "  pools:\n"                                                               \
    "  - fqdn: mail.deitterick.com\n"                                          \
    "    site: LAB\n"                                                          \
    "    registrar: lync.lab.deitterick.com\n"                                 \
    "    requires-replication: false\n"                                        \
    "    computers:\n"                                                         \
    "    - LAB-EX2010.lab.deitterick.com\n"                                    \
    "    applications:\n"                                                      \
    "    - id: 'urn:application:owa'\n"                                        \
    "      port: 5199\n"

/* As a console of 58 columns prints it: values are cut within names. */
static const char format_list[] =
    "PS C:\\> Get-CsTrustedApplicationPool\r\n"
    "\r\n"
    "Identity             : TrustedApplicationPool:mail.deitteri\r\n"
    "                       ck.com\r\n"
    "Registrar            : Registrar:lync.lab.deitterick.com\r\n"
    "FileStore            :\r\n"
    "ThrottleAsServer     : True\r\n"
    "TreatAsAuthenticated : True\r\n"
    "OutboundOnly         : False\r\n"
    "RequiresReplication  : False\r\n"
    "AudioPortCount       : 0\r\n"
    "Applications         : {urn:application:owa}\r\n"
    "DependentServiceList : {}\r\n"
    "ServiceId            : 1-ExternalServer-1\r\n"
    "SiteId               : Site:LAB\r\n"
    "PoolFqdn             : mail.deitterick.com\r\n"
    "Version              : 5\r\n"
    "Role                 : TrustedApplicationPool\r\n"
    "\r\n"
    "\r\n"
    "Identity : LAB-EX2010.lab.deitterick.com\r\n"
    "Pool     : mail.deitterick.com\r\n"
    "Fqdn     : LAB-EX2010.lab.deit\r\n"
    "           terick.com\r\n"
    "\r\n"
    "Identity                   : mail.deitterick.com/urn:application:owa\r\n"
    "ComputerGruus              : {LAB-EX2010.lab.deitterick.com "
    "sip:LAB-EX20\r\n"
    "                             "
    "10.lab.deitterick.com@deitterick.com;gruu}\r\n"
    "ServiceGruu                : "
    "sip:mail.deitterick.com@deitterick.com;gruu\r\n"
    "Protocol                   : Mtls\r\n"
    "ApplicationId              : urn:application:owa\r\n"
    "TrustedApplicationPoolFqdn : mail.deitterick.com\r\n"
    "Port                       : 5199\r\n"
    "LegacyApplicationName      : owa\r\n";

static const char json[] =
    "[{\"Identity\": \"TrustedApplicationPool:mail.deitterick.com\",\n"
    "  \"Registrar\": \"Registrar:lync.lab.deitterick.com\",\n"
    "  \"ThrottleAsServer\": true, \"OutboundOnly\": false,\n"
    "  \"RequiresReplication\": false, \"AudioPortStart\": null,\n"
    "  \"Applications\": {\"value\": [\"urn:application:owa\"], \"Count\": "
    "1},\n"
    "  \"SiteId\": \"Site:LAB\", \"PoolFqdn\": \"mail.deitterick.com\",\n"
    "  \"Version\": 5, \"Role\": \"TrustedApplicationPool\"}]\n"
    "{\"Identity\": \"LAB-EX2010.lab.deitterick.com\",\n"
    "  \"Pool\": \"mail.deitterick.com\",\n"
    "  \"Fqdn\": \"LAB-EX2010.lab.deitterick.com\"}\n"
    "{\"Identity\": \"mail.deitterick.com/urn:application:owa\",\n"
    "  \"Port\": 5199, \"Protocol\": 2}\n";

static const char csv[] =
    "#TYPE Microsoft.Rtc.Management.Xds.DisplayExternalServer\r\n"
    "\"Identity\",\"Registrar\",\"RequiresReplication\",\"Applications\","
    "\"SiteId\",\"PoolFqdn\",\"Version\",\"Role\"\r\n"
    "\"TrustedApplicationPool:mail.deitterick.com\","
    "\"Registrar:lync.lab.deitterick.com\",\"False\","
    "\"System.Collections.Generic.List`1[System.String]\","
    "\"Site:LAB\",\"mail.deitterick.com\",\"5\",\"TrustedApplicationPool\"\r\n"
    "#TYPE Microsoft.Rtc.Management.Xds.DisplayComputer\r\n"
    "\"Identity\";\"Pool\";\"Fqdn\"\r\n"
    "\"x\";\"mail.deitterick.com\";\"LAB-EX2010.lab.deitterick.com\"\r\n"
    "\"Identity\",\"ApplicationId\",\"TrustedApplicationPoolFqdn\",\"Port\"\r\n"
    "\"x\",\"urn:application:owa\",\"mail.deitterick.com\",\"5199\"\r\n";

static const struct {
    const char *label, *text, *head;
} cmdlets[] = {
    {"list", format_list, "# Made from Format-List text.\n"},
    {"json", json, "# Made from ConvertTo-Json.\n"},
    {"csv", csv, "# Made from Export-Csv.\n"},
};

Test(topology_import, reads_the_cmdlets_in_three_forms_to_the_same_topology)
{
    for (size_t i = 0; i < LS_COUNT(cmdlets); i++) {
        char *text = imported(ls_str_from(cmdlets[i].text));

        expect_part(cmdlets[i].label, text, cmdlets[i].head);
        expect_part(cmdlets[i].label, text, WANTED);
        free(text);
    }
}

Test(topology_import, reads_utf_16_as_powershell_writes_it)
{
    for (size_t i = 0; i < LS_COUNT(cmdlets); i++)
        for (int big = 0; big < 2; big++) {
            char *wide = utf16(cmdlets[i].text, big);
            char *text = imported(
                ls_str_from_bytes(wide, 2 + 2 * strlen(cmdlets[i].text)));

            expect_part(cmdlets[i].label, text, WANTED);
            free(text);
            free(wide);
        }
}

Test(topology_import, notes_what_the_cmdlets_show_and_a_table_has_no_place_for)
{
    static const struct {
        const char *label, *text, *note;
    } rows[] = {
        {"prompt", format_list,
         "# Line 1 was passed over: PS C:\\x5C> Get-CsTrustedApplicationPool"},
        {"media", format_list,
         "# Not taken over: AudioPortCount, 1 time, first in line 3.\n"},
        {"gruu", format_list, "# Not taken over: ServiceGruu, 1 time"},
        {"opaque", csv,
         "# Line 3: of Applications the export shows only what type it has"},
        {"unknown property", "[{\"Pool\":\"a\",\"Fqdn\":\"b\",\"New\":1}]",
         "# Not taken over: New, 1 time, first in line 1; this tool does not"},
        {"unknown object", "[{\"A\":1,\"B\":2}]",
         "# Line 1: an object of this kind (A, B) is not known here"},
        {"no object", "[{}, 1]", "# Line 1: an array item that is no object"},
        {"flag",
         "[{\"PoolFqdn\":\"a\",\"Role\":\"TrustedApplicationPool\","
         "\"OutboundOnly\":\"maybe\"}]",
         "# Line 1: OutboundOnly is \"maybe\", and not True or False"},
        {"version", "[{\"PoolFqdn\":\"a\",\"Version\":\"five\"}]",
         "# Line 1: Version is \"five\", and not a number up to 99"},
        {"port",
         "[{\"ApplicationId\":\"x\",\"Identity\":\"a/x\","
         "\"Port\":99999}]",
         "# Line 1: Port is \"99999\", and not a port from 1 to 65535"},
        {"computers elsewhere",
         "[{\"PoolFqdn\":\"a.b\",\"Role\":\"TrustedApplicationPool\"}]",
         "# Pool a.b: its computers are not in this export"},
        {"port elsewhere",
         "[{\"PoolFqdn\":\"a.b\",\"Role\":\"TrustedApplicationPool\","
         "\"Applications\":[\"urn:application:x\"]}]",
         "# Pool a.b: the port of the application urn:application:x is not in"},
        {"cut list",
         "Identity : a\nComputers : {b, c...}\n"
         "Services : {Registrar:a, ...}\n",
         "# Line 3: the list Services is cut short (...)"},
        {"surplus", "\"Pool\",\"Fqdn\"\na,b,c\n",
         "# Line 2 has 1 fields more than there are names"},
        {"Latin-1", "Pool : a\nFqdn : b\nSite : M\xFCnchen\n",
         "# The file is neither UTF-8 nor UTF-16"},
        {"an unseen mark", "[{\"Pool\":\"a\\u202e\",\"Fqdn\":\"b\"}]",
         "# Line 1: \"a\\xE2\\x80\\xAE\" is no name. It was left out.\n"},
        {"a name that is none", "[{\"Pool\":\"a\\nb\",\"Fqdn\":\"b\"}]",
         "is no name: it holds a blank or control byte"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = imported(ls_str_from(rows[i].text));

        expect_part(rows[i].label, text, rows[i].note);
        free(text);
    }
}

Test(topology_import, refuses_cmdlet_output_that_is_broken)
{
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"[{\"Pool\": \"a\",\n \"Fqdn\": }]", "FILE:2:"},
        {"[{\"Pool\": \"a\"", "the JSON is not well formed"},
        {"[{\"a\":1,\"a\":2}]", "the JSON is not well formed: duplicate"},
        {"{\"Pool\":\"a\",\"Fqdn\":\"b\"}\n]", "FILE:2:"},
        {"[{}", "',' or ']' expected"},
        {"[{},\n]", "FILE:2:"},
        {"[{} {}]", "',' or ']' expected"},
        {"[{}]\nx", "FILE:2:1: the JSON is not well formed"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = imported(ls_str_from(rows[i].text));

        expect_part(rows[i].text, text, rows[i].fault);
        free(text);
    }
}

Test(topology_import, reads_pools_with_their_services_and_computers)
{
    char *text = imported(
        ls_str_from("Identity  : pool01.contoso.net\n"
                    "Services  : {WebServer:pool01.contoso.net, "
                    "Registrar:pool01.contoso.net, ConferencingServer:poo\n"
                    "            l01.contoso.net}\n"
                    "Computers : {fe1.contoso.net, fe2.contoso.net}\n"
                    "Fqdn      : pool01.contoso.net\n"
                    "Site      : Site:Redmond\n"));

    expect_part("pool", text,
                "  - fqdn: pool01.contoso.net\n"
                "    role: front-end\n"
                "    site: Redmond\n"
                "    computers:\n"
                "    - fe1.contoso.net\n"
                "    - fe2.contoso.net\n");
    free(text);
}

Test(topology_import, survives_a_name_that_a_page_broke)
{
    char *text = imported(ls_str_from(
        "Identity : WebServer:LYNC-SE.fabrikam.com\n"
        "DependentServiceList : {Registrar:LYNC-SE.fabrikam.com, "
        "ConferencingServer:LYNC-SE.fabrikam\ncom}\n"
        "PoolFqdn : LYNC-SE.fabrikam.com\nVersion : 5\nRole : Registrar\n"));

    expect_part("pool", text,
                "  - fqdn: LYNC-SE.fabrikam.com\n"
                "    role: front-end\n");
    free(text);
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
        char *out = imported(ls_buf_str(&text));
        expect_part(rows[i].label, out, rows[i].fault);
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

    char *out = imported(ls_buf_str(&text));

    expect_part("notes", out, " more notes were left out.\n");
    cr_expect_lt(strlen(out), 200000u);
    free(out);
    ls_buf_clear(&text);
}

/* ---- what is written is read back ---- */

static void expect_round_trip(struct ls_str text)
{
    char *first = imported(text);
    struct ls_diags diags;
    struct ls_buf second = {0};

    ls_diags_init(&diags, "FILE", ls_str_from(first));
    struct topology *topology = topology_load(&diags, ls_str_from(""), NULL);
    ls_diags_print(&diags, &second);
    cr_assert(topology, "%s\n%s", second.at, first);
    ls_buf_reset(&second);
    topology_yaml_print(topology, &second);
    cr_expect_str_eq(second.at, strstr(first, "topology:\n"));
    topology_free(topology);
    ls_buf_clear(&second);
    ls_diags_clear(&diags);
    free(first);
}

Test(topology_import, writes_what_loads_as_the_same_topology)
{
    static const char *const files[] = {"DefaultTopology_Skype.xml",
                                        "Contoso.tbxml"};
    static const char *const texts[] = {
        trusted_application,
        format_list,
        json,
        csv,
        ("[{\"PoolFqdn\":\"'-{a}:#\\u00fc\",\"Role\":\"Registrar\","
         "\"SiteId\":\"Site:it's: {new}\\n\\u0001York \\\\ #1\"}]"),
    };

    for (size_t i = 0; i < LS_COUNT(files); i++) {
        size_t length;
        char *text = read_file(files[i], &length);
        expect_round_trip(ls_str_from_bytes(text, length));
        free(text);
    }
    for (size_t i = 0; i < LS_COUNT(texts); i++)
        expect_round_trip(ls_str_from(texts[i]));
}
