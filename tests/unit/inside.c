/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inside.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "fixture.h"
#include "render/compile.h"
#include "render/decode.h"
#include "render/page.h"

enum { ARENA = 64 * 1024 * 1024 };

static struct compiled *base;
static struct html html;
static struct writer out;
static struct render render;

void inside_begin(void)
{
    char why[512];
    struct messages messages = {.arena = arena_create(ARENA)};
    struct compiler *compiler = compiler_create(fixture_routes, NULL, &html, why, sizeof why);
    if (compiler == NULL)
        log_fatal("demo", "%s", why);
    base = compiler_compile(compiler, LOCALE_EN, NULL, 0, &messages);
    assert(base != NULL && messages.n == 0);
}

/* As view/renderer.c puts it, from the models on. */
static void put_models(struct str *s, const struct value *vm, const struct value *shell)
{
    struct value_keys keys;
    struct value_secrets secrets = {0};
    str_reserve(s, 48 * 1024);
    value_keys_begin(&keys);
    size_t part = wire_open(s);
    value_wire(s, vm, &secrets, &keys);
    wire_close(s, part);
    part = wire_open(s);
    value_wire(s, shell, &secrets, &keys);
    wire_close(s, part);
    value_wire_keys(s, &keys);
}

void inside_draw(struct arena *a, const char *page, const struct value *vm,
                 const struct value *shell, struct str *html_r)
{
    struct str s;
    struct page_job job = {.page = {page, strlen(page)},
                           .theme = base,
                           .base = base,
                           .html = &html,
                           .render = &render,
                           .arena = a};
    str_init(&s, a, WIRE_MAX);
    put_models(&s, vm, shell);
    struct wire_reader r = wire_reader(s.data, s.len);
    render = (struct render){.out = &out,
                             .routes = fixture_routes,
                             .message = r.at,
                             .message_end = r.end,
                             .locale = LOCALE_EN,
                             .now = clock_now()};
    job.vm = wire_part(&r);
    job.shell = wire_part(&r);
    bool made = decode_keys(a, &r, &render.keys) && page_make(&job);
    assert(made);
    str_append_n(html_r, out.data, out.len);
}

void inside_tidy(void)
{
    compiled_tidy(base);
}
