/*
 * Nasty messages beyond those of RFC 4475, each sent over a stream as a
 * trusted server would: alone, a byte at a time, and with a probe behind it.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_framer.h"

#include "support/sip_stream.h"

/* What becomes of the stream: the probe behind the message is answered, the
 * connection is closed, or the message is still waited for. */
enum after { IN_STEP, CLOSED, WAITING };

#define VIA "Via: SIP/2.0/TLS 192.0.2.7:5061;branch=z9hG4bK1\r\n"
#define FROM "From: <sip:ann@a.com>;tag=1\r\n"
#define TO "To: <sip:bob@a.com>\r\n"
#define ID "Call-ID: 1\r\n"
#define CSEQ "CSeq: 1 OPTIONS\r\n"
#define END "Content-Length: 0\r\n\r\n"
#define LINE "OPTIONS sip:a.com SIP/2.0\r\n"
/* All that a request must have, and more. */
#define ASK(headers) LINE VIA FROM TO ID CSEQ headers END
#define ASK_AT(uri) "OPTIONS " uri " SIP/2.0\r\n" VIA FROM TO ID CSEQ END
#define ASK_BY(cseq) LINE VIA FROM TO ID "CSeq: " cseq "\r\n" END
#define ASK_VIA(via) LINE "Via: " via "\r\n" FROM TO ID CSEQ END
#define ASK_FROM(from) LINE VIA "From: " from "\r\n" TO ID CSEQ END
#define ASK_ID(id) LINE VIA FROM TO "Call-ID: " id "\r\n" CSEQ END
#define ASK_LONG(length) LINE VIA FROM TO ID CSEQ "Content-Length:" length
#define SAY(method, uri, headers)                                              \
    method " " uri " SIP/2.0\r\n" VIA FROM TO ID "CSeq: 1 " method             \
           "\r\n" headers END
#define JOIN(headers)                                                          \
    "REGISTER sip:a.com SIP/2.0\r\n" VIA FROM "To: <sip:joe@a.com>\r\n" ID     \
    "CSeq: 1 REGISTER\r\n" headers END

#define OK "200 OK|"
#define LINE_FAULT "400 Malformed Request-Line|"
#define URI_FAULT "400 Malformed Request-URI|"
#define HEADER_FAULT "400 Malformed Header Line|"
#define CSEQ_FAULT "400 Malformed CSeq Header|"
#define VIA_FAULT "400 Malformed Via Header|"
#define FROM_FAULT "400 Malformed From Header|"
#define LENGTH_FAULT "400 Malformed Content-Length|"
#define HOPS_FAULT "400 Malformed Max-Forwards Header|"

static const struct {
    const char *label; /* what it is, and what the RFC has to say */
    struct ls_str bytes;
    const char *answers; /* status lines, each ended by a bar */
    enum after after;
} rows[] = {
    /* RFC 3261 7.3.1: folding. */
    {"a Via in three lines, with tabs",
     LS_STR(LINE "Via:\r\n\tSIP/2.0/TLS\r\n \t192.0.2.7:5061 ;branch=z9hG4bK1"
                 "\r\n" FROM TO ID CSEQ END),
     OK, IN_STEP},
    {"a Content-Length on the next line", LS_STR(ASK_LONG("\r\n 0\r\n\r\n")),
     OK, IN_STEP},
    {"a fold that holds nothing", LS_STR(ASK("Subject: x\r\n   \r\n")), OK,
     IN_STEP},
    {"a fold before any header",
     LS_STR(LINE " Subject: x\r\n" VIA FROM TO ID CSEQ END), HEADER_FAULT,
     IN_STEP},
    {"a start line in two lines",
     LS_STR("OPTIONS\r\n sip:a.com SIP/2.0\r\n" VIA FROM TO ID CSEQ END),
     LINE_FAULT, IN_STEP},
    {"a fold inside quotes",
     LS_STR(ASK_FROM("\"Ann\r\n Lee\" <sip:ann@a.com>;tag=1")), OK, IN_STEP},
    {"a fold around an equals sign",
     LS_STR(ASK_FROM("<sip:ann@a.com>;tag\r\n =\r\n 1")), OK, IN_STEP},
    {"a fold inside a URI", LS_STR(ASK_FROM("<sip:ann\r\n @a.com>;tag=1")),
     FROM_FAULT, IN_STEP},
    {"a fold that hides a second Content-Length",
     LS_STR(ASK("Subject: x\r\n Content-Length: 99\r\n")), OK, IN_STEP},
    /* RFC 3261 7.3.1: order and case. */
    {"the last header first",
     LS_STR(LINE "Content-Length: 0\r\n" CSEQ ID TO FROM VIA "\r\n"), OK,
     IN_STEP},
    {"names in odd case",
     LS_STR(LINE "vIA: SIP/2.0/TLS h\r\nfROM: <sip:a@b>\r\ntO: <sip:a@b>\r\n"
                 "cALL-iD: 1\r\ncSEQ: 1 OPTIONS\r\ncONTENT-lENGTH: 0\r\n\r\n"),
     OK, IN_STEP},
    {"blanks before a colon",
     LS_STR(LINE VIA FROM TO ID CSEQ "Content-Length \t : 0\r\n\r\n"), OK,
     IN_STEP},
    {"a header without a name", LS_STR(ASK(": x\r\n")), HEADER_FAULT, IN_STEP},
    {"a name of two words", LS_STR(ASK("Sub ject: x\r\n")), HEADER_FAULT,
     IN_STEP},
    {"a name in UTF-8",
     LS_STR(ASK("S\xC3\xBC"
                "bject: x\r\n")),
     HEADER_FAULT, IN_STEP},
    {"a line without a colon", LS_STR(ASK("Subject\r\n")), HEADER_FAULT,
     IN_STEP},
    {"an empty value of a header nobody needs", LS_STR(ASK("Subject:\r\n")), OK,
     IN_STEP},
    /* RFC 3261 7.3.3, RFC 3841, RFC 4028, RFC 6665, RFC 8224: short names. */
    {"short names, all there are",
     LS_STR(LINE "v: SIP/2.0/TLS h\r\nf: <sip:a@b>\r\nt: <sip:a@b>\r\ni: 1\r\n"
                 "CSeq: 1 OPTIONS\r\nm: <sip:a@b>\r\nk: x\r\ns: x\r\nu: x\r\n"
                 "o: x\r\nr: <sip:a@b>\r\nb: <sip:a@b>\r\nx: 90\r\ny: x\r\n"
                 "a: *\r\nj: *\r\nd: proxy\r\ne: gzip\r\nl: 0\r\n\r\n"),
     OK, IN_STEP},
    {"short names in capitals",
     LS_STR(LINE "V: SIP/2.0/TLS h\r\nF: <sip:a@b>\r\nT: <sip:a@b>\r\nI: 1\r\n"
                 "CSeq: 1 OPTIONS\r\nL: 0\r\n\r\n"),
     OK, IN_STEP},
    {"From, long and short", LS_STR(ASK("f: <sip:eve@a.com>;tag=2\r\n")),
     "400 Multiple From Headers|", IN_STEP},
    {"Call-ID, long and short", LS_STR(ASK("i: 2\r\n")),
     "400 Multiple Call-ID Headers|", IN_STEP},
    {"Event, long and short",
     LS_STR(SAY("SUBSCRIBE", "sip:ann@a.com",
                "Event: presence\r\no: presence\r\n")),
     "400 Multiple Event Headers|", IN_STEP},
    {"Content-Length, long and short, of one mind", LS_STR(ASK("l: 0\r\n")),
     "400 Multiple Content-Length Headers|", IN_STEP},
    {"Content-Length, long and short, of two minds", LS_STR(ASK("l: 9\r\n")),
     "400 Contradicting Content-Length Headers|", CLOSED},
    /* RFC 3261 8.1.1.5: CSeq is less than 2^31. */
    {"the largest CSeq", LS_STR(ASK_BY("2147483647 OPTIONS")), OK, IN_STEP},
    {"a CSeq of 2^31", LS_STR(ASK_BY("2147483648 OPTIONS")), CSEQ_FAULT,
     IN_STEP},
    {"a CSeq of 2^32 + 1", LS_STR(ASK_BY("4294967297 OPTIONS")), CSEQ_FAULT,
     IN_STEP},
    {"a CSeq of 2^64 + 1", LS_STR(ASK_BY("18446744073709551617 OPTIONS")),
     CSEQ_FAULT, IN_STEP},
    {"a CSeq of 0", LS_STR(ASK_BY("0 OPTIONS")), OK, IN_STEP},
    {"a CSeq with leading zeros", LS_STR(ASK_BY("0000000001 OPTIONS")), OK,
     IN_STEP},
    {"a CSeq below 0", LS_STR(ASK_BY("-1 OPTIONS")), CSEQ_FAULT, IN_STEP},
    {"a CSeq in hex", LS_STR(ASK_BY("0x1 OPTIONS")), CSEQ_FAULT, IN_STEP},
    {"a CSeq without a blank", LS_STR(ASK_BY("1OPTIONS")), CSEQ_FAULT, IN_STEP},
    {"a CSeq without a method", LS_STR(ASK_BY("1")), CSEQ_FAULT, IN_STEP},
    {"a CSeq without a number", LS_STR(ASK_BY("OPTIONS")), CSEQ_FAULT, IN_STEP},
    {"an empty CSeq", LS_STR(ASK_BY("")), CSEQ_FAULT, IN_STEP},
    {"a CSeq the other way round", LS_STR(ASK_BY("OPTIONS 1")), CSEQ_FAULT,
     IN_STEP},
    {"a CSeq with more behind it", LS_STR(ASK_BY("1 OPTIONS 2")), CSEQ_FAULT,
     IN_STEP},
    {"a CSeq with a tab", LS_STR(ASK_BY("1\tOPTIONS")), OK, IN_STEP},
    {"a CSeq with the method in another case", LS_STR(ASK_BY("1 options")),
     "400 CSeq Method Does Not Match|", IN_STEP},
    /* RFC 3261 7.3.1: what may stand once. */
    {"two From that say the same", LS_STR(ASK(FROM)),
     "400 Multiple From Headers|", IN_STEP},
    {"two To", LS_STR(ASK(TO)), "400 Multiple To Headers|", IN_STEP},
    {"two CSeq", LS_STR(ASK(CSEQ)), "400 Multiple CSeq Headers|", IN_STEP},
    {"two Max-Forwards",
     LS_STR(ASK("Max-Forwards: 70\r\nMax-Forwards: 70\r\n")),
     "400 Multiple Max-Forwards Headers|", IN_STEP},
    {"two From in one header",
     LS_STR(ASK_FROM("<sip:a@b>;tag=1, <sip:c@d>;tag=2")), FROM_FAULT, IN_STEP},
    /* RFC 3261 18.3, 20.14: the length of a body. */
    {"a length with a plus", LS_STR(ASK_LONG(" +0\r\n\r\n")), LENGTH_FAULT,
     CLOSED},
    {"a length in hex", LS_STR(ASK_LONG(" 0x0\r\n\r\n")), LENGTH_FAULT, CLOSED},
    {"a length in two numbers", LS_STR(ASK_LONG(" 0 0\r\n\r\n")), LENGTH_FAULT,
     CLOSED},
    {"a length in a list", LS_STR(ASK_LONG(" 0, 0\r\n\r\n")), LENGTH_FAULT,
     CLOSED},
    {"an empty length", LS_STR(ASK_LONG("\r\n\r\n")), LENGTH_FAULT, CLOSED},
    {"a length with a parameter", LS_STR(ASK_LONG(" 0;x=1\r\n\r\n")),
     LENGTH_FAULT, CLOSED},
    {"a length with many zeros",
     LS_STR(ASK_LONG(" 0000000000000000000000000000\r\n\r\n")), OK, IN_STEP},
    {"a length of 2^64", LS_STR(ASK_LONG(" 18446744073709551616\r\n\r\n")),
     LENGTH_FAULT, CLOSED},
    {"a length of 2^32", LS_STR(ASK_LONG(" 4294967296\r\n\r\n")),
     "413 Request Entity Too Large|", CLOSED},
    {"a body of one byte more than 1 MiB", LS_STR(ASK_LONG(" 1048577\r\n\r\n")),
     "413 Request Entity Too Large|", CLOSED},
    {"a length that is too large by far more than comes",
     LS_STR(ASK_LONG(" 100000\r\n\r\nhello")), "", WAITING},
    {"a length that is too small", LS_STR(ASK_LONG(" 2\r\n\r\nhello\r\n\r\n")),
     OK LINE_FAULT, IN_STEP},
    {"a body that looks like a request",
     LS_STR("MESSAGE sip:bob@a.com SIP/2.0\r\n" VIA FROM TO ID
            "CSeq: 1 MESSAGE\r\nContent-Type: message/sip\r\n"
            "Content-Length: 32\r\n\r\nOPTIONS sip:a.com SIP/2.0\r\n\r\nxyz"),
     "404 Not Found|", IN_STEP},
    {"a body of NULs",
     LS_STR("MESSAGE sip:bob@a.com SIP/2.0\r\n" VIA FROM TO ID
            "CSeq: 1 MESSAGE\r\nContent-Type: a/b\r\n"
            "Content-Length: 4\r\n\r\n\0\0\0\0"),
     "404 Not Found|", IN_STEP},
    /* RFC 3261 7.3.1, 25.1: UTF-8 and what is none. */
    {"UTF-8 in quotes", LS_STR(ASK_FROM("\"\xC3\x84nn\" <sip:a@b>;tag=1")), OK,
     IN_STEP},
    {"UTF-8 without quotes", LS_STR(ASK_FROM("\xC3\x84nn <sip:a@b>;tag=1")),
     FROM_FAULT, IN_STEP},
    {"UTF-8 in text", LS_STR(ASK("Subject: \xE2\x82\xAC\r\n")), OK, IN_STEP},
    {"bytes that are no UTF-8, in text", LS_STR(ASK("Subject: \xFF\xFE\r\n")),
     OK, IN_STEP},
    {"a mark of the byte order", LS_STR("\xEF\xBB\xBF" ASK("")), LINE_FAULT,
     IN_STEP},
    {"a URI in UTF-8", LS_STR(ASK_AT("sip:\xC3\xA4@a.com")), URI_FAULT,
     IN_STEP},
    /* RFC 3261 19.1, RFC 3966: URIs. */
    {"an escaped letter of a method's URI", LS_STR(ASK_AT("sip:%61.com")), OK,
     IN_STEP},
    {"an escape that is none", LS_STR(ASK_AT("sip:a%zz@a.com")), URI_FAULT,
     IN_STEP},
    {"an escape that is cut short", LS_STR(ASK_AT("sip:a%4@a.com")), URI_FAULT,
     IN_STEP},
    {"an escaped NUL in whom it is for",
     LS_STR(SAY("MESSAGE", "sip:ann%00@a.com", "")), "404 Not Found|", IN_STEP},
    {"an escaped @", LS_STR(SAY("MESSAGE", "sip:ann%40b@a.com", "")),
     "404 Not Found|", IN_STEP},
    {"two @", LS_STR(ASK_AT("sip:a@b@a.com")), URI_FAULT, IN_STEP},
    {"a URI without a user before its @", LS_STR(ASK_AT("sip:@a.com")),
     URI_FAULT, IN_STEP},
    {"a URI without a host", LS_STR(ASK_AT("sip:")), URI_FAULT, IN_STEP},
    {"a host without a user's end", LS_STR(ASK_AT("sip:ann@")), URI_FAULT,
     IN_STEP},
    {"a port that is none", LS_STR(ASK_AT("sip:a.com:sip")), URI_FAULT,
     IN_STEP},
    {"a port that is too large", LS_STR(ASK_AT("sip:a.com:65536")), URI_FAULT,
     IN_STEP},
    {"an address of IPv6", LS_STR(ASK_AT("sip:[2001:db8::1]:5061")), OK,
     IN_STEP},
    {"an address of IPv6 without its end", LS_STR(ASK_AT("sip:[2001:db8::1")),
     URI_FAULT, IN_STEP},
    {"a scheme in capitals", LS_STR(ASK_AT("SIPS:A.COM")), OK, IN_STEP},
    {"a telephone number", LS_STR(ASK_AT("tel:+1-201-555-0123")), OK, IN_STEP},
    {"a telephone number for a message",
     LS_STR(SAY("MESSAGE", "tel:+12015550123;ext=1", "")), "404 Not Found|",
     IN_STEP},
    {"From a telephone", LS_STR(ASK_FROM("<tel:+12015550123>;tag=1")), OK,
     IN_STEP},
    {"mail", LS_STR(ASK_AT("mailto:ann@a.com")), "416 Unsupported URI Scheme|",
     IN_STEP},
    {"a service", LS_STR(ASK_AT("urn:service:sos")),
     "416 Unsupported URI Scheme|", IN_STEP},
    {"a path", LS_STR(ASK_AT("/index.html")), URI_FAULT, IN_STEP},
    {"a star", LS_STR(ASK_AT("*")), URI_FAULT, IN_STEP},
    {"no URI", LS_STR("OPTIONS SIP/2.0\r\n" VIA FROM TO ID CSEQ END),
     LINE_FAULT, IN_STEP},
    /* RFC 3261 8.2.1: methods. */
    {"a method of another RFC", LS_STR(SAY("PUBLISH", "sip:ann@a.com", "")),
     "405 Method Not Allowed|", IN_STEP},
    {"a method in another case", LS_STR(SAY("options", "sip:a.com", "")),
     "405 Method Not Allowed|", IN_STEP},
    {"a method that is no token", LS_STR(SAY("OPT(IONS", "sip:a.com", "")),
     LINE_FAULT, IN_STEP},
    {"a method with a NUL", LS_STR(SAY("OPT\0IONS", "sip:a.com", "")),
     LINE_FAULT, IN_STEP},
    {"no method", LS_STR(" sip:a.com SIP/2.0\r\n" VIA FROM TO ID CSEQ END),
     LINE_FAULT, IN_STEP},
    {"an ACK of nothing", LS_STR(SAY("ACK", "sip:ann@a.com", "")), "", IN_STEP},
    {"an ACK without From",
     LS_STR("ACK sip:a.com SIP/2.0\r\n" VIA TO ID "CSeq: 1 ACK\r\n" END), "",
     IN_STEP},
    {"a BENOTIFY of nothing", LS_STR(SAY("BENOTIFY", "sip:ann@a.com", "")), "",
     IN_STEP},
    {"a CANCEL of nothing", LS_STR(SAY("CANCEL", "sip:ann@a.com", "")),
     "481 Call Leg/Transaction Does Not Exist|", IN_STEP},
    {"a CANCEL that requires something (8.2.2.3: not looked at)",
     LS_STR(SAY("CANCEL", "sip:ann@a.com", "Require: magic\r\n")),
     "481 Call Leg/Transaction Does Not Exist|", IN_STEP},
    {"HTTP", LS_STR("GET / HTTP/1.1\r\nHost: a.com\r\n\r\n"), LINE_FAULT,
     IN_STEP},
    /* RFC 3261 16.3: hops. */
    {"no hop left for a message",
     LS_STR(SAY("MESSAGE", "sip:bob@a.com", "Max-Forwards: 0\r\n")),
     "483 Too Many Hops|", IN_STEP},
    {"no hop left, and none needed", LS_STR(ASK("Max-Forwards: 0\r\n")), OK,
     IN_STEP},
    {"256 hops", LS_STR(ASK("Max-Forwards: 256\r\n")), HOPS_FAULT, IN_STEP},
    {"hops below 0", LS_STR(ASK("Max-Forwards: -1\r\n")), HOPS_FAULT, IN_STEP},
    {"hops without a number", LS_STR(ASK("Max-Forwards:\r\n")), HOPS_FAULT,
     IN_STEP},
    /* RFC 3261 8.2.2.3, 16.3: extensions. */
    {"an extension nobody has", LS_STR(ASK("Require: magic\r\n")),
     "420 Bad Extension|", IN_STEP},
    {"one that is known and one that is not",
     LS_STR(ASK("Require: 100rel, magic\r\n")), "420 Bad Extension|", IN_STEP},
    {"an extension for proxies", LS_STR(ASK("Proxy-Require: magic\r\n")),
     "420 Bad Extension|", IN_STEP},
    {"extensions that are known",
     LS_STR(ASK("Require: 100REL\r\nProxy-Require: ms-benotify\r\n")), OK,
     IN_STEP},
    /* RFC 3261 18.2.1, 20.42: Via. */
    {"several Via in one line and in several",
     LS_STR(ASK("Via: SIP/2.0/UDP a, SIP/2.0/TCP b;branch=z9hG4bK2\r\n")), OK,
     IN_STEP},
    {"a second Via that is none", LS_STR(ASK("Via: nonsense\r\n")), VIA_FAULT,
     IN_STEP},
    {"a Via with blanks",
     LS_STR(ASK_VIA("SIP / 2.0 / TLS h : 5061 ; branch = 1")), OK, IN_STEP},
    {"a Via of a host of IPv6", LS_STR(ASK_VIA("SIP/2.0/TLS [2001:db8::1]:1")),
     OK, IN_STEP},
    {"a Via without a host", LS_STR(ASK_VIA("SIP/2.0/TLS")), VIA_FAULT,
     IN_STEP},
    {"a Via without a transport", LS_STR(ASK_VIA("SIP/2.0 h")), VIA_FAULT,
     IN_STEP},
    {"a Via of two hosts", LS_STR(ASK_VIA("SIP/2.0/TLS a b")), VIA_FAULT,
     IN_STEP},
    {"a Via with a port that is none", LS_STR(ASK_VIA("SIP/2.0/TLS h:x")),
     VIA_FAULT, IN_STEP},
    {"a Via with a port too large", LS_STR(ASK_VIA("SIP/2.0/TLS h:65536")),
     VIA_FAULT, IN_STEP},
    {"an empty Via", LS_STR(ASK_VIA("")), VIA_FAULT, IN_STEP},
    {"a Via that ends in a comma", LS_STR(ASK_VIA("SIP/2.0/TLS h,")), VIA_FAULT,
     IN_STEP},
    /* RFC 3261 8.1.1: what no request is without. */
    {"no From", LS_STR(LINE VIA TO ID CSEQ END), "400 Missing From Header|",
     IN_STEP},
    {"no To", LS_STR(LINE VIA FROM ID CSEQ END), "400 Missing To Header|",
     IN_STEP},
    {"no Call-ID", LS_STR(LINE VIA FROM TO CSEQ END),
     "400 Missing Call-ID Header|", IN_STEP},
    {"no CSeq", LS_STR(LINE VIA FROM TO ID END), "400 Missing CSeq Header|",
     IN_STEP},
    {"no Via", LS_STR(LINE FROM TO ID CSEQ END), "400 Missing Via Header|",
     IN_STEP},
    {"no header at all", LS_STR(LINE "\r\n"), "400 Missing From Header|",
     IN_STEP},
    /* RFC 3261 7.1: versions. */
    {"SIP/3.0", LS_STR("OPTIONS sip:a SIP/3.0\r\n" VIA FROM TO ID CSEQ END),
     "505 Version Not Supported|", IN_STEP},
    {"SIP/2.1", LS_STR("OPTIONS sip:a SIP/2.1\r\n" VIA FROM TO ID CSEQ END),
     "505 Version Not Supported|", IN_STEP},
    {"sip/2.0", LS_STR("OPTIONS sip:a sip/2.0\r\n" VIA FROM TO ID CSEQ END), OK,
     IN_STEP},
    {"SIP/2", LS_STR("OPTIONS sip:a SIP/2\r\n" VIA FROM TO ID CSEQ END),
     LINE_FAULT, IN_STEP},
    {"no version", LS_STR("OPTIONS sip:a\r\n" VIA FROM TO ID CSEQ END),
     LINE_FAULT, IN_STEP},
    {"a tab in a start line",
     LS_STR("OPTIONS\tsip:a SIP/2.0\r\n" VIA FROM TO ID CSEQ END), LINE_FAULT,
     IN_STEP},
    /* RFC 3261 7: line ends, and bytes that no line has. */
    {"LF alone throughout",
     LS_STR("OPTIONS sip:a SIP/2.0\nVia: SIP/2.0/TLS h\nFrom: <sip:a@b>\n"
            "To: <sip:a@b>\nCall-ID: 1\nCSeq: 1 OPTIONS\n\n"),
     "400 Line Ends With LF Alone|", IN_STEP},
    {"LF alone once", LS_STR(ASK("Subject: x\n")),
     "400 Line Ends With LF Alone|", IN_STEP},
    {"CR alone in a value", LS_STR(ASK("Subject: x\ry\r\n")), "400 Stray CR|",
     IN_STEP},
    {"a NUL in text", LS_STR(ASK("Subject: a\0b\r\n")), HEADER_FAULT, IN_STEP},
    {"a NUL in Call-ID", LS_STR(ASK_ID("a\0b")), HEADER_FAULT, IN_STEP},
    {"a NUL in quotes", LS_STR(ASK_FROM("\"a\0b\" <sip:a@b>;tag=1")),
     HEADER_FAULT, IN_STEP},
    {"a NUL in a start line", LS_STR(ASK_AT("sip:a\0b")), URI_FAULT, IN_STEP},
    /* RFC 3261 20.8, 20.20, 20.39: Call-ID, From, To. */
    {"a Call-ID of two words", LS_STR(ASK_ID("a b")),
     "400 Malformed Call-ID Header|", IN_STEP},
    {"an empty Call-ID", LS_STR(ASK_ID("")), "400 Malformed Call-ID Header|",
     IN_STEP},
    {"a Call-ID of odd marks", LS_STR(ASK_ID("<[{(\\\"?/:.!%*_+`'~)}]>@x")), OK,
     IN_STEP},
    {"From without an end", LS_STR(ASK_FROM("<sip:a@b;tag=1")), FROM_FAULT,
     IN_STEP},
    {"From with a quote that does not end",
     LS_STR(ASK_FROM("\"Ann <sip:a@b>;tag=1")), FROM_FAULT, IN_STEP},
    {"From a star", LS_STR(ASK_FROM("*")), FROM_FAULT, IN_STEP},
    {"From nobody", LS_STR(ASK_FROM("<>;tag=1")), FROM_FAULT, IN_STEP},
    {"From with two tags", LS_STR(ASK_FROM("<sip:a@b>;tag=1;tag=2")),
     FROM_FAULT, IN_STEP},
    {"From with an empty tag", LS_STR(ASK_FROM("<sip:a@b>;tag=")), FROM_FAULT,
     IN_STEP},
    {"From without brackets", LS_STR(ASK_FROM("sip:a@b;tag=1")), OK, IN_STEP},
    /* RFC 3261 10.2.2, 10.3: REGISTER. */
    {"a star that does not end anything",
     LS_STR(JOIN("Contact: *\r\nExpires: 3600\r\n")),
     "400 Invalid Contact Information|", IN_STEP},
    {"a star beside another",
     LS_STR(JOIN("Contact: *\r\nContact: <sip:a@b>\r\nExpires: 0\r\n")),
     "400 Invalid Contact Information|", IN_STEP},
    {"an Expires that is no number (20.19: as if it were not there)",
     LS_STR(JOIN("Contact: <sip:a@b>\r\nExpires: soon\r\n")), OK, IN_STEP},
    {"an Expires beyond all numbers",
     LS_STR(JOIN("Contact: <sip:a@b>\r\nExpires: 99999999999999999999\r\n")),
     OK, IN_STEP},
    {"seventeen Contacts",
     LS_STR(JOIN("Contact: <sip:1@b>, <sip:2@b>, <sip:3@b>, <sip:4@b>, "
                 "<sip:5@b>, <sip:6@b>, <sip:7@b>, <sip:8@b>, <sip:9@b>, "
                 "<sip:10@b>, <sip:11@b>, <sip:12@b>, <sip:13@b>, <sip:14@b>, "
                 "<sip:15@b>, <sip:16@b>, <sip:17@b>\r\n")),
     "400 Too Many Contacts|", IN_STEP},
    /* RFC 3261 16.7, 18.1.2: responses to nothing. */
    {"an answer to nothing",
     LS_STR("SIP/2.0 200 OK\r\n" VIA FROM TO ID CSEQ END), "", IN_STEP},
    {"an answer without headers", LS_STR("SIP/2.0 200 OK\r\n\r\n"), "",
     IN_STEP},
    {"an answer of another version",
     LS_STR("SIP/3.0 200 OK\r\n" VIA FROM TO ID CSEQ END), "", IN_STEP},
    {"an answer with a status of four digits",
     LS_STR("SIP/2.0 2000 OK\r\n" VIA FROM TO ID CSEQ END), "", IN_STEP},
    /* RFC 3261 7.5, RFC 5626 3.5.1: between messages. */
    {"line ends before a request", LS_STR("\r\n" ASK("")), OK, IN_STEP},
    {"a keep-alive before a request", LS_STR("\r\n\r\n" ASK("")), OK, IN_STEP},
    {"half a keep-alive and LF", LS_STR("\r\n\n" ASK("")), OK, IN_STEP},
    {"two requests at once", LS_STR(ASK("") ASK("Subject: 2\r\n")), OK OK,
     IN_STEP},
    {"the same request twice", LS_STR(ASK("") ASK("")), OK OK, IN_STEP},
    {"a bad one between two good ones",
     LS_STR(ASK("") ASK_BY("x") ASK("Subject: 2\r\n")), OK CSEQ_FAULT OK,
     IN_STEP},
    {"garbage between two good ones",
     LS_STR(ASK("") "?\r\n\r\n" ASK("Subject: 2\r\n")), OK LINE_FAULT OK,
     IN_STEP},
};

static void expect_row(size_t i, struct ls_str bytes, size_t piece)
{
    struct ls_buf answers = {0};
    bool is_closed = sip_stream_converse(bytes, piece, &answers);
    char *lines = sip_stream_status_lines(ls_buf_str(&answers));

    cr_expect_str_eq(lines, rows[i].answers, "%s: %s", rows[i].label, lines);
    cr_expect_eq(is_closed, rows[i].after == CLOSED, "%s", rows[i].label);
    free(lines);
    ls_buf_clear(&answers);
}

Test(sip_hostile, has_the_outcome_of_the_table)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_row(i, rows[i].bytes, SIZE_MAX);
}

Test(sip_hostile, has_it_however_the_bytes_are_cut)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        for (size_t piece = 1; piece < rows[i].bytes.length; piece++)
            expect_row(i, rows[i].bytes, piece);
}

Test(sip_hostile, leaves_the_stream_as_the_table_says)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf bytes = {0};
        struct ls_buf answers = {0};

        ls_buf_add(&bytes, rows[i].bytes);
        ls_buf_add_text(&bytes, sip_stream_probe);
        sip_stream_converse(ls_buf_str(&bytes), SIZE_MAX, &answers);
        cr_expect_eq(sip_stream_is_probed(ls_buf_str(&answers)),
                     rows[i].after == IN_STEP, "%s", rows[i].label);
        ls_buf_clear(&bytes);
        ls_buf_clear(&answers);
    }
}

/* In pairs: no message changes what becomes of the one behind it. */
Test(sip_hostile, is_the_same_behind_every_other)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        for (size_t j = 0; j < LS_COUNT(rows); j++) {
            struct ls_buf bytes = {0};
            struct ls_buf answers = {0};
            char *wanted = ls_strf("%s%s", rows[i].answers, rows[j].answers);
            char *lines;

            if (rows[i].after != IN_STEP)
                goto next;
            ls_buf_add(&bytes, rows[i].bytes);
            ls_buf_add(&bytes, rows[j].bytes);
            sip_stream_converse(ls_buf_str(&bytes), SIZE_MAX, &answers);
            lines = sip_stream_status_lines(ls_buf_str(&answers));
            cr_expect_str_eq(lines, wanted, "%s, then %s: %s", rows[i].label,
                             rows[j].label, lines);
            free(lines);
            ls_buf_clear(&bytes);
            ls_buf_clear(&answers);
        next:
            free(wanted);
        }
}
