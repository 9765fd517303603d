/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A theme's file under /assets/: "PATH NUL FILE NUL bytes". Nothing is served but what the list
 * of types knows, under its own fingerprint; scripts never from a theme. */
#include "base/asset.h"
#include "fuzz.h"
#include "view/theme.h"

static void check_served(const char *path, const struct theme_asset *asset, const uint8_t *bytes,
                         size_t n)
{
    assert(asset->type == asset_type(path, false) && asset->size == n &&
           asset->bytes == (const char *)bytes);
    assert(strstr(asset->type, "javascript") == NULL && strstr(asset->type, "html") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    const char *path = fuzz_text(a, data, n);
    size_t at = strlen(path) + 1 < n ? strlen(path) + 1 : n;
    const char *wanted = fuzz_text(a, data + at, n - at);
    at = at + strlen(wanted) + 1 < n ? at + strlen(wanted) + 1 : n;
    struct theme_file file = {.path = path, .bytes = (const char *)data + at, .n = n - at};
    struct theme theme = {
        .name = "child", .chain_n = 1, .chain = {{.name = "child", .files_n = 1, .files = &file}}};
    struct theme_asset asset;
    if (theme_asset_find(&theme, "child", wanted, &asset))
        check_served(path, &asset, data + at, n - at);
    const char *right = asset_file(a, asset_name(path), data + at, n - at);
    bool served = theme_asset_find(&theme, "child", right, &asset);
    const char *problem = asset_problem(a, path, data + at, n - at, false);
    assert(served == (asset_type(path, false) != NULL && problem == NULL));
    assert(!theme_asset_find(&theme, "other", right, &asset) || strcmp(path, "other") == 0);
    if (theme_asset_find(&theme, "base", wanted, &asset))
        assert(asset.type != NULL);
    theme_name_is_valid(wanted);
    asset_is_text(path);
    return 0;
}
