/*
 * How does somebody in a talk speak? The fields that send: fills in, and what
 * is remembered so that one message follows from the other.
 */
#ifndef TALK_VOICE_H
#define TALK_VOICE_H

#include "lyncsim/answer_rules.h"
#include "lyncsim/buf.h"
#include "lyncsim/id_source.h"
#include "lyncsim/sip_message.h"

struct talk_voice {
    const char *local;  /* "192.0.2.20:49732"; borrowed, as the next three */
    const char *remote; /* of the other side */
    const char *host;   /* own FQDN, or the address */
    const char *remote_host; /* the same of the other side */
    struct id_source ids;
    char *tag;
    char *call_id;
    char *branch;                /* of the message before this one, or NULL */
    char *remote_tag;            /* of the last message that came, or NULL */
    uint32_t cseq;               /* of the message before this one */
    struct sip_message *request; /* the last one that came, or NULL */
};

/* ids is copied. */
void talk_voice_init(struct talk_voice *voice, const struct id_source *ids);
void talk_voice_clear(struct talk_voice *voice);

/* A message as send: has it, put on the wire: fields filled in, CRLF at every
 * line's end, the blank line after the headers. */
void talk_voice_say(struct talk_voice *voice, const char *text,
                    struct ls_buf *out);
/* Remember a message that came; false when it cannot be parsed. */
bool talk_voice_hear(struct talk_voice *voice, struct ls_str bytes);
/* The answer to the last request that came; there must be one. */
void talk_voice_answer(struct talk_voice *voice, const struct answer_form *form,
                       struct ls_buf *out);

/* The fields, for help and documentation, and whether there is one of that
 * name. */
struct talk_field {
    const char *name;
    const char *summary;
};
const struct talk_field *talk_fields(size_t *count);
bool talk_field_exists(struct ls_str name);

#endif
