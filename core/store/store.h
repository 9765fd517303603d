/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection to the database: one per process, made at the first need and again after it was
 * lost. Each outcome says what happened by the phase it happened in: a statement outside a
 * transaction that finds an idle connection dead is sent again once on a new one (a change only
 * if it was surely not received; else OUT_UNCERTAIN); inside a transaction nothing is ever
 * repeated alone, and after a failure that undid it every further call answers the same until
 * commit or rollback. A row that the database refuses (OUT_DENIED, OUT_CONFLICT, OUT_ABSENT)
 * leaves a transaction open. No call takes longer than the options' time limits (whole seconds,
 * rounded up). Results live in the caller's arena. The rest of store/ is one file per noun; all
 * SQL is there, each statement whole, named and prepared (store/statement.h). */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/outcome.h"

struct store;

struct store_options {
    const char *host, *socket, *user, *password, *database; /* socket wins over host */
    const char *defaults_file; /* for setup: a client option file, NULL */
    unsigned port;
    unsigned connect_ms, statement_ms;
    int64_t schema_version; /* a database of another one is taken for unavailable; 0: any will do */
};

/* Connects at the first need. The options' text must live as long as the store. */
struct store *store_create(const struct store_options *options);
void store_destroy(struct store *s); /* NULL is fine */

/* Is it there now? Connects if need be. */
enum outcome store_ping(struct store *s);
/* The last error of the database in words for the log; never shown to strangers. */
const char *store_error(const struct store *s);
/* Was the last connection refused for its schema's version? */
bool store_schema_differs(const struct store *s);
/* Its number: tells why OUT_CONFLICT or OUT_DENIED, by the numbers which the triggers raise. */
enum store_signal {
    SIGNAL_NO_DOMAIN = 32001,
    SIGNAL_SUPER_ADMIN,
    SIGNAL_LAST_SUPER_ADMIN,
    SIGNAL_RELAYED,
    SIGNAL_HOSTED,
    SIGNAL_ID_FIXED,
    SIGNAL_ADDRESS_TOO_LONG
};
unsigned store_errno(const struct store *s);
/* Statements sent since the process started: for the figure "statements a page". */
uint64_t store_statements(const struct store *s);

/* One transaction (READ COMMITTED). begin: OUT_OK or OUT_UNAVAILABLE. commit: OUT_OK, OUT_BUSY
 * (deadlock or lock wait: rolled back whole, may be tried again), OUT_UNAVAILABLE (rolled back),
 * OUT_UNCERTAIN (sent, no answer). rollback never fails: a connection that cannot roll back is
 * closed. */
enum outcome store_begin(struct store *s);
enum outcome store_commit(struct store *s);
void store_rollback(struct store *s);

/* What the reader may see: lists are filtered by the database. */
struct reach {
    bool everything; /* server admins, the console */
    int64_t account; /* else: the domains this account administers */
};

/* One keyset page of a list. `after`/`before`: the key of a row (NULL: from the start);
 * `prefix`: only keys that start with it, taken as data (no wildcards). */
struct keyset {
    const char *after, *before, *prefix;
    bool descending; /* the last key first */
    unsigned limit;  /* rows a page, at most 500 */
};
/* What came besides the rows. */
struct keyset_ends {
    bool more_before, more_after;
    /* A list that looks at so many rows and keeps those that fit ended before its page was full:
     * the key to go on from. NULL: the page is full, or all was looked at. */
    const char *looked_to;
};

#endif
