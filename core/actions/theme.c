/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "actions/task.h"
#include "store/session.h"
#include "store/theme.h"

static const char *theme_of(const struct task *t)
{
    const char *theme = t->change->on.theme;
    return theme != NULL ? theme : "";
}

/* Before the transaction: reading and compiling a theme takes its time. */
enum outcome theme_prepare(struct task *t)
{
    const struct workshop *w = t->workshop;
    const char *theme = theme_of(t);
    bool off = input_number(t->change->input, "on", 1) == 0;
    if (!(off && t->change->action == ACTION_THEME_PREVIEW) && w->theme_exists != NULL &&
        !w->theme_exists(w->theme_ctx, theme)) {
        input_fail(t->change->input, NULL, TEXT_THEME_UNKNOWN, theme);
        return refuse(t, OUT_WRONG, TEXT_THEME_UNKNOWN, theme);
    }
    bool by_all = t->change->action == ACTION_THEME_ACTIVATE;
    bool worn = by_all || (t->change->action == ACTION_THEME_PREVIEW && !off);
    const char *problem = worn && w->theme_problem != NULL
                              ? w->theme_problem(w->theme_ctx, t->arena, theme, by_all)
                              : NULL;
    if (problem == NULL)
        return OUT_OK;
    input_fail(t->change->input, NULL, TEXT_THEME_BROKEN, problem);
    return refuse(t, OUT_WRONG, TEXT_THEME_BROKEN, problem);
}

/* The site's generation is the version of all that is about its theme. */
static enum outcome with_version(struct task *t, enum outcome o)
{
    const char *worn;
    return o == OUT_OK ? site_theme(t->store, t->arena, &worn, &t->change->object_version) : o;
}

enum outcome theme_activate(struct task *t)
{
    const char *theme = theme_of(t), *before;
    int64_t generation;
    enum outcome o = site_theme(t->store, t->arena, &before, &generation);
    if (o != OUT_OK)
        return o;
    line_about_site(t, "theme");
    line_put(t, &t->before, "theme", before);
    line_put(t, &t->after, "theme", theme);
    o = site_set_theme(t->store, theme);
    if (o == OUT_OK && t->who->session != NULL)
        o = session_preview(t->store, t->who->session, NULL);
    return with_version(t, o);
}

/* Nobody but the session that asks for it sees anything of it. */
enum outcome theme_preview(struct task *t)
{
    bool on = input_number(t->change->input, "on", 1) != 0;
    line_about_site(t, arena_printf(t->arena, "theme %s", theme_of(t)));
    if (t->who->session == NULL)
        return refuse(t, OUT_DENIED, TEXT_SIGN_IN_FIRST, NULL);
    line_put(t, &t->after, "preview", on ? "on" : "off");
    return with_version(t, session_preview(t->store, t->who->session, on ? theme_of(t) : NULL));
}

static const char *stored(const struct theme_setting *rows, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].value;
    return NULL;
}

static const char *kind_of(enum field_type type, const char *kind)
{
    return kind != NULL ? kind : FIELD_IS_NUMBER(type) ? "number" : "text";
}

static enum outcome put(struct task *t, const struct field *f, const struct input_value *v,
                        const char *before)
{
    const char *value =
        FIELD_IS_NUMBER(f->type) ? arena_printf(t->arena, "%lld", (long long)v->number) : v->text;
    if (value == NULL || (before != NULL && strcmp(before, value) == 0))
        return OUT_OK;
    line_put(t, &t->before, f->name, before != NULL ? before : "");
    line_put(t, &t->after, f->name, value);
    return theme_setting_put(t->store, theme_of(t),
                             &(struct theme_setting){.name = f->name,
                                                     .kind = kind_of(f->type, f->column),
                                                     .value = value});
}

/* The fields are the theme's; `column` holds the word of each one's type. */
enum outcome theme_set(struct task *t)
{
    const struct input *in = t->change->input;
    struct theme_setting *rows;
    size_t n;
    line_about_site(t, arena_printf(t->arena, "theme %s", theme_of(t)));
    enum outcome o = theme_settings(t->store, t->arena, theme_of(t), &rows, &n);
    for (size_t i = 0; o == OUT_OK && i < in->n; i++)
        if (in->values[i].present)
            o = put(t, &in->fields[i], &in->values[i], stored(rows, n, in->fields[i].name));
    return with_version(t, o == OUT_OK ? site_renew_theme(t->store) : o);
}

/* Workers read its files again and forget its strikes when they see the new generation. */
enum outcome theme_retry(struct task *t)
{
    line_about_site(t, arena_printf(t->arena, "theme %s", theme_of(t)));
    return with_version(t, site_renew_theme(t->store));
}
