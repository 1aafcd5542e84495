/*
 * From tree to types: every scalar is text until a table of keys says what it
 * is, and every fault is found in one go.
 */
#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/yaml.h"

static const char *const yaml_kind_names[] = {
    [YAML_SCALAR] = "a text",
    [YAML_SEQUENCE] = "a list",
    [YAML_MAPPING] = "a mapping",
};

static bool has_value(const struct yaml_node *node)
{
    return node->kind != YAML_SCALAR || node->quoted || node->text.length;
}

/* "a", "b" or "c" */
static char *join(const char *before, const char *const *names, size_t count,
                  const char *after)
{
    struct ls_buf list = {0};

    ls_buf_add_text(&list, before);
    for (size_t i = 0; i < count; i++)
        ls_buf_printf(&list, "%s%s",
                      i == 0           ? ""
                      : i + 1 == count ? " or "
                                       : ", ",
                      names[i]);
    ls_buf_add_text(&list, after);
    return ls_buf_take(&list);
}

/* What may have been meant by a key or name that is not in the list. */
static char *suggest(struct ls_str text, const char *const *names, size_t count)
{
    const char *nearest = ls_nearest(text, names, count);

    if (nearest)
        return ls_strf("Did you mean \"%s\"?", nearest);
    return join("Known here: ", names, count, ".");
}

/* In { } a comma ends the value, and a colon needs a blank: the second key of
 * {subject: CN=a, O=b} is "O=b", that of {fqdn: a, port:1} is "port:1". The
 * key of connect:{certificate: a} is "connect:{certificate". NULL where
 * nothing of the kind is the case. */
static char *suggest_for_keyless(const struct yaml_node *mapping, size_t index)
{
    const struct ls_str key = mapping->pairs[index].key->text;
    size_t colon = ls_str_find(key, ':');
    const struct yaml_pair *before;

    if (colon + 1 < key.length &&
        (key.at[colon + 1] == '{' || key.at[colon + 1] == '['))
        return ls_strf("Put a blank behind the colon: %.*s: %c", (int)colon,
                       key.at, key.at[colon + 1]);
    if (!mapping->flow || has_value(mapping->pairs[index].value))
        return NULL;
    if (colon < key.length)
        return ls_strf("Put a blank behind the colon: %.*s: %s", (int)colon,
                       key.at, key.at + colon + 1);
    before = index > 0 ? &mapping->pairs[index - 1] : NULL;
    if (!before || before->value->kind != YAML_SCALAR)
        return NULL;
    return ls_strf("A comma ends a value inside { }. If it is one text, put it "
                   "in quotes: %s: \"%s, %s\"",
                   before->key->text.at, before->value->text.at, key.at);
}

static void refuse_unknown(const struct yaml_node *mapping, size_t index,
                           const char *what, const struct yaml_key *keys,
                           size_t key_count, struct ls_diags *diags)
{
    const struct yaml_pair *pair = &mapping->pairs[index];
    const char **names = ls_alloc_array(key_count, sizeof(char *));
    char *hint;

    for (size_t i = 0; i < key_count; i++)
        names[i] = keys[i].name;
    hint = suggest_for_keyless(mapping, index);
    if (!hint && ls_nearest(pair->key->text, names, key_count) == NULL &&
        diags->home_of_key != NULL)
        hint = diags->home_of_key(pair->key->text);
    if (!hint)
        hint = suggest(pair->key->text, names, key_count);
    ls_diags_add(diags, pair->key->place, hint, "%s has no key \"%s\"", what,
                 pair->key->text.at);
    free(hint);
    free(names);
}

static const struct yaml_key *find_key(const struct yaml_key *keys,
                                       size_t count, struct ls_str name)
{
    for (size_t i = 0; i < count; i++)
        if (ls_str_equal_text(name, keys[i].name))
            return &keys[i];
    return NULL;
}

/* The text as the one key that cannot be left out; NULL where there is no such
 * key, or several. */
static char *suggest_key(struct ls_str text, const struct yaml_key *keys,
                         size_t key_count)
{
    const char *required = NULL;

    for (size_t i = 0; i < key_count; i++) {
        if (keys[i].required && required != NULL)
            return NULL;
        required = keys[i].required ? keys[i].name : required;
    }
    return required == NULL
               ? NULL
               : ls_strf("Write {%s: %.*s}.", required, LS_STR_ARG(text));
}

/* What to write where a mapping was to be; NULL where it cannot be known. */
static char *suggest_for_shape(const struct yaml_node *node,
                               const struct yaml_key *keys, size_t key_count)
{
    size_t colon = ls_str_find(node->text, ':');

    if (node->kind == YAML_SEQUENCE)
        return ls_strdup("Leave out the dash, or the brackets.");
    if (!has_value(node))
        return ls_strdup("What belongs to it is indented more than it is.");
    if (node->quoted || colon + 1 >= node->text.length ||
        find_key(keys, key_count, ls_str_first(node->text, colon)) == NULL)
        return suggest_key(node->text, keys, key_count);
    return ls_strf("Put a blank behind the colon: %.*s: %s", (int)colon,
                   node->text.at, node->text.at + colon + 1);
}

bool yaml_bind(void *target, const struct yaml_node *node, const char *what,
               const struct yaml_key *keys, size_t key_count,
               struct ls_diags *diags)
{
    char *hint;

    if (node->kind != YAML_MAPPING) {
        hint = suggest_for_shape(node, keys, key_count);
        ls_diags_add(diags, node->place, hint,
                     has_value(node) ? "%s must be a mapping, not %s"
                                     : "%s has no value",
                     what, yaml_kind_names[node->kind]);
        free(hint);
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_key *key =
            find_key(keys, key_count, node->pairs[i].key->text);

        if (key)
            key->bind(target, node->pairs[i].value, diags);
        else
            refuse_unknown(node, i, what, keys, key_count, diags);
    }
    for (size_t i = 0; i < key_count; i++) {
        if (!keys[i].required || yaml_find(node, keys[i].name))
            continue;
        hint = ls_strf("%s: %s (%s)", keys[i].name, keys[i].shape,
                       keys[i].summary);
        ls_diags_add(diags, node->place, hint, "%s needs %s \"%s\"", what,
                     strchr("aeio", keys[i].name[0]) ? "an" : "a",
                     keys[i].name);
        free(hint);
    }
    return true;
}

bool yaml_text(const struct yaml_node *node, const char *what,
               struct ls_str *text, struct ls_diags *diags)
{
    if (!has_value(node)) {
        ls_diags_add(diags, node->place, NULL, "%s has no value", what);
        return false;
    }
    if (node->kind != YAML_SCALAR) {
        ls_diags_add(diags, node->place, NULL, "%s must be a text, not %s",
                     what, yaml_kind_names[node->kind]);
        return false;
    }
    *text = node->text;
    return true;
}

/* A text that is not in quotes: in them it is a text to every other tool. */
static bool plain_text(const struct yaml_node *node, const char *what,
                       const char *expected, struct ls_str *text,
                       struct ls_diags *diags)
{
    if (!yaml_text(node, what, text, diags))
        return false;
    if (!node->quoted)
        return true;
    ls_diags_add(diags, node->place, "Write it without quotes.",
                 "%s must be %s, not a text", what, expected);
    return false;
}

/* YAML 1.1, which many learned, knew more words for the two. */
static const char *hint_for_boolean(struct ls_str text)
{
    static const char *const yes[] = {"yes", "on", "y", "True", "1"};
    static const char *const no[] = {"no", "off", "n", "False", "0"};

    for (size_t i = 0; i < LS_COUNT(yes); i++) {
        if (ls_str_equal_nocase(text, ls_str_from(yes[i])))
            return "Write true.";
        if (ls_str_equal_nocase(text, ls_str_from(no[i])))
            return "Write false.";
    }
    return NULL;
}

bool yaml_boolean(const struct yaml_node *node, const char *what, bool *value,
                  struct ls_diags *diags)
{
    struct ls_str text;

    if (!plain_text(node, what, "true or false", &text, diags))
        return false;
    *value = ls_str_equal_text(text, "true");
    if (*value || ls_str_equal_text(text, "false"))
        return true;
    ls_diags_add(diags, node->place, hint_for_boolean(text),
                 "%s must be true or false, not %s", what, text.at);
    return false;
}

/* As YAML 1.2 writes integers; a leading zero is octal to some tools. */
static bool to_integer(struct ls_str text, int64_t *value)
{
    bool negative = ls_str_starts_with(text, "-");
    struct ls_str digits = ls_str_skip(text, negative);
    uint64_t number;

    if (!ls_str_to_u64(digits, &number) ||
        number > (uint64_t)INT64_MAX + negative ||
        (digits.length > 1 && digits.at[0] == '0'))
        return false;
    *value = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

/* To some tools 0o17, 0x1F and 017 are numbers of other bases. */
static const char *hint_for_integer(struct ls_str text)
{
    return text.length > 1 && text.at[0] == '0'
               ? "Write it in decimal, without a zero in front."
               : NULL;
}

bool yaml_integer(const struct yaml_node *node, const char *what, int64_t low,
                  int64_t high, int64_t *value, struct ls_diags *diags)
{
    struct ls_str text;
    int64_t number;

    if (!plain_text(node, what, "a number", &text, diags))
        return false;
    if (!to_integer(text, &number) || number < low || number > high) {
        ls_diags_add(diags, node->place, hint_for_integer(text),
                     "%s must be a whole number from %lld to %lld, not %s",
                     what, (long long)low, (long long)high, text.at);
        return false;
    }
    *value = number;
    return true;
}

bool yaml_choice(const struct yaml_node *node, const char *what,
                 const char *const *names, size_t count, size_t *choice,
                 struct ls_diags *diags)
{
    struct ls_str text;
    char *hint;

    assert(count > 0);
    if (!yaml_text(node, what, &text, diags))
        return false;
    for (size_t i = 0; i < count; i++)
        if (ls_str_equal_text(text, names[i])) {
            *choice = i;
            return true;
        }
    hint = suggest(text, names, count);
    ls_diags_add(diags, node->place, hint, "%s cannot be \"%s\"", what,
                 text.at);
    free(hint);
    return false;
}
