#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_framer.h"

static const char head[] = "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\n";

static const char *const kind_texts[] = {"message", "keep-alive", "bad",
                                         "fatal"};

/* Everything the framer makes of bytes, as text, fed in pieces. */
static char *frames_of(struct ls_str bytes, size_t piece)
{
    struct sip_framer *framer = sip_framer_new();
    struct sip_frame frame;
    struct ls_buf out = {0};

    while (bytes.length) {
        sip_framer_feed(framer, ls_str_first(bytes, piece));
        bytes = ls_str_skip(bytes, piece);
        while (sip_framer_next(framer, &frame)) {
            ls_buf_printf(&out, "%s %d %s [", kind_texts[frame.kind],
                          frame.status, frame.reason ? frame.reason : "-");
            ls_buf_add(&out, frame.bytes);
            ls_buf_add_text(&out, "]\n");
        }
    }
    sip_framer_free(framer);
    return ls_buf_take(&out);
}

static void expect_frames(const char *label, const char *bytes,
                          const char *expected)
{
    for (size_t piece = 1; piece < 4; piece++) {
        char *frames = frames_of(ls_str_from(bytes), piece);

        cr_expect_str_eq(frames, expected, "%s, %zu at a time", label, piece);
        free(frames);
    }
    char *frames = frames_of(ls_str_from(bytes), SIZE_MAX);
    cr_expect_str_eq(frames, expected, "%s, whole", label);
    free(frames);
}

Test(sip_framer, cuts_messages_by_their_content_length)
{
    expect_frames("pipelined",
                  "A\r\nContent-Length: 3\r\n\r\nxyz"
                  "B\r\nl:0\r\n\r\n"
                  "C\r\nL : 002\r\n\r\n\r\n",
                  "message 0 - [A\r\nContent-Length: 3\r\n\r\nxyz]\n"
                  "message 0 - [B\r\nl:0\r\n\r\n]\n"
                  "message 0 - [C\r\nL : 002\r\n\r\n\r\n]\n");
}

Test(sip_framer, reads_a_folded_content_length)
{
    expect_frames("folded", "A\r\nContent-Length:\r\n  2\r\n\r\nxyB\r\n\r\n",
                  "message 0 - [A\r\nContent-Length:\r\n  2\r\n\r\nxy]\n"
                  "message 0 - [B\r\n\r\n]\n");
}

Test(sip_framer, finds_the_length_behind_lines_that_begin_like_it)
{
    expect_frames("behind others",
                  "A\r\nCall-ID: 1\r\n l: 9\r\nContact: x\r\nlo: 8\r\n"
                  "c : t\r\nl\t: 2\r\n\r\nxyB\r\n\r\n",
                  "message 0 - [A\r\nCall-ID: 1\r\n l: 9\r\nContact: x\r\n"
                  "lo: 8\r\nc : t\r\nl\t: 2\r\n\r\nxy]\n"
                  "message 0 - [B\r\n\r\n]\n");
}

Test(sip_framer, does_not_take_a_folded_line_for_a_content_length)
{
    expect_frames("folded", "A\r\nSubject: x\r\n Content-Length: 9\r\n\r\n",
                  "message 0 - [A\r\nSubject: x\r\n Content-Length: 9"
                  "\r\n\r\n]\n");
}

Test(sip_framer, answers_a_double_line_end_as_keep_alive)
{
    expect_frames("alone", "\r\n\r\n", "keep-alive 0 - [\r\n\r\n]\n");
    expect_frames("two", "\r\n\r\n\r\n\r\n",
                  "keep-alive 0 - [\r\n\r\n]\nkeep-alive 0 - [\r\n\r\n]\n");
    expect_frames("between", "A\r\n\r\n\r\n\r\nB\r\n\r\n",
                  "message 0 - [A\r\n\r\n]\n"
                  "keep-alive 0 - [\r\n\r\n]\n"
                  "message 0 - [B\r\n\r\n]\n");
}

Test(sip_framer, ignores_line_ends_before_a_start_line)
{
    expect_frames("one", "\r\nA\r\n\r\n", "message 0 - [A\r\n\r\n]\n");
    expect_frames("three", "\r\n\r\n\r\nA\r\n\r\n",
                  "keep-alive 0 - [\r\n\r\n]\nmessage 0 - [A\r\n\r\n]\n");
    expect_frames("LF", "\n\nA\r\n\r\n", "message 0 - [A\r\n\r\n]\n");
}

Test(sip_framer, waits_for_what_is_not_complete)
{
    static const char *const rows[] = {
        "",
        "\r",
        "\r\n",
        "\r\n\r",
        "A",
        "A\r\nB: c\r\n",
        "A\r\nContent-Length: 5\r\n\r\n1234",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_frames(rows[i], rows[i], "");
}

Test(sip_framer, refuses_what_has_no_known_length_and_everything_after)
{
    static const struct {
        const char *headers;
        const char *reason;
    } rows[] = {
        {"Content-Length: -999", "400 Malformed Content-Length"},
        {"Content-Length: abc", "400 Malformed Content-Length"},
        {"Content-Length: +5", "400 Malformed Content-Length"},
        {"Content-Length: 0x5", "400 Malformed Content-Length"},
        {"Content-Length: 5 5", "400 Malformed Content-Length"},
        {"Content-Length: 5\r\n 5", "400 Malformed Content-Length"},
        {"Content-Length: 5, 5", "400 Malformed Content-Length"},
        {"Content-Length:", "400 Malformed Content-Length"},
        {"l: 99999999999999999999", "400 Malformed Content-Length"},
        {"Content-Length: 13\r\nl: 5",
         "400 Contradicting Content-Length Headers"},
        {"l: 5\r\nl: x", "400 Contradicting Content-Length Headers"},
        {"c: text/plain", "400 Missing Content-Length"},
        {"Content-Length: 1048577", "413 Request Entity Too Large"},
        {"Content-Length: 18446744073709551615",
         "413 Request Entity Too Large"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *bytes =
            ls_strf("%s%s\r\n\r\nA\r\n\r\n\r\n\r\n", head, rows[i].headers);
        char *frames = ls_strf("fatal %s [%s%s\r\n\r\n]\n", rows[i].reason,
                               head, rows[i].headers);

        expect_frames(rows[i].headers, bytes, frames);
        free(bytes);
        free(frames);
    }
}

Test(sip_framer, stays_in_step_after_what_it_can_measure)
{
    expect_frames("twice the same",
                  "A\r\nl: 2\r\nContent-Length: 2\r\n\r\nxyB\r\n\r\n",
                  "bad 400 Multiple Content-Length Headers "
                  "[A\r\nl: 2\r\nContent-Length: 2\r\n\r\n]\n"
                  "message 0 - [B\r\n\r\n]\n");
    expect_frames("LF alone", "A\nl: 2\n\nxyB\r\n\r\n",
                  "bad 400 Line Ends With LF Alone [A\nl: 2\n\n]\n"
                  "message 0 - [B\r\n\r\n]\n");
    expect_frames("LF once", "A\r\nl: 2\n\r\nxyB\r\n\r\n",
                  "bad 400 Line Ends With LF Alone [A\r\nl: 2\n\r\n]\n"
                  "message 0 - [B\r\n\r\n]\n");
}

/* A head of count lines, start line included, and its end. */
static char *head_of_lines(unsigned count)
{
    struct ls_buf out = {0};

    ls_buf_add_text(&out, "A\r\n");
    for (unsigned i = 1; i < count; i++)
        ls_buf_add_text(&out, "B: c\r\n");
    ls_buf_add_text(&out, "\r\n");
    return ls_buf_take(&out);
}

/* A head of length bytes, its end included. */
static char *head_of_bytes(size_t length)
{
    char *text = ls_alloc(length + 1);

    memset(text, 'x', length);
    memcpy(text, "A\r\nB: ", 6);
    memcpy(text + length - 4, "\r\n\r\n", 4);
    return text;
}

static void expect_one(const char *label, const char *bytes,
                       const char *starts_with)
{
    char *whole = frames_of(ls_str_from(bytes), SIZE_MAX);
    char *pieces = frames_of(ls_str_from(bytes), 1);

    cr_expect_eq(strncmp(whole, starts_with, strlen(starts_with)), 0,
                 "%s: %.60s", label, whole);
    cr_expect_str_eq(whole, pieces, "%s", label);
    free(whole);
    free(pieces);
}

Test(sip_framer, takes_heads_up_to_its_limits)
{
    char *lines = head_of_lines(SIP_HEADERS_MAX_LINES);
    char *bytes = head_of_bytes(SIP_HEADERS_MAX_BYTES);

    expect_one("lines", lines, "message 0");
    expect_one("bytes", bytes, "message 0");
    free(lines);
    free(bytes);
}

Test(sip_framer, gives_up_beyond_its_limits)
{
    char *lines = head_of_lines(SIP_HEADERS_MAX_LINES + 1);
    char *bytes = head_of_bytes(SIP_HEADERS_MAX_BYTES + 1);
    char *endless = ls_alloc(SIP_HEADERS_MAX_BYTES + 2);

    memset(endless, 'x', SIP_HEADERS_MAX_BYTES + 1);
    expect_one("lines", lines, "fatal 513 Message Too Large [A\r\nB: c");
    expect_one("bytes", bytes, "fatal 513 Message Too Large [A\r\nB: x");
    expect_one("endless", endless, "fatal 513 Message Too Large []");
    free(lines);
    free(bytes);
    free(endless);
}

Test(sip_framer, takes_a_body_up_to_its_limit)
{
    struct ls_buf bytes = {0};

    ls_buf_printf(&bytes, "A\r\nl: %u\r\n\r\n", SIP_BODY_MAX_BYTES);
    size_t head_length = bytes.length;
    for (size_t i = 0; i < SIP_BODY_MAX_BYTES; i++)
        ls_buf_add_byte(&bytes, (char)i);
    ls_buf_add_text(&bytes, "B\r\n\r\n");

    struct sip_framer *framer = sip_framer_new();
    struct sip_frame frame;

    sip_framer_feed(framer, ls_buf_str(&bytes));
    cr_assert(sip_framer_next(framer, &frame));
    cr_expect_eq(frame.kind, SIP_FRAME_MESSAGE);
    cr_expect_eq(frame.bytes.length, head_length + SIP_BODY_MAX_BYTES);
    cr_assert(sip_framer_next(framer, &frame));
    cr_expect(ls_str_equal_text(frame.bytes, "B\r\n\r\n"));
    cr_expect_not(sip_framer_next(framer, &frame));
    sip_framer_free(framer);
    ls_buf_clear(&bytes);
}

static int status_under_limits(size_t headers_bytes, size_t body_bytes,
                               const char *text)
{
    struct sip_framer *framer = sip_framer_new();
    struct sip_frame frame = {0};

    sip_framer_limit(framer, headers_bytes, body_bytes);
    sip_framer_feed(framer, ls_str_from(text));
    cr_assert(sip_framer_next(framer, &frame), "%s", text);
    sip_framer_free(framer);
    return frame.status;
}

Test(sip_framer, takes_less_where_it_is_told_to)
{
    static const struct {
        size_t headers_bytes, body_bytes;
        const char *text;
        int status;
    } rows[] = {
        {14, 3, "A\r\nl: 3\r\n\r\nabc", 0},
        {0, 0, "A\r\nl: 3\r\n\r\nabc", 0},
        {11, 0, "A\r\nl: 3\r\n\r\nabc", 0},
        {10, 0, "A\r\nl: 3\r\n\r\nabc", 513},
        {10, 0, "AAAAAAAAAAA", 513},
        {0, 2, "A\r\nl: 3\r\n\r\nabc", 413},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(status_under_limits(rows[i].headers_bytes,
                                         rows[i].body_bytes, rows[i].text),
                     rows[i].status, "row %zu", i);
}

Test(sip_framer, keeps_what_it_showed_until_it_is_called_again)
{
    struct sip_framer *framer = sip_framer_new();
    struct sip_frame frame;

    sip_framer_feed(framer, ls_str_from("A\r\n\r\nB\r\n"));
    cr_assert(sip_framer_next(framer, &frame));
    cr_expect(ls_str_equal_text(frame.bytes, "A\r\n\r\n"));
    sip_framer_feed(framer, ls_str_from("\r\n"));
    cr_assert(sip_framer_next(framer, &frame));
    cr_expect(ls_str_equal_text(frame.bytes, "B\r\n\r\n"));
    sip_framer_free(framer);
}

Test(sip_framer, can_be_freed_at_any_time)
{
    struct sip_framer *framer = sip_framer_new();

    sip_framer_feed(framer, ls_str_from("A\r\nl: 5\r\n\r\n12"));
    sip_framer_free(framer);
    sip_framer_free(NULL);
}
