/*
 * How is a certificate to be made, as people write it? A recipe says as much
 * as it cares about; laid over another it changes what it says and leaves the
 * rest, so that a named fault is one small recipe laid over a sound one.
 */
#ifndef LYNCSIM_RECIPE_H
#define LYNCSIM_RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/diag.h"
#include "lyncsim/mint.h"
#include "lyncsim/yaml.h"

/* A list that may be said to be empty, which is not the same as unsaid. */
struct recipe_list {
    bool is_set;
    char **items;
    size_t count;
};

/* A point in time, or a distance from the lab's clock. */
struct recipe_time {
    bool is_set;
    bool is_relative;
    int64_t ms;
};

enum recipe_answer { RECIPE_UNSAID, RECIPE_YES, RECIPE_NO };

/* Zero-initialised says nothing. In texts {name} is the FQDN it is made for,
 * {host} its first label, {domain} the others, {NAME} the name in capitals
 * and {lab} the subject of the lab's root. */
struct recipe {
    char *subject;           /* "" is an empty one */
    struct recipe_list sans; /* "a.b", "uri:sip:a.b", "ip:…", "email:…" … */
    char *key;
    char *key_of; /* another certificate's key: whatever bears that name */
    char *digest;
    char *serial;
    struct recipe_list usages; /* empty: no extended key usage at all */
    struct recipe_list key_usages;
    struct recipe_list crl_urls;
    struct recipe_list issuer_urls;
    struct recipe_list ocsp_urls;
    struct recipe_list permitted;
    struct recipe_time not_before;
    struct recipe_time not_after;
    enum recipe_answer authority;
    enum recipe_answer pss;
    enum recipe_answer key_ids;
    enum recipe_answer foreign_key;
    char *version; /* "1" or "3" */
    bool has_path_length;
    int64_t path_length;
    char *issuer; /* "lab", "self" or a named authority */
    /* What is sent behind the leaf: named authorities, "lab", "leaf" (once
     * more). Unsaid: the intermediates above it. */
    struct recipe_list chain;
    char *staple; /* "good", "revoked" …: see staple_order_parse() */
    /* Hostile sizes; 0: unsaid. */
    int64_t san_count;     /* so many dNSNames more */
    int64_t subject_bytes; /* so many bytes of organization more */
    int64_t depth;         /* so many intermediates between */
};

void recipe_clear(struct recipe *recipe);
/* Lay over what change says. */
void recipe_apply(struct recipe *recipe, const struct recipe *change);

/* Read a mapping; what names the thing in sentences. Faults go to diags. */
void recipe_bind(struct recipe *recipe, const struct yaml_node *node,
                 const char *what, struct ls_diags *diags);
/* Read the value of one of its keys. */
void recipe_bind_one(struct recipe *recipe, const char *key,
                     const struct yaml_node *value, struct ls_diags *diags);

/* For whom and when a recipe is made into a certificate. */
struct recipe_use {
    struct mint *mint;
    const char *name; /* seeds key and serial */
    struct ls_str fqdn;
    const char *lab_subject;
    int64_t clock_s;
    const struct credential *issuer; /* NULL: itself */
};

/* Make the certificate; issuer and chain of the recipe are the caller's
 * business. NULL and a sentence in *why; owned by the caller. */
struct credential *recipe_issue(const struct recipe *recipe,
                                const struct recipe_use *use, char **why);

#endif
