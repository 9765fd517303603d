/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/opening.h"

#include <lauxlib.h>
#include <string.h>

#include "render/sandbox.h"

/* What a template holds of a form: a node's fields, or the table that a page script handed on. */
enum { FORM_METHOD, FORM_ACTION, FORM_URL, FORM_ID, FORM_VERSION, FORM_FIELDS };
struct form_at {
    const struct node *fields[FORM_FIELDS];
    int index; /* 0: a node */
};

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

void opening_tokens(struct render *r)
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
static void print_opening(lua_State *L, struct writer *w, const struct form_at *form)
{
    static const struct constant getting = CONSTANT("<form method=\"get\" action=\""),
                                 posting = CONSTANT("<form method=\"post\" action=\""),
                                 end = CONSTANT("\">"), end_of_bulk = CONSTANT("\" id=\"bulk\">");
    size_t n = 0;
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
    opening_tokens(sandbox_of(L)->render);
    form_version(L, w, form);
}

void opening_print(lua_State *L, struct writer *w, int index)
{
    luaL_checktype(L, index, LUA_TTABLE);
    print_opening(L, w, &(struct form_at){.index = index});
}

/* One walk over the record: most of these fields are not there. */
void opening_print_node(lua_State *L, struct writer *w, const struct node *v)
{
    const struct model *m = &sandbox_of(L)->render->model;
    struct form_at form = {0};
    for (int f = 0; f < FORM_FIELDS; f++)
        model_number(m, &form_names[f]);
    for (uint32_t i = 0; v->tag == WIRE_MAP && i < v->n; i++)
        for (int f = 0; f < FORM_FIELDS; f++)
            if (v->nodes[i].key == form_names[f].key && form.fields[f] == NULL)
                form.fields[f] = &v->nodes[i];
    print_opening(L, w, &form);
}
