#include "owa_report.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "html_internal.h"
#include "json_text.h"
#include "story_internal.h"

char *owa_report_users(const struct scenario_peer *peer)
{
    if (peer->user_count == 1)
        return ls_strdup(peer->users[0]);
    return ls_strf("%zu users", peer->user_count);
}

/* What there is to tell beyond what owa is at the end. */
struct facts {
    bool has_many;    /* users */
    bool is_assumed;  /* the words that they read */
    bool has_changed; /* what they saw */
    bool was_lost;    /* a connection */
};

static struct facts facts_of(const struct step_result *result)
{
    enum owa_version version = result->step->peer.owa;

    return (struct facts){
        .has_many = result->step->peer.user_count > 1,
        .is_assumed = strcmp(result->owa, "available") != 0 &&
                      strcmp(owa_text_standing(version), "assumed") == 0,
        .has_changed = result->seen.count > 1,
        .was_lost = result->connections.count > 1,
    };
}

static void tell_list(struct page *page, const char *label,
                      const struct cas_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        story_say(page, i == 0 ? label : "", texts->items[i]);
}

static void tell_connections(struct page *page,
                             const struct cas_texts *connections)
{
    struct ls_buf text = {0};

    ls_buf_printf(&text, "%zu: ", connections->count);
    for (size_t i = 0; i < connections->count; i++)
        ls_buf_printf(&text, "%s%s", i > 0 ? ", then " : "",
                      connections->items[i]);
    story_say(page, "connections", text.at);
    ls_buf_clear(&text);
}

void owa_report_tell(struct page *page, const struct step_result *result)
{
    struct facts facts;
    char *text;

    if (result->owa == NULL)
        return;
    facts = facts_of(result);
    if (facts.was_lost)
        tell_connections(page, &result->connections);
    story_say(page, "OWA's user", result->owa);
    if (facts.is_assumed)
        story_say(page, "", "(assumed: nobody has written these words down)");
    if (facts.has_many) {
        text = ls_strf("available to %zu of %zu users", result->available_count,
                       result->step->peer.user_count);
        story_say(page, "", text);
        free(text);
    }
    if (facts.has_changed)
        tell_list(page, "saw", &result->seen);
    tell_list(page, "sent", &result->sent);
    tell_list(page, "received", &result->received);
}

static void add_list(struct ls_buf *out, const char *caption,
                     const struct cas_texts *texts)
{
    if (texts->count == 0)
        return;
    ls_buf_printf(out, "<table><caption>%s</caption>\n", caption);
    for (size_t i = 0; i < texts->count; i++) {
        ls_buf_printf(out, "<tr><th scope=\"row\">%zu</th>", i + 1);
        html_element(out, "td", NULL, texts->items[i]);
        ls_buf_add_text(out, "</tr>\n");
    }
    ls_buf_add_text(out, "</table>\n");
}

void owa_report_html(struct ls_buf *out, const struct step_result *result)
{
    struct facts facts;

    if (result->owa == NULL)
        return;
    facts = facts_of(result);
    if (facts.has_many)
        ls_buf_printf(out, "<p>Available to %zu of %zu users.</p>\n",
                      result->available_count, result->step->peer.user_count);
    if (facts.is_assumed)
        ls_buf_add_text(out, "<p>The words that the user reads are assumed: "
                             "nobody has written them down.</p>\n");
    ls_buf_add_text(out, "<div class=\"beside\">\n");
    if (facts.was_lost)
        add_list(out, "Connections", &result->connections);
    if (facts.has_changed)
        add_list(out, "What the users saw", &result->seen);
    add_list(out, "Sent", &result->sent);
    add_list(out, "Received", &result->received);
    ls_buf_add_text(out, "</div>\n");
}

static json_t *list_from(const struct cas_texts *texts)
{
    return json_texts_from(texts->items, texts->count);
}

json_t *owa_report_json(const struct step_result *result)
{
    const struct scenario_peer *peer = &result->step->peer;
    json_t *json;

    if (result->owa == NULL)
        return json_null();
    json = json_object();
    json_object_set_new(json, "users",
                        json_integer((json_int_t)peer->user_count));
    json_object_set_new(json, "available",
                        json_integer((json_int_t)result->available_count));
    json_object_set_new(json, "standing",
                        json_text_or_null(owa_text_standing(peer->owa)));
    json_object_set_new(json, "seen", list_from(&result->seen));
    json_object_set_new(json, "sent", list_from(&result->sent));
    json_object_set_new(json, "received", list_from(&result->received));
    json_object_set_new(json, "connections", list_from(&result->connections));
    return json;
}
