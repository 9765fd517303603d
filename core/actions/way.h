/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of mail from one address on, as Postfix goes it (virtual(5)): an alias's destinations, and
 * theirs, catch-alls included; of what is off nothing. Whoever walks inside a change that LEADS_MAIL
 * holds the lock of routes, so what is read stays so until he has committed. At most 1000 addresses
 * and 20 steps. */
#ifndef ACTIONS_WAY_H
#define ACTIONS_WAY_H

#include "actions/permit.h"

/* found_r: TEXT_ALIAS_CIRCLE with its steps for the text's %s, those of domains hidden that `who` may
 * not know; TEXT_ALIAS_DEEP, TEXT_ALIAS_WIDE; TEXT_NONE: all is well. `left`: something at that address
 * was taken away, so only a circle through it counts. */
enum outcome way_walk(struct store *store, struct arena *a, const struct actor *who,
                      const char *address, bool left, enum text_key *found_r, const char **arg_r);

#endif
