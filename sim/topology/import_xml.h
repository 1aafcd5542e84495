/*
 * What has been read of an XML export so far? Between the document and the
 * meaning of its elements.
 */
#ifndef LYNCSIM_TOPOLOGY_IMPORT_XML_H
#define LYNCSIM_TOPOLOGY_IMPORT_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/str.h"

#define uthash_malloc(size) ls_alloc(size)
#include <uthash.h>

/* Real documents nest 10 deep. */
#define XML_DEPTH_MAX 64

/* Where a service is installed, by whatever the document calls a cluster by:
 * site and number, or a unique id. */
struct xml_cluster {
    char *key;
    struct import_pool *entry; /* NULL: it has no usable name */
    UT_hash_handle hh;
};

struct xml_application {
    char *id;
    unsigned port;
    unsigned line;
};

struct xml_service {
    char *key; /* what dependencies call it by */
    char *role;
    char *installed_on;
    int version;
    bool is_director;
    bool outbound_only;
    bool treat_as_authenticated;
    bool throttle_as_server;
    char **needs;
    size_t need_count;
    size_t need_capacity;
    struct xml_application *applications;
    size_t application_count;
    size_t application_capacity;
    unsigned line;
    UT_hash_handle hh;
};

struct xml_site {
    char *id;
    char *name;
};

struct XML_ParserStruct;

/* One reading of a document. */
struct xml_reader {
    struct topology_import *import;
    struct XML_ParserStruct *parser; /* the library's */
    const char *path[XML_DEPTH_MAX]; /* names of the open elements; NULL: not
                                        of interest */
    unsigned lines[XML_DEPTH_MAX];   /* where they begin */
    size_t depth;
    size_t skip_from; /* elements below this depth are passed over; 0: none */
    bool failed;
    bool has_too_many_names; /* the library keeps every name of an element */
    bool in_site_name;
    struct ls_buf text;
    struct xml_cluster *clusters;
    size_t cluster_count, cluster_capacity;
    struct xml_service *services;
    size_t service_count, service_capacity;
    /* By key, once all are read. */
    struct xml_cluster *clusters_by_key;
    struct xml_service *services_by_key;
    struct xml_site *sites;
    size_t site_count, site_capacity;
};

/* The attributes of the element at hand, and which were read. */
struct xml_element {
    struct xml_reader *reader;
    struct ls_str name;
    const char **attributes; /* two pointers each: name and value */
    size_t count;
    unsigned line;
    uint64_t read; /* a bit an attribute; the 65th and later are not noted */
};

/* Without its namespace. Borrowed. */
const char *import_xml_local_name(const char *name);
/* Read what an element says, or count it where it says nothing here. */
void import_element_read(struct xml_element *element);
/* Put the services where they run, once all elements are read. */
void import_place_services(struct xml_reader *reader);
void import_place_clear(struct xml_reader *reader);

#endif
