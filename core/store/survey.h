/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `mailboy check` asks of the database, as its root: is everything there that sql/ makes, as
 * sql/ makes it, and is what the triggers promise true? Reads only, whole tables too. Each finding
 * goes to `found` with its code (cli/check.def), what it is about and what is the matter; both
 * texts live in the arena. */
#ifndef STORE_SURVEY_H
#define STORE_SURVEY_H

#include "store/store.h"

#define SURVEY_OWNER "mailboy_owner"

typedef void survey_found(void *ctx, const char *code, const char *object, const char *detail);

/* "read-only": the option that makes it so; "clock": by how many seconds it is more than a minute away
 * from this machine's. */
enum outcome survey_server(struct store *s, struct arena *a, survey_found *found, void *ctx);
/* "missing": a table, what belongs to one, a view or a trigger; "changed": the text of one of the latter; "collation":
 * a column's (detail: which it has); "definer": a view or trigger
 * whose account is not there or is not the owner: every query through it fails (error 1449). */
enum outcome survey_schema(struct store *s, struct arena *a, const char *database,
                           survey_found *found, void *ctx);
/* "grant": one of sql/grants.sql that is missing; "grant-more": a right beyond these. `host`: from
 * where the accounts connect. */
enum outcome survey_grants(struct store *s, struct arena *a, const char *database, const char *host,
                           survey_found *found, void *ctx);
/* "row": a broken promise of sql/integrity.sql; detail: which, object: of what. Fifty at most. */
enum outcome survey_rows(struct store *s, struct arena *a, survey_found *found, void *ctx);
/* "weak-hash" for each old scheme (object) with how many accounts have it; "no-super-admin". */
enum outcome survey_accounts(struct store *s, struct arena *a, survey_found *found, void *ctx);

/* "delivered-here" for each of these names (separated by blanks) that is a hosted domain. */
enum outcome survey_hosted(struct store *s, struct arena *a, const char *names, survey_found *found,
                           void *ctx);

/* Does this statement of sql/schema.sql make the thing of that name? "TABLE", "VIEW", "TRIGGER";
 * NULL: no. */
const char *survey_makes(struct arena *a, const char *sql, size_t n, const char *name);

#endif
