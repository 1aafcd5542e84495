/*
 * The messages of RFC 4475 (tests/data/rfc4475), each sent over a stream to a
 * Front End as a trusted server would, alone and with a probe behind it.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/golden.h"
#include "support/sip_stream.h"

/* What becomes of the stream: the probe behind the message is answered, the
 * connection is closed, or the message is still waited for. */
enum after { IN_STEP, CLOSED, WAITING };

static const struct {
    const char *name;
    const char *answers; /* status lines, each ended by a bar */
    enum after after;
    const char *why;
} rows[] = {
    {"badaspec", "400 Malformed To Header|", IN_STEP,
     "blanks inside the angle brackets"},
    {"badbranch", "200 OK|", IN_STEP,
     "a branch of the cookie alone is no branch, and no fault"},
    {"baddate", "404 Not Found|", IN_STEP,
     "a Date nobody needs is left alone; nobody is signed in"},
    {"baddn", "400 Malformed From Header|", IN_STEP,
     "a comma in a display name without quotes"},
    {"badinv01", "400 Malformed Via Header|", IN_STEP,
     "separators without parameters"},
    {"badvers", "505 Version Not Supported|", IN_STEP, "SIP/7.0"},
    {"bcast", "", IN_STEP, "a response to nothing that was asked"},
    {"bext01", "420 Bad Extension|", IN_STEP,
     "Require and Proxy-Require of what nobody supports"},
    {"bigcode", "", IN_STEP, "a malformed response is dropped"},
    {"clerr", "", WAITING,
     "a datagram's 400; on a stream the rest is yet to come"},
    {"cparam01", "200 OK|", IN_STEP, "an unknown parameter of a Contact"},
    {"cparam02", "200 OK|", IN_STEP, "an unknown parameter of a Contact's URI"},
    {"dblreq", "200 OK|404 Not Found|400 Malformed Request-Line|", IN_STEP,
     "a datagram ends after the first; on a stream all are read, and what is "
     "left of a body longer than its length is garbage"},
    {"esc01", "404 Not Found|", IN_STEP,
     "escapes in URIs; nobody is signed in"},
    {"esc02", "405 Method Not Allowed|", IN_STEP,
     "RE%47IST%45R is not REGISTER"},
    {"escnull", "200 OK|", IN_STEP, "%00 ends no name"},
    {"escruri", "400 Headers In Request-URI|", IN_STEP,
     "headers in a Request-URI"},
    {"insuf", "400 Missing From Header|", IN_STEP,
     "mandatory headers are missing"},
    {"intmeth", "405 Method Not Allowed|", IN_STEP,
     "odd characters, all allowed; no method of ours"},
    {"inv2543", "400 Missing Content-Length|", CLOSED,
     "of RFC 2543; on a stream its body has no end"},
    {"invut", "404 Not Found|", IN_STEP,
     "the type of a body is the user's affair, who is not there"},
    {"longreq", "404 Not Found|", IN_STEP, "long values; nobody is signed in"},
    {"ltgtruri", "400 Malformed Request-URI|", IN_STEP,
     "angle brackets around a Request-URI"},
    {"lwsdisp", "200 OK|", IN_STEP,
     "no blank between display name and bracket"},
    {"lwsruri", "400 Malformed Request-URI|", IN_STEP,
     "a blank inside a Request-URI"},
    {"lwsstart", "400 Malformed Request-URI|", IN_STEP,
     "several blanks in a start line"},
    {"mcl01", "400 Contradicting Content-Length Headers|", CLOSED,
     "nobody knows where it ends"},
    {"mismatch01", "400 CSeq Method Does Not Match|", IN_STEP,
     "OPTIONS with the CSeq of an INVITE"},
    {"mismatch02", "400 CSeq Method Does Not Match|", IN_STEP,
     "an unknown method with the CSeq of an INVITE"},
    {"mpart01", "404 Not Found|", IN_STEP,
     "a body with NULs and line ends; nobody is signed in"},
    {"multi01", "400 Multiple From Headers|", IN_STEP,
     "single headers several times"},
    {"ncl", "400 Malformed Content-Length|", CLOSED,
     "a negative length; on a stream it has no end"},
    {"noreason", "", IN_STEP,
     "an empty reason is none missing; nothing was asked"},
    {"novelsc", "416 Unsupported URI Scheme|", IN_STEP,
     "a known scheme that is not ours"},
    {"quotbal", "400 Malformed To Header|", IN_STEP,
     "a quote that is not closed"},
    {"regaut01", "200 OK|", IN_STEP,
     "an unknown scheme of credentials nobody asked for"},
    {"regbadct", "400 Malformed Contact Header|", IN_STEP,
     "a question mark in a URI without brackets"},
    {"regescrt", "200 OK|", IN_STEP, "an escaped header in a Contact's URI"},
    {"scalar02", "400 Malformed CSeq Header|", IN_STEP, "numbers too large"},
    {"scalarlg", "", IN_STEP, "a response with numbers too large is dropped"},
    {"sdp01", "404 Not Found|", IN_STEP,
     "what is accepted is the user's affair, who is not there"},
    {"semiuri", "200 OK|", IN_STEP, "a semicolon in the user part"},
    {"test", "400 Malformed Request-Line|", IN_STEP,
     "not in the RFC: a request line without version, a line without colon"},
    {"transports", "200 OK|", IN_STEP, "transports known and unknown in Via"},
    {"trws", "400 Malformed Request-Line|", IN_STEP,
     "blanks at the end of a request line"},
    {"unkscm", "416 Unsupported URI Scheme|", IN_STEP, "a scheme nobody knows"},
    {"unksm2", "400 To Is No SIP URI|", IN_STEP,
     "nobody can be registered under isbn:"},
    {"unreason", "", IN_STEP, "a reason in UTF-8; nothing was asked"},
    {"wsinv", "481 Call Leg/Transaction Does Not Exist|", IN_STEP,
     "short forms and folds, all allowed; in a dialog nobody knows"},
    {"zeromf", "200 OK|", IN_STEP, "for us, so it need not be forwarded"},
};

static void read_message(const char *name, struct ls_buf *bytes)
{
    char *path =
        ls_strf("%s/tests/data/rfc4475/%s.dat", LYNCSIM_SOURCE_DIR, name);

    cr_assert(golden_read_file(path, bytes), "%s", path);
    free(path);
}

static void expect_row(size_t i, struct ls_str bytes, size_t piece)
{
    struct ls_buf answers = {0};
    bool is_broken = sip_stream_converse(bytes, piece, &answers);
    char *lines = sip_stream_status_lines(ls_buf_str(&answers));

    cr_expect_str_eq(lines, rows[i].answers, "%s: %s", rows[i].name,
                     rows[i].why);
    cr_expect_eq(is_broken, rows[i].after == CLOSED, "%s: %s", rows[i].name,
                 rows[i].why);
    free(lines);
    ls_buf_clear(&answers);
}

Test(sip_torture, has_the_outcome_of_the_table)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf bytes = {0};

        read_message(rows[i].name, &bytes);
        expect_row(i, ls_buf_str(&bytes), SIZE_MAX);
        expect_row(i, ls_buf_str(&bytes), 1);
        ls_buf_clear(&bytes);
    }
}

Test(sip_torture, leaves_the_stream_as_the_table_says)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf bytes = {0};
        struct ls_buf answers = {0};

        read_message(rows[i].name, &bytes);
        ls_buf_add_text(&bytes, sip_stream_probe);
        sip_stream_converse(ls_buf_str(&bytes), SIZE_MAX, &answers);
        cr_expect_eq(sip_stream_is_probed(ls_buf_str(&answers)),
                     rows[i].after == IN_STEP, "%s: %s", rows[i].name,
                     rows[i].why);
        ls_buf_clear(&bytes);
        ls_buf_clear(&answers);
    }
}

Test(sip_torture, survives_them_all_one_after_the_other)
{
    struct ls_buf bytes = {0};
    struct ls_buf whole = {0};
    struct ls_buf pieces = {0};

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        if (rows[i].after == IN_STEP)
            read_message(rows[i].name, &bytes);
    sip_stream_converse(ls_buf_str(&bytes), SIZE_MAX, &whole);
    sip_stream_converse(ls_buf_str(&bytes), 7, &pieces);
    cr_expect(ls_str_equal(ls_buf_str(&whole), ls_buf_str(&pieces)));
    ls_buf_clear(&bytes);
    ls_buf_clear(&whole);
    ls_buf_clear(&pieces);
}
