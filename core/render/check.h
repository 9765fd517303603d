/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's half of `theme check` (lua/theme/check/): the rules choose pages of the fixtures, read
 * what was drawn, and tell their findings. One check at a time, of the theme compiled last; it
 * lives in the compiler's state. */
#ifndef RENDER_CHECK_H
#define RENDER_CHECK_H

#include "render/compile.h"
#include "render/sample.h"

struct check {
    struct compiler *compiler;
    struct arena *arena;             /* for what the calls below give */
    const struct messages *messages; /* of the compilation */
    bool whole;                      /* false: what the compiler found, no pages */
    char why[512];                   /* behind a false */
};

bool check_begin(struct check *c);
/* The next page to draw, until page.n is 0. */
bool check_next(struct check *c, struct sample_ask *ask_r);
/* As it was drawn (empty: it could not be); `why`: what fell back meanwhile. */
bool check_page(struct check *c, const struct writer *drawn, struct span why);
/* Appends what a WIRE_FINDINGS holds from its title on. */
bool check_end(struct check *c, struct str *s);

#endif
