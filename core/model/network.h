/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IP addresses and networks as people type them: 192.0.2.5, 192.0.2.0/24, 2001:db8::/32; brackets
 * are taken off, IPv6 is kept as RFC 5952 has it, an IPv4 address in IPv6's clothes as IPv4. Each
 * is a range of 16-byte addresses, IPv4 as ::ffff:a.b.c.d, so that both compare alike. Networks
 * wider than NETWORK_V4_LEAST or NETWORK_V6_LEAST bits are refused: they would be half the world.
 * Pure; results live in the arena. A refusal says what goes into the text's %s, and what would do
 * instead where that is clear (the network without its host bits). */
#ifndef MODEL_NETWORK_H
#define MODEL_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/texts.h"

enum { NETWORK_V4_LEAST = 8, NETWORK_V6_LEAST = 12, ADDRESS_BYTES = 16 };

struct network {
    const char *text; /* its normal form; a single address has no /bits */
    unsigned char first[ADDRESS_BYTES], last[ADDRESS_BYTES];
    bool v4, single;
    unsigned bits; /* of its own family: 24 of 192.0.2.0/24 */
};

/* Could this be meant as an address or a network? Else it may be a name. */
bool network_is_meant(const char *text, size_t n);
enum text_key network_parse(struct arena *a, const char *text, size_t n, struct network *network_r,
                            const char **arg_r, const char **offer_r);
/* The network of that many bits around it, in its normal form. */
const char *network_around(struct arena *a, const struct network *n, unsigned bits);

#endif
