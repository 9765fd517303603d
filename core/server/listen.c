/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

enum { WRONG_OPTION = 78, SYSTEM_REFUSES = 71, BACKLOG = 511 };

static bool is_listening(int fd)
{
    int on = 0;
    socklen_t n = sizeof on;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) == 0 && on == 1;
}

static void adopt(struct listener *l, int fd)
{
    int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    l->fd = fd;
}

void listener_inherit(struct listener *l)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    if (pid != NULL && count != NULL && atol(pid) == (long)getpid() && atoi(count) >= 1 &&
        is_listening(3))
        adopt(l, 3);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    if (l->fd >= 0 || !is_listening(0))
        return;
    adopt(l, fcntl(0, F_DUPFD_CLOEXEC, 3));
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, 0) < 0)
        log_fatal("server", "/dev/null: %s", strerror(errno));
    close(null);
}

/* "127.0.0.1:9000" or "[::1]:9000"; false for anything that others could reach. */
static bool loopback_parse(const char *text, struct sockaddr_storage *to_r, socklen_t *n_r)
{
    char host[64], *end;
    const char *colon = strrchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof host)
        return false;
    snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || port == 0 || port > 65535)
        return false;
    struct sockaddr_in *four = (struct sockaddr_in *)to_r;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)to_r;
    memset(to_r, 0, sizeof *to_r);
    if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        *n_r = sizeof *four;
        return (ntohl(four->sin_addr.s_addr) >> 24) == 127;
    }
    if (strcmp(host, "[::1]") != 0)
        return false;
    six->sin6_family = AF_INET6;
    six->sin6_addr = in6addr_loopback;
    six->sin6_port = htons((uint16_t)port);
    *n_r = sizeof *six;
    return true;
}

static int open_tcp(struct listener *l, const char *text)
{
    struct sockaddr_storage at;
    socklen_t n;
    int on = 1;
    if (!loopback_parse(text, &at, &n)) {
        log_error("server",
                  "listen = %s: a path that begins with '/', 127.0.0.1:PORT or [::1]:PORT", text);
        return WRONG_OPTION;
    }
    int fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&at, n) != 0 || listen(fd, BACKLOG) != 0) {
        log_error("server", "listen on %s: %s", text, strerror(errno));
        if (fd >= 0)
            close(fd);
        return SYSTEM_REFUSES;
    }
    log_warn("server",
             "listening on %s, where every user of this machine can speak to it; "
             "a unix socket is better",
             text);
    l->fd = fd;
    return 0;
}

/* fresh_r: nobody of ours was ever here. */
static int lock_take(const char *path, bool *fresh_r)
{
    char name[sizeof((struct sockaddr_un *)NULL)->sun_path + 8];
    snprintf(name, sizeof name, "%s.lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    *fresh_r = fd >= 0;
    if (fd < 0 && errno == EEXIST)
        fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        log_error("server", "%s: %s", name, strerror(errno));
        return -1;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        log_error("server", "%s: another Mailboy serves this socket", path);
        close(fd);
        return -1;
    }
    return fd;
}

bool listener_answers(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof at.sun_path)
        return false;
    strncpy(at.sun_path, path, sizeof at.sun_path - 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool yes = fd >= 0 &&
               (connect(fd, (const struct sockaddr *)&at, sizeof at) == 0 || errno == EAGAIN);
    if (fd >= 0)
        close(fd);
    return yes;
}

/* Is the path free, or a socket that its owner left behind? A worker of a supervisor that was
 * killed may still answer; the old lock file tells that it is ours. */
static bool clear_stale(const struct sockaddr_un *at, bool fresh)
{
    struct stat st;
    bool there = lstat(at->sun_path, &st) == 0;
    if (!there && errno == ENOENT)
        return true;
    if (!there) {
        log_error("server", "%s: %s", at->sun_path, strerror(errno));
        return false;
    }
    if (!S_ISSOCK(st.st_mode)) {
        log_error("server", "%s is there and no socket", at->sun_path);
        return false;
    }
    if (fresh && listener_answers(at->sun_path)) {
        log_error("server", "%s belongs to another program that answers there", at->sun_path);
        return false;
    }
    if (unlink(at->sun_path) == 0)
        return true;
    log_error("server", "the socket left at %s stays: %s", at->sun_path, strerror(errno));
    return false;
}

static bool group_give(const char *path, const char *group)
{
    if (group == NULL || group[0] == '\0')
        return true;
    const struct group *g = getgrnam(group);
    if (g == NULL) {
        log_error("server", "there is no group \"%s\" on this machine", group);
        return false;
    }
    if (chown(path, (uid_t)-1, g->gr_gid) == 0)
        return true;
    log_error("server", "give %s to group %s: %s", path, group, strerror(errno));
    return false;
}

static int bind_unix(const struct sockaddr_un *at, const char *group)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t old = umask(0177);
    bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)at, sizeof *at) == 0;
    umask(old);
    if (!bound)
        log_error("server", "listen on %s: %s", at->sun_path, strerror(errno));
    /* The group first: nobody else's group may write in between. */
    if (bound && group_give(at->sun_path, group)) {
        if (chmod(at->sun_path, 0660) == 0 && listen(fd, BACKLOG) == 0)
            return fd;
        log_error("server", "listen on %s: %s", at->sun_path, strerror(errno));
    }
    if (bound)
        unlink(at->sun_path);
    if (fd >= 0)
        close(fd);
    return -1;
}

static int open_unix(struct listener *l, const char *path, const char *group)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    bool fresh;
    if (strlen(path) >= sizeof at.sun_path) {
        log_error("server", "listen = %s: a socket's path has at most %zu bytes", path,
                  sizeof at.sun_path - 1);
        return WRONG_OPTION;
    }
    strncpy(at.sun_path, path, sizeof at.sun_path - 1);
    l->lock = lock_take(path, &fresh);
    if (l->lock < 0)
        return SYSTEM_REFUSES;
    l->fd = clear_stale(&at, fresh) ? bind_unix(&at, group) : -1;
    if (l->fd < 0) {
        close(l->lock);
        l->lock = -1;
        return SYSTEM_REFUSES;
    }
    l->path = path;
    return 0;
}

/* Where a socket kept over a re-execution lies, whatever the options say by now. */
static const char *bound_path(int fd)
{
    static struct sockaddr_un at;
    socklen_t n = sizeof at - 1;
    memset(&at, 0, sizeof at);
    bool known = getsockname(fd, (struct sockaddr *)&at, &n) == 0 && at.sun_family == AF_UNIX;
    return known ? at.sun_path : NULL;
}

int listener_open(struct listener *l, const struct pool_options *options)
{
    if (l->fd >= 0) {
        l->path = l->lock >= 0 ? bound_path(l->fd) : NULL;
        return 0;
    }
    if (options->listen == NULL || options->listen[0] == '\0') {
        log_error("server", "listen: no socket was given and none was handed over");
        return WRONG_OPTION;
    }
    if (options->listen[0] == '/')
        return open_unix(l, options->listen, options->socket_group);
    return open_tcp(l, options->listen);
}

void listener_close(struct listener *l)
{
    if (l->lock >= 0 && l->path != NULL) {
        char name[sizeof((struct sockaddr_un *)NULL)->sun_path + 8];
        snprintf(name, sizeof name, "%s.lock", l->path);
        unlink(l->path);
        unlink(name);
    }
    if (l->fd >= 0)
        close(l->fd);
    if (l->lock >= 0)
        close(l->lock);
    l->fd = l->lock = -1;
}
