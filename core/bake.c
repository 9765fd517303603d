/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bake FOLDER: runs while the program is built and writes what the theme compiler makes of `base` in each language
 * that users are offered, a file for each, named by its tag, and beside it TAG.units: what that is made of, so that
 * a child theme compiles no more than it changes. So a server that starts compiles nothing, and a mistake in `base` ends
 * the build. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "patterns.h"

enum { PRODUCT_MOST = 16 * 1024 * 1024 };

static bool write_file(const char *folder, const char *name, const struct str *bytes)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    bool written = fwrite(bytes->data, 1, bytes->len, file) == bytes->len;
    return fclose(file) == 0 && written;
}

static bool bake(const char *folder, enum locale locale)
{
    struct arena *a = arena_create((size_t)4 * PRODUCT_MOST);
    struct str product, units;
    char units_name[64];
    snprintf(units_name, sizeof units_name, "%s.units", locale_tag(locale));
    str_init(&product, a, PRODUCT_MOST);
    str_init(&units, a, PRODUCT_MOST);
    bool done = renderer_bake(route_patterns, locale, &product, &units) &&
                write_file(folder, locale_tag(locale), &product) &&
                write_file(folder, units_name, &units);
    arena_destroy(a);
    return done;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: bake FOLDER\n", stderr);
        return EXIT_FAILURE;
    }
    for (int l = 0; l < LOCALE_COUNT; l++)
        if (locale_is_offered((enum locale)l) && !bake(argv[1], (enum locale)l))
            return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
