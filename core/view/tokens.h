/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The colours that a theme's style sheets give their tokens: `--surface: light-dark(#fff, #1d1a29)`.
 * Read as a stranger's bytes, and only to tell whether a chosen colour can be read upon them: what is
 * not understood is as if it were not there. */
#ifndef VIEW_TOKENS_H
#define VIEW_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/color.h"
#include "view/theme.h"

struct token {
    color light, dark;
};

/* The first value of `name` ("--surface") in one sheet: a hexadecimal colour, light-dark() of two, or
 * var() of another token, which goes to next_r (NULL for none; in the arena). False: none of them. */
bool token_in(struct arena *a, const char *css, size_t n, const char *name, struct token *token_r,
              const char **next_r);
/* In the sheets of the theme, then its parents', then base's; t NULL: base. */
bool token_find(struct arena *a, const struct theme *t, const char *name, struct token *token_r);

#endif
