/*
 * What text is in these bytes? UTF-8 out of UTF-8 or UTF-16 of either byte
 * order, as Windows tools write files: told by the byte order mark or, where
 * it is missing, by the NUL beside a first ASCII letter.
 */
#ifndef LYNCSIM_TEXT_DECODER_H
#define LYNCSIM_TEXT_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

enum text_encoding {
    TEXT_UNDECIDED, /* fewer bytes were seen than it takes */
    TEXT_UTF8,      /* or anything else that keeps ASCII; passed on as it is */
    TEXT_UTF16_LE,
    TEXT_UTF16_BE,
};

/* Zero-initialised is valid: the start of a text. */
struct text_decoder {
    enum text_encoding encoding;
    unsigned char held[4]; /* bytes of what is not complete yet */
    size_t held_count;
};

/* Append the text of bytes to out, without a byte order mark; what is not
 * UTF-16 where it should be becomes U+FFFD. Bytes may be cut anywhere. */
enum ls_err text_decoder_feed(struct text_decoder *decoder, struct ls_str bytes,
                              struct ls_buf *out);
/* Nothing more comes: append what is left. */
enum ls_err text_decoder_feed_eof(struct text_decoder *decoder,
                                  struct ls_buf *out);

#endif
