/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the supervisor's children run. They begin by giving up what they do not need; SIGTERM lets
 * them finish what is in hand and end. Neither returns. */
#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H

#include "server/privileges.h"
#include "server/server.h"

struct employment {
    const struct house *house;
    struct pool_options options;
    struct identity identity;
    unsigned index; /* the job runner's is options.workers */
    unsigned seat;  /* on the scoreboard */
    int listener;   /* -1 for the job runner */
    int door;       /* to the zygote */
    pid_t supervisor;
};

_Noreturn void worker_run(const struct employment *e);
_Noreturn void runner_run(const struct employment *e);

/* Shared by both: signals, descriptors, privileges, name. Returns a signalfd that reads SIGTERM. */
int employment_begin(const struct employment *e, const char *name);

#endif
