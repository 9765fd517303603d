/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every message that C has for people: rows of base/texts.def (key, English text, with at most
 * one %s). The command line, JSON and the pages without Lua print the English; themes translate
 * by key. */
#ifndef BASE_TEXTS_H
#define BASE_TEXTS_H

#include "base/arena.h"

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

#endif
