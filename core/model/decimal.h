/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers with decimals, kept in thousandths. Texts made live in the arena. Pure. */
#ifndef MODEL_DECIMAL_H
#define MODEL_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* "6.31", "-999", "6,3": at most three decimals; a minus sign of any kind. Thousandths; false: no
 * such number, or beyond a million. */
bool decimal_parse(const char *text, size_t n, int64_t *thousandths_r);
/* The shortest spelling: "6.31", "5". */
const char *decimal_text(struct arena *a, int64_t thousandths);

#endif
