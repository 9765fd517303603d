/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "server/zygote.h"

/* The first wait for an answer. Nearly all come within it: one call, and no look at a clock. */
enum { FIRST_MS = 10 };
/* A tenth of the share of what is not. */
enum { NICER = 10 };

const struct process no_process = {.sock = -1, .pidfd = -1, .statm = -1, .beside = -1};

/* What the file begins with; empty if it cannot be read. */
static void read_start(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = '\0';
}

/* The number behind a pidfd, from the line "Pid:" of its fdinfo; 0 if that cannot be read. */
static pid_t pid_of(int pidfd)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
    read_start(path, text, sizeof text);
    const char *at = strstr(text, "\nPid:");
    return at != NULL ? (pid_t)strtol(at + 5, NULL, 10) : 0;
}

bool process_start(struct process *p, int zygote)
{
    char path[64];
    const struct timeval first = {.tv_usec = FIRST_MS * 1000};
    *p = no_process;
    if (!zygote_ask(zygote, &p->sock, &p->pidfd)) {
        *p = no_process;
        return false;
    }
    setsockopt(p->sock, SOL_SOCKET, SO_RCVTIMEO, &first, sizeof first);
    p->pid = pid_of(p->pidfd);
    if (p->pid <= 0 || clock_getcpuclockid(p->pid, &p->cpu) != 0)
        p->pid = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", p->pid);
    p->statm = p->pid > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    return true;
}

void process_finish(struct process *p)
{
    if (p->sock >= 0) {
        syscall(SYS_pidfd_send_signal, p->pidfd, 9, NULL, 0);
        close(p->sock);
        close(p->pidfd);
    }
    if (p->statm >= 0)
        close(p->statm);
    *p = no_process;
}

int64_t process_cpu_ms(const struct process *p)
{
    struct timespec t;
    if (p->pid == 0 || clock_gettime(p->cpu, &t) != 0)
        return 0;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

size_t process_memory(const struct process *p)
{
    char text[128];
    ssize_t n = p->statm < 0 ? -1 : pread(p->statm, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    const char *second = strchr(text, ' ');
    return second == NULL ? 0 : strtoul(second, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

/* The state is behind the name, which is in brackets and may hold anything. */
bool process_sleeps(const struct process *p)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", p->pid);
    read_start(path, text, sizeof text);
    const char *at = strrchr(text, ')');
    return at != NULL && strncmp(at, ") S", 3) == 0;
}

void process_bound(const struct process *p, unsigned cpu_ms)
{
    struct rlimit most;
    rlim_t seconds = (rlim_t)(process_cpu_ms(p) + cpu_ms) / 1000 + 1;
    if (p->pid == 0 || prlimit(p->pid, RLIMIT_CPU, NULL, &most) != 0)
        return;
    most.rlim_cur = seconds < most.rlim_max ? seconds : most.rlim_max;
    prlimit(p->pid, RLIMIT_CPU, &most, NULL);
}

/* The kernel asks for the RLIMIT_NICE of the process that is to be raised (privileges_drop()). */
static bool set_nice(const struct process *p, int more)
{
    errno = 0;
    int own = getpriority(PRIO_PROCESS, 0);
    return errno == 0 && p->pid > 0 && setpriority(PRIO_PROCESS, (id_t)p->pid, own + more) == 0;
}

void process_give_way(struct process *p)
{
    p->gives_way = p->gives_way || set_nice(p, NICER);
}

bool process_recover(struct process *p)
{
    p->gives_way = p->gives_way && !set_nice(p, 0);
    return !p->gives_way;
}

/* A page takes fewer microseconds than a processor that sleeps to wake up, and we do nothing while it is drawn: on
 * one processor, nobody has to be woken (tests/bench/README.md). */
static void stand_beside(struct process *p, cpu_set_t *before_r)
{
    int cpu = sched_getcpu();
    cpu_set_t one;
    if (p->pid == 0 || cpu < 0 || cpu >= CPU_SETSIZE ||
        sched_getaffinity(0, sizeof *before_r, before_r) != 0) {
        CPU_ZERO(before_r);
        return;
    }
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    if (p->beside != cpu && sched_setaffinity(p->pid, sizeof one, &one) == 0)
        p->beside = cpu;
    sched_setaffinity(0, sizeof one, &one);
}

static void stand_free(const cpu_set_t *before)
{
    if (CPU_COUNT(before) > 0)
        sched_setaffinity(0, sizeof *before, before);
}

/* What takes long may go where there is room. */
static void let_go(struct process *p, const cpu_set_t *before)
{
    stand_free(before);
    if (p->beside >= 0 && CPU_COUNT(before) > 0 &&
        sched_setaffinity(p->pid, sizeof *before, before) == 0)
        p->beside = -1;
}

/* Waits for the first byte of a reply as long as both clocks allow. CPU time never passes faster
 * than the wall's, so it need not be looked at before as much could have been used. What is there already
 * is taken, however late we come to look. */
static enum exchanged wait_reply(const struct process *p, const struct patience *until)
{
    for (;;) {
        int64_t wall = until->wall_end - clock_monotonic_ms();
        int64_t cpu = until->cpu_end - process_cpu_ms(p);
        int64_t ms = wall < cpu ? wall : cpu;
        struct pollfd f = {.fd = p->sock, .events = POLLIN};
        if (poll(&f, 1, ms > 0 ? (int)ms : 0) > 0)
            return (f.revents & POLLIN) != 0 ? EXCHANGED : DEAD;
        if (ms <= 0)
            return cpu <= 0 ? SPENT : SILENT;
    }
}

/* The first bytes of a reply. */
static enum exchanged hear_first(struct process *p, unsigned char *to, size_t *got_r,
                                 struct patience *until, const cpu_set_t *before)
{
    *got_r = 0;
    if (until->cpu_end == 0) {
        ssize_t got = recv(p->sock, to, WIRE_FIRST, 0);
        if (got > 0) {
            *got_r = (size_t)got;
            return EXCHANGED;
        }
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
            return DEAD;
        let_go(p, before);
        until->cpu_end = process_cpu_ms(p) + until->cpu_ms - FIRST_MS;
    }
    return wait_reply(p, until);
}

static enum exchanged hear(struct process *p, struct arena *a, struct patience *until,
                           const cpu_set_t *before, struct wire_reader *reply_r)
{
    enum { REST_MS = 100 }; /* a message that has begun is as good as here */
    unsigned char *first = arena_raw(a, WIRE_FIRST);
    const unsigned char *bytes;
    size_t got, n;
    enum exchanged x = hear_first(p, first, &got, until, before);
    if (x != EXCHANGED)
        return x;
    int64_t end = clock_monotonic_ms() + REST_MS;
    end = end > until->wall_end ? end : until->wall_end;
    if (!wire_receive_rest(p->sock, a, end, first, got, &bytes, &n))
        return clock_monotonic_ms() >= end ? LATE : DEAD;
    *reply_r = wire_reader(bytes, n);
    return EXCHANGED;
}

enum exchanged process_hear(struct process *p, struct arena *a, struct patience *until,
                            struct wire_reader *reply_r)
{
    cpu_set_t nothing;
    CPU_ZERO(&nothing);
    return hear(p, a, until, &nothing, reply_r);
}

enum exchanged process_ask(struct process *p, struct arena *a, const struct str *message,
                           struct patience *until, struct wire_reader *reply_r)
{
    cpu_set_t before;
    enum exchanged x = LATE;
    stand_beside(p, &before);
    if (wire_send(p->sock, message, until->wall_end))
        x = hear(p, a, until, &before, reply_r);
    else if (clock_monotonic_ms() < until->wall_end)
        x = DEAD;
    stand_free(&before);
    return x;
}
