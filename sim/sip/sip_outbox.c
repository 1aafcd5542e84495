#include "lyncsim/sip_outbox.h"

#include <stdlib.h>

#include <uthash.h>
#include <utlist.h>

#include "lyncsim/alloc.h"

struct box {
    uint64_t connection_id;
    struct ls_buf messages;
    size_t refused_count;
    bool is_news; /* is in the list of news */
    struct box *prev, *next;
    UT_hash_handle hh;
};

struct sip_outbox {
    struct box *boxes; /* hash; those with messages */
    struct box *news;  /* list */
    size_t bytes;      /* of all messages */
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
    outbox->bytes -= box->messages.length;
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

/* A single large message may pass; a heap of them may not. Who fetches what is
 * his has an empty box: many who do not leave him his share. */
static bool is_full(const struct sip_outbox *outbox, const struct box *box)
{
    size_t used = box ? box->messages.length : 0;
    size_t most = SIP_OUTBOX_ALL_MAX_BYTES * (used == 0 ? 2 : 1);

    return used > SIP_OUTBOX_MAX_BYTES || outbox->bytes >= most;
}

bool sip_outbox_refuses(struct sip_outbox *outbox, uint64_t connection_id)
{
    struct box *box = find_box(outbox, connection_id);
    bool refuses = is_full(outbox, box);

    if (refuses && box)
        box->refused_count++;
    return refuses;
}

size_t sip_outbox_refused_count(const struct sip_outbox *outbox,
                                uint64_t connection_id)
{
    const struct box *box = find_box(outbox, connection_id);

    return box ? box->refused_count : 0;
}

bool sip_outbox_add(struct sip_outbox *outbox, uint64_t connection_id,
                    struct ls_str message)
{
    struct box *box = find_box(outbox, connection_id);

    if (sip_outbox_refuses(outbox, connection_id))
        return false;
    if (!box) {
        box = ls_alloc(sizeof(*box));
        box->connection_id = connection_id;
        HASH_ADD(hh, outbox->boxes, connection_id, sizeof(connection_id), box);
    }
    ls_buf_add(&box->messages, message);
    outbox->bytes += message.length;
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
