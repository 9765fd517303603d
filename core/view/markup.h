/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A drawn page as the worker looks at it before anybody sees it: its renderer may have been taken over. What
 * a page may load, and where its forms go, the browser is told by our policy (http/response.h); this is
 * about the rest, by which a page leaves the site, and takes along what it shows: a refresh, a link
 * to elsewhere, an element that is unknown to themes. It does not tell whether a page is honest. */
#ifndef VIEW_MARKUP_H
#define VIEW_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* False unless each element is one that base or a theme may write, no <meta> stands for a header, and each address
 * of <a> and <link> is a place of this site, mailto:, or a text of `told`, the message that asked for the page. Wherever
 * a "<name" stands it counts as one, since only a browser knows whether it is within a comment or an attribute. */
bool markup_stays(const char *html, size_t n, const struct str *told);

#ifdef MAILBOY_TEST_WALLS
extern bool markup_is_trusted; /* takes the wall away, for its proof */
#endif

#endif
