/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"

enum { DEEPEST = 8, ENTRIES = 10000 };

int folder_enter(int folder, const char *name)
{
    mode_t before = umask(022);
    int made = mkdirat(folder, name, 0755);
    umask(before);
    if (made != 0 && errno != EEXIST)
        return -1;
    return openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The path is the admin's own: links in it are his. */
int folder_open(struct arena *a, const char *path)
{
    char *part = arena_strdup(a, path);
    mode_t before = umask(022);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0755);
        *slash = '/';
    }
    mkdir(part, 0755);
    umask(before);
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool folder_write(int folder, const char *name, const void *bytes, size_t n)
{
    char fresh[32];
    unsigned char word[4];
    random_bytes(word, sizeof word);
    snprintf(fresh, sizeof fresh, ".new-%02x%02x%02x%02x", word[0], word[1], word[2], word[3]);
    int fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = file_write_all(fd, bytes, n) && fchmod(fd, 0644) == 0;
    good &= close(fd) == 0;
    if (good && renameat(folder, fresh, folder, name) == 0)
        return true;
    int why = errno;
    unlinkat(folder, fresh, 0);
    errno = why;
    return false;
}

bool folder_write_below(struct arena *a, int folder, const char *path, const void *bytes, size_t n)
{
    char *part = arena_strdup(a, path);
    int at = dup(folder);
    unsigned depth = 0;
    for (char *slash; at >= 0 && (slash = strchr(part, '/')) != NULL; part = slash + 1) {
        *slash = '\0';
        int next = ++depth > DEEPEST ? -1 : folder_enter(at, part);
        close(at);
        at = next;
    }
    if (at < 0)
        return false;
    bool good = folder_write(at, part, bytes, n);
    close(at);
    return good;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **folder_list(struct arena *a, int folder, size_t *n_r)
{
    size_t n = 0, room = 64;
    const char **names = arena_array(a, room, sizeof *names);
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (d == NULL && fd >= 0)
        close(fd);
    for (struct dirent *e; d != NULL && n < ENTRIES && (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (n == room) {
            const char **more = arena_array(a, room * 2, sizeof *more);
            memcpy(more, names, n * sizeof *names);
            names = more;
            room *= 2;
        }
        names[n++] = arena_strdup(a, e->d_name);
    }
    if (d != NULL)
        closedir(d);
    qsort(names, n, sizeof *names, by_name);
    *n_r = n;
    return names;
}

static bool remove_deep(struct arena *a, int folder, const char *name, unsigned depth)
{
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
        return true;
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || depth == DEEPEST) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    size_t n;
    const char **names = folder_list(a, fd, &n);
    for (size_t i = 0; i < n; i++)
        remove_deep(a, fd, names[i], depth + 1);
    close(fd);
    return unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

bool folder_remove(int folder, const char *name)
{
    struct arena *a = arena_create((size_t)16 << 20);
    bool gone = remove_deep(a, folder, name, 0);
    arena_destroy(a);
    return gone;
}

const char *folder_make_fresh(struct arena *a, int folder, const char *start)
{
    unsigned char word[4];
    random_bytes(word, sizeof word);
    const char *name = arena_printf(a, "%s-%s", start, hex_text(a, word, sizeof word));
    return mkdirat(folder, name, 0755) == 0 ? name : NULL;
}
