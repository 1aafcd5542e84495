/*
 * Any bytes: fed whole and in pieces they make the same frames, and none of
 * them is longer than the limits.
 */
#include <assert.h>

#include "lyncsim/sip_framer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void frame(struct ls_str bytes, size_t piece, struct ls_buf *out)
{
    struct sip_framer *framer = sip_framer_new();
    struct sip_frame frame;

    for (; bytes.length; bytes = ls_str_skip(bytes, piece)) {
        sip_framer_feed(framer, ls_str_first(bytes, piece));
        while (sip_framer_next(framer, &frame)) {
            assert(frame.bytes.length <=
                   SIP_HEADERS_MAX_BYTES + SIP_BODY_MAX_BYTES);
            ls_buf_printf(out, "%d %d %zu\n", (int)frame.kind, frame.status,
                          frame.bytes.length);
            ls_buf_add(out, frame.bytes);
        }
    }
    sip_framer_free(framer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ls_buf whole = {0};
    struct ls_buf pieces = {0};

    frame(ls_str_from_bytes(data, size), SIZE_MAX, &whole);
    frame(ls_str_from_bytes(data, size), 1 + size % 7, &pieces);
    assert(ls_str_equal(ls_buf_str(&whole), ls_buf_str(&pieces)));
    ls_buf_clear(&whole);
    ls_buf_clear(&pieces);
    return 0;
}
