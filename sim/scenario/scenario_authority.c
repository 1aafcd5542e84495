/*
 * What an authority of a scenario file can say besides what a certificate
 * can, and what the issuers of a file must have of each other.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

static struct scenario_certificate *certificate_of(void *target)
{
    return ((struct scenario_target *)target)->certificate;
}

static void bind_revokes(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    struct scenario_target *all = target;
    struct scenario_certificate *certificate = all->certificate;

    certificate->has_revokes = scenario_bind_references(
        all->binding, &certificate->revokes, &certificate->revoke_count, value,
        "revokes", diags);
}

static void bind_list_until(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    struct scenario_certificate *certificate = certificate_of(target);

    certificate->has_list_until = scenario_bind_time(
        &certificate->list_until_ms, value, "revokes-until", diags);
}

static const struct yaml_key authority_keys[] = {
    {"subject", "text", "the authority's own name: CN=LAB-DC-CA",
     scenario_bind_subject, false},
    {"file", "text",
     "the customer's own instead: PEM, DER or PFX beside this file",
     scenario_bind_file, false},
    {"key-file", "text", "its private key, if it is to sign",
     scenario_bind_key_file, false},
    {"password-file", "text", "a file whose first line opens them",
     scenario_bind_password_file, false},
    {"issuer", "an authority|self",
     "without it a root; with another authority an intermediate",
     scenario_bind_issuer, false},
    {"key",
     "p256|p384|p521|rsa1024|rsa2048|rsa3072|rsa4096|rsa-pss2048|"
     "rsa-pss3072|ed25519|ed448",
     "kind and size of its key; without it p256", scenario_bind_key, false},
    {"key-of", "text",
     "a certificate or authority whose key it has; without it its own",
     scenario_bind_key_of, false},
    {"digest", "sha256|sha384|sha512|sha1|md5",
     "digest of the signature on it; without it sha256", scenario_bind_digest,
     false},
    {"not-before", "time", "begin of its validity", scenario_bind_not_before,
     false},
    {"not-after", "time", "end of its validity", scenario_bind_not_after,
     false},
    {"path-length", "number", "authorities allowed below it; without it any",
     scenario_bind_path_length, false},
    {"permitted", "list of text", "DNS names it may issue for; without it any",
     scenario_bind_permitted, false},
    {"revokes", "list of text",
     "it publishes a revocation list with these; without it none", bind_revokes,
     false},
    {"revokes-until", "time",
     "when that list must be renewed; without it two years after the clock",
     bind_list_until, false},
};
const struct scenario_key_table scenario_authority_table = {
    "authority", "each name under authorities:", authority_keys,
    LS_COUNT(authority_keys)};

/* How many authorities stand above this one; beyond the limit it may be a
 * circle. */
static size_t count_issuers(const struct scenario *scenario,
                            const struct scenario_certificate *authority)
{
    size_t count = 0;

    for (; count <= SCENARIO_ISSUERS_MAX + scenario->authority_count; count++) {
        if (!authority || !authority->issuer ||
            strcmp(authority->issuer, "self") == 0)
            break;
        authority = scenario_find_authority(scenario, authority->issuer);
    }
    return count;
}

static const struct scenario_certificate *
signer_of(const struct scenario *scenario,
          const struct scenario_certificate *certificate)
{
    if (certificate->issuer && strcmp(certificate->issuer, "self") == 0)
        return certificate;
    if (certificate->issuer)
        return scenario_find_authority(scenario, certificate->issuer);
    if (certificate->is_authority)
        return certificate;
    return scenario->authority_count ? &scenario->authorities[0] : NULL;
}

/* MD5 was never defined for elliptic curves. */
static void check_digest(const struct scenario *scenario,
                         const struct scenario_certificate *certificate,
                         struct ls_diags *diags)
{
    const struct scenario_certificate *signer =
        signer_of(scenario, certificate);

    if (signer && signer->key_of)
        signer = scenario_key_owner(scenario, signer->key_of);
    if (!certificate->digest || strcmp(certificate->digest, "md5") != 0 ||
        (signer &&
         (signer->own || (signer->key && strncmp(signer->key, "rsa", 3) == 0))))
        return;
    ls_diags_add(diags, certificate->place,
                 "Give the authority that signs it \"key: rsa2048\".",
                 "an md5 signature on \"%s\" needs an issuer with an RSA key",
                 certificate->name);
}

/* A key is taken from where it was drawn, and only there. */
static void check_key_of(const struct scenario *scenario,
                         const struct scenario_certificate *certificate,
                         struct ls_diags *diags)
{
    const struct scenario_certificate *other = NULL;

    if (certificate->key_of)
        other = scenario_key_owner(scenario, certificate->key_of);
    if (!other || (!other->file && !other->key_of))
        return;
    ls_diags_add(diags, certificate->place,
                 "Name one that is made here with a key of its own.",
                 "\"%s\" cannot have the key of \"%s\", which has it from "
                 "elsewhere",
                 certificate->name, other->name);
}

static void check_signer(const struct scenario *scenario,
                         const struct scenario_certificate *certificate,
                         struct ls_diags *diags)
{
    const struct scenario_certificate *signer =
        certificate->issuer && strcmp(certificate->issuer, "self") != 0
            ? scenario_find_authority(scenario, certificate->issuer)
            : NULL;

    if (signer && signer->own && !credential_key(signer->own))
        ls_diags_add(diags, certificate->place, "Give it its key-file:.",
                     "the authority \"%s\" cannot sign \"%s\", for it came "
                     "without its private key",
                     signer->name, certificate->name);
}

static void check_one(const struct scenario *scenario,
                      const struct scenario_certificate *certificate,
                      struct ls_diags *diags)
{
    check_key_of(scenario, certificate, diags);
    check_signer(scenario, certificate, diags);
    check_digest(scenario, certificate, diags);
}

void scenario_check_issuers(const struct scenario *scenario,
                            struct ls_diags *diags)
{
    for (size_t i = 0; i < scenario->authority_count; i++) {
        const struct scenario_certificate *authority =
            &scenario->authorities[i];
        size_t count = count_issuers(scenario, authority);

        if (count > SCENARIO_ISSUERS_MAX + scenario->authority_count)
            ls_diags_add(diags, authority->place,
                         "Leave out the issuer of the one that is the root.",
                         "the issuers of the authority \"%s\" go round in a "
                         "circle",
                         authority->name);
        else if (count > SCENARIO_ISSUERS_MAX)
            ls_diags_add(diags, authority->place, NULL,
                         "the authority \"%s\" has more than %d issuers above "
                         "it, which is the limit",
                         authority->name, SCENARIO_ISSUERS_MAX);
    }
    for (size_t i = 0; i < scenario->authority_count; i++)
        check_one(scenario, &scenario->authorities[i], diags);
    for (size_t i = 0; i < scenario->certificate_count; i++)
        check_one(scenario, &scenario->certificates[i], diags);
}
