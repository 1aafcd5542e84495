/*
 * The sequence diagram: two life lines, an arrow a message. The picture says
 * nothing that its description does not say in words.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/str.h"

#include "html_internal.h"
#include "page.h"
#include "talk_report.h"

#define WIDTH 470
#define LEFT 45
#define RIGHT 425
#define TOP 46
#define ROW 34
/* What fits over an arrow; longer texts end in an ellipsis. */
#define LABEL_COLUMNS 52
/* Messages that are drawn; the rest are counted, and stand below. */
#define MESSAGES_MAX 40
#define ROWS_MAX (MESSAGES_MAX + 8)

enum arrow { ARROW_RIGHT, ARROW_LEFT, ARROW_CROSSED, NOTE_LEFT, NOTE_RIGHT };

struct row {
    enum arrow arrow;
    const char *class;
    char *text;
};

struct diagram {
    struct row rows[ROWS_MAX];
    size_t count;
};

static void add_row(struct diagram *diagram, enum arrow arrow,
                    const char *class, char *text)
{
    diagram->rows[diagram->count++] = (struct row){arrow, class, text};
}

/* "certificate: NAME": its host, or what stands where that should be. */
static char *shown_by(const struct certificate_facts *facts, const char *more)
{
    const char *host = facts != NULL ? certificate_facts_host(facts) : NULL;
    struct ls_buf text = {0};

    ls_buf_add_text(&text, facts != NULL ? "certificate: " : "no certificate");
    if (host != NULL)
        ls_buf_add_text(&text, host);
    else if (facts != NULL && facts->name_count > 0)
        page_add_safe(&text, ls_str_from_bytes(facts->names[0].text,
                                               facts->names[0].length));
    else if (facts != NULL)
        ls_buf_add_text(&text, "no name");
    if (more != NULL)
        ls_buf_printf(&text, ", %s", more);
    return ls_buf_take(&text);
}

static void add_handshake(struct diagram *diagram,
                          const struct step_result *result)
{
    if (result->peer_outcome == PEER_UNREACHABLE)
        return;
    add_row(diagram, ARROW_RIGHT, "line", ls_strdup("TLS: hello"));
    add_row(diagram, ARROW_LEFT, "line", shown_by(result->front_end, NULL));
    if (result->peer_outcome != PEER_REFUSED_BY_PEER)
        add_row(diagram, ARROW_RIGHT, "line",
                shown_by(result->certificate, result->tls));
}

static void add_verdict(struct diagram *diagram,
                        const struct trust_verdict *verdict)
{
    const char *outcome = trust_outcome_text(verdict->outcome);

    if (verdict->reason == TRUST_NONE)
        add_row(diagram, NOTE_RIGHT, "good", ls_strdup(outcome));
    else
        add_row(diagram, NOTE_RIGHT, "bad",
                ls_strf("%s: %s", outcome, trust_check_text(verdict->reason)));
}

/* "--> REGISTER sip:… SIP/2.0" and "<-- SIP/2.0 200 OK" begin messages in a
 * transcript; false: this line is inside of one. */
static bool is_message(struct ls_str line, enum arrow *arrow,
                       struct ls_str *what)
{
    struct ls_str rest = ls_str_skip(ls_str_trim(line), 4);
    struct ls_str word;

    if (!ls_str_starts_with(line, "--> ") && !ls_str_starts_with(line, "<-- "))
        return false;
    *arrow = line.at[0] == '-' ? ARROW_RIGHT : ARROW_LEFT;
    *what = rest;
    if (ls_str_cut(&rest, ' ', &word) && !ls_str_starts_with(word, "SIP/"))
        *what = word; /* a request: its method */
    else
        *what = rest; /* an answer: its status */
    return true;
}

/* As the scenario wrote its lines. */
static void add_talk(struct diagram *diagram, const struct step_result *result)
{
    for (size_t i = 0, drawn = 0;
         i < result->line_count && drawn < MESSAGES_MAX; i++) {
        const struct line_result *line = &result->lines[i];
        char *text;

        if (line->message == NULL)
            continue;
        text = talk_report_line(line);
        add_row(diagram,
                talk_report_is_to_peer(line) ? ARROW_LEFT : ARROW_RIGHT,
                line->outcome == PLAY_PASSED ? "line" : "bad",
                ls_strdup(text + strlen("--> ")));
        free(text);
        drawn++;
    }
}

/* As they went over the connection. */
static void add_messages(struct diagram *diagram,
                         const struct step_result *result)
{
    const char *transcript = result->transcript;
    struct ls_str rest = ls_str_from(transcript != NULL ? transcript : "");
    struct ls_str line, what;
    size_t count = 0;
    enum arrow arrow;

    while (ls_str_cut(&rest, '\n', &line))
        if (is_message(line, &arrow, &what) && count++ < MESSAGES_MAX)
            add_row(diagram, arrow, "line", ls_str_dup(what));
    if (count > MESSAGES_MAX)
        add_row(diagram, ARROW_CROSSED, "line",
                ls_strf("and %zu more messages", count - MESSAGES_MAX));
}

static void add_end(struct diagram *diagram, const struct step_result *result)
{
    switch (result->peer_outcome) {
    case PEER_CONNECTED:
        break;
    case PEER_CLOSED_AFTER_HANDSHAKE:
    case PEER_CLOSED_IN_HANDSHAKE:
        add_row(diagram, ARROW_LEFT, "bad",
                ls_strdup("FIN: the connection is dropped, not a word"));
        break;
    case PEER_RESET:
        add_row(diagram, ARROW_LEFT, "bad", ls_strdup("RST"));
        break;
    case PEER_ALERT:
        add_row(diagram, ARROW_LEFT, "bad",
                ls_strf("alert: %s",
                        result->alert_text ? result->alert_text : "?"));
        break;
    case PEER_REFUSED_BY_PEER:
        add_row(diagram, ARROW_RIGHT, "bad",
                ls_strdup("alert: the peer hangs up"));
        break;
    case PEER_TIMEOUT:
    case PEER_UNREACHABLE:
    case PEER_PENDING:
        add_row(diagram, ARROW_CROSSED, "bad",
                ls_strdup(peer_outcome_text(result->peer_outcome)));
        break;
    }
}

static void fill(struct diagram *diagram, const struct step_result *result)
{
    add_handshake(diagram, result);
    if (result->has_verdict)
        add_verdict(diagram, &result->verdict);
    if (result->line_count > 0)
        add_talk(diagram, result);
    else
        add_messages(diagram, result);
    add_end(diagram, result);
    if (result->owa != NULL)
        add_row(diagram, NOTE_LEFT,
                strcmp(result->owa, "available") == 0 ? "good" : "bad",
                ls_strf("user: %s", result->owa));
}

/* --- drawing ------------------------------------------------------------- */

static void add_clipped(struct ls_buf *out, const char *text)
{
    struct ls_buf safe = {0};
    struct ls_str rest;
    size_t length = 0;

    page_add_safe(&safe, ls_str_from(text));
    rest = ls_buf_str(&safe);
    for (size_t i = 0; i < LABEL_COLUMNS && length < rest.length; i++)
        length += ls_str_utf8_length(ls_str_skip(rest, length));
    markup_add_str(out, ls_str_first(rest, length));
    if (length < rest.length)
        ls_buf_add_text(out, "\xE2\x80\xA6");
    ls_buf_clear(&safe);
}

static void draw_text(struct ls_buf *out, const struct row *row, unsigned x,
                      unsigned y)
{
    static const char *const sides[] = {
        [ARROW_RIGHT] = "", [ARROW_LEFT] = "",   [ARROW_CROSSED] = "",
        [NOTE_LEFT] = " l", [NOTE_RIGHT] = " r",
    };

    ls_buf_printf(out, "<text x=\"%u\" y=\"%u\" class=\"%s%s\">", x, y,
                  row->class, sides[row->arrow]);
    add_clipped(out, row->text);
    ls_buf_add_text(out, "</text>\n");
}

static void draw_arrow(struct ls_buf *out, const struct row *row, unsigned y)
{
    unsigned from = row->arrow == ARROW_LEFT ? RIGHT : LEFT;
    unsigned to = row->arrow == ARROW_LEFT ? LEFT : RIGHT;
    int back = row->arrow == ARROW_LEFT ? 8 : -8;

    ls_buf_printf(out,
                  "<path class=\"%s\" d=\"M%u %u H%u m%d -4 L%u %u l%d 4\"/>\n",
                  row->class, from, y, to, back, to, y, back);
    draw_text(out, row, (LEFT + RIGHT) / 2, y - 6);
}

static void draw_row(struct ls_buf *out, const struct row *row, unsigned y)
{
    switch (row->arrow) {
    case ARROW_RIGHT:
    case ARROW_LEFT:
        draw_arrow(out, row, y);
        break;
    case ARROW_CROSSED:
        draw_text(out, row, (LEFT + RIGHT) / 2, y);
        break;
    case NOTE_RIGHT:
    case NOTE_LEFT:
        draw_text(out, row, row->arrow == NOTE_RIGHT ? RIGHT - 12 : LEFT + 12,
                  y);
        break;
    }
}

static void draw_life(struct ls_buf *out, unsigned x, const char *name,
                      unsigned bottom)
{
    ls_buf_printf(out, "<text x=\"%u\" y=\"18\" class=\"who\">", x);
    markup_add(out, name);
    ls_buf_printf(out, "</text>\n<path class=\"life\" d=\"M%u 26 V%u\"/>\n", x,
                  bottom);
}

static void describe(struct ls_buf *out, const struct diagram *diagram)
{
    for (size_t i = 0; i < diagram->count; i++) {
        static const char *const who[] = {
            [ARROW_RIGHT] = "the peer sends ",
            [ARROW_LEFT] = "the Front End sends ",
            [ARROW_CROSSED] = "",
            [NOTE_LEFT] = "the peer's ",
            [NOTE_RIGHT] = "the Front End decides ",
        };

        ls_buf_printf(out, "%s%s", i > 0 ? "; " : "",
                      who[diagram->rows[i].arrow]);
        markup_add(out, diagram->rows[i].text);
    }
}

/* Its name and what it says in words, for who does not see it. */
static void begin_picture(struct ls_buf *out, const struct diagram *diagram,
                          struct html_place place, unsigned height)
{
    ls_buf_printf(out,
                  "<svg viewBox=\"0 0 %d %u\" role=\"img\" "
                  "aria-labelledby=\"t%zu-%zu d%zu-%zu\">\n"
                  "<title id=\"t%zu-%zu\">Who sent what, on one time line"
                  "</title>\n<desc id=\"d%zu-%zu\">",
                  WIDTH, height, place.article, place.step, place.article,
                  place.step, place.article, place.step, place.article,
                  place.step);
    describe(out, diagram);
    ls_buf_add_text(out, "</desc>\n");
}

void html_diagram(struct ls_buf *out, const struct step_result *result,
                  struct html_place place)
{
    struct diagram diagram = {.count = 0};
    unsigned height;

    fill(&diagram, result);
    height = TOP + (unsigned)diagram.count * ROW;
    begin_picture(out, &diagram, place, height);
    draw_life(out, LEFT, result->step->peer.from ? "CAS" : "peer", height - 8);
    draw_life(out, RIGHT, "Front End", height - 8);
    for (size_t i = 0; i < diagram.count; i++) {
        draw_row(out, &diagram.rows[i], TOP + (unsigned)i * ROW + 10);
        free(diagram.rows[i].text);
    }
    ls_buf_add_text(out, "</svg>\n");
}
