/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the database and bringing its schema up to date: the embedded sql/ files, statement by
 * statement. Done as the database's root by `setup` and `upgrade` only. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/str.h"
#include "store/store.h"

enum { SCHEMA_VERSION = 1 }; /* what this program knows */

/* 0: no schema there. */
enum outcome schema_version(struct store *s, int64_t *version_r);

struct setup_plan {
    const char *database;
    const char *mailadmin_password, *mailpostfix_password, *mailuser_password, *mailquota_password;
    const char *client_host; /* from where the programs connect: "localhost", "10.0.0.%" */
    bool loaded;             /* filled in: the schema was loaded just now, or would be */
};
/* An address or a name, with SQL's % and _ for any part of it. */
bool setup_takes_host(const char *host);
/* Everything that is missing: database, schema, users, grants; running it again changes nothing
 * that is right. Each step is told to `say` (for --dry-run: only told, `dry`). OUT_CONFLICT: a
 * newer schema. */
enum outcome setup_run(struct store *root, struct arena *a, struct setup_plan *plan, bool dry,
                       void (*say)(void *ctx, const char *step), void *ctx);
/* Numbered upgrades up to `target`; down too. */
enum outcome upgrade_run(struct store *root, struct arena *a, const char *database, int64_t target,
                         bool dry, void (*say)(void *ctx, const char *step), void *ctx);

#endif
