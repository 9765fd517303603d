/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages "themes.*": what there is to wear, how it stands the check, and the way to each task. */
#include <string.h>

#include "base/asset.h"
#include "base/clock.h"
#include "base/embed.h"
#include "pages/gallery.h"
#include "pages/page.h"
#include "pages/wardrobe.h"
#include "store/theme.h"
#include "view/strikes.h"
#include "view/theme.h"

/* Checks of themes that one page may wait for. */
enum { CHECKS_MS = 500, FILES_BYTES = 32 << 20 };

/* A theme is a stranger's: what is read of many of them in one request is kept elsewhere. */
static void copy_if(struct page *p, struct value *v, const char *key, const char *text)
{
    value_set_text(v, key, text[0] != '\0' ? arena_strdup(p->a, text) : NULL);
}

static void text_if(struct value *v, const char *key, const char *text)
{
    value_set_text(v, key, text != NULL && text[0] != '\0' ? text : NULL);
}

static const char *screenshot_of(struct page *p, const struct theme *t, const char *path)
{
    const struct theme_file *f = t != NULL ? theme_file(&t->chain[0], path) : NULL;
    const char *type = f != NULL ? asset_type(path, false) : NULL;
    if (type == NULL || !text_starts(type, "image/"))
        return NULL;
    return arena_printf(p->a, "%s/assets/%s/%s", p->desk->place.prefix, t->name,
                        asset_file(p->a, asset_name(path), f->bytes, f->n));
}

static void manifest_fill(struct page *p, struct value *v, const struct theme *t,
                          const struct manifest *m)
{
    const char *name = value_as_text(value_get(v, "theme"));
    value_set_text(v, "title", m->title[0] != '\0' ? arena_strdup(p->a, m->title) : name);
    copy_if(p, v, "version", m->version);
    copy_if(p, v, "author", m->author);
    copy_if(p, v, "license", m->license);
    copy_if(p, v, "homepage", m->homepage);
    copy_if(p, v, "description", m->description);
    copy_if(p, v, "extends", m->extends);
    copy_if(p, v, "contract", m->contract);
    value_set_bool(v, "light", m->light);
    value_set_bool(v, "dark", m->dark);
    value_set_int(v, "settings", (int64_t)m->settings_n);
    value_set_url(v, "screenshot", screenshot_of(p, t, m->screenshot));
}

/* What can be said of a theme whose manifest cannot be read. */
static void nothing_fill(struct value *v, const char *name, const char *problem)
{
    value_set_text(v, "title", name);
    value_set_bool(v, "light", true);
    value_set_bool(v, "dark", true);
    value_set_int(v, "settings", 0);
    text_if(v, "problem", problem);
}

/* Base is always well: the program does not start with one that is not. */
static void state_fill(struct value *v, const struct studio_findings *f, bool known, bool broken)
{
    size_t errors = known ? studio_count(f, STUDIO_ERROR) : 0;
    size_t warnings = known ? studio_count(f, STUDIO_WARNING) - errors : 0;
    const char *state = broken || errors > 0  ? "bad"
                        : known && !f->usable ? "bad"
                        : !known              ? "unknown"
                        : warnings > 0        ? "warn"
                                              : "ok";
    value_set_text(v, "state", state);
    value_set_int(v, "errors", (int64_t)errors);
    value_set_int(v, "warnings", (int64_t)warnings);
}

struct exhibit {
    bool check; /* is there time to? */
    enum studio_depth depth;
    struct arena *keep; /* where findings go */
    const struct theme_fault *sums;
    size_t sums_n;
    struct studio_findings findings;
    bool known;
};

static int64_t faults_of(const struct exhibit *x, const char *name)
{
    for (size_t i = 0; i < x->sums_n; i++)
        if (strcmp(x->sums[i].theme, name) == 0)
            return x->sums[i].n;
    return 0;
}

static void facts_fill(struct page *p, struct value *v, const char *name)
{
    const char *why = NULL;
    bool base = strcmp(name, "base") == 0;
    struct arena *files = arena_create(FILES_BYTES);
    const struct theme *t = base ? NULL
                                 : theme_load(files, p->desk->settings->themes_dir, name, &why);
    const struct manifest *m = t != NULL || base ? manifest_read(p->desk->renderer, files, t, &why)
                                                 : NULL;
    if (m != NULL)
        manifest_fill(p, v, t, m);
    else
        nothing_fill(v, name, arena_strdup(p->a, why));
    arena_destroy(files);
}

static void theme_fill(struct page *p, struct value *v, const char *name, struct exhibit *x)
{
    const char *preview = p->session != NULL ? p->session->row.preview : NULL, *why;
    name = arena_strdup(p->a, name);
    value_set_text(v, "theme", name);
    facts_fill(p, v, name);
    bool broken = value_get(v, "problem") != NULL;
    x->findings = (struct studio_findings){.usable = true};
    x->known = strcmp(name, "base") == 0 ||
               (x->check && !broken &&
                gallery_check(p->desk, x->keep, name, x->depth, &x->findings, &why));
    state_fill(v, &x->findings, x->known, broken);
    value_set_bool(v, "active", strcmp(name, p->site_theme) == 0);
    value_set_bool(v, "preview", preview != NULL && strcmp(name, preview) == 0);
    value_set_bool(v, "aside", strikes_set_aside(name));
    value_set_int(v, "faults", faults_of(x, name));
    value_set_url(v, "url", page_theme_url(p, "themes.show", name));
}

static enum outcome sums_find(struct page *p, struct exhibit *x)
{
    struct theme_fault *sums;
    enum outcome o = theme_fault_sums(p->desk->store, p->a, &sums, &x->sums_n);
    x->sums = sums;
    return o;
}

/* Base comes first, whatever the others are called. */
static const char *key_of(const char *name)
{
    return strcmp(name, "base") == 0 ? "" : name;
}

/* The page of the names that the reader asked for, from..to-1. */
static void window(const struct keyset *k, const char *const *names, size_t n, size_t *from_r,
                   size_t *to_r)
{
    size_t from = 0, to = 0;
    while (k->after != NULL && from < n && strcmp(key_of(names[from]), k->after) <= 0)
        from++;
    while (k->before != NULL && to < n && strcmp(key_of(names[to]), k->before) < 0)
        to++;
    if (k->before != NULL)
        from = to > k->limit ? to - k->limit : 0;
    else
        to = n - from > k->limit ? from + k->limit : n;
    *from_r = from;
    *to_r = to;
}

static void rows_fill(struct page *p, struct exhibit *x, const char *const *names, size_t n)
{
    int64_t until = clock_monotonic_ms() + CHECKS_MS;
    struct value *rows = value_set_list(p->vm, "rows");
    x->keep = arena_create(FILES_BYTES);
    for (size_t i = 0; i < n; i++) {
        x->check = clock_monotonic_ms() < until;
        theme_fill(p, value_add_map(rows), names[i], x);
        arena_reset(x->keep);
    }
    arena_destroy(x->keep);
}

/* Those that are there, and the one that the site wears, which may have gone. */
static void names_find(struct page *p, const char *const **names_r, size_t *n_r)
{
    const char *const *there;
    size_t n, at = 0;
    theme_list(p->a, p->desk->settings->themes_dir, &there, &n);
    while (at < n && strcmp(key_of(there[at]), key_of(p->site_theme)) < 0)
        at++;
    *names_r = there;
    *n_r = n;
    if (at < n && strcmp(there[at], p->site_theme) == 0)
        return;
    const char **names = arena_array(p->a, n + 1, sizeof *names);
    memcpy(names, there, at * sizeof *names);
    names[at] = p->site_theme;
    memcpy(names + at + 1, there + at, (n - at) * sizeof *names);
    *names_r = names;
    *n_r = n + 1;
}

enum outcome page_themes(struct page *p)
{
    struct exhibit x = {0};
    struct keyset k = page_keyset(p);
    const char *const *names;
    size_t n, from, to;
    enum outcome o = sums_find(p, &x);
    if (o != OUT_OK)
        return o;
    p->name = "themes.list";
    names_find(p, &names, &n);
    window(&k, names, n, &from, &to);
    rows_fill(p, &x, names + from, to - from);
    struct keyset_ends ends = {.more_before = from > 0, .more_after = to < n};
    const char *first = to > from ? key_of(names[from]) : "",
               *last = to > from ? key_of(names[to - 1]) : "";
    value_set(p->vm, "pager",
              value_page_only(pager_value(p, page_url(p, "themes.list"), NULL, &k, &ends, first,
                                          last, to - from)));
    next_fill(p, p->vm, &ends, to > from ? last : NULL);
    value_page_only(value_set_url(p->vm, "safe", page_url(p, "safe")));
    return OUT_OK;
}

static void findings_fill(struct page *p, const struct exhibit *x)
{
    struct value *list = value_set_list(p->vm, "findings");
    for (size_t i = 0; i < x->findings.n; i++) {
        const struct studio_finding *f = &x->findings.at[i];
        struct value *v = value_add_map(list);
        value_set_text(v, "level", studio_level_word(f->level));
        value_set_text(v, "code", f->code);
        value_set_text(v, "place", gallery_place(p->a, f));
        value_set_text(v, "text", f->message);
        text_if(v, "mend", f->mend);
    }
}

/* The theme of the path. */
static enum outcome one_fill(struct page *p, struct exhibit *x, bool check)
{
    *x = (struct exhibit){.check = check, .depth = STUDIO_WHOLE, .keep = p->a};
    enum outcome o = sums_find(p, x);
    if (o == OUT_OK)
        theme_fill(p, value_set_map(p->vm, "theme"), p->on.theme, x);
    return o;
}

static void action_fill(struct page *p, const char *key, const char *route, const char *label,
                        const char *name, const char *value)
{
    struct value *v = value_page_only(value_set_map(p->vm, key));
    value_set_url(v, "url", page_theme_url(p, route, p->on.theme));
    value_set_text(v, "label", page_say(p, label));
    value_set_text(v, "name", name);
    value_set_text(v, "value", value);
}

enum outcome page_theme(struct page *p)
{
    struct exhibit x;
    enum outcome o = one_fill(p, &x, true);
    if (o != OUT_OK)
        return o;
    p->name = "themes.show";
    const struct value *v = value_get(p->vm, "theme");
    bool previewed = value_as_bool(value_get(v, "preview"));
    bool worn = value_as_bool(value_get(v, "active"));
    findings_fill(p, &x);
    if (previewed || !worn)
        action_fill(p, "preview", "themes.preview",
                    previewed ? N_("End the preview") : N_("Try it on"), "on",
                    previewed ? "0" : "1");
    if (!worn)
        value_set_url(p->vm, "activate", page_theme_url(p, "themes.activate", p->on.theme));
    if (value_as_int(value_get(v, "settings")) > 0)
        value_set_url(p->vm, "settings", page_theme_url(p, "themes.settings", p->on.theme));
    value_set_url(p->vm, "report", page_theme_url(p, "themes.report", p->on.theme));
    return OUT_OK;
}

void faults_fill(struct page *p, const struct theme_fault *rows, size_t n)
{
    struct value *list = value_set_list(p->vm, "faults");
    for (size_t i = 0; i < n; i++) {
        struct value *v = value_add_map(list);
        value_set_text(v, "theme", rows[i].theme);
        value_set_text(v, "text", rows[i].text);
        value_set_int(v, "count", rows[i].n);
        value_set_time(v, "first", rows[i].first_at);
        value_set_time(v, "last", rows[i].last_at);
        if (theme_exists(p->desk->settings->themes_dir, rows[i].theme))
            value_set_url(v, "report", page_theme_url(p, "themes.report", rows[i].theme));
    }
}

enum outcome page_theme_report(struct page *p)
{
    struct exhibit x;
    struct theme_fault *rows;
    size_t n;
    enum outcome o = one_fill(p, &x, true);
    if (o == OUT_OK)
        o = theme_faults(p->desk->store, p->a, p->on.theme, &rows, &n);
    if (o != OUT_OK)
        return o;
    p->name = "themes.report";
    findings_fill(p, &x);
    faults_fill(p, rows, n);
    if (strcmp(p->on.theme, "base") != 0)
        action_fill(p, "retry", "themes.retry", N_("Try again now"), "return", "1");
    return OUT_OK;
}

/* --- settings --- */

enum outcome page_theme_settings(struct page *p)
{
    const struct outfit *o;
    struct exhibit x;
    enum outcome outcome = outfit_make(p->desk, p->a, p->on.theme, &o);
    if (outcome == OUT_OK)
        outcome = one_fill(p, &x, false);
    if (outcome != OUT_OK)
        return outcome;
    static const struct field none[] = {{0}};
    p->name = "themes.settings";
    p->fields = o->fields != NULL ? o->fields : none;
    page_form(p, (struct form_plan){.action = page_theme_url(p, "themes.settings", p->on.theme),
                                    .change = ACTION_THEME_SETTINGS,
                                    .entity = o->slots,
                                    .submit = N_("Save"),
                                    .cancel = page_theme_url(p, "themes.show", p->on.theme)});
    return OUT_OK;
}

void page_theme_set(struct page *p)
{
    const struct outfit *o;
    static const struct field none[] = {{0}};
    bool generate;
    enum outcome outcome = outfit_make(p->desk, p->a, p->on.theme, &o);
    if (outcome != OUT_OK) {
        page_send_outcome(p, outcome);
        return;
    }
    p->fields = o->fields != NULL ? o->fields : none;
    p->input = form_read(p, ACTION_THEME_SETTINGS, &generate);
    outfit_judge(p, o, p->input);
    page_perform(p);
}

const char *after_theme_settings(struct page *p, const struct change *c, const char **flash_r)
{
    (void)c;
    *flash_r = page_say(p, N_("The theme's settings were saved."));
    return page_theme_url(p, "themes.settings", p->on.theme);
}

/* --- tasks that ask first --- */

static enum outcome confirm(struct page *p, const char *task, struct form_plan plan)
{
    struct exhibit x;
    enum outcome o = one_fill(p, &x, true);
    if (o != OUT_OK)
        return o;
    p->name = "themes.confirm";
    value_set_text(p->vm, "task", task);
    findings_fill(p, &x);
    plan.cancel = page_theme_url(p, "themes.show", p->on.theme);
    page_form(p, plan);
    return OUT_OK;
}

enum outcome page_theme_activate(struct page *p)
{
    return confirm(p, "activate",
                   (struct form_plan){.action = page_theme_url(p, "themes.activate", p->on.theme),
                                      .change = ACTION_THEME_ACTIVATE,
                                      .submit = N_("Activate for all")});
}

enum outcome page_theme_preview(struct page *p)
{
    return confirm(p, "preview",
                   (struct form_plan){.action = page_theme_url(p, "themes.preview", p->on.theme),
                                      .change = ACTION_THEME_PREVIEW,
                                      .submit = N_("Try it on")});
}

enum outcome page_theme_retry(struct page *p)
{
    return confirm(p, "retry",
                   (struct form_plan){.action = page_theme_url(p, "themes.retry", p->on.theme),
                                      .change = ACTION_THEME_RETRY,
                                      .submit = N_("Try again now")});
}

const char *after_theme_activate(struct page *p, const struct change *c, const char **flash_r)
{
    (void)c;
    *flash_r = page_say_of(p, N_("The site wears %s now."), p->on.theme);
    return page_theme_url(p, "themes.show", p->on.theme);
}

const char *after_theme_preview(struct page *p, const struct change *c, const char **flash_r)
{
    bool on = input_number(c->input, "on", 1) != 0;
    *flash_r = on ? page_say(p, N_("You alone see this theme now."))
                  : page_say(p, N_("You see what everybody sees again."));
    return theme_exists(p->desk->settings->themes_dir, p->on.theme)
               ? page_theme_url(p, "themes.show", p->on.theme)
               : page_url(p, "themes.list");
}

const char *after_theme_retry(struct page *p, const struct change *c, const char **flash_r)
{
    (void)c;
    strikes_clear(p->on.theme);
    *flash_r = page_say(p, N_("The theme is tried again from the next page on."));
    return page_theme_url(p, "themes.report", p->on.theme);
}
