/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing above U+10FFFF. Checked
 * once, where bytes come in; inside the house text is known to be good. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the character that `text` starts with (n bytes are there), 0 if it is broken. */
size_t utf8_step(const char *text, size_t n);
bool utf8_is_valid(const char *s, size_t n);
/* Is there a control character (C0, DEL, C1) or a NUL? */
bool utf8_has_control(const char *s, size_t n);
/* Is there a separator of lines or paragraphs, or what turns the direction of all the text behind it
 * (UAX #9's embeddings, overrides and isolates)? Right-to-left letters need none of these. */
bool utf8_has_direction(const char *text, size_t n);
/* Characters, of text known to be good. */
size_t utf8_length(const char *s);

#endif
