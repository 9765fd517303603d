/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Languages made from English for whoever looks at pages: en-XA has accents, brackets and four parts in
 * ten more length, so that what was not made translatable or has no room is seen; ar-XB is mirrored.
 * What is filled in later (%s, %d, %1$s, {name}), elements and references stay as they are. */
#ifndef BASE_PSEUDO_H
#define BASE_PSEUDO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/locale.h"

bool pseudo_is(enum locale l);
/* Room that is always enough for a text of n bytes. */
size_t pseudo_room(size_t n);
/* Writes at most pseudo_room(n) bytes to `to`, no NUL, and gives how many. */
size_t pseudo_write(enum locale l, const char *text, size_t n, char *to);

#endif
