/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which writing a text is of: enough of Unicode's Scripts.txt and of UTS 39 to say whether a
 * name can be shown as it reads without passing for another. What is not in the table counts as
 * unsafe. Text is known to be good UTF-8. Pure. */
#ifndef MODEL_SCRIPT_H
#define MODEL_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

/* One script (digits and hyphens go with any), or Han with kana, bopomofo or hangul, these also
 * with Latin; and not only letters that look like Latin ones. */
bool script_is_plain(const char *text);
/* Is there a character that shows nothing (soft hyphen, zero width, direction marks, selectors)? */
bool script_has_invisible(const char *text, size_t n);

#endif
