#include "peer_transcript.h"

#define TRANSCRIPT_MAX_BYTES (256u * 1024)

void peer_transcript_add(struct ls_buf *transcript, const char *direction,
                         struct ls_str bytes)
{
    if (transcript->length + bytes.length > TRANSCRIPT_MAX_BYTES)
        return;
    ls_buf_add_text(transcript, direction);
    ls_buf_add(transcript, bytes);
}
