#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/yaml.h"

struct pool {
    struct ls_str fqdn;
    int64_t port;
    bool enabled;
    size_t kind;
};

static const char *const pool_kinds[] = {"standard", "enterprise"};

static void bind_fqdn(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    yaml_text(value, "fqdn", &((struct pool *)target)->fqdn, diags);
}

static void bind_port(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    yaml_integer(value, "port", 1, 65535, &((struct pool *)target)->port,
                 diags);
}

static void bind_enabled(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    yaml_boolean(value, "enabled", &((struct pool *)target)->enabled, diags);
}

static void bind_kind(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    yaml_choice(value, "kind", pool_kinds, LS_COUNT(pool_kinds),
                &((struct pool *)target)->kind, diags);
}

static const struct yaml_key pool_keys[] = {
    {"fqdn", "text", "the pool's name", bind_fqdn, true},
    {"port", "number", "where it listens", bind_port, false},
    {"enabled", "true|false", "whether it is in use", bind_enabled, false},
    {"kind", "standard|enterprise", "its edition", bind_kind, false},
};

/* Bind a text to a pool; what was said about it is owned by the caller. */
static char *bind_pool(const char *text, struct pool *pool)
{
    struct ls_diags diags;
    struct ls_buf out = {0};

    ls_diags_init(&diags, "f", ls_str_from(text));
    struct yaml_document *document = yaml_document_parse(&diags);
    cr_assert_not_null(document, "%s", text);
    yaml_bind(pool, yaml_document_root(document), "a pool", pool_keys,
              LS_COUNT(pool_keys), &diags);
    ls_diags_print(&diags, &out);
    yaml_document_free(document);
    ls_diags_clear(&diags);
    return ls_buf_take(&out);
}

Test(yaml_bind, fills_what_the_table_names)
{
    struct pool pool = {0};
    char *said = bind_pool("port: 5061\n"
                           "enabled: true\n"
                           "kind: enterprise\n"
                           "fqdn: cas.contoso.com\n",
                           &pool);

    cr_expect_str_eq(said, "");
    cr_expect_eq(pool.port, 5061);
    cr_expect(pool.enabled);
    cr_expect_eq(pool.kind, 1u);
    free(said);
}

static const struct {
    const char *text;
    const char *said;
} yaml_bind_rows[] = {
    {"fqdn: a\nprot: 5061\n", "f:2:1: a pool has no key \"prot\"\n"
                              "  prot: 5061\n"
                              "  ^~~~\n"
                              "  Did you mean \"port\"?\n"},
    {"fqdn: a\ncomputers: []\n",
     "f:2:1: a pool has no key \"computers\"\n"
     "  computers: []\n"
     "  ^~~~~~~~~\n"
     "  Known here: fqdn, port, enabled or kind.\n"},
    {"port: 5061\n", "f:1:1: a pool needs a \"fqdn\"\n"
                     "  port: 5061\n"
                     "  ^~~~\n"
                     "  fqdn: text (the pool's name)\n"},
    {"{}", "f:1:1: a pool needs a \"fqdn\"\n"
           "  {}\n"
           "  ^\n"
           "  fqdn: text (the pool's name)\n"},
    {"[a]", "f:1:1: a pool must be a mapping, not a list\n"
            "  [a]\n"
            "  ^\n"
            "  Leave out the dash, or the brackets.\n"},
    {"a", "f:1:1: a pool must be a mapping, not a text\n"
          "  a\n"
          "  ^\n"
          "  Write {fqdn: a}.\n"},
    {"fqdn:\n", "f:1:5: fqdn has no value\n"
                "  fqdn:\n"
                "      ^\n"},
    {"fqdn: [a]\n", "f:1:7: fqdn must be a text, not a list\n"
                    "  fqdn: [a]\n"
                    "        ^\n"},
    {"{fqdn: CN=a, O=b}\n",
     "f:1:14: a pool has no key \"O=b\"\n"
     "  {fqdn: CN=a, O=b}\n"
     "               ^~~\n"
     "  A comma ends a value inside { }. If it is one text, put it in quotes: "
     "fqdn: \"CN=a, O=b\"\n"},
    {"{fqdn: a, port:1}\n", "f:1:11: a pool has no key \"port:1\"\n"
                            "  {fqdn: a, port:1}\n"
                            "            ^~~~~~\n"
                            "  Put a blank behind the colon: port: 1\n"},
    {"{fqdn: a, port: 0}\n",
     "f:1:17: port must be a whole number from 1 to 65535, not 0\n"
     "  {fqdn: a, port: 0}\n"
     "                  ^\n"},
    {"{fqdn: a, port: \"1\"}\n", "f:1:17: port must be a number, not a text\n"
                                 "  {fqdn: a, port: \"1\"}\n"
                                 "                  ^~~\n"
                                 "  Write it without quotes.\n"},
    {"{fqdn: a, enabled: yes}\n",
     "f:1:20: enabled must be true or false, not yes\n"
     "  {fqdn: a, enabled: yes}\n"
     "                     ^~~\n"
     "  Write true.\n"},
    {"{fqdn: a, kind: enterprize}\n", "f:1:17: kind cannot be \"enterprize\"\n"
                                      "  {fqdn: a, kind: enterprize}\n"
                                      "                  ^~~~~~~~~~\n"
                                      "  Did you mean \"enterprise\"?\n"},
    {"{fqdn: a, kind: x}\n", "f:1:17: kind cannot be \"x\"\n"
                             "  {fqdn: a, kind: x}\n"
                             "                  ^\n"
                             "  Known here: standard or enterprise.\n"},
};

Test(yaml_bind, says_what_does_not_fit_the_table)
{
    for (size_t i = 0; i < LS_COUNT(yaml_bind_rows); i++) {
        struct pool pool = {0};
        char *said = bind_pool(yaml_bind_rows[i].text, &pool);

        cr_expect_str_eq(said, yaml_bind_rows[i].said, "%s: said\n%s",
                         yaml_bind_rows[i].text, said);
        free(said);
    }
}

Test(yaml_bind, finds_all_faults_in_one_go)
{
    struct pool pool = {0};
    char *said = bind_pool("prot: 1\nport: x\nenabled: 1\nkind: []\n", &pool);

    cr_expect_not_null(strstr(said, "f:1:1: a pool has no key"));
    cr_expect_not_null(strstr(said, "f:1:1: a pool needs"));
    cr_expect_not_null(strstr(said, "f:2:7: port must"));
    cr_expect_not_null(strstr(said, "f:3:10: enabled must"));
    cr_expect_not_null(strstr(said, "f:4:7: kind must"));
    free(said);
}

Test(yaml_bind, reads_integers_as_yaml_1_2_writes_them)
{
    static const struct {
        const char *text;
        bool fits;
        int64_t value;
    } rows[] = {
        {"0", true, 0},
        {"-7", true, -7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"007", false, 0},
        {"1.0", false, 0},
        {"1_000", false, 0},
        {"0x10", false, 0},
        {"--1", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_diags diags;
        struct yaml_node node = {.kind = YAML_SCALAR,
                                 .text = ls_str_from(rows[i].text)};
        int64_t value = 0;

        ls_diags_init(&diags, "f", ls_str_from(""));
        cr_expect_eq(
            yaml_integer(&node, "it", INT64_MIN, INT64_MAX, &value, &diags),
            rows[i].fits, "%s", rows[i].text);
        cr_expect_eq(value, rows[i].value, "%s", rows[i].text);
        cr_expect_eq(diags.count, !rows[i].fits, "%s", rows[i].text);
        ls_diags_clear(&diags);
    }
}

Test(yaml_bind, takes_a_quoted_nothing_as_text)
{
    struct ls_diags diags;
    struct yaml_node node = {.kind = YAML_SCALAR, .quoted = true};
    struct ls_str text = ls_str_from("before");

    ls_diags_init(&diags, "f", ls_str_from(""));
    cr_expect(yaml_text(&node, "it", &text, &diags));
    cr_expect(ls_str_is_empty(text));
    ls_diags_clear(&diags);
}
