/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What languages a browser would like, by Accept-Language (RFC 9110, 12.5.4; ranges looked up as in
 * RFC 4647, 3.4). The header is a stranger's: what has no sense is passed over, and of a long one
 * only the first 32 ranges are looked at. Nothing is kept. */
#ifndef HTTP_LANGUAGE_H
#define HTTP_LANGUAGE_H

#include "base/locale.h"

/* The one of ours that is wanted most; of equal ones the first. English where none is, or the
 * header is NULL. Pseudo-locales are there for testers, in builds with sanitizers. */
enum locale language_wanted(const char *header);

#endif
