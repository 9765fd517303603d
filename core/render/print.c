/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What compiled templates print through: emit and its relatives. */
#include <inttypes.h>
#include <lauxlib.h>
#include <string.h>

#include "render/address.h"
#include "render/handle.h"
#include "render/json.h"
#include "render/filters.h"
#include "render/opening.h"
#include "render/print.h"
#include "render/render.h"
#include "render/run.h"
#include "render/scalar.h"
#include "render/walls.h"

static struct render *render_of(lua_State *L)
{
    return sandbox_of(L)->render;
}

static int finish(lua_State *L, const struct writer *w)
{
    return w->overflow ? sandbox_stop(L, "the page is larger than 2 MB") : 0;
}

static void print_url(lua_State *L, struct writer *w, int index)
{
    size_t n;
    if (lua_isnoneornil(L, index))
        return;
    const char *url = luaL_checklstring(L, index, &n);
    writer_url(w, url, n);
}

static void print_raw(lua_State *L, struct writer *w, int index)
{
    size_t n;
    const char *text = luaL_checklstring(L, index, &n);
    writer_raw(w, text, n);
}

static void print_named_icon(lua_State *L, int index)
{
    size_t n;
    const char *name = luaL_checklstring(L, index, &n);
    address_icon(render_of(L), name, n);
}

static void print_node(lua_State *L, struct writer *w, const struct node *v)
{
    switch (v->tag) {
    case WIRE_TEXT:
        if (wall(WALL_ESCAPE))
            writer_html_within(w, v->text, v->n, (const char *)render_of(L)->message_end);
        else
            writer_raw(w, v->text, v->n);
        break;
    case WIRE_INT: writer_int(w, v->number); break;
    case WIRE_SECRET: writer_slot(w, v->n); break;
    default: luaL_error(L, "cannot print a list, a record, a truth or a time");
    }
}

static const struct node *text_of(lua_State *L, const struct node *v)
{
    if (v->tag != WIRE_TEXT)
        luaL_error(L, "emit: a text is needed");
    return v;
}

/* As lua/README.md lists them; what is not here is a filter's. */
static void fill_node(lua_State *L, struct writer *w, const struct node *v, char hole)
{
    if (v->tag == WIRE_NIL && hole != 'c' && hole != 'f')
        return;
    switch (hole) {
    case 'e': print_node(L, w, v); break;
    case 'u': writer_url(w, text_of(L, v)->text, v->n); break;
    case 'c': address_icon(render_of(L), text_of(L, v)->text, v->n); break;
    case 'f': opening_print_node(L, w, v); break;
    default: filter_print_node(L, w, v, hole);
    }
}

static void fill(lua_State *L, struct writer *w, int index, char hole)
{
    switch (hole) {
    case 'e': scalar_print(L, w, index); break;
    case 'u': print_url(L, w, index); break;
    case 'r': print_raw(L, w, index); break;
    case 'c': print_named_icon(L, index); break;
    case 'f': opening_print(L, w, index); break;
    default: filter_print(L, w, index, hole);
    }
}

/* Of the table at *index_r. */
static const struct node *table_field(lua_State *L, const struct name *name, int *index_r)
{
    luaL_checktype(L, *index_r, LUA_TTABLE);
    luaL_checkstack(L, 2, NULL); /* some for each hole, until the run is written */
    lua_pushlstring(L, name->text, name->n);
    lua_rawget(L, *index_r);
    *index_r = lua_gettop(L);
    return handle_at(L, *index_r);
}

static const struct node absent = {.tag = WIRE_NIL};

static const struct node *field_of(lua_State *L, const struct model *m, const struct node *v,
                                   struct name *name)
{
    if (v->tag != WIRE_MAP)
        luaL_error(L, "it has no fields");
    v = model_field(m, v, name);
    return v != NULL ? v : &absent;
}

static const struct node *find(lua_State *L, const struct model *m, const struct run *run,
                               struct run_place *p);

/* What an emit() has in hand. */
struct emitting {
    struct writer *w;
    const struct model *model;
    struct run *run;
};

/* The value at that place as a node; NULL where it is none: stack_place finds it. */
static inline const struct node *node_at(lua_State *L, const struct model *m, const struct run *run,
                                         struct run_place *p)
{
    return p->turn == run->turn ? p->node : find(L, m, run, p);
}

static const struct node *find(lua_State *L, const struct model *m, const struct run *run,
                               struct run_place *p)
{
    if (p->of == NULL) {
        p->node = p->value > 0 ? handle_at(L, p->value + 1) : &p->literal;
    } else {
        const struct node *v = node_at(L, m, run, p->of);
        p->node = v != NULL ? model_guess(m, v, &p->name) : NULL;
        if (p->node == NULL && v != NULL)
            p->node = field_of(L, m, v, &p->name);
    }
    p->turn = run->turn;
    return p->node;
}

/* Slowly, of what stands on the stack: its node, or NULL and where it stands. */
static const struct node *stack_place(lua_State *L, const struct model *m, struct run_place *p,
                                      int *index_r)
{
    if (p->of == NULL) {
        *index_r = p->value + 1;
        return handle_at(L, *index_r);
    }
    const struct node *v = stack_place(L, m, p->of, index_r);
    return v != NULL ? field_of(L, m, v, &p->name) : table_field(L, &p->name, index_r);
}

static bool is_there(const struct node *v)
{
    return v->tag != WIRE_NIL && v->tag != WIRE_FALSE;
}

static bool is_equal(const struct node *v, const struct node *other)
{
    if (v->tag != other->tag)
        return false;
    switch (v->tag) {
    case WIRE_NIL:
    case WIRE_FALSE:
    case WIRE_TRUE: return true;
    case WIRE_INT: return v->number == other->number;
    case WIRE_TEXT: return v->n == other->n && memcmp(v->text, other->text, v->n) == 0;
    default: return false;
    }
}

/* Below, above or the same, by the sign. */
static int compare(lua_State *L, const struct node *v, const struct node *other)
{
    if (v->tag != WIRE_INT || other->tag != WIRE_INT)
        luaL_error(L, "a number is needed to compare");
    return (v->number > other->number) - (v->number < other->number);
}

static bool holds(lua_State *L, char hole, const struct node *v, const struct node *other)
{
    switch (hole) {
    case '?': return is_there(v);
    case '!': return !is_there(v);
    case '=': return is_equal(v, other);
    case '~': return !is_equal(v, other);
    case '<': return compare(L, v, other) < 0;
    case '>': return compare(L, v, other) > 0;
    case '(': return compare(L, v, other) <= 0;
    default: return compare(L, v, other) >= 0;
    }
}

static bool is_condition(char hole)
{
    return hole < 'a' || hole > 'z';
}

/* What stands on the stack, as a condition asks for it; a table is there, and like no other. */
static struct node node_of_value(lua_State *L, int index)
{
    size_t n = 0;
    struct node v = {.tag = WIRE_MAP};
    switch (lua_type(L, index)) {
    case LUA_TNIL: v.tag = WIRE_NIL; break;
    case LUA_TBOOLEAN: v.tag = lua_toboolean(L, index) ? WIRE_TRUE : WIRE_FALSE; break;
    case LUA_TNUMBER: v.tag = lua_isinteger(L, index) ? WIRE_INT : WIRE_MAP; break;
    case LUA_TSTRING: v.tag = WIRE_TEXT; break;
    default: break;
    }
    if (v.tag == WIRE_INT)
        v.number = lua_tointeger(L, index);
    if (v.tag == WIRE_TEXT) {
        v.text = lua_tolstring(L, index, &n);
        v.n = (uint32_t)n;
    }
    return v;
}

static struct node operand(lua_State *L, const struct emitting *e, struct run_place *p)
{
    int index = 0;
    const struct node *v = node_at(L, e->model, e->run, p);
    if (v == NULL)
        v = stack_place(L, e->model, p, &index);
    return v != NULL ? *v : node_of_value(L, index);
}

/* As step, where not all is at hand as nodes. */
static const struct run_piece *step_slowly(lua_State *L, const struct emitting *e,
                                           const struct run_piece *p)
{
    int index = 0;
    if (is_condition(p->hole)) {
        struct node v = operand(L, e, p->place);
        struct node other = p->other != NULL ? operand(L, e, p->other) : v;
        return holds(L, p->hole, &v, &other) ? p->next : p->skip;
    }
    const struct node *v = stack_place(L, e->model, p->place, &index);
    if (v != NULL)
        fill_node(L, e->w, v, p->hole);
    else
        fill(L, e->w, index, p->hole);
    return p->next;
}

/* The piece to go on with. */
static inline const struct run_piece *step(lua_State *L, const struct emitting *e,
                                           const struct run_piece *p)
{
    if (p->place == NULL)
        return p->next;
    const struct node *v = node_at(L, e->model, e->run, p->place), *other = v;
    if (p->other != NULL)
        other = node_at(L, e->model, e->run, p->other);
    if (v == NULL || other == NULL)
        return step_slowly(L, e, p);
    if (is_condition(p->hole))
        return holds(L, p->hole, v, other) ? p->next : p->skip;
    fill_node(L, e->w, v, p->hole);
    return p->next;
}

enum { EMIT_PRICE = 10, PIECES_PRICED = 2 };

static void write_run(lua_State *L, const struct emitting *e)
{
    e->run->turn++;
    for (const struct run_piece *p = e->run->pieces;;) {
        writer_short(e->w, p->text, p->n);
        if (p->hole == 0)
            return;
        p = step(L, e, p);
    }
}

static struct emitting emitting_begin(lua_State *L, size_t *price_r)
{
    struct render *r = render_of(L);
    struct emitting e = {.w = r->out, .model = &r->model, .run = run_of(L, 1)};
    *price_r = EMIT_PRICE + e.run->n / PIECES_PRICED;
    return e;
}

/* emit(format, value, ...): as lua/README.md says. Generated code has one in each function and loop
 * (lua/template/writer.lua), which pays for what runs there. */
static int emit(lua_State *L)
{
    size_t price;
    struct emitting e = emitting_begin(L, &price);
    sandbox_charge(L, price);
    write_run(L, &e);
    return finish(L, e.w);
}

static size_t length_of(lua_State *L, const struct node *list, int index)
{
    if (list == NULL && lua_istable(L, index))
        return lua_rawlen(L, index);
    if (list == NULL || list->tag != WIRE_LIST)
        return (size_t)luaL_error(L, "it is no list");
    return list->n;
}

/* emit_each(format, list, value, ...): emit() for each item, which is the first value then. What a row leaves
 * on the stack goes with it. */
static int emit_each(lua_State *L)
{
    size_t price;
    struct emitting e = emitting_begin(L, &price);
    const struct node *list = handle_at(L, 2);
    size_t n = length_of(L, list, 2);
    luaL_checkstack(L, 2, NULL);
    lua_pushvalue(L, 2);
    int kept = lua_gettop(L);
    sandbox_charge(L, EMIT_PRICE);
    for (size_t i = 0; i < n && !e.w->overflow; i++) {
        sandbox_charge(L, price);
        if (list != NULL)
            handle_push(L, &list->nodes[i]);
        else
            lua_rawgeti(L, kept, (lua_Integer)i + 1);
        lua_replace(L, 2);
        write_run(L, &e);
        lua_settop(L, kept);
    }
    return finish(L, e.w);
}

static int emit_json(lua_State *L)
{
    struct writer *w = render_of(L)->out;
    lua_settop(L, 1);
    json_print(L, w, 1);
    return finish(L, w);
}

/* guard(f, other, name, ...): a block that may be a child theme's; on its error the page goes
 * back to where it was, and `other`, the parent's, is called. */
static int guard(lua_State *L)
{
    struct render *r = render_of(L);
    struct writer_mark here = writer_mark(r->out);
    int args = lua_gettop(L) - 3;
    luaL_checkstack(L, args + 8, NULL);
    lua_pushvalue(L, 1);
    for (int i = 0; i < args; i++)
        lua_pushvalue(L, 4 + i);
    if (lua_pcall(L, args, 0, 0) == LUA_OK)
        return 0;
    if (sandbox_of(L)->stopped != NULL)
        return lua_error(L);
    writer_back(r->out, here);
    render_note(r, "%s: %s", lua_type(L, 3) == LUA_TSTRING ? lua_tostring(L, 3) : "block",
                lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "an error that is no text");
    lua_pop(L, 1);
    lua_pushvalue(L, 2);
    for (int i = 0; i < args; i++)
        lua_pushvalue(L, 4 + i);
    lua_call(L, args, 0);
    return 0;
}

static int divide(lua_State *L, int operation)
{
    luaL_checkinteger(L, 1);
    if (luaL_checkinteger(L, 2) == 0)
        return luaL_error(L, "attempt to divide by zero");
    lua_settop(L, 2);
    lua_arith(L, operation);
    return 1;
}

static int div_floor(lua_State *L)
{
    return divide(L, LUA_OPIDIV);
}

static int mod_floor(lua_State *L)
{
    return divide(L, LUA_OPMOD);
}

void print_functions(lua_State *L, int env)
{
    static const luaL_Reg functions[] = {{"emit", emit},
                                         {"emit_each", emit_each},
                                         {"emit_json", emit_json},
                                         {"guard", guard},
                                         {"route", address_route},
                                         {"asset", address_asset},
                                         {"div", div_floor},
                                         {"mod", mod_floor},
                                         {"tn", filter_plural},
                                         {"plural", filter_plural_of},
                                         {NULL, NULL}};
    lua_pushvalue(L, env);
    luaL_setfuncs(L, functions, 0);
    lua_newtable(L);
    filters_put(L, lua_gettop(L));
    lua_setfield(L, -2, "F");
    lua_pop(L, 1);
}
