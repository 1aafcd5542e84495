/* Any bytes as a log, whole and cut in pieces: the records are the same. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/trace_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_log(struct ls_str log, size_t step, struct ls_buf *out)
{
    struct trace_reader *reader = trace_reader_new();
    struct trace_record record;

    for (bool more = true; more; log = ls_str_skip(log, step)) {
        trace_reader_feed(reader, ls_str_first(log, step));
        more = log.length > step;
        if (!more)
            trace_reader_feed_eof(reader);
        while (trace_reader_next(reader, &record)) {
            ls_buf_printf(out, "%ju %jd ", (uintmax_t)record.line,
                          (intmax_t)record.at_ms);
            ls_buf_add(out, record.text);
            ls_buf_add(out, record.peer);
            ls_buf_add(out, record.fqdn);
        }
    }
    trace_reader_free(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ls_buf whole = {0}, pieces = {0};
    struct ls_str log = ls_str_from_bytes(data, size);

    read_log(log, size + 1, &whole);
    read_log(log, 3, &pieces);
    /* Of an endless line it matters how much of it has come. */
    assert(size > TRACE_READER_LINE_MAX_BYTES ||
           ls_str_equal(ls_buf_str(&whole), ls_buf_str(&pieces)));
    ls_buf_clear(&whole);
    ls_buf_clear(&pieces);
    return 0;
}
