/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that an author of a theme starts from: a new theme, and one block of a parent to change. What
 * an override was copied from is kept beside it as .BLOCK.base, which no program reads as part of
 * the theme: with it, a later change of the parent can be shown apart from the author's own. */
#ifndef STUDIO_AUTHOR_H
#define STUDIO_AUTHOR_H

#include "base/str.h"
#include "view/studio.h"

/* Writes themes_dir/NAME/ with theme.lua and tokens.css. NULL, or what is wrong. */
const char *author_new(struct arena *a, const char *themes_dir, const char *name,
                       const char *parent);

/* The theme NAME is loaded in `s`. Copies the parent's block into its blocks/PAGE/BLOCK.html. NULL, or
 * what is wrong; path_r: what was written. */
const char *author_override(struct studio *s, struct arena *a, const char *themes_dir,
                            const char *name, const char *page, const char *block,
                            const char **path_r);

/* An override of a theme, and what it says it was copied from ("" each if it says nothing). */
struct override {
    const struct studio_block *own, *parent;
    const char *theme, *version, *sha;
    const char *original; /* as it was copied; NULL if nobody knows any more */
};

/* Did the parent's block change since? */
bool override_is_stale(const struct override *o);
/* The overrides of the theme NAME, which is loaded in `s`; false: studio_why. */
bool overrides_list(struct studio *s, struct arena *a, const char *themes_dir, const char *name,
                    struct override **overrides_r, size_t *n_r);

/* As an author wants to read it: without the indentation of its place, with an end of line. */
const char *block_text(struct arena *a, const char *text);
/* The comment that tells where an override comes from. */
const char *block_origin(struct arena *a, const struct studio_block *parent);

#endif
