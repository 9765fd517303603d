/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The zygote is forked before any secret is in memory; it answers one question, "one more": a fresh
 * renderer process. A worker asks over the socket pair it got at birth, sending one end of a fresh
 * pair; a pidfd of the child comes back. The worker kills by pidfd, the zygote reaps. */
#ifndef SERVER_ZYGOTE_H
#define SERVER_ZYGOTE_H

#include <stdbool.h>

#include "server/server.h"

/* Asks for a renderer. sock_r: this side's end of the pair (close-on-exec); pidfd_r: to kill it
 * (pidfd_send_signal). The caller owns both. False: the zygote is gone or overloaded (after 2
 * s; on the command line after 60). */
bool zygote_ask(int door, int *sock_r, int *pidfd_r);

/* For the command line, which has no supervisor: forks a zygote for this process alone, which ends
 * with it; the door or -1. Call it before secrets are read. */
int zygote_alone(const struct house *house);

#endif
