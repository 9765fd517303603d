/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the renderer and the theme compiler know of URLs: names and patterns, not what lies behind them. */
#ifndef PATTERNS_H
#define PATTERNS_H

#include "render/renderer.h"

static const struct renderer_route route_patterns[] = {
#define ROUTE(name, pattern, see, show, change, post, after) {name, pattern},
#include "pages/routes.def"
#undef ROUTE
    {NULL, NULL},
};

#endif
