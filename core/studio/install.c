/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/install.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/asset.h"
#include "studio/bundle.h"
#include "studio/folder.h"
#include "studio/publish.h"
#include "studio/unpack.h"
#include "view/studio.h"

#define WORKPLACE ".install"

static int fail(int status, const char *what, const char *why)
{
    fprintf(stderr, "mailboy: %s: %s\n", what, why);
    return status;
}

static void print_findings(const struct studio_findings *f)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct studio_finding *at = &f->at[i];
        if (at->level < STUDIO_ERROR)
            continue;
        fprintf(stderr, "%s/%s:%u:%u: %s %s: %s\n", at->theme, at->path, at->line, at->column,
                studio_level_word(at->level), at->code, at->message);
    }
}

/* Also what `publish` would leave out. */
static bool assets_are_good(struct arena *a, const struct theme_folder *f)
{
    bool good = true;
    for (size_t i = 0; i < f->files_n; i++) {
        const struct theme_file *file = &f->files[i];
        bool asset = text_starts(file->path, "assets/") || asset_type(file->path, false) != NULL;
        const char *problem = asset ? asset_problem(a, file->path, file->bytes, file->n, false)
                                    : NULL;
        if (problem != NULL)
            fprintf(stderr, "%s/%s: %s\n", f->name, file->path, problem);
        good = good && problem == NULL;
    }
    return good;
}

/* Every rule; NULL in version_r's place if something is wrong, which was said. */
static bool is_fit(struct arena *a, struct studio *s, const char *themes_dir, const char *name,
                   const char **version_r)
{
    struct studio_findings f;
    if (!studio_load(s, a, themes_dir, name, STUDIO_WHOLE, &f)) {
        fail(0, name, studio_why(s));
        return false;
    }
    print_findings(&f);
    bool good = assets_are_good(a, &studio_theme(s)->chain[0]);
    *version_r = f.version;
    return good && f.usable && studio_count(&f, STUDIO_ERROR) == 0;
}

static bool read_archive(struct arena *a, const char *path, const char **bytes_r, size_t *n_r)
{
    struct stat s;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    bool good = fd >= 0 && fstat(fd, &s) == 0;
    if (good && (!S_ISREG(s.st_mode) || s.st_size > BUNDLE_BYTES)) {
        errno = S_ISREG(s.st_mode) ? EFBIG : EINVAL;
        good = false;
    }
    if (good) {
        char *bytes = arena_raw(a, (size_t)s.st_size + 1);
        ssize_t n = read(fd, bytes, (size_t)s.st_size);
        good = n == s.st_size;
        *bytes_r = bytes;
        *n_r = (size_t)s.st_size;
    }
    if (fd >= 0)
        close(fd);
    return good;
}

/* One at a time; what an interrupted one left is taken away. */
static bool lock(struct arena *a, int themes)
{
    size_t n;
    if (flock(themes, LOCK_EX | LOCK_NB) != 0)
        return false;
    const char **names = folder_list(a, themes, &n);
    for (size_t i = 0; i < n; i++)
        if (text_starts(names[i], WORKPLACE "-"))
            folder_remove(themes, names[i]);
    return true;
}

/* The new theme in a folder of its own, and links to the others, which may be its parents. */
static bool lay_out(struct arena *a, int themes, const char *workplace, const struct bundle *b)
{
    size_t n;
    const char **names = folder_list(a, themes, &n);
    int at = openat(themes, workplace, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = at >= 0;
    for (size_t i = 0; i < n && good; i++)
        if (theme_name_is_valid(names[i]) && strcmp(names[i], b->name) != 0)
            good = symlinkat(arena_printf(a, "../%s", names[i]), at, names[i]) == 0;
    for (size_t i = 0; i < b->files_n && good; i++) {
        const struct theme_file *f = &b->files[i];
        good =
            folder_write_below(a, at, arena_printf(a, "%s/%s", b->name, f->path), f->bytes, f->n);
    }
    if (at >= 0)
        close(at);
    return good;
}

/* What is there comes to lie where the new one was. Called twice, it undoes itself. */
static bool change_places(int themes, const char *fresh, const char *name, bool *replaced_r)
{
    *replaced_r = renameat2(themes, fresh, themes, name, RENAME_EXCHANGE) == 0;
    return *replaced_r ||
           (errno == ENOENT && renameat2(themes, fresh, themes, name, RENAME_NOREPLACE) == 0);
}

static int put_in_place(struct arena *a, const struct studio_order *order, int themes,
                        const char *fresh, const char *name)
{
    struct published sum;
    struct str messages;
    bool replaced, ignored;
    str_init(&messages, a, 1 << 20);
    if (!change_places(themes, fresh, name, &replaced))
        return fail(EX_CANTCREAT, name, strerror(errno));
    if (publish_assets(a, order->themes_dir, order->assets_dir, &messages, &sum)) {
        fputs(messages.data, stderr);
        printf("%s %s.\n", name, replaced ? "took the place of what was there" : "is installed");
        printf("Workers that wear it read it anew after a reload (SIGHUP).\n");
        return EX_OK;
    }
    fputs(messages.data, stderr);
    if (replaced)
        change_places(themes, fresh, name, &ignored);
    else
        folder_remove(themes, name);
    return fail(EX_CANTCREAT, name, "its assets cannot be published; all is as it was");
}

static int install(struct arena *a, const struct studio_order *order, struct studio *s, int themes,
                   const struct bundle *b)
{
    const char *version = "", *workplace = folder_make_fresh(a, themes, WORKPLACE);
    int status = EX_CANTCREAT;
    if (workplace == NULL || !lay_out(a, themes, workplace, b))
        fail(0, order->themes_dir, strerror(errno));
    else if (!is_fit(a, s, arena_printf(a, "%s/%s", order->themes_dir, workplace), b->name,
                     &version))
        status = fail(EX_DATAERR, b->name, "it is not installed");
    else
        status =
            put_in_place(a, order, themes, arena_printf(a, "%s/%s", workplace, b->name), b->name);
    if (workplace != NULL && !folder_remove(themes, workplace))
        fail(0, workplace, "something is left of it");
    return status;
}

int install_prepare(struct arena *a, struct studio_order *order)
{
    const char *bytes;
    size_t n;
    struct bundle *b = ARENA_NEW(a, struct bundle);
    struct str messages;
    str_init(&messages, a, 1 << 16);
    if (!read_archive(a, order->operand, &bytes, &n))
        return fail(EX_NOINPUT, order->operand, strerror(errno));
    if (!unpack(a, bytes, n, b, &messages)) {
        fputs(messages.data, stderr);
        return fail(EX_DATAERR, order->operand, "it is not installed");
    }
    if (strcmp(b->name, "base") == 0)
        return fail(EX_DATAERR, order->operand, "base is part of the program");
    order->prepared = b;
    return EX_OK;
}

int install_run(struct arena *a, const struct studio_order *order)
{
    int themes = folder_open(a, order->themes_dir);
    if (themes < 0 || !lock(a, themes))
        return fail(EX_CANTCREAT, order->themes_dir,
                    errno == EWOULDBLOCK ? "somebody else is installing" : strerror(errno));
    struct studio *s = studio_create(order->zygote);
    int status = install(a, order, s, themes, order->prepared);
    studio_destroy(s);
    close(themes);
    return status;
}

/* For a file's name. */
static bool version_is_plain(const char *version)
{
    size_t n = strlen(version);
    return n > 0 && n <= 40 && strspn(version, "0123456789abcdefghijklmnopqrstuvwxyz.-+") == n;
}

static int write_pack(struct arena *a, const char *folder, const struct bundle *b,
                      const char *version)
{
    struct str s;
    const char *file = arena_printf(a, "%s-%s.tar.gz", b->name, version);
    str_init(&s, a, BUNDLE_BYTES);
    bundle_write(b, &s);
    if (s.overflow)
        return fail(EX_DATAERR, b->name, "it is too large to be installed by anybody");
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = at >= 0 && folder_write(at, file, s.data, s.len);
    if (at >= 0)
        close(at);
    if (!good)
        return fail(EX_CANTCREAT, arena_printf(a, "%s/%s", folder, file), strerror(errno));
    printf("%s/%s\n", folder, file);
    return EX_OK;
}

int pack_run(struct arena *a, const struct studio_order *order)
{
    const char *version = "";
    struct studio *s = studio_create(order->zygote);
    int status = EX_DATAERR;
    if (strcmp(order->operand, "base") == 0) {
        fail(0, "base", "it is part of the program");
    } else if (!is_fit(a, s, order->themes_dir, order->operand, &version)) {
        fail(0, order->operand, "nobody could install it: it is not packed");
    } else if (!version_is_plain(version)) {
        fail(0, order->operand, "its version is no name for a file");
    } else {
        const struct theme_folder *f = &studio_theme(s)->chain[0];
        struct bundle b = {.name = f->name, .files_n = f->files_n, .files = f->files};
        status = write_pack(a, order->out != NULL ? order->out : ".", &b, version);
    }
    studio_destroy(s);
    return status;
}
