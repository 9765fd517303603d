/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/policy.h"

#include "store/db.h"

#define POLICY                                                                       \
    "SELECT p.id AS id, p.version AS version, UNIX_TIMESTAMP(p.created) AS created," \
    " p.policy_name AS name, p.description AS description,"                          \
    " p.server_default AS server_default FROM policies p"
STATEMENT(policy_by_id_sql, POLICY " WHERE p.id = ?")
STATEMENT(policy_lock_sql, POLICY " WHERE p.id = ? FOR UPDATE")

static const struct column policy_columns[] = {
    COLUMN(policy, id, "id"),
    COLUMN(policy, version, "version"),
    COLUMN(policy, created, "created"),
    COLUMN(policy, name, "name"),
    COLUMN(policy, description, "description"),
    COLUMN(policy, server_default, "server_default"),
};
static const struct row policy_row = ROW(policy, policy_columns);

enum outcome policy_by_id(struct store *s, struct arena *a, int64_t id, struct policy *policy_r)
{
    return db_row(s, a, &policy_by_id_sql, VALUES(bind_int(id)), &policy_row, policy_r);
}

enum outcome policy_lock(struct store *s, struct arena *a, int64_t id, struct policy *policy_r)
{
    return db_row(s, a, &policy_lock_sql, VALUES(bind_int(id)), &policy_row, policy_r);
}
