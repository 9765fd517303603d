/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What attempts are counted by. Keys are hashes, so the table names nobody. */
#ifndef AUTH_THROTTLE_H
#define AUTH_THROTTLE_H

#include "store/session.h"

struct throttle_key {
    enum throttle_kind kind;
    unsigned char hash[SHA256_BYTES];
};

/* The network of an address: IPv4 whole, IPv6 its /64, anything else as it stands. */
const char *throttle_network(struct arena *a, const char *remote);
struct throttle_key throttle_by_account(struct arena *a, const char *email);
struct throttle_key throttle_by_network(struct arena *a, const char *remote);
/* The owner's own: the account as seen from one network. */
struct throttle_key throttle_by_both(struct arena *a, const char *email, const char *remote);
/* One-time links that did not fit, by themselves: they keep nobody from the log-in. */
struct throttle_key throttle_by_link(struct arena *a, const char *remote);
struct throttle_key throttle_by_confirmation(struct arena *a, int64_t account);

#endif
