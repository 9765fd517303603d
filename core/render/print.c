/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What compiled templates print through: emit and its relatives. */
#include <inttypes.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "render/handle.h"
#include "render/library.h"
#include "render/print.h"
#include "render/render.h"
#include "render/run.h"
#include "render/walls.h"

static struct render *render_of(lua_State *L)
{
    return sandbox_of(L)->render;
}

static int finish(lua_State *L, const struct writer *w)
{
    return w->overflow ? sandbox_stop(L, "the page is larger than 2 MB") : 0;
}

void print_value(lua_State *L, struct writer *w, int index)
{
    size_t n;
    const char *text;
    char number[40];
    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        text = lua_tolstring(L, index, &n);
        if (wall(WALL_ESCAPE))
            writer_html(w, text, n);
        else
            writer_raw(w, text, n);
        break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) {
            writer_int(w, lua_tointeger(L, index));
        } else {
            snprintf(number, sizeof number, "%.14g", lua_tonumber(L, index));
            writer_text(w, number);
        }
        break;
    case LUA_TLIGHTUSERDATA:
        writer_slot(w, (uint32_t)((uintptr_t)lua_touserdata(L, index) - 1));
        break;
    case LUA_TNONE: /* of what is absent a filter makes nothing */
    case LUA_TNIL: break;
    default: luaL_error(L, "cannot print a %s", luaL_typename(L, index));
    }
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
    print_icon(render_of(L), name, n);
}

/* What a template holds of a form: a node's fields, or the table that a page script handed on. */
enum { FORM_METHOD, FORM_ACTION, FORM_URL, FORM_ID, FORM_VERSION, FORM_FIELDS };
struct form_at {
    const struct node *fields[FORM_FIELDS];
    int index; /* 0: a node */
};

static void form_open(lua_State *L, struct writer *w, const struct form_at *form);
static void form_open_node(lua_State *L, struct writer *w, const struct node *v);

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
    case 'c': print_icon(render_of(L), text_of(L, v)->text, v->n); break;
    case 'f': form_open_node(L, w, v); break;
    default: library_filter_node(L, w, v, hole);
    }
}

static void fill(lua_State *L, struct writer *w, int index, char hole)
{
    switch (hole) {
    case 'e': print_value(L, w, index); break;
    case 'u': print_url(L, w, index); break;
    case 'r': print_raw(L, w, index); break;
    case 'c': print_named_icon(L, index); break;
    case 'f': form_open(L, w, &(struct form_at){.index = index}); break;
    default: library_filter_print(L, w, index, hole);
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
        luaL_error(L, "it is no list");
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

static void json(lua_State *L, struct writer *w, int index, int depth);

static void json_list(lua_State *L, struct writer *w, int index, int depth)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, index);
    writer_raw(w, "[", 1);
    for (lua_Integer i = 1; i <= n; i++) {
        if (i > 1)
            writer_raw(w, ",", 1);
        lua_rawgeti(L, index, i);
        json(L, w, lua_gettop(L), depth + 1);
        lua_pop(L, 1);
    }
    writer_raw(w, "]", 1);
}

static void json_map(lua_State *L, struct writer *w, int index, int depth)
{
    lua_pushcfunction(L, library_own(NULL, "pairs"));
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);
    int step = lua_gettop(L);
    writer_raw(w, "{", 1);
    for (bool first = true;; first = false) {
        lua_pushvalue(L, step);
        lua_call(L, 0, 2);
        if (lua_isnil(L, -2))
            break;
        if (!first)
            writer_raw(w, ",", 1);
        size_t n;
        const char *key = luaL_checklstring(L, -2, &n);
        writer_json_text(w, key, n);
        writer_raw(w, ":", 1);
        json(L, w, lua_gettop(L), depth + 1);
        lua_settop(L, step);
    }
    lua_settop(L, step - 1);
    writer_raw(w, "}", 1);
}

static void json_time(struct writer *w, const struct instant *t)
{
    writer_text(w, "{\"offset\":");
    writer_int(w, t->offset);
    writer_text(w, ",\"seconds\":");
    writer_int(w, t->seconds);
    writer_text(w, ",\"zone\":");
    writer_json_text(w, t->zone, strlen(t->zone));
    writer_text(w, "}");
}

static void json(lua_State *L, struct writer *w, int index, int depth)
{
    size_t n;
    const char *text;
    if (depth > WIRE_DEPTH)
        luaL_error(L, "JSON is nested too deep");
    luaL_checkstack(L, 8, NULL);
    switch (lua_type(L, index)) {
    case LUA_TNIL: writer_text(w, "null"); break;
    case LUA_TBOOLEAN: writer_text(w, lua_toboolean(L, index) ? "true" : "false"); break;
    case LUA_TNUMBER: print_value(L, w, index); break;
    case LUA_TSTRING:
        text = lua_tolstring(L, index, &n);
        writer_json_text(w, text, n);
        break;
    case LUA_TUSERDATA: json_time(w, lua_touserdata(L, index)); break;
    case LUA_TTABLE:
        lua_pushnil(L);
        bool is_list = lua_next(L, index) == 0 || lua_rawlen(L, index) > 0;
        lua_settop(L, index);
        if (is_list)
            json_list(L, w, index, depth);
        else
            json_map(L, w, index, depth);
        break;
    default: luaL_error(L, "JSON holds no %s", luaL_typename(L, index));
    }
}

static int emit_json(lua_State *L)
{
    struct writer *w = render_of(L)->out;
    lua_settop(L, 1);
    json(L, w, 1, 0);
    return finish(L, w);
}

/* {domain} in a pattern is the record's field of that name; its id where there is no such field. */
static void add_field(lua_State *L, luaL_Buffer *b, struct writer *scratch, const char *name,
                      size_t n)
{
    if (!lua_istable(L, 2) && handle_at(L, 2) == NULL)
        luaL_error(L, "url: a record is needed for {%s}", name);
    lua_pushlstring(L, name, n);
    if (lua_gettable(L, 2) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_getfield(L, 2, "id");
    }
    size_t len;
    const char *text = lua_tolstring(L, -1, &len);
    if (text == NULL)
        luaL_error(L, "url: the record has no field for {%s}", name);
    struct writer_mark here = writer_mark(scratch);
    writer_segment(scratch, text, len);
    lua_pop(L, 1);
    luaL_addlstring(b, scratch->data + here.len, scratch->len - here.len);
    writer_back(scratch, here);
}

static const char *pattern_of(const struct render *r, const char *name)
{
    for (const struct renderer_route *route = r->routes; route->name != NULL; route++)
        if (strcmp(route->name, name) == 0)
            return route->pattern;
    return NULL;
}

int library_route(lua_State *L)
{
    struct render *r = render_of(L);
    const char *name = luaL_checkstring(L, 1), *pattern = pattern_of(r, name);
    lua_settop(L, 2);
    if (pattern == NULL || pattern[0] != '/')
        return luaL_error(L, "url: there is no page '%s'", name);
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    luaL_addlstring(&b, r->shell.prefix.at, r->shell.prefix.n);
    while (*pattern != '\0') {
        size_t plain = strcspn(pattern, "{");
        luaL_addlstring(&b, pattern, plain);
        pattern += plain;
        if (*pattern == '\0')
            break;
        size_t n = strcspn(pattern + 1, "}");
        luaL_Buffer *same = &b;
        add_field(L, same, r->out, pattern + 1, n);
        pattern += n + 2;
    }
    luaL_pushresult(&b);
    return 1;
}

int library_asset(lua_State *L)
{
    struct render *r = render_of(L);
    size_t n;
    const char *name = luaL_checklstring(L, 1, &n);
    const struct compiled_asset *a = compiled_asset(r->theme, name, n);
    if (a == NULL)
        return luaL_error(L, "asset: there is no '%s'", name);
    lua_pushlstring(L, r->shell.prefix.at, r->shell.prefix.n);
    lua_pushstring(L, a->url);
    lua_concat(L, 2);
    return 1;
}

static void print_icon_head(struct render *r)
{
    const struct compiled_asset *a = compiled_asset(r->theme, "icons.svg", strlen("icons.svg"));
    writer_text(r->out, "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"");
    if (a != NULL) {
        writer_html(r->out, r->shell.prefix.at, r->shell.prefix.n);
        writer_html(r->out, a->url, strlen(a->url));
    }
    writer_text(r->out, "#");
}

/* All symbols of a theme begin alike. */
void print_icon(struct render *r, const char *name, size_t n)
{
    struct render_icon *icon = &r->icon;
    size_t from = r->out->len;
    if (icon->theme == r->theme) {
        writer_raw(r->out, icon->head, icon->n);
    } else {
        print_icon_head(r);
        icon->n = r->out->len - from;
        bool whole = !r->out->overflow && icon->n <= sizeof icon->head;
        icon->theme = whole ? r->theme : NULL;
        if (whole)
            memcpy(icon->head, r->out->data + from, icon->n);
    }
    writer_segment(r->out, name, n);
    writer_text(r->out, "\"/></svg>");
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

/* A constant text, and what is copied with it. */
struct constant {
    size_t n;
    char text[64 + WRITER_BEHIND];
};
#define CONSTANT(literal)                         \
    {                                             \
        .n = sizeof(literal) - 1, .text = literal \
    }

static void put_constant(struct writer *w, const struct constant *c)
{
    writer_short(w, c->text, c->n);
}

static void hidden_slot(struct writer *w, const struct constant *before, int64_t slot)
{
    static const struct constant behind = CONSTANT("\">");
    if (slot < 0)
        return;
    put_constant(w, before);
    writer_slot(w, (uint32_t)slot);
    put_constant(w, &behind);
}

#define HIDDEN(name) "<input type=\"hidden\" name=\"" name "\" value=\""

void render_form_tokens(struct render *r)
{
    static const struct constant token = CONSTANT(HIDDEN("token")),
                                 operation = CONSTANT(HIDDEN("operation"));
    hidden_slot(r->out, &token, r->shell.token);
    hidden_slot(r->out, &operation, r->shell.operation);
}

static struct name form_names[FORM_FIELDS] = {NAME("method"), NAME("action"), NAME("url"),
                                              NAME("id"), NAME("version")};

static const char *form_text(lua_State *L, const struct form_at *form, int field, size_t *n_r)
{
    if (form->index == 0) {
        const struct node *v = form->fields[field];
        if (v == NULL || v->tag != WIRE_TEXT)
            return NULL;
        *n_r = v->n;
        return v->text;
    }
    lua_pushlstring(L, form_names[field].text, form_names[field].n);
    const char *text = lua_rawget(L, form->index) == LUA_TSTRING ? lua_tolstring(L, -1, n_r) : NULL;
    lua_pop(L, 1); /* the table still holds it */
    return text;
}

static bool form_says(lua_State *L, const struct form_at *form, int field, const char *what)
{
    size_t n = 0;
    const char *text = form_text(L, form, field, &n);
    return text != NULL && n == strlen(what) && memcmp(text, what, n) == 0;
}

static void form_version(lua_State *L, struct writer *w, const struct form_at *form)
{
    static const struct constant before = CONSTANT(HIDDEN("version")), behind = CONSTANT("\">");
    const struct node *v = form->fields[FORM_VERSION];
    if (form->index != 0)
        lua_getfield(L, form->index, form_names[FORM_VERSION].text);
    else if (v == NULL || v->tag != WIRE_INT)
        return;
    else
        lua_pushinteger(L, v->number);
    if (lua_type(L, -1) == LUA_TNUMBER) {
        put_constant(w, &before);
        writer_int(w, lua_tointeger(L, -1));
        put_constant(w, &behind);
    }
    lua_pop(L, 1);
}

/* A Form, or an Action, which posts to its `url`. */
static void form_open(lua_State *L, struct writer *w, const struct form_at *form)
{
    static const struct constant getting = CONSTANT("<form method=\"get\" action=\""),
                                 posting = CONSTANT("<form method=\"post\" action=\""),
                                 end = CONSTANT("\">"), end_of_bulk = CONSTANT("\" id=\"bulk\">");
    size_t n = 0;
    if (form->index != 0)
        luaL_checktype(L, form->index, LUA_TTABLE);
    bool get = form_says(L, form, FORM_METHOD, "get");
    const char *text = form_text(L, form, FORM_ACTION, &n);
    if (text == NULL)
        text = form_text(L, form, FORM_URL, &n);
    if (text == NULL || url_kind(text, n) != URL_LOCAL)
        luaL_error(L, "form: its address is not of this site");
    put_constant(w, get ? &getting : &posting);
    writer_html(w, text, n);
    put_constant(w, form_says(L, form, FORM_ID, "bulk") ? &end_of_bulk : &end);
    if (get)
        return;
    render_form_tokens(render_of(L));
    form_version(L, w, form);
}

/* One walk over the record: most of these fields are not there. */
static void form_open_node(lua_State *L, struct writer *w, const struct node *v)
{
    const struct model *m = &render_of(L)->model;
    struct form_at form = {0};
    for (int f = 0; f < FORM_FIELDS; f++)
        model_number(m, &form_names[f]);
    for (uint32_t i = 0; v->tag == WIRE_MAP && i < v->n; i++)
        for (int f = 0; f < FORM_FIELDS; f++)
            if (v->nodes[i].key == form_names[f].key && form.fields[f] == NULL)
                form.fields[f] = &v->nodes[i];
    form_open(L, w, &form);
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

void library_templates(lua_State *L, int env)
{
    static const luaL_Reg functions[] = {{"emit", emit},
                                         {"emit_each", emit_each},
                                         {"emit_json", emit_json},
                                         {"guard", guard},
                                         {"route", library_route},
                                         {"asset", library_asset},
                                         {"div", div_floor},
                                         {"mod", mod_floor},
                                         {"tn", library_plural},
                                         {"plural", library_plural_of},
                                         {NULL, NULL}};
    lua_pushvalue(L, env);
    luaL_setfuncs(L, functions, 0);
    lua_newtable(L);
    library_filters(L, lua_gettop(L));
    lua_setfield(L, -2, "F");
    lua_pop(L, 1);
}
