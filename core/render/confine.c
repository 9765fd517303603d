/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/confine.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "render/walls.h"

struct call {
    int number;
    const char *why;
};

static const struct call calls[] = {
    {SCMP_SYS(exit_group), "the end"},
    {SCMP_SYS(brk), "memory"},
    {SCMP_SYS(munmap), "memory"},
    {SCMP_SYS(mremap), "memory"},
    {SCMP_SYS(madvise), "memory"},
    {SCMP_SYS(rt_sigreturn), "return from a signal"},
    {SCMP_SYS(clock_gettime), "the hook's look at the CPU clock"},
};

/* One of the descriptors alone: what else is behind 0-2 is the server's, a terminal it may be. */
enum { DOOR = 3 };
static const struct {
    struct call call;
    unsigned fd;
} doors[] = {
    {{SCMP_SYS(read), "requests"}, DOOR},
    {{SCMP_SYS(write), "pages"}, DOOR},
    {{SCMP_SYS(write), "the last words of a failed assert"}, STDERR_FILENO},
};

/* What the sanitizers' run time needs besides. */
static const struct call sanitizer_calls[] = {
#ifdef MAILBOY_SANITIZED
    {SCMP_SYS(read), "symbols of a report"},
    {SCMP_SYS(write), "reports, to a log that may be a file"},
    {SCMP_SYS(mmap), "shadow memory"},
    {SCMP_SYS(mprotect), "shadow memory"},
    {SCMP_SYS(futex), "its locks"},
    {SCMP_SYS(sched_yield), "its locks"},
    {SCMP_SYS(poll), "log lines, of pages that break the contract"},
    {SCMP_SYS(getpid), "reports"},
    {SCMP_SYS(gettid), "reports"},
    {SCMP_SYS(tgkill), "abort"},
    {SCMP_SYS(rt_sigprocmask), "abort"},
    {SCMP_SYS(rt_sigaction), "abort"},
    {SCMP_SYS(sigaltstack), "stacks of signals"},
    {SCMP_SYS(getrandom), "hash seeds"},
    {SCMP_SYS(open), "symbols of a report"},
    {SCMP_SYS(openat), "symbols of a report"},
    {SCMP_SYS(readlink), "symbols of a report"},
    {SCMP_SYS(newfstatat), "symbols of a report"},
    {SCMP_SYS(fstat), "symbols of a report"},
    {SCMP_SYS(close), "symbols of a report"},
    {SCMP_SYS(lseek), "symbols of a report"},
    {SCMP_SYS(clone), "leak check"},
    {SCMP_SYS(prctl), "leak check"},
    {SCMP_SYS(getrlimit), "stack bounds"},
    {SCMP_SYS(prlimit64), "stack bounds"},
#endif
    {-1, NULL},
};

static bool limit(int what, rlim_t most)
{
    struct rlimit r = {.rlim_cur = most, .rlim_max = most};
    return setrlimit((enum __rlimit_resource)what, &r) == 0;
}

/* 0-2 are open, so one is none more. With sanitizers, findings go to a log that may be a file, and
 * poll() asks for no descriptor above the limit. */
#ifdef MAILBOY_SANITIZED
enum { FILES = 1, FILE_BYTES = 1 << 30 };
#else
enum { FILES = 0, FILE_BYTES = 0 };
#endif

static bool set_limits(void)
{
    bool ok = limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, FILES) && limit(RLIMIT_NPROC, 0) &&
              limit(RLIMIT_FSIZE, FILE_BYTES);
#ifndef MAILBOY_SANITIZED
    ok = ok && limit(RLIMIT_AS, (rlim_t)256 * 1024 * 1024);
#endif
    return ok;
}

/* An older kernel has no Landlock: the list of system calls below holds alone then. */
static bool forbid_files(void)
{
    struct landlock_ruleset_attr all = {.handled_access_fs = (1U << 13) - 1};
    int fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (fd < 0)
        return errno == ENOSYS || errno == EOPNOTSUPP;
    bool ok = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    close(fd);
    return ok;
}

static bool allow(scmp_filter_ctx filter, const struct call *list, size_t n)
{
    for (size_t i = 0; i < n && list[i].why != NULL; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, list[i].number, 0) != 0)
            return false;
    return true;
}

static bool allow_doors(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, doors[i].call.number, 1,
                             SCMP_A0(SCMP_CMP_EQ, doors[i].fd)) != 0)
            return false;
    return true;
}

/* The filter as the kernel takes it. */
static struct sock_filter program[256];
static unsigned short program_n;

static bool keep_program(scmp_filter_ctx filter)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    bool ok = fd >= 0 && seccomp_export_bpf(filter, fd) == 0;
    ssize_t n = ok ? pread(fd, program, sizeof program, 0) : -1;
    if (fd >= 0)
        close(fd);
    program_n = n > 0 && n < (ssize_t)sizeof program ? (unsigned short)((size_t)n / sizeof *program)
                                                     : 0;
    return program_n > 0;
}

bool confine_prepare(void)
{
    enum { PROT_EXEC_BIT = 4 };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool ok = filter != NULL && allow_doors(filter) &&
              allow(filter, calls, sizeof calls / sizeof *calls) &&
              allow(filter, sanitizer_calls, sizeof sanitizer_calls / sizeof *sanitizer_calls);
#ifndef MAILBOY_SANITIZED
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC_BIT, 0)) == 0;
#endif
    ok = ok && keep_program(filter);
    seccomp_release(filter);
    return ok;
}

static bool forbid_calls(void)
{
    const struct sock_fprog filter = {.len = program_n, .filter = program};
    if (!wall(WALL_SECCOMP))
        return true;
    return program_n > 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

/* The renderer's end of the pair is descriptor 3, and nothing is behind it. */
static bool close_others(int fd)
{
    return fd == DOOR && close_range(DOOR + 1, ~0U, 0) == 0;
}

bool confine_renderer(int fd)
{
    const struct {
        bool done;
        const char *what;
    } steps[] = {
        {close_others(fd), "close descriptors"},
        {prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "forbid new privileges"},
        {prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "become undumpable"},
        {forbid_files(), "forbid files"},
        {set_limits(), "set limits"},
        {forbid_calls(), "forbid system calls"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (!steps[i].done) {
            log_error("render", "cannot %s: %s", steps[i].what, strerror(errno));
            return false;
        }
    }
    return true;
}
