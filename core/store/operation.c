/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/db.h"
#include "store/session.h"

/* A second one at the same moment waits at the primary key for the first's commit. */
STATEMENT(operation_claim_sql,
          "INSERT INTO operation (actor_id, op_id, fields_hash) VALUES (?, ?, ?)")
STATEMENT(operation_result_sql,
          "UPDATE operation SET result = ? WHERE actor_id = ? AND op_id = ? AND fields_hash = ?")
STATEMENT(operation_find_sql, "SELECT o.result AS result FROM operation o"
                              " WHERE o.actor_id = ? AND o.op_id = ? AND o.fields_hash = ?")

struct kept {
    const char *result;
};
static const struct column kept_columns[] = {COLUMN(kept, result, "result")};
static const struct row kept_row = ROW(kept, kept_columns);

enum outcome operation_find(struct store *s, struct arena *a, int64_t actor_id, const char *op_id,
                            const unsigned char fields_hash[SHA256_BYTES], const char **result_r)
{
    struct kept kept = {""};
    enum outcome o =
        db_row(s, a, &operation_find_sql,
               VALUES(bind_int(actor_id), bind_text(op_id), bind_bytes(fields_hash, SHA256_BYTES)),
               &kept_row, &kept);
    *result_r = kept.result;
    return o;
}

enum outcome operation_claim(struct store *s, struct arena *a, int64_t actor_id, const char *op_id,
                             const unsigned char fields_hash[SHA256_BYTES], const char **result_r)
{
    *result_r = "";
    enum outcome o = db_change(
        s, &operation_claim_sql,
        VALUES(bind_int(actor_id), bind_text(op_id), bind_bytes(fields_hash, SHA256_BYTES)), NULL,
        NULL);
    if (o != OUT_CONFLICT)
        return o;
    o = operation_find(s, a, actor_id, op_id, fields_hash, result_r);
    return o == OUT_OK ? OUT_CONFLICT : o == OUT_ABSENT ? OUT_BUSY : o;
}

enum outcome operation_result(struct store *s, int64_t actor_id, const char *op_id,
                              const unsigned char fields_hash[SHA256_BYTES], const char *result)
{
    return db_change_one(s, &operation_result_sql,
                         VALUES(bind_text(result), bind_int(actor_id), bind_text(op_id),
                                bind_bytes(fields_hash, SHA256_BYTES)));
}
