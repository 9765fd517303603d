/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole page: the core's skeleton around what a theme prints. A child theme's error, whatever it
 * is, gives the same page of `base`. */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

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

/* The rest of the head, behind the title, and the start of the body. */
void page_links(const struct render *r);
/* False: not even base could; the reason is the last line of render->why. */
bool page_make(struct page_job *job);

#endif
