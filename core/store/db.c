/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/db.h"

#include <assert.h>
#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

#ifndef ER_CONNECTION_KILLED
#define ER_CONNECTION_KILLED 1927
#endif

enum {
    PREPARED_MAX = 256,
    VALUES_MAX = 128,
    ERROR_MAX = 512,
    REST_MS = 500,
    ATTEMPTS = 3,
    SCRATCH_MAX = 1 << 20
};

struct prepared {
    const struct statement *statement;
    MYSQL_STMT *handle;
};

struct store {
    const struct store_options *options;
    MYSQL *db;             /* NULL: no connection */
    struct arena *scratch; /* rows of numbers, until the next statement */
    struct prepared prepared[PREPARED_MAX];
    size_t prepared_n;
    bool in_transaction;
    enum outcome doom; /* OUT_OK: the transaction may still be committed */
    bool schema_differs;
    bool reached;       /* the statement at hand was handed to the server */
    int64_t rest_until; /* after a connect that timed out: do not try again at once */
    uint64_t sent;
    unsigned error;
    char words[ERROR_MAX];
};

/* connection */

struct store *store_create(const struct store_options *options)
{
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL)
        log_fatal("store", "out of memory");
    s->options = options;
    s->scratch = arena_create(SCRATCH_MAX);
    return s;
}

static void disconnect(struct store *s)
{
    for (size_t i = 0; i < s->prepared_n; i++)
        mysql_stmt_close(s->prepared[i].handle);
    s->prepared_n = 0;
    if (s->db != NULL)
        mysql_close(s->db);
    s->db = NULL;
}

void store_destroy(struct store *s)
{
    if (s == NULL)
        return;
    disconnect(s);
    arena_destroy(s->scratch);
    free(s);
}

const char *store_error(const struct store *s)
{
    return s->words;
}

unsigned store_errno(const struct store *s)
{
    return s->error;
}

uint64_t store_statements(const struct store *s)
{
    return s->sent;
}

bool store_in_transaction(const struct store *s)
{
    return s->in_transaction;
}

void store_complain(struct store *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(s->words, sizeof s->words, format, args);
    va_end(args);
}

static void remember(struct store *s, const char *what, unsigned error, const char *words)
{
    s->error = error;
    store_complain(s, "%s: %u %s", what, error, words);
}

static unsigned whole_seconds(unsigned ms)
{
    return ms == 0 ? 1 : (ms + 999) / 1000;
}

static void set_limits(MYSQL *db, const struct store_options *o)
{
    unsigned connect_s = whole_seconds(o->connect_ms), statement_s = whole_seconds(o->statement_ms);
    unsigned no = 0;
    mysql_options(db, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
    mysql_options(db, MYSQL_OPT_READ_TIMEOUT, &statement_s);
    mysql_options(db, MYSQL_OPT_WRITE_TIMEOUT, &statement_s);
    mysql_options(db, MYSQL_OPT_LOCAL_INFILE, &no);
    mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (o->defaults_file != NULL) {
        mysql_options(db, MYSQL_READ_DEFAULT_FILE, o->defaults_file);
        mysql_options(db, MYSQL_READ_DEFAULT_GROUP, "client");
    }
}

/* MariaDB counts seconds, MySQL milliseconds (and for SELECT only). The server's limit lies
 * below the client's, so that a slow statement ends without costing the connection. */
static bool set_statement_limit(MYSQL *db, unsigned ms)
{
    char sql[96];
    snprintf(sql, sizeof sql, "SET SESSION innodb_lock_wait_timeout = %d", ms >= 2500 ? 2 : 1);
    if (mysql_query(db, sql) != 0)
        return false;
    unsigned below = ms > 400 ? ms - 200 : ms / 2 + 1;
    if (strstr(mysql_get_server_info(db), "MariaDB") != NULL)
        snprintf(sql, sizeof sql, "SET SESSION max_statement_time = %u.%03u", below / 1000,
                 below % 1000);
    else
        snprintf(sql, sizeof sql, "SET SESSION max_execution_time = %u", below);
    return mysql_query(db, sql) == 0;
}

static bool set_session(MYSQL *db, const struct store_options *o)
{
    static const char *const session[] = {
        "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
        ("SET SESSION time_zone = '+00:00', sql_mode ="
         " 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"),
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    };
    for (size_t i = 0; i < sizeof session / sizeof *session; i++)
        if (mysql_query(db, session[i]) != 0)
            return false;
    return set_statement_limit(db, o->statement_ms);
}

bool store_schema_differs(const struct store *s)
{
    return s->schema_differs;
}

/* 0: there is none. */
static bool read_version(MYSQL *db, int64_t *version_r)
{
    *version_r = 0;
    if (mysql_query(db, "SELECT version FROM schema_version WHERE one = 1") != 0)
        return mysql_errno(db) == ER_NO_SUCH_TABLE;
    MYSQL_RES *rows = mysql_store_result(db);
    MYSQL_ROW row = rows != NULL ? mysql_fetch_row(rows) : NULL;
    if (row != NULL && row[0] != NULL)
        *version_r = strtoll(row[0], NULL, 10);
    mysql_free_result(rows);
    return rows != NULL;
}

static bool schema_fits(struct store *s, MYSQL *db)
{
    int64_t there, known = s->options->schema_version;
    s->schema_differs = false;
    if (known == 0)
        return true;
    if (!read_version(db, &there)) {
        remember(s, "schema", mysql_errno(db), mysql_error(db));
        return false;
    }
    s->schema_differs = there != known;
    if (s->schema_differs)
        store_complain(
            s, "the database's schema has version %lld, this program knows version %lld: %s",
            (long long)there, (long long)known,
            there > known ? "run the program that made it, or a newer one"
                          : "run `mailboy upgrade`, or `mailboy setup` if there is none yet");
    return !s->schema_differs;
}

static bool connect_now(struct store *s)
{
    const struct store_options *o = s->options;
    int64_t start = clock_monotonic_ms();
    MYSQL *db = mysql_init(NULL);
    if (db == NULL)
        log_fatal("store", "out of memory");
    set_limits(db, o);
    bool up = mysql_real_connect(db, o->host, o->user, o->password, o->database, o->port, o->socket,
                                 CLIENT_FOUND_ROWS) != NULL &&
              set_session(db, o);
    if (up && schema_fits(s, db)) {
        s->db = db;
        return true;
    }
    if (!up)
        remember(s, "connect", mysql_errno(db), mysql_error(db));
    mysql_close(db);
    int64_t now = clock_monotonic_ms();
    if (now - start >= REST_MS) /* it hangs: the rest of this request need not wait for it again */
        s->rest_until = now + REST_MS;
    return false;
}

/* Has the other end closed (or said something nobody asked)? Costs no round trip. */
static bool is_dead(MYSQL *db)
{
    struct pollfd at = {.fd = (int)mysql_get_socket(db), .events = POLLIN};
    return poll(&at, 1, 0) != 0;
}

/* fresh_r: the connection was made just now. */
static enum outcome connected(struct store *s, bool *fresh_r)
{
    *fresh_r = false;
    if (s->db != NULL && is_dead(s->db))
        disconnect(s);
    if (s->db != NULL)
        return OUT_OK;
    if (clock_monotonic_ms() < s->rest_until)
        return OUT_UNAVAILABLE;
    *fresh_r = true;
    if (connect_now(s))
        return OUT_OK;
    log_warn("store", "%s", s->words);
    return OUT_UNAVAILABLE;
}

/* errors */

static bool is_lost(unsigned error)
{
    return error >= CR_MIN_ERROR || error == ER_SERVER_SHUTDOWN || error == ER_CONNECTION_KILLED;
}

static enum outcome outcome_of(unsigned error, const char *state)
{
    static const struct {
        unsigned error;
        enum outcome outcome;
    } rows[] = {
        {ER_DUP_ENTRY, OUT_CONFLICT},           {ER_NO_REFERENCED_ROW_2, OUT_CONFLICT},
        {ER_ROW_IS_REFERENCED_2, OUT_CONFLICT}, {ER_LOCK_DEADLOCK, OUT_BUSY},
        {ER_LOCK_WAIT_TIMEOUT, OUT_BUSY},       {ER_CHECKREAD, OUT_BUSY},
        {SIGNAL_RELAYED, OUT_CONFLICT},         {SIGNAL_HOSTED, OUT_CONFLICT},
        {SIGNAL_NO_DOMAIN, OUT_ABSENT},         {SIGNAL_ADDRESS_TOO_LONG, OUT_WRONG},
        {ER_DATA_TOO_LONG, OUT_WRONG},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].error == error)
            return rows[i].outcome;
    return strcmp(state, "45000") == 0 ? OUT_DENIED : OUT_UNAVAILABLE;
}

static enum outcome failed(struct store *s, const char *what, unsigned error, const char *state,
                           const char *words)
{
    enum outcome o = outcome_of(error, state);
    remember(s, what, error, words);
    if (o == OUT_UNAVAILABLE)
        log_warn("store", "%s", s->words);
    if (s->in_transaction && (o == OUT_UNAVAILABLE || o == OUT_BUSY))
        s->doom = o;
    if (is_lost(error))
        disconnect(s);
    return o;
}

static enum outcome statement_failed(struct store *s, const struct statement *st, MYSQL_STMT *h)
{
    unsigned error = mysql_stmt_errno(h);
    return failed(s, st->name, error != 0 ? error : CR_UNKNOWN_ERROR, mysql_stmt_sqlstate(h),
                  mysql_stmt_error(h));
}

/* statements */

static void must_be_listed(const struct statement *st)
{
    for (const struct statement *const *at = statements_all(); *at != NULL; at++)
        if (*at == st)
            return;
    log_fatal("store", "statement %s is not in statements.def", st->name);
}

static enum outcome prepare(struct store *s, const struct statement *st, const struct row *row,
                            MYSQL_STMT **handle_r)
{
    for (size_t i = 0; i < s->prepared_n; i++)
        if (s->prepared[i].statement == st) {
            *handle_r = s->prepared[i].handle;
            return OUT_OK;
        }
    must_be_listed(st);
    assert(s->prepared_n < PREPARED_MAX);
    MYSQL_STMT *h = mysql_stmt_init(s->db);
    if (h == NULL)
        log_fatal("store", "out of memory");
    s->prepared[s->prepared_n++] = (struct prepared){st, h};
    if (mysql_stmt_prepare(h, st->sql, strlen(st->sql)) != 0) {
        enum outcome o = statement_failed(s, st, h);
        if (s->db != NULL) /* else closed with the connection */
            mysql_stmt_close(s->prepared[--s->prepared_n].handle);
        return o;
    }
    if (row != NULL && !row_fits(h, row))
        log_fatal("store", "statement %s gives other columns than its row has", st->name);
    *handle_r = h;
    return OUT_OK;
}

static void bind_values(struct values values, MYSQL_BIND *binds)
{
    memset(binds, 0, values.n * sizeof *binds);
    for (size_t i = 0; i < values.n; i++) {
        const struct bind *v = &values.at[i];
        binds[i].buffer_type = v->kind == VALUE_NULL  ? MYSQL_TYPE_NULL
                               : v->kind == VALUE_INT ? MYSQL_TYPE_LONGLONG
                                                      : MYSQL_TYPE_STRING;
        binds[i].buffer = v->kind == VALUE_INT ? (void *)(uintptr_t)&v->number
                                               : (void *)(uintptr_t)v->bytes;
        binds[i].buffer_length = v->n;
    }
}

static enum outcome execute(struct store *s, const struct statement *st, struct values values,
                            MYSQL_STMT *h)
{
    MYSQL_BIND binds[VALUES_MAX];
    assert(values.n <= VALUES_MAX && mysql_stmt_param_count(h) == values.n);
    bind_values(values, binds);
    if (values.n > 0 && mysql_stmt_bind_param(h, binds))
        return statement_failed(s, st, h);
    s->reached = true;
    s->sent++;
    if (mysql_stmt_execute(h) == 0)
        return OUT_OK;
    if (mysql_stmt_errno(h) == CR_SERVER_GONE_ERROR) /* could not be written */
        s->reached = false;
    return statement_failed(s, st, h);
}

/* One go; with `row` a question, without a change. */
struct job {
    const struct statement *statement;
    struct values values;
    struct arena *arena;
    const struct row *row;
    char *rows;
    size_t n;
    int64_t affected, id;
};

static enum outcome attempt(struct store *s, struct job *job)
{
    MYSQL_STMT *h = NULL;
    enum outcome o = prepare(s, job->statement, job->row, &h);
    if (o == OUT_OK)
        o = execute(s, job->statement, job->values, h);
    if (o != OUT_OK)
        return o;
    if (job->row != NULL)
        return rows_take(job->arena, h, job->row, &job->rows, &job->n)
                   ? OUT_OK
                   : statement_failed(s, job->statement, h);
    job->affected = (int64_t)mysql_stmt_affected_rows(h);
    job->id = (int64_t)mysql_stmt_insert_id(h);
    return OUT_OK;
}

/* Outside a transaction: may the statement be sent once more? */
static bool worth_repeating(const struct store *s, const struct job *job, enum outcome o,
                            bool fresh, int64_t took_ms)
{
    if (o == OUT_BUSY) /* one statement by itself was undone whole */
        return s->error == ER_LOCK_DEADLOCK;
    if (o != OUT_UNAVAILABLE || s->db != NULL || fresh)
        return false;
    bool waited = took_ms + 100 >= (int64_t)whole_seconds(s->options->statement_ms) * 1000;
    return !waited && (job->row != NULL || !s->reached);
}

static enum outcome run_alone(struct store *s, struct job *job)
{
    enum outcome o = OUT_UNAVAILABLE;
    for (int i = 0; i < ATTEMPTS; i++) {
        bool fresh;
        o = connected(s, &fresh);
        if (o != OUT_OK)
            return o;
        s->reached = false;
        int64_t start = clock_monotonic_ms();
        o = attempt(s, job);
        if (!worth_repeating(s, job, o, fresh, clock_monotonic_ms() - start))
            break;
    }
    bool lost_after = o == OUT_UNAVAILABLE && s->db == NULL && s->reached;
    return lost_after && job->row == NULL ? OUT_UNCERTAIN : o;
}

static enum outcome run(struct store *s, struct job *job)
{
    if (!s->in_transaction)
        return run_alone(s, job);
    return s->doom != OUT_OK ? s->doom : attempt(s, job);
}

enum outcome db_rows(struct store *s, struct arena *a, const struct statement *st,
                     struct values values, const struct row *row, void *rows_r, size_t *n_r)
{
    if (a == NULL)
        arena_reset(s->scratch);
    struct job job = {
        .statement = st, .values = values, .arena = a != NULL ? a : s->scratch, .row = row};
    enum outcome o = run(s, &job);
    *(void **)rows_r = job.rows;
    *n_r = o == OUT_OK ? job.n : 0;
    return o;
}

enum outcome db_row(struct store *s, struct arena *a, const struct statement *st,
                    struct values values, const struct row *row, void *row_r)
{
    void *rows;
    size_t n;
    enum outcome o = db_rows(s, a, st, values, row, &rows, &n);
    if (o == OUT_OK && n == 0)
        return OUT_ABSENT;
    if (o == OUT_OK)
        memcpy(row_r, rows, row->size);
    return o;
}

enum outcome db_change(struct store *s, const struct statement *st, struct values values,
                       int64_t *affected_r, int64_t *id_r)
{
    struct job job = {.statement = st, .values = values};
    enum outcome o = run(s, &job);
    if (affected_r != NULL)
        *affected_r = job.affected;
    if (id_r != NULL)
        *id_r = job.id;
    return o;
}

enum outcome db_change_one(struct store *s, const struct statement *st, struct values values)
{
    int64_t found;
    enum outcome o = db_change(s, st, values, &found, NULL);
    if (o == OUT_OK && found == 0) {
        remember(s, st->name, 0, "no such row");
        return OUT_CONFLICT;
    }
    return o;
}

static enum outcome ask(struct store *s, const char *sql, MYSQL_RES **result_r)
{
    bool fresh;
    *result_r = NULL;
    enum outcome o = s->in_transaction && s->doom != OUT_OK ? s->doom : connected(s, &fresh);
    if (o != OUT_OK)
        return o;
    s->sent++;
    if (mysql_query(s->db, sql) == 0)
        *result_r = mysql_store_result(s->db);
    return mysql_errno(s->db) == 0
               ? OUT_OK
               : failed(s, "setup", mysql_errno(s->db), mysql_sqlstate(s->db), mysql_error(s->db));
}

enum outcome db_run(struct store *s, const char *sql)
{
    MYSQL_RES *result;
    enum outcome o = ask(s, sql, &result);
    mysql_free_result(result); /* NULL is fine */
    return o;
}

enum outcome db_ask(struct store *s, struct arena *a, const char *sql, struct db_texts *texts_r)
{
    MYSQL_RES *result;
    *texts_r = (struct db_texts){0};
    enum outcome o = ask(s, sql, &result);
    if (result == NULL)
        return o;
    texts_r->columns = mysql_num_fields(result);
    size_t n = (size_t)mysql_num_rows(result);
    texts_r->at = arena_array(a, n * texts_r->columns + 1, sizeof *texts_r->at);
    for (MYSQL_ROW row; texts_r->n < n && (row = mysql_fetch_row(result)) != NULL; texts_r->n++)
        for (size_t i = 0; i < texts_r->columns; i++)
            texts_r->at[texts_r->n * texts_r->columns + i] =
                row[i] != NULL ? arena_strdup(a, row[i]) : NULL;
    mysql_free_result(result);
    return o;
}

enum outcome store_ping(struct store *s)
{
    bool fresh;
    enum outcome o = connected(s, &fresh);
    if (o != OUT_OK || fresh)
        return o;
    if (mysql_ping(s->db) == 0)
        return OUT_OK;
    remember(s, "ping", mysql_errno(s->db), mysql_error(s->db));
    disconnect(s);
    return OUT_UNAVAILABLE;
}

/* transactions */

enum outcome store_begin(struct store *s)
{
    assert(!s->in_transaction);
    for (int i = 0; i < 2; i++) {
        bool fresh;
        enum outcome o = connected(s, &fresh);
        if (o != OUT_OK)
            return o;
        s->sent++;
        int64_t start = clock_monotonic_ms();
        if (mysql_query(s->db, "START TRANSACTION") == 0) {
            s->in_transaction = true;
            s->doom = OUT_OK;
            return OUT_OK;
        }
        remember(s, "begin", mysql_errno(s->db), mysql_error(s->db));
        disconnect(s);
        if (fresh || clock_monotonic_ms() - start > REST_MS)
            break;
    }
    log_warn("store", "%s", s->words);
    return OUT_UNAVAILABLE;
}

/* What an error in answer to COMMIT means. */
static enum outcome commit_failed(struct store *s)
{
    unsigned error = mysql_errno(s->db);
    enum outcome o = outcome_of(error, mysql_sqlstate(s->db));
    remember(s, "commit", error, mysql_error(s->db));
    log_warn("store", "%s", s->words);
    bool written = error != CR_SERVER_GONE_ERROR;
    if (is_lost(error))
        o = written ? OUT_UNCERTAIN : OUT_UNAVAILABLE;
    disconnect(s); /* whatever the server thinks is open is not any more */
    return o == OUT_BUSY || o == OUT_UNCERTAIN ? o : OUT_UNAVAILABLE;
}

enum outcome store_commit(struct store *s)
{
    assert(s->in_transaction);
    enum outcome doom = s->doom;
    if (doom != OUT_OK) {
        store_rollback(s);
        return doom;
    }
    s->in_transaction = false;
    if (is_dead(s->db)) { /* gone before anything was sent: surely undone */
        remember(s, "commit", CR_SERVER_LOST, "connection lost before the commit was sent");
        disconnect(s);
        return OUT_UNAVAILABLE;
    }
    s->sent++;
    return mysql_query(s->db, "COMMIT") == 0 ? OUT_OK : commit_failed(s);
}

void store_rollback(struct store *s)
{
    if (!s->in_transaction)
        return;
    s->in_transaction = false;
    if (s->db == NULL)
        return;
    s->sent++;
    if (mysql_query(s->db, "ROLLBACK") != 0)
        disconnect(s);
}

/* values */

struct bind bind_int(int64_t number)
{
    return (struct bind){.kind = VALUE_INT, .number = number};
}

struct bind bind_bytes(const void *bytes, size_t n)
{
    return (struct bind){.kind = VALUE_BYTES, .bytes = bytes, .n = n};
}

struct bind bind_text(const char *text)
{
    return text != NULL ? bind_bytes(text, strlen(text)) : (struct bind){.kind = VALUE_NULL};
}

struct bind value_id(int64_t id)
{
    return id != 0 ? bind_int(id) : (struct bind){.kind = VALUE_NULL};
}
