/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/theme.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/asset.h"
#include "base/embed.h"
#include "base/nearest.h"
#include "base/str.h"

enum { NAME_MAX_BYTES = 40, DEPTH_MAX = 3, PATH_MAX_BYTES = 200 };

bool theme_name_is_valid(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= NAME_MAX_BYTES && name[0] != '-' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

/* What is being read, and how much of it there is already. */
struct reading {
    struct arena *arena;
    struct theme *theme;
    struct theme_folder *folder;
    const char *problem;
};

/* What an editor or a version control keeps for itself. */
static bool is_private_name(const char *name)
{
    return name[0] == '.' || name[0] == '#' || name[strlen(name) - 1] == '~';
}

static bool is_plain_name(const char *name)
{
    for (; *name != '\0'; name++)
        if (!isalnum((unsigned char)*name) && strchr("-_.", *name) == NULL)
            return false;
    return true;
}

static void omit(struct reading *r, const char *path, const char *why, const char *mend)
{
    struct theme_folder *f = r->folder;
    if (f->omissions_n < THEME_OMISSIONS)
        f->omissions[f->omissions_n++] =
            (struct theme_omission){.path = path, .why = why, .mend = mend};
}

static const char *kind_in_words(mode_t mode)
{
    return S_ISLNK(mode)    ? "a link"
           : S_ISFIFO(mode) ? "a pipe"
           : S_ISSOCK(mode) ? "a socket"
                            : "a device";
}

/* `why`: of what opening it said. */
static void omit_entry(struct reading *r, int at, const char *path, const char *name, int why)
{
    struct stat s;
    if (fstatat(at, name, &s, AT_SYMLINK_NOFOLLOW) != 0)
        return; /* gone meanwhile */
    if (!S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode))
        omit(r, path,
             arena_printf(r->arena, "this is %s, which is not followed", kind_in_words(s.st_mode)),
             S_ISLNK(s.st_mode) ? "put a copy of what it leads to in its place"
                                : "only files and folders belong here");
    else
        omit(r, path, arena_printf(r->arena, "this cannot be read: %s", strerror(why)),
             "chmod -R a+rX the theme's folder");
}

static bool read_bytes(int fd, char *to, size_t n)
{
    while (n > 0) {
        ssize_t got = read(fd, to, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        n -= (size_t)got;
    }
    return true;
}

static const char *excess(struct reading *r, size_t n)
{
    if (n > THEME_FILE_BYTES)
        return arena_printf(r->arena, "larger than %d KB, the most that a file of a theme may have",
                            THEME_FILE_BYTES / 1024);
    if (r->theme->bytes + n > THEME_BYTES)
        return arena_printf(r->arena, "the files of a theme and its parents are larger than %d KB",
                            THEME_BYTES / 1024);
    if (r->folder->files_n == THEME_FILES)
        return arena_printf(r->arena, "more than %d files, the most that a theme may have",
                            THEME_FILES);
    return NULL;
}

static void keep_file(struct reading *r, int fd, const char *path, size_t n)
{
    const char *why = excess(r, n);
    char *bytes = why == NULL ? arena_alloc(r->arena, n + 1) : NULL;
    if (why == NULL && !read_bytes(fd, bytes, n))
        why = "cannot be read";
    if (why != NULL) {
        r->problem = arena_printf(r->arena, "%s/%s: %s", r->folder->name, path, why);
        return;
    }
    r->theme->bytes += n;
    r->folder->files[r->folder->files_n++] =
        (struct theme_file){.path = path, .bytes = bytes, .n = n};
}

static void read_folder(struct reading *r, int fd, const char *below, int depth);

static void read_entry(struct reading *r, int at, const char *below, const char *name, int depth)
{
    struct stat s;
    const char *path = below[0] == '\0' ? name : arena_printf(r->arena, "%s/%s", below, name);
    if (!is_plain_name(name)) {
        omit(r, path, "a name of other signs than letters, digits and - _ .", "rename it");
        return;
    }
    int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &s) != 0 || (!S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode)))
        omit_entry(r, at, path, name, errno);
    else if (strlen(path) > PATH_MAX_BYTES || (S_ISDIR(s.st_mode) && depth == DEPTH_MAX))
        omit(r, path, "too deep", "folders of a theme lie in each other three deep at most");
    else if (S_ISDIR(s.st_mode))
        read_folder(r, dup(fd), path, depth + 1);
    else
        keep_file(r, fd, path, (size_t)s.st_size);
    if (fd >= 0)
        close(fd);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Takes the descriptor. In the order of the names, so that all workers see the same. */
static void read_folder(struct reading *r, int fd, const char *below, int depth)
{
    enum { MOST = THEME_FILES + THEME_OMISSIONS };
    size_t n = 0;
    char **names = arena_array(r->arena, MOST, sizeof *names);
    DIR *d = fdopendir(fd);
    if (d == NULL) {
        close(fd);
        return;
    }
    for (struct dirent *e = readdir(d); e != NULL && n < MOST; e = readdir(d))
        if (!is_private_name(e->d_name))
            names[n++] = arena_strdup(r->arena, e->d_name);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n && r->problem == NULL; i++)
        read_entry(r, fd, below, names[i], depth);
    closedir(d);
}

const struct theme_file *theme_file(const struct theme_folder *f, const char *path)
{
    for (size_t i = 0; i < f->files_n; i++)
        if (strcmp(f->files[i].path, path) == 0)
            return &f->files[i];
    return NULL;
}

/* Past a comment or a string, else one byte further. */
static const char *step(const char *at)
{
    if (strncmp(at, "--", 2) == 0)
        return at + strcspn(at, "\n");
    if (*at != '"' && *at != '\'')
        return at + 1;
    for (char quote = *at++; *at != '\0' && *at != quote && *at != '\n'; at++)
        if (*at == '\\' && at[1] != '\0')
            at++;
    return *at != '\0' ? at + 1 : at;
}

/* The text of `extends = "..."`, read without running anything; "base" if it is not there. */
static const char *parent_of(struct arena *a, const struct theme_file *manifest)
{
    const char *at = manifest->bytes;
    for (char before = ' '; *at != '\0'; before = at[-1]) {
        const char *word = at;
        if (strncmp(at, "extends", 7) == 0 && !isalnum((unsigned char)before) && before != '_') {
            at += 7 + strspn(at + 7, " \t\n");
            if (*at == '=') {
                at += 1 + strspn(at + 1, " \t\n");
                size_t n = *at == '"' || *at == '\'' ? strcspn(at + 1, "\"'\n\\") : 0;
                return n > 0 ? arena_memdup(a, at + 1, n) : "base";
            }
            at = word;
        }
        at = step(at);
    }
    return "base";
}

/* "three, which extends two, which extends one" */
static const char *chain_in_words(struct arena *a, const struct theme *t)
{
    struct str s;
    str_init(&s, a, THEME_CHAIN * (NAME_MAX_BYTES + 32));
    for (size_t i = 0; i < t->chain_n; i++)
        str_printf(&s, "%s%s", i > 0 ? ", which extends " : "", t->chain[i].name);
    return s.data;
}

static bool is_in_chain(const struct theme *t, const char *name)
{
    for (size_t i = 0; i < t->chain_n; i++)
        if (strcmp(t->chain[i].name, name) == 0)
            return true;
    return false;
}

/* Why a theme of the chain cannot be that one; NULL if it can. */
static const char *objection(struct arena *a, const struct theme *t, const char *name)
{
    if (!theme_name_is_valid(name))
        return arena_printf(a, "%s%s'%s' is no theme's name: a-z, 0-9 and '-', %d at most",
                            chain_in_words(a, t), t->chain_n > 0 ? ", which extends " : "", name,
                            NAME_MAX_BYTES);
    if (is_in_chain(t, name))
        return arena_printf(a, "%s, which extends %s again: a chain ends in base",
                            chain_in_words(a, t), name);
    if (t->chain_n == THEME_CHAIN)
        return arena_printf(a, "%s, which extends %s: %d themes may stand on each other at most",
                            chain_in_words(a, t), name, THEME_CHAIN);
    return NULL;
}

/* As "there is no theme 'bas', which harbour extends: ... - did you mean 'base'?" */
static const char *absence(struct arena *a, const char *themes_dir, const struct theme *t,
                           const char *name)
{
    const char *const *names, *why = strerror(errno);
    size_t n;
    struct nearest near = nearest_to(name);
    theme_list(a, themes_dir, &names, &n);
    for (size_t i = 0; i < n; i++)
        nearest_try(&near, names[i]);
    return arena_printf(a, "there is no theme '%s'%s%s: %s%s%s%s", name,
                        t->chain_n > 0 ? ", the parent of " : "",
                        t->chain_n > 0 ? t->chain[t->chain_n - 1].name : "", why,
                        near.name != NULL ? " - did you mean '" : "",
                        near.name != NULL ? near.name : "", near.name != NULL ? "'?" : "");
}

static const char *manifest_missing(struct reading *r)
{
    const struct theme_folder *f = r->folder;
    for (size_t i = 0; i < f->omissions_n; i++)
        if (strcmp(f->omissions[i].path, "theme.lua") == 0)
            return arena_printf(r->arena, "%s/theme.lua: %s: %s", f->name, f->omissions[i].why,
                                f->omissions[i].mend);
    return arena_printf(r->arena, "%s/theme.lua is missing", f->name);
}

static bool load_one(struct reading *r, const char *themes_dir, int themes, const char *name)
{
    struct theme *t = r->theme;
    r->problem = objection(r->arena, t, name);
    if (r->problem != NULL)
        return false;
    int fd = openat(themes, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        r->problem = absence(r->arena, themes_dir, t, name);
        return false;
    }
    r->folder = &t->chain[t->chain_n++];
    r->folder->name = arena_strdup(r->arena, name);
    r->folder->files = arena_array(r->arena, THEME_FILES, sizeof *r->folder->files);
    r->folder->omissions = arena_array(r->arena, THEME_OMISSIONS, sizeof *r->folder->omissions);
    read_folder(r, fd, "", 0);
    if (r->problem == NULL && theme_file(r->folder, "theme.lua") == NULL)
        r->problem = manifest_missing(r);
    return r->problem == NULL;
}

struct theme *theme_load(struct arena *a, const char *themes_dir, const char *name,
                         const char **problem_r)
{
    struct theme *t = ARENA_NEW(a, struct theme);
    struct reading r = {.arena = a, .theme = t};
    t->name = arena_strdup(a, name);
    int themes = open(themes_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (themes < 0) {
        *problem_r = arena_printf(a, "%s: %s", themes_dir, strerror(errno));
        return NULL;
    }
    while (strcmp(name, "base") != 0 && load_one(&r, themes_dir, themes, name))
        name = parent_of(a, theme_file(r.folder, "theme.lua"));
    close(themes);
    if (r.problem == NULL && t->chain_n > 0)
        return t;
    *problem_r = r.problem != NULL ? r.problem : "base is part of the program";
    return NULL;
}

bool theme_exists(const char *themes_dir, const char *name)
{
    if (strcmp(name, "base") == 0)
        return true;
    if (!theme_name_is_valid(name))
        return false;
    struct stat s;
    char *path = NULL;
    bool there = asprintf(&path, "%s/%s/theme.lua", themes_dir, name) > 0 && stat(path, &s) == 0 &&
                 S_ISREG(s.st_mode);
    free(path);
    return there;
}

static bool is_listed(const char *themes_dir, const struct dirent *e)
{
    return strcmp(e->d_name, "base") != 0 && theme_exists(themes_dir, e->d_name);
}

void theme_list(struct arena *a, const char *themes_dir, const char *const **names_r, size_t *n_r)
{
    DIR *d = opendir(themes_dir);
    size_t n = 0, most = 1;
    for (struct dirent *e = d != NULL ? readdir(d) : NULL; e != NULL; e = readdir(d))
        most += is_listed(themes_dir, e);
    const char **names = arena_array(a, most + 1, sizeof *names);
    names[n++] = "base";
    if (d != NULL)
        rewinddir(d);
    for (struct dirent *e = d != NULL ? readdir(d) : NULL; e != NULL && n < most; e = readdir(d))
        if (is_listed(themes_dir, e))
            names[n++] = arena_strdup(a, e->d_name);
    if (d != NULL)
        closedir(d);
    qsort(names + 1, n - 1, sizeof *names, by_name);
    *names_r = names;
    *n_r = n;
}

/* Is `file` the fingerprinted name of this path, as far as a name tells? */
static bool could_be(const char *path, const char *file)
{
    const char *name = asset_name(path), *dot = strrchr(name, '.');
    size_t stem = dot != NULL ? (size_t)(dot - name) : 0;
    return dot != NULL && strncmp(file, name, stem) == 0 && file[stem] == '-' &&
           strlen(file) == strlen(name) + 9;
}

static bool is_it(const char *path, const char *bytes, size_t n, bool is_base, const char *file,
                  struct theme_asset *asset_r)
{
    const char *type = asset_type(path, is_base);
    if (type == NULL || !could_be(path, file))
        return false;
    struct arena *scratch = arena_create(64 * 1024);
    bool same = strcmp(asset_file(scratch, asset_name(path), bytes, n), file) == 0 &&
                asset_problem(scratch, path, bytes, n, is_base) == NULL;
    arena_destroy(scratch);
    if (same)
        *asset_r = (struct theme_asset){.bytes = bytes, .size = n, .type = type};
    return same;
}

bool theme_asset_find(const struct theme *t, const char *theme, const char *file,
                      struct theme_asset *asset_r)
{
    if (strcmp(theme, "base") == 0) {
        for (const struct embedded *f = embed_base; f->path != NULL; f++)
            if (is_it(f->path, f->bytes, f->size, true, file, asset_r))
                return true;
        return false;
    }
    for (size_t i = 0; t != NULL && i < t->chain_n; i++)
        for (size_t k = 0; strcmp(t->chain[i].name, theme) == 0 && k < t->chain[i].files_n; k++) {
            const struct theme_file *f = &t->chain[i].files[k];
            if (is_it(f->path, f->bytes, f->n, false, file, asset_r))
                return true;
        }
    return false;
}
