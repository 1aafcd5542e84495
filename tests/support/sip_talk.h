/*
 * A Front End and who talks to it, without connection, TLS or time of its own:
 * SIP text in, SIP text out.
 */
#ifndef LYNCSIM_TESTS_SIP_TALK_H
#define LYNCSIM_TESTS_SIP_TALK_H

#include "lyncsim/front_end.h"
#include "lyncsim/front_end_answer.h"

#define TALK_FQDN "fe.contoso.com"
#define TALK_NOW_MS 1324413901704u /* 2011-12-20T20:45:01.704Z */

struct sip_talk {
    struct front_end *front_end;
    struct sip_caller server; /* trusted, authenticated: 192.0.2.7:49732 */
    struct sip_caller other;  /* another one: 192.0.2.8:49733 */
    struct sip_caller client; /* without certificate: 192.0.2.9:50000 */
    uint64_t now_ms;
    struct trace_journal *journal;
};

void sip_talk_init(struct sip_talk *talk, enum product_version version);
void sip_talk_clear(struct sip_talk *talk);

/* Everything that is said to text, a well-formed message or a bad one, over
 * the caller's connection; owned by the caller of this. */
char *sip_talk_ask(struct sip_talk *talk, const struct sip_caller *caller,
                   struct ls_str text);
char *sip_talk_ask_text(struct sip_talk *talk, const struct sip_caller *caller,
                        const char *text);
/* What others have left for the caller; owned by the caller of this. */
char *sip_talk_mail(struct sip_talk *talk, const struct sip_caller *caller);
/* How often it was told since this was last asked that a limit was reached. */
unsigned sip_talk_limit_count(struct sip_talk *talk, enum trace_limit limit);
/* What a stack answers to the first message in mail: its status line, and the
 * headers that make it a response of that request, with to_params behind To.
 * Owned by the caller. */
char *sip_talk_answer_to(const char *mail, const char *status_line,
                         const char *to_params);

#endif
