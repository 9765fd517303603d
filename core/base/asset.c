/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/asset.h"

#include <string.h>

#include "base/digest.h"
#include "base/str.h"
#include "base/svg.h"
#include "base/utf8.h"

static const struct {
    const char *ending, *type;
    bool base_only;
    const char *magic; /* how such a file begins; '.' stands for any byte. "": it is a text */
    size_t magic_n;
} types[] = {
    {".css", "text/css; charset=utf-8", false, "", 0},
    {".svg", "image/svg+xml", false, "", 0},
    {".png", "image/png", false, "\x89PNG\r\n\x1a\n", 8},
    {".jpg", "image/jpeg", false, "\xff\xd8\xff", 3},
    {".webp", "image/webp", false, "RIFF....WEBP", 12},
    {".ico", "image/x-icon", false, "\0\0\1\0", 4},
    {".woff2", "font/woff2", false, "wOF2", 4},
    {".js", "text/javascript; charset=utf-8", true, "", 0},
};

enum { TYPES = sizeof types / sizeof *types };

/* The row of that name's ending, TYPES if there is none. */
static size_t type_of(const char *path)
{
    const char *ending = strrchr(path, '.');
    size_t i = 0;
    while (i < TYPES && (ending == NULL || strcmp(ending, types[i].ending) != 0))
        i++;
    return i;
}

const char *asset_type(const char *path, bool is_base)
{
    size_t i = type_of(path);
    return i == TYPES || (types[i].base_only && !is_base) ? NULL : types[i].type;
}

bool asset_is_text(const char *path)
{
    size_t i = type_of(path);
    return i < TYPES && types[i].magic_n == 0;
}

static bool begins(const char *bytes, size_t n, const char *magic, size_t magic_n)
{
    for (size_t i = 0; i < magic_n; i++)
        if (i >= n || (magic[i] != '.' && magic[i] != bytes[i]))
            return false;
    return true;
}

const char *asset_problem(struct arena *a, const char *path, const void *bytes, size_t n,
                          bool is_base)
{
    size_t i = type_of(path);
    if (asset_type(path, is_base) == NULL)
        return arena_printf(a, "'%s' is no kind of file that a theme may bring", asset_name(path));
    if (!begins(bytes, n, types[i].magic, types[i].magic_n))
        return arena_printf(a, "this is no %s file", types[i].ending + 1);
    if (strcmp(types[i].ending, ".svg") == 0)
        return svg_problem(a, bytes, n);
    if (types[i].magic_n == 0 && (memchr(bytes, '\0', n) != NULL || !utf8_is_valid(bytes, n)))
        return "this is not UTF-8";
    return NULL;
}

const char *asset_name(const char *path)
{
    return text_starts(path, "assets/") ? path + strlen("assets/") : path;
}

char *asset_file(struct arena *a, const char *name, const void *bytes, size_t n)
{
    unsigned char digest[SHA256_BYTES];
    const char *dot = strrchr(name, '.');
    size_t stem = dot != NULL ? (size_t)(dot - name) : strlen(name);
    sha256(bytes, n, digest);
    return arena_printf(a, "%.*s-%s%s", (int)stem, name, hex_text(a, digest, 4), name + stem);
}
