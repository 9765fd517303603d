/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's side of its renderer process: asks for a page, watches the time, takes the reply as a
 * stranger's, puts the secrets in. A page always comes: by the theme; when that fails or overstays,
 * by `base` in a fresh process; when that fails too, a plain one made here without Lua. A theme that
 * is killed three times in a minute, or fails ten times in five, is set aside for ten minutes by all
 * workers (in the words of server_shared() from RENDERER_SHARED on). */
#ifndef VIEW_RENDERER_H
#define VIEW_RENDERER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "view/theme.h"
#include "view/value.h"

enum { RENDERER_SHARED = 512, RENDERER_SHARED_THEMES = 64 };

struct renderer;

struct renderer_limits {
    unsigned cpu_ms, wall_ms;        /* for one page; ten times as much in sanitizer builds */
    unsigned compile_ms;             /* for taking in a theme, on the wall */
    size_t memory;                   /* resident bytes after which the process is replaced */
    unsigned renders;                /* ... or after so many pages */
};
/* 300 ms, 900 ms, 3000 ms, 64 MB, 100,000. */
extern const struct renderer_limits renderer_limits;

enum rendered { RENDERED_BY_THEME, RENDERED_BY_BASE, RENDERED_PLAIN };

/* Belongs to the worker process, for ever; the first renderer is asked for at once, without waiting
 * for trouble. `limits` NULL: the ones above. */
struct renderer *renderer_create(int zygote_door, const struct renderer_limits *limits);
void renderer_destroy(struct renderer *r);

/* Appends the page to html_r. `theme` NULL means base; it must live until another one is passed or
 * renderer_forget() is called. vm and shell are maps as the contract says; the shell's secrets are
 * written as they are (mask a token before). note_r (may be NULL): what a server admin should know,
 * a line each with file and line, in html_r's arena; NULL if nothing. */
enum rendered renderer_render(struct renderer *r, const struct theme *theme, const char *page,
                              const struct value *vm, const struct value *shell, struct str *html_r,
                              char **note_r);
/* Takes a theme in without a page: mistakes are returned as renderer_render's notes; true if it can
 * be used. */
bool renderer_check(struct renderer *r, const struct theme *theme, struct arena *a, char **note_r);
/* The theme's memory is about to go, or its files have changed. */
void renderer_forget(struct renderer *r, const struct theme *theme);
/* Between requests: renews a renderer that grew or served enough, the next one warm before the old
 * one goes. */
void renderer_between(struct renderer *r);

/* The page without Lua, also for when there is no renderer at all. */
void renderer_plain(const char *page, const struct value *vm, const struct value *shell, struct str *html_r);

/* Is the theme set aside now? (shown to admins) */
bool theme_is_set_aside(const char *name);

#endif
