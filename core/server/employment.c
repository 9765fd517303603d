/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>

#include "base/log.h"
#include "server/confine.h"
#include "server/worker.h"

enum { DESCRIPTORS = 256 };

/* The supervisor decides on SIGINT and SIGHUP, which a terminal sends to all of us. */
static void signals_begin(sigset_t *term)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    sigemptyset(term);
    sigaddset(term, SIGTERM);
    sigprocmask(SIG_SETMASK, term, NULL);
}

bool server_is_ending(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 && sigismember(&pending, SIGTERM) == 1;
}

int employment_begin(const struct employment *e, const char *name)
{
    char label[32];
    const int keep[] = {e->listener, e->door};
    sigset_t term;
    snprintf(label, sizeof label, e->listener >= 0 ? "%s %u" : "%s", name, e->index);
    log_process(label);
    prctl(PR_SET_NAME, name, 0, 0, 0);
    signals_begin(&term);
    privileges_close_all_but(keep, 2);
    privileges_drop(&e->identity, DESCRIPTORS, SIGTERM, e->supervisor);
    worker_confine();
    int fd = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        log_fatal("server", "signalfd: %s", strerror(errno));
    return fd;
}
