/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are to stand below a folder, each with its owner, group and mode: what differs is shown, what was
 * there is kept in FOLDER/.before-mailboy/N (root's alone) before anything is touched, each file is put whole
 * by rename, and the last placing can be taken back, byte and mode. A link is never followed: that is somebody
 * else's arrangement. Functions that return false have put a sentence into `trouble`. */
#ifndef CLI_PLACING_H
#define CLI_PLACING_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"

struct file_state {
    bool there;
    const char *bytes; /* ends with a NUL; configuration holds none */
    size_t n;
    mode_t mode;
    uid_t uid;
    gid_t gid;
};

struct placed_file {
    const char *path;           /* below the folder */
    struct file_state is, want; /* `is` is filled by placing_look */
    bool own;                   /* the daemon's, changed and not brought by us */
    const char *ours; /* taking back: what the placing had put there, as hex_text of its SHA-256 */
};

enum { PLACING_FILES = 64 };

struct placing {
    struct arena *arena;
    const char *folder;
    struct placed_file files[PLACING_FILES];
    size_t n;
    const char *made[PLACING_FILES]; /* folders that a placing made, outermost first */
    size_t made_n;
    const char *kept; /* where what was there lies, or will lie */
    const char *trouble;
};

void placing_init(struct placing *p, struct arena *a, const char *folder);
struct placed_file *placing_add(struct placing *p, const char *path);
/* Reads one file as it is now. */
bool placing_read(struct placing *p, const char *path, struct file_state *state_r);
bool placing_look(struct placing *p);

bool file_differs(const struct placed_file *f);
bool placing_differs(const struct placing *p);
/* On standard output: a unified difference of each file, and its owner and mode where these change. */
bool placing_show(const struct placing *p);

/* Makes everything as it is wanted. */
bool placing_put(struct placing *p);
/* The same, and keeps what was there; when it cannot, everything is as it was before. */
bool placing_do(struct placing *p);
/* The last placing in that folder, turned round; false also if there is none. */
bool placing_recall(struct placing *p);
/* The first file that somebody changed since; NULL: none. */
const char *placing_changed_since(const struct placing *p);
bool placing_undo(struct placing *p);

#endif
