/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The difference of two texts, line by line, on standard output, by diff(1). */
#ifndef STUDIO_COMPARE_H
#define STUDIO_COMPARE_H

#include <stdbool.h>

/* False: it could not be shown. The same texts show nothing. */
bool compare_print(const char *label, const char *text, const char *other_label,
                   const char *other_text);

#endif
