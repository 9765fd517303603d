/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside store/: how a row of a result fills a struct, by a table of columns {name, type, offset}.
 * The table has the statement's columns in their order; a statement with others is the programmer's
 * mistake and ends the process at its first use. */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum column_type {
    COLUMN_INT,       /* int64_t; NULL is 0 */
    COLUMN_INT_NULL,  /* int64_t; NULL is INT64_MIN, a field's FIELD_UNSET */
    COLUMN_TEXT,      /* const char *; NULL is "" */
    COLUMN_TEXT_NULL, /* const char *; NULL is NULL */
    COLUMN_DIGEST,    /* 32 bytes in place */
    COLUMN_IDS        /* "3,17": const int64_t *, and a size_t right behind it */
};

struct column {
    const char *name;
    enum column_type type;
    size_t offset;
};

struct row {
    size_t size;
    const struct column *columns;
    size_t n;
};

/* handle: an executed MYSQL_STMT. Takes its whole result; false: the connection failed on the
 * way. */
bool rows_take(struct arena *a, void *handle, const struct row *row, char **rows_r, size_t *n_r);
/* Does the prepared statement give these columns, by name and order? */
bool row_fits(void *handle, const struct row *row);

#define COLUMN(entity, member, word)                                                                     \
    {                                                                                                    \
        (word), _Generic(((struct entity *)0)->member, int64_t: COLUMN_INT, const char *: COLUMN_TEXT, \
                      unsigned char *: COLUMN_DIGEST, const int64_t *: COLUMN_IDS), \
     offsetof(struct entity, member) \
    }
#define COLUMN_OR_NULL(entity, member, word)                                                      \
    {                                                                                             \
        (word),                                                                                 \
            _Generic(((struct entity *)0)->member, int64_t: COLUMN_INT_NULL, const char *: COLUMN_TEXT_NULL), \
            offsetof(struct entity, member) \
    }
#define ROW(entity, columns)                                                  \
    {                                                                         \
        sizeof(struct entity), (columns), sizeof(columns) / sizeof *(columns) \
    }

#endif
