/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/renderer.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "render/compile.h"
#include "render/confine.h"
#include "render/decode.h"
#include "render/facts.h"
#include "render/page.h"
#include "render/walls.h"

enum { THEMES_MAX = 8, FILES_MAX = 600, ARENA = 64 * 1024 * 1024, GARBAGE = 256 * 1024 };

#ifdef MAILBOY_TEST_WALLS
unsigned walls_off;
#endif

struct renderer_state {
    const struct renderer_route *routes;
    struct compiler *compiler;
    struct html html;
    struct compiled *base[LOCALE_COUNT]; /* NULL: not asked for yet, or not to be had */
    bool base_failed[LOCALE_COUNT];
    struct compiled *themes[THEMES_MAX]; /* the one used last comes first */
    struct writer out;
    struct render render;
    struct arena *arena;
};

/* False: base has mistakes in that language. */
static bool compile_base(struct renderer_state *p, enum locale locale)
{
    struct messages messages = {.arena = p->arena};
    p->base[locale] = compiler_compile(p->compiler, locale, NULL, 0, &messages);
    for (size_t i = 0; i < messages.n; i++)
        log_error("render", "base: %s", messages.text[i]);
    return p->base[locale] != NULL && messages.n == 0;
}

/* English where it cannot be had: a page comes in any case. */
static struct compiled *base_in(struct renderer_state *p, enum locale locale)
{
    if (p->base[locale] == NULL && !p->base_failed[locale])
        p->base_failed[locale] = !compile_base(p, locale);
    return p->base[locale] != NULL ? p->base[locale] : p->base[LOCALE_EN];
}

void *renderer_prepare(const struct renderer_route *routes)
{
    char why[1024] = "out of memory";
    struct renderer_state *p = calloc(1, sizeof *p);
    if (p == NULL)
        log_fatal("render", "out of memory");
    p->routes = routes;
    p->arena = arena_create(ARENA);
    p->compiler = compiler_create(routes, &p->html, why, sizeof why);
    if (p->compiler == NULL)
        log_fatal("render", "the template compiler: %s", why);
    if (!compile_base(p, LOCALE_EN))
        log_fatal("render", "the built-in theme does not compile");
    arena_destroy(p->arena);
    p->arena = arena_create(ARENA);
    malloc_trim(0); /* what compiling left behind is not handed on */
    return p;
}

static void put_first(struct renderer_state *p, size_t i)
{
    struct compiled *t = p->themes[i];
    memmove(&p->themes[1], &p->themes[0], i * sizeof *p->themes);
    p->themes[0] = t;
}

/* Leaves it at the first place. */
static struct compiled *find_theme(struct renderer_state *p, struct span name, enum locale locale)
{
    for (size_t i = 0; i < THEMES_MAX; i++) {
        const struct compiled *t = p->themes[i];
        if (t != NULL && t->locale == locale && strlen(t->name) == name.n &&
            memcmp(t->name, name.at, name.n) == 0) {
            put_first(p, i);
            return p->themes[0];
        }
    }
    return NULL;
}

/* Takes the place of what it was before, or of the theme that was used longest ago. */
static void keep_theme(struct renderer_state *p, struct span name, enum locale locale,
                       struct compiled *fresh)
{
    size_t place = THEMES_MAX - 1;
    for (size_t i = THEMES_MAX; i-- > 0;)
        if (p->themes[i] == NULL)
            place = i;
    if (find_theme(p, name, locale) != NULL)
        place = 0;
    compiled_destroy(p->themes[place]);
    p->themes[place] = fresh;
    if (fresh != NULL)
        put_first(p, place);
}

/* English for one that is not known here. */
static enum locale take_locale(struct wire_reader *r)
{
    enum locale locale = LOCALE_EN;
    size_t n;
    const char *tag = wire_text(r, &n);
    (void)locale_find(tag, n, &locale);
    return locale;
}

static struct span take(struct wire_reader *r)
{
    struct span s;
    s.at = wire_text(r, &s.n);
    return s;
}

static bool read_source(struct arena *a, struct wire_reader *r, struct source *to)
{
    to->name = take(r);
    to->files_n = wire_u32(r);
    if (r->broken || to->files_n > FILES_MAX)
        return false;
    struct source_file *files = arena_array(a, to->files_n + 1, sizeof *files);
    for (size_t i = 0; i < to->files_n; i++) {
        files[i].path = take(r);
        files[i].bytes = take(r);
    }
    to->files = files;
    return !r->broken;
}

static bool reply_ready(struct renderer_state *p, int fd, const struct messages *messages,
                        bool usable)
{
    struct str s;
    str_init(&s, p->arena, WIRE_MAX);
    wire_begin(&s, WIRE_READY);
    wire_put_u32(&s, messages->n);
    for (size_t i = 0; i < messages->n; i++)
        wire_put_text(&s, messages->text[i], strlen(messages->text[i]));
    wire_put_u8(&s, usable);
    wire_end(&s);
    return wire_send(fd, &s, 0);
}

static bool take_theme(struct renderer_state *p, int fd, struct wire_reader r)
{
    struct source chain[SOURCE_CHAIN];
    struct messages messages = {.arena = p->arena};
    struct span name = take(&r);
    enum locale locale = take_locale(&r);
    size_t n = wire_u32(&r);
    if (n == 0 || n > SOURCE_CHAIN)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!read_source(p->arena, &r, &chain[i]))
            return false;
    chain[0].name = name;
    struct compiled *fresh = compiler_compile(p->compiler, locale, chain, n, &messages);
    keep_theme(p, name, locale, fresh);
    return reply_ready(p, fd, &messages, fresh != NULL);
}

static bool reply_failed(struct renderer_state *p, int fd)
{
    struct str s;
    str_init(&s, p->arena, WIRE_MAX);
    wire_begin(&s, WIRE_FAILED);
    wire_put_text(&s, p->render.why, p->render.why_len);
    wire_end(&s);
    return wire_send(fd, &s, 0);
}

/* The page is sent from where it was written: head and tail of the message go around it. */
static bool reply_page(struct renderer_state *p, int fd)
{
    struct str head, tail;
    struct writer *w = &p->out;
    str_init(&head, p->arena, 64);
    str_init(&tail, p->arena, 64 * 1024);
    wire_put_u32(&tail, w->slots_n);
    for (size_t i = 0; i < w->slots_n; i++) {
        wire_put_u32(&tail, w->slots[i].offset);
        wire_put_u32(&tail, w->slots[i].slot);
    }
    wire_put_u32(&tail, p->render.fell_back);
    wire_put_text(&tail, p->render.why, p->render.why_len);
    wire_put_u32(&head, 1 + 4 + w->len + tail.len);
    wire_put_u8(&head, WIRE_PAGE);
    wire_put_u32(&head, w->len);
    writer_tail(w, tail.data, tail.len);
    struct str whole = {.data = memcpy(w->data - head.len, head.data, head.len),
                        .len = head.len + w->len};
    return wire_send(fd, &whole, 0);
}

/* Builds with sanitizers say where the core breaks its own contract; the tests fail on such
 * lines. */
static void check_model(struct renderer_state *p, const struct page_job *job)
{
#ifdef MAILBOY_SANITIZED
    struct messages messages = {.arena = p->arena};
    compiler_check_model(p->compiler, job->page, job->vm, job->shell, &job->render->keys,
                         &messages);
    for (size_t i = 0; i < messages.n; i++)
        log_error("render", "contract: %.*s: %s", (int)job->page.n, job->page.at, messages.text[i]);
#else
    (void)p;
    (void)job;
#endif
}

static bool render_page(struct renderer_state *p, int fd, struct wire_reader r)
{
    struct page_job job = {.html = &p->html, .render = &p->render};
    struct render *render = &p->render;
    *render =
        (struct render){.out = &p->out, .routes = p->routes, .message = r.at, .message_end = r.end};
    struct span theme = take(&r);
    job.page = take(&r);
    render->locale = take_locale(&r);
    render->now = wire_i64(&r);
    job.vm = wire_part(&r);
    job.shell = wire_part(&r);
    if (!decode_keys(p->arena, &r, &render->keys))
        return false;
    struct compiled *found = find_theme(p, theme, render->locale);
    job.base = base_in(p, render->locale);
    job.theme = found != NULL ? found : job.base;
    if (found == NULL && (theme.n != 4 || memcmp(theme.at, "base", 4) != 0))
        render_note(render, "%.*s: the theme was not given", (int)theme.n, theme.at);
    check_model(p, &job);
    return page_make(&job) ? reply_page(p, fd) : reply_failed(p, fd);
}

static bool reply_facts(struct renderer_state *p, int fd, struct wire_reader r)
{
    char why[512];
    struct source_file sources[SOURCE_CHAIN];
    struct str s;
    size_t n = wire_u32(&r);
    if (n > SOURCE_CHAIN)
        return false;
    for (size_t i = 0; i < n; i++) {
        sources[i].path = take(&r);
        sources[i].bytes = take(&r);
    }
    str_init(&s, p->arena, WIRE_MAX);
    wire_begin(&s, WIRE_FACTS);
    if (r.broken)
        return false;
    if (facts_read(p->compiler, sources, n, &s, why, sizeof why)) {
        wire_end(&s);
        return !s.overflow && wire_send(fd, &s, 0);
    }
    p->render = (struct render){.out = &p->out};
    render_note(&p->render, "%s", why);
    return reply_failed(p, fd);
}

static bool serve(struct renderer_state *p, int fd, const unsigned char *message, size_t n)
{
    struct wire_reader r = wire_reader(message, n);
    switch (wire_u8(&r)) {
    case WIRE_THEME: return take_theme(p, fd, r);
    case WIRE_RENDER: return render_page(p, fd, r);
    case WIRE_MANIFEST: return reply_facts(p, fd, r);
    default: return false;
    }
}

/* While the worker goes on with the page. */
static void tidy(struct compiled *t)
{
    if (t == NULL ||
        (t->templates->used < t->used_at_rest + GARBAGE && t->templates->stopped == NULL))
        return;
    sandbox_arm(t->templates);
    lua_gc(t->templates->L, LUA_GCCOLLECT);
}

int renderer_main(void *prepared, int fd)
{
    struct renderer_state *p = prepared;
    const unsigned char *message;
    size_t n;
    log_process("renderer");
    if (!confine_renderer(fd))
        return 71;
    while (wire_receive(fd, p->arena, 0, &message, &n)) {
        if (!serve(p, fd, message, n))
            return 65;
        arena_reset(p->arena);
        for (size_t i = 0; i < LOCALE_COUNT; i++)
            tidy(p->base[i]);
        for (size_t i = 0; i < THEMES_MAX; i++)
            tidy(p->themes[i]);
    }
    return 0;
}
