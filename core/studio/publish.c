/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/embed.h"
#include "studio/folder.h"
#include "studio/press.h"
#include "view/theme.h"

/* `.ages` remembers for how many runs a file has had no theme: lines "AGE THEME/FILE". */
#define AGES ".ages"
enum { AGE_GONE = 2, AGES_BYTES = 1 << 20, THEME_ARENA = 32 << 20, THEMES = 200 };

struct run {
    struct arena *arena, *scratch; /* scratch: of one theme */
    int to;
    const char *ages;          /* as the last run left it */
    struct str *messages, now; /* now: "\nTHEME/FILE\n..." that themes have today */
    struct published *sum;
    bool failed;
};

static void fail(struct run *r, const char *theme, const char *name)
{
    str_printf(r->messages, "%s/%s: %s\n", theme, name, strerror(errno));
    r->failed = true;
}

static bool is_whole(int folder, const char *name, size_t n)
{
    struct stat s;
    return fstatat(folder, name, &s, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(s.st_mode) &&
           (size_t)s.st_size == n;
}

static bool write_pressed(struct run *r, int folder, const char *file, const char *bytes, size_t n)
{
    struct pressed gzip = press_gzip(r->scratch, bytes, n);
    struct pressed brotli = press_brotli(r->scratch, bytes, n);
    return folder_write(folder, arena_printf(r->scratch, "%s.gz", file), gzip.bytes, gzip.n) &&
           folder_write(folder, arena_printf(r->scratch, "%s.br", file), brotli.bytes, brotli.n);
}

/* The plain file comes last: where it stands, its short forms do. */
static void put(struct run *r, int folder, const char *theme, const char *path, const char *bytes,
                size_t n)
{
    const char *file = asset_file(r->scratch, asset_name(path), bytes, n);
    str_printf(&r->now, "%s/%s\n", theme, file);
    r->sum->files++;
    if (is_whole(folder, file, n))
        return;
    if ((asset_is_text(path) && !write_pressed(r, folder, file, bytes, n)) ||
        !folder_write(folder, file, bytes, n))
        fail(r, theme, file);
    else
        r->sum->fresh++;
}

/* theme.lua and templates are none; what lies in assets/ or bears an asset's ending wants to be. */
static bool means_to_be_asset(const char *path, bool is_base)
{
    const char *slash = strrchr(path, '/');
    return text_starts(path, "assets/") || (slash == NULL && asset_type(path, is_base) != NULL);
}

static void consider(struct run *r, int folder, const char *theme, const char *path,
                     const char *bytes, size_t n)
{
    bool is_base = strcmp(theme, "base") == 0;
    if (!means_to_be_asset(path, is_base))
        return;
    const char *problem = strchr(asset_name(path), '/') != NULL
                              ? "assets lie in no folders of their own"
                              : asset_problem(r->scratch, path, bytes, n, is_base);
    if (problem == NULL)
        put(r, folder, theme, path, bytes, n);
    else
        str_printf(r->messages, "%s/%s: %s\n", theme, path, problem);
}

static int enter(struct run *r, const char *theme)
{
    int folder = folder_enter(r->to, theme);
    if (folder < 0)
        fail(r, theme, "");
    else
        r->sum->themes++;
    return folder;
}

static void publish_base(struct run *r)
{
    int folder = enter(r, "base");
    for (const struct embedded *f = embed_base; folder >= 0 && f->path != NULL; f++)
        consider(r, folder, "base", f->path, f->bytes, f->size);
    if (folder >= 0)
        close(folder);
}

/* Of the chain only the theme itself: its parents are themes of their own. */
static void publish_theme(struct run *r, const char *themes_dir, const char *name)
{
    const char *problem = NULL;
    const struct theme *t = theme_load(r->scratch, themes_dir, name, &problem);
    if (t == NULL) {
        str_printf(r->messages, "%s: left out: %s\n", name, problem);
        return;
    }
    int folder = enter(r, name);
    for (size_t i = 0; folder >= 0 && i < t->chain[0].files_n; i++) {
        const struct theme_file *f = &t->chain[0].files[i];
        consider(r, folder, name, f->path, f->bytes, f->n);
    }
    if (folder >= 0)
        close(folder);
}

static void publish_installed(struct run *r, const char *themes_dir)
{
    size_t n;
    int folder = open(themes_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return; /* no themes but base */
    const char **names = folder_list(r->arena, folder, &n);
    close(folder);
    for (size_t i = 0; i < n && i < THEMES; i++)
        if (theme_name_is_valid(names[i]) && strcmp(names[i], "base") != 0 &&
            theme_exists(themes_dir, names[i])) {
            publish_theme(r, themes_dir, names[i]);
            arena_reset(r->scratch);
        }
}

static const char *read_ages(struct arena *a, int to)
{
    struct stat s;
    int fd = openat(to, AGES, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    char *text = arena_strdup(a, "");
    if (fd >= 0 && fstat(fd, &s) == 0 && s.st_size < AGES_BYTES) {
        text = arena_alloc(a, (size_t)s.st_size + 1);
        ssize_t n = read(fd, text, (size_t)s.st_size);
        text[n > 0 ? n : 0] = '\0';
    }
    if (fd >= 0)
        close(fd);
    return text;
}

/* For how many runs it had no theme, this one included. */
static int age_of(struct run *r, const char *path)
{
    const char *at = strstr(r->ages, arena_printf(r->scratch, " %s\n", path));
    return at != NULL && at > r->ages ? at[-1] - '0' + 1 : 1;
}

/* The name without .gz or .br. */
static const char *plain_name(struct arena *a, const char *name)
{
    size_t n = strlen(name);
    bool pressed = n > 3 && (strcmp(name + n - 3, ".gz") == 0 || strcmp(name + n - 3, ".br") == 0);
    return arena_memdup(a, name, pressed ? n - 3 : n);
}

static void tidy_theme(struct run *r, const char *theme, struct str *ages)
{
    size_t n;
    int folder = openat(r->to, theme, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return;
    const char **names = folder_list(r->scratch, folder, &n);
    for (size_t i = 0; i < n; i++) {
        const char *plain = plain_name(r->scratch, names[i]);
        const char *path = arena_printf(r->scratch, "%s/%s", theme, plain);
        if (strstr(r->now.data, arena_printf(r->scratch, "\n%s\n", path)) != NULL)
            continue;
        int age = age_of(r, path);
        if (names[i][0] == '.' || age >= AGE_GONE)
            r->sum->removed += unlinkat(folder, names[i], 0) == 0 && strcmp(plain, names[i]) == 0;
        else if (strcmp(plain, names[i]) == 0)
            str_printf(ages, "%d %s\n", age, path);
    }
    close(folder);
    unlinkat(r->to, theme, AT_REMOVEDIR); /* if nothing is left */
}

static void tidy(struct run *r)
{
    size_t n;
    struct str ages;
    str_init(&ages, r->arena, AGES_BYTES);
    const char **themes = folder_list(r->arena, r->to, &n);
    for (size_t i = 0; i < n; i++)
        if (theme_name_is_valid(themes[i])) {
            tidy_theme(r, themes[i], &ages);
            arena_reset(r->scratch);
        }
    if (!folder_write(r->to, AGES, ages.data, ages.len))
        fail(r, "", AGES);
}

bool publish_assets(struct arena *a, const char *themes_dir, const char *folder,
                    struct str *messages, struct published *published_r)
{
    *published_r = (struct published){0};
    struct run r = {.arena = a, .messages = messages, .sum = published_r};
    r.to = folder_open(a, folder);
    if (r.to < 0) {
        str_printf(messages, "%s: %s\n", folder, strerror(errno));
        return false;
    }
    r.scratch = arena_create(THEME_ARENA);
    r.ages = read_ages(a, r.to);
    str_init(&r.now, a, (size_t)8 << 20);
    str_append_c(&r.now, '\n');
    publish_base(&r);
    arena_reset(r.scratch);
    publish_installed(&r, themes_dir);
    if (!r.failed) /* else what is missing today may only be unreadable */
        tidy(&r);
    arena_destroy(r.scratch);
    close(r.to);
    return !r.failed;
}
