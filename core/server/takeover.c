/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/takeover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static const char variable[] = "MAILBOY_TAKEOVER";

/* "LISTENER LOCK YOUNG PID PID ..." */
bool takeover_read(struct takeover *t)
{
    const char *text = getenv(variable);
    int n = 0;
    *t = (struct takeover){.listener = {.fd = -1, .lock = -1}};
    if (text == NULL)
        return false;
    bool good = sscanf(text, "%d %d %u%n", &t->listener.fd, &t->listener.lock, &t->young, &n) == 3;
    for (const char *at = text + n; good && t->pid_count < TAKEOVER_PIDS;) {
        char *end;
        long pid = strtol(at, &end, 10);
        if (end == at || pid <= 1)
            break;
        t->pids[t->pid_count++] = (pid_t)pid;
        at = end;
    }
    unsetenv(variable);
    if (!good || fcntl(t->listener.fd, F_SETFD, FD_CLOEXEC) != 0) {
        *t = (struct takeover){.listener = {.fd = -1, .lock = -1}};
        return false;
    }
    if (t->listener.lock >= 0)
        fcntl(t->listener.lock, F_SETFD, FD_CLOEXEC);
    return true;
}

void takeover_exec(const struct takeover *t, char **argv)
{
    char text[64 + TAKEOVER_PIDS * 12];
    int n = snprintf(text, sizeof text, "%d %d %u", t->listener.fd, t->listener.lock, t->young);
    for (size_t i = 0; i < t->pid_count; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, " %ld", (long)t->pids[i]);
    setenv(variable, text, 1);
    fcntl(t->listener.fd, F_SETFD, 0);
    if (t->listener.lock >= 0)
        fcntl(t->listener.lock, F_SETFD, 0);
    /* Blocked signals stay so: one that comes now waits for the new program's signalfd. */
    execv("/proc/self/exe", argv);
    log_error("server", "run the program anew: %s", strerror(errno));
}
