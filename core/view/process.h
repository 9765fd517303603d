/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A renderer process as its worker sees it: born by the zygote, asked over a socket, watched by two clocks (its
 * own of processor time, and the wall's), and killed without regret. What it answers is a stranger's: one message
 * of at most WIRE_MAX, which nobody has looked into yet. */
#ifndef VIEW_PROCESS_H
#define VIEW_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/wire.h"

struct process {
    int sock, pidfd, statm; /* sock is -1 where there is no process */
    pid_t pid;
    clockid_t cpu;
    int beside; /* the processor that it was put on; -1: any */
    bool gives_way;
};

extern const struct process no_process;

/* `zygote`: the door to ask at. False: there is none to be had. */
bool process_start(struct process *p, int zygote);
/* Kills it as well: a renderer has nothing to lose. */
void process_finish(struct process *p);

/* Processor time that it has taken so far. */
int64_t process_cpu_ms(const struct process *p);
/* Bytes that are resident. */
size_t process_memory(const struct process *p);
/* Does it sleep? Then it waits for us, and not for a processor. */
bool process_sleeps(const struct process *p);
/* From now on the kernel ends it after so much processor time (to a second), though nobody looks. */
void process_bound(const struct process *p, unsigned cpu_ms);

/* From now on it is nicer than we are by ten. */
void process_give_way(struct process *p);
/* As nice as we are again. False: that is for those alone whose RLIMIT_NICE lets them. */
bool process_recover(struct process *p);

/* When to stop waiting: by the clock (clock_monotonic_ms), and by the process' own. That is not asked at
 * once: `cpu_end` is filled in when a while has passed, and holds what it may have taken until then against it. */
struct patience {
    int64_t wall_end;
    unsigned cpu_ms; /* of the process, from now on */
    int64_t cpu_end; /* 0: not looked at yet */
};

enum exchanged {
    EXCHANGED,
    SILENT, /* told all, and no answer yet by the clock: it may still come */
    LATE,   /* the clock ended it in the middle of a message */
    SPENT,  /* its processor time is used up */
    DEAD
};
/* Sends the message and gives the answer, which lives in the arena. After anything but EXCHANGED and SILENT the
 * process is of no use any more. Both run on one processor meanwhile, as long as it is quick. */
enum exchanged process_ask(struct process *p, struct arena *a, const struct str *message,
                           struct patience *until, struct wire_reader *reply_r);
/* The answer alone, after SILENT. */
enum exchanged process_hear(struct process *p, struct arena *a, struct patience *until,
                            struct wire_reader *reply_r);

#endif
