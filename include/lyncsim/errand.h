/*
 * What does one Front End's loop ask of another's? Where several loops serve,
 * one of them is home: it knows who is signed in, who watches whom and who
 * talks to whom. The others carry to it what needs that, and its answers back.
 */
#ifndef LYNCSIM_ERRAND_H
#define LYNCSIM_ERRAND_H

#include <stdint.h>

#include "lyncsim/front_end_answer.h"
#include "lyncsim/mailbox.h"
#include "lyncsim/str.h"

enum errand_kind {
    ERRAND_MESSAGE, /* home: answer this, as if it had come to you */
    ERRAND_GONE,    /* home: that connection has ended */
    ERRAND_MAIL,    /* back: send this over that connection */
};

struct errand {
    struct mailbox_letter letter;
    enum errand_kind kind;
    uint64_t connection_id;
    struct sip_caller caller; /* of a message; its texts are owned here */
    char *bytes;              /* or NULL */
    size_t byte_count;
};

/* caller NULL: there is none. */
struct errand *errand_new(enum errand_kind kind, uint64_t connection_id,
                          const struct sip_caller *caller, struct ls_str bytes);
void errand_free(struct errand *errand);

#endif
