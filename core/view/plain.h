/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages made in C: no Lua, no theme, no database; base's style, from the program itself. For 500 and 503, and when no
 * renderer can be had: it says what happened and leads back. */
#ifndef VIEW_PLAIN_H
#define VIEW_PLAIN_H

#include "base/locale.h"
#include "base/str.h"

/* Appends a whole page in that language, which heading and text have already. `prefix`: of the installation's
 * URLs, for the way back. */
void plain_page(struct str *html_r, enum locale l, int status, const char *heading,
                const char *text, const char *request_id, const char *prefix);

#endif
