/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/privileges.h"

#include <assert.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"

bool identity_find(const char *user, struct identity *identity_r)
{
    *identity_r = (struct identity){.change = false};
    if (user == NULL || user[0] == '\0')
        return true;
    const struct passwd *pw = getpwnam(user);
    if (pw == NULL) {
        log_error("server", "there is no user \"%s\" on this machine", user);
        return false;
    }
    if (geteuid() != 0) {
        if (pw->pw_uid == geteuid())
            return true;
        log_error("server", "only root can become user \"%s\"", user);
        return false;
    }
    *identity_r = (struct identity){.change = true, .uid = pw->pw_uid, .gid = pw->pw_gid};
    return true;
}

static void close_between(unsigned first, unsigned last)
{
    if (first <= last && close_range(first, last, 0) != 0)
        log_fatal("server", "close_range: %s", strerror(errno));
}

void privileges_close_all_but(const int *keep, size_t n)
{
    unsigned from = 3;
    for (;;) {
        unsigned next = ~0U;
        for (size_t i = 0; i < n; i++)
            if (keep[i] >= (int)from && (unsigned)keep[i] < next)
                next = (unsigned)keep[i];
        if (next == ~0U)
            break;
        if (next > from)
            close_between(from, next - 1);
        from = next + 1;
    }
    close_between(from, ~0U);
}

static void become(const struct identity *who)
{
    if (!who->change)
        return;
    if (setgroups(0, NULL) != 0 || setresgid(who->gid, who->gid, who->gid) != 0 ||
        setresuid(who->uid, who->uid, who->uid) != 0)
        log_fatal("server", "become user %u: %s", (unsigned)who->uid, strerror(errno));
    if (who->uid != 0)
        assert(setuid(0) != 0);
}

bool privileges_keep_nice(void)
{
    const struct rlimit as_before = {20, 20}; /* 0 */
    return setrlimit(RLIMIT_NICE, &as_before) == 0;
}

void privileges_drop(const struct identity *who, unsigned descriptors, int death, pid_t parent)
{
    struct rlimit none = {0, 0}, files = {descriptors, descriptors};
    privileges_keep_nice();
    become(who);
    if (setrlimit(RLIMIT_CORE, &none) != 0 || setrlimit(RLIMIT_NOFILE, &files) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        log_fatal("server", "give up privileges: %s", strerror(errno));
    /* Last: a change of identity forgets it. */
    if (death != 0 && (prctl(PR_SET_PDEATHSIG, death, 0, 0, 0) != 0 || getppid() != parent))
        _exit(0);
}
