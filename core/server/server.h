/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool: a supervisor that parses nothing a stranger sent, a zygote born before any secret was
 * read, workers that take one request at a time, and the job runner. main.c wires the house in
 * through `struct house`; nothing here knows what a request means. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/exchange.h"

/* What the pool needs of the settings; copied at start and at each reload. Text belongs to the
 * caller and must live as long as the process. */
struct pool_options {
    const char *listen;       /* "/path/of.sock" or "127.0.0.1:PORT"; ignored when descriptor 0 is a
                                    listening socket or LISTEN_FDS says so */
    const char *socket_group; /* group of the unix socket (mode 0660), NULL: leave */
    const char *user;         /* to become in workers, job runner and renderers; NULL: stay */
    unsigned workers;         /* 1 to 64 */
    unsigned requests_per_worker; /* retire after so many */
    unsigned request_seconds; /* a request that takes longer: its worker is killed and replaced */
    unsigned peer_ms;         /* a peer that is silent that long while we read is closed */
    unsigned drain_seconds;   /* SIGTERM: so long may requests in hand take */
    size_t max_upload;        /* bytes of a body */
};

struct house {
    /* In the zygote, once, before any secret is in memory and before it forks: warm up what every
     * renderer shares. The result is handed to each renderer. */
    void *(*renderer_prepare)(void);
    void (*renderer_warm)(void *prepared); /* of a server's zygote only; may be NULL */
    /* In a renderer, born of the zygote; `fd` is its end of a stream socket pair to its worker. 0-2
     * and fd are its only descriptors. Confines itself, serves, returns its exit status. */
    int (*renderer_main)(void *prepared, int fd);
    /* In the supervisor, after the zygote was forked: read the configuration (at start and on
     * SIGHUP). False: mistakes were reported; at start the program ends with 78, at reload the old
     * one runs on. */
    bool (*load)(struct pool_options *options_r);
    /* In a worker or the job runner after it dropped privileges (it can start no process any more):
     * connect, prepare. Workers have the indexes from 0 on, the job runner that behind the last
     * worker's; during a reload two may share one. `zygote` is the worker's door to the zygote
     * (server/zygote.h); the result is handed to handle() and tick(). 30 s at most. */
    void *(*worker_start)(unsigned index, int zygote);
    void (*handle)(void *worker, struct exchange *x);
    /* After the answer of handle() is out: e.g. to renew a renderer; request_seconds at most, like
     * handle(). May be NULL. */
    void (*between)(void *worker);
    /* In the job runner: called again after the returned number of milliseconds. SIGTERM waits for
     * its end, drain_seconds at most. */
    unsigned (*tick)(void *worker);
};

/* Runs the pool until SIGTERM or SIGINT; returns the exit status (0, 78 configuration, 71 system).
 * `argv` is the program's own, for the re-execution after the zygote died. */
int server_run(const struct house *house, char **argv);

/* In a worker or the job runner: was it told to end? A long tick asks between its pieces, for who
 * is not done in time is killed. */
bool server_is_ending(void);

/* Shared by all processes of the pool (the scoreboard). Indexes below SERVER_SHARED_WORDS; a word
 * is zero at start. For strikes of themes and hashes in flight. NULL outside a pool. */
enum { SERVER_SHARED_WORDS = 1024 };
_Atomic uint64_t *server_shared(void);

/* What the status page shows of a process. */
enum seat_kind { SEAT_WORKER, SEAT_JOB_RUNNER, SEAT_ZYGOTE, SEAT_SUPERVISOR };
struct seat_view {
    enum seat_kind kind;
    int pid;
    uint64_t requests, restarts;
    int64_t started; /* seconds since 1970 */
    bool busy;
};
/* Up to `max` rows of the scoreboard; their number. */
size_t server_seats(struct seat_view *seats_r, size_t max);

#endif
