/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/script.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "render/address.h"
#include "render/decode.h"
#include "render/exploit.h"
#include "render/form.h"
#include "render/helper.h"
#include "render/environment.h"
#include "render/filters.h"
#include "render/part.h"
#include "render/scalar.h"
#include "render/skeleton.h"
#include "render/walls.h"

enum { DEPTH_MAX = 64, ATTRIBUTES_MAX = 32 };

struct script_run {
    const struct page_job *job;
    const struct compiled_script *script;
    struct writer_mark title;
};

static const char run_key = 0;

static const struct page_job *job_of(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &run_key);
    const struct script_run *run = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return run->job;
}

/* Told here, where its line is known; what is put in later is looked at when it is printed. */
static void check_attributes(lua_State *L, const char *name)
{
    const struct html *html = job_of(L)->html;
    const struct html_element *e = html_element(html, name);
    if (e == NULL || !wall(WALL_ATTRIBUTES))
        return;
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING && !html_attribute_allowed(html, e, lua_tostring(L, -2)))
            luaL_error(L, "h.%s: takes no attribute '%s'", name, lua_tostring(L, -2));
}

/* h.div{class = "x", ...} marks the table as that element and gives it back. */
static int make_element(lua_State *L)
{
    if (!lua_istable(L, 1)) {
        lua_createtable(L, 1, 1);
        lua_pushvalue(L, 1);
        lua_rawseti(L, -2, 1);
        lua_replace(L, 1);
    }
    lua_settop(L, 1);
    check_attributes(L, lua_tostring(L, lua_upvalueindex(1)));
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_rawseti(L, 1, 0);
    return 1;
}

/* What is meant may be an element, or a function of h. */
static int refuse_element(lua_State *L, const struct html *html, const char *name)
{
    struct nearest n = nearest_to(name);
    for (size_t i = 0; i < html->elements_n; i++)
        nearest_try(&n, html->elements[i].name);
    for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            nearest_try(&n, lua_tostring(L, -2));
    if (n.name == NULL)
        return luaL_error(L, "h.%s: a page has no such element", name);
    return luaL_error(L, "h.%s: a page has no such element - did you mean 'h.%s'?", name, n.name);
}

/* h.NAME is the maker of an allowed element. */
static int find_element(lua_State *L)
{
    const char *name = luaL_checkstring(L, 2);
    if (wall(WALL_ELEMENTS) && html_element(job_of(L)->html, name) == NULL)
        return refuse_element(L, job_of(L)->html, name);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, make_element, 1);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    return 1;
}

static int h_text(lua_State *L)
{
    luaL_argcheck(L, lua_isstring(L, 1) || lua_islightuserdata(L, 1) || lua_isnoneornil(L, 1), 1,
                  "is no text");
    if (lua_isnoneornil(L, 1))
        lua_pushliteral(L, "");
    else
        lua_pushvalue(L, 1);
    return 1;
}

static int mark(lua_State *L, const char *kind)
{
    lua_createtable(L, 1, 1);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, 1);
    lua_pushstring(L, kind);
    lua_rawseti(L, -2, 0);
    return 1;
}

static int h_icon(lua_State *L)
{
    luaL_checkstring(L, 1);
    return mark(L, "#icon");
}

static int h_form(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    return mark(L, "#form");
}

/* h.use(name, {...}), h.slot(name, {...}), h.layout(name, content) */
static int mark_part(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_settop(L, 2);
    lua_createtable(L, 2, 1);
    for (int i = 1; i <= 2; i++) {
        lua_pushvalue(L, i);
        lua_rawseti(L, -2, i);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_rawseti(L, -2, 0);
    return 1;
}

static void add_said(lua_State *L, luaL_Buffer *b, int value)
{
    if (lua_type(L, value) != LUA_TSTRING && !lua_isinteger(L, value))
        luaL_error(L, "h.t: a value is a %s", luaL_typename(L, value));
    lua_pushvalue(L, value);
    luaL_addvalue(b);
}

/* h.t("Delete %s?", m.email): each %s is the next value; a translation may say %2$s. */
static int h_translate(lua_State *L)
{
    luaL_Buffer b;
    luaL_checkstring(L, 1);
    int values = lua_gettop(L), next = 2;
    part_say(L, job_of(L), "t", 0);
    if (lua_isnil(L, -1))
        lua_pushvalue(L, 1);
    const char *at = lua_tostring(L, -1), *hole;
    luaL_buffinit(L, &b);
    for (; (hole = strchr(at, '%')) != NULL; at = hole) {
        luaL_addlstring(&b, at, (size_t)(hole - at));
        bool numbered = hole[1] >= '1' && hole[1] <= '9' && hole[2] == '$' && hole[3] == 's';
        if (!numbered && hole[1] != 's') {
            luaL_addchar(&b, *hole++);
            continue;
        }
        int value = numbered ? hole[1] - '0' + 1 : next++;
        if (value > values)
            return luaL_error(L, "h.t: the text has more values than it is given");
        add_said(L, &b, value);
        hole += numbered ? 4 : 2;
    }
    luaL_addstring(&b, at);
    luaL_pushresult(&b);
    return 1;
}

static int h_plural(lua_State *L)
{
    lua_Integer n = luaL_checkinteger(L, 3);
    lua_settop(L, 3);
    part_say(L, job_of(L), "tn", n);
    if (!lua_isnil(L, -1))
        return 1;
    lua_settop(L, 3);
    return filter_plural(L);
}

/* __index: what a record has not may be absent, or be no field at all. */
static int miss_field(lua_State *L)
{
    if (lua_type(L, 2) == LUA_TSTRING)
        part_field(L, job_of(L), lua_tostring(L, lua_upvalueindex(1)), lua_tostring(L, 2));
    return 0;
}

/* Leaves the metatable of records that lack a field at the top: into is part_field's. */
static void push_strict(lua_State *L, const char *into)
{
    lua_createtable(L, 0, 1);
    lua_pushstring(L, into);
    lua_pushcclosure(L, miss_field, 1);
    lua_setfield(L, -2, "__index");
}

static void push_h(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"text", h_text}, {"icon", h_icon},       {"form", h_form},         {"t", h_translate},
        {"tn", h_plural}, {"url", address_route}, {"asset", address_asset}, {NULL, NULL}};
    static const char *const parts[] = {"use", "slot", "layout"};
    lua_newtable(L);
    luaL_setfuncs(L, functions, 0);
    filters_put(L, lua_gettop(L));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        lua_pushfstring(L, "#%s", parts[i]);
        lua_pushcclosure(L, mark_part, 1);
        lua_setfield(L, -2, parts[i]);
    }
    helper_push_all(L, job_of(L)->render->theme);
    lua_setfield(L, -2, "helpers");
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, find_element);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

static void push_model(lua_State *L, const struct page_job *job)
{
    struct wire_reader vm = job->vm, shell = job->shell;
    const bool *open = part_open(L, job);
    push_strict(L, "field");
    int strict = lua_gettop(L);
    decode_push_strict(L, &vm, &job->render->keys, open, strict);
    push_strict(L, arena_printf(job->arena, "vm %.*s", (int)job->page.n, job->page.at));
    lua_setmetatable(L, -2);
    push_h(L);
    decode_push_strict(L, &shell, &job->render->keys, open, strict);
    lua_setfield(L, -2, "shell");
    lua_remove(L, strict);
}

/* An address of this site, or a web address that the view model itself brought. */
static void print_url(lua_State *L, const struct render *r, const char *attribute, int value)
{
    size_t n;
    const char *url = lua_tolstring(L, value, &n);
    enum url_kind kind = url_kind(url, n);
    bool link = strcmp(attribute, "href") == 0;
    bool allowed = kind == URL_LOCAL || (link && kind == URL_MAIL) ||
                   (link && kind == URL_WEB && decode_brought(L, value));
    if (!allowed && wall(WALL_URLS))
        luaL_error(L, "%s: '%s' is no address a theme may name", attribute, url);
    writer_html(r->out, url, n);
}

static void print_attribute(lua_State *L, const struct page_job *job, const struct html_element *e,
                            const char *name, int value)
{
    struct writer *w = job->render->out;
    int type = lua_type(L, value);
    if (wall(WALL_ATTRIBUTES) && e != NULL && !html_attribute_allowed(job->html, e, name))
        luaL_error(L, "h.%s: takes no attribute '%s'", e->name, name);
    if (type == LUA_TBOOLEAN && !lua_toboolean(L, value))
        return;
    if (type == LUA_TLIGHTUSERDATA && strcmp(name, "value") != 0 && wall(WALL_SECRETS))
        luaL_error(L, "a secret stands in no attribute but 'value'");
    writer_text(w, " ");
    writer_text(w, name);
    if (type == LUA_TBOOLEAN)
        return;
    writer_text(w, "=\"");
    if (html_is_url(job->html, name) && type == LUA_TSTRING)
        print_url(L, job->render, name, value);
    else if (type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TLIGHTUSERDATA)
        scalar_print(L, w, value);
    else
        luaL_error(L, "the attribute '%s' is a %s", name, lua_typename(L, type));
    writer_text(w, "\"");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of their names: the same page each time. */
static void print_attributes(lua_State *L, const struct page_job *job, const struct html_element *e,
                             int node)
{
    const char *names[ATTRIBUTES_MAX];
    size_t n = 0;
    for (lua_pushnil(L); lua_next(L, node) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            continue;
        if (n == ATTRIBUTES_MAX)
            luaL_error(L, "an element has too many attributes");
        names[n++] = lua_tostring(L, -2);
    }
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        lua_getfield(L, node, names[i]);
        print_attribute(L, job, e, names[i], lua_gettop(L));
        lua_pop(L, 1);
    }
}

static void print_node(lua_State *L, const struct page_job *job, int node, int depth);

static void print_children(lua_State *L, const struct page_job *job, int node, int depth)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, node);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, node, i);
        print_node(L, job, lua_gettop(L), depth + 1);
        lua_pop(L, 1);
    }
}

static void print_element(lua_State *L, const struct page_job *job, const char *name, int node,
                          int depth)
{
    struct writer *w = job->render->out;
    const struct html_element *e = html_element(job->html, name);
    if (e == NULL && wall(WALL_ELEMENTS))
        luaL_error(L, "a page has no element '%s'", name);
    writer_text(w, "<");
    writer_text(w, name);
    print_attributes(L, job, e, node);
    writer_text(w, ">");
    if (e != NULL && e->is_void)
        return;
    print_children(L, job, node, depth);
    writer_text(w, "</");
    writer_text(w, name);
    writer_text(w, ">");
}

static void print_layout(lua_State *L, const struct page_job *job, const char *name, int node,
                         int depth)
{
    struct writer_mark here = writer_mark(job->render->out);
    lua_rawgeti(L, node, 2);
    print_node(L, job, lua_gettop(L), depth + 1);
    part_layout(L, job, name, here);
    lua_pop(L, 1);
}

static void print_part(lua_State *L, const struct page_job *job, const char *into, int node)
{
    const char *name = lua_tostring(L, -1);
    if (lua_rawgeti(L, node, 2) != LUA_TNIL && !lua_istable(L, -1))
        luaL_error(L, "h.%s: '%s' takes its values in a table", into, name);
    part_print(L, job, into, name, lua_gettop(L));
    lua_pop(L, 1);
}

static void print_special(lua_State *L, const struct page_job *job, const char *kind, int node,
                          int depth)
{
    size_t n;
    bool named = lua_rawgeti(L, node, 1) == LUA_TSTRING;
    if (strcmp(kind, "#form") == 0) {
        form_print(L, job->render, lua_gettop(L));
    } else if (strcmp(kind, "#icon") == 0 && named) {
        const char *name = lua_tolstring(L, -1, &n);
        address_icon(job->render, name, n);
    } else if (strcmp(kind, "#layout") == 0 && named) {
        print_layout(L, job, lua_tostring(L, -1), node, depth);
    } else if ((strcmp(kind, "#use") == 0 || strcmp(kind, "#slot") == 0) && named) {
        print_part(L, job, kind + 1, node);
    } else {
        luaL_error(L, "a page has no element '%s'", kind);
    }
    lua_pop(L, 1);
}

static void print_table(lua_State *L, const struct page_job *job, int node, int depth)
{
    if (depth > DEPTH_MAX && wall(WALL_DEPTH))
        luaL_error(L, "the page is nested too deep");
    luaL_checkstack(L, 8, NULL);
    int type = lua_rawgeti(L, node, 0);
    if (type == LUA_TNIL) {
        print_children(L, job, node, depth);
    } else {
        const char *name = type == LUA_TSTRING ? lua_tostring(L, -1) : "?";
        if (name[0] == '#')
            print_special(L, job, name, node, depth);
        else
            print_element(L, job, name, node, depth);
    }
    lua_pop(L, 1);
}

static void print_node(lua_State *L, const struct page_job *job, int node, int depth)
{
    sandbox_charge(L, 4);
    if (lua_istable(L, node))
        print_table(L, job, node, depth);
    else if (!lua_isboolean(L, node) || lua_toboolean(L, node))
        scalar_print(L, job->render->out, node);
    if (job->render->out->overflow)
        sandbox_stop(L, "the page is larger than 2 MB");
}

static const char environment_key = 0;

/* A fresh one; only where the wall is down, the one of the last render. */
static void push_environment(lua_State *L)
{
    if (!wall(WALL_FRESH_STATE) &&
        lua_rawgetp(L, LUA_REGISTRYINDEX, &environment_key) == LUA_TTABLE)
        return;
    environment_push(L);
    exploit_offer(L, lua_gettop(L));
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &environment_key);
}

/* { title =, body = } at 1, vm at 2, h at 3: the title is written, and body takes the table's
 * place. */
static void print_title(lua_State *L, const struct script_run *run)
{
    struct writer *w = run->job->render->out;
    lua_getfield(L, 1, "title");
    lua_getfield(L, 1, "body");
    lua_replace(L, 1);
    if (lua_isnil(L, 4)) {
        lua_settop(L, 3);
        return;
    }
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_call(L, 2, 1);
    if (lua_type(L, 4) != LUA_TSTRING)
        luaL_error(L, "the title is a %s", luaL_typename(L, 4));
    writer_back(w, run->title);
    scalar_print(L, w, 4);
    writer_text(w, " \xe2\x80\x93 ");
    skeleton_links(run->job->render);
    lua_settop(L, 3);
}

static int run_script(lua_State *L)
{
    struct script_run *run = lua_touserdata(L, 1);
    const struct page_job *job = run->job;
    lua_rawsetp(L, LUA_REGISTRYINDEX, &run_key);
    if (run->script->dump == NULL)
        return luaL_error(L, "its script does not compile");
    push_environment(L);
    if (luaL_loadbufferx(L, run->script->dump, run->script->dump_n, run->script->chunk, "b") !=
        LUA_OK)
        return lua_error(L);
    lua_insert(L, 1);
    if (lua_setupvalue(L, 1, 1) == NULL)
        lua_pop(L, 1);
    lua_settop(L, 1);
    lua_call(L, 0, 1);
    push_model(L, job);
    if (lua_istable(L, 1))
        print_title(L, run);
    if (!lua_isfunction(L, 1))
        return luaL_error(L, "%s: a page's script is: return function(vm, h) ... end",
                          run->script->chunk + 1);
    lua_call(L, 2, 1);
    if (lua_isnil(L, 1))
        return luaL_error(L, "%s: the function returns nothing: return h.main{ ... }",
                          run->script->chunk + 1);
    print_node(L, job, 1, 0);
    exploit_forge(L);
    return 0;
}

bool script_body(const struct page_job *job, const struct compiled_script *script,
                 struct writer_mark title, char *why_r, size_t n)
{
    struct script_run run = {.job = job, .script = script, .title = title};
    static struct sandbox *kept;
    struct sandbox *s = kept != NULL ? kept : sandbox_create(&theme_limits);
    if (s == NULL)
        return false;
    s->render = job->render;
    bool done = sandbox_run(s, run_script, &run, why_r, n);
    if (wall(WALL_FRESH_STATE))
        sandbox_destroy(s);
    else
        kept = s;
    return done;
}
