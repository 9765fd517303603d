/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often a theme failed, counted by all workers together in shared words: three kills within a
 * minute or ten errors within five set it aside for ten minutes. Themes share a row if their names'
 * hashes meet, which only makes one of them go aside too early. */
#ifndef VIEW_STRIKES_H
#define VIEW_STRIKES_H

#include <stdbool.h>
#include <stdint.h>

enum strike { STRIKE_KILL, STRIKE_ERROR };

/* True if this strike is the one that sets the theme aside. */
bool strikes_add(const char *theme, enum strike kind);
bool strikes_set_aside(const char *theme);
/* Was there any within the time in which they are counted? */
bool strikes_recent(const char *theme);
/* The site's row has another generation: themes may have changed, so all start anew. Only the
 * first worker that sees a generation clears; what the others count meanwhile stays. */
void strikes_renew(int64_t generation);
/* One theme gets another try. */
void strikes_clear(const char *theme);

#endif
