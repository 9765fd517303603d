/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A short list of links as people type it: one a line, its words, a blank, its address. Addresses
 * are https, http or mailto, or a path of this site; nothing that runs (javascript:, data:). Pure. */
#ifndef MODEL_LINKS_H
#define MODEL_LINKS_H

#include <stddef.h>

#include "base/arena.h"

enum { LINKS_MAX = 12, LINK_MAX_BYTES = 300 };

struct link {
    const char *words, *url;
};
/* How many there are; SIZE_MAX: wrong_r is the first line that is none (what of it is text). */
size_t links_parse(struct arena *a, const char *bytes, size_t n, struct link rows_r[LINKS_MAX],
                   const char **wrong_r);
/* The same lines in their normal form: trimmed, ended by LF, empty ones dropped. */
const char *links_text(struct arena *a, const char *bytes, size_t n);

#endif
