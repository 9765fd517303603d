/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/color.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum { STEPS = 512 };

static int digit(char c)
{
    const char *digits = "0123456789abcdef", *at;
    if (c >= 'A' && c <= 'F')
        c = (char)(c - 'A' + 'a');
    at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

bool color_parse(const char *text, size_t n, color *color_r)
{
    color made = 0;
    if ((n != 4 && n != 7) || text[0] != '#')
        return false;
    for (size_t i = 1; i < n; i++) {
        int d = digit(text[i]);
        if (d < 0)
            return false;
        made = made << 4 | (color)d;
        if (n == 4)
            made = made << 4 | (color)d;
    }
    *color_r = made;
    return true;
}

const char *color_text(struct arena *a, color c)
{
    return arena_printf(a, "#%06x", (unsigned)(c & 0xffffff));
}

static double channel(color c, unsigned shift)
{
    return (double)(c >> shift & 255) / 255;
}

static double linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static double luminance(color c)
{
    return 0.2126 * linear(channel(c, 16)) + 0.7152 * linear(channel(c, 8)) +
           0.0722 * linear(channel(c, 0));
}

unsigned color_contrast(color a, color b)
{
    double one = luminance(a) + 0.05, other = luminance(b) + 0.05;
    return (unsigned)((one > other ? one / other : other / one) * 100 + 1e-9);
}

bool color_fits(color c, const struct color_rule *rules, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (color_contrast(c, rules[i].against) < rules[i].least)
            return false;
    return true;
}

static color part(double v, unsigned shift)
{
    return (color)lround(fmin(1, fmax(0, v)) * 255) << shift;
}

/* Towards black below 0, towards white above; the hue stays (HSL's ends, mixed in sRGB). */
static color shade(color c, double by)
{
    double end = by < 0 ? 0 : 1, share = fabs(by);
    color made = 0;
    for (unsigned shift = 0; shift <= 16; shift += 8) {
        double v = channel(c, shift);
        made |= part(v + (end - v) * share, shift);
    }
    return made;
}

static int distance(color a, color b)
{
    int sum = 0;
    for (unsigned shift = 0; shift <= 16; shift += 8)
        sum += abs((int)(a >> shift & 255) - (int)(b >> shift & 255));
    return sum;
}

/* The first that fits on the way to black (-1) or white (1). */
static bool walk(color c, int side, const struct color_rule *rules, size_t n, color *color_r)
{
    for (int step = 0; step <= STEPS; step++) {
        *color_r = shade(c, (double)(side * step) / STEPS);
        if (color_fits(*color_r, rules, n))
            return true;
    }
    return false;
}

bool color_nearest(color c, const struct color_rule *rules, size_t n, color *color_r)
{
    color darker, lighter;
    bool dark = walk(c, -1, rules, n, &darker), light = walk(c, 1, rules, n, &lighter);
    *color_r = dark && (!light || distance(c, darker) <= distance(c, lighter)) ? darker : lighter;
    return dark || light;
}
