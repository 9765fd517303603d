/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the compiler and the builder have to say of a theme. */
#ifndef RENDER_MESSAGES_H
#define RENDER_MESSAGES_H

#include <stddef.h>

#include "base/arena.h"

enum { MESSAGES_MAX = 200 };

struct messages {
    struct arena *arena;
    size_t n;
    const char *text[MESSAGES_MAX];
};

/* One more, but for those that are too many. */
void messages_note(struct messages *m, const char *text);

#endif
