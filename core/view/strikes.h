/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often a theme failed, counted by all workers together in shared words: three kills within a
 * minute or ten errors within five set it aside for ten minutes; slow pages never do. Themes share a row
 * if their names' hashes meet, which only makes one of them go aside too early. */
#ifndef VIEW_STRIKES_H
#define VIEW_STRIKES_H

#include <stdbool.h>
#include <stdint.h>

enum strike { STRIKE_KILL, STRIKE_ERROR, STRIKE_SLOW };

/* True if this strike is the one that sets the theme aside. */
bool strikes_add(const char *theme, enum strike kind);
bool strikes_set_aside(const char *theme);
/* Was there any within the time in which they are counted? */
bool strikes_recent(const char *theme);
/* May this worker draw with it now? As long as a theme has drawn no page since the generation was new, and for a
 * minute after it was killed or slow, one worker at a time may, so that what burns a processor burns one
 * alone. Who may gives its claim back at the end, and says whether a page came of it; a claim that
 * is not given back ends after most_ms. */
bool strikes_try(const char *theme, int64_t most_ms, uint64_t *claim_r);
void strikes_tried(const char *theme, uint64_t claim, bool drew);
/* It takes longer than a page could wait for: the claim is another, and ends in most_ms. */
void strikes_prolong(const char *theme, int64_t most_ms, uint64_t *claim);
/* Does nobody know yet what it does? */
bool strikes_is_new(const char *theme);
/* Then is a worker drawing with it now, so that it is worth to wait? */
bool strikes_is_soon_known(const char *theme);
/* The site's row has another generation: themes may have changed, so all start anew. Only the
 * first worker that sees a generation clears; what the others count meanwhile stays. */
void strikes_renew(int64_t generation);
/* One theme gets another try. */
void strikes_clear(const char *theme);

#endif
