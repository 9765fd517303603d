/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/roff.h"
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

static void option_print_man(struct str *to, const struct option *o)
{
    str_printf(to, ".It Ic %s\n", o->name);
    roff_append_prose(to, o->prose);
    const char *allowed = option_allowed(to->arena, o);
    roff_append_prose(to, arena_printf(to->arena, "Allowed: %s.", allowed));
    if (*o->fallback != '\0')
        roff_append_prose(to, arena_printf(to->arena, "Default: %s", o->fallback));
}

void settings_print_man(struct str *to)
{
    bool open = false;
    roff_append_head(to, "mailboy.conf", 5, "configuration of Mailboy");
    str_append(to, ".Sh DESCRIPTION\n");
    roff_append_prose(
        to,
        "Lines starting with # are comments. A value stands on the line of its key; one that "
        "holds a semicolon behind a blank is put in \"quotes\". Lines have at most 198 bytes. The "
        "file has to be readable by its owner only. All mistakes in it are told together, and "
        "nothing starts until they are mended.");
    roff_append_prose(to, "  listen = /run/mailboy/mailboy.sock\n  workers = 8");
    for (const struct option *o = options; o->prose != NULL; o++) {
        if (o->name != NULL) {
            option_print_man(to, o);
            continue;
        }
        str_append(to, open ? ".El\n.Ss " : ".Ss ");
        roff_append(to, o->prose, strlen(o->prose));
        str_append(to, "\n.Bl -tag -width Ds\n");
        open = true;
    }
    str_append(to, ".El\n.Sh FILES\n.Bl -tag -width Ds\n.It Pa " SETTINGS_PATH
                   "\nThe file, unless\n.Fl \\-config\nor the variable\n.Ev MAILBOY_CONF\nnames "
                   "another.\n.El\n.Sh SEE ALSO\n.Xr mailboy 8\n");
}
