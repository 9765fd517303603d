/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A theme's files as the worker reads them from the themes folder: bytes only, never run here.
 * Its parents, named by `extends = "..."` in theme.lua, are read with it; `base` lives inside
 * the program and is read by nobody. A stranger may have written them: names and sizes are held
 * to limits, and what is no regular file (links too) is left out, and named. */
#ifndef VIEW_THEME_H
#define VIEW_THEME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum {
    THEME_CHAIN = 4,
    THEME_FILES = 500,
    THEME_FILE_BYTES = 1024 * 1024,
    THEME_BYTES = 6 * 1024 * 1024,
    THEME_OMISSIONS = 50
};

struct theme_file {
    const char *path; /* below the theme's folder */
    const char *bytes;
    size_t n;
};

/* What lies in the folder and is not read. */
struct theme_omission {
    const char *path, *why, *mend;
};

struct theme_folder {
    const char *name;
    size_t files_n, omissions_n; /* of omissions the first THEME_OMISSIONS */
    struct theme_file *files;
    struct theme_omission *omissions;
};

struct theme {
    const char *name;
    size_t chain_n, bytes; /* the child first; base is not in it */
    struct theme_folder chain[THEME_CHAIN];
};

/* [a-z0-9-], at most 40 bytes: what may be a theme's name. */
bool theme_name_is_valid(const char *name);
/* Is there such a theme to activate ("base" always)? */
bool theme_exists(const char *themes_dir, const char *name);
/* Reads a theme and its parents into the arena; not for "base". NULL: problem_r says why, with the
 * path. */
struct theme *theme_load(struct arena *a, const char *themes_dir, const char *name,
                         const char **problem_r);

/* By its path below the theme's folder; NULL: none. */
const struct theme_file *theme_file(const struct theme_folder *f, const char *path);
/* The names of what lies in the themes folder with a theme.lua, sorted, base before them all; behind
 * the last stands NULL. */
void theme_list(struct arena *a, const char *themes_dir, const char *const **names_r, size_t *n_r);

struct theme_asset {
    const char *bytes;
    size_t size;
    const char *type; /* of the content */
};
struct renderer;
/* The file behind /assets/THEME/FILE, where FILE is a name with its hash ("app-1a2b3c4d.css"): of
 * base always, of another theme if this worker's renderer uses it. The bytes live until
 * renderer_refresh. False: there is none. */
bool theme_asset(struct renderer *r, const char *theme, const char *file,
                 struct theme_asset *asset_r);
/* As theme_asset, of a loaded theme; NULL: of base. */
bool theme_asset_find(const struct theme *t, const char *theme, const char *file,
                      struct theme_asset *asset_r);

#endif
