/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page to draw, and what it is drawn with. */
#ifndef RENDER_JOB_H
#define RENDER_JOB_H

#include "base/wire.h"
#include "render/html.h"
#include "render/render.h"

/* One request to render; the readers stand before their values. */
struct page_job {
    struct span page;
    struct wire_reader vm, shell;
    const struct compiled *theme, *base;
    const struct html *html;
    struct render *render;
    struct arena *arena; /* for the page's model */
};

#endif
