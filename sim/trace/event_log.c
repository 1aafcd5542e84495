#include "lyncsim/event_log.h"

#include <string.h>
#include <time.h>

#include "lyncsim/timestamp.h"

/* That these events exist, who logs them and what they list is documented;
 * the wording of their descriptions is ours. */
struct event_kind {
    unsigned id;
    const char *level;
    const char *source;
    const char *sentence;
};

#define STACK "LS Protocol Stack"

static const struct event_kind
    event_known = {14492, "Information", STACK,
                   "The known servers of this Front End."},
    event_added = {14493, "Information", STACK, "A known server was added."},
    event_removed = {14495, "Information", STACK,
                     "A known server was removed."},
    event_found = {44024, "Information",
                   "LS Exchange Unified Messaging Routing",
                   "Exchange servers with a SipName dial plan were found and "
                   "added to the known servers with version 0."},
    /* The sentence and what follows it are those of the OCS management
     * pack. */
    event_outgoing = {14428, "Error", STACK,
                      "TLS outgoing connection failures."};

/* What is being logged: one event and the servers it lists. */
struct event_entry {
    const struct event_log *log;
    const struct event_kind *kind;
    int64_t at_ms;
    struct ls_buf *out;
    size_t listed;
};

static void add_json_string(struct ls_buf *out, const char *text)
{
    struct ls_buf escaped = {0};

    /* Escaped, only the backslash is left that JSON treats specially. */
    ls_buf_add_escaped(&escaped, ls_str_from(text));
    ls_buf_add_byte(out, '"');
    for (size_t i = 0; i < escaped.length; i++) {
        if (escaped.at[i] == '\\')
            ls_buf_add_byte(out, '\\');
        ls_buf_add_byte(out, escaped.at[i]);
    }
    ls_buf_add_byte(out, '"');
    ls_buf_clear(&escaped);
}

/* The date as Event Viewer of an English system writes it. */
static void add_date(struct ls_buf *out, int64_t at_ms)
{
    time_t seconds = at_ms / 1000 - (at_ms % 1000 < 0 ? 1 : 0);
    struct tm tm = {0};

    gmtime_r(&seconds, &tm);
    int hour = tm.tm_hour % 12 ? tm.tm_hour % 12 : 12;
    ls_buf_printf(out, "%d/%d/%d %d:%02d:%02d %s", tm.tm_mon + 1, tm.tm_mday,
                  tm.tm_year + 1900, hour, tm.tm_min, tm.tm_sec,
                  tm.tm_hour < 12 ? "AM" : "PM");
}

static void begin_event(struct event_entry *entry)
{
    struct ls_buf *out = entry->out;

    if (entry->log->format == EVENT_LOG_JSON) {
        ls_buf_add_text(out, "{\"at\":\"");
        timestamp_format_ms(out, entry->at_ms);
        ls_buf_printf(out, "\",\"id\":%u,\"source\":\"%s\",", entry->kind->id,
                      entry->kind->source);
        ls_buf_printf(out, "\"level\":\"%s\",\"computer\":",
                      entry->kind == &event_outgoing ? "error" : "information");
        add_json_string(out, entry->log->computer);
        return;
    }
    ls_buf_printf(out, "Log Name:      Lync Server\nSource:        %s\n",
                  entry->kind->source);
    ls_buf_add_text(out, "Date:          ");
    add_date(out, entry->at_ms);
    ls_buf_printf(out, "\nEvent ID:      %u\nLevel:         %s\n",
                  entry->kind->id, entry->kind->level);
    ls_buf_add_text(out, "Computer:      ");
    ls_buf_add_escaped(out, ls_str_from(entry->log->computer));
    ls_buf_printf(out, "\nDescription:\n%s\n", entry->kind->sentence);
}

static void begin_servers(struct event_entry *entry)
{
    begin_event(entry);
    if (entry->log->format == EVENT_LOG_JSON)
        ls_buf_add_text(entry->out, ",\"servers\":[");
}

static void add_server(struct event_entry *entry,
                       const struct known_server *server)
{
    const char *kind = known_server_kind_text(server->kind);
    const char *interface = net_interface_text(server->interface);
    struct ls_buf *out = entry->out;

    entry->listed++;
    if (entry->log->format == EVENT_LOG_JSON) {
        ls_buf_add_text(out, entry->listed > 1 ? ",{\"fqdn\":" : "{\"fqdn\":");
        add_json_string(out, server->fqdn);
        ls_buf_printf(out, ",\"kind\":\"%s\",\"pool\":", kind);
        add_json_string(out, server->pool);
        ls_buf_printf(out, ",\"version\":%d,\"interface\":\"%s\"}",
                      server->version, interface);
        return;
    }
    ls_buf_add_text(out, "  ");
    ls_buf_add_escaped(out, ls_str_from(server->fqdn));
    ls_buf_printf(out, " (%s", kind);
    if (strcmp(server->fqdn, server->pool) != 0) {
        ls_buf_add_text(out, " of ");
        ls_buf_add_escaped(out, ls_str_from(server->pool));
    }
    ls_buf_printf(out, ", version %d, %s interface)\n", server->version,
                  interface);
}

static void end_event(struct event_entry *entry)
{
    if (entry->log->format == EVENT_LOG_JSON) {
        ls_buf_add_text(entry->out, "]}\n");
        return;
    }
    if (entry->listed == 0)
        ls_buf_add_text(entry->out, "  (none)\n");
    ls_buf_add_byte(entry->out, '\n');
}

static const struct known_server *same_in(const struct known_servers *table,
                                          const struct known_server *server)
{
    struct ls_str fqdn = ls_str_from(server->fqdn);
    const struct known_server *found =
        server->kind == KNOWN_SERVER_AUTODISCOVERED
            ? known_servers_find_discovered(table, fqdn)
            : known_servers_find(table, fqdn, NAMES_INSENSITIVE);

    if (found && found->kind == server->kind &&
        found->version == server->version &&
        found->interface == server->interface &&
        ls_str_equal_nocase(ls_str_from(found->pool),
                            ls_str_from(server->pool)))
        return found;
    return NULL;
}

/* The event that lists what autodiscovery found, where it found anything that
 * is not in before (or NULL). */
static void log_found(struct event_entry entry,
                      const struct known_servers *before,
                      const struct known_servers *after)
{
    entry.kind = &event_found;
    for (size_t i = 0; i < known_servers_count(after); i++) {
        const struct known_server *server = known_servers_at(after, i);

        if (server->kind != KNOWN_SERVER_AUTODISCOVERED ||
            (before && same_in(before, server)))
            continue;
        if (entry.listed == 0)
            begin_servers(&entry);
        add_server(&entry, server);
    }
    if (entry.listed)
        end_event(&entry);
}

void event_log_start(const struct event_log *log,
                     const struct known_servers *table, int64_t at_ms,
                     struct ls_buf *out)
{
    struct event_entry entry = {log, &event_known, at_ms, out, 0};

    begin_servers(&entry);
    for (size_t i = 0; i < known_servers_count(table); i++)
        add_server(&entry, known_servers_at(table, i));
    end_event(&entry);
    log_found((struct event_entry){log, NULL, at_ms, out, 0}, NULL, table);
}

/* One event of that kind for each server of table that other has not. */
static void log_missing(struct event_entry entry,
                        const struct known_servers *table,
                        const struct known_servers *other)
{
    for (size_t i = 0; i < known_servers_count(table); i++) {
        const struct known_server *server = known_servers_at(table, i);

        if (same_in(other, server))
            continue;
        entry.listed = 0;
        begin_servers(&entry);
        add_server(&entry, server);
        end_event(&entry);
    }
}

void event_log_change(const struct event_log *log,
                      const struct known_servers *before,
                      const struct known_servers *after, int64_t at_ms,
                      struct ls_buf *out)
{
    struct event_entry removed = {log, &event_removed, at_ms, out, 0};
    struct event_entry added = {log, &event_added, at_ms, out, 0};

    log_missing(removed, before, after);
    log_missing(added, after, before);
    log_found((struct event_entry){log, NULL, at_ms, out, 0}, before, after);
}

static void add_outgoing(const struct trace_event *event,
                         const struct event_log *log, struct ls_buf *out)
{
    const char *code = event->result_code ? event->result_code : "";

    if (log->format == EVENT_LOG_JSON) {
        ls_buf_add_text(out, ",\"peer\":");
        add_json_string(out, event->peer);
        ls_buf_add_text(out, ",\"error\":");
        add_json_string(out, code);
        ls_buf_add_text(out, "}\n");
        return;
    }
    ls_buf_add_text(out, "  ");
    ls_buf_add_escaped(out, ls_str_from(event->peer));
    ls_buf_printf(out, ": %s\n", code);
    ls_buf_add_text(
        out, "Cause: Wrong principal error could happen if the peer presents a "
             "certificate whose subject name does not match the peer name. "
             "Certificate root not trusted error could happen if the peer "
             "certificate was issued by remote CA that is not trusted by the "
             "local machine.\n"
             "Resolution: For untrusted root errors, ensure that the remote CA "
             "certificate chain is installed locally. If you have already "
             "installed the remote CA certificate chain, then try rebooting "
             "the computer.\n\n");
}

bool event_log_dial_failure(const struct event_log *log,
                            const struct trace_event *event, struct ls_buf *out)
{
    struct event_entry entry = {log, &event_outgoing, event->at_ms, out, 0};

    if (event->kind != TRACE_CONNECTION || !event->is_dialled ||
        !event->is_of_tls)
        return false;
    begin_event(&entry);
    add_outgoing(event, log, out);
    return true;
}
