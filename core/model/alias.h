/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An alias: mail to one address of a hosted domain goes to others. The database keeps a row for
 * each destination (table virtual_aliases); here they are one thing, with the id of its oldest
 * row. A destination that is the alias's own address means that the mailbox of that name gets a
 * copy: it is no destination here, but `keep_copy`. */
#ifndef MODEL_ALIAS_H
#define MODEL_ALIAS_H

#include <stdint.h>

#include "model/field.h"
#include "model/mailbox.h"

enum { DESTINATIONS_MOST = 100 };

struct alias {
    int64_t id, domain_id, version, created;
    const char *source;       /* the local part; "" for a catch-all */
    const char *email;        /* "sales@example.org", "@example.org" */
    const char *domain;       /* its name, A-label */
    const char *destinations; /* one a line; of a list's rows the first few */
    const char *description;  /* "" for none */
    int64_t active, catch_all, keep_copy;
    int64_t destinations_n; /* how many there are, without its own address */
    int64_t outside;        /* how many of them are in other domains */
    bool circle;            /* of a list's rows: its mail comes back to it */
    /* The account at its address: who may change the alias has to cover it. 0: there is none. */
    int64_t account_id, account_level;
    const int64_t *account_administers;
    size_t account_administers_n;
};

/* source or catch_all, destinations, keep_copy, description, active. Who may make a catch-all is
 * said by the row of catch_all. */
extern const struct field alias_fields[];

/* What permit() asks of the account at its address; id 0: there is none. */
struct mailbox alias_account(const struct alias *alias);

#endif
