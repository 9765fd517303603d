/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the database keeps of themes besides which one the site wears (store/session.h): the
 * values of their settings by type, and their faults of the last seven days, counted by all
 * workers together. */
#ifndef STORE_THEME_H
#define STORE_THEME_H

#include "store/statement.h"
#include "store/store.h"

struct theme_setting {
    const char *name, *kind, *value; /* kind: the type's word; the value in its normal form */
};
enum outcome theme_settings(struct store *s, struct arena *a, const char *theme,
                            struct theme_setting **rows_r, size_t *n_r);
/* Inside the transaction of a change. */
enum outcome theme_setting_put(struct store *s, const char *theme,
                               const struct theme_setting *setting);

struct theme_fault {
    const char *theme, *text;
    int64_t n, first_at, last_at;
};
/* Counts `n` more of that fault; the 200th different one of a theme is the last. No change of
 * anybody's, so it needs no perform(). */
enum outcome theme_fault_add(struct store *s, const char *theme, const char *text, int64_t n);
/* Of one theme, the newest first, at most 100. */
enum outcome theme_faults(struct store *s, struct arena *a, const char *theme,
                          struct theme_fault **rows_r, size_t *n_r);
/* Of all themes, the newest first, at most 20. */
enum outcome theme_faults_newest(struct store *s, struct arena *a, struct theme_fault **rows_r,
                                 size_t *n_r);
/* One row a theme that has any: how many, since when and until when; its text is "". */
enum outcome theme_fault_sums(struct store *s, struct arena *a, struct theme_fault **rows_r,
                              size_t *n_r);
extern const struct statement purge_theme_faults; /* for purge_ended */

#endif
