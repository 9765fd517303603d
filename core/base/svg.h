/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture a stranger drew: SVG as far as it is drawing and nothing else. Elements, attributes
 * and the forms of references are closed lists; scripts, styles, animation, foreign content, links,
 * document types and whatever leads out of the file are not among them. */
#ifndef BASE_SVG_H
#define BASE_SVG_H

#include <stddef.h>

#include "base/arena.h"

/* NULL: it is such a picture. Else a sentence with line and column ("3:7: ..."), in the arena. */
const char *svg_problem(struct arena *a, const char *text, size_t n);

#endif
