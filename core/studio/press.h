/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes texts small, once, so that the web server need not do it for each visitor: as thoroughly
 * as the libraries can, and the same bytes each time. Results live in the arena. */
#ifndef STUDIO_PRESS_H
#define STUDIO_PRESS_H

#include <stddef.h>

#include "base/arena.h"

struct pressed {
    const void *bytes;
    size_t n;
};

/* RFC 1952 without name and time. */
struct pressed press_gzip(struct arena *a, const void *bytes, size_t n);
/* RFC 7932. */
struct pressed press_brotli(struct arena *a, const void *bytes, size_t n);

#endif
