/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The languages that Mailboy speaks, as numbers: rows of base/locale.def. What a stranger asks for
 * becomes one of them here, or English; the pseudo-locales are known by their tags but never
 * offered. Nothing here allocates. */
#ifndef BASE_LOCALE_H
#define BASE_LOCALE_H

#include <stdbool.h>
#include <stddef.h>

enum locale {
#define LOCALE(id, tag, dir, name, offered) LOCALE_##id,
#include "base/locale.def"
#undef LOCALE
    LOCALE_COUNT
};

const char *locale_tag(enum locale l);  /* "fr", as in <html lang> and the names of PO files */
const char *locale_dir(enum locale l);  /* "ltr" or "rtl" */
const char *locale_name(enum locale l); /* "Français" */
bool locale_is_offered(enum locale l);  /* to users: not a pseudo-locale */
/* By its tag, letters in any case; a tag with more subtags ("fr-CA", "de-AT-1901") finds its
 * language. False: none of ours. */
bool locale_find(const char *tag, size_t n, enum locale *locale_r);

#endif
