/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/html.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

static const char *const not_for_scripts[] = {"script",   "form",   "input",    "button",
                                              "select",   "option", "optgroup", "textarea",
                                              "datalist", "output"};

static int order(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Copies the keys (or, of a list, the strings) of the table at the top into words; pops it. */
static bool read_words(lua_State *L, struct html_word *words, size_t max, size_t *n_r)
{
    int table = lua_gettop(L);
    *n_r = 0;
    if (!lua_istable(L, table))
        return false;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        int at = lua_type(L, -2) == LUA_TSTRING ? -2 : -1;
        const char *word = lua_type(L, at) == LUA_TSTRING ? lua_tostring(L, at) : NULL;
        if (word == NULL || *n_r == max || strlen(word) >= sizeof words->name)
            return false;
        strncpy(words[(*n_r)++].name, word, sizeof words->name - 1);
    }
    lua_settop(L, table - 1);
    qsort(words, *n_r, sizeof *words, order);
    return true;
}

static bool is_left_out(const char *name)
{
    for (size_t i = 0; i < sizeof not_for_scripts / sizeof *not_for_scripts; i++)
        if (strcmp(name, not_for_scripts[i]) == 0)
            return true;
    return false;
}

static bool read_element(lua_State *L, struct html *h, int voids)
{
    const char *name = lua_tostring(L, -2);
    if (is_left_out(name))
        return true;
    size_t max = sizeof h->elements->attributes / sizeof *h->elements->attributes;
    if (h->elements_n == sizeof h->elements / sizeof *h->elements ||
        strlen(name) >= sizeof h->elements->name)
        return false;
    struct html_element *e = &h->elements[h->elements_n++];
    strncpy(e->name, name, sizeof e->name - 1);
    e->is_void = lua_getfield(L, voids, name) != LUA_TNIL;
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    return read_words(L, e->attributes, max, &e->attributes_n);
}

bool html_read(lua_State *L, struct html *h)
{
    int module = lua_gettop(L);
    memset(h, 0, sizeof *h);
    const struct {
        const char *name;
        struct html_word *words;
        size_t max, *n;
    } lists[] = {{"attributes", h->global, sizeof h->global / sizeof *h->global, &h->global_n},
                 {"attribute_prefixes", h->prefixes, sizeof h->prefixes / sizeof *h->prefixes,
                  &h->prefixes_n},
                 {"boolean", h->boolean, sizeof h->boolean / sizeof *h->boolean, &h->boolean_n},
                 {"url", h->url, sizeof h->url / sizeof *h->url, &h->url_n}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        lua_getfield(L, module, lists[i].name);
        if (!read_words(L, lists[i].words, lists[i].max, lists[i].n))
            return false;
    }
    lua_getfield(L, module, "void");
    lua_getfield(L, module, "elements");
    if (!lua_istable(L, -1) || !lua_istable(L, -2))
        return false;
    for (lua_pushnil(L); lua_next(L, module + 2) != 0; lua_pop(L, 1))
        if (lua_type(L, -2) != LUA_TSTRING || !read_element(L, h, module + 1))
            return false;
    qsort(h->elements, h->elements_n, sizeof *h->elements, order);
    lua_settop(L, module);
    return h->elements_n > 0;
}

const struct html_element *html_element(const struct html *h, const char *name)
{
    return bsearch(name, h->elements, h->elements_n, sizeof *h->elements, order);
}

static bool has(const struct html_word *words, size_t n, const char *name)
{
    return bsearch(name, words, n, sizeof *words, order) != NULL;
}

static bool is_prefixed(const struct html *h, const char *name)
{
    for (size_t i = 0; i < h->prefixes_n; i++) {
        size_t n = strlen(h->prefixes[i].name);
        if (strncmp(name, h->prefixes[i].name, n) == 0)
            return name[n] != '\0' &&
                   strspn(name + n, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name + n);
    }
    return false;
}

bool html_attribute_allowed(const struct html *h, const struct html_element *e, const char *name)
{
    return has(h->global, h->global_n, name) || has(e->attributes, e->attributes_n, name) ||
           is_prefixed(h, name);
}

bool html_is_boolean(const struct html *h, const char *name)
{
    return has(h->boolean, h->boolean_n, name);
}

bool html_is_url(const struct html *h, const char *name)
{
    return has(h->url, h->url_n, name);
}
