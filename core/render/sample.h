/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tools ask of a renderer: pages from invented models (lua/theme/fixtures.lua) and prose
 * from the contract. A model is made in the compiler's state and written in the wire's form by the
 * contract's types, so that from there on a sample goes the way of every page. */
#ifndef RENDER_SAMPLE_H
#define RENDER_SAMPLE_H

#include "render/compile.h"

struct sample_ask {
    struct span page, name, role, locale, scheme; /* empty: as the fixtures have it */
};

struct sample {
    struct wire_reader vm, shell;
    struct keys keys;
    const unsigned char *bytes, *end; /* where both lie, in the arena */
    int64_t now;                      /* the clock of the fixtures */
};

/* False: why_r says why; the page or the case may be unknown. */
bool sample_make(struct compiler *c, struct arena *a, const struct sample_ask *ask,
                 struct sample *sample_r, char *why_r, size_t n);
/* The rows of a WIRE_LISTING, with their number. */
bool sample_cases(struct compiler *c, struct str *s, char *why_r, size_t n);
/* The text of a WIRE_PROSE; base was compiled last, and kept. */
bool sample_docs(struct compiler *c, struct span what, struct str *s, char *why_r, size_t n);

#endif
