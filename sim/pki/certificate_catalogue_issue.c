/*
 * Making what the catalogue describes: the authorities above a certificate
 * first, then the certificate, then what is sent along with it.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "certificate_catalogue.h"

/* An authority's issuer's issuer …: no lab needs more, and it ends circles. */
#define LEVELS_MAX 16

struct made_authority {
    char *name;
    struct credential *credential;
};

struct workshop {
    const struct certificate_catalogue *catalogue;
    const struct catalogue_order *order;
    struct made_authority *made;
    size_t made_count;
    size_t made_capacity;
    char **why;
};

static struct recipe_use use_of(const struct workshop *shop, const char *name,
                                const struct credential *issuer)
{
    return (struct recipe_use){
        .mint = shop->order->mint,
        .name = name,
        .fqdn = shop->order->fqdn,
        .lab_subject = credential_facts(shop->order->lab)->subject,
        .clock_s = shop->order->clock_s,
        .issuer = issuer,
    };
}

static struct credential *keep(struct workshop *shop, const char *name,
                               struct credential *credential)
{
    if (credential == NULL)
        return NULL;
    LS_GROW(shop->made, shop->made_count, shop->made_capacity);
    shop->made[shop->made_count++] =
        (struct made_authority){ls_strdup(name), credential};
    return credential;
}

static struct credential *find_made(const struct workshop *shop,
                                    const char *name)
{
    for (size_t i = 0; i < shop->made_count; i++)
        if (strcmp(shop->made[i].name, name) == 0)
            return shop->made[i].credential;
    return NULL;
}

/* Make entry, signed by issuer (NULL: itself). */
static struct credential *make_one(struct workshop *shop,
                                   const struct catalogue_entry *entry,
                                   const struct credential *issuer)
{
    struct recipe recipe = {.authority = RECIPE_YES};
    char *label = ls_strf("authority:%s", entry->name);
    struct recipe_use use = use_of(shop, label, issuer);
    struct credential *credential;

    recipe_apply(&recipe, &entry->recipe);
    credential = recipe_issue(&recipe, &use, shop->why);
    recipe_clear(&recipe);
    free(label);
    return keep(shop, entry->name, credential);
}

/* The authority of that name, made with everything above it. False and a
 * sentence when there is none; *out NULL stands for "self". */
static bool find_authority(struct workshop *shop, const char *name,
                           const struct credential **out)
{
    const struct catalogue_entry *path[LEVELS_MAX];
    size_t depth = 0;

    *out = NULL;
    for (;;) {
        const struct catalogue_entry *entry;

        if (name == NULL || strcmp(name, "lab") == 0)
            *out = shop->order->lab;
        else if (strcmp(name, "self") != 0)
            *out = find_made(shop, name);
        if (*out != NULL || (name != NULL && strcmp(name, "self") == 0))
            break;
        entry = catalogue_entries_find(&shop->catalogue->authorities,
                                       ls_str_from(name));
        if (entry == NULL || depth == LEVELS_MAX) {
            *shop->why = ls_strf("there is no authority \"%s\"", name);
            return false;
        }
        path[depth++] = entry;
        name = entry->recipe.issuer;
    }
    while (depth-- > 0) {
        *out = make_one(shop, path[depth], *out);
        if (*out == NULL)
            return false;
    }
    return true;
}

/* So many levels more below issuer. */
static bool go_deeper(struct workshop *shop, int64_t depth,
                      const struct credential **issuer)
{
    for (int64_t i = 1; i <= depth; i++) {
        struct catalogue_entry level = {.name = ls_strf("level-%d", (int)i)};

        level.recipe.subject = ls_strf("CN=Lab Level %d", (int)i);
        *issuer = make_one(shop, &level, *issuer);
        free(level.recipe.subject);
        free(level.name);
        if (*issuer == NULL)
            return false;
    }
    return true;
}

static bool add_to_chain(struct workshop *shop, STACK_OF(X509) * chain,
                         const char *name, const struct credential *leaf)
{
    const struct credential *link = leaf;

    if (strcmp(name, "leaf") != 0 && !find_authority(shop, name, &link))
        return false;
    if (link == NULL) {
        *shop->why = ls_strdup("\"self\" is no part of a chain");
        return false;
    }
    return X509_add_cert(chain, credential_leaf(link), X509_ADD_FLAG_UP_REF) ==
           1;
}

/* The same certificate with what the recipe wants sent along; taken. */
static struct credential *with_chain(struct workshop *shop,
                                     struct credential *leaf,
                                     const struct recipe_list *wanted)
{
    STACK_OF(X509) * chain;
    struct credential *credential = NULL;
    bool is_done = true;

    if (leaf == NULL || !wanted->is_set)
        return leaf;
    chain = sk_X509_new_null();
    for (size_t i = 0; is_done && i < wanted->count; i++)
        is_done = add_to_chain(shop, chain, wanted->items[i], leaf);
    if (is_done) {
        credential =
            credential_new(credential_leaf(leaf), chain, credential_key(leaf));
        credential_set_staple(credential, credential_staple(leaf));
    }
    sk_X509_pop_free(chain, X509_free);
    credential_free(leaf);
    return credential;
}

/* The base with every fault laid over it, in the order named. */
static bool mix(struct recipe *recipe, struct workshop *shop)
{
    const struct catalogue_order *order = shop->order;
    struct ls_str rest = order->faults;
    struct ls_str name;

    if (!ls_str_is_empty(rest) &&
        !certificate_catalogue_check_faults(shop->catalogue, rest, shop->why))
        return false;
    if (order->base != NULL) {
        recipe_apply(recipe, order->base);
    } else {
        recipe->sans.is_set = true;
        recipe->sans.items = ls_alloc(sizeof *recipe->sans.items);
        recipe->sans.items[recipe->sans.count++] = ls_strdup("{name}");
    }
    while (ls_str_cut(&rest, '+', &name))
        recipe_apply(
            recipe,
            &certificate_catalogue_find_fault(shop->catalogue, name)->recipe);
    return true;
}

/* Behind the subject that base and faults have settled on. */
static void mark(struct recipe *recipe, const char *attribute)
{
    const char *subject =
        recipe->subject != NULL ? recipe->subject : "CN={name}";
    char *marked;

    if (attribute == NULL)
        return;
    marked =
        ls_strf("%s%s%s", subject, *subject != '\0' ? ", " : "", attribute);
    free(recipe->subject);
    recipe->subject = marked;
}

static struct credential *make_leaf(struct workshop *shop)
{
    const struct catalogue_order *order = shop->order;
    struct recipe recipe = {0};
    const struct credential *issuer;
    struct credential *leaf = NULL;
    char *label = ls_strf("%.*s:%.*s", LS_STR_ARG(order->faults),
                          LS_STR_ARG(order->fqdn));

    if (mix(&recipe, shop) && find_authority(shop, recipe.issuer, &issuer) &&
        go_deeper(shop, recipe.depth, &issuer)) {
        struct recipe_use use = use_of(shop, label, issuer);

        mark(&recipe, order->mark);
        leaf = with_chain(shop, recipe_issue(&recipe, &use, shop->why),
                          &recipe.chain);
    }
    recipe_clear(&recipe);
    free(label);
    return leaf;
}

struct credential *
certificate_catalogue_issue(const struct certificate_catalogue *catalogue,
                            const struct catalogue_order *order,
                            STACK_OF(X509) * known, char **why)
{
    struct workshop shop = {.catalogue = catalogue, .order = order, .why = why};
    struct credential *credential;

    *why = NULL;
    credential = make_leaf(&shop);
    for (size_t i = 0; i < shop.made_count; i++) {
        if (known != NULL && credential != NULL)
            X509_add_cert(known, credential_leaf(shop.made[i].credential),
                          X509_ADD_FLAG_UP_REF);
        credential_free(shop.made[i].credential);
        free(shop.made[i].name);
    }
    free(shop.made);
    assert((credential == NULL) == (*why != NULL));
    return credential;
}
