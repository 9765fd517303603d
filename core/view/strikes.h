/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often a theme failed, counted by all workers together in shared words: three kills within a
 * minute or ten errors within five set it aside for ten minutes. Themes share a row if their names'
 * hashes meet, which only makes one of them go aside too early. */
#ifndef VIEW_STRIKES_H
#define VIEW_STRIKES_H

#include <stdbool.h>

enum strike { STRIKE_KILL, STRIKE_ERROR };

/* True if this strike is the one that sets the theme aside. */
bool strikes_add(const char *theme, enum strike kind);
bool strikes_set_aside(const char *theme);
/* A theme that was changed starts anew. */
void strikes_clear(const char *theme);

#endif
