/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a theme wears on this site: the settings of its chain with the values that the site chose,
 * as a form's fields, as a style sheet of custom properties, and as the map that templates ask by
 * setting(). Of a theme that people wear it is kept until the site's generation changes; a value
 * that no longer fits its setting is as if it had not been chosen. */
#ifndef PAGES_WARDROBE_H
#define PAGES_WARDROBE_H

#include "model/input.h"
#include "view/manifest.h"
#include "view/value.h"

struct page;
struct reception;

/* One value in its normal form. */
union outfit_slot {
    const char *text;
    int64_t number;
};

struct outfit {
    const char *theme;
    const struct manifest *manifest; /* NULL: `problem` says why */
    const char *problem;
    struct field *fields;      /* one a setting, in its order; ends with a row without a name */
    union outfit_slot *slots;  /* the fields' entity: chosen, else the theme's own */
    const bool *chosen;        /* by the site */
    const char **urls;         /* of images */
    const char *css, *css_url; /* NULL: there is nothing to say */
    size_t css_n;
};

/* Made in the arena. Never NULL; base has no settings. OUT_UNAVAILABLE: the values could not be
 * asked for. */
enum outcome outfit_make(struct reception *desk, struct arena *a, const char *theme,
                         const struct outfit **outfit_r);
/* Of the theme that this page is drawn by; NULL: nothing is set, or nothing can be known now. */
const struct outfit *outfit_worn(struct page *p);
/* Can the colours in `in` be read? Marks those that cannot, with the shade that could be. */
void outfit_judge(struct page *p, const struct outfit *o, struct input *in);
/* shell.settings, shell.links and shell.stylesheet. */
void outfit_fill(struct page *p, struct value *shell);
/* /theme-HASH.css: False: this is no such path. */
bool outfit_send(struct page *p);

#endif
