/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a supervisor leaves to itself when it runs its program anew after the zygote died: the
 * listening socket and its lock, and the workers that are still finishing a request. It travels in
 * one environment variable, which is removed when read. */
#ifndef SERVER_TAKEOVER_H
#define SERVER_TAKEOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "server/listen.h"

enum { TAKEOVER_PIDS = 256 };

struct takeover {
    struct listener listener;
    unsigned young;            /* how many zygotes in a row died young */
    pid_t pids[TAKEOVER_PIDS]; /* children of ours, told to finish */
    size_t pid_count;
};

/* False: this is a first start. */
bool takeover_read(struct takeover *t);
/* Returns only if the program could not be run. */
void takeover_exec(const struct takeover *t, char **argv);

#endif
