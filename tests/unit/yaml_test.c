#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/yaml.h"

static struct yaml_document *parse(struct ls_diags *diags, const char *text)
{
    ls_diags_init(diags, "f", ls_str_from(text));
    return yaml_document_parse(diags);
}

static void expect_place(const struct yaml_node *node, unsigned line,
                         unsigned column, unsigned width)
{
    cr_expect_eq(node->place.line, line, "line %u", node->place.line);
    cr_expect_eq(node->place.column, column, "column %u", node->place.column);
    cr_expect_eq(node->place.width, width, "width %u", node->place.width);
}

Test(yaml, makes_a_tree_whose_nodes_know_their_place)
{
    struct ls_diags diags;
    struct yaml_document *document =
        parse(&diags, "title: \"a b\"\n"
                      "\xC3\xA4:\n"
                      "  - {fqdn: c.d, san: ['x', y]}\n");

    cr_assert_not_null(document);
    const struct yaml_node *root = yaml_document_root(document);
    cr_assert_eq(root->kind, YAML_MAPPING);
    cr_assert_eq(root->count, 2u);
    const struct yaml_node *title = yaml_find(root, "title");
    cr_expect(ls_str_equal_text(title->text, "a b"));
    cr_expect(title->quoted);
    expect_place(title, 1, 8, 5);
    const struct yaml_node *list = yaml_find(root, "\xC3\xA4");
    cr_assert_eq(list->kind, YAML_SEQUENCE);
    const struct yaml_node *pool = list->items[0];
    expect_place(pool, 3, 5, 1);
    cr_expect(pool->flow);
    expect_place(pool->pairs[0].key, 3, 6, 4);
    expect_place(yaml_find(pool, "san")->items[0], 3, 23, 3);
    expect_place(yaml_find(pool, "san")->items[1], 3, 28, 1);
    yaml_document_free(document);
    ls_diags_clear(&diags);
}

Test(yaml, keeps_every_scalar_as_text)
{
    static const char *const rows[] = {"5061", "0x10", "true", "null",      "~",
                                       "1e3",  "0AC0", "yes",  "2011-12-20"};

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_diags diags;
        struct yaml_document *document = parse(&diags, rows[i]);

        cr_assert_not_null(document, "%s", rows[i]);
        cr_expect(
            ls_str_equal_text(yaml_document_root(document)->text, rows[i]));
        cr_expect_not(yaml_document_root(document)->quoted);
        yaml_document_free(document);
        ls_diags_clear(&diags);
    }
}

Test(yaml, reads_blocks_of_text_and_points_at_their_first_line)
{
    struct ls_diags diags;
    struct yaml_document *document = parse(&diags, "a: |\n"
                                                   "  two\n"
                                                   "  lines\n"
                                                   "b: >-\n"
                                                   "  one\n"
                                                   "  line\n");

    cr_assert_not_null(document);
    const struct yaml_node *root = yaml_document_root(document);
    cr_expect_str_eq(yaml_find(root, "a")->text.at, "two\nlines\n");
    cr_expect_str_eq(yaml_find(root, "b")->text.at, "one line");
    cr_expect(yaml_find(root, "a")->quoted);
    expect_place(yaml_find(root, "a"), 2, 3, 3);
    yaml_document_free(document);
    ls_diags_clear(&diags);
}

Test(yaml, reads_single_quotes)
{
    /* b has more of them than the library reads without losing memory. */
    struct ls_diags diags;
    struct yaml_document *document =
        parse(&diags, "a: 'it''s'\n"
                      "b: ''''''''''''''''''''''''''''''''''''''''''\n"
                      "c: ''\n"
                      "d: ' two \t\n"
                      "  lines ''x'''\n"
                      "e: 'a\r\n"
                      "\n"
                      "  \n"
                      "  b '\n"
                      "f: 'a\n"
                      "  '\n");

    cr_assert_not_null(document);
    const struct yaml_node *root = yaml_document_root(document);
    cr_expect_str_eq(yaml_find(root, "a")->text.at, "it's");
    cr_expect_str_eq(yaml_find(root, "b")->text.at, "''''''''''''''''''''");
    cr_expect_str_eq(yaml_find(root, "c")->text.at, "");
    cr_expect_str_eq(yaml_find(root, "d")->text.at, " two lines 'x'");
    cr_expect_str_eq(yaml_find(root, "e")->text.at, "a\n\nb ");
    cr_expect_str_eq(yaml_find(root, "f")->text.at, "a ");
    yaml_document_free(document);
    ls_diags_clear(&diags);
}

Test(yaml, reads_the_line_ends_and_the_byte_order_mark_of_windows)
{
    struct ls_diags diags;
    struct yaml_document *document =
        parse(&diags, "\xEF\xBB\xBF"
                      "a: |\r\n  x\r\n  y\r\nb: 1\r\n");

    cr_assert_not_null(document);
    const struct yaml_node *root = yaml_document_root(document);
    cr_expect_str_eq(yaml_find(root, "a")->text.at, "x\ny\n");
    expect_place(root->pairs[0].key, 1, 1, 1);
    expect_place(yaml_find(root, "b"), 4, 4, 1);
    yaml_document_free(document);
    ls_diags_clear(&diags);
}

Test(yaml, keeps_a_nul_that_is_written_as_an_escape)
{
    struct ls_diags diags;
    struct yaml_document *document = parse(&diags, "\"cas\\0.evil\"");

    cr_assert_not_null(document);
    cr_expect(ls_str_equal(yaml_document_root(document)->text,
                           ls_str_from_bytes("cas\0.evil", 9)));
    yaml_document_free(document);
    ls_diags_clear(&diags);
}

/* A generator breaks no lines: JSON in one, and long lists and texts. */
Test(yaml, reads_long_lines)
{
    struct ls_buf text = {0};
    struct ls_diags diags;

    ls_buf_add_text(&text, "{\"list\": [\"\\\"]}\"");
    for (unsigned i = 0; i < 20000; i++)
        ls_buf_printf(&text, ",\"s%u.contoso.com\",{\"a\":-1.5e+3}", i);
    ls_buf_add_text(&text, "]}");
    ls_diags_init(&diags, "f", ls_buf_str(&text));
    struct yaml_document *document = yaml_document_parse(&diags);
    cr_assert_not_null(document, "%s", diags.items[0].sentence);
    const struct yaml_node *list =
        yaml_find(yaml_document_root(document), "list");
    cr_expect_eq(list->count, 40001u);
    yaml_document_free(document);
    ls_diags_clear(&diags);

    ls_buf_reset(&text);
    ls_buf_add_text(&text, "a: \"b");
    for (unsigned i = 0; i < 2000; i++)
        ls_buf_add_text(&text, " c d, e's");
    ls_buf_add_text(&text, "\"\nf: ['g'");
    for (unsigned i = 0; i < 600; i++)
        ls_buf_printf(&text, ", \"s%u.contoso.com\"", i);
    ls_buf_add_text(&text, "] # h\n");
    for (unsigned i = 0; i < 10000; i++)
        ls_buf_add_text(&text, "\n");
    ls_buf_add_text(&text, "i: j\n");
    ls_diags_init(&diags, "f", ls_buf_str(&text));
    document = yaml_document_parse(&diags);
    cr_assert_not_null(document, "%s", diags.items[0].sentence);
    list = yaml_find(yaml_document_root(document), "f");
    cr_expect_eq(list->count, 601u);
    yaml_document_free(document);
    ls_diags_clear(&diags);
    ls_buf_clear(&text);
}

Test(yaml, gives_a_place_to_a_value_that_is_not_there)
{
    struct ls_diags diags;
    struct yaml_document *document = parse(&diags, "a:\nbc:\n");

    cr_assert_not_null(document);
    const struct yaml_node *root = yaml_document_root(document);
    cr_expect_eq(yaml_find(root, "bc")->text.length, 0u);
    expect_place(yaml_find(root, "a"), 1, 2, 1);
    expect_place(yaml_find(root, "bc"), 2, 3, 1);
    yaml_document_free(document);
    ls_diags_clear(&diags);
}

Test(yaml, finds_nothing_where_nothing_is)
{
    struct ls_diags diags;
    struct yaml_document *document = parse(&diags, "[a, b]");

    cr_expect_null(yaml_find(yaml_document_root(document), "a"));
    yaml_document_free(document);
    yaml_document_free(NULL);
    ls_diags_clear(&diags);
}
