/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every message that C has for people: rows of base/texts.def (key, English text, with at most
 * one %s), and texts marked N_() where they stand. The command line, JSON and the pages without
 * Lua print the English; pages print them in the reader's language, from core/po/LANGUAGE.po, which
 * the build makes a part of the program. What is given here lives as long as the program or, a
 * pseudo-locale's, as the arena. */
#ifndef BASE_TEXTS_H
#define BASE_TEXTS_H

#include "base/arena.h"
#include "base/locale.h"

/* An English text that is translated where it is shown: for xgettext to find. */
#define N_(text) text

enum text_key {
    TEXT_NONE,
#define TEXT(key, english) TEXT_##key,
#include "base/texts.def"
#undef TEXT
    TEXT_COUNT
};

/* "domain_taken": the code of JSON errors. */
const char *text_code(enum text_key key);
const char *text_english(enum text_key key);
/* With its %s filled in; `arg` may be NULL. */
const char *text_format(struct arena *a, enum text_key key, const char *arg);

/* The same in a language; English where it has no words for it. */
const char *text_in(struct arena *a, enum locale l, enum text_key key);
const char *text_format_in(struct arena *a, enum locale l, enum text_key key, const char *arg);
/* An English text of the program, such as N_("Save"). NULL stays NULL. */
const char *text_say(struct arena *a, enum locale l, const char *english);
/* With its only %s filled in. */
const char *text_say_of(struct arena *a, enum locale l, const char *english, const char *arg);
/* NULL: that language has no words for it. */
const char *text_translation(enum locale l, const char *english);

#endif
