/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/form.h"

#include <lauxlib.h>
#include <string.h>

#include "render/decode.h"
#include "render/opening.h"
#include "render/scalar.h"
#include "render/walls.h"

/* An attribute if the field is there. */
static void attribute(lua_State *L, struct writer *w, int table, const char *field,
                      const char *name)
{
    if (lua_getfield(L, table, field) != LUA_TNIL && !lua_isboolean(L, -1)) {
        writer_text(w, " ");
        writer_text(w, name);
        writer_text(w, "=\"");
        scalar_print(L, w, lua_gettop(L));
        writer_text(w, "\"");
    }
    lua_pop(L, 1);
}

static bool truth(lua_State *L, int table, const char *field)
{
    lua_getfield(L, table, field);
    bool is = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is;
}

static void text(lua_State *L, struct writer *w, int table, const char *field)
{
    lua_getfield(L, table, field);
    scalar_print(L, w, lua_gettop(L));
    lua_pop(L, 1);
}

static bool text_is(lua_State *L, int table, const char *field, const char *what)
{
    bool is = lua_getfield(L, table, field) == LUA_TSTRING &&
              strcmp(lua_tostring(L, -1), what) == 0;
    lua_pop(L, 1);
    return is;
}

static void element(lua_State *L, struct writer *w, int table, const char *field, const char *open,
                    const char *close)
{
    if (lua_getfield(L, table, field) == LUA_TSTRING) {
        writer_text(w, open);
        scalar_print(L, w, lua_gettop(L));
        writer_text(w, close);
    }
    lua_pop(L, 1);
}

static void names(lua_State *L, struct writer *w, int field)
{
    writer_text(w, " id=\"f-");
    text(L, w, field, "name");
    writer_text(w, "\"");
    attribute(L, w, field, "name", "name");
    if (truth(L, field, "error"))
        writer_text(w, " aria-invalid=\"true\"");
}

static void options(lua_State *L, struct writer *w, int field)
{
    lua_getfield(L, field, "options");
    lua_Integer n = lua_istable(L, -1) ? (lua_Integer)lua_rawlen(L, -1) : 0;
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        int option = lua_gettop(L);
        writer_text(w, "<option");
        attribute(L, w, option, "value", "value");
        writer_text(w, truth(L, option, "selected") ? " selected>" : ">");
        text(L, w, option, "label");
        writer_text(w, "</option>");
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void control(lua_State *L, struct writer *w, int field)
{
    if (text_is(L, field, "type", "select")) {
        writer_text(w, "<select");
        names(L, w, field);
        writer_text(w, ">");
        options(L, w, field);
        writer_text(w, "</select>");
    } else if (text_is(L, field, "type", "textarea")) {
        writer_text(w, "<textarea rows=\"4\"");
        names(L, w, field);
        writer_text(w, ">\n");
        text(L, w, field, "value");
        writer_text(w, "</textarea>");
    } else {
        writer_text(w, "<input");
        attribute(L, w, field, "type", "type");
        names(L, w, field);
        if (text_is(L, field, "type", "checkbox"))
            writer_text(w, truth(L, field, "checked") ? " value=\"1\" checked" : " value=\"1\"");
        else
            attribute(L, w, field, "value", "value");
        attribute(L, w, field, "autocomplete", "autocomplete");
        writer_text(w, truth(L, field, "autofocus") ? " autofocus>" : ">");
    }
}

static void print_field(lua_State *L, struct writer *w, int field)
{
    if (text_is(L, field, "type", "hidden")) {
        control(L, w, field);
        return;
    }
    writer_text(w, truth(L, field, "error") ? "<div class=\"field wrong\"><label for=\"f-"
                                            : "<div class=\"field\"><label for=\"f-");
    text(L, w, field, "name");
    writer_text(w, "\">");
    text(L, w, field, "label");
    writer_text(w, "</label>");
    element(L, w, field, "hint", "<p class=\"hint\">", "</p>");
    element(L, w, field, "error", "<p class=\"error\">", "</p>");
    control(L, w, field);
    element(L, w, field, "suffix", "<span>", "</span>");
    writer_text(w, "</div>");
}

static void print_fields(lua_State *L, struct writer *w, int form)
{
    lua_getfield(L, form, "fields");
    lua_Integer n = lua_istable(L, -1) ? (lua_Integer)lua_rawlen(L, -1) : 0;
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        print_field(L, w, lua_gettop(L));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void print_open(lua_State *L, struct render *r, int form, bool get)
{
    struct writer *w = r->out;
    size_t n = 0;
    if (lua_getfield(L, form, "action") == LUA_TNIL) {
        lua_pop(L, 1);
        lua_getfield(L, form, "url");
    }
    const char *action = lua_tolstring(L, -1, &n);
    if (action == NULL || (url_kind(action, n) != URL_LOCAL && wall(WALL_FORMS)))
        luaL_error(L, "h.form: its address is not of this site");
    writer_text(w, get ? "<form class=\"form\" method=\"get\" action=\""
                       : "<form class=\"form\" method=\"post\" action=\"");
    writer_html(w, action, n);
    writer_text(w, text_is(L, form, "id", "bulk") ? "\" id=\"bulk\">" : "\">");
    lua_pop(L, 1);
    if (get)
        return;
    opening_tokens(r);
    if (lua_getfield(L, form, "version") == LUA_TNUMBER) {
        writer_text(w, "<input type=\"hidden\" name=\"version\"");
        attribute(L, w, form, "version", "value");
        writer_text(w, ">");
    }
    lua_pop(L, 1);
}

static void print_buttons(lua_State *L, struct writer *w, int form)
{
    if (lua_getfield(L, form, "submit") == LUA_TSTRING) {
        writer_text(w, truth(L, form, "danger") ? "<button class=\"btn danger\" type=\"submit\">"
                                                : "<button class=\"btn primary\" type=\"submit\">");
        text(L, w, form, "submit");
        writer_text(w, "</button>");
        if (truth(L, form, "generate"))
            writer_text(w, "<button class=\"btn\" type=\"submit\" name=\"generate\" value=\"1\">"
                           "Make one for me</button>");
    } else {
        writer_text(w, "<button class=\"btn\" type=\"submit\"");
        attribute(L, w, form, "name", "name");
        attribute(L, w, form, "value", "value");
        writer_text(w, ">");
        text(L, w, form, "label");
        writer_text(w, "</button>");
    }
    lua_pop(L, 1);
}

void form_print(lua_State *L, struct render *r, int form)
{
    luaL_checkstack(L, 16, NULL);
    if (wall(WALL_FORMS))
        decode_again(L, form);
    else
        lua_pushvalue(L, form);
    int own = lua_gettop(L);
    if (lua_getfield(L, own, "fields") == LUA_TNIL &&
        (lua_getfield(L, own, "name") != LUA_TSTRING ||
         lua_getfield(L, own, "value") != LUA_TSTRING))
        luaL_error(L, "h.form: the table is no form of the view model");
    lua_settop(L, own);
    print_open(L, r, own, text_is(L, own, "method", "get"));
    element(L, r->out, own, "error", "<p class=\"error\" role=\"alert\">", "</p>");
    print_fields(L, r->out, own);
    print_buttons(L, r->out, own);
    writer_text(r->out, "</form>");
    lua_settop(L, own - 1);
}
