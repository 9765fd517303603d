/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A theme as one file, to be handed on: a tar archive, compressed by gzip, of one folder with the
 * theme's name; MANIFEST.sha256 in it has the hash of every other file, as sha256sum(1) writes it.
 * The same theme makes the same bytes. What is read was made by a stranger: only plain files and
 * folders of plain names are taken, within the limits of view/theme.h, none twice (in capitals or
 * not), each as the manifest says, none besides. */
#ifndef STUDIO_BUNDLE_H
#define STUDIO_BUNDLE_H

#include "base/str.h"
#include "view/theme.h"

enum { BUNDLE_BYTES = 8 * 1024 * 1024 };

struct bundle {
    const char *name;
    size_t files_n;
    struct theme_file *files; /* paths below the theme's folder; without the manifest */
};

/* Into the arena. False: messages (a line each) say all that is wrong. */
bool bundle_read(struct arena *a, const void *bytes, size_t n, struct bundle *bundle_r,
                 struct str *messages);
/* Of one that came from elsewhere than bundle_read: are names, paths and sizes as bundle_read would
 * have them? */
bool bundle_is_sound(const struct bundle *b);
/* Appends the archive. */
void bundle_write(const struct bundle *b, struct str *to);

#endif
