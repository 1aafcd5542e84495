/*
 * Which certificates and which faults of certificates have a name? The
 * catalogue in certs/, compiled into the program: profiles of sound ones and
 * named faults, each with what it is, how real it is and what a Front End
 * answers, and the way to make any of them.
 */
#ifndef LYNCSIM_CERTIFICATE_CATALOGUE_H
#define LYNCSIM_CERTIFICATE_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "lyncsim/credential.h"
#include "lyncsim/diag.h"
#include "lyncsim/mint.h"
#include "lyncsim/recipe.h"

struct stack_st_X509;

/* How far a fault is known from the field. */
enum fault_standing {
    FAULT_REAL,      /* met, with a source */
    FAULT_ASSUMED,   /* met, and how a Front End answers is assumed */
    FAULT_SYNTHETIC, /* made up for the laboratory */
};
const char *fault_standing_text(enum fault_standing standing);

/* A named recipe: a profile, an authority or a fault. Of a fault the rest is
 * set, too. */
struct catalogue_entry {
    char *name;
    char *says; /* one sentence: what is wrong with it */
    struct recipe recipe;
    enum fault_standing standing;
    char *verdict; /* "accepted" or "refused", by lync-2010 and a table that
                      knows the name it is made for */
    char *reason;  /* of a refusal; or NULL */
    char **warns;  /* ids of the checks that warn */
    size_t warn_count;
    char *source;
};

struct certificate_catalogue;

/* The catalogue as it was compiled in. Owned by the caller. */
struct certificate_catalogue *certificate_catalogue_new(void);
void certificate_catalogue_free(struct certificate_catalogue *catalogue);
/* Add what a text of the same language holds. False and faults in diags when
 * there is anything wrong with it. */
bool certificate_catalogue_parse(struct certificate_catalogue *catalogue,
                                 struct ls_diags *diags);

/* Borrowed, in the order of the files. */
const struct catalogue_entry *
certificate_catalogue_faults(const struct certificate_catalogue *catalogue,
                             size_t *count);
const struct catalogue_entry *
certificate_catalogue_profiles(const struct certificate_catalogue *catalogue,
                               size_t *count);
/* NULL when there is none of that name. */
const struct catalogue_entry *
certificate_catalogue_find_fault(const struct certificate_catalogue *catalogue,
                                 struct ls_str name);
const struct catalogue_entry *certificate_catalogue_find_profile(
    const struct certificate_catalogue *catalogue, struct ls_str name);
/* Whether every name of "expired+wildcard-cn" is a fault; if not, a sentence
 * with the nearest one in *why, owned by the caller. */
bool certificate_catalogue_check_faults(
    const struct certificate_catalogue *catalogue, struct ls_str names,
    char **why);

/* What is to be made, where. */
struct catalogue_order {
    struct mint *mint;
    const struct credential *lab; /* the trusted root that signs */
    struct ls_str fqdn;           /* whom it is made for */
    int64_t clock_s;
    const struct recipe *base; /* or NULL: a sound one for fqdn */
    struct ls_str faults;      /* "expired+wildcard-cn", or empty */
    const char *mark;          /* "OU=test": put behind the subject; or NULL */
};

/* Make it. The authorities above it that were made for it are added to known
 * (taken references), so that a forgotten intermediate can be told from an
 * unknown root; known may be NULL. NULL and a sentence in *why; owned by the
 * caller. */
struct credential *
certificate_catalogue_issue(const struct certificate_catalogue *catalogue,
                            const struct catalogue_order *order,
                            struct stack_st_X509 *known, char **why);

#endif
