/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts the assets of `base` and of every installed theme where the web server finds them:
 * FOLDER/THEME/NAME-HASH.EXT, texts with .gz and .br beside. Names carry the hash of their bytes,
 * so nothing is ever overwritten, a page that was made before keeps finding its files, and an
 * interrupted run leaves nothing half. What no theme has any more goes at the second run after.
 * What is no proper asset (base/asset.h) is told and left out. */
#ifndef STUDIO_PUBLISH_H
#define STUDIO_PUBLISH_H

#include <stdbool.h>

#include "base/str.h"

struct published {
    unsigned themes, files, fresh, removed;
};

/* The folder is made if need be. Messages, a line each, are appended: what was left out and why, and
 * what could not be written. False: something could not be written or read. */
bool publish_assets(struct arena *a, const char *themes_dir, const char *folder,
                    struct str *messages, struct published *published_r);

#endif
