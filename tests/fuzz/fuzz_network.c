/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "NETWORK ADDRESS": a network that the configuration takes holds its own first address; one
 * that holds an address and has no bits holds all of that kind. */
#include <arpa/inet.h>

#include "fuzz.h"
#include "http/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    char *network = fuzz_text(a, data, n), *address = strchr(network, ' ');
    unsigned char host[16];
    if (address != NULL)
        *address++ = '\0';
    bool holds = network_holds(network, address != NULL ? address : "192.0.2.1");
    int family = strchr(network, ':') != NULL ? AF_INET6 : AF_INET;
    if (holds)
        assert(inet_pton(family, address != NULL ? address : "192.0.2.1", host) == 1);
    char *slash = strchr(network, '/');
    const char *own = slash != NULL ? arena_memdup(a, network, (size_t)(slash - network)) : network;
    assert(!holds || network_holds(network, own));
    if (slash != NULL && strspn(slash + 1, "0123456789") == 0)
        assert(!holds); /* a length that is no number is no network */
    return 0;
}
