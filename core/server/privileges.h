/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process gives up before it does its work. Each call either succeeds or ends the process: a
 * worker that could not drop its rights must not run. */
#ifndef SERVER_PRIVILEGES_H
#define SERVER_PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Who to become; `change` is false where the process stays who it is. */
struct identity {
    bool change;
    uid_t uid;
    gid_t gid;
};

/* NULL: stay. False (with a line in the log): no such user, or only root could become it. */
bool identity_find(const char *user, struct identity *identity_r);
/* Closes every descriptor above 2 but the n of `keep`. */
void privileges_close_all_but(const int *keep, size_t n);
/* What was made nicer may be made as nice as 0 again, by this process and those that it makes. False: the kernel
 * does not let us say so. */
bool privileges_keep_nice(void);
/* Becomes `who` (no supplementary groups); no new privileges, no core, not dumpable, at most
 * `descriptors` open files; privileges_keep_nice(). `death` is the signal that comes when `parent` dies; 0: none. */
void privileges_drop(const struct identity *who, unsigned descriptors, int death, pid_t parent);

#endif
