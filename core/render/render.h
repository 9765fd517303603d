/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page in hand: what was told with it, where it is written and what fell back. */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/locale.h"
#include "base/wire.h"
#include "render/compiled.h"
#include "render/model.h"
#include "render/route.h"
#include "render/span.h"
#include "render/writer.h"

/* What the host itself needs of the shell, read from the message, where no theme can change it. */
struct facts {
    struct span site, prefix, page, lang, dir, scheme, stylesheet;
    bool title_error;
    int64_t token, operation; /* slots, -1: none */
};

/* What each symbol of a theme begins with. */
struct render_icon {
    const struct compiled *theme; /* NULL: not known yet */
    size_t n;
    char head[256];
};

struct render {
    struct writer *out;
    const struct renderer_route *routes;
    const struct compiled *theme; /* whose page is being made now */
    struct facts shell;
    const unsigned char *message, *message_end; /* what came from the worker */
    struct keys keys;                           /* of the maps in it */
    struct model model;                         /* the same, as templates see it */
    enum locale locale;
    int64_t now;             /* seconds since 1970, the worker's clock */
    bool script;             /* a Lua page: URLs and forms are held against the model */
    struct sandbox *helpers; /* the state of helpers.lua, once one was called */
    struct render_icon icon;
    unsigned fell_back;
    size_t why_len;
    char why[4096]; /* a line per fall-back */
};

/* A line for `why`: a fall-back. Lines of generated code are told as the template's. */
void render_note(struct render *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
