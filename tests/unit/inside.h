/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of base drawn in this very process, with no wall, no other process and nothing between: what
 * the sandbox's price is counted from. Secrets stay out of it. */
#ifndef UNIT_INSIDE_H
#define UNIT_INSIDE_H

#include "base/str.h"
#include "view/value.h"

/* Compiles base; walls are what walls_off says from then on. */
void inside_begin(void);
void inside_draw(struct arena *a, const char *page, const struct value *vm,
                 const struct value *shell, struct str *html_r);
/* What a renderer does while its worker goes on. */
void inside_tidy(void);

#endif
