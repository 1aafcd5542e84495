#include "lyncsim/scenario_lab.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_catalogue.h"

#include "scenario_lab_internal.h"
#include "scenario_lab_recipe.h"

#define LAB_ROOT_SUBJECT "CN=Lab Root CA"
#define LAB_FRONT_END_NAME "fe01.lab.example"
#define LAB_PEER_NAME "cas01.lab.example"

/* How long a revocation list is good where a file says nothing. */
#define LIST_AFTER_S (INT64_C(730) * 86400)

static struct credential *issue(struct scenario_lab *lab,
                                const struct scenario_certificate *certificate,
                                const struct credential *issuer, char **why)
{
    const struct lab_recipe_use use = {lab->mint, lab->scenario, issuer,
                                       lab->clock_s};
    struct credential *credential;
    char *sentence = NULL;

    if (certificate->own)
        return credential_new(credential_leaf(certificate->own),
                              credential_chain(certificate->own),
                              credential_key(certificate->own));
    credential = lab_recipe_issue(certificate, &use, &sentence);
    if (!credential)
        *why = ls_strf("the %s \"%s\" cannot be made: %s",
                       certificate->is_authority ? "authority" : "certificate",
                       certificate->name, sentence);
    free(sentence);
    return credential;
}

struct lab_entry *scenario_lab_find_authority(const struct scenario_lab *lab,
                                              const char *name)
{
    for (size_t i = 0; i < lab->scenario->authority_count; i++)
        if (strcmp(lab->authorities[i].certificate->name, name) == 0)
            return &lab->authorities[i];
    return NULL;
}

struct lab_entry *scenario_lab_find_certificate(const struct scenario_lab *lab,
                                                const char *name)
{
    for (size_t i = 0; i < lab->scenario->certificate_count; i++)
        if (strcmp(lab->certificates[i].certificate->name, name) == 0)
            return &lab->certificates[i];
    return NULL;
}

bool scenario_lab_is_self(const struct scenario_certificate *certificate)
{
    return certificate->issuer && strcmp(certificate->issuer, "self") == 0;
}

/* Issuers first; the file was checked to have neither circles nor more. */
static bool issue_authority(struct scenario_lab *lab, struct lab_entry *entry,
                            char **why)
{
    struct lab_entry *chain[1 + SCENARIO_ISSUERS_MAX];
    size_t depth = 0;

    for (struct lab_entry *next = entry; next && !next->credential;) {
        assert(depth < LS_COUNT(chain));
        chain[depth++] = next;
        next = next->certificate->issuer &&
                       !scenario_lab_is_self(next->certificate)
                   ? scenario_lab_find_authority(lab, next->certificate->issuer)
                   : NULL;
    }
    while (depth-- > 0) {
        const struct scenario_certificate *one = chain[depth]->certificate;
        const struct credential *issuer =
            one->issuer && !scenario_lab_is_self(one)
                ? scenario_lab_find_authority(lab, one->issuer)->credential
                : NULL;

        chain[depth]->credential = issue(lab, one, issuer, why);
        if (!chain[depth]->credential)
            return false;
    }
    return true;
}

const struct lab_entry *
scenario_lab_default_authority(const struct scenario_lab *lab)
{
    for (size_t i = 0; i < lab->scenario->authority_count; i++)
        if (credential_key(lab->authorities[i].credential))
            return &lab->authorities[i];
    return NULL;
}

/* Who signs where a certificate names none. */
static const struct credential *default_issuer(const struct scenario_lab *lab)
{
    const struct lab_entry *authority = scenario_lab_default_authority(lab);

    return authority ? authority->credential : lab->root;
}

static const struct credential *
issuer_of(const struct scenario_lab *lab,
          const struct scenario_certificate *certificate)
{
    if (scenario_lab_is_self(certificate))
        return NULL;
    return certificate->issuer
               ? scenario_lab_find_authority(lab, certificate->issuer)
                     ->credential
               : default_issuer(lab);
}

static bool issue_authorities(struct scenario_lab *lab, char **why)
{
    const struct scenario_certificate root = {
        .name = (char[]){"lab"},
        .is_authority = true,
        .subject = (char[]){LAB_ROOT_SUBJECT},
    };
    const struct scenario *scenario = lab->scenario;

    for (size_t i = 0; i < scenario->authority_count; i++)
        if (!issue_authority(lab, &lab->authorities[i], why))
            return false;
    if (scenario_lab_default_authority(lab))
        return true;
    lab->root = issue(lab, &root, NULL, why);
    return lab->root != NULL;
}

static bool issue_certificates(struct scenario_lab *lab, char **why)
{
    const struct scenario_certificate front_end = {
        .name = (char[]){"front end"},
        .subject = (char[]){"CN=" LAB_FRONT_END_NAME},
    };

    for (size_t i = 0; i < lab->scenario->certificate_count; i++) {
        struct lab_entry *entry = &lab->certificates[i];

        entry->credential = issue(lab, entry->certificate,
                                  issuer_of(lab, entry->certificate), why);
        if (!entry->credential)
            return false;
    }
    lab->front_end = issue(lab, &front_end, default_issuer(lab), why);
    return lab->front_end != NULL;
}

/* What a name means in a list that speaks of both kinds. */
enum lab_preference { PREFER_AUTHORITIES, PREFER_CERTIFICATES };

static const struct credential *find_any(const struct scenario_lab *lab,
                                         const char *name,
                                         enum lab_preference preference)
{
    const struct lab_entry *authority = scenario_lab_find_authority(lab, name);
    const struct lab_entry *certificate =
        scenario_lab_find_certificate(lab, name);

    if (authority && (preference == PREFER_AUTHORITIES || !certificate))
        return authority->credential;
    return certificate->credential;
}

/* The named ones; the array is the caller's to free. */
static const struct credential **find_all(const struct scenario_lab *lab,
                                          char *const *names, size_t count,
                                          enum lab_preference preference)
{
    const struct credential **found = ls_alloc_array(count + 1, sizeof(*found));

    for (size_t i = 0; i < count; i++)
        found[i] = find_any(lab, names[i], preference);
    return found;
}

/* What is sent is separate from what was issued. */
static void replace_chains(struct scenario_lab *lab)
{
    for (size_t i = 0; i < lab->scenario->certificate_count; i++) {
        struct lab_entry *entry = &lab->certificates[i];
        const struct scenario_certificate *certificate = entry->certificate;
        const struct credential **others;
        struct credential *replaced;

        if (!certificate->has_chain)
            continue;
        others = find_all(lab, certificate->chain, certificate->chain_count,
                          PREFER_AUTHORITIES);
        replaced = credential_with_chain(entry->credential, others,
                                         certificate->chain_count);
        free(others);
        credential_free(entry->credential);
        entry->credential = replaced;
    }
}

static bool issue_lists(struct scenario_lab *lab, char **why)
{
    for (size_t i = 0; i < lab->scenario->authority_count; i++) {
        struct lab_entry *entry = &lab->authorities[i];
        const struct scenario_certificate *authority = entry->certificate;
        const struct credential **revoked;
        struct mint_crl_profile profile;
        int64_t until_s = authority->has_list_until
                              ? lab_seconds(authority->list_until_ms)
                              : lab->clock_s + LIST_AFTER_S;

        if (!authority->has_revokes)
            continue;
        revoked = find_all(lab, authority->revokes, authority->revoke_count,
                           PREFER_CERTIFICATES);
        profile = (struct mint_crl_profile){
            .revoked = revoked,
            .revoked_count = authority->revoke_count,
            .this_update_s =
                (until_s < lab->clock_s ? until_s : lab->clock_s) - 86400,
            .next_update_s = until_s,
        };
        entry->list =
            mint_issue_crl(lab->mint, entry->credential, &profile, why);
        free(revoked);
        if (!entry->list)
            return false;
    }
    return true;
}

static const char *fault_of(const char *certificate)
{
    return strncmp(certificate, "fault:", 6) == 0 ? certificate + 6 : NULL;
}

/* The name that the table is asked for. */
static const char *fqdn_for(const struct scenario_lab *lab,
                            const struct scenario_peer *peer,
                            const struct scenario_front_end *settings)
{
    const struct topology *topology =
        scenario_topology(lab->scenario, settings);

    if (peer && peer->from)
        return peer->from;
    return topology && topology->count ? topology->pools[0]->fqdn
                                       : LAB_PEER_NAME;
}

static const struct credential *find_fault(const struct scenario_lab *lab,
                                           const char *name, const char *fqdn)
{
    for (size_t i = 0; i < lab->fault_count; i++)
        if (strcmp(lab->faults[i].name, name) == 0 &&
            strcmp(lab->faults[i].fqdn, fqdn) == 0)
            return lab->faults[i].credential;
    return NULL;
}

/* Faults are made before anybody is told whom to trust, for the authorities
 * above them are part of what is known. */
static bool issue_fault(struct scenario_lab *lab,
                        struct certificate_catalogue **catalogue,
                        const char *certificate, const char *fqdn, char **why)
{
    const char *name = certificate ? fault_of(certificate) : NULL;
    struct catalogue_order order = {
        .mint = lab->mint,
        .lab = default_issuer(lab),
        .fqdn = ls_str_from(fqdn),
        .clock_s = lab->clock_s,
        .faults = ls_str_from(name),
    };
    struct credential *credential;
    char *sentence = NULL;

    if (!name || find_fault(lab, name, fqdn))
        return true;
    if (!*catalogue)
        *catalogue = certificate_catalogue_new();
    credential =
        certificate_catalogue_issue(*catalogue, &order, lab->known, &sentence);
    if (!credential)
        *why = ls_strf("the fault \"%s\" cannot be made: %s", name, sentence);
    free(sentence);
    if (!credential)
        return false;
    LS_GROW(lab->faults, lab->fault_count, lab->fault_capacity);
    lab->faults[lab->fault_count++] =
        (struct lab_fault){ls_strdup(name), ls_strdup(fqdn), credential};
    return true;
}

/* What a Front End shows at any of its interfaces. */
static bool issue_front_end_faults(struct scenario_lab *lab,
                                   struct certificate_catalogue **catalogue,
                                   const struct scenario_front_end *settings,
                                   char **why)
{
    bool done = issue_fault(lab, catalogue, settings->certificate,
                            LAB_FRONT_END_NAME, why);

    for (size_t i = 0; i < settings->interface_count && done; i++)
        done = issue_fault(lab, catalogue, settings->interfaces[i].certificate,
                           LAB_FRONT_END_NAME, why);
    return done;
}

static bool issue_faults(struct scenario_lab *lab, char **why)
{
    const struct scenario *scenario = lab->scenario;
    struct certificate_catalogue *catalogue = NULL; /* read if needed */
    bool done =
        issue_front_end_faults(lab, &catalogue, &scenario->front_end, why);

    for (size_t i = 0; i < scenario->front_end_count && done; i++)
        done = issue_front_end_faults(lab, &catalogue,
                                      &scenario->front_ends[i].settings, why);
    for (size_t i = 0; i < scenario->step_count && done; i++) {
        const struct scenario_step *step = &scenario->steps[i];

        done = issue_front_end_faults(lab, &catalogue, &step->settings, why) &&
               issue_fault(lab, &catalogue, step->peer.certificate,
                           fqdn_for(lab, &step->peer, &step->settings), why) &&
               issue_fault(lab, &catalogue, step->peer.listen.certificate,
                           fqdn_for(lab, &step->peer, &step->settings), why);
    }
    certificate_catalogue_free(catalogue);
    return done;
}

static struct lab_entry *entries_of(const struct scenario_certificate *array,
                                    size_t count)
{
    struct lab_entry *entries = ls_alloc_array(count + 1, sizeof(*entries));

    for (size_t i = 0; i < count; i++)
        entries[i].certificate = &array[i];
    return entries;
}

struct scenario_lab *scenario_lab_new(const struct scenario *scenario,
                                      char **why)
{
    struct scenario_lab *lab = ls_alloc(sizeof(*lab));
    struct ls_str seed = ls_str_from(scenario->seed);

    lab->scenario = scenario;
    lab->mint = mint_new(&seed);
    lab->known = trust_known_new();
    lab->clock_s = lab_seconds(scenario->clock_ms);
    lab->authorities =
        entries_of(scenario->authorities, scenario->authority_count);
    lab->certificates =
        entries_of(scenario->certificates, scenario->certificate_count);
    if (issue_authorities(lab, why) && issue_certificates(lab, why) &&
        issue_lists(lab, why) && issue_faults(lab, why)) {
        replace_chains(lab);
        /* The library remembers in each thread what it made there; whoever
         * frees the lab may do so in another. */
        mint_free(lab->mint);
        lab->mint = NULL;
        return lab;
    }
    scenario_lab_free(lab);
    return NULL;
}

void scenario_lab_free(struct scenario_lab *lab)
{
    if (!lab)
        return;
    for (size_t i = 0; i < lab->anchors_count; i++) {
        free(lab->anchors[i].key);
        trust_anchors_free(lab->anchors[i].anchors);
    }
    for (size_t i = 0; i < lab->scenario->authority_count; i++) {
        credential_free(lab->authorities[i].credential);
        mint_free_crl(lab->authorities[i].list);
    }
    for (size_t i = 0; i < lab->scenario->certificate_count; i++)
        credential_free(lab->certificates[i].credential);
    for (size_t i = 0; i < lab->fault_count; i++) {
        free(lab->faults[i].name);
        free(lab->faults[i].fqdn);
        credential_free(lab->faults[i].credential);
    }
    free(lab->faults);
    trust_known_free(lab->known);
    credential_free(lab->root);
    credential_free(lab->front_end);
    free(lab->anchors);
    free(lab->authorities);
    free(lab->certificates);
    mint_free(lab->mint);
    free(lab);
}

const struct credential *scenario_lab_credential(struct scenario_lab *lab,
                                                 const char *name)
{
    const struct lab_entry *entry = scenario_lab_find_certificate(lab, name);

    return entry ? entry->credential : NULL;
}

const struct credential *
scenario_lab_front_end(struct scenario_lab *lab,
                       const struct scenario_front_end *settings)
{
    const char *fault =
        settings->certificate ? fault_of(settings->certificate) : NULL;

    if (fault)
        return find_fault(lab, fault, LAB_FRONT_END_NAME);
    return settings->certificate
               ? scenario_lab_credential(lab, settings->certificate)
               : lab->front_end;
}

const struct credential *
scenario_lab_peer(struct scenario_lab *lab, const struct scenario_peer *peer,
                  const struct scenario_front_end *settings)
{
    const char *fault = fault_of(peer->certificate);
    const struct credential *credential;

    if (!fault)
        return scenario_lab_credential(lab, peer->certificate);
    credential = find_fault(lab, fault, fqdn_for(lab, peer, settings));
    assert(credential);
    return credential;
}
