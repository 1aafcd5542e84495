/*
 * What each element of an XML export means for the table of known servers.
 */
#include <stdlib.h>
#include <string.h>

#include "import.h"
#include "import_xml.h"

/* Sites are looked through one by one; no deployment has as many. */
#define XML_SITES_MAX 1000

/* The value of an attribute; an empty view when it is missing. */
static struct ls_str attribute(struct xml_element *element, const char *name)
{
    for (size_t i = 0; i < element->count; i++) {
        const char **at = element->attributes + 2 * i;

        if (strcmp(import_xml_local_name(at[0]), name) != 0)
            continue;
        if (i < 64)
            element->read |= UINT64_C(1) << i;
        return ls_str_from(at[1]);
    }
    return ls_str_from("");
}

static char *attribute_text(struct xml_element *element, const char *name)
{
    return ls_str_dup(
        ls_str_first(attribute(element, name), IMPORT_NAME_MAX_BYTES));
}

static bool attribute_flag(struct xml_element *element, const char *name,
                           bool otherwise)
{
    bool value = otherwise;

    import_boolean(attribute(element, name), &value);
    return value;
}

static unsigned attribute_number(struct xml_element *element, const char *name)
{
    uint64_t number;

    if (!ls_str_to_u64(attribute(element, name), &number) ||
        number > UINT16_MAX)
        return 0;
    return (unsigned)number;
}

/* Whether the element that holds this one has that name. */
static bool is_within(const struct xml_reader *reader, const char *name)
{
    const char *parent = reader->depth ? reader->path[reader->depth - 1] : NULL;

    return parent && strcmp(parent, name) == 0;
}

static struct xml_service *last_service(struct xml_reader *reader)
{
    return reader->service_count ? &reader->services[reader->service_count - 1]
                                 : NULL;
}

/* ---- what is read of each element ---- */

static void read_root(struct xml_element *element)
{
    topology_import_set_kind(element->reader->import,
                             ls_str_equal_text(element->name, "TopologyBuilder")
                                 ? EXPORT_TBXML
                                 : EXPORT_TOPOLOGY_XML);
}

static void read_partial_topology(struct xml_element *element)
{
    if (!attribute_flag(element, "IsPublished", true))
        topology_import_set_draft(element->reader->import);
}

static void read_site(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;

    if (reader->site_count == XML_SITES_MAX) {
        import_tally(reader->import, element->name, element->line);
        return;
    }
    LS_GROW(reader->sites, reader->site_count, reader->site_capacity);
    reader->sites[reader->site_count++] =
        (struct xml_site){.id = attribute_text(element, "SiteId")};
}

static void read_site_name(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;

    if (!reader->site_count ||
        (!is_within(reader, "CentralSite") && !is_within(reader, "RemoteSite")))
        return;
    reader->in_site_name = true;
    ls_buf_reset(&reader->text);
}

static void read_cluster(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;
    struct ls_str fqdn = attribute(element, "Fqdn");
    struct ls_str key = attribute(element, "UniqueId");

    attribute(element, "IsSingleMachineOnly"); /* its machines show it */
    LS_GROW(reader->clusters, reader->cluster_count, reader->cluster_capacity);
    struct xml_cluster *cluster = &reader->clusters[reader->cluster_count++];
    *cluster = (struct xml_cluster){
        .key = ls_str_dup(ls_str_first(key, IMPORT_NAME_MAX_BYTES)),
        .entry = import_pool_get(reader->import, fqdn, element->line)};
    if (!cluster->entry)
        return;
    struct pool *pool = import_pool_of(cluster->entry);
    if (!import_pool_claim(reader->import, cluster->entry))
        import_note(reader->import,
                    "Line %u: another cluster is called %s, too; they were "
                    "taken for one pool.",
                    element->line, pool->fqdn);
    pool->requires_replication =
        attribute_flag(element, "RequiresReplication", true);
    if (key.length && reader->site_count && !pool->site)
        pool->site = ls_strdup(reader->sites[reader->site_count - 1].name);
}

static const char *site_name(const struct xml_reader *reader, struct ls_str id)
{
    for (size_t i = 0; i < reader->site_count; i++)
        if (ls_str_equal_text(id, reader->sites[i].id))
            return reader->sites[i].name;
    return NULL;
}

static void read_cluster_id(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;
    struct xml_service *service = last_service(reader);
    struct ls_str site = ls_str_first(attribute(element, "SiteId"), 128);
    struct ls_str number = ls_str_first(attribute(element, "Number"), 128);
    char *key = ls_strf("%.*s:%.*s", LS_STR_ARG(site), LS_STR_ARG(number));

    if (is_within(reader, "Cluster") && reader->cluster_count) {
        struct xml_cluster *cluster =
            &reader->clusters[reader->cluster_count - 1];
        free(cluster->key);
        cluster->key = ls_strdup(key);
        struct pool *pool =
            cluster->entry ? import_pool_of(cluster->entry) : NULL;
        if (pool && !pool->site)
            pool->site = ls_strdup(site_name(reader, site));
    } else if ((is_within(reader, "InstalledOn") ||
                is_within(reader, "SqlInstanceId")) &&
               service && !service->installed_on) {
        service->installed_on = ls_strdup(key);
    }
    free(key);
}

/* Of several files each may list it. */
static void note_double(struct xml_element *element, const struct pool *pool,
                        struct ls_str fqdn)
{
    if (import_file(element->reader->import) == 1 && fqdn.length > 0 &&
        pool->computer_count > 0 && pool_has_computer(pool, fqdn))
        import_note(element->reader->import,
                    "Line %u: the pool %s lists this computer twice; once is "
                    "taken over.",
                    element->line, pool->fqdn);
}

static void read_machine(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;
    struct ls_str fqdn = attribute(element, "Fqdn");

    attribute(element, "OrdinalInCluster");
    if (!reader->cluster_count ||
        !reader->clusters[reader->cluster_count - 1].entry)
        return;
    struct import_pool *entry =
        reader->clusters[reader->cluster_count - 1].entry;
    note_double(element, import_pool_of(entry), fqdn);
    /* Topology Builder leaves the only machine of a pool without a name: it
     * has the pool's. */
    import_pool_add_computer(
        reader->import, entry,
        fqdn.length ? fqdn : ls_str_from(import_pool_of(entry)->fqdn),
        element->line);
}

/* Not taken over, as a whole. */
static void read_tallied(struct xml_element *element)
{
    import_tally(element->reader->import, element->name, element->line);
    element->read = UINT64_MAX;
}

/* Addresses are not taken over, and 0.0.0.0 is none. */
static void read_address(struct xml_element *element, const char *name)
{
    struct ls_str address = attribute(element, name);

    if (address.length > 0 && !ls_str_equal_text(address, "0.0.0.0") &&
        !ls_str_equal_text(address, "::")) {
        char *path = ls_strf("NetInterface@%s", name);

        import_tally(element->reader->import, ls_str_from(path), element->line);
        free(path);
    }
}

static void read_net_interface(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;
    struct ls_str side = attribute(element, "InterfaceSide");
    struct import_pool *entry =
        reader->cluster_count > 0
            ? reader->clusters[reader->cluster_count - 1].entry
            : NULL;
    size_t i = 0;

    attribute(element, "InterfaceNumber");
    while (i < INTERFACE_COUNT &&
           !ls_str_equal_nocase(
               side, ls_str_from(net_interface_text((enum net_interface)i))))
        i++;
    if (entry == NULL || i == INTERFACE_COUNT) {
        read_tallied(element);
        return;
    }
    read_address(element, "IPAddress");
    read_address(element, "ConfiguredIPAddress");
    import_pool_add_interface(reader->import, entry, (enum net_interface)i,
                              element->line);
}

static int read_version(struct xml_element *element)
{
    unsigned version = attribute_number(element, "ServiceVersion");

    if (version <= POOL_VERSION_MAX)
        return version > 0 ? (int)version : IMPORT_NO_VERSION;
    import_note(element->reader->import,
                "Line %u: ServiceVersion is %u, and not a number up to %d; it "
                "was left out.",
                element->line, version, POOL_VERSION_MAX);
    return IMPORT_NO_VERSION;
}

static void read_service(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;

    LS_GROW(reader->services, reader->service_count, reader->service_capacity);
    struct xml_service *service = &reader->services[reader->service_count++];
    *service = (struct xml_service){
        .version = read_version(element),
        .treat_as_authenticated = true,
        .throttle_as_server = true,
        .line = element->line,
    };
    if (attribute(element, "UniqueId").length)
        service->key = attribute_text(element, "UniqueId");
    if (attribute(element, "RoleName").length)
        service->role = attribute_text(element, "RoleName");
    if (attribute(element, "InstalledOn").length)
        service->installed_on = attribute_text(element, "InstalledOn");
}

static void add_need(struct xml_service *service, char *key)
{
    LS_GROW(service->needs, service->need_count, service->need_capacity);
    service->needs[service->need_count++] = key;
}

static void read_service_id(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;
    struct xml_service *service = last_service(reader);
    struct ls_str site = ls_str_first(attribute(element, "SiteId"), 128);
    struct ls_str role = ls_str_first(attribute(element, "RoleName"), 128);
    struct ls_str number = ls_str_first(attribute(element, "Instance"), 128);
    char *key = ls_strf("%.*s-%.*s-%.*s", LS_STR_ARG(site), LS_STR_ARG(role),
                        LS_STR_ARG(number));

    if (service && is_within(reader, "Service") && !service->key) {
        service->key = key;
        free(service->role);
        service->role = ls_str_dup(role);
    } else if (service && is_within(reader, "Dependency")) {
        add_need(service, key);
    } else {
        free(key);
    }
}

static void read_dependency(struct xml_element *element)
{
    struct xml_service *service = last_service(element->reader);

    if (service && attribute(element, "ServiceUniqueId").length)
        add_need(service, attribute_text(element, "ServiceUniqueId"));
}

static void read_port(struct xml_element *element)
{
    struct xml_service *service = last_service(element->reader);
    struct ls_str owner = attribute(element, "Owner");

    /* The deployment's own applications have ports too (urn:application:Caa);
     * only those of a trusted application pool are in the table. */
    if (!service || !ls_str_starts_with(owner, "urn:application:") ||
        !service->role || strcmp(service->role, "ExternalServer") != 0) {
        read_tallied(element);
        return;
    }
    LS_GROW(service->applications, service->application_count,
            service->application_capacity);
    service->applications[service->application_count++] =
        (struct xml_application){
            .id = attribute_text(element, "Owner"),
            .port = attribute_number(element, "Port"),
            .line = element->line,
        };
}

static void read_registrar(struct xml_element *element)
{
    struct xml_service *service = last_service(element->reader);

    if (service)
        service->is_director = attribute_flag(element, "IsDirector", false);
}

/* Its attributes are named as the parameters of New-CsTrustedApplicationPool
 * are; no document with one could be found. */
static void read_external_server(struct xml_element *element)
{
    struct xml_service *service = last_service(element->reader);

    if (!service)
        return;
    service->outbound_only = attribute_flag(element, "OutboundOnly", false);
    service->treat_as_authenticated =
        attribute_flag(element, "TreatAsAuthenticated", true);
    service->throttle_as_server =
        attribute_flag(element, "ThrottleAsServer", true);
}

/* A database is a place to be installed on: its cluster's. */
static void read_sql_instance(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;
    struct ls_str key = attribute(element, "UniqueId");

    read_tallied(element);
    if (!key.length || !reader->cluster_count)
        return;
    struct import_pool *entry =
        reader->clusters[reader->cluster_count - 1].entry;
    LS_GROW(reader->clusters, reader->cluster_count, reader->cluster_capacity);
    reader->clusters[reader->cluster_count++] = (struct xml_cluster){
        .key = ls_str_dup(ls_str_first(key, IMPORT_NAME_MAX_BYTES)),
        .entry = entry};
}

static void read_structure(struct xml_element *element)
{
    (void)element;
}

static const struct {
    const char *name;
    void (*read)(struct xml_element *element);
} readers[] = {
    {"Topology", read_root},
    {"TopologyBuilder", read_root},
    {"NewTopology", read_structure},
    {"PartialTopology", read_partial_topology},
    {"Sites", read_structure},
    {"CentralSites", read_structure},
    {"CentralSite", read_site},
    {"RemoteSites", read_structure},
    {"RemoteSite", read_site},
    {"Name", read_site_name},
    {"Clusters", read_structure},
    {"Cluster", read_cluster},
    {"ClusterId", read_cluster_id},
    {"Machines", read_structure},
    {"Machine", read_machine},
    {"NetInterface", read_net_interface},
    {"SqlInstance", read_sql_instance},
    {"SqlInstanceId", read_tallied},
    {"Services", read_structure},
    {"Service", read_service},
    {"ServiceId", read_service_id},
    {"DependsOn", read_structure},
    {"Dependency", read_dependency},
    {"InstalledOn", read_structure},
    {"Ports", read_structure},
    {"Port", read_port},
    {"RegistrarService", read_registrar},
    {"ExternalServerService", read_external_server},
};

/* Name what was not read: "Machine@FaultDomain". */
static void tally_attributes(const struct xml_element *element)
{
    for (size_t i = 0; i < element->count; i++) {
        const char *name = import_xml_local_name(element->attributes[2 * i]);

        if (i < 64 && (element->read & UINT64_C(1) << i))
            continue;
        char *path = ls_strf("%.*s@%.100s", LS_STR_ARG(element->name), name);
        import_tally(element->reader->import, ls_str_from(path), element->line);
        free(path);
    }
}

void import_element_read(struct xml_element *element)
{
    struct xml_reader *reader = element->reader;

    for (size_t i = 0; i < LS_COUNT(readers); i++) {
        if (!ls_str_equal_text(element->name, readers[i].name))
            continue;
        reader->path[reader->depth] = readers[i].name;
        readers[i].read(element);
        tally_attributes(element);
        return;
    }
    reader->path[reader->depth] = "";
    if (!import_tally(reader->import, element->name, element->line))
        reader->has_too_many_names = true;
}
