/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of memory that all processes of a pool share: who sits where, until when a request may
 * take, and the words of server_shared(). A worker writes its own seat, the supervisor reads all.
 * The zygote and its renderers give it up at birth, so hostile code cannot reach it. */
#ifndef SERVER_SCOREBOARD_H
#define SERVER_SCOREBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "server/server.h"

enum { SEAT_OF_SUPERVISOR, SEAT_OF_ZYGOTE, SEAT_FIRST_CHILD, SEATS = SEAT_FIRST_CHILD + 256 };

struct seat {
    _Atomic int pid;  /* 0: nobody sits here */
    _Atomic int kind; /* enum seat_kind */
    _Atomic bool ready, busy;
    _Atomic int64_t deadline_ms; /* monotonic; 0: may take for ever */
    _Atomic int64_t started;
    _Atomic uint64_t requests, restarts;
};

/* Before any fork. False: no memory. */
bool scoreboard_create(void);
/* This process has no scoreboard from now on. */
void scoreboard_leave(void);
struct seat *scoreboard_seat(unsigned n);
void scoreboard_sit(unsigned n, enum seat_kind kind, int pid, uint64_t restarts);
void scoreboard_clear(unsigned n);

#endif
