/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for manual pages in mdoc(7), so that it comes out as it was written: no character of it is
 * taken for a request, an escape or a dash. */
#ifndef BASE_ROFF_H
#define BASE_ROFF_H

#include "base/str.h"

/* Words inside a line. Line ends become blanks. */
void roff_append(struct str *s, const char *text, size_t n);
/* Sentences, each on a line of its own as mdoc wants it. Lines that begin with two blanks are
 * examples, set as they are. Ends with an end of line. */
void roff_append_prose(struct str *s, const char *text);
/* .Dd .Dt .Os and the name with one sentence of what it is. */
void roff_append_head(struct str *s, const char *name, unsigned section, const char *what);

#endif
