/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a theme stands the check, asked of a renderer of its own (view/studio.h), so that a theme which
 * is only looked at can harm none that people wear. STUDIO_COMPILE takes some hundredths of a second,
 * STUDIO_WHOLE up to a second: what one theme's page tells and activation asks for, as the command does. */
#ifndef PAGES_GALLERY_H
#define PAGES_GALLERY_H

#include "pages/pages.h"
#include "view/studio.h"

/* False: it could not be asked; why_r says why, in the arena. */
bool gallery_check(struct reception *desk, struct arena *a, const char *theme,
                   enum studio_depth depth, struct studio_findings *findings_r, const char **why_r);
/* The first finding that keeps a theme from being worn, with its place; NULL: none. */
const char *gallery_problem(struct reception *desk, struct arena *a, const char *theme,
                            enum studio_depth depth);
/* "themes/a/b.html:3:1", NULL for a finding without a place. */
const char *gallery_place(struct arena *a, const struct studio_finding *f);

#endif
