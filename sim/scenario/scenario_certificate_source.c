/*
 * Where a certificate of a scenario file comes from: files of the customer's
 * own, or another certificate with changes; and keys that only some need.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"
#include "scenario_extend.h"

/* Certificates that are from each other, one above the other. */
#define FROM_DEPTH_MAX 16

static struct scenario_certificate *certificate_of(void *target)
{
    return ((struct scenario_target *)target)->certificate;
}

void scenario_bind_key_of(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_reference(all->binding, &all->certificate->key_of, REFER_ANY,
                            value, "key-of", diags);
}

void scenario_bind_pss(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    yaml_boolean(value, "pss", &certificate_of(target)->uses_pss, diags);
}

void scenario_bind_key_ids(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    bool with;

    if (yaml_boolean(value, "key-ids", &with, diags))
        certificate_of(target)->without_key_ids = !with;
}

void scenario_bind_version(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    static const char *const names[] = {"1", "3"};
    size_t choice;

    if (yaml_choice(value, "the version", names, LS_COUNT(names), &choice,
                    diags))
        certificate_of(target)->is_version_1 = choice == 0;
}

void scenario_bind_crl_urls(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    struct scenario_certificate *certificate = certificate_of(target);

    scenario_bind_texts(&certificate->crl_urls, &certificate->crl_url_count,
                        value, "crl-urls", "[\"http://pki/lab.crl\"]", diags);
}

void scenario_bind_issuer_urls(void *target, const struct yaml_node *value,
                               struct ls_diags *diags)
{
    struct scenario_certificate *certificate = certificate_of(target);

    scenario_bind_texts(&certificate->issuer_urls,
                        &certificate->issuer_url_count, value, "issuer-urls",
                        "[\"http://pki/lab.crt\"]", diags);
}

void scenario_bind_from(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    scenario_bind_text(&certificate_of(target)->from, value, "from", diags);
}

void scenario_bind_file(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    scenario_bind_text(&certificate_of(target)->file, value, "file", diags);
}

void scenario_bind_key_file(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    scenario_bind_text(&certificate_of(target)->key_file, value, "key-file",
                       diags);
}

void scenario_bind_password_file(void *target, const struct yaml_node *value,
                                 struct ls_diags *diags)
{
    scenario_bind_text(&certificate_of(target)->password_file, value,
                       "password-file", diags);
}

static void refuse_base(const struct yaml_node *all,
                        const struct yaml_node *from, struct ls_diags *diags)
{
    const char **names = ls_alloc_array(all->count + 1, sizeof *names);
    char *hint;

    for (size_t i = 0; i < all->count; i++)
        names[i] = all->pairs[i].key->text.at;
    hint = scenario_did_you_mean(from->text, names, all->count);
    ls_diags_add(
        diags, from->place, hint,
        "there is no certificate \"%s\" under certificates:", from->text.at);
    free(hint);
    free(names);
}

/* What is wrong with a base is said where it stands, and what it refers to is
 * looked up for itself. */
static void bind_base(struct scenario_target *target,
                      const struct yaml_node *base, const char *file)
{
    size_t references = target->binding->reference_count;
    struct ls_diags unsaid;

    ls_diags_init(&unsaid, file, (struct ls_str){0});
    yaml_bind(target, base, "a certificate", scenario_certificate_table.keys,
              scenario_certificate_table.count, &unsaid);
    ls_diags_clear(&unsaid);
    target->binding->reference_count = references;
}

/* A file is read for what it says; its key and chain stay where they are. */
static void copy_base(struct scenario_target *target,
                      const struct yaml_node *base, const char *file)
{
    struct scenario_certificate read = {0};
    struct scenario_target own = {.binding = target->binding,
                                  .certificate = &read};
    struct ls_diags unsaid;

    bind_base(&own, base, file);
    ls_diags_init(&unsaid, file, (struct ls_str){0});
    scenario_read_certificate(&own, base, &unsaid);
    ls_diags_clear(&unsaid);
    if (read.own)
        scenario_copy_certificate(target->certificate,
                                  credential_facts(read.own));
    scenario_certificate_clear(&read);
}

void scenario_lay_certificate(struct scenario_target *target,
                              const struct yaml_node *all,
                              const struct yaml_node *own,
                              struct ls_diags *diags)
{
    const struct yaml_node *bases[FROM_DEPTH_MAX];
    const struct yaml_node *node = own;
    size_t depth = 0;

    while (node->kind == YAML_MAPPING && yaml_find(node, "from")) {
        const struct yaml_node *from = yaml_find(node, "from");
        const struct yaml_node *base =
            from->kind == YAML_SCALAR ? yaml_find(all, from->text.at) : NULL;

        if (!base) {
            if (node == own && from->kind == YAML_SCALAR)
                refuse_base(all, from, diags);
            return;
        }
        if (depth == FROM_DEPTH_MAX || base == own) {
            ls_diags_add(diags, from->place, NULL,
                         "certificates are from each other more than %d deep "
                         "here, or in a circle",
                         FROM_DEPTH_MAX);
            return;
        }
        if (base->kind == YAML_MAPPING && yaml_find(base, "file")) {
            copy_base(target, base, diags->file);
            break;
        }
        bases[depth++] = base;
        node = base;
    }
    while (depth-- > 0)
        bind_base(target, bases[depth], diags->file);
}

/* The content of the file that a key names, "" without that key; false and a
 * fault at it. */
static bool read_named(const struct scenario_loader *loader,
                       const struct yaml_node *own, const char *key,
                       struct ls_buf *out, struct ls_diags *diags)
{
    const struct yaml_node *name = yaml_find(own, key);
    char *why = NULL;
    char *path;
    char *bytes;
    size_t length;

    if (!name)
        return true;
    if (!loader) {
        ls_diags_add(diags, name->place, NULL,
                     "no other file can be read from here");
        return false;
    }
    path = scenario_path_beside(diags->file, name->text.at);
    bytes = loader->read(loader->arg, path, &length, &why);
    if (bytes) {
        ls_buf_add(out, ls_str_from_bytes(bytes, length));
        explicit_bzero(bytes, length);
    } else {
        ls_diags_add(diags, name->place,
                     "It is looked for beside the scenario file.", "%s", why);
    }
    free(bytes);
    free(path);
    free(why);
    return bytes != NULL;
}

/* A file says all of it; what else is written would be without effect. */
static bool check_alone(const struct scenario_certificate *certificate,
                        const struct yaml_node *own, struct ls_diags *diags)
{
    static const char *const allowed[] = {"file", "key-file", "password-file",
                                          "chain"};
    size_t faults = ls_diags_fault_count(diags);

    for (size_t i = 0; i < own->count; i++) {
        const struct yaml_node *key = own->pairs[i].key;
        bool fits = false;

        for (size_t j = 0; j < LS_COUNT(allowed); j++)
            fits = fits || ls_str_equal_text(key->text, allowed[j]);
        if (!fits)
            ls_diags_add(diags, key->place, NULL,
                         "\"%s\" comes from a file, and %s cannot be said of "
                         "it",
                         certificate->name, key->text.at);
    }
    return ls_diags_fault_count(diags) == faults;
}

static void check_key(const struct scenario_certificate *certificate,
                      const struct yaml_node *own, struct ls_diags *diags)
{
    if (certificate->is_authority || credential_key(certificate->own))
        return;
    ls_diags_add(diags, yaml_find(own, "file")->place,
                 "Name the file of its key as key-file:, or one whose first "
                 "line opens it as password-file:.",
                 "\"%s\" cannot be shown: %s", certificate->file,
                 credential_key_fault(certificate->own));
}

void scenario_read_certificate(struct scenario_target *target,
                               const struct yaml_node *own,
                               struct ls_diags *diags)
{
    const struct scenario_loader *loader = target->binding->loader;
    struct scenario_certificate *certificate = target->certificate;
    struct ls_buf bytes = {0}, key = {0}, password = {0};
    char *why = NULL;

    if (!certificate->file &&
        (certificate->key_file || certificate->password_file)) {
        ls_diags_add(diags, own->place, "Add file: with the certificate.",
                     "a key-file or password-file belongs to a file");
        return;
    }
    if (!certificate->file || !check_alone(certificate, own, diags))
        return;
    if (read_named(loader, own, "file", &bytes, diags) &&
        read_named(loader, own, "key-file", &key, diags) &&
        read_named(loader, own, "password-file", &password, diags)) {
        ls_buf_add_byte(&password, '\0');
        password.at[strcspn(password.at, "\r\n")] = '\0';
        certificate->own = credential_parse(
            ls_buf_str(&bytes), ls_buf_str(&key),
            certificate->password_file ? password.at : NULL, &why);
        if (certificate->own)
            check_key(certificate, own, diags);
        else
            ls_diags_add(diags, yaml_find(own, "file")->place, NULL,
                         "\"%s\" cannot be used: %s", certificate->file, why);
    }
    free(why);
    ls_buf_wipe(&bytes);
    ls_buf_wipe(&key);
    ls_buf_wipe(&password);
}
