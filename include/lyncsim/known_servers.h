/*
 * Is a server of this name known? The Known Servers Table: every pool FQDN
 * and every computer FQDN of a topology, with what is known of each, looked up
 * by hash. Immutable once made; replaced as a whole. (The blog jenstr tells of
 * the product's table, 2012-11-13.)
 */
#ifndef LYNCSIM_KNOWN_SERVERS_H
#define LYNCSIM_KNOWN_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/str.h"
#include "lyncsim/topology.h"

enum known_server_kind {
    KNOWN_SERVER_POOL,
    KNOWN_SERVER_COMPUTER,
    KNOWN_SERVER_FRONT_END, /* any of the deployment's own servers */
    KNOWN_SERVER_AUTODISCOVERED,
};
/* "pool", "computer", "front-end", "autodiscovered". */
const char *known_server_kind_text(enum known_server_kind kind);

struct known_server {
    const char *fqdn; /* as written in the topology */
    size_t order;     /* its place in the table, from 0 */
    enum known_server_kind kind;
    const char *pool; /* the pool's FQDN; the same as fqdn for a pool */
    int version;
    enum net_interface interface;
    bool outbound_only;
    bool treat_as_authenticated;
    bool throttle_as_server;
    bool requires_replication;
    /* The name stands in the table as autodiscovered and by hand: the
     * integration stops (Lync Server 2013, Integrating Lync Server and Outlook
     * Web App 2013). */
    bool is_duplicate;
};

/* An application of a trusted pool, where the Front End dials to. */
struct known_application {
    const char *pool; /* its FQDN */
    const char *id;   /* "urn:application:owa" */
    uint16_t port;
};

struct known_servers;

enum name_comparison { NAMES_INSENSITIVE, NAMES_SENSITIVE };
/* "insensitive", "sensitive". */
const char *name_comparison_text(enum name_comparison comparison);

/* Everything is copied. Owned by the caller. */
struct known_servers *known_servers_new(const struct topology *topology);
/* Those of base and of more (either may be NULL), each name once, but for the
 * names that except has. Owned by the caller. */
struct known_servers *known_servers_merge(const struct known_servers *base,
                                          const struct known_servers *more,
                                          const struct known_servers *except);
void known_servers_free(struct known_servers *table);

/* The server of exactly that name, or NULL. A * is a letter like any other.
 * An FQDN that is pool and computer both is found as pool. */
const struct known_server *known_servers_find(const struct known_servers *table,
                                              struct ls_str name,
                                              enum name_comparison comparison);

/* The entry of that name, letter case ignored, that autodiscovery made, or
 * NULL. */
const struct known_server *
known_servers_find_discovered(const struct known_servers *table,
                              struct ls_str name);

/* The topology it was made of says of itself that it is not published. */
bool known_servers_is_draft(const struct known_servers *table);

/* All of them, in topology order: a pool, then its computers. A name that
 * stands in a pool twice, as pool and as computer, is there once; one that was
 * found and made by hand as well is there twice. */
size_t known_servers_count(const struct known_servers *table);
const struct known_server *known_servers_at(const struct known_servers *table,
                                            size_t index);
/* What names may have in common, letter case and a dot at the end aside. */
enum known_part {
    KNOWN_WHOLE,
    KNOWN_HOST,   /* up to the first dot */
    KNOWN_PARENT, /* behind it */
    KNOWN_ODD,    /* that it is a wildcard or of international form; no text */
};

/* Of all servers those whose part is this text, and by rare chance another:
 * pools first, then in topology order. What is not asked for costs nothing. */
struct known_walk {
    const struct known_servers *table;
    uint32_t key;
    size_t at;
};
struct known_walk known_servers_walk(const struct known_servers *table,
                                     enum known_part part, struct ls_str text);
/* The next of them, or NULL. */
const struct known_server *known_walk_next(struct known_walk *walk);

/* The applications of all pools that have a port, in topology order; those of
 * a merged table are not known. */
size_t known_servers_application_count(const struct known_servers *table);
const struct known_application *
known_servers_application_at(const struct known_servers *table, size_t index);

#endif
