/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes a stranger's archive apart in a process of its own: without rights (nobody's, where we are
 * root), files or time to spare, behind the wall of server/confine.h. What comes back is read as
 * a stranger's too, and held against the rules of studio/bundle.h once more. */
#ifndef STUDIO_UNPACK_H
#define STUDIO_UNPACK_H

#include "studio/bundle.h"

/* As bundle_read. */
bool unpack(struct arena *a, const void *bytes, size_t n, struct bundle *bundle_r,
            struct str *messages);

#endif
