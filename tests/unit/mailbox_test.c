/* Does every letter arrive, once, and in order, whoever sends it? */
#include <pthread.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mailbox.h"

#define SENDERS 4
#define LETTERS 20000

struct note {
    struct mailbox_letter letter;
    unsigned sender, number;
};

struct sender {
    struct mailbox *mailbox;
    unsigned index;
    pthread_t thread;
};

static void put(struct mailbox *mailbox, unsigned sender, unsigned number)
{
    struct note *note = ls_alloc(sizeof *note);

    note->sender = sender;
    note->number = number;
    mailbox_put(mailbox, &note->letter);
}

static void *send_all(void *arg)
{
    struct sender *sender = arg;

    for (unsigned i = 0; i < LETTERS; i++)
        put(sender->mailbox, sender->index, i);
    return NULL;
}

/* How many were there; next is the number that each sender's next one has. */
static unsigned take_all(struct mailbox *mailbox, unsigned next[SENDERS])
{
    struct mailbox_letter *letter = mailbox_take(mailbox), *after;
    unsigned count = 0;

    for (; letter; letter = after) {
        struct note *note = (struct note *)letter;

        after = letter->next;
        cr_assert_eq(note->number, next[note->sender]++);
        free(note);
        count++;
    }
    return count;
}

Test(mailbox, says_when_it_was_empty)
{
    struct mailbox mailbox = {NULL};
    struct note one = {.number = 0}, two = {.number = 1};

    cr_expect_null(mailbox_take(&mailbox));
    cr_expect(mailbox_put(&mailbox, &one.letter));
    cr_expect_not(mailbox_put(&mailbox, &two.letter));
    cr_expect_eq(mailbox_take(&mailbox), &one.letter);
    cr_expect_eq(one.letter.next, &two.letter);
    cr_expect_null(two.letter.next);
    cr_expect_null(mailbox_take(&mailbox));
    cr_expect(mailbox_put(&mailbox, &one.letter));
}

Test(mailbox, keeps_the_order_of_each_of_many_threads)
{
    struct mailbox mailbox = {NULL};
    struct sender senders[SENDERS];
    unsigned next[SENDERS] = {0}, count = 0;

    for (unsigned i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){.mailbox = &mailbox, .index = i};
        pthread_create(&senders[i].thread, NULL, send_all, &senders[i]);
    }
    while (count < SENDERS * LETTERS)
        count += take_all(&mailbox, next);
    for (unsigned i = 0; i < SENDERS; i++)
        pthread_join(senders[i].thread, NULL);

    cr_expect_eq(count, SENDERS * LETTERS);
    cr_expect_null(mailbox_take(&mailbox));
}
