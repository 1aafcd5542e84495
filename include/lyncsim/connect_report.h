/*
 * What did that server do with our certificate? Both sides of one connection,
 * as the connecting one saw them.
 */
#ifndef LYNCSIM_CONNECT_REPORT_H
#define LYNCSIM_CONNECT_REPORT_H

#include "lyncsim/cas_peer.h"
#include "lyncsim/certificate_facts.h"
#include "lyncsim/story.h"

/* In the words of a verdict, and the fourth: nothing can be said. */
enum connect_answer {
    CONNECT_ACCEPTED,
    CONNECT_REFUSED,
    CONNECT_CLIENT, /* it saw no certificate of ours, and did not mind */
    CONNECT_UNABLE, /* nobody there, no answer, it never looked, or we hung up
                     * ourselves */
};
/* "accepted", "refused", "client", "unable". */
const char *connect_answer_text(enum connect_answer answer);

/* An address of the server that could not be reached. */
struct connect_try {
    char *address; /* "host:port" */
    char *why;
};

/* Everything is borrowed. */
struct connect_report {
    const char *server; /* "host:port" as asked for */
    const struct connect_try *tries;
    size_t try_count;
    const char *reached; /* the address that answered; or NULL */
    const struct certificate_facts *own;   /* NULL: none was shown */
    const struct certificate_facts *shown; /* by the server; or NULL */
    const struct staple_report *staple;    /* the server's; or NULL */
    const char *cipher;                    /* or NULL */
    const struct cas_result *result;
    struct ls_str transcript;
    bool was_asked;        /* whether the server asked for our certificate */
    bool trust_is_checked; /* whether the server's chain was */
};

enum connect_answer connect_report_answer(const struct connect_report *report);
void connect_report_text(const struct connect_report *report,
                         const struct story_style *style, struct ls_buf *out);
void connect_report_json(const struct connect_report *report,
                         struct ls_buf *out);

#endif
