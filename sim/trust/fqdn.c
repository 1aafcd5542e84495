/*
 * Host names and how they are related.
 */
#include "lyncsim/fqdn.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "lyncsim/alloc.h"

/* A slip in a shorter label would make it another word: mail, main, a.com. */
#define TYPO_LABEL_MIN 5

struct ls_str fqdn_without_dot(struct ls_str name)
{
    if (name.length > 1 && name.at[name.length - 1] == '.')
        return ls_str_first(name, name.length - 1);
    return name;
}

struct ls_str fqdn_host(struct ls_str name)
{
    return ls_str_first(name, ls_str_find(name, '.'));
}

struct ls_str fqdn_parent(struct ls_str name)
{
    size_t dot = ls_str_find(name, '.');

    return ls_str_skip(name, dot < name.length ? dot + 1 : name.length);
}

size_t fqdn_label_count(struct ls_str name)
{
    size_t count = name.length > 0;

    for (size_t i = 0; i < name.length; i++)
        count += name.at[i] == '.';
    return count;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

bool fqdn_is_address(struct ls_str name)
{
    unsigned char address[sizeof(struct in6_addr)];
    char text[INET6_ADDRSTRLEN];

    if (name.length == 0 || name.length >= sizeof text)
        return false;
    /* What ends in no digit and has no colon is neither. */
    if (!is_digit(name.at[name.length - 1]) &&
        ls_str_find(name, ':') == name.length)
        return false;
    memcpy(text, name.at, name.length);
    text[name.length] = '\0';
    return inet_pton(AF_INET, text, address) == 1 ||
           inet_pton(AF_INET6, text, address) == 1;
}

#define NAME_MAX_BYTES 255
#define LABEL_MAX_BYTES 63 /* RFC 1035 2.3.4 */

static bool has_sound_labels(struct ls_str name)
{
    struct ls_str label;

    while (ls_str_cut(&name, '.', &label))
        if (label.length == 0 || label.length > LABEL_MAX_BYTES)
            return false;
    return true;
}

bool fqdn_is_server(struct ls_str name)
{
    struct ls_str absolute = fqdn_without_dot(name);

    for (size_t i = 0; i < name.length; i++) {
        unsigned char byte = (unsigned char)name.at[i];

        if (byte <= ' ' || byte == 0x7f || byte == '*')
            return false;
    }
    return absolute.length > 0 && name.length <= NAME_MAX_BYTES &&
           ls_str_is_utf8(name) && !fqdn_is_address(absolute) &&
           has_sound_labels(absolute);
}

/* The second level that many country registries sell names under. */
static bool is_registry_label(struct ls_str label)
{
    static const char *const labels[] = {
        "ac",  "asn", "co",  "com", "edu", "gob", "gouv", "gov",
        "go",  "gr",  "id",  "lg",  "ltd", "me",  "mil",  "ne",
        "net", "nhs", "nom", "or",  "org", "plc", "sch",
    };

    for (size_t i = 0; i < LS_COUNT(labels); i++)
        if (ls_str_equal_nocase(label, ls_str_from(labels[i])))
            return true;
    return false;
}

/* Domains whose owner lets others have names below them: two of those are two
 * strangers. */
static bool is_of_many_owners(struct ls_str name)
{
    static const char *const domains[] = {
        "azurewebsites.net",
        "blogspot.com",
        "cloudapp.azure.com",
        "cloudapp.net",
        "cloudfront.net",
        "dyndns.org",
        "github.io",
        "herokuapp.com",
        "no-ip.org",
        "onmicrosoft.com",
        "sharepoint.com",
        "trafficmanager.net",
        "mail.onmicrosoft.com",
    };

    for (size_t i = 0; i < LS_COUNT(domains); i++)
        if (ls_str_equal_nocase(name, ls_str_from(domains[i])))
            return true;
    return false;
}

bool fqdn_is_registrable(struct ls_str name)
{
    size_t count = fqdn_label_count(name);

    if (count < 2 || fqdn_is_address(name) || is_of_many_owners(name))
        return false;
    /* co.uk and its like: a country and a level that its registry sells. */
    return count > 2 || fqdn_parent(name).length != 2 ||
           !is_registry_label(fqdn_host(name));
}

/* Is name a (grand)child of parent? */
static bool is_below(struct ls_str name, struct ls_str parent)
{
    size_t front;

    if (parent.length == 0 || name.length <= parent.length + 1)
        return false;
    front = name.length - parent.length;
    return name.at[front - 1] == '.' &&
           ls_str_equal_nocase(ls_str_skip(name, front), parent);
}

bool fqdn_wildcard_covers(struct ls_str pattern, struct ls_str name)
{
    struct ls_str domain = fqdn_parent(pattern);

    return ls_str_equal_text(fqdn_host(pattern), "*") &&
           fqdn_is_registrable(domain) && fqdn_host(name).length > 0 &&
           ls_str_equal_nocase(fqdn_parent(name), domain);
}

/* Top levels that no registry sells: names inside a company. */
static bool is_internal(struct ls_str suffix)
{
    static const char *const tops[] = {
        "local",   "lan",  "internal", "intern", "corp",
        "private", "home", "intra",    "loc",    "ad",
    };
    struct ls_str top = suffix;

    while (fqdn_parent(top).length > 0)
        top = fqdn_parent(top);
    for (size_t i = 0; i < LS_COUNT(tops); i++)
        if (ls_str_equal_nocase(top, ls_str_from(tops[i])))
            return true;
    return false;
}

/* The last labels of a name that a stranger chose: what is looked at again and
 * again must not have any number of them. */
static struct ls_str last_labels(struct ls_str name, size_t count)
{
    for (size_t more = fqdn_label_count(name); more > count; more--)
        name = fqdn_parent(name);
    return name;
}

/* The label an owner is known by: contoso of ad.contoso.com, of contoso.local
 * and of contoso.co.uk. Empty when there is none. */
static struct ls_str owner_label(struct ls_str suffix)
{
    /* What is not registrable has four labels at most: an address. */
    suffix = last_labels(suffix, 6);
    while (suffix.length > 0 && fqdn_is_registrable(suffix) &&
           fqdn_is_registrable(fqdn_parent(suffix)))
        suffix = fqdn_parent(suffix);
    return fqdn_is_registrable(suffix) ? fqdn_host(suffix)
                                       : ls_str_first(suffix, 0);
}

bool fqdn_is_other_suffix(struct ls_str a, struct ls_str b)
{
    struct ls_str suffix_a = fqdn_parent(a);
    struct ls_str suffix_b = fqdn_parent(b);
    struct ls_str owner;

    if (!ls_str_equal_nocase(fqdn_host(a), fqdn_host(b)) ||
        fqdn_host(a).length == 0 || ls_str_equal_nocase(suffix_a, suffix_b))
        return false;
    if ((fqdn_is_registrable(suffix_b) && is_below(suffix_a, suffix_b)) ||
        (fqdn_is_registrable(suffix_a) && is_below(suffix_b, suffix_a)))
        return true;
    owner = owner_label(suffix_a);
    return is_internal(suffix_a) != is_internal(suffix_b) && owner.length > 0 &&
           ls_str_equal_nocase(owner, owner_label(suffix_b));
}

/* Whether two labels are one slip apart. */
static bool is_slip(struct ls_str a, struct ls_str b)
{
    size_t front = 0;
    size_t back = 0;
    size_t shorter = a.length < b.length ? a.length : b.length;
    size_t longer = a.length < b.length ? b.length : a.length;
    struct ls_str rest_a;
    struct ls_str rest_b;

    if (shorter < TYPO_LABEL_MIN || longer - shorter > 1)
        return false;
    while (front < shorter &&
           ls_byte_lower(a.at[front]) == ls_byte_lower(b.at[front]))
        front++;
    while (back < shorter - front &&
           ls_byte_lower(a.at[a.length - 1 - back]) ==
               ls_byte_lower(b.at[b.length - 1 - back]))
        back++;
    rest_a = ls_str_first(ls_str_skip(a, front), a.length - front - back);
    rest_b = ls_str_first(ls_str_skip(b, front), b.length - front - back);
    for (size_t i = 0; i < rest_a.length; i++)
        if (is_digit(rest_a.at[i]))
            return false;
    for (size_t i = 0; i < rest_b.length; i++)
        if (is_digit(rest_b.at[i]))
            return false;
    if (rest_a.length == 2 && rest_b.length == 2)
        return ls_byte_lower(rest_a.at[0]) == ls_byte_lower(rest_b.at[1]) &&
               ls_byte_lower(rest_a.at[1]) == ls_byte_lower(rest_b.at[0]);
    return rest_a.length <= 1 && rest_b.length <= 1 &&
           rest_a.length + rest_b.length > 0;
}

bool fqdn_is_typo(struct ls_str a, struct ls_str b)
{
    struct ls_str piece_a;
    struct ls_str piece_b;
    size_t slips = 0;

    if (fqdn_label_count(a) != fqdn_label_count(b) || fqdn_is_address(a) ||
        fqdn_is_address(b))
        return false;
    while (ls_str_cut(&a, '.', &piece_a) && ls_str_cut(&b, '.', &piece_b)) {
        if (ls_str_equal_nocase(piece_a, piece_b))
            continue;
        if (slips > 0 || !is_slip(piece_a, piece_b))
            return false;
        slips++;
    }
    return slips == 1;
}

bool fqdn_is_international(struct ls_str name)
{
    for (size_t i = 0; i < name.length; i++) {
        if ((unsigned char)name.at[i] >= 0x80)
            return true;
        if ((name.at[i] | 0x20) == 'x' && name.length - i >= 4 &&
            (i == 0 || name.at[i - 1] == '.') &&
            ls_str_equal_nocase(ls_str_first(ls_str_skip(name, i), 4),
                                (struct ls_str){"xn--", 4}))
            return true;
    }
    return false;
}

char *fqdn_to_ascii(struct ls_str name)
{
    char *text;
    char *ascii = NULL;
    char *copy = NULL;

    if (ls_str_find(name, '\0') < name.length || !ls_str_is_utf8(name))
        return NULL;
    text = ls_str_dup(name);
    if (idn2_to_ascii_8z(text, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) ==
        IDN2_OK) {
        copy = ls_strdup(ascii);
        for (char *byte = copy; *byte != '\0'; byte++)
            *byte = ls_byte_lower(*byte);
        idn2_free(ascii);
    }
    free(text);
    return copy;
}
