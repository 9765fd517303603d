/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/renderer.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "render/blocks.h"
#include "render/build.h"
#include "render/check.h"
#include "render/compile.h"
#include "render/confine.h"
#include "render/decode.h"
#include "render/fragment.h"
#include "render/facts.h"
#include "render/page.h"
#include "render/sample.h"
#include "render/walls.h"

enum { THEMES_MAX = 8, FILES_MAX = 600, ARENA = 64 * 1024 * 1024 };

#ifdef MAILBOY_TEST_WALLS
unsigned walls_off;
#endif

struct renderer_state {
    const struct renderer_route *routes;
    const struct embedded *baked;
    struct compiler *compiler;
    struct html html;
    struct compiled *base[LOCALE_COUNT]; /* NULL: not asked for yet, or not to be had */
    bool base_failed[LOCALE_COUNT];
    struct compiled *themes[THEMES_MAX]; /* the one used last comes first */
    struct writer out;
    struct render render;
    struct arena *arena;
};

/* What was made of base while the program was built, NULL if nothing was. */
static const struct embedded *baked_in(const struct renderer_state *p, enum locale locale)
{
    return p->baked != NULL ? embedded_find(p->baked, locale_tag(locale)) : NULL;
}

/* False: base has mistakes in that language. */
static bool make_base(struct renderer_state *p, enum locale locale)
{
    struct messages messages = {.arena = p->arena};
    const struct embedded *baked = baked_in(p, locale);
    p->base[locale] = baked != NULL
                          ? build_theme((struct span){"base", 4}, locale, NULL, 0,
                                        (struct span){baked->bytes, baked->size}, &messages)
                          : compiler_compile(p->compiler, locale, NULL, 0, &messages);
    for (size_t i = 0; i < messages.n; i++)
        log_error("render", "base: %s", messages.text[i]);
    return p->base[locale] != NULL && messages.n == 0;
}

/* English where it cannot be had: a page comes in any case. */
static struct compiled *base_in(struct renderer_state *p, enum locale locale)
{
    if (p->base[locale] == NULL && !p->base_failed[locale])
        p->base_failed[locale] = !make_base(p, locale);
    return p->base[locale] != NULL ? p->base[locale] : p->base[LOCALE_EN];
}

/* Gives back what is free. malloc sorts the rest at its next calls (10,000 pieces each) and writes into
 * all of it: here once, and not in each process that is forked and would go on sharing these pages. */
static void heap_settle(void)
{
    enum { SORTED_BY_SIZE = 64 * 1024 };
    malloc_trim(0);
    for (int i = 0; i < 8; i++) {
        void *volatile piece = malloc(SORTED_BY_SIZE);
        free(piece);
    }
}

void *renderer_prepare(const struct renderer_route *routes, const struct embedded *baked)
{
    char why[1024] = "out of memory";
    struct renderer_state *p = calloc(1, sizeof *p);
    if (p == NULL)
        log_fatal("render", "out of memory");
    if (!confine_prepare())
        log_fatal("render", "the list of system calls cannot be made");
    p->routes = routes;
    p->baked = baked;
    p->arena = arena_create(ARENA);
    p->compiler = compiler_create(routes, baked, &p->html, why, sizeof why);
    if (p->compiler == NULL)
        log_fatal("render", "the template compiler: %s", why);
    if (!make_base(p, LOCALE_EN))
        log_fatal("render", "the built-in theme does not compile");
    arena_destroy(p->arena);
    p->arena = arena_create(ARENA);
    heap_settle(); /* what compiling left behind is not handed on */
    return p;
}

bool renderer_bake(const struct renderer_route *routes, enum locale locale, struct str *product_r,
                   struct str *units_r)
{
    char why[1024] = "out of memory";
    struct html html;
    struct messages messages = {.arena = product_r->arena};
    struct compiler *compiler = compiler_create(routes, NULL, &html, why, sizeof why);
    if (compiler == NULL) {
        log_error("render", "the template compiler: %s", why);
        return false;
    }
    bool done = compiler_make(compiler, locale, NULL, 0, product_r, &messages) &&
                compiler_record(compiler, locale, units_r, &messages);
    for (size_t i = 0; i < messages.n; i++)
        log_error("render", "base: %s", messages.text[i]);
    compiler_destroy(compiler);
    return done && messages.n == 0;
}

void renderer_warm(void *prepared)
{
    struct renderer_state *p = prepared;
    for (int l = 0; l < LOCALE_COUNT; l++)
        if (baked_in(p, (enum locale)l) != NULL)
            base_in(p, (enum locale)l);
    arena_destroy(p->arena);
    p->arena = arena_create(ARENA);
    heap_settle();
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

/* What a WIRE_THEME holds. */
struct given {
    struct span name;
    enum locale locale;
    size_t n;
    struct source chain[SOURCE_CHAIN];
};

static bool read_given(struct arena *a, struct wire_reader *r, struct given *to)
{
    to->name = take(r);
    to->locale = take_locale(r);
    to->n = wire_u32(r);
    if (r->broken || to->n > SOURCE_CHAIN)
        return false;
    for (size_t i = 0; i < to->n; i++)
        if (!read_source(a, r, &to->chain[i]))
            return false;
    to->chain[0].name = to->name;
    return true;
}

/* Base alone is not kept: it is there already. */
static bool take_given(struct renderer_state *p, const struct given *g, struct messages *messages)
{
    struct compiled *fresh = compiler_compile(p->compiler, g->locale, g->chain, g->n, messages);
    if (g->n > 0)
        keep_theme(p, g->name, g->locale, fresh);
    else
        compiled_destroy(fresh);
    return fresh != NULL;
}

static bool take_theme(struct renderer_state *p, int fd, struct wire_reader r)
{
    struct messages messages = {.arena = p->arena};
    struct given g;
    if (!read_given(p->arena, &r, &g) || g.n == 0)
        return false;
    bool usable = take_given(p, &g, &messages);
    bool sent = reply_ready(p, fd, &messages, usable);
    malloc_trim(0); /* a theme can make the compiler take all it may have */
    return sent;
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

/* The theme and base in the language of the page. */
static void choose_theme(struct renderer_state *p, struct page_job *job, struct span theme)
{
    struct compiled *found = find_theme(p, theme, p->render.locale);
    job->base = base_in(p, p->render.locale);
    job->theme = found != NULL ? found : job->base;
    if (found == NULL && (theme.n != 4 || memcmp(theme.at, "base", 4) != 0))
        render_note(&p->render, "%.*s: the theme was not given", (int)theme.n, theme.at);
}

static bool render_page(struct renderer_state *p, int fd, struct wire_reader r)
{
    struct page_job job = {.html = &p->html, .render = &p->render, .arena = p->arena};
    struct render *render = &p->render;
    *render =
        (struct render){.out = &p->out, .routes = p->routes, .message = r.at, .message_end = r.end};
    struct span theme = take(&r);
    job.page = take(&r);
    struct span fragment = take(&r);
    render->locale = take_locale(&r);
    render->now = wire_i64(&r);
    job.vm = wire_part(&r);
    job.shell = wire_part(&r);
    if (!decode_keys(p->arena, &r, &render->keys))
        return false;
    choose_theme(p, &job, theme);
    check_model(p, &job);
    if (!page_make(&job))
        return reply_failed(p, fd);
    fragment_keep(&p->out, p->arena, fragment);
    return reply_page(p, fd);
}

/* A page of the fixtures, made as any other. False: render.why says why. */
static bool make_sample(struct renderer_state *p, struct arena *a, struct span theme,
                        const struct sample_ask *ask)
{
    char why[512];
    struct sample sample;
    struct page_job job = {.html = &p->html, .render = &p->render, .page = ask->page, .arena = a};
    p->render = (struct render){.out = &p->out, .routes = p->routes, .locale = LOCALE_EN};
    (void)locale_find(ask->locale.at, ask->locale.n, &p->render.locale);
    if (!sample_make(p->compiler, a, ask, &sample, why, sizeof why)) {
        render_note(&p->render, "%s", why);
        return false;
    }
    p->render.message = sample.bytes;
    p->render.message_end = sample.end;
    p->render.keys = sample.keys;
    p->render.now = sample.now;
    job.vm = sample.vm;
    job.shell = sample.shell;
    choose_theme(p, &job, theme);
    check_model(p, &job);
    return page_make(&job);
}

static bool draw_sample(struct renderer_state *p, int fd, struct wire_reader r)
{
    struct span theme = take(&r);
    struct sample_ask ask;
    ask.page = take(&r);
    ask.name = take(&r);
    ask.role = take(&r);
    ask.locale = take(&r);
    ask.scheme = take(&r);
    if (r.broken)
        return false;
    return make_sample(p, p->arena, theme, &ask) ? reply_page(p, fd) : reply_failed(p, fd);
}

/* Draws what the rules ask for; each page in an arena that is emptied behind it. */
static bool check_pages(struct renderer_state *p, struct check *c, struct span theme)
{
    struct sample_ask ask = {0};
    struct arena *a = c->arena = arena_create(ARENA);
    bool good = check_next(c, &ask);
    while (good && ask.page.n > 0) {
        bool drawn = make_sample(p, a, theme, &ask);
        if (!drawn)
            writer_reset(&p->out);
        good = check_page(c, &p->out, (struct span){p->render.why, p->render.why_len});
        arena_reset(a);
        good = good && check_next(c, &ask);
    }
    arena_destroy(a);
    return good;
}

static bool check_theme(struct renderer_state *p, int fd, struct wire_reader r)
{
    struct messages messages = {.arena = p->arena};
    struct check c = {.compiler = p->compiler, .messages = &messages};
    struct given g;
    struct str s;
    c.whole = wire_u8(&r) != 0;
    if (!read_given(p->arena, &r, &g))
        return false;
    compiler_keep(p->compiler);
    bool usable = take_given(p, &g, &messages);
    str_init(&s, p->arena, WIRE_MAX);
    wire_begin(&s, WIRE_FINDINGS);
    wire_put_u8(&s, usable);
    c.whole = c.whole && usable;
    if (check_begin(&c) && check_pages(p, &c, g.name) && check_end(&c, &s)) {
        wire_end(&s);
        return !s.overflow && wire_send(fd, &s, 0);
    }
    p->render = (struct render){.out = &p->out};
    render_note(&p->render, "%s", c.why);
    return reply_failed(p, fd);
}

static bool reply_blocks(struct renderer_state *p, int fd, struct wire_reader r)
{
    char why[512];
    struct str s;
    struct span page = take(&r), block = take(&r);
    str_init(&s, p->arena, WIRE_MAX);
    wire_begin(&s, WIRE_SOURCES);
    if (r.broken)
        return false;
    if (blocks_list(p->compiler, page, block, &s, why, sizeof why)) {
        wire_end(&s);
        return !s.overflow && wire_send(fd, &s, 0);
    }
    p->render = (struct render){.out = &p->out};
    render_note(&p->render, "%s", why);
    return reply_failed(p, fd);
}

static bool reply_asked(struct renderer_state *p, int fd, enum wire_kind kind, struct wire_reader r)
{
    char why[512];
    struct str s;
    struct span what = {"", 0};
    str_init(&s, p->arena, WIRE_MAX);
    wire_begin(&s, kind == WIRE_CASES ? WIRE_LISTING : WIRE_PROSE);
    if (kind == WIRE_DOCS) {
        what = take(&r);
        compiler_keep(p->compiler);
        take_given(p, &(struct given){.locale = LOCALE_EN}, &(struct messages){.arena = p->arena});
    }
    bool done = kind == WIRE_CASES ? sample_cases(p->compiler, &s, why, sizeof why)
                                   : sample_docs(p->compiler, what, &s, why, sizeof why);
    if (done) {
        wire_end(&s);
        return !s.overflow && wire_send(fd, &s, 0);
    }
    p->render = (struct render){.out = &p->out};
    render_note(&p->render, "%s", why);
    return reply_failed(p, fd);
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
    unsigned kind = wire_u8(&r);
    switch (kind) {
    case WIRE_THEME: return take_theme(p, fd, r);
    case WIRE_RENDER: return render_page(p, fd, r);
    case WIRE_MANIFEST: return reply_facts(p, fd, r);
    case WIRE_CHECK: return check_theme(p, fd, r);
    case WIRE_SAMPLE: return draw_sample(p, fd, r);
    case WIRE_CASES:
    case WIRE_DOCS: return reply_asked(p, fd, (enum wire_kind)kind, r);
    case WIRE_BLOCKS: return reply_blocks(p, fd, r);
    default: return false;
    }
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
        /* While the worker goes on with the page. */
        arena_reset(p->arena);
        for (size_t i = 0; i < LOCALE_COUNT; i++)
            compiled_tidy(p->base[i]);
        for (size_t i = 0; i < THEMES_MAX; i++)
            compiled_tidy(p->themes[i]);
    }
    return 0;
}
