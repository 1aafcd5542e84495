/*
 * A search by names and key identifiers alone, which are cheap to compare.
 */
#include "trust_paths.h"

#include <openssl/x509v3.h>

/* What a peer may send is up to a stranger: so many certificates are put to
 * the test of signatures, and so many steps are made to find them. */
#define LINKS_TRIED_MAX 64
#define STEPS_MAX 4096

struct walk {
    STACK_OF(X509) * roots;
    STACK_OF(X509) * others;
    STACK_OF(X509) * between; /* the way so far */
    int tried;                /* links of the ways that were handed out */
    int steps;
    trust_path_fn *take;
    void *arg;
};

static bool is_on_the_way(const struct walk *walk, X509 *x509)
{
    for (int i = 0; i < sk_X509_num(walk->between); i++)
        if (X509_cmp(sk_X509_value(walk->between, i), x509) == 0)
            return true;
    return false;
}

static bool has_root_above(const struct walk *walk, X509 *x509)
{
    for (int i = 0; i < sk_X509_num(walk->roots); i++)
        if (X509_check_issued(sk_X509_value(walk->roots, i), x509) == X509_V_OK)
            return true;
    return false;
}

static bool is_over(const struct walk *walk)
{
    return walk->tried > LINKS_TRIED_MAX || walk->steps > STEPS_MAX;
}

/* Each level is one certificate that was sent, so the depth is bounded by
 * their number, and by the steps. */
static bool go_on(struct walk *walk, X509 *from)
{
    if (has_root_above(walk, from)) {
        walk->tried += sk_X509_num(walk->between) + 1;
        if (is_over(walk))
            return false;
        if (walk->take(walk->between, walk->arg))
            return true;
    }
    for (int i = 0; i < sk_X509_num(walk->others) && !is_over(walk); i++) {
        X509 *next = sk_X509_value(walk->others, i);
        bool is_taken;

        walk->steps++;
        if (X509_check_issued(next, from) != X509_V_OK ||
            is_on_the_way(walk, next))
            continue;
        sk_X509_push(walk->between, next);
        is_taken = go_on(walk, next);
        sk_X509_pop(walk->between);
        if (is_taken)
            return true;
    }
    return false;
}

bool trust_paths_walk(X509 *leaf, STACK_OF(X509) * roots,
                      STACK_OF(X509) * others, trust_path_fn *take, void *arg)
{
    struct walk walk = {
        .roots = roots, .others = others, .take = take, .arg = arg};
    bool is_taken;

    if (sk_X509_num(others) <= 0)
        return false;
    walk.between = sk_X509_new_null();
    is_taken = go_on(&walk, leaf);
    sk_X509_free(walk.between);
    return is_taken;
}
