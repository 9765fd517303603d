/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An alias: mail to one address of a hosted domain goes to others. The database keeps a row for
 * each destination (table virtual_aliases); here they are one thing, with the id of its oldest
 * row. */
#ifndef MODEL_ALIAS_H
#define MODEL_ALIAS_H

#include <stdint.h>

#include "model/field.h"

struct alias {
    int64_t id, domain_id, version, created;
    const char *source;       /* the local part; "" for a catch-all */
    const char *email;        /* "sales@example.org", "@example.org" */
    const char *domain;       /* its name, A-label */
    const char *destinations; /* one a line */
    int64_t active;
};

#endif
