/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's side of its renderer process: asks for a page, watches the time, takes the reply
 * as a stranger's, puts the secrets in. A page always comes: by the theme; when that fails or
 * overstays, by `base`, in a fresh process if need be; when that fails too, a plain one made
 * here without Lua. All that a theme does for a page, being taken in as well, has one time by the clock;
 * base has as much again. What takes longer to be taken in goes on meanwhile, and draws when it has
 * done. A theme that is killed three times in a minute, or fails ten times in five, is set aside for ten
 * minutes by all workers. One that was killed or slow in the last minute is with one worker at a time, and
 * base draws for the others; one that has drawn no page yet, too, but the others wait for its first page
 * unless that takes longer than a page may. (All this is in the words of server_shared() from
 * RENDERER_SHARED on.) That it got no processor in time does not count. */
#ifndef VIEW_RENDERER_H
#define VIEW_RENDERER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/wire.h"
#include "view/plain.h"
#include "view/theme.h"
#include "view/value.h"

enum { RENDERER_SHARED = 512, RENDERER_SHARED_THEMES = 64 };

struct renderer;

struct renderer_limits {
    unsigned cpu_ms, wall_ms; /* for one page; ten times as much in sanitizer builds */
    unsigned compile_ms;      /* of processor time, for taking in a theme */
    size_t memory;            /* resident bytes after which the process is replaced */
    unsigned renders;         /* ... or after so many pages */
};
/* 300 ms, 600 ms, 3000 ms, 64 MB, 100,000. */
extern const struct renderer_limits renderer_limits;

enum rendered { RENDERED_BY_THEME, RENDERED_BY_BASE, RENDERED_PLAIN };

/* Belongs to the worker process. `zygote`: its door (server/zygote.h); `limits` NULL: the ones
 * above. Asks for a process at once; if there is none, each page asks again. */
struct renderer *renderer_create(int zygote, const char *themes_dir,
                                 const struct renderer_limits *limits);
/* Ends the process too. */
void renderer_destroy(struct renderer *r);

/* Appends the page to html_r. vm and shell are maps as the contract says; the shell's secrets are
 * written as they are (a token comes masked already); its `lang` is the language of the theme's
 * own texts. `fragment`: ids of the page's elements with blanks between (up to eight): these
 * elements alone are appended; the whole page if it has none of them, or for NULL. Works in the
 * arena. */
enum rendered renderer_render(struct renderer *r, struct arena *a, const char *theme,
                              const char *page, const char *fragment, const struct value *vm,
                              const struct value *shell, struct str *html_r);
/* The last fault of that theme in this worker, with file and line where it is known; NULL if
 * there was none since it was read, or it is ten minutes old and the theme is in use. Lives
 * until the next call here. */
const char *renderer_note(struct renderer *r, const char *theme);
/* For the files of view/ alone: sends a message, gives the answer, which lives in the arena. False:
 * there is no process, or it did not answer in the time of a page, from which its wait is taken. */
bool renderer_ask(struct renderer *r, struct arena *a, const struct str *message,
                  struct wire_reader *reply_r);
/* The themes' files may have changed (another generation): they are read again at the next page. */
void renderer_refresh(struct renderer *r);
/* Between requests: renews a renderer that grew or served enough, the next one warm before the old
 * one goes. */
void renderer_between(struct renderer *r);
/* The door it was made with. */
int renderer_zygote(const struct renderer *r);
/* The renderer's process now, 0 if there is none. */
int renderer_pid(const struct renderer *r);

#endif
