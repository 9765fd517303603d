/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/zygote.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/hatchery.h"
#include "server/passing.h"
#include "server/scoreboard.h"

enum { DOORS = 320, RENDERERS = 1024, DESCRIPTORS = 1024, ANSWER_MS = 2000 };
enum { POOL_FIRST_MS = 10000, FIRST_MS = 60000 };

/* How long this process waits for a renderer: a worker has a page to send, but the first it asks for
 * may be the first of all, while the zygote compiles yet. */
static int64_t patience_ms = POOL_FIRST_MS;

enum word { WORD_BECOME = 1, WORD_DOOR, WORD_MORE, WORD_BORN };

struct message {
    uint32_t word, serial, uid, gid;
};

struct renderer {
    pid_t pid;
    int door;
};

struct zygote {
    const struct house *house;
    void *prepared;
    int link, children; /* link: to the supervisor, -1 when it is gone or never was */
    int doors[DOORS];
    size_t door_count;
    struct renderer renderers[RENDERERS];
    size_t renderer_count;
};

_Noreturn static void renderer_run(struct zygote *z, int fd)
{
    sigset_t none;
    log_process("renderer");
    prctl(PR_SET_NAME, "renderer", 0, 0, 0);
    if (dup2(fd, 3) < 0)
        _exit(71);
    privileges_close_all_but((const int[]){3}, 1);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* It outlives a zygote that dies: its worker still finishes a page with it, and its end of the
     * pair tells it when that worker is gone. */
    _exit(z->house->renderer_main(z->prepared, 3));
}

/* One more. The asker gets a pidfd, or nothing and finds out by its time limit. */
static void renderer_bear(struct zygote *z, int door, uint32_t serial, int fd)
{
    struct message born = {.word = WORD_BORN, .serial = serial};
    if (z->renderer_count == RENDERERS) {
        log_warn("server", "%d renderers are alive; no more", RENDERERS);
        return;
    }
    pid_t pid = fork();
    if (pid == 0)
        renderer_run(z, fd);
    if (pid < 0) {
        log_warn("server", "fork of a renderer: %s", strerror(errno));
        return;
    }
    z->renderers[z->renderer_count++] = (struct renderer){.pid = pid, .door = door};
    int pidfd = pidfd_open(pid, 0);
    if (pidfd < 0 || !passing_send(door, &born, sizeof born, pidfd))
        kill(pid, SIGKILL);
    if (pidfd >= 0)
        close(pidfd);
}

static void reap(struct zygote *z)
{
    struct signalfd_siginfo info;
    pid_t pid;
    int status;
    while (read(z->children, &info, sizeof info) > 0)
        ;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (size_t i = 0; i < z->renderer_count; i++)
            if (z->renderers[i].pid == pid) {
                z->renderers[i] = z->renderers[--z->renderer_count];
                break;
            }
}

/* Its worker is gone: a renderer that does not notice must not stay. */
static void door_close(struct zygote *z, size_t n)
{
    int door = z->doors[n];
    for (size_t i = 0; i < z->renderer_count; i++)
        if (z->renderers[i].door == door)
            kill(z->renderers[i].pid, SIGKILL);
    for (size_t i = 0; i < z->renderer_count; i++)
        if (z->renderers[i].door == door)
            z->renderers[i].door = -1;
    close(door);
    z->doors[n] = z->doors[--z->door_count];
}

/* False: nobody is on the other side any more. */
static bool door_answer(struct zygote *z, int door)
{
    struct message m;
    int fd;
    ssize_t n = passing_receive(door, &m, sizeof m, &fd);
    if (n == (ssize_t)sizeof m && m.word == WORD_MORE && fd >= 0)
        renderer_bear(z, door, m.serial, fd);
    if (fd >= 0)
        close(fd);
    return n > 0 || (n < 0 && errno == EAGAIN);
}

static bool link_answer(struct zygote *z)
{
    struct message m;
    int fd;
    ssize_t n = passing_receive(z->link, &m, sizeof m, &fd);
    if (n < 0 && errno == EAGAIN)
        return true;
    if (n == (ssize_t)sizeof m && m.word == WORD_BECOME) {
        struct identity who = {.change = true, .uid = m.uid, .gid = m.gid};
        privileges_drop(&who, DESCRIPTORS, 0, 0);
    } else if (n == (ssize_t)sizeof m && m.word == WORD_DOOR && fd >= 0 && z->door_count < DOORS) {
        z->doors[z->door_count++] = fd;
        fd = -1;
    }
    if (fd >= 0)
        close(fd);
    return n > 0;
}

static void zygote_wait(struct zygote *z)
{
    struct pollfd p[DOORS + 2] = {{.fd = z->link, .events = POLLIN},
                                  {.fd = z->children, .events = POLLIN}};
    size_t n = z->door_count;
    for (size_t i = 0; i < n; i++)
        p[i + 2] = (struct pollfd){.fd = z->doors[i], .events = POLLIN};
    if (poll(p, n + 2, -1) < 0 && errno != EINTR)
        log_fatal("server", "poll: %s", strerror(errno));
    if (p[1].revents != 0)
        reap(z);
    /* Backwards: a door that closes is replaced by the last one. */
    for (size_t i = n; i-- > 0;)
        if (p[i + 2].revents != 0 && !door_answer(z, z->doors[i]))
            door_close(z, i);
    if (p[0].revents != 0 && !link_answer(z)) {
        close(z->link);
        z->link = -1;
    }
}

/* SIGTERM may reach all processes of a service at once: the zygote stays until those that ask it
 * are gone, which it sees at their doors. */
_Noreturn static void zygote_run(const struct house *house, int link, int door)
{
    static struct zygote z;
    sigset_t chld;
    log_process("zygote");
    prctl(PR_SET_NAME, "zygote", 0, 0, 0);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    sigprocmask(SIG_SETMASK, &chld, NULL);
    scoreboard_leave();
    privileges_close_all_but((const int[]){link, door}, 2);
    privileges_drop(&(struct identity){.change = false}, DESCRIPTORS, 0, 0);
    z = (struct zygote){.house = house, .link = link};
    z.children = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
    if (z.children < 0)
        log_fatal("server", "signalfd: %s", strerror(errno));
    if (door >= 0)
        z.doors[z.door_count++] = door;
    z.prepared = house->renderer_prepare();
    if (link >= 0 && house->renderer_warm != NULL)
        house->renderer_warm(z.prepared);
    while (z.link >= 0 || z.door_count > 0)
        zygote_wait(&z);
    _exit(0);
}

pid_t hatchery_fork(const struct house *house, int *link_r)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        zygote_run(house, pair[1], -1);
    close(pair[1]);
    *link_r = pair[0];
    return pid;
}

bool hatchery_become(int link, const struct identity *who)
{
    struct message m = {.word = WORD_BECOME, .uid = who->uid, .gid = who->gid};
    return !who->change || passing_send(link, &m, sizeof m, -1);
}

int hatchery_door(int link)
{
    struct message m = {.word = WORD_DOOR};
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    bool sent = passing_send(link, &m, sizeof m, pair[1]);
    close(pair[1]);
    if (sent)
        return pair[0];
    close(pair[0]);
    return -1;
}

/* The pidfd that answers this serial; older answers, come too late, are thrown away. */
static int answer_wait(int door, uint32_t serial)
{
    int64_t end = clock_monotonic_ms() + patience_ms, now;
    while ((now = clock_monotonic_ms()) < end) {
        struct pollfd p = {.fd = door, .events = POLLIN};
        struct message m;
        int fd;
        if (poll(&p, 1, (int)(end - now)) < 0 && errno != EINTR)
            return -1;
        ssize_t n = passing_receive(door, &m, sizeof m, &fd);
        if (n == (ssize_t)sizeof m && m.word == WORD_BORN && m.serial == serial && fd >= 0) {
            patience_ms = patience_ms == POOL_FIRST_MS ? ANSWER_MS : patience_ms;
            return fd;
        }
        if (fd >= 0)
            close(fd);
        if (n == 0 || (n < 0 && errno != EAGAIN))
            return -1;
    }
    return -1;
}

bool zygote_ask(int door, int *sock_r, int *pidfd_r)
{
    static uint32_t serial;
    struct message m = {.word = WORD_MORE, .serial = ++serial};
    int pair[2];
    *sock_r = *pidfd_r = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    bool sent = passing_send(door, &m, sizeof m, pair[1]);
    close(pair[1]);
    int pidfd = sent ? answer_wait(door, serial) : -1;
    if (pidfd < 0) {
        close(pair[0]);
        return false;
    }
    *sock_r = pair[0];
    *pidfd_r = pidfd;
    return true;
}

int zygote_alone(const struct house *house)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        zygote_run(house, -1, pair[1]);
    patience_ms = FIRST_MS; /* it was born just now and compiles yet; if it dies, we hear at once */
    close(pair[1]);
    if (pid >= 0)
        return pair[0];
    close(pair[0]);
    return -1;
}
