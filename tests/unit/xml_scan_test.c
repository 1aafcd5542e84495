#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "../../sim/frontend/xml_scan.h"

Test(xml_scan, finds_elements_one_after_the_other)
{
    struct ls_str rest =
        ls_str_from("<?xml version=\"1.0\"?><l><r u=\"a>b\"/>"
                    "<p:r v='1' u='c'><x/><p:r>in</p:r></p:r><rr/></l>");
    struct ls_str attributes;
    struct ls_str content;
    struct ls_str value;

    cr_assert(xml_scan_element(&rest, "r", &attributes, &content));
    cr_expect(xml_scan_attribute(attributes, "u", &value));
    cr_expect(ls_str_equal_text(value, "a>b"));
    cr_expect(ls_str_is_empty(content));
    cr_assert(xml_scan_element(&rest, "r", &attributes, &content));
    cr_expect(xml_scan_attribute(attributes, "u", &value));
    cr_expect(ls_str_equal_text(value, "c"));
    cr_expect(ls_str_equal_text(content, "<x/><p:r>in</p:r>"));
    cr_expect_not(xml_scan_element(&rest, "r", &attributes, &content));
}

Test(xml_scan, finds_no_element_without_end)
{
    static const char *const rows[] = {
        "", "r", "<r", "<r>", "<r></x>", "<r a=\"></r>", "</r>", "<x><r></x>",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_str rest = ls_str_from(rows[i]);
        struct ls_str attributes;
        struct ls_str content;

        cr_expect_not(xml_scan_element(&rest, "r", &attributes, &content), "%s",
                      rows[i]);
    }
}

Test(xml_scan, finds_no_attribute_that_is_none)
{
    static const char *const rows[] = {
        "", "u", " u=", " u=x", " v='u'", " u=\"x", " vu='x'", " v=\"u='x'\"",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_str value;

        cr_expect_not(xml_scan_attribute(ls_str_from(rows[i]), "u", &value),
                      "%s", rows[i]);
    }
}

Test(xml_scan, knows_what_cannot_break_a_document)
{
    static const struct {
        const char *text;
        bool is_balanced;
    } rows[] = {
        {"", true},
        {"text", true},
        {"<a/>", true},
        {"<a b='<'/>", true},
        {"<a><b x=\">\"/>text</a><c></c>", true},
        {"<a>", false},
        {"</a>", false},
        {"</a><a>", false},
        {"<a><b></a></b>", false},
        {"<a", false},
        {">", false},
        {"<>", false},
        {"<!--x-->", false},
        {"<![CDATA[x]]>", false},
        {"<?x?>", false},
        {"<!DOCTYPE a>", false},
        {"</category><category name='x'>", false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(xml_scan_is_balanced(ls_str_from(rows[i].text)),
                     rows[i].is_balanced, "%s", rows[i].text);
}

Test(xml_scan, escapes_text)
{
    struct ls_buf out = {0};

    xml_scan_add_text(&out, ls_str_from("a<b>&\"c'"));
    char *text = ls_buf_take(&out);
    cr_expect_str_eq(text, "a&lt;b&gt;&amp;&quot;c'");
    free(text);
}
