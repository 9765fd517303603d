/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and folders that the tools write. A file appears whole or not at all: written beside its
 * place and renamed. No link is followed on the way. Names are single words of a folder that is
 * held open. */
#ifndef STUDIO_FOLDER_H
#define STUDIO_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Opens a folder, which is made (0755, its parents too) if it is not there; -1: errno. */
int folder_open(struct arena *a, const char *path);
/* The same of a name inside a folder. */
int folder_enter(int folder, const char *name);
/* 0644. False: errno. */
bool folder_write(int folder, const char *name, const void *bytes, size_t n);
/* "a/b/c.html" below the folder, with the folders between; at most 8 deep. */
bool folder_write_below(struct arena *a, int folder, const char *path, const void *bytes, size_t n);
/* A folder and what is in it, 8 deep at most. False: something is left. */
bool folder_remove(int folder, const char *name);
/* The names in it but . and .., sorted; n_r of them. */
const char **folder_list(struct arena *a, int folder, size_t *n_r);
/* A new folder of a name nobody has ("START-xxxxxxxx"); NULL: errno. */
const char *folder_make_fresh(struct arena *a, int folder, const char *start);

#endif
