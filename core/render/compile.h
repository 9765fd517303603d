/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The template compiler (lua/) in a Lua state of its own, never in a theme's. It is given the files
 * of a theme and its parents and gives the compiled theme and what it has to say. */
#ifndef RENDER_COMPILE_H
#define RENDER_COMPILE_H

#include "base/embed.h"
#include "base/locale.h"
#include "render/html.h"
#include "render/messages.h"
#include "render/render.h"
#include "render/source.h"

struct compiler;

/* NULL: why_r (n bytes) says why. Also fills in the lists that page scripts are held against. `baked` (NULL if there is
 * none, kept) has the product and the units of base by language: what a child leaves as it is, is taken from there. */
struct compiler *compiler_create(const struct renderer_route *routes, const struct embedded *baked,
                                 struct html *html_r, char *why_r, size_t n);
void compiler_destroy(struct compiler *c);
/* Chain: the child first, without base, which is added. Its texts are those of `locale`. NULL if there is no theme to use;
 * messages_r holds the mistakes of single files either way. */
struct compiled *compiler_compile(struct compiler *c, enum locale locale,
                                  const struct source *chain, size_t n,
                                  struct messages *messages_r);
/* The first half of that: what build_theme (build.h) makes a theme of, as bytes that may be kept. False:
 * messages_r says why. */
enum { PRODUCT_MAX = 16 * 1024 * 1024 };
bool compiler_make(struct compiler *c, enum locale locale, const struct source *chain, size_t n,
                   struct str *product_r, struct messages *messages_r);
/* The units of base in that language. False: messages_r says why. */
bool compiler_record(struct compiler *c, enum locale locale, struct str *units_r,
                     struct messages *messages_r);

/* For the tools: keeps what the compiler gave last, and the files it was given, for
 * compiler_push_result and compiler_push_chain. */
void compiler_keep(struct compiler *c);
/* The compiler's own state, and what lies in it: the contract, the result of the last compilation
 * and its chain (nil if none was kept). Pushed onto its stack. */
struct sandbox *compiler_sandbox(struct compiler *c);
void compiler_push_contract(const struct compiler *c);
/* A function of one of lua/'s modules ("theme.docs", "write"). */
void compiler_push_function(lua_State *L, const char *module, const char *name);
void compiler_push_result(const struct compiler *c);
void compiler_push_chain(const struct compiler *c);
/* Runs f(argument) there with a full budget and a collector that works. */
bool compiler_run(struct compiler *c, lua_CFunction f, void *argument, char *why_r, size_t n);

#ifdef MAILBOY_SANITIZED
/* Holds a page's view model, as it came, against the contract; messages_r: where they differ. */
void compiler_check_model(struct compiler *c, struct span page, struct wire_reader vm,
                          struct wire_reader shell, const struct keys *keys,
                          struct messages *messages_r);
#endif

#endif
