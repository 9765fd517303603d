/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child theme through the template compiler: files, each after a line "@@ PATH"; without one,
 * the page login. Base is a small one. The compiler never raises, says its mistakes as texts,
 * and what it makes is Lua. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>

#include "base/embed.h"
#include "fuzz.h"
#include "lua.h"

static const char login[] = "{% extends \"plain\" %}{% block title() %}Log in{% end %}"
                            "{% block content() %}{% use \"notice\" kind=\"warn\" text=vm.problem "
                            "%}{{ vm.form.submit }}{% end %}";
static const char plain[] = "<main>{% block content() %}{% end %}</main>";
static const char notice[] =
    "{# args: kind=enum(\"ok\", \"warn\"), text=text? #}<p>{{ kind }} {{ text }}</p>";
static const char manifest[] = "return { name = \"base\" }";

static const struct {
    const char *path, *text;
} base_files[] = {{"theme.lua", manifest},
                  {"layouts/plain.html", plain},
                  {"pages/login.html", login},
                  {"components/notice.html", notice}};

static const char prelude[] =
    "local init, files = ...\n"
    "local contract = init.contract(files, { { name = 'login', pattern = '/login' },"
    " { name = 'domains.list', pattern = '/domains' }, { name = 'domains.show', pattern = "
    "'/domains/{domain}' } })\n"
    "return function(base, child)\n"
    "  local made = init.compile(contract, { { name = 'child', files = child }, { name = 'base', "
    "files = base } })\n"
    "  for _, list in ipairs { made.errors, made.warnings } do\n"
    "    for _, text in ipairs(list) do assert(type(text) == 'string') end\n"
    "  end\n"
    "  assert(load(made.code, '=code', 't', {}))\n"
    "end\n";

static void push_files(lua_State *L)
{
    lua_newtable(L);
    lua_Integer n = 0;
    for (const struct embedded *f = embed_lua; f->path != NULL; f++) {
        if (strncmp(f->path, "contract/", 9) != 0)
            continue;
        lua_createtable(L, 0, 2);
        lua_pushstring(L, f->path);
        lua_setfield(L, -2, "path");
        lua_pushlstring(L, f->bytes, f->size);
        lua_setfield(L, -2, "text");
        lua_rawseti(L, -2, ++n);
    }
}

static void push_base(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; i < sizeof base_files / sizeof *base_files; i++) {
        lua_pushstring(L, base_files[i].text);
        lua_setfield(L, -2, base_files[i].path);
    }
}

/* Leaves compile(base, child) at 1 and the base at 2. */
static lua_State *state_make(void)
{
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    fuzz_lua_modules(L);
    fuzz_lua_watch(L);
    assert(luaL_loadbuffer(L, prelude, sizeof prelude - 1, "=prelude") == LUA_OK);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "init");
    lua_call(L, 1, 1);
    push_files(L);
    lua_call(L, 2, 1);
    push_base(L);
    return L;
}

static void keep(lua_State *L, const uint8_t *path, size_t path_n, const uint8_t *from,
                 const uint8_t *to)
{
    lua_pushlstring(L, (const char *)path, path_n);
    lua_pushlstring(L, (const char *)from, (size_t)(to - from));
    lua_rawset(L, -3);
}

static void push_child(lua_State *L, const uint8_t *data, size_t n)
{
    static const uint8_t page[] = "pages/login.html", own[] = "return { name = \"child\" }";
    const uint8_t *path = page, *at = data, *from = data, *line;
    size_t path_n = sizeof page - 1, len;
    lua_newtable(L);
    keep(L, (const uint8_t *)"theme.lua", 9, own, own + sizeof own - 1);
    while (fuzz_line(&at, data + n, &line, &len)) {
        if (len < 4 || memcmp(line, "@@ ", 3) != 0)
            continue;
        if (line > data)
            keep(L, path, path_n, from, line);
        path = line + 3;
        path_n = len - 3;
        from = at;
    }
    keep(L, path, path_n, from, data + n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static lua_State *L;
    if (L == NULL)
        L = state_make();
    fuzz_lua_watch(L);
    lua_settop(L, 2);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    push_child(L, data, n);
    if (lua_pcall(L, 2, 0, 0) != LUA_OK) {
        fprintf(stderr, "the compiler raised: %s\n", lua_tostring(L, -1));
        abort();
    }
    return 0;
}
