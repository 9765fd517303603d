/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The template compiler (lua/) in a Lua state of its own, never in a theme's. It is given the files
 * of a theme and its parents and gives the compiled theme and what it has to say. */
#ifndef RENDER_COMPILE_H
#define RENDER_COMPILE_H

#include "render/html.h"
#include "render/render.h"

enum { SOURCE_CHAIN = 4, MESSAGES_MAX = 200 };

struct source_file {
    struct span path, bytes;
};

struct source {
    struct span name;
    size_t files_n;
    const struct source_file *files;
};

struct messages {
    struct arena *arena;
    size_t n;
    const char *text[MESSAGES_MAX];
};

struct compiler;

/* NULL: why_r (n bytes) says why. Also fills in the lists that page scripts are held against. */
struct compiler *compiler_create(const struct renderer_route *routes, struct html *html_r,
                                 char *why_r, size_t n);
/* Chain: the child first, without base, which is added. NULL if there is no theme to use;
 * messages_r holds the mistakes of single files either way. */
struct compiled *compiler_compile(struct compiler *c, const struct source *chain, size_t n,
                                  struct messages *messages_r);

#ifdef MAILBOY_SANITIZED
/* Holds a page's view model, as it came, against the contract; messages_r: where they differ. */
void compiler_check_model(struct compiler *c, struct span page, struct wire_reader vm,
                          struct wire_reader shell, const struct keys *keys,
                          struct messages *messages_r);
#endif

#endif
