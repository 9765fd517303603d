/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/throttle.h"

#include <arpa/inet.h>
#include <string.h>

const char *throttle_network(struct arena *a, const char *remote)
{
    struct in6_addr six;
    char text[INET6_ADDRSTRLEN];
    if (remote == NULL)
        return "";
    if (inet_pton(AF_INET6, remote, &six) != 1)
        return remote;
    if (IN6_IS_ADDR_V4MAPPED(&six))
        return arena_printf(a, "%u.%u.%u.%u", six.s6_addr[12], six.s6_addr[13], six.s6_addr[14],
                            six.s6_addr[15]);
    memset(six.s6_addr + 8, 0, 8);
    return arena_printf(a, "%s/64", inet_ntop(AF_INET6, &six, text, sizeof text));
}

static struct throttle_key key_of(enum throttle_kind kind, const char *text)
{
    struct throttle_key key = {.kind = kind};
    sha256(text, strlen(text), key.hash);
    return key;
}

struct throttle_key throttle_by_account(struct arena *a, const char *email)
{
    return key_of(THROTTLE_ACCOUNT, arena_printf(a, "account %s", email));
}

struct throttle_key throttle_by_network(struct arena *a, const char *remote)
{
    return key_of(THROTTLE_REMOTE, arena_printf(a, "network %s", throttle_network(a, remote)));
}

struct throttle_key throttle_by_both(struct arena *a, const char *email, const char *remote)
{
    return key_of(THROTTLE_ACCOUNT,
                  arena_printf(a, "owner %s %s", throttle_network(a, remote), email));
}

struct throttle_key throttle_by_link(struct arena *a, const char *remote)
{
    return key_of(THROTTLE_REMOTE, arena_printf(a, "link %s", throttle_network(a, remote)));
}

struct throttle_key throttle_by_confirmation(struct arena *a, int64_t account)
{
    return key_of(THROTTLE_ACCOUNT, arena_printf(a, "confirm %lld", (long long)account));
}
