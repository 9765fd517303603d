/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Name-value pairs as browsers send them: application/x-www-form-urlencoded bodies, query
 * strings (WHATWG URL 5.1) and Cookie headers (RFC 6265 4.2). Bytes of strangers: a broken %XX,
 * a NUL, broken UTF-8 in a name or more than PAIRS_MAX pairs is refused whole. Values may hold
 * any byte but NUL (passwords); who uses one as text checks UTF-8. Pure; everything lives in the
 * arena. */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { PAIRS_MAX = 1000 };

struct pair {
    const char *name, *value; /* with a NUL behind them */
    size_t value_n;
};

struct pairs {
    struct pair *rows;
    size_t n;
};

bool form_parse(struct arena *a, const char *bytes, size_t n, struct pairs *pairs_r);
/* Values of cookies are taken as they are; what is no cookie is skipped. */
bool cookie_parse(struct arena *a, const char *header, struct pairs *pairs_r);
/* The last pair of that name (a hidden "0" before a checkbox's "1"), or NULL. */
const struct pair *pairs_find(const struct pairs *p, const char *name);
const char *pairs_text(const struct pairs *p, const char *name);
/* Decodes %XX (and + as a blank when `plus`); false if broken or if it makes a NUL. */
bool percent_decode(struct arena *a, const char *bytes, size_t n, bool plus, const char **text_r,
                    size_t *n_r);

#endif
