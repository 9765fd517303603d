/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/task.h"
#include "store/session.h"

enum outcome theme_activate(struct task *t)
{
    const char *theme = input_text(t->change->input, "theme"), *before;
    const struct workshop *w = t->workshop;
    int64_t generation;
    if (theme == NULL)
        return refuse_at(t, OUT_WRONG, "theme", TEXT_REQUIRED, NULL);
    if (w->theme_exists != NULL && !w->theme_exists(w->theme_ctx, theme))
        return refuse_at(t, OUT_WRONG, "theme", TEXT_THEME_UNKNOWN, theme);
    enum outcome o = site_theme(t->store, t->arena, &before, &generation);
    if (o != OUT_OK)
        return o;
    line_about_site(t, "theme");

    line_put(t, &t->before, "theme", before);
    line_put(t, &t->after, "theme", theme);
    return site_set_theme(t->store, theme);
}
