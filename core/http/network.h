/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is an address inside a network? Both in text, IPv4 or IPv6, "192.0.2.0/24" or a single
 * address. */
#ifndef HTTP_NETWORK_H
#define HTTP_NETWORK_H

#include <stdbool.h>

bool network_holds(const char *network, const char *address);

#endif
