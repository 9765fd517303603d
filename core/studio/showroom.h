/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the gallery of `mailboy theme dev` shows: a theme as its folder has it now, drawn from the
 * fixtures of the contract, and what is wrong with it, with the lines around. A theme that cannot
 * be used is told so, and base is drawn instead. Knows nothing of HTTP. */
#ifndef STUDIO_SHOWROOM_H
#define STUDIO_SHOWROOM_H

#include "base/embed.h"
#include "base/str.h"
#include "view/studio.h"

/* The gallery's own page, styles and script (core/studio/gallery/). */
extern const struct embedded embed_gallery[];

struct showroom;

/* Loads the theme. Never NULL. */
struct showroom *showroom_create(int zygote, const char *themes_dir, const char *name);
void showroom_destroy(struct showroom *g);
/* Reads the theme's files again. `styles`: only styles changed. */
void showroom_load(struct showroom *g, bool styles);
/* Applies every rule to what was loaded last; takes a second. */
void showroom_check(struct showroom *g);
/* Counts the loads; 1 behind the first. */
unsigned showroom_generation(const struct showroom *g);
/* Is base drawn, since the theme cannot be? */
bool showroom_is_beneath(const struct showroom *g);

/* As JSON: theme, pages with their cases, languages, findings with the lines around each. */
void showroom_state(struct showroom *g, struct arena *a, struct str *json);
/* The event that tells a browser of the last load, as JSON on one line. */
void showroom_event(struct showroom *g, struct arena *a, struct str *json);
/* A page; false: why_r says why not. */
bool showroom_draw(struct showroom *g, struct arena *a, const struct studio_sample *sample,
                   struct str *html_r, const char **why_r);
/* "/assets/THEME/FILE". */
bool showroom_asset(const struct showroom *g, const char *theme, const char *file,
                    struct theme_asset *asset_r);
/* The folders whose files matter: the theme's and its parents', n_r of them. */
const char **showroom_folders(const struct showroom *g, struct arena *a, size_t *n_r);

#endif
