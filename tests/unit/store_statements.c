/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints every statement of store/ as one JSON object {name: SQL}, so that a test can EXPLAIN
 * each. */
#include <stdio.h>

#include "store/statement.h"

static void print_text(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

int main(void)
{
    const char *comma = "{";
    for (const struct statement *const *at = statements_all(); *at != NULL; at++) {
        fputs(comma, stdout);
        print_text((*at)->name);
        fputs(": ", stdout);
        print_text((*at)->sql);
        comma = ",\n";
    }
    puts("}");
    return 0;
}
