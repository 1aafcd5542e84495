/*
 * Any bytes: they are a message or they are not, and whatever is answered to
 * them is one our own parser takes.
 */
#include <assert.h>
#include <stdlib.h>

#include "lyncsim/sip_framer.h"
#include "lyncsim/sip_message.h"

#include "support/sip_talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sip_framer *framer = sip_framer_new();
    struct sip_talk talk;
    struct sip_frame frame;

    sip_talk_init(&talk, SFB_2015);
    char *answers =
        sip_talk_ask(&talk, &talk.server, ls_str_from_bytes(data, size));
    sip_framer_feed(framer, ls_str_from(answers));
    while (sip_framer_next(framer, &frame))
        assert(frame.kind == SIP_FRAME_MESSAGE);
    free(answers);
    sip_framer_free(framer);
    sip_talk_clear(&talk);
    return 0;
}
