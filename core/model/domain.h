/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hosted domain. */
#ifndef MODEL_DOMAIN_H
#define MODEL_DOMAIN_H

#include <stdint.h>

#include "model/field.h"

struct domain {
    int64_t id, version, created; /* created: seconds since 1970, UTC */
    const char *name;             /* A-label */
    const char *description;      /* "" for none */
    int64_t mailboxes, aliases;   /* from the counters */
};

/* name (on create: server admin; on edit: server admin = rename), description (domain admin
 * too). */
extern const struct field domain_fields[];

#endif
