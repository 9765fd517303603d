/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

#include "server/scoreboard.h"
#include "server/worker.h"

/* The job runner: the house's tick, again and again. A tick has no deadline here: a job may be
 * long, and the house works it off in pieces. */
_Noreturn void runner_run(const struct employment *e)
{
    struct pollfd term = {.fd = employment_begin(e, "jobs"), .events = POLLIN};
    struct seat *seat = scoreboard_seat(e->seat);
    void *job = e->house->worker_start(e->index, e->door);
    seat->deadline_ms = 0;
    seat->ready = true;
    for (;;) {
        seat->busy = true;
        unsigned pause = e->house->tick(job);
        seat->busy = false;
        seat->requests++;
        int got = poll(&term, 1, pause > 3600000 ? 3600000 : (int)pause);
        if (got > 0 || (got < 0 && errno != EINTR))
            _exit(0);
    }
}
