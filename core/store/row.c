/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/row.h"

#include <assert.h>
#include <mysql.h>
#include <stdlib.h>
#include <string.h>

#ifdef MARIADB_PACKAGE_VERSION_ID
typedef my_bool mysql_truth;
#else
typedef bool mysql_truth;
#endif

enum { COLUMNS_MAX = 64, DIGEST_BYTES = 32, INLINE_MAX = 320 };

/* Where the library puts one column of the row at hand. */
struct cell {
    long long number;
    char *text;
    unsigned long length;
    mysql_truth null, cut;
};

bool row_fits(void *handle, const struct row *row)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(handle);
    if (meta == NULL)
        return false;
    bool fits = mysql_num_fields(meta) == row->n;
    for (unsigned i = 0; fits && i < row->n; i++)
        fits = strcmp(mysql_fetch_field_direct(meta, i)->name, row->columns[i].name) == 0;
    mysql_free_result(meta);
    return fits;
}

static bool is_number(const struct column *column)
{
    return column->type == COLUMN_INT || column->type == COLUMN_INT_NULL;
}

static void bind_cells(struct arena *a, const struct row *row, struct cell *cells,
                       MYSQL_BIND *binds)
{
    memset(binds, 0, row->n * sizeof *binds);
    for (size_t i = 0; i < row->n; i++) {
        struct cell *cell = &cells[i];
        MYSQL_BIND *bind = &binds[i];
        bind->is_null = &cell->null;
        bind->error = &cell->cut;
        bind->length = &cell->length;
        if (is_number(&row->columns[i])) {
            bind->buffer_type = MYSQL_TYPE_LONGLONG;
            bind->buffer = &cell->number;
            continue;
        }
        cell->text = arena_raw(a, INLINE_MAX);
        bind->buffer_type = MYSQL_TYPE_BLOB;
        bind->buffer = cell->text;
        bind->buffer_length = INLINE_MAX;
    }
}

static char *cell_text(struct arena *a, MYSQL_STMT *h, unsigned column, const struct cell *cell)
{
    if (cell->length <= INLINE_MAX)
        return arena_memdup(a, cell->text, cell->length);
    char *text = arena_alloc(a, cell->length + 1);
    MYSQL_BIND bind = {
        .buffer_type = MYSQL_TYPE_BLOB, .buffer = text, .buffer_length = cell->length};
    unsigned long length = 0;
    bind.length = &length;
    int failed = mysql_stmt_fetch_column(h, &bind, column, 0);
    assert(!failed);
    return text;
}

static void ids_read(struct arena *a, const char *text, char *to)
{
    size_t n = 0, most = 1;
    for (const char *c = text; *c != '\0'; c++)
        most += *c == ',';
    int64_t *ids = arena_array(a, most, sizeof *ids);
    for (char *end = NULL; *text != '\0'; text = *end == ',' ? end + 1 : end)
        ids[n++] = strtoll(text, &end, 10);
    *(const int64_t **)(void *)to = ids;
    *(size_t *)(void *)(to + sizeof ids) = n;
}

static void column_fill(struct arena *a, MYSQL_STMT *h, const struct column *column, unsigned i,
                        const struct cell *cell, char *to)
{
    const char *text = NULL;
    if (!is_number(column) && !cell->null)
        text = cell_text(a, h, i, cell);
    switch (column->type) {
    case COLUMN_INT: *(int64_t *)(void *)to = cell->null ? 0 : cell->number; break;
    case COLUMN_INT_NULL: *(int64_t *)(void *)to = cell->null ? INT64_MIN : cell->number; break;
    case COLUMN_TEXT: *(const char **)(void *)to = text != NULL ? text : ""; break;
    case COLUMN_TEXT_NULL: *(const char **)(void *)to = text; break;
    case COLUMN_DIGEST:
        assert(text != NULL && cell->length == DIGEST_BYTES);
        memcpy(to, text, DIGEST_BYTES);
        break;
    case COLUMN_IDS: ids_read(a, text != NULL ? text : "", to); break;
    }
}

bool rows_take(struct arena *a, void *handle, const struct row *row, char **rows_r, size_t *n_r)
{
    MYSQL_STMT *h = handle;
    struct cell cells[COLUMNS_MAX] = {0};
    MYSQL_BIND binds[COLUMNS_MAX];
    assert(row->n <= COLUMNS_MAX);
    bind_cells(a, row, cells, binds);
    if (mysql_stmt_bind_result(h, binds) || mysql_stmt_store_result(h))
        return false;
    size_t n = (size_t)mysql_stmt_num_rows(h), taken = 0;
    char *rows = arena_array(a, n > 0 ? n : 1, row->size);
    for (int rc; taken < n; taken++) {
        rc = mysql_stmt_fetch(h);
        if (rc != 0 && rc != MYSQL_DATA_TRUNCATED)
            break;
        for (unsigned i = 0; i < row->n; i++)
            column_fill(a, h, &row->columns[i], i, &cells[i],
                        rows + taken * row->size + row->columns[i].offset);
    }
    mysql_stmt_free_result(h);
    *rows_r = rows;
    *n_r = taken;
    return taken == n;
}
