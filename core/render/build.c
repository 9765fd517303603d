/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/build.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "base/embed.h"
#include "base/wire.h"
#include "render/environment.h"
#include "render/handle.h"
#include "render/helper.h"
#include "render/part.h"
#include "render/print.h"
#include "render/walls.h"

static void *keep(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

static char *join(const char *format, const char *a, const char *b)
{
    char *text = NULL;
    if (asprintf(&text, format, a, b) < 0)
        abort();
    return text;
}

const struct compiled_asset *compiled_asset(const struct compiled *t, const char *name, size_t n)
{
    for (size_t i = 0; i < t->assets_n; i++)
        if (strlen(t->assets[i].name) == n && memcmp(t->assets[i].name, name, n) == 0)
            return &t->assets[i];
    return NULL;
}

const struct compiled_script *compiled_script(const struct compiled *t, const char *page, size_t n)
{
    for (size_t i = 0; i < t->scripts_n; i++)
        if (strlen(t->scripts[i].page) == n && memcmp(t->scripts[i].page, page, n) == 0)
            return &t->scripts[i];
    return NULL;
}

static bool is_style(const char *name)
{
    return strcmp(name, "app.css") == 0 || strcmp(name, "tokens.css") == 0;
}

/* The child's file is met first and keeps the name; stylesheets of all the chain are linked. */
static void add_asset(struct compiled *t, struct arena *a, const char *theme, const char *path,
                      const char *bytes, size_t n)
{
    const char *name = asset_name(path);
    bool is_base = strcmp(theme, "base") == 0;
    if (asset_type(path, is_base) == NULL)
        return;
    char *url = join("/assets/%s/%s", theme, asset_file(a, name, bytes, n));
    if (is_style(name)) {
        t->styles = keep(reallocarray(t->styles, t->styles_n + 1, sizeof *t->styles));
        t->styles[t->styles_n++] = keep(strdup(url));
    }
    if (compiled_asset(t, name, strlen(name)) != NULL) {
        free(url);
        return;
    }
    t->assets = keep(reallocarray(t->assets, t->assets_n + 1, sizeof *t->assets));
    t->assets[t->assets_n++] = (struct compiled_asset){.name = keep(strdup(name)), .url = url};
}

/* The parent's styles come first, and of one theme app.css before tokens.css, so that the child's
 * and the tokens win. */
static void order_styles(struct compiled *t)
{
    for (size_t i = 0; i < t->styles_n / 2; i++) {
        char *other = t->styles[i];
        t->styles[i] = t->styles[t->styles_n - 1 - i];
        t->styles[t->styles_n - 1 - i] = other;
    }
}

static void add_source(struct compiled *t, struct arena *a, const struct source *s)
{
    char *theme = arena_memdup(a, s->name.at, s->name.n);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < s->files_n; i++) {
            const struct source_file *f = &s->files[i];
            char *path = arena_memdup(a, f->path.at, f->path.n);
            bool tokens_first = strcmp(path, "tokens.css") == 0;
            if (tokens_first == (pass == 0))
                add_asset(t, a, theme, path, f->bytes.at, f->bytes.n);
        }
    }
}

/* Names, assets and stylesheets. */
static struct compiled *build_begin(struct span name, const struct source *chain, size_t n)
{
    struct compiled *t = keep(calloc(1, sizeof *t));
    struct arena *a = arena_create(64 * 1024 * 1024);
    t->name = keep(strndup(name.at, name.n));
    for (size_t i = 0; i < n; i++)
        add_source(t, a, &chain[i]);
    for (int pass = 0; pass < 2; pass++)
        for (const struct embedded *f = embed_base; f->path != NULL; f++)
            if ((strcmp(f->path, "tokens.css") == 0) == (pass == 0))
                add_asset(t, a, "base", f->path, f->bytes, f->size);
    order_styles(t);
    arena_destroy(a);
    return t;
}

struct chunk {
    struct compiled *theme;
    struct span bytes;
    const char *name;
    struct compiled_script *script;
};

static int run_templates(lua_State *L)
{
    struct chunk *c = lua_touserdata(L, 1);
    environment_push(L);
    int env = lua_gettop(L);
    print_functions(L, env);
    handle_prepare(L);
    lua_pushcfunction(L, helper_call);
    lua_setfield(L, env, "helper");
    lua_pushcfunction(L, part_kind_of);
    lua_setfield(L, env, "kind_of");
    environment_load(L, c->bytes.at, c->bytes.n, c->name, env);
    lua_call(L, 0, 1);
    if (!lua_istable(L, -1) || lua_getfield(L, -1, "pages") != LUA_TTABLE)
        return luaL_error(L, "the compiled theme has no pages");
    c->theme->pages = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_getfield(L, -1, "parts");
    c->theme->parts = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

/* Runs the generated code in a theme state, which is kept. */
static bool build_templates(struct compiled *t, struct span code, char *why_r, size_t n)
{
    struct chunk c = {.theme = t, .bytes = code, .name = "=theme"};
    t->templates = sandbox_create(&theme_limits);
    if (t->templates == NULL || !sandbox_run(t->templates, run_templates, &c, why_r, n))
        return false;
    sandbox_trust(t->templates);
    lua_gc(t->templates->L, LUA_GCCOLLECT);
    lua_gc(t->templates->L, LUA_GCGEN, 0, 0);
    lua_gc(t->templates->L, LUA_GCSTOP);
    t->used_at_start = t->templates->used;
    t->used_at_rest = t->templates->used;
    return true;
}

/* By generations: a whole collection marks each object of the templates, and so writes to all the pages that
 * renderers share. What lives through two young ones is left to it, once that is much. */
void compiled_tidy(struct compiled *t)
{
    enum { GARBAGE = 256 * 1024, LEFT = 1024 * 1024 };
    if (t == NULL ||
        (t->templates->used < t->used_at_rest + GARBAGE && t->templates->stopped == NULL))
        return;
    sandbox_arm(t->templates);
    lua_gc(t->templates->L, LUA_GCSTEP, 0);
    if (t->templates->used > t->used_at_start + LEFT)
        lua_gc(t->templates->L, LUA_GCCOLLECT);
    t->used_at_rest = t->templates->used; /* with what decode.c keeps */
}

static int append(lua_State *L, const void *bytes, size_t n, void *to)
{
    struct compiled_script *s = to;
    (void)L;
    s->dump = keep(realloc(s->dump, s->dump_n + n));
    memcpy(s->dump + s->dump_n, bytes, n);
    s->dump_n += n;
    return 0;
}

static int dump_script(lua_State *L)
{
    struct chunk *c = lua_touserdata(L, 1);
    if (luaL_loadbufferx(L, c->bytes.at, c->bytes.n, c->name, wall(WALL_BYTECODE) ? "t" : NULL) !=
        LUA_OK)
        return lua_error(L);
    return lua_dump(L, append, c->script, 0);
}

/* Without a dump it fails when asked for, and base is used. */
static bool make_dump(struct compiled *t, struct compiled_script *s, struct span owner,
                      struct span path, struct span text, char *why_r, size_t n)
{
    char chunk[256];
    snprintf(chunk, sizeof chunk, "@%.*s/%.*s", (int)owner.n, owner.at, (int)path.n, path.at);
    s->chunk = keep(strdup(chunk));
    struct chunk c = {.theme = t, .bytes = text, .name = chunk, .script = s};
    struct sandbox *scratch = sandbox_create(&theme_limits);
    bool done = scratch != NULL && sandbox_run(scratch, dump_script, &c, why_r, n);
    sandbox_destroy(scratch);
    return done;
}

static struct span take(struct wire_reader *r)
{
    struct span s;
    s.at = wire_text(r, &s.n);
    return s;
}

static void read_scripts(struct compiled *t, struct wire_reader *r, struct messages *messages)
{
    char why[512];
    uint32_t n = wire_count(r, 4 * 4);
    t->scripts = keep(calloc(n + 1, sizeof *t->scripts));
    for (uint32_t i = 0; i < n; i++) {
        struct compiled_script *s = &t->scripts[t->scripts_n++];
        struct span page = take(r), owner = take(r), path = take(r), text = take(r);
        s->page = keep(strndup(page.at, page.n));
        if (!make_dump(t, s, owner, path, text, why, sizeof why))
            messages_note(messages, why);
    }
}

static void read_helpers(struct compiled *t, struct wire_reader *r, struct messages *messages)
{
    char why[512];
    uint32_t n = wire_count(r, 2 * 4);
    t->helpers = keep(calloc(n + 1, sizeof *t->helpers));
    for (uint32_t i = 0; i < n; i++) {
        struct span owner = take(r), text = take(r);
        if (!make_dump(t, &t->helpers[t->helpers_n++], owner, (struct span){"helpers.lua", 11},
                       text, why, sizeof why))
            messages_note(messages, why);
    }
}

/* Once to see how much there is, once to take it. */
static void read_lines(struct compiled *t, struct wire_reader *r)
{
    uint32_t n = wire_count(r, 2 * 4);
    struct wire_reader again = *r;
    size_t most = 0, size = 0;
    for (uint32_t i = 0; i < n; i++) {
        size_t line = wire_u32(r);
        most = line > most ? line : most;
        size += take(r).n + 1;
    }
    if (r->broken || most >= BUILD_LINES_MAX)
        return;
    t->lines_n = most + 1;
    t->lines = keep(calloc(t->lines_n, sizeof *t->lines));
    char *to = t->places = keep(malloc(size + 1));
    for (uint32_t i = 0; i < n; i++) {
        size_t line = wire_u32(&again);
        struct span place = take(&again);
        t->lines[line] = to;
        to = (char *)mempcpy(to, place.at, place.n) + 1;
        to[-1] = '\0';
    }
}

static bool is_of(const char *url, struct span theme)
{
    const char *at = url + strlen("/assets/");
    return strncmp(at, theme.at, theme.n) == 0 && at[theme.n] == '/';
}

/* Drops the stylesheets of the themes behind the first `levels` of the chain (n themes and base). */
static void keep_styles(struct compiled *t, const struct source *chain, size_t n, size_t levels)
{
    size_t kept = 0;
    if (levels == 0 || levels > n)
        return;
    for (size_t i = 0; i < t->styles_n; i++) {
        bool keeps = false;
        for (size_t level = 0; level < levels; level++)
            keeps = keeps || is_of(t->styles[i], chain[level].name);
        if (keeps)
            t->styles[kept++] = t->styles[i];
        else
            free(t->styles[i]);
    }
    t->styles_n = kept;
}

struct compiled *build_theme(struct span name, enum locale locale, const struct source *chain,
                             size_t n, struct span product, struct messages *messages_r)
{
    char why[512] = "what the compiler made is cut short";
    struct wire_reader r = wire_reader(product.at, product.n);
    struct compiled *t = build_begin(name, chain, n);
    t->locale = locale;
    bool usable = build_templates(t, take(&r), why, sizeof why);
    if (usable) {
        read_scripts(t, &r, messages_r);
        read_helpers(t, &r, messages_r);
        read_lines(t, &r);
        keep_styles(t, chain, n, wire_u32(&r));
        t->scriptless = wire_u8(&r) != 0;
    }
    if (usable && !r.broken)
        return t;
    messages_note(messages_r, why);
    compiled_destroy(t);
    return NULL;
}

static void scripts_free(struct compiled_script *scripts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(scripts[i].page);
        free(scripts[i].chunk);
        free(scripts[i].dump);
    }
    free(scripts);
}

void compiled_destroy(struct compiled *t)
{
    if (t == NULL)
        return;
    sandbox_destroy(t->templates);
    for (size_t i = 0; i < t->assets_n; i++) {
        free(t->assets[i].name);
        free(t->assets[i].url);
    }
    scripts_free(t->scripts, t->scripts_n);
    scripts_free(t->helpers, t->helpers_n);
    for (size_t i = 0; i < t->styles_n; i++)
        free(t->styles[i]);
    free(t->places);
    free(t->lines);
    free(t->assets);
    free(t->styles);
    free(t->name);
    free(t);
}
