#include "talk_voice.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_status.h"
#include "lyncsim/sip_writer.h"

#include "scenario_variable.h"

#define TAG_DIGITS 10
#define CALL_ID_DIGITS 32
#define BRANCH_DIGITS 16
/* RFC 3261 8.1.1.7 */
#define BRANCH_COOKIE "z9hG4bK"

enum field_id {
    FIELD_BRANCH,
    FIELD_TAG,
    FIELD_REMOTE_TAG,
    FIELD_CALL_ID,
    FIELD_CSEQ,
    FIELD_LAST_CSEQ,
    FIELD_LAST_BRANCH,
    FIELD_LOCAL,
    FIELD_REMOTE,
    FIELD_HOST,
    FIELD_REMOTE_HOST,
    FIELD_LENGTH,
    FIELD_COUNT
};

static const struct talk_field fields[FIELD_COUNT] = {
    [FIELD_BRANCH] = {"branch", "a new branch for this message"},
    [FIELD_TAG] = {"tag", "this side's tag, the same in all of a talk"},
    [FIELD_REMOTE_TAG] = {"remote-tag",
                          "the other side's, of the last message that came"},
    [FIELD_CALL_ID] = {"call-id",
                       "this side's Call-ID, the same in all of a talk"},
    [FIELD_CSEQ] = {"cseq", "the next number"},
    [FIELD_LAST_CSEQ] = {"last-cseq",
                         "the number of the message before, for ACK and "
                         "CANCEL"},
    [FIELD_LAST_BRANCH] = {"last-branch",
                           "the branch of the message before, for the same"},
    [FIELD_LOCAL] = {"local", "own address and port: 192.0.2.20:49732"},
    [FIELD_REMOTE] = {"remote", "the other side's address and port"},
    [FIELD_HOST] = {"host", "own name; a peer without from: has its address"},
    [FIELD_REMOTE_HOST] = {"remote-host", "the other side's"},
    [FIELD_LENGTH] = {"length", "how many bytes the body has"},
};

const struct talk_field *talk_fields(size_t *count)
{
    *count = FIELD_COUNT;
    return fields;
}

static enum field_id find_field(struct ls_str name)
{
    enum field_id id = 0;

    while (id < FIELD_COUNT && !ls_str_equal_text(name, fields[id].name))
        id++;
    return id;
}

bool talk_field_exists(struct ls_str name)
{
    return find_field(name) < FIELD_COUNT;
}

static char *draw(struct talk_voice *voice, const char *prefix, unsigned digits)
{
    struct ls_buf text = {0};

    ls_buf_add_text(&text, prefix);
    id_source_add_hex(&voice->ids, &text, digits);
    return ls_buf_take(&text);
}

void talk_voice_init(struct talk_voice *voice, const struct id_source *ids)
{
    voice->ids = *ids;
    voice->tag = draw(voice, "", TAG_DIGITS);
    voice->call_id = draw(voice, "", CALL_ID_DIGITS);
}

void talk_voice_clear(struct talk_voice *voice)
{
    free(voice->tag);
    free(voice->call_id);
    free(voice->branch);
    free(voice->remote_tag);
    sip_message_free(voice->request);
}

/* What is new in each message. */
struct saying {
    struct talk_voice *voice;
    char *branch; /* NULL: not asked for yet */
    bool has_cseq;
    size_t length;
};

static void add_field(struct saying *saying, enum field_id id,
                      struct ls_buf *out)
{
    struct talk_voice *voice = saying->voice;
    const char *texts[FIELD_COUNT] = {
        [FIELD_TAG] = voice->tag,
        [FIELD_REMOTE_TAG] = voice->remote_tag,
        [FIELD_CALL_ID] = voice->call_id,
        [FIELD_LAST_BRANCH] = voice->branch,
        [FIELD_LOCAL] = voice->local,
        [FIELD_REMOTE] = voice->remote,
        [FIELD_HOST] = voice->host,
        [FIELD_REMOTE_HOST] = voice->remote_host,
    };

    if (id == FIELD_BRANCH) {
        if (saying->branch == NULL)
            saying->branch = draw(voice, BRANCH_COOKIE, BRANCH_DIGITS);
        ls_buf_add_text(out, saying->branch);
    } else if (id == FIELD_CSEQ || id == FIELD_LAST_CSEQ) {
        saying->has_cseq = saying->has_cseq || id == FIELD_CSEQ;
        ls_buf_printf(out, "%u", (unsigned)voice->cseq + (id == FIELD_CSEQ));
    } else if (id == FIELD_LENGTH) {
        ls_buf_printf(out, "%zu", saying->length);
    } else if (texts[id] != NULL) {
        ls_buf_add_text(out, texts[id]);
    }
}

static void add_line_ends(struct ls_buf *out, struct ls_str text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '\n' && (i == 0 || text.at[i - 1] != '\r'))
            ls_buf_add_byte(out, '\r');
        ls_buf_add_byte(out, text.at[i]);
    }
}

/* $$ stays two dollars, as everywhere in a file. */
static void fill(struct saying *saying, struct ls_str text, struct ls_buf *out)
{
    struct ls_str name;
    size_t done = 0, at = 0, end;

    for (; scenario_variable_next(text, &at, &end, &name); at = end) {
        enum field_id id = find_field(name);

        if (id == FIELD_COUNT)
            continue;
        add_line_ends(out, ls_str_first(ls_str_skip(text, done), at - done));
        add_field(saying, id, out);
        done = end;
    }
    add_line_ends(out, ls_str_skip(text, done));
}

/* Divide at the blank line that ends the headers. */
static struct ls_str cut_head(struct ls_str *text)
{
    struct ls_str whole = *text;

    for (size_t i = 0; i + 1 < whole.length; i++) {
        struct ls_str rest = ls_str_skip(whole, i);

        if (!ls_str_starts_with(rest, "\n\n") &&
            !ls_str_starts_with(rest, "\n\r\n"))
            continue;
        *text = ls_str_skip(rest, rest.at[1] == '\n' ? 2 : 3);
        return ls_str_first(whole, i);
    }
    *text = ls_str_skip(whole, whole.length);
    return whole;
}

void talk_voice_say(struct talk_voice *voice, const char *text,
                    struct ls_buf *out)
{
    struct saying saying = {.voice = voice};
    struct ls_str rest = ls_str_from(text);
    struct ls_str head = cut_head(&rest);
    struct ls_buf body = {0};

    while (ls_str_ends_with(head, "\n") || ls_str_ends_with(head, "\r"))
        head.length--;
    if (ls_str_ends_with(rest, "\n")) /* the one of a block of text */
        rest.length--;
    fill(&saying, rest, &body);
    saying.length = body.length;
    fill(&saying, head, out);
    ls_buf_add_text(out, "\r\n\r\n");
    ls_buf_add(out, ls_buf_str(&body));
    ls_buf_clear(&body);
    if (saying.branch != NULL) {
        free(voice->branch);
        voice->branch = saying.branch;
    }
    voice->cseq += saying.has_cseq;
}

bool talk_voice_hear(struct talk_voice *voice, struct ls_str bytes)
{
    struct sip_message *message = NULL;
    const char *reason;
    struct ls_str tag;
    int status;

    if (sip_message_parse(bytes, &message, &status, &reason) != LS_OK) {
        sip_message_free(message);
        return false;
    }
    tag = sip_message_is_request(message) ? sip_message_from_tag(message)
                                          : sip_message_to_tag(message);
    free(voice->remote_tag);
    voice->remote_tag = ls_str_dup(tag);
    if (sip_message_is_request(message)) {
        sip_message_free(voice->request);
        voice->request = message;
    } else {
        sip_message_free(message);
    }
    return true;
}

static void echo(struct sip_writer *sip, const struct sip_message *request,
                 const char *name)
{
    const struct sip_header *header;

    for (size_t at = 0; (header = sip_message_next_header(request, name, &at));)
        sip_writer_header(sip, name, header->value);
}

void talk_voice_answer(struct talk_voice *voice, const struct answer_form *form,
                       struct ls_buf *out)
{
    const struct sip_message *request = voice->request;
    const struct sip_header *to = sip_message_header(request, "To", 0);
    struct sip_writer sip;

    sip_writer_response(&sip, out, form->status,
                        form->reason ? form->reason
                                     : sip_status_reason(form->status));
    echo(&sip, request, "Via");
    echo(&sip, request, "From");
    if (to && form->status > 100 &&
        ls_str_is_empty(sip_message_to_tag(request)))
        sip_writer_headerf(&sip, "To", "%.*s;tag=%s", LS_STR_ARG(to->value),
                           voice->tag);
    else
        echo(&sip, request, "To");
    echo(&sip, request, "Call-ID");
    echo(&sip, request, "CSeq");
    for (size_t i = 0; i < form->header_count; i++)
        sip_writer_header(&sip, form->headers[i].name,
                          ls_str_from(form->headers[i].value));
    sip_writer_body(&sip, ls_str_from(form->body ? form->body : ""));
}
