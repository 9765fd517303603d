/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/compile.h"

#include <endian.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/embed.h"
#include "base/pseudo.h"
#include "base/texts.h"
#include "render/build.h"
#include "render/decode.h"
#include "render/walls.h"

struct compiler {
    struct sandbox *sandbox;
    const struct embedded *baked;
    int module, contract; /* registry references */
    bool keeps;           /* the fields below of the registry */
};

static const char kept_result[] = "mailboy result", kept_chain[] = "mailboy chain";

struct preparation {
    struct compiler *compiler;
    const struct renderer_route *routes;
    struct html *html;
};

/* require: only what lies in the program. */
static int require(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_getfield(L, 2, name) != LUA_TNIL)
        return 1;
    luaL_gsub(L, name, ".", "/");
    const char *path = lua_pushfstring(L, "%s.lua", lua_tostring(L, -1));
    const struct embedded *file = embedded_find(embed_lua, path);
    if (file == NULL)
        return luaL_error(L, "there is no module '%s'", name);
    lua_pushfstring(L, "@lua/%s", path);
    if (luaL_loadbufferx(L, file->bytes, file->size, lua_tostring(L, -1), "t") != LUA_OK)
        return lua_error(L);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, name);
    return 1;
}

/* load: text only. */
static int load_text(lua_State *L)
{
    size_t n;
    const char *text = luaL_checklstring(L, 1, &n);
    bool has_environment = !lua_isnone(L, 4);
    if (luaL_loadbufferx(L, text, n, luaL_optstring(L, 2, text),
                         wall(WALL_BYTECODE) ? "t" : NULL) != LUA_OK) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    if (has_environment) {
        lua_pushvalue(L, 4);
        if (lua_setupvalue(L, -2, 1) == NULL)
            lua_pop(L, 1);
    }
    return 1;
}

/* sha256(text), in hexadecimal. */
static int digest(lua_State *L)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[SHA256_BYTES];
    char hex[2 * SHA256_BYTES];
    size_t n;
    const char *text = luaL_checklstring(L, 1, &n);
    sha256(text, n, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    lua_pushlstring(L, hex, sizeof hex);
    return 1;
}

static void open_libraries(lua_State *L)
{
    static const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},
                                         {LUA_STRLIBNAME, luaopen_string},
                                         {LUA_TABLIBNAME, luaopen_table},
                                         {LUA_MATHLIBNAME, luaopen_math},
                                         {LUA_UTF8LIBNAME, luaopen_utf8},
                                         {LUA_COLIBNAME, luaopen_coroutine},
                                         {NULL, NULL}};
    static const char *const files[] = {"dofile", "loadfile", "print"};
    for (const luaL_Reg *r = libraries; r->name != NULL; r++) {
        luaL_requiref(L, r->name, r->func, 1);
        lua_pop(L, 1);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        lua_pushnil(L);
        lua_setglobal(L, files[i]);
    }
    lua_register(L, "load", load_text);
    lua_register(L, "require", require);
    lua_register(L, "sha256", digest);
}

static void push_file(lua_State *L, const char *path, const char *bytes, size_t n)
{
    lua_createtable(L, 0, 2);
    lua_pushstring(L, path);
    lua_setfield(L, -2, "path");
    lua_pushlstring(L, bytes, n);
    lua_setfield(L, -2, "text");
}

static void push_contract_files(lua_State *L)
{
    lua_Integer n = 0;
    lua_newtable(L);
    for (const struct embedded *file = embed_lua; file->path != NULL; file++) {
        if (strncmp(file->path, "contract/", strlen("contract/")) != 0)
            continue;
        push_file(L, file->path, file->bytes, file->size);
        lua_rawseti(L, -2, ++n);
    }
}

static void push_routes(lua_State *L, const struct renderer_route *routes)
{
    lua_Integer n = 0;
    lua_newtable(L);
    for (; routes->name != NULL; routes++) {
        lua_createtable(L, 0, 2);
        lua_pushstring(L, routes->name);
        lua_setfield(L, -2, "name");
        lua_pushstring(L, routes->pattern);
        lua_setfield(L, -2, "pattern");
        lua_rawseti(L, -2, ++n);
    }
}

static void push_module(lua_State *L, const char *name)
{
    lua_getglobal(L, "require");
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
}

void compiler_push_function(lua_State *L, const char *module, const char *name)
{
    push_module(L, module);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

static int prepare(lua_State *L)
{
    struct preparation *p = lua_touserdata(L, 1);
    open_libraries(L);
    push_module(L, "template.html");
    if (!html_read(L, p->html))
        return luaL_error(L, "the lists of template/html.lua do not fit the host's");
    push_module(L, "init");
    lua_getfield(L, -1, "contract");
    push_contract_files(L);
    push_routes(L, p->routes);
    lua_call(L, 2, 1);
    p->compiler->contract = luaL_ref(L, LUA_REGISTRYINDEX);
    p->compiler->module = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

struct compiler *compiler_create(const struct renderer_route *routes, const struct embedded *baked,
                                 struct html *html_r, char *why_r, size_t n)
{
    struct compiler *c = calloc(1, sizeof *c);
    struct preparation p = {.compiler = c, .routes = routes, .html = html_r};
    if (c == NULL || (c->sandbox = sandbox_create(&compiler_limits)) == NULL)
        return NULL; /* NOLINT(clang-analyzer-unix.Malloc): without one the process ends */
    c->baked = baked;
    return sandbox_run(c->sandbox, prepare, &p, why_r, n) ? c : NULL;
}

void compiler_destroy(struct compiler *c)
{
    sandbox_destroy(c->sandbox);
    free(c);
}

struct work {
    struct compiler *compiler;
    enum locale locale;
    const struct source *chain;
    size_t n;
    struct messages *messages;
    struct str *product;
};

static void push_source(lua_State *L, const struct source *source)
{
    lua_createtable(L, 0, 2);
    lua_pushlstring(L, source->name.at, source->name.n);
    lua_setfield(L, -2, "name");
    lua_createtable(L, 0, (int)source->files_n);
    for (size_t i = 0; i < source->files_n; i++) {
        const struct source_file *f = &source->files[i];
        lua_pushlstring(L, f->path.at, f->path.n);
        lua_pushlstring(L, f->bytes.at, f->bytes.n);
        lua_rawset(L, -3);
    }
    lua_setfield(L, -2, "files");
}

static void push_base(lua_State *L)
{
    lua_createtable(L, 0, 2);
    lua_pushliteral(L, "base");
    lua_setfield(L, -2, "name");
    lua_newtable(L);
    for (const struct embedded *f = embed_base; f->path != NULL; f++) {
        lua_pushlstring(L, f->bytes, f->size);
        lua_setfield(L, -2, f->path);
    }
    lua_setfield(L, -2, "files");
}

static void read_messages(lua_State *L, int result, const char *field, struct messages *m)
{
    if (lua_getfield(L, result, field) == LUA_TTABLE) {
        for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TSTRING; i++) {
            messages_note(m, lua_tostring(L, -1));
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static struct span field_span(lua_State *L, int table, const char *field)
{
    struct span s = {"", 0};
    if (lua_getfield(L, table, field) == LUA_TSTRING)
        s.at = lua_tolstring(L, -1, &s.n);
    lua_pop(L, 1); /* the table still holds it */
    return s;
}

/* The theme that a page's script comes from, as the compiler says; the child if it does not. */
static struct span script_owner(lua_State *L, int result, const char *page, struct span child)
{
    struct span owner = {"", 0};
    if (lua_getfield(L, result, "pages") == LUA_TTABLE) {
        if (lua_getfield(L, -1, page) == LUA_TTABLE)
            owner = field_span(L, lua_gettop(L), "theme");
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return owner.n > 0 ? owner : child;
}

/* Puts the number of what `each` puts, then that. */
static void put_all(lua_State *L, int result, const char *field, const struct work *w,
                    bool each(lua_State *L, int result, const struct work *w))
{
    size_t at = w->product->len;
    uint32_t n = 0;
    wire_put_u32(w->product, 0);
    if (lua_getfield(L, result, field) == LUA_TTABLE)
        for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
            n += each(L, result, w);
    lua_pop(L, 1);
    n = htole32(n);
    memcpy(w->product->data + at, &n, sizeof n);
}

static void put_span(struct str *s, struct span text)
{
    wire_put_text(s, text.at, text.n);
}

/* The page is at -2, its script at -1. */
static bool put_script(lua_State *L, int result, const struct work *w)
{
    const char *page = luaL_checkstring(L, -2);
    int script = lua_gettop(L);
    struct span child = w->n > 0 ? w->chain[0].name : (struct span){"base", 4};
    wire_put_text(w->product, page, strlen(page));
    put_span(w->product, script_owner(L, result, page, child));
    put_span(w->product, field_span(L, script, "path"));
    put_span(w->product, field_span(L, script, "text"));
    return true;
}

/* The line of the code is at -2, its place at -1. */
static bool put_line(lua_State *L, int result, const struct work *w)
{
    (void)result;
    if (!lua_isinteger(L, -2) || lua_tointeger(L, -2) <= 0 ||
        lua_tointeger(L, -2) >= BUILD_LINES_MAX || lua_type(L, -1) != LUA_TSTRING)
        return false;
    size_t n;
    const char *place = lua_tolstring(L, -1, &n);
    wire_put_u32(w->product, (size_t)lua_tointeger(L, -2));
    wire_put_text(w->product, place, n);
    return true;
}

/* In their order. */
static void put_helpers(lua_State *L, int result, const struct work *w)
{
    lua_getfield(L, result, "helpers");
    lua_Integer n = lua_istable(L, -1) ? luaL_len(L, -1) : 0;
    wire_put_u32(w->product, (size_t)n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        int file = lua_gettop(L);
        put_span(w->product, field_span(L, file, "theme"));
        put_span(w->product, field_span(L, file, "text"));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void keep(lua_State *L, const struct compiler *c, const char *name)
{
    if (!c->keeps)
        return;
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, name);
}

/* pseudo(text): what a pseudo-locale makes of it. */
static int say_pseudo(lua_State *L)
{
    size_t n;
    const char *text = luaL_checklstring(L, 1, &n);
    luaL_Buffer b;
    char *to = luaL_buffinitsize(L, &b, pseudo_room(n));
    luaL_pushresultsize(
        &b, pseudo_write((enum locale)lua_tointeger(L, lua_upvalueindex(1)), text, n, to));
    return 1;
}

/* core(text): the program's own translation, nil if it has none. */
static int say_core(lua_State *L)
{
    lua_pushstring(L, text_translation((enum locale)lua_tointeger(L, lua_upvalueindex(1)),
                                       luaL_checkstring(L, 1)));
    return 1;
}

/* of(language's tag): the code of base and its units, as they were baked; nothing if they were not. */
static int say_baked(lua_State *L)
{
    const struct embedded *baked = lua_touserdata(L, lua_upvalueindex(1));
    const char *tag = luaL_checkstring(L, 1);
    const struct embedded *product = embedded_find(baked, tag);
    const struct embedded *units = embedded_find(baked, lua_pushfstring(L, "%s.units", tag));
    if (product == NULL || units == NULL)
        return 0;
    struct wire_reader r = wire_reader(product->bytes, product->size);
    size_t n;
    const char *code = wire_text(&r, &n);
    lua_pushlstring(L, code, n);
    lua_pushlstring(L, units->bytes, units->size);
    return 2;
}

static void push_baked(lua_State *L, const struct embedded *baked)
{
    lua_createtable(L, 0, 1);
    lua_pushlightuserdata(L, (void *)(uintptr_t)baked);
    lua_pushcclosure(L, say_baked, 1);
    lua_setfield(L, -2, "of");
    lua_setfield(L, -2, "baked");
}

/* Where templates are trusted, for the tests of that wall, all are compiled. */
static void push_options(lua_State *L, enum locale locale, const struct embedded *baked)
{
    lua_createtable(L, 0, 6);
    if (baked != NULL && wall(WALL_TEMPLATES))
        push_baked(L, baked);
    lua_createtable(L, 0, LOCALE_COUNT);
    for (size_t i = 0; i < LOCALE_COUNT; i++) {
        lua_pushboolean(L, true);
        lua_setfield(L, -2, locale_tag((enum locale)i));
    }
    lua_setfield(L, -2, "tags");
    lua_pushboolean(L, !wall(WALL_TEMPLATES));
    lua_setfield(L, -2, "trusts");
    lua_pushstring(L, locale_tag(locale));
    lua_setfield(L, -2, "locale");
    lua_pushinteger(L, (lua_Integer)locale);
    lua_pushcclosure(L, pseudo_is(locale) ? say_pseudo : say_core, 1);
    lua_setfield(L, -2, pseudo_is(locale) ? "pseudo" : "core");
}

/* What the manifests say of stylesheets and script. */
static void put_looks(lua_State *L, int result, const struct work *w)
{
    lua_getfield(L, result, "style_levels");
    lua_Integer levels = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
    lua_getfield(L, result, "script");
    wire_put_u32(w->product, levels > 0 ? (size_t)levels : 0);
    wire_put_u8(w->product, lua_isboolean(L, -1) && !lua_toboolean(L, -1));
    lua_pop(L, 2);
}

static int compile(lua_State *L)
{
    struct work *w = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, w->compiler->module);
    lua_getfield(L, -1, "compile");
    lua_rawgeti(L, LUA_REGISTRYINDEX, w->compiler->contract);
    lua_createtable(L, (int)w->n + 1, 0);
    for (size_t i = 0; i < w->n; i++) {
        push_source(L, &w->chain[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    push_base(L);
    lua_rawseti(L, -2, (lua_Integer)w->n + 1);
    keep(L, w->compiler, kept_chain);
    push_options(L, w->locale, w->compiler->baked);
    lua_call(L, 3, 1);
    int result = lua_gettop(L);
    keep(L, w->compiler, kept_result);
    read_messages(L, result, "errors", w->messages);
    put_span(w->product, field_span(L, result, "code"));
    put_all(L, result, "scripts", w, put_script);
    put_helpers(L, result, w);
    put_all(L, result, "lines", w, put_line);
    put_looks(L, result, w);
    return 0;
}

static int record(lua_State *L)
{
    struct work *w = lua_touserdata(L, 1);
    size_t n;
    lua_rawgeti(L, LUA_REGISTRYINDEX, w->compiler->module);
    lua_getfield(L, -1, "record");
    lua_rawgeti(L, LUA_REGISTRYINDEX, w->compiler->contract);
    push_base(L);
    push_options(L, w->locale, NULL);
    lua_call(L, 3, 1);
    const char *text = luaL_checklstring(L, -1, &n);
    str_append_n(w->product, text, n);
    return 0;
}

static bool make(struct work w, lua_CFunction f)
{
    char why[512];
    struct compiler *c = w.compiler;
    sandbox_arm(c->sandbox);
    lua_gc(c->sandbox->L, LUA_GCRESTART);
    bool done = sandbox_run(c->sandbox, f, &w, why, sizeof why);
    sandbox_arm(c->sandbox);
    lua_gc(c->sandbox->L, LUA_GCCOLLECT);
    lua_gc(c->sandbox->L, LUA_GCSTOP);
    if (!done)
        messages_note(w.messages, why);
    return done && !w.product->overflow;
}

bool compiler_make(struct compiler *c, enum locale locale, const struct source *chain, size_t n,
                   struct str *product_r, struct messages *messages_r)
{
    struct work w = {.compiler = c,
                     .locale = locale,
                     .chain = chain,
                     .n = n,
                     .messages = messages_r,
                     .product = product_r};
    return make(w, compile);
}

bool compiler_record(struct compiler *c, enum locale locale, struct str *units_r,
                     struct messages *messages_r)
{
    struct work w = {.compiler = c, .locale = locale, .messages = messages_r, .product = units_r};
    return make(w, record);
}

struct compiled *compiler_compile(struct compiler *c, enum locale locale,
                                  const struct source *chain, size_t n, struct messages *messages_r)
{
    struct str product;
    struct span name = n > 0 ? chain[0].name : (struct span){"base", 4};
    str_init(&product, messages_r->arena, PRODUCT_MAX);
    if (!compiler_make(c, locale, chain, n, &product, messages_r))
        return NULL;
    return build_theme(name, locale, chain, n, (struct span){product.data, product.len},
                       messages_r);
}

void compiler_keep(struct compiler *c)
{
    c->keeps = true;
}

struct sandbox *compiler_sandbox(struct compiler *c)
{
    return c->sandbox;
}

void compiler_push_contract(const struct compiler *c)
{
    lua_rawgeti(c->sandbox->L, LUA_REGISTRYINDEX, c->contract);
}

void compiler_push_result(const struct compiler *c)
{
    lua_getfield(c->sandbox->L, LUA_REGISTRYINDEX, kept_result);
}

void compiler_push_chain(const struct compiler *c)
{
    lua_getfield(c->sandbox->L, LUA_REGISTRYINDEX, kept_chain);
}

bool compiler_run(struct compiler *c, lua_CFunction f, void *argument, char *why_r, size_t n)
{
    sandbox_arm(c->sandbox);
    lua_gc(c->sandbox->L, LUA_GCRESTART);
    bool done = sandbox_run(c->sandbox, f, argument, why_r, n);
    lua_gc(c->sandbox->L, LUA_GCSTOP);
    return done;
}

#ifdef MAILBOY_SANITIZED
struct models {
    struct compiler *compiler;
    struct span page;
    struct wire_reader vm, shell;
    const struct keys *keys;
    struct messages *messages;
};

static int check_model(lua_State *L)
{
    struct models *m = lua_touserdata(L, 1);
    push_module(L, "theme.validate");
    lua_getfield(L, -1, "model");
    lua_rawgeti(L, LUA_REGISTRYINDEX, m->compiler->contract);
    lua_pushlstring(L, m->page.at, m->page.n);
    decode_push(L, &m->vm, m->keys);
    decode_push(L, &m->shell, m->keys);
    lua_call(L, 4, 1);
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TSTRING; i++) {
        messages_note(m->messages, lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    return 0;
}

void compiler_check_model(struct compiler *c, struct span page, struct wire_reader vm,
                          struct wire_reader shell, const struct keys *keys,
                          struct messages *messages_r)
{
    char why[512];
    struct models m = {
        .compiler = c, .page = page, .vm = vm, .shell = shell, .keys = keys, .messages = messages_r};
    sandbox_arm(c->sandbox);
    lua_gc(c->sandbox->L, LUA_GCRESTART);
    if (!sandbox_run(c->sandbox, check_model, &m, why, sizeof why))
        messages_note(messages_r, why);
    lua_gc(c->sandbox->L, LUA_GCSTOP);
}
#endif
