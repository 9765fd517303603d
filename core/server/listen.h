/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool's door: a listening socket taken over from whoever started us, or opened here. A unix
 * socket has mode 0660 and, beside it, a lock file (PATH.lock) that says which supervisor it
 * belongs to: what a dead one left behind is taken over, a living one's never. TCP only on
 * loopback. */
#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include <stdbool.h>

#include "server/server.h"

struct listener {
    int fd;           /* non-blocking, close-on-exec; -1: none */
    int lock;         /* held while a unix socket of our own is open, else -1 */
    const char *path; /* of that socket */
};

/* Before anything is forked: descriptor 0 (spawn-fcgi; /dev/null takes its place) or LISTEN_FDS
 * (sd_listen_fds(3)). fd stays -1 if there is none. */
void listener_inherit(struct listener *l);
/* Opens what the options name, unless something was inherited. Returns 0, or the exit status 78
 * (the option is wrong) or 71 (the system refuses); the reason is in the log. */
int listener_open(struct listener *l, const struct pool_options *options);
/* Does somebody listen at that unix socket? Asked without waiting. */
bool listener_answers(const char *path);
/* No more connections; removes what we made. */
void listener_close(struct listener *l);

#endif
