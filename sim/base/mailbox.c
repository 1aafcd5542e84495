#include "lyncsim/mailbox.h"

#include <stddef.h>

bool mailbox_put(struct mailbox *mailbox, struct mailbox_letter *letter)
{
    struct mailbox_letter *newest = atomic_load(&mailbox->newest);

    do
        letter->next = newest;
    while (!atomic_compare_exchange_weak(&mailbox->newest, &newest, letter));
    return newest == NULL;
}

struct mailbox_letter *mailbox_take(struct mailbox *mailbox)
{
    /* The whole list at once: no letter can come back under our hands. */
    struct mailbox_letter *newest = atomic_exchange(&mailbox->newest, NULL);
    struct mailbox_letter *oldest = NULL;

    while (newest != NULL) {
        struct mailbox_letter *next = newest->next;

        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}
