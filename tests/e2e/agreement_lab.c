#include "agreement_lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>
#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"
#include "lyncsim/credential.h"
#include "lyncsim/id_source.h"
#include "lyncsim/scenario_lab.h"
#include "lyncsim/timestamp.h"

#define DAY_MS INT64_C(86400000)

static const char *const hosts[] = {
    "mail.contoso.com", "cas1.contoso.com",
    "owa.contoso.com",  "um.fabrikam.net",
    "MAIL.contoso.com", "*.contoso.com",
    "contoso.com",      "ex01",
    "Cas1.Contoso.com", "stranger.org",
};

static const char *const rules[] = {
    "lync-2010",   "lync-2013", "sfb-2015", "cn-only",
    "cn-then-san", "any-name",  "rfc5922",
};

/* --- made-up certificates and tables ------------------------------------- */

static const char *some_host(struct id_source *ids)
{
    return hosts[id_source_below(ids, LS_COUNT(hosts))];
}

static void make_certificate(struct id_source *ids,
                             struct model_certificate *certificate)
{
    uint32_t fault = id_source_below(ids, 12);

    certificate->cn_count = id_source_below(ids, 8);
    if (certificate->cn_count > 2)
        certificate->cn_count = 1;
    certificate->san_count = id_source_below(ids, MODEL_NAMES_MAX);
    for (size_t i = 0; i < certificate->cn_count; i++)
        certificate->cns[i] = some_host(ids);
    for (size_t i = 0; i < certificate->san_count; i++)
        certificate->sans[i] = some_host(ids);
    certificate->is_foreign = fault == 0;
    certificate->is_expired = fault == 1;
    certificate->is_future = fault == 2;
    certificate->is_for_code = fault == 3;
}

static bool has_pool(const struct model_table *table, const char *name)
{
    for (size_t i = 0; i < table->pool_count; i++)
        if (strcasecmp(table->pools[i].fqdn, name) == 0)
            return true;
    return false;
}

static bool has_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

static void make_pool(struct id_source *ids, struct model_table *table)
{
    struct model_pool *pool = &table->pools[table->pool_count];
    size_t computers = id_source_below(ids, MODEL_NAMES_MAX);
    uint32_t option = id_source_below(ids, 6);

    *pool = (struct model_pool){.fqdn = some_host(ids)};
    if (has_pool(table, pool->fqdn))
        return;
    pool->is_outbound_only = option == 0;
    pool->is_external = option == 1;
    for (size_t i = 0; i < computers; i++) {
        const char *name = some_host(ids);

        if (strcasecmp(name, pool->fqdn) != 0 &&
            !has_name(pool->computers, pool->computer_count, name))
            pool->computers[pool->computer_count++] = name;
    }
    table->pool_count++;
}

static void make_table(struct id_source *ids, struct model_table *table,
                       size_t index)
{
    size_t pools = id_source_below(ids, MODEL_POOLS_MAX + 1);

    for (size_t i = 0; i < pools; i++)
        make_pool(ids, table);
    if (id_source_below(ids, 2) == 0)
        table->autodiscovered[table->autodiscovered_count++] = some_host(ids);
    table->rule = rules[index % LS_COUNT(rules)];
    table->is_sensitive = id_source_below(ids, 3) == 0;
    table->last_cn_speaks = id_source_below(ids, 3) == 0;
}

/* --- the same, written down ---------------------------------------------- */

static void write_list(struct ls_buf *out, const char *key,
                       const char *const *names, size_t count)
{
    ls_buf_printf(out, ", %s: [", key);
    for (size_t i = 0; i < count; i++)
        ls_buf_printf(out, "%s\"%s\"", i == 0 ? "" : ", ", names[i]);
    ls_buf_add_text(out, "]");
}

static void write_moment(struct ls_buf *out, const char *key, int64_t ms)
{
    ls_buf_printf(out, ", %s: ", key);
    timestamp_format(out, ms);
}

static void write_certificate(struct ls_buf *out, size_t index,
                              const struct model_certificate *certificate,
                              int64_t now_ms)
{
    ls_buf_printf(out, "  c%zu: {issuer: %s, subject: \"O=Contoso", index,
                  certificate->is_foreign ? "stranger" : "lab");
    for (size_t i = 0; i < certificate->cn_count; i++)
        ls_buf_printf(out, ", CN=%s", certificate->cns[i]);
    ls_buf_add_text(out, "\"");
    if (certificate->san_count > 0)
        write_list(out, "san", certificate->sans, certificate->san_count);
    if (certificate->is_expired)
        write_moment(out, "not-after", now_ms - DAY_MS);
    if (certificate->is_future)
        write_moment(out, "not-before", now_ms + DAY_MS);
    if (certificate->is_for_code)
        ls_buf_add_text(out, ", extended-key-usage: [codeSigning]");
    ls_buf_add_text(out, "}\n");
}

static void write_table(struct ls_buf *out, size_t index,
                        const struct model_table *table)
{
    ls_buf_printf(out, "  t%zu:\n    pools:%s\n", index,
                  table->pool_count == 0 ? " []" : "");
    for (size_t i = 0; i < table->pool_count; i++) {
        const struct model_pool *pool = &table->pools[i];

        ls_buf_printf(out, "    - {fqdn: \"%s\"", pool->fqdn);
        write_list(out, "computers", pool->computers, pool->computer_count);
        if (pool->is_outbound_only)
            ls_buf_add_text(out, ", outbound-only: true");
        if (pool->is_external)
            ls_buf_add_text(out, ", interface: external");
        ls_buf_add_text(out, "}\n");
    }
    for (size_t i = 0; i < table->autodiscovered_count; i++)
        ls_buf_printf(out, "    autodiscovered: [\"%s\"]\n",
                      table->autodiscovered[i]);
}

const char *agreement_names_text(const struct model_table *table)
{
    return table->is_sensitive ? "sensitive" : "insensitive";
}

const char *agreement_cn_text(const struct model_table *table)
{
    return table->last_cn_speaks ? "last" : "first";
}

static void write_cases(struct ls_buf *out, const struct agreement *agreement)
{
    ls_buf_add_text(out, "cases:\n");
    for (size_t i = 0; i < PAIRS; i++) {
        const struct model_table *table = &agreement->tables[i / CERTIFICATES];

        ls_buf_printf(out,
                      "- {name: pair %zu, topology: t%zu, rule: %s, names: %s, "
                      "cn: %s, connect: {certificate: c%zu}}\n",
                      i, i / CERTIFICATES, table->rule,
                      agreement_names_text(table), agreement_cn_text(table),
                      i % CERTIFICATES);
    }
}

static char *write_scenario(const struct agreement *agreement, int64_t now_ms)
{
    struct ls_buf out = {0};

    ls_buf_add_text(&out, "title: agreement\nclock: ");
    timestamp_format(&out, now_ms);
    ls_buf_add_text(&out, "\nauthorities:\n"
                          "  lab: {subject: CN=LAB-DC-CA}\n"
                          "  stranger: {subject: CN=LAB-DC-CA}\n"
                          "certificates:\n"
                          "  fe: {issuer: lab, subject: CN=fe.contoso.com}\n");
    for (size_t i = 0; i < CERTIFICATES; i++)
        write_certificate(&out, i, &agreement->certificates[i], now_ms);
    ls_buf_add_text(&out, "topologies:\n");
    for (size_t i = 0; i < TABLES; i++)
        write_table(&out, i, &agreement->tables[i]);
    ls_buf_add_text(&out, "front-end: {certificate: fe, trusts: [lab]}\n");
    write_cases(&out, agreement);
    return ls_buf_take(&out);
}

void agreement_lab_make(struct agreement *agreement, struct id_source *ids,
                        int64_t now_ms)
{
    for (size_t i = 0; i < CERTIFICATES; i++)
        make_certificate(ids, &agreement->certificates[i]);
    for (size_t i = 0; i < TABLES; i++)
        make_table(ids, &agreement->tables[i], i);
    agreement->scenario = write_scenario(agreement, now_ms);
}

static void write_file(const struct agreement *agreement, const char *name,
                       const char *text)
{
    char *path = ls_strf("%s/%s", agreement->folder, name);
    FILE *file = fopen(path, "wbe");

    cr_assert_not_null(file, "%s", path);
    fputs(text, file);
    fclose(file);
    free(path);
}

static void write_credential(const struct agreement *agreement,
                             struct scenario_lab *lab, const char *name)
{
    const struct credential *credential = scenario_lab_credential(lab, name);
    char *pem = credential_format_pem(credential);
    char *key = credential_format_key_pem(credential);
    char *file = ls_strf("%s.pem", name);

    write_file(agreement, file, pem);
    free(file);
    file = ls_strf("%s.key", name);
    write_file(agreement, file, key);
    free(file);
    free(key);
    free(pem);
}

/* The root that both sides trust. */
static void write_root(const struct agreement *agreement,
                       struct scenario_lab *lab)
{
    char trusted[] = "lab";
    char *names[] = {trusted};
    const struct trust_anchors *anchors = scenario_lab_anchors(lab, names, 1);
    STACK_OF(X509_OBJECT) *objects =
        X509_STORE_get0_objects(trust_anchors_store(anchors));
    X509 *root = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, 0));
    struct credential *credential = credential_new(root, NULL, NULL);
    char *pem = credential_format_pem(credential);

    write_file(agreement, "lab.pem", pem);
    free(pem);
    credential_free(credential);
}

void agreement_lab_write(const struct agreement *agreement)
{
    struct ls_diags diags;
    struct scenario *scenario;
    struct scenario_lab *lab;
    char *why = NULL;

    write_file(agreement, "agreement.yaml", agreement->scenario);
    ls_diags_init(&diags, "agreement.yaml", ls_str_from(agreement->scenario));
    scenario = scenario_parse(&diags);
    cr_assert_not_null(scenario, "%s", agreement->scenario);
    lab = scenario_lab_new(scenario, &why);
    cr_assert_not_null(lab, "%s", why);
    write_credential(agreement, lab, "fe");
    write_root(agreement, lab);
    for (size_t i = 0; i < CERTIFICATES; i++) {
        char *name = ls_strf("c%zu", i);

        write_credential(agreement, lab, name);
        free(name);
    }
    scenario_lab_free(lab);
    scenario_free(scenario);
    ls_diags_clear(&diags);
}
