/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/migrate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "store/db.h"
#include "store/sqlfile.h"
#include "store/survey.h"

enum { STATEMENT_MAX = 256 * 1024, INCLUDE_DEPTH = 3 };
#define INCLUDE "-- @include "
#define OWNER "`" SURVEY_OWNER "`@`localhost`"

STATEMENT(schema_version_sql, "SELECT v.version AS n FROM schema_version v WHERE v.one = 1")
STATEMENT(schema_tables_sql,
          "SELECT (SELECT COUNT(*) FROM information_schema.schemata d WHERE d.schema_name = ?) AS "
          "present,"
          " (SELECT COUNT(*) FROM information_schema.tables t WHERE t.table_schema = ?) AS tables,"
          " (SELECT COUNT(*) FROM information_schema.tables t WHERE t.table_schema = ?"
          " AND t.table_name = 'schema_version') AS versioned,"
          " (SELECT COUNT(*) FROM information_schema.tables t WHERE t.table_schema = ?"
          " AND t.table_name = 'virtual_users') AS accounts")

struct site_tables {
    int64_t present, tables, versioned, accounts, version;
};
static const struct column version_columns[] = {COLUMN(site_tables, version, "n")};
static const struct row version_row = ROW(site_tables, version_columns);
static const struct column tables_columns[] = {
    COLUMN(site_tables, present, "present"),
    COLUMN(site_tables, tables, "tables"),
    COLUMN(site_tables, versioned, "versioned"),
    COLUMN(site_tables, accounts, "accounts"),
};
static const struct row tables_row = ROW(site_tables, tables_columns);

enum { NO_SUCH_TABLE = 1146 };

enum outcome schema_version(struct store *s, int64_t *version_r)
{
    struct site_tables t = {0};
    *version_r = 0;
    enum outcome o = db_row(s, NULL, &schema_version_sql, NO_VALUES, &version_row, &t);
    if (o == OUT_OK)
        *version_r = t.version;
    bool none = o == OUT_ABSENT || (o == OUT_UNAVAILABLE && store_errno(s) == NO_SUCH_TABLE);
    return none ? OUT_OK : o;
}

/* A run of files: what is replaced in them, and who is told. */
struct run {
    struct store *store;
    struct arena *arena;
    const struct setup_plan *plan;
    bool dry;
    void (*say)(void *ctx, const char *step);
    void *ctx;
};

/* As it stands between the quotes of a text in SQL. */
static const char *quoted(struct arena *a, const char *text)
{
    struct str s;
    str_init(&s, a, 2 * strlen(text) + 1);
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            str_append_c(&s, *text);
        str_append_c(&s, *text);
    }
    return s.data;
}

static const char *placeholder(const struct run *r, const char *name, size_t n)
{
    const struct {
        const char *name, *value;
    } rows[] = {
        {"OWNER", OWNER},
        {"DB", r->plan->database},
        {"HOST", r->plan->client_host},
        {"MAILADMIN_PASSWORD", quoted(r->arena, r->plan->mailadmin_password)},
        {"MAILPOSTFIX_PASSWORD", quoted(r->arena, r->plan->mailpostfix_password)},
        {"MAILUSER_PASSWORD", quoted(r->arena, r->plan->mailuser_password)},
        {"MAILQUOTA_PASSWORD", quoted(r->arena, r->plan->mailquota_password)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].name) == n && memcmp(rows[i].name, name, n) == 0)
            return rows[i].value;
    return NULL;
}

/* @NAME@ becomes its value; any other @ stays. */
static const char *filled(const struct run *r, const char *sql, size_t n)
{
    struct str out;
    str_init(&out, r->arena, STATEMENT_MAX);
    for (const char *at = sql, *end = sql + n; at < end;) {
        const char *next = *at == '@' ? memchr(at + 1, '@', (size_t)(end - at - 1)) : NULL;
        const char *value = next != NULL ? placeholder(r, at + 1, (size_t)(next - at - 1)) : NULL;
        if (value != NULL) {
            str_append(&out, value);
            at = next + 1;
        } else {
            str_append_c(&out, *at++);
        }
    }
    return out.overflow ? NULL : out.data;
}

static enum outcome run_file(const struct run *r, const char *path, unsigned depth);

static enum outcome run_one(const struct run *r, const char *sql, size_t n, unsigned depth)
{
    if (text_starts(sql, INCLUDE)) {
        const char *path = sql + strlen(INCLUDE);
        return run_file(r, arena_memdup(r->arena, path, strcspn(path, " \n")), depth + 1);
    }
    const char *text = filled(r, sql, n);
    if (text == NULL) {
        store_complain(r->store, "setup: a statement is too long");
        return OUT_UNAVAILABLE;
    }
    return db_run(r->store, text);
}

static enum outcome run_file(const struct run *r, const char *path, unsigned depth)
{
    const struct embedded *file = embedded_find(embed_sql, path);
    if (file == NULL || depth > INCLUDE_DEPTH) {
        store_complain(r->store, "setup: there is no %s", path);
        return OUT_UNAVAILABLE;
    }
    size_t n;
    const char *at = file->bytes, *sql;
    while ((sql = sqlfile_next(&at, &n)) != NULL) {
        enum outcome o = run_one(r, sql, n, depth);
        if (o != OUT_OK)
            return o;
    }
    return OUT_OK;
}

static enum outcome step_file(const struct run *r, const char *words, const char *path)
{
    r->say(r->ctx, arena_printf(r->arena, "%s (sql/%s)", words, path));
    return r->dry ? OUT_OK : run_file(r, path, 0);
}

static enum outcome step_sql(const struct run *r, const char *words, const char *sql)
{
    r->say(r->ctx, words);
    return r->dry ? OUT_OK : db_run(r->store, sql);
}

static bool made_of(const char *text, const char *also)
{
    if (text == NULL || *text == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (!isalnum((unsigned char)*text) && strchr(also, *text) == NULL)
            return false;
    return true;
}

bool setup_takes_host(const char *host)
{
    return made_of(host, ".-:%_");
}

/* These go into SQL as they are. */
static bool plan_is_safe(struct store *s, const struct setup_plan *p)
{
    bool safe = made_of(p->database, "-_") && setup_takes_host(p->client_host);
    if (!safe)
        store_complain(s, "setup: the database's name may hold letters, digits, - and _ only; the "
                          "client's host an address or a name, with %% and _ for any part of it");
    return safe;
}

static enum outcome look(struct store *s, const char *database, struct site_tables *t)
{
    struct bind db = bind_text(database);
    *t = (struct site_tables){0};
    return db_row(s, NULL, &schema_tables_sql, VALUES(db, db, db, db), &tables_row, t);
}

static enum outcome use(struct store *s, struct arena *a, const char *database)
{
    return db_run(s, arena_printf(a, "USE `%s`", database));
}

static enum outcome create_database(const struct run *r, const struct site_tables *t)
{
    const char *name = r->plan->database;
    if (t->present > 0)
        return use(r->store, r->arena, name);
    enum outcome o = step_sql(r, arena_printf(r->arena, "make the database %s", name),
                              arena_printf(r->arena,
                                           "CREATE DATABASE IF NOT EXISTS `%s`"
                                           " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
                                           name));
    return o != OUT_OK || r->dry ? o : use(r->store, r->arena, name);
}

static enum outcome load_schema(const struct run *r, const struct site_tables *t)
{
    int64_t version = 0;
    if (t->tables == 0)
        return step_file(r, arena_printf(r->arena, "load the schema, version %d", SCHEMA_VERSION),
                         "schema.sql");
    enum outcome o = t->versioned > 0 ? schema_version(r->store, &version) : OUT_OK;
    if (o != OUT_OK || version == SCHEMA_VERSION)
        return o;
    if (version > SCHEMA_VERSION)
        store_complain(r->store, "the database has schema version %lld, this program knows %d",
                       (long long)version, SCHEMA_VERSION);
    else if (t->versioned > 0)
        store_complain(r->store, "the database holds a schema whose load broke off: drop it first");
    else
        store_complain(r->store, "the database holds other tables: %s",
                       t->accounts > 0 ? "`mailboy upgrade` brings Mailboy 0.5 up to date"
                                       : "choose another database");
    return OUT_CONFLICT;
}

/* --- views and triggers that are not as they should be are made anew --- */

struct repair {
    const struct run *run;
    enum outcome outcome;
};

static void make_anew(struct repair *p, const char *name)
{
    const struct run *r = p->run;
    size_t n;
    const char *at = embedded_find(embed_sql, "schema.sql")->bytes, *sql;
    while (p->outcome == OUT_OK && (sql = sqlfile_next(&at, &n)) != NULL) {
        const char *kind = survey_makes(r->arena, sql, n, name);
        if (kind == NULL || strcmp(kind, "TABLE") == 0)
            continue;
        r->say(r->ctx, arena_printf(r->arena, "make the %s %s anew", kind, name));
        if (r->dry)
            return;
        p->outcome = db_run(r->store, arena_printf(r->arena, "DROP %s IF EXISTS `%s`", kind, name));
        if (p->outcome == OUT_OK)
            p->outcome = run_one(r, sql, n, 0);
    }
}

static void repair_one(void *ctx, const char *code, const char *object, const char *detail)
{
    (void)code, (void)detail;
    make_anew(ctx, object);
}

static enum outcome repair(const struct run *r)
{
    struct repair p = {.run = r, .outcome = OUT_OK};
    enum outcome o = survey_schema(r->store, r->arena, r->plan->database, repair_one, &p);
    return o == OUT_OK ? p.outcome : o;
}

enum outcome setup_run(struct store *root, struct arena *a, struct setup_plan *plan, bool dry,
                       void (*say)(void *ctx, const char *step), void *ctx)
{
    struct run r = {.store = root, .arena = a, .plan = plan, .dry = dry, .say = say, .ctx = ctx};
    struct site_tables t;
    if (!plan_is_safe(root, plan))
        return OUT_WRONG;
    enum outcome o = look(root, plan->database, &t);
    if (o == OUT_OK)
        o = create_database(&r, &t);
    plan->loaded = o == OUT_OK && t.tables == 0;
    if (o == OUT_OK)
        o = load_schema(&r, &t);
    if (o == OUT_OK && t.tables > 0)
        o = repair(&r);
    if (o == OUT_OK)
        o = step_file(&r, "make the database's accounts and their grants", "grants.sql");
    return o;
}

/* upgrades/NNNN-anything.up.sql or .down.sql */
static const char *upgrade_path(struct arena *a, int64_t number, const char *way)
{
    const char *start = arena_printf(a, "upgrades/%04lld-", (long long)number);
    for (const struct embedded *file = embed_sql; file->path != NULL; file++) {
        size_t n = strlen(file->path), w = strlen(way);
        if (text_starts(file->path, start) && n > w && strcmp(file->path + n - w, way) == 0)
            return file->path;
    }
    return NULL;
}

static enum outcome upgrade_step(const struct run *r, int64_t number, bool up)
{
    const char *path = upgrade_path(r->arena, number, up ? ".up.sql" : ".down.sql");
    if (path == NULL) {
        store_complain(r->store, "there is no upgrade %lld", (long long)number);
        return OUT_ABSENT;
    }
    return step_file(
        r,
        up ? arena_printf(r->arena, "bring the schema to version %lld", (long long)number)
           : arena_printf(r->arena, "take the schema back to version %lld", (long long)number - 1),
        path);
}

enum outcome upgrade_run(struct store *root, struct arena *a, const char *database, int64_t target,
                         bool dry, void (*say)(void *ctx, const char *step), void *ctx)
{
    struct setup_plan plan = {.database = database};
    struct run r = {.store = root, .arena = a, .plan = &plan, .dry = dry, .say = say, .ctx = ctx};
    struct site_tables t;
    int64_t version = 0;
    if (!made_of(database, "_") || target < 0 || target > SCHEMA_VERSION) {
        store_complain(root, "no such database or version");
        return OUT_WRONG;
    }
    enum outcome o = look(root, database, &t);
    if (o == OUT_OK)
        o = t.tables == 0 ? OUT_ABSENT : use(root, a, database);
    if (o == OUT_OK && t.versioned > 0)
        o = schema_version(root, &version);
    if (o == OUT_OK && version > SCHEMA_VERSION)
        o = OUT_CONFLICT;
    for (; o == OUT_OK && version < target; version++)
        o = upgrade_step(&r, version + 1, true);
    for (; o == OUT_OK && version > target; version--)
        o = upgrade_step(&r, version, false);
    return o;
}
