#include "lyncsim/sip_outbox.h"

#include <stdlib.h>

#include <uthash.h>
#include <utlist.h>

#include "lyncsim/alloc.h"

struct box {
    uint64_t connection_id;
    struct ls_buf messages;
    bool is_news; /* is in the list of news */
    struct box *prev, *next;
    UT_hash_handle hh;
};

struct sip_outbox {
    struct box *boxes; /* hash; those with messages */
    struct box *news;  /* list */
};

struct sip_outbox *sip_outbox_new(void)
{
    return ls_alloc(sizeof(struct sip_outbox));
}

static struct box *find_box(const struct sip_outbox *outbox,
                            uint64_t connection_id)
{
    struct box *box;

    HASH_FIND(hh, outbox->boxes, &connection_id, sizeof(connection_id), box);
    return box;
}

static void remove_box(struct sip_outbox *outbox, struct box *box)
{
    if (box->is_news)
        DL_DELETE(outbox->news, box);
    HASH_DEL(outbox->boxes, box);
    ls_buf_clear(&box->messages);
    free(box);
}

void sip_outbox_free(struct sip_outbox *outbox)
{
    if (!outbox)
        return;
    while (outbox->boxes)
        remove_box(outbox, outbox->boxes);
    free(outbox);
}

bool sip_outbox_add(struct sip_outbox *outbox, uint64_t connection_id,
                    struct ls_str message)
{
    struct box *box = find_box(outbox, connection_id);

    if (!box) {
        box = ls_alloc(sizeof(*box));
        box->connection_id = connection_id;
        HASH_ADD(hh, outbox->boxes, connection_id, sizeof(connection_id), box);
    }
    /* A single large message may pass; a heap of them may not. */
    if (box->messages.length > SIP_OUTBOX_MAX_BYTES)
        return false;
    ls_buf_add(&box->messages, message);
    if (!box->is_news) {
        box->is_news = true;
        DL_APPEND(outbox->news, box);
    }
    return true;
}

void sip_outbox_take(struct sip_outbox *outbox, uint64_t connection_id,
                     struct ls_buf *out)
{
    struct box *box = find_box(outbox, connection_id);

    if (!box)
        return;
    ls_buf_add(out, ls_buf_str(&box->messages));
    remove_box(outbox, box);
}

bool sip_outbox_next(struct sip_outbox *outbox, uint64_t *connection_id)
{
    struct box *box = outbox->news;

    if (!box)
        return false;
    *connection_id = box->connection_id;
    box->is_news = false;
    DL_DELETE(outbox->news, box);
    return true;
}

void sip_outbox_remove_connection(struct sip_outbox *outbox,
                                  uint64_t connection_id)
{
    struct box *box = find_box(outbox, connection_id);

    if (box)
        remove_box(outbox, box);
}

size_t sip_outbox_count(const struct sip_outbox *outbox)
{
    return HASH_COUNT(outbox->boxes);
}
