/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A theme's files as the worker sent them; a chain of sources has the child first. */
#ifndef RENDER_SOURCE_H
#define RENDER_SOURCE_H

#include "render/span.h"

enum { SOURCE_CHAIN = 4 };

struct source_file {
    struct span path, bytes;
};

struct source {
    struct span name;
    size_t files_n;
    const struct source_file *files;
};

#endif
