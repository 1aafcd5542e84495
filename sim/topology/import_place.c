/*
 * Where the services of an XML export run: from clusters and services to
 * pools.
 */
#include <stdlib.h>
#include <string.h>

#include "import.h"
#include "import_xml.h"

/* Of two of one key the first counts. */
static void index_by_key(struct xml_reader *reader)
{
    for (size_t i = 0; i < reader->cluster_count; i++) {
        struct xml_cluster *cluster = &reader->clusters[i], *found = NULL;

        HASH_FIND_STR(reader->clusters_by_key, cluster->key, found);
        if (!found)
            HASH_ADD_KEYPTR(hh, reader->clusters_by_key, cluster->key,
                            strlen(cluster->key), cluster);
    }
    for (size_t i = 0; i < reader->service_count; i++) {
        struct xml_service *service = &reader->services[i], *found = NULL;

        if (!service->key)
            continue;
        HASH_FIND_STR(reader->services_by_key, service->key, found);
        if (!found)
            HASH_ADD_KEYPTR(hh, reader->services_by_key, service->key,
                            strlen(service->key), service);
    }
}

static struct import_pool *find_cluster(const struct xml_reader *reader,
                                        const char *key)
{
    struct xml_cluster *cluster = NULL;

    if (key)
        HASH_FIND_STR(reader->clusters_by_key, key, cluster);
    return cluster ? cluster->entry : NULL;
}

/* The FQDN of the Registrar that a service depends on. */
static const char *registrar_of(const struct xml_reader *reader,
                                const struct xml_service *service)
{
    for (size_t i = 0; i < service->need_count; i++) {
        struct xml_service *other = NULL;

        HASH_FIND_STR(reader->services_by_key, service->needs[i], other);
        if (!other || !other->role || strcmp(other->role, "Registrar") != 0)
            continue;
        struct import_pool *entry = find_cluster(reader, other->installed_on);
        return entry ? import_pool_of(entry)->fqdn : NULL;
    }
    return NULL;
}

static void place_external_server(struct xml_reader *reader,
                                  const struct xml_service *service,
                                  struct import_pool *entry)
{
    struct pool *pool = import_pool_of(entry);
    const char *registrar = registrar_of(reader, service);

    pool->outbound_only = service->outbound_only;
    pool->treat_as_authenticated = service->treat_as_authenticated;
    pool->throttle_as_server = service->throttle_as_server;
    if (registrar && !pool->registrar)
        pool->registrar = ls_strdup(registrar);
    for (size_t i = 0; i < service->application_count; i++)
        import_pool_add_application(
            reader->import, entry, ls_str_from(service->applications[i].id),
            service->applications[i].port, service->applications[i].line);
}

static void place_service(struct xml_reader *reader,
                          const struct xml_service *service)
{
    struct import_pool *entry = find_cluster(reader, service->installed_on);
    const char *role = service->role ? service->role : "a service";
    char *name = import_escaped(ls_str_from(role));

    if (!entry)
        import_note(reader->import,
                    "Line %u: %s runs on nothing that this file lists as a "
                    "cluster; it was left out.",
                    service->line, name);
    else if (service->is_director)
        import_pool_add_service(entry, ls_str_from("Director"),
                                service->version);
    else
        import_pool_add_service(entry, ls_str_from(role), service->version);
    if (entry && strcmp(role, "ExternalServer") == 0)
        place_external_server(reader, service, entry);
    free(name);
}

void import_place_services(struct xml_reader *reader)
{
    index_by_key(reader);
    for (size_t i = 0; i < reader->service_count; i++)
        place_service(reader, &reader->services[i]);
}

static void clear_service(struct xml_service *service)
{
    for (size_t i = 0; i < service->need_count; i++)
        free(service->needs[i]);
    for (size_t i = 0; i < service->application_count; i++)
        free(service->applications[i].id);
    free(service->needs);
    free(service->applications);
    free(service->key);
    free(service->role);
    free(service->installed_on);
}

void import_place_clear(struct xml_reader *reader)
{
    HASH_CLEAR(hh, reader->clusters_by_key);
    HASH_CLEAR(hh, reader->services_by_key);
    for (size_t i = 0; i < reader->service_count; i++)
        clear_service(&reader->services[i]);
    for (size_t i = 0; i < reader->cluster_count; i++)
        free(reader->clusters[i].key);
    for (size_t i = 0; i < reader->site_count; i++) {
        free(reader->sites[i].id);
        free(reader->sites[i].name);
    }
    free(reader->services);
    free(reader->clusters);
    free(reader->sites);
    ls_buf_clear(&reader->text);
}
