/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A theme inside the renderer: its compiled templates in a Lua state that is kept (generated code
 * writes no upvalue and no global), the dumps of its page scripts, and the addresses of its assets.
 * Owned by who made it; compiled_destroy gives all of it back. */
#ifndef RENDER_COMPILED_H
#define RENDER_COMPILED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/locale.h"
#include "render/sandbox.h"

struct compiled_asset {
    char *name; /* as asset("...") calls it */
    char *url;  /* "/assets/base/app-1a2b3c4d.css", without the installation's prefix */
};

struct compiled_script {
    char *page, *chunk; /* "login", "@purplehaze/pages/login.lua" */
    char *dump;
    size_t dump_n;
};

struct compiled {
    char *name;
    enum locale locale;
    struct sandbox *templates;
    int pages;                          /* registry reference of {[page] = {title=, body=}} */
    int parts;                          /* ... of what scripts may ask for (lua/theme/parts.lua) */
    size_t used_at_start, used_at_rest; /* bytes of the state: when it was made, between renders */
    size_t assets_n, scripts_n, helpers_n, styles_n, lines_n;
    struct compiled_asset *assets;
    struct compiled_script *scripts;
    struct compiled_script *helpers; /* files helpers.lua, the farthest theme's first; page is NULL */
    char **styles;                   /* URLs of stylesheets, in order */
    bool scriptless;                 /* base's script is not linked */
    const char **lines;              /* of the generated code: "pages/login.html:12", or NULL */
    char *places;                    /* what these point into */
};

void compiled_destroy(struct compiled *t);
/* Between renders, since nothing is collected within one: gives back what they left behind, when it is worth
 * it. NULL is fine. */
void compiled_tidy(struct compiled *t);
const struct compiled_asset *compiled_asset(const struct compiled *t, const char *name, size_t n);
const struct compiled_script *compiled_script(const struct compiled *t, const char *page, size_t n);

#endif
