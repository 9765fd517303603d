/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/address.h"

#include <lauxlib.h>
#include <string.h>

#include "render/handle.h"
#include "render/sandbox.h"

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

int address_route(lua_State *L)
{
    struct render *r = sandbox_of(L)->render;
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

int address_asset(lua_State *L)
{
    struct render *r = sandbox_of(L)->render;
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

static void icon_head(struct render *r)
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
void address_icon(struct render *r, const char *name, size_t n)
{
    struct render_icon *icon = &r->icon;
    size_t from = r->out->len;
    if (icon->theme == r->theme) {
        writer_raw(r->out, icon->head, icon->n);
    } else {
        icon_head(r);
        icon->n = r->out->len - from;
        bool whole = !r->out->overflow && icon->n <= sizeof icon->head;
        icon->theme = whole ? r->theme : NULL;
        if (whole)
            memcpy(icon->head, r->out->data + from, icon->n);
    }
    writer_segment(r->out, name, n);
    writer_text(r->out, "\"/></svg>");
}
