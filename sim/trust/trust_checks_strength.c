/*
 * The checks of what a certificate is for and how strong it is. These are
 * policy of ours, not the library's: servers of the period used what it would
 * refuse.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_strength.h"

#include "trust_judging.h"

/* The certificates of the path, where the chain was judged. */
static size_t link_count(const struct judging *judging)
{
    const struct chain_report *chain = judging->evidence->chain;

    return chain != NULL && chain->checked ? chain->link_count : 0;
}

/* The first authority that leaves nothing of *usage, or NULL: what an
 * authority may not vouch for, nobody below it can have. The root's own word
 * does not count, for it is trusted as it is. */
static const struct chain_link *narrowing_link(const struct judging *judging,
                                               unsigned *usage)
{
    for (size_t i = 1; i < link_count(judging); i++) {
        const struct chain_link *link = &judging->evidence->chain->links[i];

        if (!link->is_root)
            *usage &= usage_of_peers(link->has_usage, link->usage);
        if (*usage == 0)
            return link;
    }
    return NULL;
}

/* Who is dialled is the server of TLS, and nothing else will do. */
static void check_server_usage(const struct judging *judging,
                               struct trust_check *check)
{
    const struct certificate_facts *leaf = judging->evidence->leaf;
    unsigned usage =
        usage_of_peers(leaf->has_usage, leaf->usage) & USAGE_SERVER_AUTH;
    const struct chain_link *link =
        usage != 0 ? narrowing_link(judging, &usage) : NULL;

    if (leaf->has_usage)
        trust_check_saw(check, "%s",
                        leaf->usage_text != NULL ? leaf->usage_text : "none");
    if (link != NULL)
        trust_check_saw(check, "an authority for other uses: %s",
                        link->subject);
    trust_check_wanted(check, "serverAuth");
    if (usage == 0)
        trust_check_set(check, CHECK_FAIL,
                        "The server that was dialled may not use this "
                        "certificate for server authentication.");
    else
        trust_check_set(check, CHECK_PASS,
                        "The certificate may be shown by a server.");
}

void trust_check_wrong_usage(const struct judging *judging,
                             struct trust_check *check)
{
    const struct certificate_facts *leaf = judging->evidence->leaf;
    unsigned usage = usage_of_peers(leaf->has_usage, leaf->usage);
    const struct chain_link *link =
        usage != 0 ? narrowing_link(judging, &usage) : NULL;

    if (judging->evidence->target != NULL) {
        check_server_usage(judging, check);
        return;
    }
    trust_check_wanted(check, "serverAuth or clientAuth");
    if (leaf->has_usage)
        trust_check_saw(check, "%s",
                        leaf->usage_text != NULL ? leaf->usage_text : "none");
    if (link != NULL) {
        trust_check_saw(check, "%s, below %s",
                        leaf->has_usage ? leaf->usage_text : "any use",
                        link->subject);
        trust_check_set(check, CHECK_FAIL,
                        "A certificate further up the chain is for other uses "
                        "only, and so is all that it vouches for.");
    } else if (usage == 0) {
        trust_check_set(
            check, CHECK_FAIL,
            "The extended key usage allows neither server nor client "
            "authentication.");
    } else if (!leaf->has_usage) {
        trust_check_set(check, CHECK_PASS,
                        "No extended key usage: any use is allowed.");
    } else if (usage == USAGE_SERVER_AUTH) {
        trust_check_set(check, CHECK_WARN,
                        "Server authentication alone: accepted, though a peer "
                        "that opens connections is a TLS client.");
    } else {
        trust_check_set(check, CHECK_PASS,
                        "The extended key usage allows what a peer does.");
    }
}

/* What the policy makes of something weak. */
static enum trust_check_result weak_result(const struct judging *judging)
{
    return judging->policy->weak == WEAK_REFUSE ? CHECK_FAIL : CHECK_WARN;
}

static const struct chain_link *weak_link(const struct judging *judging)
{
    /* The root's own signature proves nothing: it is trusted as it is. */
    for (size_t i = 1; i < link_count(judging); i++) {
        const struct chain_link *link = &judging->evidence->chain->links[i];

        if (!link->is_root && digest_is_weak(link->digest))
            return link;
    }
    return NULL;
}

void trust_check_weak_signature(const struct judging *judging,
                                struct trust_check *check)
{
    const struct certificate_facts *leaf = judging->evidence->leaf;
    const struct chain_link *link = weak_link(judging);

    trust_check_saw(check, "%s",
                    leaf->signature != NULL ? leaf->signature : "none");
    trust_check_wanted(check, "SHA-256 or better");
    if (!leaf->is_self_issued && digest_is_weak(leaf->digest)) {
        trust_check_set(
            check, weak_result(judging),
            "The certificate is signed with %s, which can be forged.",
            leaf->digest);
    } else if (link != NULL) {
        trust_check_saw(check, "%s on %s", link->digest, link->subject);
        trust_check_set(check, weak_result(judging),
                        "A certificate further up the chain is signed with %s, "
                        "which can be forged.",
                        link->digest);
    } else if (leaf->signature != NULL &&
               strcmp(leaf->signature, "rsassaPss") == 0) {
        trust_check_wanted(check, "an RSA signature of PKCS #1 1.5, or ECDSA");
        trust_check_set(
            check, CHECK_WARN,
            "Lync Server 2013 documents RSASSA-PSS as unsupported.");
    } else if (leaf->is_self_issued) {
        trust_check_set(check, CHECK_PASS,
                        "A self-signed certificate's own signature proves "
                        "nothing, whatever it is made with.");
    } else {
        trust_check_set(check, CHECK_PASS, "The signature is not weak.");
    }
}

static const struct chain_link *weak_key_link(const struct judging *judging)
{
    for (size_t i = 1; i < link_count(judging); i++) {
        const struct chain_link *link = &judging->evidence->chain->links[i];

        if (key_is_weak(link->key_algorithm, link->key_bits))
            return link;
    }
    return NULL;
}

void trust_check_weak_key(const struct judging *judging,
                          struct trust_check *check)
{
    const struct certificate_facts *leaf = judging->evidence->leaf;
    const struct chain_link *link = weak_key_link(judging);
    enum key_algorithm algorithm = leaf->key_algorithm;

    trust_check_saw(check, "%s, %u bits", key_algorithm_text(algorithm),
                    leaf->key_bits);
    if (leaf->has_own_curve) {
        trust_check_wanted(check, "a curve that is named");
        trust_check_set(check, CHECK_FAIL,
                        "The key brings its curve along, and no TLS "
                        "connection takes it here.");
    } else if (key_is_weak(algorithm, leaf->key_bits)) {
        trust_check_wanted(check, "%s of %u bits or more",
                           key_algorithm_text(algorithm),
                           key_least_bits(algorithm));
        trust_check_set(check, weak_result(judging),
                        "The key is shorter than is safe today.");
    } else if (link != NULL) {
        algorithm = link->key_algorithm;
        trust_check_saw(check, "%s, %u bits, of %s",
                        key_algorithm_text(algorithm), link->key_bits,
                        link->subject);
        trust_check_wanted(check, "%s of %u bits or more",
                           key_algorithm_text(algorithm),
                           key_least_bits(algorithm));
        trust_check_set(check, weak_result(judging),
                        "A key further up the chain is shorter than is safe "
                        "today.");
    } else if (algorithm == KEY_UNKNOWN) {
        trust_check_set(check, CHECK_WARN,
                        "The key is of a kind that is not known here.");
    } else {
        trust_check_set(check, CHECK_PASS, "The key is long enough.");
    }
}
