/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages: from a whole request to a whole answer. dispatch.c reads aloud as receive,
 * identify, route, load, permit, do, show, send; each section of the site has a file of its own. */
#ifndef PAGES_PAGES_H
#define PAGES_PAGES_H

#include "actions/perform.h"
#include "http/request.h"
#include "server/exchange.h"
#include "settings/settings.h"
#include "view/renderer.h"

/* What the pages of one process have at hand. Made once, lives as long as the process. */
struct reception {
    const struct settings *settings;
    struct store *store;
    struct renderer *renderer; /* NULL: JSON only (the command line) */
    struct workshop workshop;
    struct login_rules login;
    struct http_place place;
    unsigned char key[SHA256_BYTES]; /* signs cursors, hashes operations; the same in all workers */
    struct arena *process;
    int64_t theme_generation;  /* of the site's row that the renderer knows */
    struct wardrobe *wardrobe; /* pages/wardrobe.c */
};

/* `slots`: the word of shared memory that counts hashes in flight, NULL for none. */
struct reception *reception_create(struct arena *process, const struct settings *settings,
                                   struct store *store, struct renderer *renderer,
                                   _Atomic uint64_t *slots);

/* Between two requests: renews the renderer when it is due, writes what went wrong in themes. */
void pages_between(struct reception *desk);
/* A one-time link, whole, to be handed on: below `site_url`; where that is not set, below what the
 * reader's browser asked for, in the shell (r NULL) below the first of `hosts`. */
const char *link_url(struct arena *a, const struct reception *desk, const struct http_request *r,
                     const char *token);
/* Answers one exchange. */
void pages_handle(struct reception *desk, struct exchange *x);
/* The page at `path` (below the prefix, with its query) as that account sees it; for the command
 * line. The answer is written as to a web server. OUT_ABSENT: there is no such account. */
enum outcome pages_print(struct reception *desk, struct arena *a, const char *path,
                         const char *email, bool json, struct str *answer_r);

#endif
