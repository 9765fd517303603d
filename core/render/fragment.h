/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of a finished page that a reader asked for by their ids, in place of the whole: the
 * page is made as always, so a theme's own block answers, and slots keep their places. */
#ifndef RENDER_FRAGMENT_H
#define RENDER_FRAGMENT_H

#include "base/arena.h"
#include "render/render.h"

enum { FRAGMENT_IDS = 8 };

/* `ids`: up to FRAGMENT_IDS, separated by blanks; more are not looked at. Leaves these elements in
 * the order of the ids; one that stands inside another of them comes once. An id that the page has
 * not is passed over; where it has none of them, the page stays whole. */
void fragment_keep(struct writer *w, struct arena *a, struct span ids);

#endif
