/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells when a file below some folders was saved, made, renamed or taken away, by inotify. What
 * editors write beside (names that no theme can have: .swp, ~) is no change. */
#ifndef STUDIO_WATCH_H
#define STUDIO_WATCH_H

#include <stdbool.h>

struct watch;

/* Nothing; a folder that nobody watches came or went beside one; only .css files; also others. */
enum watched { WATCH_NOTHING, WATCH_PLACE, WATCH_STYLES, WATCH_FILES };

/* NULL: errno. */
struct watch *watch_create(void);
void watch_destroy(struct watch *w);
/* The folder and what is below it, as deep as a theme goes, and where it stands, so that it may go
 * and come again. False: errno. */
bool watch_add(struct watch *w, const char *folder);
/* Readable when something may have happened. */
int watch_descriptor(const struct watch *w);
/* What happened since, without waiting. New folders are watched from now on. */
enum watched watch_read(struct watch *w);

#endif
