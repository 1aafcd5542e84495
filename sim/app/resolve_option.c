#include "resolve_option.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

struct placed {
    struct ls_str fqdn;
    struct ls_str host; /* without brackets */
    bool is_ipv6;
    uint64_t port; /* 0: none is named */
};

static bool is_number(struct ls_str host, bool is_ipv6)
{
    unsigned char address[16];
    char *text = ls_str_dup(host);
    bool is_one = inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text, address) == 1;

    free(text);
    return is_one;
}

/* ":5075", or nothing. */
static bool read_port(struct ls_str text, uint64_t *port)
{
    *port = 0;
    if (text.length == 0)
        return true;
    return text.at[0] == ':' && ls_str_to_u64(ls_str_skip(text, 1), port) &&
           *port > 0 && *port <= UINT16_MAX;
}

static bool read_placed(const char *text, struct placed *placed)
{
    struct ls_str all = ls_str_from(text);
    size_t equals = ls_str_find(all, '=');
    struct ls_str address;
    size_t end;

    placed->fqdn = ls_str_first(all, equals);
    if (equals == 0 || equals == all.length)
        return false;
    address = ls_str_skip(all, equals + 1);
    placed->is_ipv6 = ls_str_starts_with(address, "[");
    if (placed->is_ipv6) {
        end = ls_str_find(address, ']');
        if (end == address.length)
            return false;
        placed->host = ls_str_skip(ls_str_first(address, end), 1);
        end++;
    } else {
        end = ls_str_find(address, ':');
        placed->host = ls_str_first(address, end);
    }
    return is_number(placed->host, placed->is_ipv6) &&
           read_port(ls_str_skip(address, end), &placed->port);
}

bool resolve_option_is_written(const char *text)
{
    struct placed placed;

    return read_placed(text, &placed);
}

bool resolve_option_is_local(const char *text)
{
    struct placed placed;

    if (!read_placed(text, &placed))
        return false;
    return placed.is_ipv6 ? ls_str_equal_text(placed.host, "::1") ||
                                ls_str_starts_with(placed.host, "::ffff:127.")
                          : ls_str_starts_with(placed.host, "127.");
}

/* The last one that names it counts. */
static bool find_placed(const struct options *options, const char *fqdn,
                        struct placed *found)
{
    size_t count;
    const char *const *all = options_all(options, OPTION_RESOLVE, &count);

    for (size_t i = count; i-- > 0;)
        if (read_placed(all[i], found) &&
            ls_str_equal_nocase(found->fqdn, ls_str_from(fqdn)))
            return true;
    return false;
}

char *resolve_option_address(const struct options *options, const char *fqdn,
                             const char *pool, uint16_t port)
{
    struct placed placed;

    if (!find_placed(options, fqdn, &placed) &&
        !find_placed(options, pool, &placed))
        return ls_strf("127.0.0.1:%u", (unsigned)port);
    return ls_strf(placed.is_ipv6 ? "[%.*s]:%u" : "%.*s:%u",
                   LS_STR_ARG(placed.host),
                   placed.port ? (unsigned)placed.port : (unsigned)port);
}
