/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours as people and style sheets write them, and whether one can be read on another: the
 * contrast ratio of WCAG 2.2 (relative luminance of sRGB), in hundredths, rounded down. Pure. */
#ifndef MODEL_COLOR_H
#define MODEL_COLOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef uint32_t color; /* 0xRRGGBB */

/* "#abc" or "#aabbcc", letters in any case; False: neither. */
bool color_parse(const char *text, size_t n, color *color_r);
/* "#aabbcc": the normal form. */
const char *color_text(struct arena *a, color c);
/* 100 (the same) to 2100 (black and white). */
unsigned color_contrast(color a, color b);

/* Has to differ so much from that. */
struct color_rule {
    color against;
    unsigned least;
};
bool color_fits(color c, const struct color_rule *rules, size_t n);
/* Of the shades between `c` and black or white, the nearest to it that fits all rules; c itself if
 * it fits. False: there is none. */
bool color_nearest(color c, const struct color_rule *rules, size_t n, color *color_r);

#endif
