/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An account seen as an administrator: what it may do besides its own mailbox. */
#ifndef MODEL_ADMIN_H
#define MODEL_ADMIN_H

#include <stdint.h>

#include "model/field.h"

struct admin {
    int64_t id, level, active, last_seen;
    int64_t domains; /* how many it administers */
    const char *email, *name;
};

/* address, domain ("": the whole server): who becomes administrator of what. */
extern const struct field admin_make_fields[];

#endif
