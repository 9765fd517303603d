/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside store/: sending one statement and taking its rows. Every value is bound, never written
 * into SQL. A result is taken whole before the next statement is sent, so that a connection is
 * never out of step; one on which a call timed out is thrown away. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "store/row.h"
#include "store/statement.h"
#include "store/store.h"

struct bind {
    enum { VALUE_INT, VALUE_BYTES, VALUE_NULL } kind;
    int64_t number;
    const char *bytes;
    size_t n;
};

struct bind bind_int(int64_t number);
/* NULL is SQL's NULL. */
struct bind bind_text(const char *text);
struct bind bind_bytes(const void *bytes, size_t n);
struct bind value_id(int64_t id); /* 0 is SQL's NULL */

struct values {
    const struct bind *at;
    size_t n;
};
#define VALUES(...)                                      \
    ((struct values){(const struct bind[]){__VA_ARGS__}, \
                     sizeof((const struct bind[]){__VA_ARGS__}) / sizeof(struct bind)})
#define NO_VALUES ((struct values){NULL, 0})

/* All rows, each `row->size` bytes. Arena NULL, for numbers alone: they live until the next
 * call. */
enum outcome db_rows(struct store *s, struct arena *a, const struct statement *st,
                     struct values values, const struct row *row, void *rows_r, size_t *n_r);
/* Exactly the first row, or OUT_ABSENT. */
enum outcome db_row(struct store *s, struct arena *a, const struct statement *st,
                    struct values values, const struct row *row, void *row_r);
/* affected_r (rows that were found), id_r (AUTO_INCREMENT or LAST_INSERT_ID(x)): may be NULL. */
enum outcome db_change(struct store *s, const struct statement *st, struct values values,
                       int64_t *affected_r, int64_t *id_r);
/* As db_change; OUT_CONFLICT when no row was found: its version has moved on. */
enum outcome db_change_one(struct store *s, const struct statement *st, struct values values);

bool store_in_transaction(const struct store *s);

/* For setup and upgrades: SQL as it stands, nothing bound, results thrown away. */
enum outcome db_run(struct store *s, const char *sql);
/* For `mailboy check`: the same, and its rows: `columns` texts each, NULL for SQL's NULL. */
struct db_texts {
    size_t n, columns;
    const char **at; /* n * columns */
};
enum outcome db_ask(struct store *s, struct arena *a, const char *sql, struct db_texts *texts_r);
/* Sets the words of store_error. */
void store_complain(struct store *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
