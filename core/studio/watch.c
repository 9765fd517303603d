/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/watch.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { FOLDERS = 200, DEPTH = 4, PATH_BYTES = 4096 };
enum {
    COMING_AND_GOING = IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR,
    EVENTS = COMING_AND_GOING | IN_CLOSE_WRITE
};

struct watch {
    int fd;
    size_t n;
    struct {
        int number;
        char *path;
        bool place; /* where folders stand that are watched: they may go and come again */
    } folders[FOLDERS];
};

struct watch *watch_create(void)
{
    struct watch *w = calloc(1, sizeof *w);
    if (w == NULL)
        return NULL;
    w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (w->fd >= 0)
        return w;
    free(w);
    return NULL;
}

void watch_destroy(struct watch *w)
{
    if (w == NULL)
        return;
    for (size_t i = 0; i < w->n; i++)
        free(w->folders[i].path);
    close(w->fd);
    free(w);
}

int watch_descriptor(const struct watch *w)
{
    return w->fd;
}

static bool is_plain(const char *name)
{
    if (name[0] == '.' || name[0] == '\0')
        return false;
    for (; *name != '\0'; name++)
        if (!isalnum((unsigned char)*name) && strchr("-_.", *name) == NULL)
            return false;
    return true;
}

static size_t find(const struct watch *w, int number)
{
    size_t i = 0;
    while (i < w->n && w->folders[i].number != number)
        i++;
    return i;
}

static void keep(struct watch *w, int number, const char *path, bool place)
{
    if (find(w, number) == w->n) {
        w->folders[w->n].number = number;
        w->folders[w->n].place = place;
        w->folders[w->n++].path = strdup(path);
    }
}

/* The kernel has let go of it. */
static void forget(struct watch *w, int number)
{
    size_t i = find(w, number);
    if (i == w->n)
        return;
    free(w->folders[i].path);
    w->folders[i] = w->folders[--w->n];
}

static bool add_deep(struct watch *w, const char *path, unsigned depth)
{
    int number = w->n < FOLDERS ? inotify_add_watch(w->fd, path, EVENTS) : -1;
    DIR *d = number >= 0 && depth < DEPTH ? opendir(path) : NULL;
    if (number < 0)
        return false;
    keep(w, number, path, false);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        char below[PATH_BYTES];
        if (is_plain(e->d_name) && e->d_type == DT_DIR &&
            snprintf(below, sizeof below, "%s/%s", path, e->d_name) < (int)sizeof below)
            add_deep(w, below, depth + 1);
    }
    if (d != NULL)
        closedir(d);
    return true;
}

static void add_place(struct watch *w, const char *folder)
{
    char path[PATH_BYTES];
    const char *slash = strrchr(folder, '/');
    int n = slash != NULL ? (int)(slash - folder) : 0;
    if (snprintf(path, sizeof path, "%.*s", n, folder) >= (int)sizeof path || n == 0)
        return;
    int number = w->n < FOLDERS ? inotify_add_watch(w->fd, path, COMING_AND_GOING) : -1;
    if (number >= 0)
        keep(w, number, path, true);
}

bool watch_add(struct watch *w, const char *folder)
{
    add_place(w, folder);
    return add_deep(w, folder, 0);
}

static bool is_watched(const struct watch *w, const char *path)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->folders[i].path != NULL && strcmp(w->folders[i].path, path) == 0)
            return true;
    return false;
}

/* A folder that came into another, or went. */
static enum watched judge_folder(struct watch *w, const struct inotify_event *e)
{
    char path[PATH_BYTES];
    size_t i = find(w, e->wd);
    if (i == w->n || w->folders[i].path == NULL ||
        snprintf(path, sizeof path, "%s/%s", w->folders[i].path, e->name) >= (int)sizeof path)
        return WATCH_FILES;
    if (w->folders[i].place)
        return is_watched(w, path) ? WATCH_FILES : WATCH_PLACE;
    if ((e->mask & (IN_CREATE | IN_MOVED_TO)) != 0)
        add_deep(w, path, 1);
    return WATCH_FILES;
}

/* A file just made is told of when it is closed. A queue that ran over may have held anything. */
static enum watched judge(struct watch *w, const struct inotify_event *e)
{
    if ((e->mask & IN_IGNORED) != 0)
        forget(w, e->wd);
    if ((e->mask & IN_Q_OVERFLOW) != 0)
        return WATCH_FILES;
    if (e->len == 0 || !is_plain(e->name))
        return WATCH_NOTHING;
    if ((e->mask & IN_ISDIR) != 0)
        return judge_folder(w, e);
    size_t i = find(w, e->wd);
    if ((e->mask & IN_CREATE) != 0 || (i < w->n && w->folders[i].place))
        return WATCH_NOTHING;
    const char *ending = strrchr(e->name, '.');
    return ending != NULL && strcmp(ending, ".css") == 0 ? WATCH_STYLES : WATCH_FILES;
}

enum watched watch_read(struct watch *w)
{
    _Alignas(struct inotify_event) char bytes[16 * 1024];
    enum watched seen = WATCH_NOTHING;
    for (ssize_t n; (n = read(w->fd, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR);) {
        for (char *at = bytes; n > 0 && at < bytes + n;) {
            struct inotify_event *e = (struct inotify_event *)(void *)at;
            enum watched one = judge(w, e);
            seen = one > seen ? one : seen;
            at += sizeof *e + e->len;
        }
    }
    return seen;
}
