/*
 * What can be done about this refusal? The ways out of this very case,
 * cheapest first, each with what it costs and the lines to paste.
 */
#ifndef LYNCSIM_REMEDY_H
#define LYNCSIM_REMEDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/topology_edit.h"

/* Who types what: the two ways to change a topology are never mixed. */
enum remedy_way {
    REMEDY_TOPOLOGY_BUILDER,
    REMEDY_POWERSHELL, /* the Lync Server Management Shell alone */
    REMEDY_EXCHANGE,   /* a certificate is reissued and bound */
    REMEDY_OTHER,
};

/* What a remedy changes beside topology and certificate, for whoever applies
 * it instead of a person; bits of remedy.changes. */
enum remedy_change {
    REMEDY_CHANGES_ROOTS = 1,      /* the peer's root becomes a trusted one */
    REMEDY_CHANGES_CHAIN = 2,      /* the missing intermediate is there */
    REMEDY_CHANGES_LISTS = 4,      /* revocation lists are at hand */
    REMEDY_CHANGES_CLOCK = 8,      /* it is the remedy's at_s */
    REMEDY_CHANGES_INTERFACE = 16, /* the peer connects to its interface */
    REMEDY_CHANGES_HANDSHAKE = 32, /* the handshake comes to its end */
};

struct remedy {
    enum remedy_way way;
    char *title;
    char **steps; /* sentences: the cost first, then clicks and actions */
    size_t step_count;
    char **commands; /* lines to paste; empty where the steps are clicks */
    size_t command_count;

    /* What it comes to, for whoever applies it instead of a person. */
    struct topology_edit *edits; /* of the draft, with publish and enable */
    size_t edit_count;
    char *subject_cn; /* of the certificate to be reissued, or NULL */
    char **dns_names; /* its alternative names */
    size_t dns_name_count;
    unsigned changes;
    enum net_interface interface;
    int64_t at_s;
};

struct trust_verdict;
struct trust_policy;
struct certificate_facts;

/* Remedies for a refused verdict whose identity, reason and near misses are
 * set, cheapest first; facts may be NULL. *count of them, owned by the
 * caller. */
struct remedy *remedy_find(const struct trust_policy *policy,
                           const struct certificate_facts *facts,
                           const struct trust_verdict *verdict, size_t *count);
void remedy_clear(struct remedy *remedy);
/* A deep copy, the caller's to clear. */
void remedy_copy(struct remedy *to, const struct remedy *from);

/* Append text as one PowerShell word: 'in single quotes', with everything
 * that would end them doubled; bytes that no shell line can hold make it an
 * expression. */
void remedy_quote_powershell(struct ls_buf *out, struct ls_str text);

#endif
