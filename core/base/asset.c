/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/asset.h"

#include <string.h>

#include "base/digest.h"
#include "base/str.h"

static const struct {
    const char *ending, *type;
    bool base_only;
} types[] = {
    {".css", "text/css; charset=utf-8", false},
    {".svg", "image/svg+xml", false},
    {".png", "image/png", false},
    {".jpg", "image/jpeg", false},
    {".webp", "image/webp", false},
    {".ico", "image/x-icon", false},
    {".woff2", "font/woff2", false},
    {".js", "text/javascript; charset=utf-8", true},
};

const char *asset_type(const char *path, bool is_base)
{
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending != NULL && i < sizeof types / sizeof *types; i++)
        if (strcmp(ending, types[i].ending) == 0)
            return types[i].base_only && !is_base ? NULL : types[i].type;
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
