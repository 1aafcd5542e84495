#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/topology_import.h"

#include "support/import_text.h"

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

Test(topology_import_cmdlets,
     reads_the_cmdlets_in_three_forms_to_the_same_topology)
{
    for (size_t i = 0; i < LS_COUNT(cmdlets); i++) {
        char *text = import_text(ls_str_from(cmdlets[i].text));

        import_text_expect(cmdlets[i].label, text, cmdlets[i].head);
        import_text_expect(cmdlets[i].label, text, WANTED);
        free(text);
    }
}

Test(topology_import_cmdlets, reads_utf_16_as_powershell_writes_it)
{
    for (size_t i = 0; i < LS_COUNT(cmdlets); i++)
        for (int big = 0; big < 2; big++) {
            char *wide = import_text_utf16(cmdlets[i].text, big);
            char *text = import_text(
                ls_str_from_bytes(wide, 2 + 2 * strlen(cmdlets[i].text)));

            import_text_expect(cmdlets[i].label, text, WANTED);
            free(text);
            free(wide);
        }
}

Test(topology_import_cmdlets,
     notes_what_the_cmdlets_show_and_a_table_has_no_place_for)
{
    static const struct {
        const char *label, *text, *note;
    } rows[] = {
        {"prompt", format_list,
         "# Line 1 was passed over: PS C:\\x5C> Get-CsTrustedApplicationPool"},
        {"media", format_list,
         "# Not taken over: AudioPortCount, 1 time, first in line 11.\n"},
        {"gruu", format_list, "# Not taken over: ServiceGruu, 1 time"},
        {"opaque", csv,
         "# Line 3: of Applications the export shows only what type it has"},
        {"unknown property", "[{\"Pool\":\"a\",\"Fqdn\":\"b\",\"New\":1}]",
         "# Not taken over: New, 1 time, first in line 1; this tool does not"},
        {"unknown object",
         "[{\"Pool\":\"a\",\"Fqdn\":\"b\"},\n{\"A\":1,\"B\":2}]",
         "# Line 2: an object of this kind (A, B) is not known here"},
        {"no object", "[{\"Pool\":\"a\",\"Fqdn\":\"b\"}, 1]",
         "# Line 1: an array item that is no object"},
        {"flag",
         "[{\"PoolFqdn\":\"a\",\"Role\":\"TrustedApplicationPool\","
         "\"OutboundOnly\":\"maybe\"}]",
         "# Line 1: OutboundOnly is \"maybe\", and not True or False"},
        {"version", "[{\"PoolFqdn\":\"a\",\"Version\":\"five\"}]",
         "# Line 1: Version is \"five\", and not a number up to 99"},
        {"the line of a value",
         "PoolFqdn : a\nRole : TrustedApplicationPool\nVersion : five\n",
         "# Line 3: Version is \"five\""},
        {"read elsewhere",
         "PoolFqdn : a\nRole : Registrar\nOutboundOnly : True\n",
         "# Not taken over: OutboundOnly, 1 time, first in line 3.\n"},
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
        char *text = import_text(ls_str_from(rows[i].text));

        import_text_expect(rows[i].label, text, rows[i].note);
        free(text);
    }
}

Test(topology_import_cmdlets, reads_a_list_that_was_indented_or_quoted)
{
    static const char *const margins[] = {"", "    ", "> ", "> > ", "\t", "| "};

    for (size_t i = 0; i < LS_COUNT(margins); i++) {
        const char *margin = margins[i];
        char *list = ls_strf("%sPool : mail.a.com\n%sFqdn : cas1.a\n"
                             "%s       .com\n%s\n"
                             "%sPoolFqdn : mail.a.com\n"
                             "%sRole : TrustedApplicationPool\n",
                             margin, margin, margin, margin, margin, margin);
        char *text = import_text(ls_str_from(list));

        import_text_expect(margin, text,
                           "  - fqdn: mail.a.com\n"
                           "    computers:\n    - cas1.a.com\n");
        free(text);
        free(list);
    }
}

Test(topology_import_cmdlets, refuses_an_object_that_never_ends, .timeout = 20)
{
    struct ls_buf text = {0};

    ls_buf_add_text(&text, "Identity : TrustedApplicationPool:a.contoso.com\n");
    for (int i = 0; i < 200000; i++)
        ls_buf_printf(&text, "p%d : x\n", i);
    char *out = import_text(ls_buf_str(&text));

    import_text_expect("fault", out,
                       ":501:1: an object has more than 500 properties");
    free(out);
    ls_buf_clear(&text);
}

Test(topology_import_cmdlets, says_when_there_is_no_object)
{
    static const char *const texts[] = {"[]", "\"PoolFqdn\",\"Role\"\n"};

    for (size_t i = 0; i < LS_COUNT(texts); i++) {
        char *text = import_text(ls_str_from(texts[i]));

        import_text_expect(texts[i], text, "# There is no object in it.\n");
        free(text);
    }
}

Test(topology_import_cmdlets, refuses_cmdlet_output_that_is_broken)
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
        {"{\"a\":1}",
         "FILE:1:1: there is nothing of a topology in it: no object "
         "is of a kind that is read here, and this one has a\n"},
        {"Identity : a\nColor : b\n",
         "FILE:1:1: there is nothing of a topology"},
        {"Identity,Color\na,b\n", "FILE:2:1: there is nothing of a topology"},
        {"[{}]\nx", "FILE:2:1: the JSON is not well formed"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = import_text(ls_str_from(rows[i].text));

        import_text_expect(rows[i].text, text, rows[i].fault);
        free(text);
    }
}

/* "a" is another server than the one that was meant. */
Test(topology_import_cmdlets, refuse_a_name_with_a_nul)
{
    static const struct {
        struct ls_str text;
        const char *fault;
    } rows[] = {
        {LS_STR("Identity : x\nPoolFqdn : a\0b.com\nRole : Registrar\n"),
         "FILE:2:13: there is a NUL byte here"},
        {LS_STR("\"PoolFqdn\",\"Role\"\n\"a\0b.com\",\"Registrar\"\n"),
         "FILE:2:3: there is a NUL byte here"},
        {LS_STR("[{\"PoolFqdn\":\"a\\u0000b.com\"}]"),
         "the JSON is not well formed"},
        {LS_STR("<Topology><Clusters><Cluster Fqdn=\"a\0b.com\"/></Clusters>"
                "</Topology>"),
         "FILE:1:"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = import_text(rows[i].text);

        import_text_expect("NUL", text, rows[i].fault);
        free(text);
    }
}

Test(topology_import_cmdlets, reads_pools_with_their_services_and_computers)
{
    char *text = import_text(
        ls_str_from("Identity  : pool01.contoso.net\n"
                    "Services  : {WebServer:pool01.contoso.net, "
                    "Registrar:pool01.contoso.net, ConferencingServer:poo\n"
                    "            l01.contoso.net}\n"
                    "Computers : {fe1.contoso.net, fe2.contoso.net}\n"
                    "Fqdn      : pool01.contoso.net\n"
                    "Site      : Site:Redmond\n"));

    import_text_expect("pool", text,
                       "  - fqdn: pool01.contoso.net\n"
                       "    role: front-end\n"
                       "    site: Redmond\n"
                       "    computers:\n"
                       "    - fe1.contoso.net\n"
                       "    - fe2.contoso.net\n");
    free(text);
}

Test(topology_import_cmdlets, survives_a_name_that_a_page_broke)
{
    char *text = import_text(ls_str_from(
        "Identity : WebServer:LYNC-SE.fabrikam.com\n"
        "DependentServiceList : {Registrar:LYNC-SE.fabrikam.com, "
        "ConferencingServer:LYNC-SE.fabrikam\ncom}\n"
        "PoolFqdn : LYNC-SE.fabrikam.com\nVersion : 5\nRole : Registrar\n"));

    import_text_expect("pool", text,
                       "  - fqdn: LYNC-SE.fabrikam.com\n"
                       "    role: front-end\n");
    free(text);
}

Test(topology_import_cmdlets, write_what_loads_as_the_same_topology)
{
    static const char *const texts[] = {
        format_list,
        json,
        csv,
        ("[{\"PoolFqdn\":\"'-{a}:#\\u00fc\",\"Role\":\"Registrar\","
         "\"SiteId\":\"Site:it's: {new}\\n\\u0001York \\\\ #1\"}]"),
    };

    for (size_t i = 0; i < LS_COUNT(texts); i++)
        import_text_expect_round_trip(ls_str_from(texts[i]));
}
