/* Does a slip in what several peers say and do get its own place, sentence and
 * way out, and does a fault of YAML leave the others in sight? */
#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario.h"

#include "support/broken_file.h"

static const struct broken_file rows[] = {
    {"a line that does nothing",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - {by: peer}\n",
     6, 11, "this line of a talk does nothing", "Add send, receive or respond.",
     1},
    {"a line with two actions",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - {receive: 200, say: x}\n",
     6, 26,
     "a line of a talk has one action, and this one already has \"receive\"",
     "Make it a line of its own.", 1},
    {"an unknown line",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - recieve: 200\n",
     6, 11, "a line of a talk has no key \"recieve\"",
     "Did you mean \"receive\"?", 1},
    {"a talk that is a text",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{connect: {certificate: a, talk: hello}}]\n",
     2, 42, "a talk must be a list of lines",
     "Begin each with a dash and a blank.", 1},
    {"a line that is a text",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - hello\n",
     6, 11, "a line of a talk must be a mapping",
     "Write for example \"receive: 200\".", 1},
    {"an unknown field of a message",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - send: \"OPTIONS sip:$hots SIP/2.0\"\n",
     6, 17, "a message has no field \"$hots\"", "Did you mean \"host\"?", 1},
    {"an empty message",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - send: ''\n",
     6, 17, "the message is empty", NULL, 1},
    {"a method in small letters",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - receive: options\n",
     6, 20, "\"options\" cannot be received",
     "Write a status, a method in capitals, nothing, or {status: 200, header: "
     "{Server: RTC/4.0}}.",
     1},
    {"any message at all",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - receive: {within: 5 s}\n",
     6, 20, "this would be any message at all", "Add for example status: 200.",
     1},
    {"an unknown key of receive",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - receive: {statsu: 200}\n",
     6, 21, "what is received has no key \"statsu\"",
     "Did you mean \"status\"?", 1},
    {"a header that is a text",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - receive: {status: 200, header: Server}\n",
     6, 42, "header must be a mapping of names and values",
     "Write for example {Server: RTC/4.0}.", 1},
    {"a regular expression that is none",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - receive: {body: {matches: \"(\"}}\n",
     6, 37, "this is not an expression that can be used: Unmatched ( or \\(",
     NULL, 1},
    {"a status that is none",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - respond: 99\n",
     6, 20, "the status must be a whole number from 100 to 699, not 99", NULL,
     1},
    {"an answer without a status",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - respond: {reason: Busy}\n",
     6, 20, "an answer needs a \"status\"",
     "status: number|none (what is answered; none: nothing)", 1},
    {"no answer by hand",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - respond: none\n",
     6, 20, "to say nothing is no line of a talk", "Leave the line out.", 1},
    {"a header that every answer has",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - respond: {status: 200, header: {via: x}}\n",
     6, 43, "every answer has its own \"via\"", "Leave it out.", 1},
    {"a way to leave that is none",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - leave: quickly\n",
     6, 18, "the way to leave cannot be \"quickly\"", "Known here: ", 1},
    {"somebody else's line",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - {by: frontend, receive: 200}\n",
     6, 16, "by cannot be \"frontend\"", "Did you mean \"front-end\"?", 1},
    {"a Front End that waits",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - {by: front-end, await: x}\n",
     6, 11, "\"await\" is nothing that a Front End does", "Leave out by.", 2},
    {"a Front End that waits",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - {by: front-end, await: x}\n",
     6, 27, "nothing that goes on at that time is called \"x\"",
     "Give the line or step that name with as:.", 2},
    {"a label that nobody has",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - {receive: 200, as: rung}\n"
     "        - await: rang\n",
     7, 11, "nothing that goes on at that time is called \"rang\"",
     "Did you mean \"rung\"?", 1},
    {"a line that waits for itself",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - await: x\n"
     "        - {receive: 200, as: x}\n",
     6, 11, "\"x\" waits for this in turn, so neither goes on", NULL, 1},
    {"two who wait for each other",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - together:\n"
     "      - {as: x, await: y, say: a}\n"
     "      - {as: y, await: x, say: b}\n",
     4, 9, "\"y\" waits for this in turn, so neither goes on", NULL, 2},
    {"two who wait for each other",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - together:\n"
     "      - {as: x, await: y, say: a}\n"
     "      - {as: y, await: x, say: b}\n",
     5, 9, "\"x\" waits for this in turn, so neither goes on", NULL, 2},
    {"a step that waits for a stranger",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - together:\n"
     "      - connect: {certificate: a}\n"
     "      - {await: z, say: a}\n",
     5, 9, "nothing that goes on at that time is called \"z\"",
     "Give the line or step that name with as:.", 1},
    {"together in together",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - together:\n"
     "      - together: []\n",
     4, 9, "a step has no key \"together\"", "It belongs to: ", 1},
    {"nothing together",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - together: []\n",
     3, 15, "together must be a list with at least one item",
     "Begin each with a dash and a blank.", 1},
    {"an expectation of several steps",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - together:\n"
     "      - connect: {certificate: a}\n"
     "    expect: {verdict: accepted}\n",
     5, 5, "a step with together has no key \"expect\"", "It belongs to: ", 1},
    {"awaiting where nothing goes on",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{await: x, say: a}]\n",
     2, 10, "a step has no key \"await\"", "It belongs to: ", 1},
    {"a talk of who signs in",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{sign-in: {certificate: a, user: \"sip:a@b\", talk: []}}]\n",
     2, 53, "sign-in has no key \"talk\"", "It belongs to: ", 1},
    {"rules that are no list",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{respond: {status: 403}}]\n",
     2, 19, "respond must be a list of rules",
     "Write for example [{method: REGISTER, status: 403}].", 1},
    {"a rule without a status",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{respond: [{method: BYE}]}]\n",
     2, 20, "a rule needs a \"status\"",
     "status: number|none (what is answered; none: nothing)", 1},
    {"a chance that is none",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{respond: [{status: 403, chance: 0.3}]}]\n",
     2, 42, "the chance must be a percentage, not \"0.3\"", "Write 1% to 100%.",
     1},
    {"an answer to an ACK",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{respond: [{method: ACK, status: 403}]}]\n",
     2, 29, "ACK is never answered", NULL, 1},
    {"a rule of a small method",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{respond: [{method: Bye, status: 403}]}]\n",
     2, 29, "\"Bye\" is no method", "Methods are in capitals.", 1},
    {"a user that is none",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{respond: [{user: bob, status: 403}]}]\n",
     2, 27, "the user must be a SIP address, not \"bob\"",
     "Write for example \"sip:test@contoso.com\".", 1},
    {"times below one",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps: [{respond: [{times: 0, status: 403}]}]\n",
     2, 28, "times must be a whole number from 1 to 1000000, not 0", NULL, 1},
    {"an interface that is none",
     "certificates: {a: {subject: CN=a.b}}\n"
     "front-end: {interfaces: {extern: {port: 5062}}}\n"
     "steps: [{say: x}]\n",
     2, 26, "there is no interface \"extern\"", "Did you mean \"external\"?",
     1},
    {"an interface without a port",
     "certificates: {a: {subject: CN=a.b}}\n"
     "front-end: {interfaces: {external: {port: none}}}\n"
     "steps: [{say: x}]\n",
     2, 43, "the port must be a whole number from 1 to 65535, not none", NULL,
     1},
    {"a Front End that does not exist",
     "certificates: {a: {subject: CN=a.b}}\n"
     "front-ends: {fe02: {}}\n"
     "steps: [{connect: {certificate: a, to: fe03}}]\n",
     3, 40, "there is no Front End \"fe03\" under front-ends:",
     "Did you mean \"fe02\"?", 1},
    {"Front Ends in a list",
     "certificates: {a: {subject: CN=a.b}}\n"
     "front-ends: [fe02]\n"
     "steps: [{say: x}]\n",
     2, 13, "front-ends must be a mapping of at most 20 names",
     "Write one name a line: \"fe02: {certificate: fe02}\".", 1},
    {"a feature that is none",
     "certificates: {a: {subject: CN=a.b}}\n"
     "only-if: [tls-1.0, ipv5]\n"
     "steps: [{say: x}]\n",
     2, 20, "no feature of a machine is called \"ipv5\"",
     "Did you mean \"ipv6\"?", 1},
    {"an unquoted wildcard",
     "certificates: {a: {san: [*.contoso.com]}}\n"
     "steps: [{conect: {}}]\n",
     1, 26, "a text that begins with * must stand in quotes",
     "Write \"*.contoso.com\".", 2},
    {"an unquoted wildcard",
     "certificates: {a: {san: [*.contoso.com]}}\n"
     "steps: [{conect: {}}]\n",
     2, 10, "a step has no key \"conect\"", "Did you mean \"connect\"?", 2},
    {"a colon in a header",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - receive: {header: {To: <sip:a>: b}}\n",
     6, 41, "a comma or a closing bracket is missing before this",
     "Inside { } and [ ] put a comma between one and the next.", 1},
    {"a tab, and a slip before it",
     "certificates: {a: {subjct: CN=a.b}}\n"
     "steps:\n"
     "\t- say: x\n",
     1, 20, "a certificate has no key \"subjct\"", "Did you mean \"subject\"?",
     2},
    {"a tab, and a slip before it",
     "certificates: {a: {subjct: CN=a.b}}\n"
     "steps:\n"
     "\t- say: x\n",
     3, 1, "a tab cannot indent a line", "Use blanks.", 2},
    {"a quote that is never closed, and a slip behind it",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - say: \"x\n"
     "  - sya: x\n",
     3, 10, "the quote that begins here is never closed",
     "Close it in the same line.", 2},
    {"a quote that is never closed, and a slip behind it",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - say: \"x\n"
     "  - sya: x\n",
     4, 5, "a step has no key \"sya\"", "Did you mean \"say\"?", 2},
    {"a bracket that is never closed, and a slip behind it",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect: {certificate: a\n"
     "  - sya: x\n",
     3, 14, "this { is never closed: a comma or a } is missing", NULL, 2},
    {"a bracket that is never closed, and a slip behind it",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect: {certificate: a\n"
     "  - sya: x\n",
     4, 5, "a step has no key \"sya\"", "Did you mean \"say\"?", 2},
    {"yes for true",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - receive: {status: 200, optional: yes}\n",
     6, 44, "optional must be true or false, not yes", "Write true.", 1},
    {"a label that stands twice",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:\n"
     "      certificate: a\n"
     "      talk:\n"
     "        - {say: x, say: y}\n",
     6, 20, "the key \"say\" stands here again, after line 6", NULL, 1},
    {"no blank behind the colon",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:{certificate: a}\n",
     3, 5, "a step has no key \"connect:{certificate\"",
     "Put a blank behind the colon: connect: {", 1},
    {"no blank, and more in it",
     "certificates: {a: {subject: CN=a.b}}\n"
     "steps:\n"
     "  - connect:{certificate: a, from: x}\n",
     3, 12, "there is no blank behind the colon", "Put a blank behind it.", 1},
    {"a returned line end, and a slip",
     "certificates: {a: {subject: CN=a.b}}\r\n"
     "steps: [{sya: x}]\r\n",
     2, 10, "a step has no key \"sya\"", "Did you mean \"say\"?", 1},
};

Test(scenario_slips, show_their_place_and_what_to_write)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        broken_file_expect(&rows[i]);
}

Test(scenario_slips, are_none_where_the_machine_is_another)
{
    static const struct {
        const char *text;
        bool is_skipped;
    } files[] = {
        {"only-if: tls-1.2\nsteps: [{say: x}]\n", false},
        {"only-if: [tls-1.2, cipher NO-SUCH]\n"
         "front-end: {ciphers: NO-SUCH}\nsteps: [{say: x}]\n",
         true},
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct scenario *scenario;
        struct ls_diags diags;

        ls_diags_init(&diags, "x.yaml", ls_str_from(files[i].text));
        scenario = scenario_parse(&diags);
        cr_assert_not_null(scenario, "%zu", i);
        cr_expect_eq(scenario->skipped != NULL, files[i].is_skipped, "%zu", i);
        scenario_free(scenario);
        ls_diags_clear(&diags);
    }
}
