#include "lyncsim/trace_summary.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/sipstack_trace.h"

#define uthash_malloc(size) ls_alloc(size)
#include <uthash.h>

/* No text of a finding is kept longer than this. */
#define TEXT_MAX_BYTES 1024

struct summary_row {
    struct trace_finding finding;
    struct ls_buf key;
    UT_hash_handle hh;
};

struct trace_summary {
    struct summary_row *by_key;
    struct summary_row **rows;
    size_t count;
    size_t capacity;
    uint64_t records;
    uint64_t refusals;
    uint64_t uncounted;
    enum name_comparison names;
};

const char *trace_finding_kind_text(enum trace_finding_kind kind)
{
    static const char *const texts[] = {
        [TRACE_FINDING_REFUSED] = "refused",
        [TRACE_FINDING_CONNECTION] = "connection",
        [TRACE_FINDING_DIAGNOSTIC] = "diagnostic",
    };

    assert((size_t)kind < LS_COUNT(texts));
    return texts[kind];
}

/* What the sentences mean. Those that only people remember, and no public
 * trace shows, are assumed. */
static const struct sentence {
    struct ls_str begins;
    const char *meaning;
    bool is_assumed;
} sentences[] = {
    {LS_STR(SIPSTACK_UNKNOWN_SERVER),
     "The other server's certificate was accepted by TLS, and the name in it "
     "was looked up among the trusted servers: there is none of that name, so "
     "the Front End dropped the connection without any SIP answer.",
     false},
    {LS_STR("Cannot process Route headers from a non-trusted source"),
     "A message came with Route headers over a connection whose peer is no "
     "trusted server.",
     false},
    {LS_STR("The domain of the message resolved by DNS SRV but none of the "
            "FQDNs"),
     "The SRV record of a partner's domain names hosts of another domain; the "
     "message was not sent.",
     false},
    {LS_STR("Message cannot be routed because the peer's certificate does not "
            "contain a matching FQDN"),
     "This server dialled out, and the certificate it was shown does not have "
     "the name it dialled (expected-fqdn); the other side's certificate or "
     "the SRV record must change.",
     false},
    {LS_STR("The connection was closed before TLS negotiation completed"),
     "The peer hung up during the handshake: mostly it does not trust this "
     "server's certificate.",
     true},
    {LS_STR("Receive operation on the connection failed"),
     "The peer closed or reset the connection.", true},
    {LS_STR("TLS negotiation failed"),
     "The two sides found no common TLS version or cipher, or one refused "
     "the other's certificate chain.",
     true},
    {LS_STR("Outgoing TLS negotiation failed"),
     "This server dialled out, and the handshake failed there.", true},
    {LS_STR("Peer certificate untrusted"),
     "The peer's certificate chain does not end at a root this server trusts.",
     true},
};

/* Codes of Windows that say why; they may come with any sentence. */
static const struct sentence codes[] = {
    {LS_STR("0xc3e93d6a"), "The peer is no trusted server of this Front End.",
     true},
    {LS_STR("0x80090322"),
     "The peer's certificate does not have the name that was dialled "
     "(SEC_E_WRONG_PRINCIPAL).",
     false},
    {LS_STR("0x800b0109"),
     "The peer's certificate ends at a root that is not trusted here "
     "(CERT_E_UNTRUSTEDROOT).",
     false},
    {LS_STR("0x80090325"),
     "The peer's certificate ends at a root that is not trusted here "
     "(SEC_E_UNTRUSTED_ROOT).",
     false},
    {LS_STR("0x80090328"),
     "The peer's certificate has expired (SEC_E_CERT_EXPIRED).", false},
    {LS_STR("0x800b0101"),
     "The peer's certificate is past its end or before its start "
     "(CERT_E_EXPIRED).",
     false},
    {LS_STR("0x800b010c"),
     "The peer's certificate was revoked (CERT_E_REVOKED).", false},
    {LS_STR("0x80092013"),
     "The revocation list could not be fetched (CRYPT_E_REVOCATION_OFFLINE).",
     false},
    {LS_STR("0x80072746"),
     "The peer forced the connection to close (WSAECONNRESET).", false},
};

static bool begins_nocase(struct ls_str text, struct ls_str begins)
{
    return text.length >= begins.length &&
           ls_str_equal_nocase(ls_str_first(text, begins.length), begins);
}

static const struct sentence *find(const struct sentence *rows, size_t count,
                                   struct ls_str text)
{
    for (size_t i = 0; i < count; i++)
        if (begins_nocase(text, rows[i].begins))
            return &rows[i];
    return NULL;
}

static const struct sentence *sentence_of(const struct trace_record *record)
{
    const struct sentence *found =
        find(sentences, LS_COUNT(sentences), record->text);

    return found ? found : find(codes, LS_COUNT(codes), record->result_code);
}

static bool is_refusal(const struct trace_record *record)
{
    static const struct ls_str code = LS_STR("0xc3e93d6a");
    static const struct ls_str sentence = LS_STR(SIPSTACK_UNKNOWN_SERVER);

    return begins_nocase(record->text, sentence) ||
           begins_nocase(record->result_code, code);
}

static bool is_bad(const struct trace_record *record)
{
    return ls_str_equal_text(record->level, "TL_ERROR") ||
           ls_str_equal_text(record->level, "TL_FATAL") ||
           ls_str_equal_text(record->level, "TL_WARN") ||
           ls_str_equal_text(record->severity, "error") ||
           ls_str_equal_text(record->severity, "warning");
}

/* What kind of finding a record is; false when it is none. */
static bool classify(const struct trace_record *record,
                     enum trace_finding_kind *kind)
{
    bool is_connection = ls_str_equal_text(record->flag, "TF_CONNECTION") ||
                         ls_str_equal_text(record->log_type, "connection");
    bool is_diagnostic = ls_str_equal_text(record->flag, "TF_DIAG") ||
                         ls_str_equal_text(record->log_type, "diagnostic");

    if (is_refusal(record))
        *kind = TRACE_FINDING_REFUSED;
    else if (is_connection && record->text.length && is_bad(record))
        *kind = TRACE_FINDING_CONNECTION;
    else if (is_diagnostic && record->text.length && is_bad(record))
        *kind = TRACE_FINDING_DIAGNOSTIC;
    else
        return false;
    return true;
}

/* Refusals are one by name; everything else by what it says. */
static void make_key(struct ls_buf *key, enum trace_finding_kind kind,
                     const struct trace_record *record,
                     enum name_comparison names)
{
    ls_buf_printf(key, "%d", (int)kind);
    if (kind == TRACE_FINDING_REFUSED) {
        ls_buf_add_byte(key, record->has_fqdn ? '+' : '-');
        ls_buf_add(key, record->fqdn);
        if (names == NAMES_INSENSITIVE)
            ls_str_copy_lower(key->at, ls_buf_str(key));
        return;
    }
    ls_buf_add(key, ls_str_first(record->text, TEXT_MAX_BYTES));
    ls_buf_add_byte(key, '\0');
    ls_buf_add(key, ls_str_first(record->result_code, TEXT_MAX_BYTES));
    ls_buf_add_byte(key, '\0');
    ls_buf_add(key, ls_str_first(record->data, TEXT_MAX_BYTES));
}

static char *text_or_null(struct ls_str text)
{
    return text.length ? ls_str_dup(ls_str_first(text, TEXT_MAX_BYTES)) : NULL;
}

static struct summary_row *add_row(struct trace_summary *summary,
                                   struct ls_buf *key,
                                   enum trace_finding_kind kind,
                                   const struct trace_record *record)
{
    const struct sentence *sentence = sentence_of(record);
    struct summary_row *row = ls_alloc(sizeof *row);

    row->key = *key;
    *key = (struct ls_buf){0};
    row->finding = (struct trace_finding){
        .kind = kind,
        .name = record->has_fqdn ? ls_str_dup(record->fqdn) : NULL,
        .name_length = record->fqdn.length,
        .text = text_or_null(record->text),
        .result_code = text_or_null(record->result_code),
        .data = text_or_null(record->data),
        .peer = text_or_null(record->peer),
        .first_line = record->line,
        .meaning = sentence ? sentence->meaning : NULL,
        .is_assumed = sentence && sentence->is_assumed,
    };
    HASH_ADD_KEYPTR(hh, summary->by_key, row->key.at, row->key.length, row);
    LS_GROW(summary->rows, summary->count, summary->capacity);
    summary->rows[summary->count++] = row;
    return row;
}

static void count_record(struct trace_finding *finding,
                         const struct trace_record *record)
{
    finding->count++;
    if (finding->name != NULL && record->has_fqdn)
        finding->has_other_case |= !ls_str_equal(
            record->fqdn,
            ls_str_from_bytes(finding->name, finding->name_length));
    finding->last_line = record->line;
    if (!record->has_time)
        return;
    if (!finding->has_time || record->at_ms < finding->first_ms)
        finding->first_ms = record->at_ms;
    if (!finding->has_time || record->at_ms > finding->last_ms)
        finding->last_ms = record->at_ms;
    finding->has_time = true;
}

void trace_summary_add(struct trace_summary *summary,
                       const struct trace_record *record)
{
    enum trace_finding_kind kind;
    struct summary_row *row = NULL;
    struct ls_buf key = {0};

    summary->records++;
    if (!classify(record, &kind))
        return;
    summary->refusals += kind == TRACE_FINDING_REFUSED;
    make_key(&key, kind, record, summary->names);
    HASH_FIND(hh, summary->by_key, key.at, key.length, row);
    if (!row && summary->count == TRACE_FINDINGS_MAX)
        summary->uncounted++;
    else if (!row)
        row = add_row(summary, &key, kind, record);
    if (row)
        count_record(&row->finding, record);
    ls_buf_clear(&key);
}

struct trace_summary *trace_summary_new(void)
{
    return ls_alloc(sizeof(struct trace_summary));
}

void trace_summary_free(struct trace_summary *summary)
{
    if (!summary)
        return;
    HASH_CLEAR(hh, summary->by_key);
    for (size_t i = 0; i < summary->count; i++) {
        struct summary_row *row = summary->rows[i];

        free(row->finding.name);
        free(row->finding.text);
        free(row->finding.result_code);
        free(row->finding.data);
        free(row->finding.peer);
        ls_buf_clear(&row->key);
        free(row);
    }
    free(summary->rows);
    free(summary);
}

void trace_summary_set_names(struct trace_summary *summary,
                             enum name_comparison names)
{
    assert(summary->records == 0);
    summary->names = names;
}

uint64_t trace_summary_records(const struct trace_summary *summary)
{
    return summary->records;
}

uint64_t trace_summary_refusals(const struct trace_summary *summary)
{
    return summary->refusals;
}

uint64_t trace_summary_uncounted(const struct trace_summary *summary)
{
    return summary->uncounted;
}

size_t trace_summary_count(const struct trace_summary *summary)
{
    return summary->count;
}

const struct trace_finding *
trace_summary_at(const struct trace_summary *summary, size_t index)
{
    assert(index < summary->count);
    return &summary->rows[index]->finding;
}
