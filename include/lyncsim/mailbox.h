/*
 * How does one thread hand something to another without either waiting? Any
 * number of threads put letters in, one takes all of them out, in the order in
 * which they came. Nobody ever holds a lock.
 */
#ifndef LYNCSIM_MAILBOX_H
#define LYNCSIM_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>

/* The first member of whatever is sent; who takes it owns it. */
struct mailbox_letter {
    struct mailbox_letter *next;
};

/* Zero-initialised is valid: an empty one. */
struct mailbox {
    _Atomic(struct mailbox_letter *) newest;
};

/* True when it was empty: the one who takes must be told. */
bool mailbox_put(struct mailbox *mailbox, struct mailbox_letter *letter);
/* All of them, linked by next, the oldest first; NULL when it is empty. */
struct mailbox_letter *mailbox_take(struct mailbox *mailbox);

#endif
