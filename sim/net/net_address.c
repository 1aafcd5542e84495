/*
 * Addresses as people write them.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lyncsim/alloc.h"
#include "lyncsim/net_loop.h"
#include "lyncsim/str.h"

#include "net_internal.h"

/* Split at the last colon; brackets hold an IPv6 address together. */
static bool split(const char *text, struct ls_str *host, uint64_t *port)
{
    const char *colon = strrchr(text, ':');
    struct ls_str front;

    if (colon == NULL)
        return false;
    if (!ls_str_to_u64(ls_str_from(colon + 1), port) || *port > 65535)
        return false;
    front = ls_str_from_bytes(text, (size_t)(colon - text));
    if (ls_str_starts_with(front, "[") && ls_str_ends_with(front, "]"))
        front = ls_str_first(ls_str_skip(front, 1), front.length - 2);
    else if (ls_str_find(front, ':') < front.length)
        return false;
    *host = front;
    return true;
}

bool net_address_is_written(const char *text)
{
    struct ls_str host;
    uint64_t port;

    return split(text, &host, &port);
}

static bool look_up(uv_loop_t *uv, const char *host, bool to_listen,
                    struct net_addresses *addresses, char **why)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = to_listen ? AI_PASSIVE : 0};
    const char *node = *host == '\0' || strcmp(host, "*") == 0 ? NULL : host;
    uv_getaddrinfo_t request;
    int status = uv_getaddrinfo(uv, &request, NULL, node, "0", &hints);

    if (status != 0) {
        *why = ls_strf("the host \"%s\" is not found: %s", host,
                       uv_strerror(status));
        return false;
    }
    for (const struct addrinfo *info = request.addrinfo;
         info != NULL && addresses->count < NET_ADDRESSES_MAX;
         info = info->ai_next)
        memcpy(&addresses->items[addresses->count++], info->ai_addr,
               info->ai_addrlen);
    uv_freeaddrinfo(request.addrinfo);
    return true;
}

/* What IPv6 shows of a peer that came by IPv4, and what may be written for
 * it: from here on it is the IPv4 address that it is (RFC 4291 2.5.5.2). */
static void unmap(struct sockaddr_storage *address)
{
    struct sockaddr_in6 in6;
    struct sockaddr_in in = {.sin_family = AF_INET};

    memcpy(&in6, address, sizeof in6);
    if (address->ss_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr))
        return;
    in.sin_port = in6.sin6_port;
    memcpy(&in.sin_addr, &in6.sin6_addr.s6_addr[12], sizeof in.sin_addr);
    memset(address, 0, sizeof *address);
    memcpy(address, &in, sizeof in);
}

static void set_port(struct sockaddr_storage *address, uint16_t port)
{
    /* The port stands at the same place in both families. */
    struct sockaddr_in in;

    memcpy(&in, address, sizeof in);
    in.sin_port = htons(port);
    memcpy(address, &in, sizeof in);
}

bool net_address_resolve(uv_loop_t *uv, const char *text, bool to_listen,
                         struct net_addresses *addresses, char **why)
{
    struct ls_str host;
    uint64_t port;
    char *name;
    bool found;

    memset(addresses, 0, sizeof *addresses);
    if (!split(text, &host, &port)) {
        *why = ls_strf("\"%s\" is no address and port; write 127.0.0.1:5061",
                       text);
        return false;
    }
    name = ls_str_dup(host);
    found = look_up(uv, name, to_listen, addresses, why);
    free(name);
    for (size_t i = 0; i < addresses->count; i++) {
        unmap(&addresses->items[i]);
        set_port(&addresses->items[i], (uint16_t)port);
    }
    return found;
}

void net_address_format(const struct sockaddr_storage *address,
                        char text[NET_ADDRESS_MAX])
{
    char host[INET6_ADDRSTRLEN] = "?";
    struct sockaddr_in in;

    memcpy(&in, address, sizeof in);
    uv_ip_name((const struct sockaddr *)address, host, sizeof host);
    snprintf(text, NET_ADDRESS_MAX,
             address->ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host,
             (unsigned)ntohs(in.sin_port));
}

bool net_address_of_ends(const uv_tcp_t *handle, char peer[NET_ADDRESS_MAX],
                         char local[NET_ADDRESS_MAX])
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    uv_os_fd_t fd;

    if (uv_fileno((const uv_handle_t *)handle, &fd) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return false;
    unmap(&address);
    net_address_format(&address, local);
    /* getpeername knows nobody any more once a reset has come; this does, when
     * asked for neither more nor less than an address of that family. */
    if (getsockopt(fd, SOL_SOCKET, SO_PEERNAME, &address, &size) != 0)
        return false;
    unmap(&address);
    net_address_format(&address, peer);
    return true;
}

bool net_address_is_local(const struct sockaddr_storage *address)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    if (address->ss_family == AF_INET) {
        memcpy(&in, address, sizeof in);
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    }
    memcpy(&in6, address, sizeof in6);
    return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
}
