/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages that themes can link to. */
#ifndef RENDER_ROUTE_H
#define RENDER_ROUTE_H

/* A page's name and the pattern of its URL ("/domains/{domain}"). A table ends with a row whose name
 * is NULL. */
struct renderer_route {
    const char *name, *pattern;
};

#endif
