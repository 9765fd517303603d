/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/showroom.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/locale.h"
#include "base/utf8.h"

enum { THEME_ARENA = 64 << 20, AROUND = 2, LINE_BYTES = 300 };

struct showroom {
    struct studio *studio;
    const char *themes_dir, *name;
    struct arena *arena; /* of the last load */
    struct studio_findings findings;
    struct studio_cases cases;
    const struct theme *files; /* as it was read, even if it cannot be used; NULL */
    const char *problem;       /* why there is nothing to draw with; NULL */
    bool beneath;              /* base is drawn instead */
    bool styles, checked;
    unsigned generation;
    int64_t load_us;
};

struct showroom *showroom_create(int zygote, const char *themes_dir, const char *name)
{
    struct showroom *g = calloc(1, sizeof *g);
    if (g == NULL)
        abort();
    *g = (struct showroom){.studio = studio_create(zygote), .themes_dir = themes_dir, .name = name};
    showroom_load(g, false);
    return g;
}

void showroom_destroy(struct showroom *g)
{
    if (g == NULL)
        return;
    studio_destroy(g->studio);
    arena_destroy(g->arena);
    free(g);
}

unsigned showroom_generation(const struct showroom *g)
{
    return g->generation;
}

bool showroom_is_beneath(const struct showroom *g)
{
    return g->beneath;
}

/* The cases of the contract do not change, but their texts live in the arena. */
static void load(struct showroom *g, enum studio_depth depth)
{
    struct arena *before = g->arena;
    struct studio_findings ignored;
    g->arena = arena_create(THEME_ARENA);
    g->findings = (struct studio_findings){.title = "", .version = "", .parent = ""};
    g->problem = NULL;
    if (!studio_load(g->studio, g->arena, g->themes_dir, g->name, depth, &g->findings))
        g->problem = arena_strdup(g->arena, studio_why(g->studio));
    g->files = studio_theme(g->studio);
    g->beneath = g->problem != NULL || !g->findings.usable;
    if (g->beneath)
        studio_load(g->studio, g->arena, g->themes_dir, "base", STUDIO_COMPILE, &ignored);
    if (!studio_cases(g->studio, g->arena, &g->cases))
        g->cases.n = 0;
    arena_destroy(before);
}

void showroom_load(struct showroom *g, bool styles)
{
    int64_t began = clock_monotonic_us();
    load(g, STUDIO_COMPILE);
    g->styles = styles && g->generation > 0;
    g->checked = false;
    g->generation++;
    g->load_us = clock_monotonic_us() - began;
}

void showroom_check(struct showroom *g)
{
    load(g, STUDIO_WHOLE);
    g->checked = true;
}

static const struct theme_file *file_of(const struct showroom *g, const char *theme,
                                        const char *path)
{
    for (size_t i = 0; g->files != NULL && i < g->files->chain_n; i++) {
        const struct theme_folder *f = &g->files->chain[i];
        for (size_t k = 0; strcmp(f->name, theme) == 0 && k < f->files_n; k++)
            if (strcmp(f->files[k].path, path) == 0)
                return &f->files[k];
    }
    return NULL;
}

/* Lines of a file around one, cut to what a screen shows; bytes that are no UTF-8 are left out. */
static void lines_set(struct value *v, struct arena *a, const struct theme_file *f, unsigned line)
{
    struct value *list = value_set_list(v, "lines");
    unsigned first = line > AROUND ? line - AROUND : 1;
    value_set_int(v, "first", first);
    const char *at = f->bytes;
    for (unsigned i = 1; *at != '\0' && i <= line + AROUND; i++) {
        size_t n = strcspn(at, "\n");
        size_t shown = n < LINE_BYTES ? n : LINE_BYTES;
        while (shown > 0 && shown < n && ((unsigned char)at[shown] & 0xc0) == 0x80)
            shown--;
        if (i >= first)
            value_add_text(list, arena_memdup(a, at, shown));
        at += n + (at[n] == '\n');
    }
}

static void finding_set(struct showroom *g, struct arena *a, struct value *v,
                        const struct studio_finding *f)
{
    value_set_text(v, "code", f->code);
    value_set_text(v, "level", studio_level_word(f->level));
    value_set_text(v, "theme", f->theme[0] != '\0' ? f->theme : g->name);
    value_set_text(v, "path", f->path);
    value_set_int(v, "line", f->line);
    value_set_int(v, "column", f->column);
    value_set_text(v, "message", f->message);
    value_set_text(v, "mend", f->mend);
    const struct theme_file *file =
        f->line > 0 ? file_of(g, value_as_text(value_get(v, "theme")), f->path) : NULL;
    if (file != NULL && utf8_is_valid(file->bytes, strlen(file->bytes)))
        lines_set(v, a, file, f->line);
}

static void findings_set(struct showroom *g, struct arena *a, struct value *v)
{
    struct value *list = value_set_list(v, "findings");
    if (g->problem != NULL) {
        const struct studio_finding f = {.level = STUDIO_FATAL,
                                         .code = "",
                                         .theme = "",
                                         .path = "",
                                         .message = g->problem,
                                         .mend = ""};
        finding_set(g, a, value_add_map(list), &f);
    }
    for (size_t i = 0; i < g->findings.n; i++) /* the worst come first, as the check sorts them */
        finding_set(g, a, value_add_map(list), &g->findings.at[i]);
}

static void pages_set(struct showroom *g, struct value *v)
{
    struct value *list = value_set_list(v, "pages"), *page = NULL, *cases = NULL;
    const char *last = "";
    for (size_t i = 0; i < g->cases.n; i++) {
        const struct studio_case *c = &g->cases.at[i];
        if (strcmp(c->page, last) != 0) {
            page = value_add_map(list);
            value_set_text(page, "name", c->page);
            value_set_text(page, "roles", c->roles);
            cases = value_set_list(page, "cases");
        }
        value_add_text(cases, c->name);
        last = c->page;
    }
}

static void locales_set(struct value *v)
{
    struct value *list = value_set_list(v, "locales");
    for (int l = 0; l < LOCALE_COUNT; l++) {
        struct value *one = value_add_map(list);
        value_set_text(one, "tag", locale_tag((enum locale)l));
        value_set_text(one, "name", locale_name((enum locale)l));
    }
}

void showroom_state(struct showroom *g, struct arena *a, struct str *json)
{
    struct value *v = value_map(a);
    value_set_text(v, "theme", g->name);
    value_set_text(v, "title", g->findings.title[0] != '\0' ? g->findings.title : g->name);
    value_set_text(v, "version", g->findings.version);
    value_set_int(v, "generation", g->generation);
    value_set_int(v, "load_us", g->load_us);
    value_set_bool(v, "beneath", g->beneath);
    value_set_bool(v, "checked", g->checked);
    findings_set(g, a, v);
    pages_set(g, v);
    locales_set(v);
    value_json(json, v);
}

void showroom_event(struct showroom *g, struct arena *a, struct str *json)
{
    struct value *v = value_map(a);
    value_set_int(v, "generation", g->generation);
    value_set_text(v, "kind", g->styles ? "styles" : "pages");
    value_set_int(v, "errors",
                  (int64_t)studio_count(&g->findings, STUDIO_ERROR) + (g->problem != NULL));
    value_json(json, v);
}

bool showroom_draw(struct showroom *g, struct arena *a, const struct studio_sample *sample,
                   struct str *html_r, const char **why_r)
{
    if (studio_draw(g->studio, a, sample, html_r, NULL))
        return true;
    *why_r = arena_strdup(a, studio_why(g->studio));
    return false;
}

bool showroom_asset(const struct showroom *g, const char *theme, const char *file,
                    struct theme_asset *asset_r)
{
    return theme_asset_find(g->files, theme, file, asset_r);
}

const char **showroom_folders(const struct showroom *g, struct arena *a, size_t *n_r)
{
    const char **list = arena_array(a, THEME_CHAIN + 1, sizeof *list);
    *n_r = 0;
    if (strcmp(g->name, "base") == 0)
        return list;
    list[(*n_r)++] = arena_printf(a, "%s/%s", g->themes_dir, g->name);
    for (size_t i = 1; g->files != NULL && i < g->files->chain_n; i++)
        list[(*n_r)++] = arena_printf(a, "%s/%s", g->themes_dir, g->files->chain[i].name);
    return list;
}
