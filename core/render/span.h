/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a message, which lie there: no NUL behind them. */
#ifndef RENDER_SPAN_H
#define RENDER_SPAN_H

#include <stddef.h>

struct span {
    const char *at;
    size_t n;
};

struct keys {
    size_t n;
    const struct span *at;
};

#endif
