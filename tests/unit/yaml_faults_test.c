#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/yaml.h"

/* What the reader says about a text that it must refuse. */
static char *refusal(struct ls_str text)
{
    struct ls_diags diags;
    struct ls_buf out = {0};

    ls_diags_init(&diags, "f", text);
    yaml_document_free(yaml_document_parse(&diags));
    cr_expect(diags.count > 0);
    ls_diags_print(&diags, &out);
    ls_diags_clear(&diags);
    return ls_buf_take(&out);
}

/* The sentence, the source line, the caret and the hint of each trap. */
static const struct {
    const char *label;
    const char *text;
    const char *said;
} yaml_traps[] = {
    {"nothing", "", "f: the file is empty\n"},
    {"comments only", "# nothing\n", "f: the file is empty\n"},
    {"a wildcard without quotes", "san: *.contoso.com\n",
     "f:1:6: a text that begins with * must stand in quotes\n"
     "  san: *.contoso.com\n"
     "       ^~~~~~~~~~~~~\n"
     "  Write \"*.contoso.com\".\n"},
    {"an alias", "a: *b\n",
     "f:1:4: aliases (*name) are not part of these files\n"
     "  a: *b\n"
     "     ^~\n"
     "  Write the value out, or put it in quotes if the * belongs to it.\n"},
    {"a star alone", "a: *\n",
     "f:1:5: a text that begins with * must stand in quotes\n"
     "  a: *\n"
     "      ^\n"
     "  Write \"*\".\n"},
    {"an anchor", "a: &b c\n",
     "f:1:4: anchors (&name) are not part of these files\n"
     "  a: &b c\n"
     "     ^~\n"
     "  Put the text in quotes if the & belongs to it.\n"},
    {"an anchor on a mapping", "a: &b {c: d}\n",
     "f:1:4: anchors (&name) are not part of these files\n"
     "  a: &b {c: d}\n"
     "     ^~\n"
     "  Put the text in quotes if the & belongs to it.\n"},
    {"a tag", "a: !b c\n",
     "f:1:4: tags (!name) are not part of these files\n"
     "  a: !b c\n"
     "     ^~\n"
     "  Put the text in quotes if the ! belongs to it.\n"},
    {"a second document", "a: 1\n---\nb: 2\n",
     "f:2:1: a second document begins here, and one a file is allowed\n"
     "  ---\n"
     "  ^~~\n"
     "  Put it in a file of its own, or remove the line.\n"},
    {"a directive", "%YAML 1.2\n---\na: 1\n",
     "f:1:1: directives (%) are not part of these files\n"
     "  %YAML 1.2\n"
     "  ^~~~~~~~~\n"
     "  Leave the line out.\n"},
    {"a tab", "a:\n\tb: 1\n",
     "f:2:1: a tab cannot indent a line\n"
     "  \tb: 1\n"
     "  ^\n"
     "  Use blanks.\n"},
    {"a tab behind blanks", "a:\n  b: 1\n \tc: 1\n",
     "f:3:2: a tab cannot indent a line\n"
     "   \tc: 1\n"
     "   ^\n"
     "  Use blanks.\n"},
    {"a second colon", "title: Lync: a story\n",
     "f:1:8: a second key stands in this line: a colon and a blank end a key\n"
     "  title: Lync: a story\n"
     "         ^~~~~~~~~~~~~\n"
     "  If it is one text, write \"Lync: a story\".\n"},
    {"a second colon and quotes of both kinds", "a: \"b\": it's\n",
     "f:1:4: a second key stands in this line: a colon and a blank end a key\n"
     "  a: \"b\": it's\n"
     "     ^~~~~~~~~\n"
     "  If it is one text, put the whole in quotes.\n"},
    {"a key that stands twice", "a: 1\nb: 2\na: 3\n",
     "f:3:1: the key \"a\" stands here again, after line 1\n"
     "  a: 3\n"
     "  ^\n"},
    {"no blank behind a colon", "a:1\nb: 2\n",
     "f:1:1: there is no blank behind the colon\n"
     "  a:1\n"
     "  ^~~\n"
     "  Write it so: a: 1\n"},
    {"no blank behind a colon, further down", "b: 2\na:1\nc: 2\n",
     "f:2:1: there is no blank behind the colon\n"
     "  a:1\n"
     "  ^~~\n"
     "  Write it so: a: 1\n"},
    {"no blank behind a colon, after a list", "b:\n  - c: 2\na:1\n",
     "f:3:1: there is no blank behind the colon\n"
     "  a:1\n"
     "  ^~~\n"
     "  Write it so: a: 1\n"},
    {"no colon, further down", "b: 2\nkey\nc: 1\n",
     "f:2:1: there is no colon in this line\n"
     "  key\n"
     "  ^~~\n"
     "  Write a key, a colon and a blank.\n"},
    {"no colon", "key\nb: 1\n",
     "f:1:1: there is no colon in this line\n"
     "  key\n"
     "  ^~~\n"
     "  Write a key, a colon and a blank.\n"},
    {"too far to the right", "a: 1\n  b: 2\n",
     "f:2:3: this line is indented as if it went on with the text of line 1\n"
     "    b: 2\n"
     "    ^~~~\n"
     "  Begin the key in the column of its neighbours, or put the text in "
     "quotes.\n"},
    {"not far enough to the right", "a:\n  b: 1\n c: 2\n",
     "f:3:2: this line is not in the column of its neighbours\n"
     "   c: 2\n"
     "   ^~\n"
     "  Keys of one mapping begin in the same column.\n"},
    {"a key among items", "- a\nb: c\n",
     "f:2:1: this stands in the column of the dashes and is no item\n"
     "  b: c\n"
     "  ^~\n"
     "  Begin it with a dash and a blank, or put it in its own column.\n"},
    {"a list behind its key", "a: - b\n",
     "f:1:4: a list cannot begin in the line of its key\n"
     "  a: - b\n"
     "     ^\n"
     "  Begin it in the next line, or write it as [one, two].\n"},
    {"an open bracket", "a: [1, 2\nb: 3\n",
     "f:1:4: this [ is never closed: a comma or a ] is missing\n"
     "  a: [1, 2\n"
     "     ^\n"},
    {"an open brace", "a: {b: c\nd: e\n",
     "f:1:4: this { is never closed: a comma or a } is missing\n"
     "  a: {b: c\n"
     "     ^\n"},
    {"a missing comma", "a: {b: c d: e}\n",
     "f:1:11: a comma or a closing bracket is missing before this\n"
     "  a: {b: c d: e}\n"
     "            ^\n"
     "  Inside { } and [ ] put a comma between one and the next.\n"},
    {"a bracket too many", "a: [b]]\n",
     "f:1:7: this ] closes nothing\n"
     "  a: [b]]\n"
     "        ^\n"},
    {"a bracket of the wrong kind", "a: [b}\n",
     "f:1:6: this bracket is not the kind that was opened\n"
     "  a: [b}\n"
     "       ^\n"},
    {"an open quote", "a: \"b\nc: d\n",
     "f:1:4: the quote that begins here is never closed\n"
     "  a: \"b\n"
     "     ^~\n"
     "  Close it in the same line.\n"},
    {"an apostrophe in single quotes", "a: 'it's'\n",
     "f:1:8: nothing may follow the closing quote\n"
     "  a: 'it's'\n"
     "         ^~\n"
     "  Put the whole value in quotes; a ' inside '...' is written twice.\n"},
    {"a path of Windows in quotes", "a: \"C:\\q\"\n",
     "f:1:7: this text holds a backslash that means nothing\n"
     "  a: \"C:\\q\"\n"
     "        ^~~\n"
     "  Write \\\\ for a backslash, or use '...' quotes.\n"},
    {"a block that is not indented", "k:\n  a: |\n  text\n",
     "f:3:3: this is the text of a block, and is not indented\n"
     "    text\n"
     "    ^~~~\n"
     "  Indent it by two blanks more than the line with the | or >; an empty "
     "text is written \"\".\n"},
    {"a block without text before a neighbour", "- a: >\n\n  b: 1\n",
     "f:3:3: this is the text of a block, and is not indented\n"
     "    b: 1\n"
     "    ^~~~\n"
     "  Indent it by two blanks more than the line with the | or >; an empty "
     "text is written \"\".\n"},
    {"a block in the column of its dash", " - |\n text\n \n   \n   \n   \n",
     "f:2:2: this is the text of a block, and is not indented\n"
     "   text\n"
     "   ^~~~\n"
     "  Indent it by two blanks more than the line with the | or >; an empty "
     "text is written \"\".\n"},
    {"a block that is not deeper than its mark",
     "f:\n  >\n  t\n \n   \n   \n   \n",
     "f:3:3: this is the text of a block, and is not indented\n"
     "    t\n"
     "    ^\n"
     "  Indent it by two blanks more than the line with the | or >; an empty "
     "text is written \"\".\n"},
    {"nothing but a block", "  >\n  t\n \n   \n   \n   \n",
     "f:2:3: this is the text of a block, and is not indented\n"
     "    t\n"
     "    ^\n"
     "  Indent it by two blanks more than the line with the | or >; an empty "
     "text is written \"\".\n"},
    {"a block in the column of its key", "a: |\nSome text.\n\nMore.\nb: c\n",
     "f:2:1: this is the text of a block, and is not indented\n"
     "  Some text.\n"
     "  ^~~~~~~~~~\n"
     "  Indent it by two blanks more than the line with the | or >; an empty "
     "text is written \"\".\n"},
    {"a block of which a part is indented",
     "a: >-\nSome\n  more\n\nx\nb:\n- c\n",
     "f:2:1: this is the text of a block, and is not indented\n"
     "  Some\n"
     "  ^~~~\n"
     "  Indent it by two blanks more than the line with the | or >; an empty "
     "text is written \"\".\n"},
    {"a line without colon behind a block", "a: |\n  text\nmore\nb: c\n",
     "f:3:1: there is no colon in this line\n"
     "  more\n"
     "  ^~~~\n"
     "  Write a key, a colon and a blank.\n"},
    {"a tab in a file with a marked key", "- ? \303\274a: \t>\n    x\n",
     "f:1:9: a tab cannot follow a colon in a file that marks a key by ?\n"
     "  - ? \303\274a: \t>\n"
     "          ^\n"
     "  Use a blank.\n"},
    {"a block of no columns", "a: b\nc: |0\n  d\ne: f\n",
     "f:2:4: the text of a block is indented by more than nothing\n"
     "  c: |0\n"
     "     ^~\n"
     "  Leave the 0 out.\n"},
    {"a block of no columns that begins a file", ">-0 # none\n",
     "f:1:1: the text of a block is indented by more than nothing\n"
     "  >-0 # none\n"
     "  ^~~~~~~~~~\n"
     "  Leave the 0 out.\n"},
    {"an at sign", "user: @contoso\n",
     "f:1:7: a text that begins with @ must stand in quotes\n"
     "  user: @contoso\n"
     "        ^~~~~~~~\n"
     "  Put the whole value in quotes.\n"},
    {"a mapping as a key", "{a: b}: c\n",
     "f:1:1: a key must be a text, not a mapping\n"
     "  {a: b}: c\n"
     "  ^\n"
     "  Put it in quotes if it is meant as text.\n"},
    {"no key", ": b\n",
     "f:1:1: there is no key before this colon\n"
     "  : b\n"
     "  ^\n"},
    {"Latin-1",
     "a: b\xFC"
     "cher\n",
     "f:1:5: the byte FC here is not UTF-8\n"
     "  a: b?cher\n"
     "      ^\n"
     "  Save the file as UTF-8.\n"},
    {"a terminal's escape", "a: \x1B[2J\n",
     "f:1:4: here is a control character\n"
     "  a: ?[2J\n"
     "     ^\n"
     "  Remove it.\n"},
    {"a carriage return inside", "a: b\rc\n",
     "f:1:5: here is a carriage return alone\n"
     "  a: b?c\n"
     "      ^\n"
     "  Lines end with LF or CR LF; save the file so.\n"},
    {"a line separator",
     "a: b\xE2\x80\xA8"
     "c\n",
     "f:1:5: here is an invisible line separator\n"
     "  a: b?c\n"
     "      ^\n"
     "  Remove it.\n"},
    {"UTF-16",
     "\xFF\xFE"
     "a",
     "f: the file is UTF-16 text, and UTF-8 is expected\n"
     "  Notepad calls that \"Unicode\": choose \"UTF-8\" when saving.\n"},
    {"an escape in what is quoted from the file",
     "\"\\e[2J\": 1\n\"\\e[2J\": 2\n",
     "f:2:1: the key \"\\x1B[2J\" stands here again, after line 1\n"
     "  \"\\e[2J\": 2\n"
     "  ^~~~~~~\n"},
};

Test(yaml_faults, says_what_is_wrong_where_and_what_to_write)
{
    for (size_t i = 0; i < LS_COUNT(yaml_traps); i++) {
        char *said = refusal(ls_str_from(yaml_traps[i].text));

        cr_expect_str_eq(said, yaml_traps[i].said, "%s: said\n%s",
                         yaml_traps[i].label, said);
        free(said);
    }
}

/* A certificate in DER, of which each line would be a fault or two. */
Test(yaml_faults, tells_of_a_binary_file_once)
{
    char *said = refusal(
        ls_str_from_bytes("\x30\x82\x03\n\x02\x05\x00\x9C\n\xFF\xFF", 11));

    cr_expect_str_eq(said, "f: this is a binary file, and text is expected\n"
                           "  Was another file meant?\n");
    free(said);
}

/* What PowerShell redirects of a command that has nothing to say. */
Test(yaml_faults, takes_a_byte_order_mark_alone_for_nothing)
{
    static const char *const marks[] = {"\xFF\xFE", "\xFE\xFF", "\xEF\xBB\xBF"};

    for (size_t i = 0; i < LS_COUNT(marks); i++) {
        char *said = refusal(ls_str_from(marks[i]));

        cr_expect_str_eq(said, "f: the file is empty\n", "mark %zu: %s", i,
                         said);
        free(said);
    }
}

Test(yaml_faults, refuses_a_nul)
{
    char *said = refusal(ls_str_from_bytes("a: \0\n", 5));

    cr_expect_not_null(strstr(said, "f:1:4: here is a NUL byte\n"), "%s", said);
    free(said);
}

/* One slip must not hide the others. */
Test(yaml_faults, finds_the_faults_behind_a_fault)
{
    static const char *const sentences[] = {
        "f:1:7: a second key stands",       "f:2:4: a text that begins with @",
        "f:3:4: a text that begins with *", "f:4:4: this ] closes nothing",
        "f:6:1: the key \"a\" stands",      "f:7:8: nothing may follow",
        "f:8:7: there is nothing",          "f:9:4: a list cannot begin",
    };
    char *said = refusal(ls_str_from("name: see: this\n"
                                     "x: @y\n"
                                     "z: *.foo\n"
                                     "q: ]\n"
                                     "a: 1\n"
                                     "a: 2\n"
                                     "b: \"c\" d\n"
                                     "e: [1,, 2]\n"
                                     "f: - g\n"));

    for (size_t i = 0; i < LS_COUNT(sentences); i++)
        cr_expect_not_null(strstr(said, sentences[i]), "%s in\n%s",
                           sentences[i], said);
    free(said);
}

Test(yaml_faults, refuses_what_is_too_large_or_too_deep)
{
    struct ls_buf text = {0};

    for (unsigned i = 0; i < 100; i++)
        ls_buf_add_byte(&text, '[');
    char *said = refusal(ls_buf_str(&text));
    cr_expect_not_null(strstr(said, "nested more than 64 deep"), "%s", said);
    free(said);

    while (text.length <= YAML_FILE_MAX_BYTES)
        ls_buf_add_text(&text, "# a comment that says nothing, many times\n");
    said = refusal(ls_buf_str(&text));
    cr_expect_str_eq(said, "f: the file is larger than 4 MiB\n");
    free(said);
    ls_buf_clear(&text);
}

/* Each of them would be read for hours. */
Test(yaml_faults, refuses_a_line_whose_rest_takes_too_long, .timeout = 60)
{
    static const struct {
        const char *begin, *place;
    } lines[] = {
        {"\"a\" ", "f:1:1"},
        {"- \"a\"", "f:1:1"},
        {"b\nc:\n  \"d\" ", "f:3:1"},
        {"\"a\n  b\" ", "f:2:1"},
        {"- &a - ", "f:1:1"},
        {"b\n- !t ", "f:2:1"},
        {"? a: ", "f:1:1"},
        {"[a] ", "f:1:3"},
        {"{} ", "f:1:2"},
        {"{\"a\": \"b\"}", "f:1:10"},
        {"[1, {\"]\": 2}, 3] ", "f:1:16"},
        {"{a\"b} \"c\" ", "f:1:3"},
        {"{a:\"b} \"c\" ", "f:1:3"},
        {"[- \"a] \"b\" ", "f:1:4"},
        {"[\"a\" \"] \"b\" ", "f:1:6"},
        {"[\"a] ", "f:1:2"},
    };

    for (size_t i = 0; i < LS_COUNT(lines); i++) {
        struct ls_buf text = {0};

        ls_buf_add_text(&text, lines[i].begin);
        for (unsigned j = 0; j < 100000; j++)
            ls_buf_add_text(&text, i % 2 ? "      : " : "x#: ");
        char *said = refusal(ls_buf_str(&text));
        cr_expect(strstr(said, ": this line is longer than can be read\n"),
                  "%s: %s", lines[i].begin, said);
        cr_expect_eq(strncmp(said, lines[i].place, strlen(lines[i].place)), 0,
                     "%s: %.20s", lines[i].begin, said);
        free(said);
        ls_buf_clear(&text);
    }
}

Test(yaml_faults, refuses_many_lines_whose_rests_take_too_long, .timeout = 60)
{
    struct ls_buf text = {0};

    for (unsigned i = 0; i < 200; i++)
        ls_buf_printf(&text, "\"k%u\"%*s: x\n", i, 16000, "");
    char *said = refusal(ls_buf_str(&text));
    cr_expect(strstr(said, "f:4:1: this line is longer"), "%s", said);
    free(said);
    ls_buf_clear(&text);
}

Test(yaml_faults, refuses_more_blank_lines_than_can_be_read, .timeout = 60)
{
    struct ls_buf text = {0};

    ls_buf_add_text(&text, "a: b\n");
    for (unsigned i = 0; i < 200000; i++)
        ls_buf_add_text(&text, i % 2 ? "\n" : "  \n");
    ls_buf_add_text(&text, "  c\n");
    char *said = refusal(ls_buf_str(&text));
    cr_expect(strstr(said, ": these are more blank lines than can be read\n"),
              "%s", said);
    free(said);
    ls_buf_clear(&text);
}

Test(yaml_faults, refuses_a_mapping_of_more_keys_than_are_looked_through)
{
    struct ls_buf text = {0};
    struct ls_diags diags;

    for (int i = 0; i <= 10000; i++)
        ls_buf_printf(&text, "k%d: x\n", i);
    ls_diags_init(&diags, "x.yaml", ls_buf_str(&text));
    cr_expect_null(yaml_document_parse(&diags));
    cr_assert_eq(diags.count, 1u);
    cr_expect_eq(diags.items[0].place.line, 10001u);
    cr_expect(strstr(diags.items[0].sentence, "more than 10000 keys"), "%s",
              diags.items[0].sentence);
    ls_diags_clear(&diags);
    ls_buf_clear(&text);
}

Test(yaml_faults, counts_what_nobody_would_read)
{
    struct ls_buf text = {0};

    for (unsigned i = 0; i < 5000; i++)
        ls_buf_add_text(&text, "a: 1\n");
    char *said = refusal(ls_buf_str(&text));

    cr_expect_not_null(strstr(said, "f: and 4899 more\n"));
    free(said);
    ls_buf_clear(&text);
}

/* Whoever reads the tree finds the other faults in the same go. */
Test(yaml_faults, goes_on_after_a_slip_that_leaves_no_doubt)
{
    static const struct {
        const char *label, *text;
        size_t faults;
        bool goes_on;
    } rows[] = {
        {"a key that stands three times", "a: 1\nb: 2\na: 3\na: {b: 4}\n", 2,
         true},
        {"two such keys", "b: 2\na: 1\nb: 3\na: 4\n", 2, true},
        {"an unquoted wildcard", "a: 1\nb: 2\nc: *.d.e\n", 1, true},
        {"an anchor and a tag", "a: &x 1\nb: !!str 2\n", 2, true},
        {"an alias", "a: 1\nb: *x\n", 1, false},
        {"a slip and a fault of syntax", "a: 1\na: 2\nc:3\nb: 2\n", 2, false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_diags diags;
        struct yaml_document *document;
        const struct yaml_node *root;

        ls_diags_init(&diags, "f", ls_str_from(rows[i].text));
        document = yaml_document_parse(&diags);
        root = document ? yaml_document_root(document) : NULL;

        cr_expect_eq(diags.count, rows[i].faults, "%s: %zu", rows[i].label,
                     diags.count);
        cr_expect_eq(document != NULL, rows[i].goes_on, "%s", rows[i].label);
        if (root) {
            cr_expect(ls_str_equal_text(yaml_find(root, "a")->text, "1"), "%s",
                      rows[i].label);
            cr_expect(ls_str_equal_text(yaml_find(root, "b")->text, "2"), "%s",
                      rows[i].label);
        }
        yaml_document_free(document);
        ls_diags_clear(&diags);
    }
}
