/*
 * What the parts of a lab know of each other.
 */
#ifndef SCENARIO_LAB_INTERNAL_H
#define SCENARIO_LAB_INTERNAL_H

#include "lyncsim/mint.h"
#include "lyncsim/scenario_lab.h"

struct lab_entry {
    const struct scenario_certificate *certificate;
    struct credential *credential;
    struct X509_crl_st *list; /* an authority's, or NULL */
};

/* A certificate with a named fault, made for a name. */
struct lab_fault {
    char *name; /* "expired+wildcard-cn" */
    char *fqdn;
    struct credential *credential;
};

/* One set of authorities that a party trusts. */
struct lab_anchors {
    char *key; /* the names, or the like: what this set is found by */
    struct trust_anchors *anchors;
};

struct scenario_lab {
    const struct scenario *scenario;
    struct mint *mint;
    int64_t clock_s;
    struct credential *root; /* where no authority of the file can sign */
    struct credential *front_end;
    struct lab_entry *authorities;
    struct lab_entry *certificates;
    struct lab_fault *faults;
    size_t fault_count;
    size_t fault_capacity;
    struct stack_st_X509 *known; /* authorities made for faults */
    struct lab_anchors *anchors;
    size_t anchors_count;
    size_t anchors_capacity;
};

/* By name, or NULL. */
struct lab_entry *scenario_lab_find_authority(const struct scenario_lab *lab,
                                              const char *name);
struct lab_entry *scenario_lab_find_certificate(const struct scenario_lab *lab,
                                                const char *name);
/* The first that can sign, or NULL: the lab's root does. */
const struct lab_entry *
scenario_lab_default_authority(const struct scenario_lab *lab);
/* Whether it was told to sign itself. */
bool scenario_lab_is_self(const struct scenario_certificate *certificate);

#endif
