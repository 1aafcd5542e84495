/*
 * The authorities: and certificates: of a scenario file.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mint.h"
#include "lyncsim/timestamp.h"

#include "scenario_bind.h"

static struct scenario_certificate *certificate_of(void *target)
{
    return ((struct scenario_target *)target)->certificate;
}

void scenario_bind_subject(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    struct scenario_certificate *certificate = certificate_of(target);
    struct profile_attribute *attributes;
    size_t faults = ls_diags_fault_count(diags);
    size_t count;
    char *why = NULL;

    scenario_bind_text(&certificate->subject, value, "the subject", diags);
    if (ls_diags_fault_count(diags) != faults)
        return;
    attributes = profile_parse_subject(value->text, &count, &why);
    if (!attributes)
        ls_diags_add(diags, value->place,
                     "Write it as CN=owa.contoso.com, O=Contoso.",
                     "the subject cannot be read: %s", why);
    free(attributes);
    free(why);
}

void scenario_bind_issuer(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_reference(all->binding, &all->certificate->issuer,
                            REFER_ISSUER, value, "the issuer", diags);
}

static const char *const san_prefixes[] = {
    "dns:", "uri:", "ip:", "email:", "upn:", "oid:", NULL};

/* "host:5061" is no name, and neither is a kind nobody knows. */
static void check_san(const struct yaml_node *item, struct ls_diags *diags)
{
    size_t colon = ls_str_find(item->text, ':');

    if (colon == item->text.length)
        return;
    for (size_t i = 0; san_prefixes[i]; i++)
        if (ls_str_starts_with(item->text, san_prefixes[i]) &&
            item->text.length > strlen(san_prefixes[i]))
            return;
    ls_diags_add(diags, item->place,
                 "Write a DNS name as it is, others as uri:sip:a.b, "
                 "ip:192.0.2.7, email:a@b, upn:a@b or oid:1.2.3.",
                 "\"%s\" is no kind of alternative name", item->text.at);
}

static void bind_san(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    struct scenario_certificate *certificate = certificate_of(target);
    size_t faults = ls_diags_fault_count(diags);

    if (!scenario_bind_texts(&certificate->sans, &certificate->san_count, value,
                             "san", "[owa.contoso.com]", diags) ||
        ls_diags_fault_count(diags) != faults)
        return;
    for (size_t i = 0; i < value->count; i++)
        check_san(value->items[i], diags);
}

static const char *const usage_names[] = {
    "serverAuth",   "clientAuth",  "codeSigning",         "emailProtection",
    "timeStamping", "OCSPSigning", "anyExtendedKeyUsage",
};

static bool is_dotted_oid(struct ls_str text)
{
    bool dotted = false;

    for (size_t i = 0; i < text.length; i++) {
        bool dot = text.at[i] == '.';

        if (!dot && (text.at[i] < '0' || text.at[i] > '9'))
            return false;
        if (dot && (i == 0 || i + 1 == text.length || text.at[i - 1] == '.'))
            return false;
        dotted = dotted || dot;
    }
    return dotted && text.at[0] <= '2' && text.at[1] == '.';
}

static void check_usage(const struct yaml_node *item, struct ls_diags *diags)
{
    char *hint;

    for (size_t i = 0; i < LS_COUNT(usage_names); i++)
        if (ls_str_equal_text(item->text, usage_names[i]))
            return;
    if (is_dotted_oid(item->text))
        return;
    hint =
        scenario_did_you_mean(item->text, usage_names, LS_COUNT(usage_names));
    ls_diags_add(diags, item->place, hint,
                 "there is no extended key usage \"%s\"", item->text.at);
    free(hint);
}

static void bind_usage(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct scenario_certificate *certificate = certificate_of(target);
    size_t faults = ls_diags_fault_count(diags);

    certificate->without_usage =
        value->kind == YAML_SCALAR && ls_str_equal_text(value->text, "none");
    if (certificate->without_usage) {
        scenario_free_texts(certificate->usages, certificate->usage_count);
        certificate->usages = NULL;
        certificate->usage_count = 0;
        return;
    }
    if (!scenario_bind_texts(&certificate->usages, &certificate->usage_count,
                             value, "extended-key-usage",
                             "[serverAuth, clientAuth]", diags) ||
        ls_diags_fault_count(diags) != faults)
        return;
    for (size_t i = 0; i < value->count; i++)
        check_usage(value->items[i], diags);
    if (value->count == 0)
        ls_diags_add(diags, value->place,
                     "Write none for a certificate without this extension.",
                     "extended-key-usage lists no usage");
}

void scenario_bind_key(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    static const char *const names[] = {
        "p256",        "p384",    "p521",    "rsa1024",
        "rsa2048",     "rsa3072", "rsa4096", "rsa-pss2048",
        "rsa-pss3072", "ed25519", "ed448",
    };

    scenario_bind_name_of(&certificate_of(target)->key, value, "the key", names,
                          LS_COUNT(names), diags);
}

void scenario_bind_digest(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    static const char *const names[] = {"sha256", "sha384", "sha512", "sha1",
                                        "md5"};

    scenario_bind_name_of(&certificate_of(target)->digest, value, "the digest",
                          names, LS_COUNT(names), diags);
}

/* A point in time, or a distance from the clock: "1 day ago", "in 2 weeks". */
static bool bind_moment(int64_t *ms, bool *is_relative,
                        const struct yaml_node *value, const char *what,
                        struct ls_diags *diags)
{
    struct ls_str text;
    bool before;

    if (!yaml_text(value, what, &text, diags))
        return false;
    before = ls_str_ends_with(text, " ago");
    *is_relative = before || ls_str_starts_with(text, "in ");
    if (!*is_relative)
        return scenario_bind_time(ms, value, what, diags);
    text = before ? ls_str_first(text, text.length - strlen(" ago"))
                  : ls_str_skip(text, strlen("in "));
    if (timestamp_parse_duration(text, ms) && *ms <= SCENARIO_ADVANCE_MAX_MS) {
        *ms = before ? -*ms : *ms;
        return true;
    }
    ls_diags_add(
        diags, value->place,
        "Write for example 1 day ago, in 2 weeks, in 104 weeks: a week is the "
        "longest unit.",
        "%s must be a point in time, not \"%s\"", what, value->text.at);
    return false;
}

void scenario_bind_not_before(void *target, const struct yaml_node *value,
                              struct ls_diags *diags)
{
    struct scenario_certificate *certificate = certificate_of(target);

    certificate->has_not_before = bind_moment(
        &certificate->not_before_ms, &certificate->is_not_before_relative,
        value, "not-before", diags);
}

void scenario_bind_not_after(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    struct scenario_certificate *certificate = certificate_of(target);

    certificate->has_not_after = bind_moment(
        &certificate->not_after_ms, &certificate->is_not_after_relative, value,
        "not-after", diags);
}

static void bind_serial(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);

    scenario_bind_text(&certificate_of(target)->serial, value, "the serial",
                       diags);
    if (ls_diags_fault_count(diags) == faults &&
        (strspn(value->text.at, "0123456789ABCDEFabcdef") !=
             value->text.length ||
         value->text.length > 40))
        ls_diags_add(diags, value->place, "Write for example \"0A1B2C\".",
                     "the serial must be up to 40 hexadecimal digits");
}

static void bind_key_usage(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    static const char *const names[] = {
        "digitalSignature", "nonRepudiation", "keyEncipherment",
        "dataEncipherment", "keyAgreement",   "keyCertSign",
        "cRLSign",          "encipherOnly",   "decipherOnly",
    };
    struct scenario_certificate *certificate = certificate_of(target);
    size_t faults = ls_diags_fault_count(diags);
    size_t choice;

    if (!scenario_bind_texts(&certificate->key_usages,
                             &certificate->key_usage_count, value, "key-usage",
                             "[digitalSignature]", diags) ||
        ls_diags_fault_count(diags) != faults)
        return;
    for (size_t i = 0; i < value->count; i++)
        yaml_choice(value->items[i], "a key usage", names, LS_COUNT(names),
                    &choice, diags);
}

static void bind_chain(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct scenario_target *all = target;
    struct scenario_certificate *certificate = all->certificate;

    certificate->has_chain = scenario_bind_references(
        all->binding, &certificate->chain, &certificate->chain_count, value,
        "the chain", diags);
}

static void bind_foreign_key(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    yaml_boolean(value, "foreign-key", &certificate_of(target)->has_foreign_key,
                 diags);
}

static const struct yaml_key certificate_keys[] = {
    {"file", "text",
     "the customer's own: PEM, DER or PFX beside this file; with chain: alone",
     scenario_bind_file, false},
    {"key-file", "text", "its private key, where that is in another file",
     scenario_bind_key_file, false},
    {"password-file", "text", "a file whose first line opens them",
     scenario_bind_password_file, false},
    {"from", "a certificate",
     "another of certificates:, of which this says the changes alone",
     scenario_bind_from, false},
    {"issuer", "an authority|self",
     "who signs it; without it the lab's root, or the first of authorities",
     scenario_bind_issuer, false},
    {"subject", "text",
     "the subject, encoded left to right: CN=owa.contoso.com, O=Contoso",
     scenario_bind_subject, false},
    {"san", "list of text",
     "alternative names: a.b is a DNS name; uri:…, ip:…, email:…, upn:…, oid:…",
     bind_san, false},
    {"extended-key-usage", "list of text|none",
     "what it may be used for; without it serverAuth and clientAuth",
     bind_usage, false},
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
    {"pss", "true|false",
     "an RSA issuer signs it with RSASSA-PSS; without it false",
     scenario_bind_pss, false},
    {"not-before", "time",
     "begin of its validity, or 1 day ago; without it a year before the clock",
     scenario_bind_not_before, false},
    {"not-after", "time",
     "end of its validity, or in 2 weeks; without it two years after the clock",
     scenario_bind_not_after, false},
    {"serial", "hexadecimal", "its serial number; without it drawn",
     bind_serial, false},
    {"key-usage", "list of text",
     "digitalSignature, keyEncipherment …; without it what fits",
     bind_key_usage, false},
    {"key-ids", "true|false",
     "whether it states key identifiers; without it true",
     scenario_bind_key_ids, false},
    {"version", "1|3", "1 has no extensions; without it 3",
     scenario_bind_version, false},
    {"crl-urls", "list of text", "where its revocation list is said to be",
     scenario_bind_crl_urls, false},
    {"issuer-urls", "list of text",
     "where its issuer's certificate is said to be", scenario_bind_issuer_urls,
     false},
    {"ocsp-urls", "list of text", "where its OCSP responder is said to be",
     scenario_bind_ocsp_urls, false},
    {"chain", "list of text",
     "what is sent after it; without it the intermediates above it", bind_chain,
     false},
    {"authority", "true|false",
     "whether it may issue certificates itself; without it false",
     scenario_bind_authority, false},
    {"path-length", "number", "of an authority: how many may stand below it",
     scenario_bind_path_length, false},
    {"permitted", "list of text", "of an authority: DNS names it may issue for",
     scenario_bind_permitted, false},
    {"depth", "number", "so many intermediates above it more",
     scenario_bind_depth, false},
    {"san-count", "number", "so many alternative names more",
     scenario_bind_san_count, false},
    {"subject-bytes", "number", "so many bytes of subject more",
     scenario_bind_subject_bytes, false},
    {"staple", "a staple",
     "the OCSP response that a Front End staples to it: good, revoked …; "
     "without it none",
     scenario_bind_staple, false},
    {"foreign-key", "true|false",
     "the key is another than the certificate's; without it false",
     bind_foreign_key, false},
};
const struct scenario_key_table scenario_certificate_table = {
    "certificate", "each name under certificates:", certificate_keys,
    LS_COUNT(certificate_keys)};

static void check_name(const struct yaml_node *key, struct ls_diags *diags)
{
    static const char *const reserved[] = {"none", "self"};

    for (size_t i = 0; i < LS_COUNT(reserved); i++)
        if (ls_str_equal_text(key->text, reserved[i]))
            ls_diags_add(diags, key->place, "Choose another name.",
                         "the name \"%s\" has a meaning of its own",
                         key->text.at);
    if (ls_str_starts_with(key->text, "fault:"))
        ls_diags_add(diags, key->place, "Choose another name.",
                     "names that begin with fault: are those of the "
                     "catalogue");
}

static void check_validity(const struct scenario_certificate *certificate,
                           const struct yaml_node *own, struct ls_diags *diags)
{
    const struct yaml_node *end = yaml_find(own, "not-after");

    if (certificate->has_not_before && certificate->has_not_after &&
        certificate->is_not_before_relative ==
            certificate->is_not_after_relative &&
        certificate->not_after_ms < certificate->not_before_ms)
        ls_diags_add(diags, end ? end->place : own->place, NULL,
                     "not-after lies before not-before");
}

/* all is the section that it stands in. */
static void bind_one(struct scenario_binding *binding,
                     struct scenario_certificate *certificate,
                     const struct yaml_node *all, const struct yaml_pair *pair,
                     struct ls_diags *diags)
{
    struct scenario_target target = {.binding = binding,
                                     .certificate = certificate};
    const char *what =
        certificate->is_authority ? "an authority" : "a certificate";
    size_t faults = ls_diags_fault_count(diags);

    check_name(pair->key, diags);
    certificate->name = ls_str_dup(pair->key->text);
    certificate->place = pair->key->place;
    if (certificate->is_authority) {
        yaml_bind(&target, pair->value, what, scenario_authority_table.keys,
                  scenario_authority_table.count, diags);
        check_validity(certificate, pair->value, diags);
        if (ls_diags_fault_count(diags) == faults)
            scenario_read_certificate(&target, pair->value, diags);
        if (ls_diags_fault_count(diags) == faults && !certificate->subject &&
            !certificate->file)
            ls_diags_add(diags, pair->value->place,
                         "Write for example {subject: CN=LAB-DC-CA}.",
                         "the authority \"%s\" has neither subject nor file",
                         certificate->name);
        return;
    }
    scenario_lay_certificate(&target, all, pair->value, diags);
    yaml_bind(&target, pair->value, what, scenario_certificate_table.keys,
              scenario_certificate_table.count, diags);
    check_validity(certificate, pair->value, diags);
    if (ls_diags_fault_count(diags) == faults)
        scenario_read_certificate(&target, pair->value, diags);
    if (ls_diags_fault_count(diags) == faults && !certificate->subject &&
        certificate->san_count == 0 && !certificate->file)
        ls_diags_add(diags, pair->key->place,
                     "Write for example {subject: CN=owa.contoso.com}.",
                     "the certificate \"%s\" has neither subject nor san",
                     certificate->name);
}

void scenario_bind_certificates(struct scenario_binding *binding,
                                bool authorities, const struct yaml_node *node,
                                struct ls_diags *diags)
{
    struct scenario *scenario = binding->scenario;
    struct scenario_certificate *array;

    if (node->kind != YAML_MAPPING) {
        ls_diags_add(diags, node->place,
                     "Write one name a line: \"owa: {subject: "
                     "CN=owa.contoso.com}\".",
                     "%s must be a mapping of names",
                     authorities ? "authorities" : "certificates");
        return;
    }
    if (node->count > SCENARIO_CERTIFICATES_MAX) {
        ls_diags_add(diags, node->place, NULL,
                     "here are more than %d certificates, which is the limit",
                     SCENARIO_CERTIFICATES_MAX);
        return;
    }
    array = ls_alloc_array(node->count + 1, sizeof(*array));
    for (size_t i = 0; i < node->count; i++) {
        array[i].is_authority = authorities;
        bind_one(binding, &array[i], node, &node->pairs[i], diags);
    }
    if (authorities) {
        scenario->authorities = array;
        scenario->authority_count = node->count;
    } else {
        scenario->certificates = array;
        scenario->certificate_count = node->count;
    }
}

void scenario_certificate_clear(struct scenario_certificate *certificate)
{
    scenario_free_texts(certificate->sans, certificate->san_count);
    scenario_free_texts(certificate->usages, certificate->usage_count);
    scenario_free_texts(certificate->key_usages, certificate->key_usage_count);
    scenario_free_texts(certificate->chain, certificate->chain_count);
    recipe_clear(&certificate->more);
    scenario_free_texts(certificate->revokes, certificate->revoke_count);
    scenario_free_texts(certificate->crl_urls, certificate->crl_url_count);
    scenario_free_texts(certificate->issuer_urls,
                        certificate->issuer_url_count);
    credential_free(certificate->own);
    free(certificate->file);
    free(certificate->key_file);
    free(certificate->password_file);
    free(certificate->from);
    free(certificate->key_of);
    free(certificate->name);
    free(certificate->subject);
    free(certificate->issuer);
    free(certificate->key);
    free(certificate->digest);
    free(certificate->serial);
    free(certificate->fault);
    *certificate = (struct scenario_certificate){0};
}
