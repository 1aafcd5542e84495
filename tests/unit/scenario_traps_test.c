/* Do the traps of YAML, and of the editors it is written with, each get their
 * place, their sentence and a way out? */
#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/broken_file.h"

#define HEAD "title: x\ncertificates:\n  a: {subject: CN=a.contoso.com}\n"
#define CERTIFICATE "certificates: {a: {subject: CN=a.b}}\n"
#define STEPS "steps:\n  - connect: {certificate: a}\n"

static const struct broken_file rows[] = {
    {"a colon in the words of a status",
     HEAD "steps:\n"
          "  - connect:\n"
          "      certificate: a\n"
          "      talk:\n"
          "        - send: OPTIONS sip:a SIP/2.0\n"
          "          Via: x\n"
          "        - receive: {status: 200, reason: OK: fine}\n",
     10, 44, "a comma or a closing bracket is missing before this",
     "Inside { } and [ ] put a comma between one and the next.", 1},
    {"a colon in a name",
     HEAD "steps:\n"
          "  - name: step one: it connects\n"
          "    connect: {certificate: a}\n",
     5, 11, "a second key stands in this line: a colon and a blank end a key",
     "If it is one text, write \"step one: it connects\".", 1},
    {"a tab in an indent",
     HEAD "steps:\n"
          "  - connect:\n"
          "  \tcertificate: a\n",
     6, 3, "a tab cannot indent a line", "Use blanks.", 1},
    {"a tab before a key",
     HEAD "steps:\n"
          "  -\tconnect: {certificate: a}\n"
          "\texpect: {verdict: accepted}\n",
     6, 1, "a tab cannot indent a line", "Use blanks.", 1},
    {"no for false",
     "title: x\n"
     "certificates:\n"
     "  a: {subject: CN=a.b, key-ids: No}\n" STEPS,
     3, 33, "key-ids must be true or false, not No", "Write false.", 1},
    {"on for a network", HEAD "front-end: {network: on}\n" STEPS, 4, 22,
     "the network cannot be \"on\"", "Known here: ipv4 or ipv6.", 1},
    {"a key twice, far apart",
     HEAD "steps:\n"
          "  - connect:\n"
          "      certificate: a\n"
          "      tls: 1.2\n"
          "      certificate: a\n",
     8, 7, "the key \"certificate\" stands here again, after line 6", NULL, 1},
    {"a section twice",
     HEAD "topology:\n"
          "  pools: [{fqdn: a.contoso.com}]\n"
          "topology: {pools: []}\n" STEPS,
     6, 1, "the key \"topology\" stands here again, after line 4", NULL, 1},
    {"UTF-16 of Notepad",
     "\xFF\xFEt\x00i\x00t\x00l\x00"
     "e\x00:\x00 \x00x\x00\n"
     "\x00"
     "c\x00"
     "e\x00r\x00t\x00i\x00"
     "f\x00i\x00"
     "c\x00"
     "a\x00t\x00"
     "e\x00s\x00:\x00\n"
     "\x00 \x00 \x00"
     "a\x00:\x00 \x00{\x00s\x00u\x00"
     "b\x00j\x00"
     "e\x00"
     "c\x00t\x00:\x00 \x00"
     "C\x00N\x00=\x00"
     "a\x00.\x00"
     "c\x00o\x00n\x00t\x00o\x00s\x00o\x00.\x00"
     "c\x00o\x00m\x00}\x00\n"
     "\x00s\x00t\x00"
     "e\x00p\x00s\x00:\x00\n"
     "\x00 \x00 \x00-\x00 \x00"
     "c\x00o\x00n\x00"
     "e\x00"
     "c\x00t\x00:\x00 \x00{\x00"
     "c\x00"
     "e\x00r\x00t\x00i\x00"
     "f\x00i\x00"
     "c\x00"
     "a\x00t\x00"
     "e\x00:\x00 \x00"
     "a\x00}\x00\n"
     "\x00",
     0, 0, "the file is UTF-16 text, and UTF-8 is expected",
     "Notepad calls that \"Unicode\": choose \"UTF-8\" when saving.", 1},
    {"a mark in front and a slip", "\xEF\xBB\xBFtitel: x\n" STEPS, 1, 1,
     "a scenario has no key \"titel\"", "Did you mean \"title\"?", 2},
    {"Latin-1",
     HEAD "story: Stra\xDF"
          "e\n" STEPS,
     4, 12, "the byte DF here is not UTF-8", "Save the file as UTF-8.", 1},
    {"no-break spaces as an indent",
     HEAD "steps:\n"
          "  - connect:\n"
          "\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0"
          "certificate: a\n",
     6, 1,
     "a scenario has no key \"\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0"
     "certificate\"",
     "A no-break space stands here; write a blank.", 2},
    {"a no-break space behind a colon",
     HEAD "steps:\n"
          "  - connect: {certificate:\xC2\xA0"
          "a}\n",
     5, 15,
     "connect has no key \"certificate:\xC2\xA0"
     "a\"",
     "A no-break space stands behind the colon; write a blank.", 2},
    {"typographic quotes",
     HEAD
     "steps:\n"
     "  - sign-in: {certificate: a, user: \xE2\x80\x9Csip:a@b.c\xE2\x80\x9D}\n",
     5, 37,
     "the user must be a SIP address, not "
     "\"\xE2\x80\x9Csip:a@b.c\xE2\x80\x9D\"",
     "Write ' or \" instead of the typographic quote.", 1},
    {"a typographic dash",
     HEAD "steps:\n"
          "  \xE2\x80\x93 connect: {certificate: a}\n",
     5, 3, "steps must be a list with at least one item",
     "Write - instead of the typographic dash.", 1},
    {"no blank behind a colon",
     HEAD "steps:\n"
          "  - connect:\n"
          "      certificate:a\n",
     6, 7, "connect must be a mapping, not a text",
     "Put a blank behind the colon: certificate: a", 1},
    {"a name where a mapping is",
     HEAD "steps:\n"
          "  - connect: a\n",
     5, 14, "connect must be a mapping, not a text", "Write {certificate: a}.",
     1},
    {"a fault in the place of a certificate",
     "title: x\ncertificates: {a: fault:expired}\n"
     "steps: [{connect: {certificate: a}}]\n",
     2, 19, "a certificate must be a mapping, not a text", NULL, 1},
    {"a pool by its name",
     "title: x\ntopology: {pools: [a.com]}\nsteps: [{say: x}]\n", 2, 20,
     "a pool must be a mapping, not a text", "Write {fqdn: a.com}.", 1},
    {"one computer and no list",
     "title: x\ntopology: {pools: [{fqdn: a.com, computers: b.a.com}]}\n"
     "steps: [{say: x}]\n",
     2, 45, "computers must be a list", "Write [b.a.com].", 1},
    {"an application without an id",
     "title: x\n"
     "topology: {pools: [{fqdn: a.com, applications: [{port: 5}]}]}\n"
     "steps: [{say: x}]\n",
     2, 49, "an application needs an \"id\"", "id: text", 1},
    {"no blanks in a flow",
     HEAD "steps:\n"
          "  - connect: {certificate:a, from:b.c}\n",
     5, 15, "connect has no key \"certificate:a\"",
     "Put a blank behind the colon: certificate: a", 3},
    {"no blank behind a dash",
     HEAD "steps:\n"
          "  -connect: {certificate: a}\n",
     5, 3, "steps must be a list with at least one item",
     "Begin each with a dash and a blank.", 1},
    {"an indent short of one",
     HEAD "steps:\n"
          "  - connect:\n"
          "      certificate: a\n"
          "     from: a.b\n",
     7, 6, "this line is not in the column of its neighbours",
     "Keys of one mapping begin in the same column.", 1},
    {"expect one level too deep",
     HEAD "steps:\n"
          "  - connect:\n"
          "      certificate: a\n"
          "      expect: {verdict: accepted}\n",
     7, 7, "connect has no key \"expect\"",
     "It belongs to: step, part or case.", 1},
    {"an octal number", HEAD "front-end: {port: 0o17}\n" STEPS, 4, 19,
     "the port must be a whole number from 1 to 65535, not 0o17",
     "Write it in decimal, without a zero in front.", 1},
    {"a zero in front", HEAD "front-end: {port: 05061}\n" STEPS, 4, 19,
     "the port must be a whole number from 1 to 65535, not 05061",
     "Write it in decimal, without a zero in front.", 1},
    {"a day that does not exist",
     "clock: 2015-13-45\n"
     "title: x\n"
     "certificates:\n"
     "  a: {subject: CN=a.contoso.com}\n" STEPS,
     1, 8, "the clock must be a point in time, not \"2015-13-45\"",
     "Write it as 2011-12-20T20:45:01Z, or as 2011-12-20 for its", 1},
    {"a date of another land",
     "clock: 20/12/2011\n"
     "title: x\n"
     "certificates:\n"
     "  a: {subject: CN=a.contoso.com}\n" STEPS,
     1, 8, "the clock must be a point in time, not \"20/12/2011\"",
     "Write it as 2011-12-20T20:45:01Z, or as 2011-12-20 for its", 1},
    {"a block that is not indented, told once",
     "title: x\n"
     "story: |\n"
     "Some text.\n"
     "certificates:\n"
     "  a: {subject: CN=a.contoso.com}\n" STEPS,
     3, 1, "this is the text of a block, and is not indented",
     "Indent it by two blanks more than the line with the | or >; an empty", 1},
    {"the same in a list",
     "title: x\n"
     "certificates:\n"
     "  a: {subject: CN=a.contoso.com}\n"
     "steps:\n"
     "  - say: |\n"
     "    hello\n"
     "  - connect: {certificate: a}\n",
     6, 5, "this is the text of a block, and is not indented",
     "Indent it by two blanks more than the line with the | or >; an empty", 1},
    {"a quote without an end, and a slip",
     HEAD "steps:\n"
          "  - name: \"it connects\n"
          "    connect: {certificate: a}\n"
          "  - conect: {certificate: a}\n",
     5, 11, "the quote that begins here is never closed",
     "Close it in the same line.", 2},
    {"a brace without an end",
     HEAD "steps:\n"
          "  - connect: {certificate: a\n"
          "    expect: {verdict: accepted}\n",
     5, 14, "this { is never closed: a comma or a } is missing", NULL, 1},
    {"a bracket of the other kind",
     "title: x\n"
     "certificates:\n"
     "  a: {subject: CN=a.b, san: [a.b, c.d}\n" STEPS,
     3, 38, "this bracket is not the kind that was opened", NULL, 1},
    {"a brace too many",
     HEAD "steps:\n"
          "  - connect: {certificate: a}}\n",
     5, 30, "this } closes nothing", NULL, 1},
    {"an anchor",
     HEAD "x-common: &common {certificate: a}\n"
          "steps:\n"
          "  - connect: *common\n",
     4, 11, "anchors (&name) are not part of these files",
     "Put the text in quotes if the & belongs to it.", 2},
    {"a merge key",
     HEAD "steps:\n"
          "  - connect:\n"
          "      <<: *base\n"
          "      certificate: a\n",
     6, 11, "aliases (*name) are not part of these files",
     "Write the value out, or put it in quotes if the * belongs", 1},
    {"a list for a mapping",
     HEAD "steps:\n"
          "  - connect:\n"
          "      - certificate: a\n",
     6, 7, "connect must be a mapping, not a list",
     "Leave out the dash, or the brackets.", 1},
    {"a key one level too high", HEAD "rule: any-name\n" STEPS, 4, 1,
     "a scenario has no key \"rule\"", "It belongs to: front-end.", 1},
    {"a key one level too deep",
     HEAD "steps:\n"
          "  - connect: {certificate: a, verdict: accepted}\n",
     5, 31, "connect has no key \"verdict\"",
     "Write it under expect:, beside the action: expect:", 1},
    {"words misspelt",
     HEAD "steps:\n"
          "  - connect: {certificate: a}\n"
          "    expect: {verdict: acepted, reason: unknown-sever, peer.outcome: "
          "closed-after-handshak}\n",
     6, 23, "verdict is never \"acepted\"", "Did you mean \"accepted\"?", 3},
    {"a comment alone", "# nothing yet\n", 0, 0, "the file is empty", NULL, 1},
    {"null", "~\n", 1, 1, "a scenario must be a mapping, not a text", NULL, 1},
    {"reserved letters",
     HEAD "steps:\n"
          "  - say: @home\n"
          "  - say: `x`\n"
          "  - say: %x\n",
     5, 10, "a text that begins with @ must stand in quotes",
     "Put the whole value in quotes.", 3},
    {"a block that is left too early",
     HEAD "story: |\n"
          "    four\n"
          "   three\n" STEPS,
     6, 4, "this belongs neither to the mapping above nor to a new one",
     "Lines of one mapping or list begin in the same column.", 1},
    {"nothing beneath a key",
     HEAD "steps:\n"
          "  - connect:\n"
          "    expect: {verdict: accepted}\n",
     5, 12, "connect has no value",
     "What belongs to it is indented more than it is.", 1},
    {"null for a name",
     HEAD "steps:\n"
          "  - connect: {certificate: ~}\n"
          "  - connect: {certificate: null}\n"
          "  - connect: {certificate: }\n",
     5, 28, "there is no certificate \"~\" under certificates:",
     "Known here: a or none.", 3},
    {"CR alone",
     "title: x\rcertificates:\r  a: {subject: CN=a.contoso.com}\rsteps:\r  - "
     "conect: {certificate: a}\r",
     1, 9, "here is a carriage return alone",
     "Lines end with LF or CR LF; save the file so.", 1},
    {"a single quote without an end",
     HEAD "steps:\n"
          "  - connect: {certificate: 'a}\n",
     5, 28, "the quote that begins here is never closed",
     "Close it in the same line.", 1},
    {"a comment that swallows a brace",
     HEAD "steps:\n"
          "  - sign-in: {certificate: a, user: sip:a@b.c #1}\n",
     5, 14, "this { is never closed: a comma or a } is missing",
     "A blank and a # begin a comment; put a text that holds them", 1},
    {"a key that is a list",
     HEAD "? [a, b]\n"
          ": c\n" STEPS,
     4, 3, "a key must be a text, not a list",
     "Put it in quotes if it is meant as text.", 1},
    {"a bracket as a key", HEAD "[a]: b\n" STEPS, 4, 1,
     "a key must be a text, not a list",
     "Put it in quotes if it is meant as text.", 1},
    {"capitals in keys",
     HEAD "Steps:\n"
          "  - Connect: {Certificate: a}\n",
     4, 1, "a scenario has no key \"Steps\"", "Did you mean \"steps\"?", 2},
    {"an underscore", HEAD "front_end: {client_requests: 5}\n" STEPS, 4, 1,
     "a scenario has no key \"front_end\"", "Did you mean \"front-end\"?", 1},
    {"a field in two levels",
     HEAD "steps:\n"
          "  - connect: {certificate: a}\n"
          "    expect:\n"
          "      peer:\n"
          "        outcome: connected\n",
     7, 7, "nothing called \"peer\" can be expected",
     "Write the field whole, as in \"peer.outcome\".", 1},
    {"spans of time",
     HEAD "steps:\n"
          "  - advance: -5 minutes\n"
          "  - advance: 5\n"
          "  - advance: 5 minuts\n"
          "  - advance: 1.5 hours\n",
     5, 14, "advance must be a span of time, not \"-5 minutes\"",
     "Write a whole number and s, min, h, d or w: 90 seconds, 2", 4},
    {"a mark that turns writing",
     HEAD "steps:\n"
          "  - say: \"\\u202Ex\"\n"
          "  - say: \xE2\x80\xAEx\n",
     6, 10, "here is an invisible mark that turns the direction of writing",
     "Remove it.", 1},
    {"a picture in a key",
     HEAD "st\xF0\x9F\x98\x80"
          "eps: []\n" STEPS,
     4, 1,
     "a scenario has no key \"st\xF0\x9F\x98\x80"
     "eps\"",
     "Known here: title, source, standing, story, seed, only-if,", 1},
    {"a tab before a dash",
     "title: x\r\n"
     "certificates:\r\n"
     "  a: {subject: CN=a.contoso.com}\r\n"
     "steps:\r\n"
     "\t- connect: {certificate: a}\r\n",
     5, 1, "a tab cannot indent a line", "Use blanks.", 1},
    {"wide letters before a slip",
     HEAD "steps:\n"
          "  - {name: \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E, conect: "
          "{certificate: a}}\n",
     5, 17, "a step has no key \"conect\"", "Did you mean \"connect\"?", 1},
    {"a wire that somebody does",
     CERTIFICATE "steps:\n"
                 "  - connect:\n"
                 "      certificate: a\n"
                 "      talk:\n"
                 "        - {by: front-end, wire: {cut-after: 0}}\n",
     6, 11, "\"wire\" is nothing that a Front End does",
     "Leave out by, and write side: front-end under wire.", 1},
    {"every without a chunk",
     CERTIFICATE "steps:\n"
                 "  - connect:\n"
                 "      certificate: a\n"
                 "      talk:\n"
                 "        - wire: {every: 1 second}\n",
     6, 17, "\"every\" goes with a chunk", "Add for example chunk: 1.", 1},
    {"two faults of one wire",
     CERTIFICATE
     "steps:\n"
     "  - connect: {certificate: a, wire: {cut-after: 1, flip-bit-at: 2}}\n",
     3, 65, "a wire has one fault, and this one already has \"cut-after\"",
     "Make it a line of the talk, or a step of its own.", 1},
    {"an endless trickle",
     CERTIFICATE
     "steps:\n"
     "  - connect: {certificate: a, wire: {chunk: 1, every: 2 hours}}\n",
     3, 55, "\"every\" is more than an hour, which is the limit",
     "Write a stall for longer waits.", 1},
    {"a wire that is a word",
     CERTIFICATE "steps:\n"
                 "  - connect:\n"
                 "      certificate: a\n"
                 "      talk:\n"
                 "        - wire: nothing\n",
     6, 17, "a wire cannot be \"nothing\"",
     "Write none, or for example {cut-after: 100}.", 1},
    {"an interface that nobody listens on",
     CERTIFICATE "front-end: {interfaces: {external: {port: 5062}}}\n"
                 "steps:\n"
                 "  - connect: {certificate: a, interface: pstn}\n",
     4, 42, "the Front End does not listen on its pstn interface",
     "It listens on primary and external; add pstn under its", 1},
    {"the same of another Front End",
     CERTIFICATE
     "front-ends: {second: {interface: external}}\n"
     "steps:\n"
     "  - connect: {certificate: a, to: second, interface: primary}\n",
     4, 54, "the Front End does not listen on its primary interface",
     "It listens on external; add primary under its interfaces:,", 1},
    {"the same of a case",
     CERTIFICATE "cases:\n"
                 "  - {interface: external, connect: {certificate: a, "
                 "interface: internal}}\n",
     3, 64, "the Front End does not listen on its internal interface",
     "It listens on external; add internal under its interfaces:,", 1},
    {"an interface twice",
     CERTIFICATE "front-end: {interface: external, interfaces: {external: "
                 "{port: 5062}}}\n" STEPS,
     2, 47, "the Front End listens on its external interface already",
     "Its first interface is the one of interface:, without it", 1},
    {"a wire that is a word",
     CERTIFICATE "steps:\n"
                 "  - wire: broken\n",
     3, 11, "a wire cannot be \"broken\"",
     "Write none, or for example {cut-after: 100}.", 1},
    {"a wire of a step without a fault",
     CERTIFICATE "steps:\n"
                 "  - wire: {side: peer}\n",
     3, 11, "this wire has no fault", "Write for example {cut-after: 100}.", 1},
    {"a verdict of a wire",
     CERTIFICATE "steps:\n"
                 "  - wire: none\n"
                 "    expect: {verdict: accepted}\n",
     4, 14, "a step with \"wire\" has no \"verdict\" to expect", NULL, 1},
    {"a slip in a wire",
     CERTIFICATE "steps:\n"
                 "  - connect:\n"
                 "      certificate: a\n"
                 "      talk:\n"
                 "        - wire: {drop-afer: 0}\n",
     6, 18, "wire has no key \"drop-afer\"", "Did you mean \"drop-after\"?", 1},
};

Test(scenario_traps, are_told_with_what_to_write)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        broken_file_expect(&rows[i]);
}

Test(scenario_traps, are_told_of_files_of_two_and_four_bytes_a_letter)
{
    static const struct broken_file files[] = {
        {"UTF-16 without a mark", "s\0t\0e\0", 0, 0,
         "the file is UTF-16 text, and UTF-8 is expected", "Notepad calls that",
         1},
        {"UTF-16 the other way round", "\0s\0t\0e", 0, 0,
         "the file is UTF-16 text, and UTF-8 is expected", "Notepad calls that",
         1},
        {"UTF-32", "\xFF\xFE\0\0s\0", 0, 0,
         "the file is UTF-32 text, and UTF-8 is expected",
         "Save the file as UTF-8.", 1},
        {"a NUL", "st\0eps", 1, 3, "here is a NUL byte", "Remove it.", 1},
    };

    for (size_t i = 0; i < LS_COUNT(files); i++)
        broken_file_expect_bytes(&files[i], 6);
}
