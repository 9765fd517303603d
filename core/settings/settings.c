/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/settings.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings/option.h"

enum { FILE_MOST = 256 * 1024, OPTIONS_MOST = 128 };

struct loading {
    struct arena *arena;
    const char *path;
    struct settings *settings;
    struct str *mistakes;
    unsigned seen[OPTIONS_MOST]; /* the line that set the option, 0: none */
    bool failed;
};

static unsigned *seen_at(struct loading *l, const struct option *o)
{
    assert(o - options < OPTIONS_MOST);
    return &l->seen[o - options];
}

__attribute__((format(printf, 3, 4))) static void mistake(struct loading *l, unsigned line,
                                                          const char *format, ...)
{
    va_list args;
    va_start(args, format);
    l->failed = true;
    str_append(l->mistakes, l->path);
    if (line > 0)
        str_printf(l->mistakes, ":%u", line);
    str_append(l->mistakes, ": ");
    str_vprintf(l->mistakes, format, args);
    str_append_c(l->mistakes, '\n');
    va_end(args);
}

static void line_mistake(void *ctx, unsigned line, const char *what)
{
    mistake(ctx, line, "%s", what);
}

static void unknown_key(struct loading *l, unsigned line, const char *key)
{
    const struct option *near = option_near(key);
    if (near != NULL)
        mistake(l, line, "there is no option \"%s\"; did you mean \"%s\"?", key, near->name);
    else
        mistake(l, line, "there is no option \"%s\"", key);
}

static void take(void *ctx, unsigned line, const char *key, const char *value)
{
    struct loading *l = ctx;
    const struct option *o = option_find(key);
    if (o == NULL) {
        unknown_key(l, line, key);
        return;
    }
    unsigned *seen = seen_at(l, o);
    if (*seen > 0)
        mistake(l, line, "%s is set a second time (first in line %u)", key, *seen);
    *seen = line;
    if (!option_read(l->arena, o, value, l->settings))
        mistake(l, line, "%s = %s: has to be %s (default: %s)", key,
                option_is_secret(o) ? "(hidden)" : value, option_allowed(l->arena, o),
                *o->fallback != '\0' ? o->fallback : "nothing");
}

void settings_defaults(struct arena *a, struct settings *settings_r)
{
    *settings_r = (struct settings){0};
    for (const struct option *o = options; o->prose != NULL; o++) {
        if (o->name != NULL) {
            bool fits = option_read(a, o, o->fallback, settings_r);
            assert(fits);
        }
    }
}

/* The last line that set one of two options. */
static unsigned line_of(struct loading *l, const char *one, const char *other)
{
    unsigned a = *seen_at(l, option_find(one)), b = *seen_at(l, option_find(other));
    return a > b ? a : b;
}

static bool names_host(const struct settings *s)
{
    const char *name = strstr(s->site_url, "://");
    if (name == NULL)
        return true; /* told already, or not set */
    name += 3;
    for (size_t i = 0; i < s->hosts.n; i++) {
        size_t n = strlen(s->hosts.at[i]);
        if (strncmp(name, s->hosts.at[i], n) == 0 && (name[n] == '\0' || name[n] == ':'))
            return true;
    }
    return false;
}

/* What single values cannot tell. */
static void check_together(struct loading *l)
{
    static const char *const loopback[] = {"localhost", "127.0.0.1", "[::1]"};
    struct settings *s = l->settings;
    if (s->hosts.n == 0 && s->insecure_http)
        s->hosts = (struct words){loopback, 3};
    else if (s->hosts.n == 0)
        mistake(l, *seen_at(l, option_find("hosts")),
                "hosts is missing: the names under which the pages are "
                "reached, such as hosts = mail.example.org");
    if (!names_host(s))
        mistake(l, *seen_at(l, option_find("site_url")),
                "site_url = %s: its name is not among the hosts, so nobody would be answered there",
                s->site_url);
    if (s->render_cpu > s->render_wall)
        mistake(l, line_of(l, "render_cpu", "render_wall"),
                "render_wall (%lldms) is shorter than render_cpu (%lldms)",
                (long long)s->render_wall, (long long)s->render_cpu);
    if (s->request_timeout <= s->statement_timeout)
        mistake(l, line_of(l, "request_timeout", "statement_timeout"),
                "request_timeout has to be longer than statement_timeout");
    if (s->request_timeout <= s->render_wall)
        mistake(l, line_of(l, "request_timeout", "render_wall"),
                "request_timeout has to be longer than render_wall");
}

static void check_mode(struct loading *l, const struct stat *info)
{
    bool secrets = false;
    for (const struct option *o = options; o->prose != NULL; o++)
        secrets = secrets || (o->name != NULL && option_is_secret(o) && *seen_at(l, o) > 0);
    if (secrets && (info->st_mode & 044) != 0)
        mistake(
            l, 0,
            "others can read this file, and it holds a password (mode %04o); chmod 600 mends it",
            info->st_mode & 07777);
    if ((info->st_mode & 022) != 0)
        mistake(l, 0, "others can write this file (mode %04o); chmod 600 mends it",
                info->st_mode & 07777);
}

/* The whole file, NULL: told why not. */
static char *slurp(struct loading *l, size_t *n_r, struct stat *info_r)
{
    int fd = open(l->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || fstat(fd, info_r) != 0) {
        mistake(l, 0, "cannot be read: %s", strerror(errno));
    } else if (!S_ISREG(info_r->st_mode) || info_r->st_size > FILE_MOST) {
        mistake(l, 0, "is no ordinary file of at most %d kB", FILE_MOST / 1024);
    } else {
        char *bytes = arena_alloc(l->arena, (size_t)info_r->st_size + 1);
        ssize_t got;
        *n_r = 0;
        while ((got = read(fd, bytes + *n_r, (size_t)info_r->st_size - *n_r)) > 0)
            *n_r += (size_t)got;
        close(fd);
        if (got == 0)
            return bytes;
        mistake(l, 0, "cannot be read: %s", strerror(errno));
        return NULL;
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

const char *settings_path(const char *option)
{
    if (option != NULL)
        return option;
    const char *named = getenv("MAILBOY_CONF");
    return named != NULL && *named != '\0' ? named : SETTINGS_PATH;
}

bool settings_load(struct arena *process, const char *path, struct settings *settings_r,
                   struct str *mistakes_r)
{
    struct loading l = {
        .arena = process, .path = path, .settings = settings_r, .mistakes = mistakes_r};
    const struct reader_hooks hooks = {take, line_mistake, &l};
    struct stat info;
    size_t n;
    settings_defaults(process, settings_r);
    char *bytes = slurp(&l, &n, &info);
    if (bytes == NULL)
        return false;
    reader_run(bytes, n, &hooks);
    check_mode(&l, &info);
    check_together(&l);
    return !l.failed;
}
