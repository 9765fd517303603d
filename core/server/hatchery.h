/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The supervisor's side of the zygote (server/zygote.h is the worker's). */
#ifndef SERVER_HATCHERY_H
#define SERVER_HATCHERY_H

#include <stdbool.h>
#include <sys/types.h>

#include "server/privileges.h"
#include "server/server.h"

/* Forks the zygote; link_r is the supervisor's end of their pair. -1 with errno. */
pid_t hatchery_fork(const struct house *house, int *link_r);
/* The zygote, and so each renderer, becomes this user. */
bool hatchery_become(int link, const struct identity *who);
/* A door for one more worker: the worker's end, or -1. */
int hatchery_door(int link);

#endif
