/*
 * Findings: one small question each, asked in the order of their ids.
 */
#include "lyncsim/certificate_finding.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/certificate_strength.h"
#include "lyncsim/timestamp.h"

#define DAY_S INT64_C(86400)
#define SOON_DAYS 30
#define CN_MAX 64 /* X.520 ub-common-name */

const char *finding_severity_text(enum finding_severity severity)
{
    static const char *const texts[] = {[FINDING_NOTE] = "note",
                                        [FINDING_WARNING] = "warning",
                                        [FINDING_ERROR] = "error"};

    assert((size_t)severity < LS_COUNT(texts));
    return texts[severity];
}

/* What the questions are asked about. */
struct inquiry {
    const struct credential *credential;
    const struct certificate_facts *facts;
    const struct trust_anchors *anchors;
    int64_t at_s;
    const struct certificate_name *cn; /* the first; or NULL */
};

/* The answer: what was seen, owned by the caller; NULL: no finding. */
typedef char *(finding_fn)(const struct inquiry *inquiry);

static char *escaped(const struct certificate_name *name)
{
    struct ls_buf text = {0};

    ls_buf_add_escaped(&text, ls_str_from_bytes(name->text, name->length));
    return ls_buf_take(&text);
}

static bool is_dns(const struct certificate_name *name)
{
    return name->source == NAME_SAN_DNS;
}

static struct ls_str text_of(const struct certificate_name *name)
{
    return ls_str_from_bytes(name->text, name->length);
}

static char *see_bad_name(const struct inquiry *inquiry)
{
    const struct certificate_facts *facts = inquiry->facts;

    for (size_t i = 0; i < facts->name_count; i++) {
        const struct certificate_name *name = &facts->names[i];
        char *text;
        char *saw;

        if (name->fault == NAME_SOUND)
            continue;
        text = escaped(name);
        saw = ls_strf("%s \"%s\" %s", name_source_text(name->source), text,
                      name_fault_text(name->fault));
        free(text);
        return saw;
    }
    return NULL;
}

static char *see_no_name(const struct inquiry *inquiry)
{
    for (size_t i = 0; i < inquiry->facts->name_count; i++)
        if (inquiry->facts->names[i].source == NAME_SUBJECT_CN ||
            is_dns(&inquiry->facts->names[i]))
            return NULL;
    return ls_strdup("neither a common name nor a DNS name");
}

static char *see_no_cn(const struct inquiry *inquiry)
{
    return inquiry->cn == NULL ? ls_strf("subject %s", inquiry->facts->subject)
                               : NULL;
}

static char *see_several_cns(const struct inquiry *inquiry)
{
    struct ls_buf text = {0};
    size_t count = 0;

    for (size_t i = 0; i < inquiry->facts->name_count; i++) {
        if (inquiry->facts->names[i].source != NAME_SUBJECT_CN)
            continue;
        if (count++ > 0)
            ls_buf_add_text(&text, ", ");
        ls_buf_add_escaped(&text, text_of(&inquiry->facts->names[i]));
    }
    if (count > 1)
        return ls_buf_take(&text);
    ls_buf_clear(&text);
    return NULL;
}

static char *see_cn_not_in_san(const struct inquiry *inquiry)
{
    bool has_dns = false;

    if (inquiry->cn == NULL)
        return NULL;
    for (size_t i = 0; i < inquiry->facts->name_count; i++) {
        const struct certificate_name *name = &inquiry->facts->names[i];

        has_dns |= is_dns(name);
        if (is_dns(name) &&
            ls_str_equal_nocase(text_of(name), text_of(inquiry->cn)))
            return NULL;
    }
    return has_dns ? escaped(inquiry->cn) : NULL;
}

static char *see_wildcard_cn(const struct inquiry *inquiry)
{
    if (inquiry->cn == NULL ||
        ls_str_find(text_of(inquiry->cn), '*') == inquiry->cn->length)
        return NULL;
    return escaped(inquiry->cn);
}

static char *see_wildcard_san(const struct inquiry *inquiry)
{
    for (size_t i = 0; i < inquiry->facts->name_count; i++) {
        const struct certificate_name *name = &inquiry->facts->names[i];

        if (is_dns(name) && ls_str_find(text_of(name), '*') < name->length)
            return escaped(name);
    }
    return NULL;
}

static bool is_address(const struct certificate_name *name)
{
    unsigned char bytes[16];

    /* What stands behind a NUL is not seen here. */
    if (name->fault != NAME_SOUND)
        return false;
    return inet_pton(AF_INET, name->text, bytes) == 1 ||
           inet_pton(AF_INET6, name->text, bytes) == 1;
}

static char *see_short_name_cn(const struct inquiry *inquiry)
{
    if (inquiry->cn == NULL || inquiry->cn->fault != NAME_SOUND ||
        is_address(inquiry->cn) ||
        ls_str_find(text_of(inquiry->cn), '.') < inquiry->cn->length)
        return NULL;
    return escaped(inquiry->cn);
}

static char *see_address_cn(const struct inquiry *inquiry)
{
    return inquiry->cn != NULL && is_address(inquiry->cn) ? escaped(inquiry->cn)
                                                          : NULL;
}

static char *see_cn_over_64(const struct inquiry *inquiry)
{
    size_t characters = 0;

    if (inquiry->cn == NULL)
        return NULL;
    for (size_t i = 0; i < inquiry->cn->length; i++)
        if (((unsigned char)inquiry->cn->text[i] & 0xC0) != 0x80)
            characters++;
    return characters > CN_MAX ? ls_strf("%zu characters", characters) : NULL;
}

static char *see_non_ascii_cn(const struct inquiry *inquiry)
{
    if (inquiry->cn == NULL || inquiry->cn->fault != NAME_SOUND)
        return NULL;
    for (size_t i = 0; i < inquiry->cn->length; i++)
        if ((unsigned char)inquiry->cn->text[i] >= 0x80)
            return escaped(inquiry->cn);
    return NULL;
}

static char *see_trailing_dot(const struct inquiry *inquiry)
{
    for (size_t i = 0; i < inquiry->facts->name_count; i++) {
        const struct certificate_name *name = &inquiry->facts->names[i];

        if ((name->source == NAME_SUBJECT_CN || is_dns(name)) &&
            ls_str_ends_with(text_of(name), "."))
            return escaped(name);
    }
    return NULL;
}

static char *see_capitals(const struct inquiry *inquiry)
{
    if (inquiry->cn == NULL)
        return NULL;
    for (size_t i = 0; i < inquiry->cn->length; i++)
        if (isupper((unsigned char)inquiry->cn->text[i]))
            return escaped(inquiry->cn);
    return NULL;
}

static char *see_too_many_names(const struct inquiry *inquiry)
{
    return inquiry->facts->has_too_many_names
               ? ls_strf("more than %d", CERTIFICATE_NAMES_MAX)
               : NULL;
}

static bool allows(const struct certificate_facts *facts, unsigned usage)
{
    return (usage_of_peers(facts->has_usage, facts->usage) & usage) != 0;
}

static char *see_no_client_auth(const struct inquiry *inquiry)
{
    return allows(inquiry->facts, USAGE_CLIENT_AUTH)
               ? NULL
               : ls_strdup(inquiry->facts->usage_text);
}

static char *see_no_server_auth(const struct inquiry *inquiry)
{
    return allows(inquiry->facts, USAGE_SERVER_AUTH)
               ? NULL
               : ls_strdup(inquiry->facts->usage_text);
}

static char *see_no_usable(const struct inquiry *inquiry)
{
    return allows(inquiry->facts, USAGE_CLIENT_AUTH | USAGE_SERVER_AUTH)
               ? NULL
               : ls_strdup(inquiry->facts->usage_text);
}

static char *date_text(const char *before, int64_t at_s)
{
    struct ls_buf text = {0};

    ls_buf_add_text(&text, before);
    timestamp_format(&text, at_s * 1000);
    return ls_buf_take(&text);
}

static char *see_expired(const struct inquiry *inquiry)
{
    return inquiry->at_s > inquiry->facts->not_after_s
               ? date_text("ended ", inquiry->facts->not_after_s)
               : NULL;
}

static char *see_expires_soon(const struct inquiry *inquiry)
{
    int64_t left_s = inquiry->facts->not_after_s - inquiry->at_s;

    return left_s >= 0 && left_s < SOON_DAYS * DAY_S
               ? ls_strf("%d days left", (int)(left_s / DAY_S))
               : NULL;
}

static char *see_not_yet_valid(const struct inquiry *inquiry)
{
    return inquiry->at_s < inquiry->facts->not_before_s
               ? date_text("begins ", inquiry->facts->not_before_s)
               : NULL;
}

static char *see_backward_dates(const struct inquiry *inquiry)
{
    return inquiry->facts->not_after_s < inquiry->facts->not_before_s
               ? date_text("begins ", inquiry->facts->not_before_s)
               : NULL;
}

static char *see_weak_key(const struct inquiry *inquiry)
{
    const struct certificate_facts *facts = inquiry->facts;

    return key_is_weak(facts->key_algorithm, facts->key_bits)
               ? ls_strf("%s, %u bits",
                         key_algorithm_text(facts->key_algorithm),
                         facts->key_bits)
               : NULL;
}

static char *see_weak_signature(const struct inquiry *inquiry)
{
    return digest_is_weak(inquiry->facts->digest)
               ? ls_strdup(inquiry->facts->signature)
               : NULL;
}

static char *see_pss(const struct inquiry *inquiry)
{
    return strcmp(inquiry->facts->signature, "rsassaPss") == 0
               ? ls_strdup(inquiry->facts->signature)
               : NULL;
}

static char *see_self_signed(const struct inquiry *inquiry)
{
    return inquiry->facts->is_self_issued && !inquiry->facts->is_authority
               ? ls_strdup(inquiry->facts->issuer)
               : NULL;
}

static char *see_authority(const struct inquiry *inquiry)
{
    return inquiry->facts->is_authority ? ls_strdup("CA:TRUE") : NULL;
}

static char *see_missing_issuer(const struct inquiry *inquiry)
{
    const struct chain_options options = {.at_s = inquiry->at_s};
    X509 *leaf = credential_leaf(inquiry->credential);
    STACK_OF(X509) *sent = credential_chain(inquiry->credential);
    struct chain_report report;
    char *saw = NULL;

    if (inquiry->facts->is_self_issued)
        return NULL;
    if (inquiry->anchors != NULL) {
        trust_anchors_check(inquiry->anchors, leaf, sent, &options, &report);
        saw = ls_strdup(report.completing_subject);
        chain_report_clear(&report);
        return saw;
    }
    for (int i = 0; sent != NULL && i < sk_X509_num(sent); i++)
        if (X509_check_issued(sk_X509_value(sent, i), leaf) == X509_V_OK)
            return NULL;
    return ls_strf("%s is not in the file", inquiry->facts->issuer);
}

static char *see_disorder(const struct inquiry *inquiry)
{
    X509 *below = credential_leaf(inquiry->credential);
    STACK_OF(X509) *sent = credential_chain(inquiry->credential);

    for (int i = 0; sent != NULL && i < sk_X509_num(sent); i++) {
        X509 *above = sk_X509_value(sent, i);

        if (X509_check_issued(above, below) != X509_V_OK)
            return ls_strf("certificate %d of the file did not issue the one "
                           "before it",
                           i + 2);
        below = above;
    }
    return NULL;
}

static char *see_no_crl_url(const struct inquiry *inquiry)
{
    return !inquiry->facts->is_self_issued &&
                   X509_get_ext_by_NID(credential_leaf(inquiry->credential),
                                       NID_crl_distribution_points, -1) < 0
               ? ls_strdup("no CRL distribution point")
               : NULL;
}

static char *see_malformed(const struct inquiry *inquiry)
{
    const struct certificate_facts *facts = inquiry->facts;

    if (facts->has_broken_names)
        return ls_strdup("alternative names that cannot be read");
    if (facts->has_broken_times)
        return ls_strdup("dates that cannot be read");
    return facts->is_malformed ? ls_strdup("an extension") : NULL;
}

char *certificate_serial_reversed(const char *serial)
{
    struct ls_buf text = {0};
    size_t length = strlen(serial);

    if (length % 2 != 0 || *serial == '-')
        return ls_strdup(serial);
    for (size_t i = length; i >= 2; i -= 2)
        ls_buf_add(&text, ls_str_from_bytes(serial + i - 2, 2));
    return ls_buf_take(&text);
}

static char *see_serial(const struct inquiry *inquiry)
{
    char *reversed = certificate_serial_reversed(inquiry->facts->serial);
    char *saw = ls_strf("%s, in events %s", inquiry->facts->serial, reversed);

    free(reversed);
    return saw;
}

static const struct {
    struct finding_kind kind;
    finding_fn *see;
} findings_table[] = {
#define ROW(enumerator, id, severity, see, why, source)                        \
    [enumerator] = {{id, severity, why, source}, see},
#include "certificate_finding_table.h"
#undef ROW
};

const struct finding_kind *finding_kind_of(enum finding_id id)
{
    assert((size_t)id < LS_COUNT(findings_table));
    return &findings_table[id].kind;
}

void certificate_findings_find(struct certificate_findings *findings,
                               const struct credential *credential,
                               const struct trust_anchors *anchors,
                               int64_t at_s)
{
    struct inquiry inquiry = {credential, credential_facts(credential), anchors,
                              at_s, NULL};

    *findings = (struct certificate_findings){
        ls_alloc_array(FINDING_COUNT, sizeof *findings->items), 0};
    if (inquiry.facts->name_count > 0 &&
        inquiry.facts->names[0].source == NAME_SUBJECT_CN)
        inquiry.cn = &inquiry.facts->names[0];
    for (size_t i = 0; i < LS_COUNT(findings_table); i++) {
        char *saw = findings_table[i].see(&inquiry);

        if (saw != NULL)
            findings->items[findings->count++] =
                (struct certificate_finding){(enum finding_id)i, saw};
    }
}

void certificate_findings_clear(struct certificate_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        free(findings->items[i].saw);
    free(findings->items);
    *findings = (struct certificate_findings){0};
}
