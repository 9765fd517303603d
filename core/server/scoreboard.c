/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/scoreboard.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"

struct scoreboard {
    _Atomic uint64_t words[SERVER_SHARED_WORDS];
    struct seat seats[SEATS];
};

static struct scoreboard *board;

bool scoreboard_create(void)
{
    void *p = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    board = p == MAP_FAILED ? NULL : p;
    return board != NULL;
}

void scoreboard_leave(void)
{
    if (board != NULL)
        munmap(board, sizeof *board);
    board = NULL;
}

struct seat *scoreboard_seat(unsigned n)
{
    assert(board != NULL && n < SEATS);
    return &board->seats[n];
}

void scoreboard_clear(unsigned n)
{
    struct seat *s = scoreboard_seat(n);
    s->pid = 0;
    s->ready = s->busy = false;
    s->deadline_ms = s->started = 0;
    s->requests = s->restarts = 0;
}

void scoreboard_sit(unsigned n, enum seat_kind kind, int pid, uint64_t restarts)
{
    struct seat *s = scoreboard_seat(n);
    s->kind = (int)kind;
    s->started = clock_now();
    s->restarts = restarts;
    s->pid = pid;
}

_Atomic uint64_t *server_shared(void)
{
    return board != NULL ? board->words : NULL;
}

size_t server_seats(struct seat_view *seats_r, size_t max)
{
    size_t n = 0;
    for (unsigned i = 0; board != NULL && i < SEATS && n < max; i++) {
        struct seat *s = &board->seats[i];
        if (s->pid == 0)
            continue;
        seats_r[n++] = (struct seat_view){.kind = (enum seat_kind)s->kind,
                                          .pid = s->pid,
                                          .requests = s->requests,
                                          .restarts = s->restarts,
                                          .started = s->started,
                                          .busy = s->busy};
    }
    return n;
}
