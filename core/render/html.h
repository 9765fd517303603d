/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The closed lists of lua/template/html.lua as the host reads them at start, for pages written
 * as Lua scripts: one list for both. Controls and forms are left out here, since a script draws
 * forms by h.form alone. */
#ifndef RENDER_HTML_H
#define RENDER_HTML_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

struct html_word {
    char name[24];
};

struct html_element {
    char name[24];
    bool is_void;
    size_t attributes_n;
    struct html_word attributes[24];
};

struct html {
    size_t elements_n, global_n, prefixes_n, boolean_n, url_n;
    struct html_element elements[128];
    struct html_word global[48], prefixes[8], boolean[24], url[12];
};

/* From the module's table at the top of the stack. False: it does not fit. */
bool html_read(lua_State *L, struct html *html_r);
const struct html_element *html_element(const struct html *h, const char *name);
bool html_attribute_allowed(const struct html *h, const struct html_element *e, const char *name);
bool html_is_boolean(const struct html *h, const char *name);
bool html_is_url(const struct html *h, const char *name);

#endif
