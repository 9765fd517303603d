/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static bool bits_equal(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    if (memcmp(a, b, whole) != 0)
        return false;
    unsigned mask = 0xff00u >> rest & 0xff;
    return rest == 0 || ((a[whole] ^ b[whole]) & mask) == 0;
}

static bool bits_read(const char *text, unsigned long *bits_r)
{
    size_t n = strspn(text, "0123456789");
    *bits_r = strtoul(text, NULL, 10);
    return n > 0 && text[n] == '\0';
}

bool network_holds(const char *network, const char *address)
{
    unsigned char net[16], host[16];
    char text[64];
    size_t n = strcspn(network, "/");
    int family = strchr(network, ':') != NULL ? AF_INET6 : AF_INET;
    unsigned long most = family == AF_INET6 ? 128 : 32;
    if (n >= sizeof text)
        return false;
    memcpy(text, network, n);
    text[n] = '\0';
    unsigned long bits = most;
    if (network[n] == '/' && !bits_read(network + n + 1, &bits))
        return false;
    return bits <= most && inet_pton(family, text, net) == 1 &&
           inet_pton(family, address, host) == 1 && bits_equal(net, host, (unsigned)bits);
}
