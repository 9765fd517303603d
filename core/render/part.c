/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/part.h"

#include <lauxlib.h>
#include <string.h>

#include "base/nearest.h"
#include "render/decode.h"
#include "render/sandbox.h"

struct argument {
    const char *name, *text;
    size_t n;
    int type;
    lua_Integer number;
    void *secret;
    const unsigned char *at; /* of a table, in the message */
    bool foreign;            /* a text that is no address of this site or the model's */
};

/* What was written and is to stand inside a layout. */
struct content {
    const char *bytes;
    size_t n, slots_n;
    struct writer_slot slots[WRITER_SLOTS];
    struct writer *out;
};

struct asked {
    const struct page_job *job;
    const char *into, *name;
    struct argument arguments[PART_ARGUMENTS];
    size_t n;
    struct content *content;
    bool *open;
};

int part_kind_of(lua_State *L)
{
    int type = lua_type(L, 1);
    lua_pushstring(L, type == LUA_TLIGHTUSERDATA ? "secret"
                      : type == LUA_TUSERDATA    ? "time"
                                                 : lua_typename(L, type));
    return 1;
}

static void read_argument(lua_State *L, struct argument *a, int value)
{
    a->type = lua_type(L, value);
    switch (a->type) {
    case LUA_TSTRING:
        a->text = lua_tolstring(L, value, &a->n);
        a->foreign = url_kind(a->text, a->n) != URL_LOCAL && !decode_brought(L, value);
        break;
    case LUA_TNUMBER:
        if (!lua_isinteger(L, value))
            luaL_error(L, "'%s' is no whole number", a->name);
        a->number = lua_tointeger(L, value);
        break;
    case LUA_TBOOLEAN: a->number = lua_toboolean(L, value); break;
    case LUA_TLIGHTUSERDATA: a->secret = lua_touserdata(L, value); break;
    case LUA_TTABLE: a->at = decode_place(L, value); break;
    default: luaL_error(L, "'%s' is a %s", a->name, lua_typename(L, a->type));
    }
}

/* All of the script's state that is needed: once the templates run, an error there must not meet
 * one here. */
static void read_arguments(lua_State *L, int table, struct asked *to)
{
    if (lua_isnoneornil(L, table))
        return;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "'%s' takes its values by name: { label = \"x\" }", to->name);
        if (to->n == PART_ARGUMENTS)
            luaL_error(L, "'%s' is given too much", to->name);
        struct argument *a = &to->arguments[to->n++];
        a->name = lua_tostring(L, -2);
        read_argument(L, a, lua_gettop(L));
    }
}

static void push_argument(lua_State *T, const struct argument *a, const struct render *r)
{
    struct wire_reader reader = {.at = a->at, .end = r->message_end};
    switch (a->type) {
    case LUA_TSTRING: lua_pushlstring(T, a->text, a->n); break;
    case LUA_TNUMBER: lua_pushinteger(T, a->number); break;
    case LUA_TBOOLEAN: lua_pushboolean(T, a->number != 0); break;
    case LUA_TLIGHTUSERDATA: lua_pushlightuserdata(T, a->secret); break;
    default: decode_push(T, &reader, &r->keys);
    }
}

static void push_arguments(lua_State *T, const struct asked *asked)
{
    lua_createtable(T, 0, (int)asked->n);
    lua_newtable(T);
    for (size_t i = 0; i < asked->n; i++) {
        const struct argument *a = &asked->arguments[i];
        push_argument(T, a, asked->job->render);
        lua_setfield(T, -3, a->name);
        if (a->foreign) {
            lua_pushboolean(T, true);
            lua_setfield(T, -2, a->name);
        }
    }
}

static const char said_key = 0;

/* What is said stays behind in the registry, to be copied when this state's errors are over. */
static int run_say(lua_State *T)
{
    struct asked *asked = lua_touserdata(T, 1);
    const struct argument *text = &asked->arguments[0], *number = &asked->arguments[1];
    lua_rawgeti(T, LUA_REGISTRYINDEX, asked->job->render->theme->parts);
    lua_getfield(T, -1, asked->into);
    lua_pushlstring(T, text->text, text->n);
    if (lua_rawget(T, -2) == LUA_TFUNCTION) {
        lua_pushinteger(T, number->number);
        lua_call(T, 1, 1);
    }
    lua_rawsetp(T, LUA_REGISTRYINDEX, &said_key);
    return 0;
}

static int put_content(lua_State *T)
{
    const struct content *c = lua_touserdata(T, lua_upvalueindex(1));
    size_t at = 0;
    for (size_t i = 0; i < c->slots_n; i++) {
        writer_raw(c->out, c->bytes + at, c->slots[i].offset - at);
        writer_slot(c->out, c->slots[i].slot);
        at = c->slots[i].offset;
    }
    writer_raw(c->out, c->bytes + at, c->n - at);
    return 0;
}

static const char shell_key = 0;

/* One for all parts of a page. */
static void push_shell(lua_State *T, const struct page_job *job)
{
    struct wire_reader shell = job->shell;
    if (lua_rawgetp(T, LUA_REGISTRYINDEX, &shell_key) == LUA_TTABLE)
        return;
    lua_pop(T, 1);
    decode_push(T, &shell, &job->render->keys);
    lua_pushvalue(T, -1);
    lua_rawsetp(T, LUA_REGISTRYINDEX, &shell_key);
}

static int run_forget(lua_State *T)
{
    static const void *const keys[] = {&shell_key, &said_key};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        lua_pushnil(T);
        lua_rawsetp(T, LUA_REGISTRYINDEX, keys[i]);
    }
    return 0;
}

void part_forget(const struct render *r)
{
    char why[64];
    (void)sandbox_run(r->theme->templates, run_forget, NULL, why, sizeof why);
}

static void push_parts(lua_State *T, const struct asked *asked)
{
    if (lua_rawgeti(T, LUA_REGISTRYINDEX, asked->job->render->theme->parts) != LUA_TTABLE ||
        lua_getfield(T, -1, asked->into) != LUA_TTABLE)
        luaL_error(T, "the theme has no parts");
}

/* Pushes " - did you mean 'x'?", or "": of the names that the table at the top has. */
static const char *push_hint(lua_State *T, const char *wrong)
{
    struct nearest n = nearest_to(wrong);
    for (lua_pushnil(T); lua_next(T, -2) != 0; lua_pop(T, 1))
        if (lua_type(T, -2) == LUA_TSTRING)
            nearest_try(&n, lua_tostring(T, -2));
    return n.name != NULL ? lua_pushfstring(T, " - did you mean '%s'?", n.name)
                          : lua_pushliteral(T, "");
}

static void push_part(lua_State *T, const struct asked *asked)
{
    push_parts(T, asked);
    if (lua_getfield(T, -1, asked->name) == LUA_TFUNCTION)
        return;
    lua_pop(T, 1);
    luaL_error(T, "h.%s: there is no '%s'%s", asked->into, asked->name, push_hint(T, asked->name));
}

static int run_part(lua_State *T)
{
    struct asked *asked = lua_touserdata(T, 1);
    const struct page_job *job = asked->job;
    struct wire_reader vm = job->vm;
    push_part(T, asked);
    if (asked->content != NULL) {
        decode_push(T, &vm, &job->render->keys);
        push_shell(T, job);
        lua_pushlightuserdata(T, asked->content);
        lua_pushcclosure(T, put_content, 1);
    } else {
        push_shell(T, job);
        push_arguments(T, asked);
    }
    lua_call(T, 3, 0);
    return 0;
}

static void run(lua_State *L, struct asked *asked, lua_CFunction f)
{
    char why[512];
    struct render *r = asked->job->render;
    r->script = false; /* the templates see times as they do, and remember no places */
    bool done = sandbox_run(r->theme->templates, f, asked, why, sizeof why);
    r->script = true;
    if (!done)
        luaL_error(L, "%s", why);
}

void part_print(lua_State *L, const struct page_job *job, const char *into, const char *name,
                int table)
{
    struct asked asked = {.job = job, .into = into, .name = name};
    read_arguments(L, table, &asked);
    sandbox_charge(L, 100);
    run(L, &asked, run_part);
}

static int run_field(lua_State *T)
{
    const struct asked *asked = lua_touserdata(T, 1);
    push_parts(T, asked);
    if (lua_getfield(T, -1, asked->name) != LUA_TNIL)
        return 0;
    lua_pop(T, 1);
    return luaL_error(T, "%s has no field '%s'%s", asked->into[0] == 'v' ? "vm" : "a record",
                      asked->name, push_hint(T, asked->name));
}

void part_field(lua_State *L, const struct page_job *job, const char *into, const char *name)
{
    struct asked asked = {.job = job, .into = into, .name = name};
    sandbox_charge(L, 20);
    run(L, &asked, run_field);
}

static int run_open(lua_State *T)
{
    const struct asked *asked = lua_touserdata(T, 1);
    const struct keys *keys = &asked->job->render->keys;
    push_parts(T, asked);
    for (size_t i = 0; i < keys->n; i++) {
        lua_pushlstring(T, keys->at[i].at, keys->at[i].n);
        asked->open[i] = lua_rawget(T, -2) != LUA_TNIL;
        lua_pop(T, 1);
    }
    return 0;
}

const bool *part_open(lua_State *L, const struct page_job *job)
{
    struct asked asked = {.job = job, .into = "open"};
    asked.open = arena_array(job->arena, job->render->keys.n + 1, sizeof *asked.open);
    run(L, &asked, run_open);
    return asked.open;
}

void part_say(lua_State *L, const struct page_job *job, const char *into, lua_Integer number)
{
    struct asked asked = {.job = job, .into = into};
    lua_State *T = job->render->theme->templates->L;
    size_t n;
    asked.arguments[0].text = luaL_checklstring(L, 1, &asked.arguments[0].n);
    asked.arguments[1].number = number;
    sandbox_charge(L, 20);
    run(L, &asked, run_say);
    lua_rawgetp(T, LUA_REGISTRYINDEX, &said_key);
    const char *said = lua_type(T, -1) == LUA_TSTRING ? lua_tolstring(T, -1, &n) : NULL;
    lua_settop(T, 0); /* the registry still holds it */
    if (said != NULL)
        lua_pushlstring(L, said, n);
    else
        lua_pushnil(L);
}

void part_layout(lua_State *L, const struct page_job *job, const char *name,
                 struct writer_mark from)
{
    struct writer *w = job->render->out;
    struct content c = {.n = w->len - from.len, .out = w};
    struct asked asked = {.job = job, .into = "layout", .name = name, .content = &c};
    c.bytes = lua_pushlstring(L, w->data + from.len, c.n);
    for (size_t i = from.slots_n; i < w->slots_n; i++) {
        c.slots[c.slots_n] = w->slots[i];
        c.slots[c.slots_n++].offset -= (uint32_t)from.len;
    }
    writer_back(w, from);
    run(L, &asked, run_part);
    lua_pop(L, 1);
}
