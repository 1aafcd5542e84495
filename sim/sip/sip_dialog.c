#include "lyncsim/sip_dialog.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/hash.h"

struct dialog {
    char *key; /* the same from both sides: Call-ID and the tags in order */
    char *caller_tag;
    uint64_t caller_connection;
    uint64_t callee_connection;
    size_t bytes;
    struct dialog *prev, *next;
    UT_hash_handle hh;
};

struct sip_dialogs {
    struct dialog *by_key;
    struct dialog *by_age; /* the oldest first */
    size_t bytes;
};

struct sip_dialogs *sip_dialogs_new(void)
{
    return ls_alloc(sizeof(struct sip_dialogs));
}

static void forget(struct sip_dialogs *dialogs, struct dialog *dialog)
{
    HASH_DEL(dialogs->by_key, dialog);
    DL_DELETE(dialogs->by_age, dialog);
    dialogs->bytes -= dialog->bytes;
    free(dialog->key);
    free(dialog->caller_tag);
    free(dialog);
}

void sip_dialogs_free(struct sip_dialogs *dialogs)
{
    if (!dialogs)
        return;
    while (dialogs->by_age)
        forget(dialogs, dialogs->by_age);
    free(dialogs);
}

static char *key_of(const struct sip_message *message)
{
    struct ls_str a = sip_message_from_tag(message);
    struct ls_str b = sip_message_to_tag(message);
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common ? memcmp(a.at, b.at, common) : 0;
    struct ls_buf key = {0};

    if (order > 0 || (order == 0 && a.length > b.length)) {
        struct ls_str first = b;

        b = a;
        a = first;
    }
    ls_buf_add(&key, a);
    ls_buf_add_byte(&key, '\n');
    ls_buf_add(&key, b);
    ls_buf_add_byte(&key, '\n');
    ls_buf_add(&key, sip_message_call_id(message));
    return ls_buf_take(&key);
}

static struct dialog *find(const struct sip_dialogs *dialogs,
                           const struct sip_message *message)
{
    char *key = key_of(message);
    struct dialog *dialog;

    HASH_FIND_STR(dialogs->by_key, key, dialog);
    free(key);
    return dialog;
}

void sip_dialogs_add(struct sip_dialogs *dialogs,
                     const struct sip_message *response,
                     uint64_t caller_connection, uint64_t callee_connection)
{
    struct dialog *dialog;

    if (find(dialogs, response))
        return;
    dialog = ls_alloc(sizeof(*dialog));
    dialog->key = key_of(response);
    dialog->caller_tag = ls_str_dup(sip_message_from_tag(response));
    dialog->caller_connection = caller_connection;
    dialog->callee_connection = callee_connection;
    HASH_ADD_STR(dialogs->by_key, key, dialog);
    DL_APPEND(dialogs->by_age, dialog);
    dialog->bytes =
        sizeof(*dialog) + strlen(dialog->key) + strlen(dialog->caller_tag);
    dialogs->bytes += dialog->bytes;
    while (sip_dialogs_count(dialogs) > SIP_DIALOGS_MAX ||
           dialogs->bytes > SIP_DIALOGS_MAX_BYTES)
        forget(dialogs, dialogs->by_age);
}

bool sip_dialogs_find(const struct sip_dialogs *dialogs,
                      const struct sip_message *request,
                      uint64_t *from_connection, uint64_t *to_connection)
{
    const struct dialog *dialog = find(dialogs, request);
    bool is_caller;

    if (!dialog)
        return false;
    is_caller =
        ls_str_equal_text(sip_message_from_tag(request), dialog->caller_tag);
    *from_connection =
        is_caller ? dialog->caller_connection : dialog->callee_connection;
    *to_connection =
        is_caller ? dialog->callee_connection : dialog->caller_connection;
    return true;
}

void sip_dialogs_remove(struct sip_dialogs *dialogs,
                        const struct sip_message *message)
{
    struct dialog *dialog = find(dialogs, message);

    if (dialog)
        forget(dialogs, dialog);
}

void sip_dialogs_remove_connection(struct sip_dialogs *dialogs,
                                   uint64_t connection_id)
{
    struct dialog *dialog;
    struct dialog *next;

    DL_FOREACH_SAFE(dialogs->by_age, dialog, next)
        if (dialog->caller_connection == connection_id ||
            dialog->callee_connection == connection_id)
            forget(dialogs, dialog);
}

size_t sip_dialogs_count(const struct sip_dialogs *dialogs)
{
    return HASH_COUNT(dialogs->by_key);
}
