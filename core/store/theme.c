/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/theme.h"

#include "store/db.h"

STATEMENT(theme_settings_sql, "SELECT t.name AS name, t.kind AS kind, t.value AS value"
                              " FROM theme_setting t WHERE t.theme = ? LIMIT 200")
STATEMENT(theme_setting_put_sql, "INSERT INTO theme_setting (theme, name, kind, value)"
                                 " VALUES (?, ?, ?, ?) ON DUPLICATE KEY UPDATE"
                                 " kind = VALUES(kind), value = VALUES(value)")
STATEMENT(theme_fault_add_sql, "INSERT INTO theme_fault (theme, digest, text, n)"
                               " SELECT LEFT(?, 40), UNHEX(SHA2(?, 256)), LEFT(?, 1000), ?"
                               " FROM DUAL WHERE (SELECT COUNT(*) FROM theme_fault k"
                               " WHERE k.theme = LEFT(?, 40)) < 200"
                               " ON DUPLICATE KEY UPDATE n = n + VALUES(n),"
                               " last_at = UTC_TIMESTAMP()")
#define FAULT                                            \
    "SELECT t.theme AS theme, t.text AS text, t.n AS n," \
    " UNIX_TIMESTAMP(t.first_at) AS first_at, UNIX_TIMESTAMP(t.last_at) AS last_at"
STATEMENT(theme_faults_sql,
          FAULT " FROM theme_fault t WHERE t.theme = ? ORDER BY t.last_at DESC LIMIT 100")
STATEMENT(theme_faults_newest_sql, FAULT
          " FROM theme_fault t FORCE INDEX (k_theme_fault_last) ORDER BY t.last_at DESC LIMIT 20")
/* SUM is a DECIMAL, which comes as text. */
STATEMENT(theme_fault_sums_sql,
          "SELECT t.theme AS theme, '' AS text, CAST(SUM(t.n) AS SIGNED) AS n,"
          " UNIX_TIMESTAMP(MIN(t.first_at)) AS first_at,"
          " UNIX_TIMESTAMP(MAX(t.last_at)) AS last_at"
          " FROM theme_fault t GROUP BY t.theme ORDER BY NULL")
STATEMENT(purge_theme_faults,
          "DELETE FROM theme_fault WHERE last_at < UTC_TIMESTAMP() - INTERVAL 7 DAY LIMIT 5000")

static const struct column setting_columns[] = {
    COLUMN(theme_setting, name, "name"),
    COLUMN(theme_setting, kind, "kind"),
    COLUMN(theme_setting, value, "value"),
};
static const struct row setting_row = ROW(theme_setting, setting_columns);
static const struct column fault_columns[] = {
    COLUMN(theme_fault, theme, "theme"),
    COLUMN(theme_fault, text, "text"),
    COLUMN(theme_fault, n, "n"),
    COLUMN(theme_fault, first_at, "first_at"),
    COLUMN(theme_fault, last_at, "last_at"),
};
static const struct row fault_row = ROW(theme_fault, fault_columns);

enum outcome theme_settings(struct store *s, struct arena *a, const char *theme,
                            struct theme_setting **rows_r, size_t *n_r)
{
    return db_rows(s, a, &theme_settings_sql, VALUES(bind_text(theme)), &setting_row, rows_r, n_r);
}

enum outcome theme_setting_put(struct store *s, const char *theme,
                               const struct theme_setting *setting)
{
    return db_change(s, &theme_setting_put_sql,
                     VALUES(bind_text(theme), bind_text(setting->name), bind_text(setting->kind),
                            bind_text(setting->value)),
                     NULL, NULL);
}

enum outcome theme_fault_add(struct store *s, const char *theme, const char *text, int64_t n)
{
    return db_change(
        s, &theme_fault_add_sql,
        VALUES(bind_text(theme), bind_text(text), bind_text(text), bind_int(n), bind_text(theme)),
        NULL, NULL);
}

enum outcome theme_faults(struct store *s, struct arena *a, const char *theme,
                          struct theme_fault **rows_r, size_t *n_r)
{
    return db_rows(s, a, &theme_faults_sql, VALUES(bind_text(theme)), &fault_row, rows_r, n_r);
}

enum outcome theme_faults_newest(struct store *s, struct arena *a, struct theme_fault **rows_r,
                                 size_t *n_r)
{
    return db_rows(s, a, &theme_faults_newest_sql, NO_VALUES, &fault_row, rows_r, n_r);
}

enum outcome theme_fault_sums(struct store *s, struct arena *a, struct theme_fault **rows_r,
                              size_t *n_r)
{
    return db_rows(s, a, &theme_fault_sums_sql, NO_VALUES, &fault_row, rows_r, n_r);
}
