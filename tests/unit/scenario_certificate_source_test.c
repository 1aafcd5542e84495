#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mint.h"
#include "lyncsim/scenario_lab.h"

#define CLOCK_S INT64_C(1420070400)

/* Files that exist nowhere else. */
struct shelf {
    struct {
        const char *path;
        char *bytes;
        size_t length;
    } items[12];
    size_t count;
};

static void put(struct shelf *shelf, const char *path, char *bytes,
                size_t length)
{
    shelf->items[shelf->count].path = path;
    shelf->items[shelf->count].bytes = bytes;
    shelf->items[shelf->count++].length = length;
}

static void put_text(struct shelf *shelf, const char *path, char *text)
{
    put(shelf, path, text, strlen(text));
}

static struct credential *issue(struct mint *mint, const char *name,
                                bool is_authority,
                                const struct credential *issuer)
{
    const struct profile_attribute subject = {.type = ls_str_from("CN"),
                                              .value = ls_str_from(name)};
    const struct certificate_profile profile = {
        .name = name,
        .subject = &subject,
        .subject_count = 1,
        .is_authority = is_authority,
        .not_before_s = CLOCK_S - 86400,
        .not_after_s = CLOCK_S + 86400,
    };
    char *why = NULL;
    struct credential *made = mint_issue(mint, &profile, issuer, &why);

    cr_assert_not_null(made, "%s", why);
    return made;
}

static void stock(struct shelf *shelf)
{
    const struct ls_str seed = ls_str_from("shelf");
    struct mint *mint = mint_new(&seed);
    struct credential *root = issue(mint, "Corporate Root", true, NULL);
    struct credential *leaf = issue(mint, "owa.contoso.com", false, root);
    struct credential *other = issue(mint, "other.contoso.com", false, root);
    char *why = NULL;
    size_t length;
    char *bytes;

    *shelf = (struct shelf){0};
    put_text(shelf, "dir/root.pem", credential_format_pem(root));
    put_text(shelf, "dir/owa.pem", credential_format_pem(leaf));
    put_text(shelf, "dir/owa.key", credential_format_key_pem(leaf));
    put_text(shelf, "dir/other.key", credential_format_key_pem(other));
    bytes = credential_format_der(leaf, &length);
    put(shelf, "dir/owa.cer", bytes, length);
    bytes = credential_format_pkcs12(leaf, "geheim", false, &length, &why);
    put(shelf, "/abs/owa.pfx", bytes, length);
    put_text(shelf, "dir/good.password", ls_strdup("geheim\r\nnot this\n"));
    put_text(shelf, "dir/bad.password", ls_strdup("falsch\n"));
    put_text(shelf, "dir/empty.pem", ls_strdup(""));
    credential_free(other);
    credential_free(leaf);
    credential_free(root);
    mint_free(mint);
}

static void clear(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++)
        free(shelf->items[i].bytes);
}

static char *read_shelf(void *arg, const char *path, size_t *length, char **why)
{
    const struct shelf *shelf = arg;

    for (size_t i = 0; i < shelf->count; i++)
        if (strcmp(shelf->items[i].path, path) == 0) {
            *length = shelf->items[i].length;
            return ls_str_dup(
                ls_str_from_bytes(shelf->items[i].bytes, *length));
        }
    *why = ls_strf("%s: No such file or directory", path);
    return NULL;
}

static struct scenario *parse(struct shelf *shelf, const char *text,
                              struct ls_diags *diags)
{
    const struct scenario_loader loader = {read_shelf, shelf};

    ls_diags_init(diags, "dir/x.yaml", ls_str_from(text));
    return scenario_parse_with(diags, &loader);
}

static struct scenario_lab *make(struct shelf *shelf, const char *text,
                                 struct scenario **scenario)
{
    struct ls_diags diags;
    struct scenario_lab *lab;
    char *why = NULL;

    *scenario = parse(shelf, text, &diags);
    cr_assert_not_null(*scenario, "%s",
                       diags.count ? diags.items[0].sentence : "");
    ls_diags_clear(&diags);
    lab = scenario_lab_new(*scenario, &why);
    cr_assert_not_null(lab, "%s", why);
    return lab;
}

static void discard(struct scenario_lab *lab, struct scenario *scenario)
{
    scenario_lab_free(lab);
    scenario_free(scenario);
}

static bool is_trusted(struct scenario_lab *lab, const char *name)
{
    const struct credential *credential = scenario_lab_credential(lab, name);
    const struct chain_options options = {.at_s = CLOCK_S};
    struct chain_report report = {0};
    bool trusted;

    trust_anchors_check(scenario_lab_anchors(lab, NULL, 0),
                        credential_leaf(credential),
                        credential_chain(credential), &options, &report);
    trusted = report.fault_count == 0;
    chain_report_clear(&report);
    return trusted;
}

Test(scenario_certificate_source, reads_what_the_customer_brings)
{
    static const char *const rows[] = {
        "{file: owa.pem, key-file: owa.key}",
        "{file: owa.cer, key-file: owa.key}",
        "{file: /abs/owa.pfx, password-file: good.password}",
        "{file: /abs/owa.pfx, password-file: good.password, chain: []}",
    };
    struct shelf shelf;

    stock(&shelf);
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct scenario *scenario;
        char *text = ls_strf("authorities: {corp: {file: root.pem}}\n"
                             "certificates: {own: %s, made: {subject: CN=a}}\n"
                             "front-end: {certificate: own}\n"
                             "steps: [{say: x}]\n",
                             rows[i]);
        struct scenario_lab *lab = make(&shelf, text, &scenario);
        const struct credential *own = scenario_lab_credential(lab, "own");

        cr_expect(strstr(credential_facts(own)->subject, "owa.contoso.com"),
                  "%s", rows[i]);
        cr_expect_not_null(credential_key(own), "%s", rows[i]);
        cr_expect(is_trusted(lab, "own"), "%s", rows[i]);
        /* By the lab's root, since the authority has no key to sign with. */
        cr_expect(is_trusted(lab, "made"), "%s", rows[i]);
        discard(lab, scenario);
        free(text);
    }
    clear(&shelf);
}

Test(scenario_certificate_source, makes_a_file_anew_with_changes)
{
    static const char text[] =
        "authorities: {corp: {file: root.pem}}\n"
        "certificates:\n"
        "  own: {file: owa.pem, key-file: owa.key}\n"
        "  same: {from: own}\n"
        "  renewed: {from: own, subject: CN=new.contoso.com, not-after: in 3 "
        "days}\n"
        "  further: {from: renewed, extended-key-usage: none}\n"
        "front-end: {certificate: own}\n"
        "steps: [{say: x}]\n";
    struct shelf shelf;
    struct scenario *scenario;
    struct scenario_lab *lab;
    const struct certificate_facts *own, *same, *renewed, *further;

    stock(&shelf);
    lab = make(&shelf, text, &scenario);
    own = credential_facts(scenario_lab_credential(lab, "own"));
    same = credential_facts(scenario_lab_credential(lab, "same"));
    renewed = credential_facts(scenario_lab_credential(lab, "renewed"));
    further = credential_facts(scenario_lab_credential(lab, "further"));

    cr_expect_str_eq(same->subject, own->subject);
    cr_expect_str_eq(same->usage_text, own->usage_text);
    cr_expect_str_eq(same->key_usage_text, own->key_usage_text);
    cr_expect_eq(same->not_after_s, own->not_after_s);
    cr_expect_str_neq(same->subject_key_id, own->subject_key_id);
    cr_expect_str_eq(renewed->subject, "CN=new.contoso.com");
    cr_expect_eq(renewed->not_after_s, CLOCK_S + 3 * 86400);
    cr_expect_str_eq(renewed->usage_text, own->usage_text);
    cr_expect_str_eq(further->subject, renewed->subject);
    cr_expect_not(further->has_usage);
    cr_expect(is_trusted(lab, "same"));
    discard(lab, scenario);
    clear(&shelf);
}

static void expect_fault(struct shelf *shelf, const char *text,
                         const char *sentence)
{
    struct ls_diags diags;

    cr_expect_null(parse(shelf, text, &diags), "%s", text);
    cr_assert_gt(diags.count, 0u, "%s", text);
    cr_expect(strstr(diags.items[0].sentence, sentence), "%s: %s", text,
              diags.items[0].sentence);
    cr_expect_eq(diags.items[0].place.line, 2u, "%s: line %u", text,
                 diags.items[0].place.line);
    ls_diags_clear(&diags);
}

Test(scenario_certificate_source, says_at_the_line_what_is_wrong)
{
    static const struct {
        const char *text, *sentence;
    } rows[] = {
        {"{file: gone.pem}", "dir/gone.pem: No such file"},
        {"{file: owa.pem, key-file: gone.key}", "dir/gone.key: No such file"},
        {"{file: empty.pem}", "the file is empty"},
        {"{file: good.password}", "this is not a certificate"},
        {"{file: owa.key}", "holds a private key and no certificate"},
        {"{file: owa.pem}", "cannot be shown: no private key was given"},
        {"{file: owa.pem, key-file: owa.pem}",
         "there is no private key in the key file"},
        {"{file: owa.pem, key-file: other.key}",
         "does not belong to the certificate"},
        {"{file: /abs/owa.pfx}", "protected by a password and none was given"},
        {"{file: /abs/owa.pfx, password-file: bad.password}",
         "the password does not open"},
        {"{file: owa.pem, key-file: owa.key, subject: CN=b}",
         "subject cannot be said of it"},
        {"{subject: CN=a, key-file: owa.key}", "belongs to a file"},
        {"{from: nobody}", "there is no certificate \"nobody\""},
        {"{from: a}", "in a circle"},
        {"{from: [b]}", "from must be"},
        {"{subject: CN=a, key-of: own}", "cannot have the key of \"own\""},
        {"{subject: CN=a, key-of: nobody}", "\"nobody\""},
        {"{subject: CN=a, issuer: corp}", "came without its private key"},
        {"{subject: CN=a, version: 2}", "version"},
        {"{subject: CN=a, not-before: 2016-01-01, not-after: 2015-01-01}",
         "not-after lies before"},
    };
    struct shelf shelf;

    stock(&shelf);
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = ls_strf(
            "certificates:\n  a: %s\n"
            "  own: {file: owa.pem, key-file: owa.key}\n"
            "authorities: {lab: {subject: CN=L}, corp: {file: root.pem}}\n"
            "steps: [{say: x}]\n",
            rows[i].text);

        expect_fault(&shelf, text, rows[i].sentence);
        free(text);
    }
    clear(&shelf);
}

Test(scenario_certificate_source, lays_changes_over_another_certificate)
{
    struct shelf shelf = {0};
    struct scenario *scenario;
    struct scenario_lab *lab =
        make(&shelf,
             "certificates:\n"
             "  new: {from: mid, san: [b.c], key-of: old}\n"
             "  mid: {from: old, extended-key-usage: [clientAuth]}\n"
             "  old: {subject: \"CN=a.b, O=X\", san: [a.b], serial: \"0A\",\n"
             "        extended-key-usage: none}\n"
             "steps: [{say: x}]\n",
             &scenario);
    const struct credential *old = scenario_lab_credential(lab, "old");
    const struct credential *new = scenario_lab_credential(lab, "new");
    const struct credential *mid = scenario_lab_credential(lab, "mid");

    cr_expect_str_eq(credential_facts(new)->subject,
                     credential_facts(old)->subject);
    cr_expect_str_eq(credential_facts(new)->serial,
                     credential_facts(old)->serial);
    cr_expect_str_eq(credential_facts(new)->names[1].text, "b.c");
    cr_expect(credential_facts(new)->usage & USAGE_CLIENT_AUTH);
    cr_expect_not(credential_facts(new)->usage & USAGE_SERVER_AUTH);
    cr_expect_eq(EVP_PKEY_eq(credential_key(old), credential_key(new)), 1);
    cr_expect_eq(EVP_PKEY_eq(credential_key(old), credential_key(mid)), 0);
    discard(lab, scenario);
}

Test(scenario_certificate_source, states_what_few_certificates_need)
{
    struct shelf shelf = {0};
    struct scenario *scenario;
    struct scenario_lab *lab = make(
        &shelf,
        "authorities: {lab: {subject: CN=L, key: rsa2048}}\n"
        "certificates:\n"
        "  one: {subject: CN=a.b, version: 1}\n"
        "  bare: {subject: CN=a.b, key-ids: false}\n"
        "  pss: {subject: CN=a.b, pss: true, crl-urls: [\"http://a/b.crl\"],\n"
        "        issuer-urls: [\"http://a/b.crt\"], san: [\"oid:1.2.3\"]}\n"
        "steps: [{say: x}]\n",
        &scenario);
    X509 *one = credential_leaf(scenario_lab_credential(lab, "one"));
    X509 *bare = credential_leaf(scenario_lab_credential(lab, "bare"));
    X509 *pss = credential_leaf(scenario_lab_credential(lab, "pss"));

    cr_expect_eq(X509_get_version(one), X509_VERSION_1);
    cr_expect_lt(X509_get_ext_by_NID(bare, NID_subject_key_identifier, -1), 0);
    cr_expect_eq(X509_get_signature_nid(pss), NID_rsassaPss);
    cr_expect_geq(X509_get_ext_by_NID(pss, NID_crl_distribution_points, -1), 0);
    cr_expect_geq(X509_get_ext_by_NID(pss, NID_info_access, -1), 0);
    cr_expect(is_trusted(lab, "pss"));
    discard(lab, scenario);
}
