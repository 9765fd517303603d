/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "settings/option.h"

enum { WIDTH = 92 };

/* As comment lines, broken at blanks. */
static void print_wrapped(struct str *to, const char *text)
{
    size_t column = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        if (column > 0 && column + 1 + word > WIDTH) {
            str_append_c(to, '\n');
            column = 0;
        }
        str_append(to, column == 0 ? "# " : " ");
        str_append_n(to, text, word);
        column += column == 0 ? 2 + word : 1 + word;
        text += word + (text[word] == ' ');
    }
    str_append_c(to, '\n');
}

void settings_print_manual(struct str *to)
{
    struct arena *a = to->arena;
    print_wrapped(
        to,
        "The configuration of Mailboy: " SETTINGS_PATH ". Lines starting with # are comments. Each "
        "option is shown with its default; take the # away to set it. A value stands on the line "
        "of its key; one that holds a semicolon behind a blank is put in \"quotes\". Lines have "
        "at most 198 bytes. The file has to be readable by its owner only (chmod 600).");
    for (const struct option *o = options; o->prose != NULL; o++) {
        if (o->name == NULL) {
            str_printf(to, "\n\n# --- %s ---\n", o->prose);
            continue;
        }
        str_append_c(to, '\n');
        print_wrapped(to, o->prose);
        print_wrapped(to, arena_printf(a, "Allowed: %s.", option_allowed(a, o)));
        str_printf(to, "#%s =%s%s\n", o->name, *o->fallback != '\0' ? " " : "", o->fallback);
    }
}
