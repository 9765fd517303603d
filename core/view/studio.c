/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/studio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/locale.h"
#include "base/utf8.h"
#include "base/wire.h"
#include "server/zygote.h"
#include "view/reply.h"

#ifdef MAILBOY_SANITIZED
enum { PATIENCE_MS = 300000 };
#else
enum { PATIENCE_MS = 30000 };
#endif

enum { SCRATCH = 64 * 1024 * 1024, SECRETS = 16 };

struct studio {
    int zygote, sock, pidfd;
    struct arena *scratch; /* one exchange */
    const struct theme *theme;
    const char *name;
    char given[LOCALE_COUNT]; /* the present process has the theme in that language */
    char why[1024];
};

static const char *const level_words[STUDIO_LEVELS] = {"advice", "warning", "error", "fatal"};

const char *studio_level_word(enum studio_level level)
{
    return level_words[level];
}

bool studio_level_find(const char *word, enum studio_level *level_r)
{
    for (unsigned i = 0; i < STUDIO_LEVELS; i++)
        if (strcmp(level_words[i], word) == 0) {
            *level_r = (enum studio_level)i;
            return true;
        }
    return false;
}

struct studio *studio_create(int zygote)
{
    struct studio *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->zygote = zygote;
    s->sock = s->pidfd = -1;
    s->name = "base";
    s->scratch = arena_create(SCRATCH);
    return s;
}

static void finish(struct studio *s)
{
    if (s->sock >= 0) {
        syscall(SYS_pidfd_send_signal, s->pidfd, 9, NULL, 0);
        close(s->sock);
        close(s->pidfd);
    }
    s->sock = s->pidfd = -1;
    memset(s->given, 0, sizeof s->given);
}

void studio_destroy(struct studio *s)
{
    if (s == NULL)
        return;
    finish(s);
    arena_destroy(s->scratch);
    free(s);
}

const struct theme *studio_theme(const struct studio *s)
{
    return s->theme;
}

const char *studio_why(const struct studio *s)
{
    return s->why;
}

static bool fail(struct studio *s, const char *why)
{
    snprintf(s->why, sizeof s->why, "%s", why);
    return false;
}

/* One question and its answer, of kind `wanted` or a WIRE_FAILED, which says why. */
static bool ask(struct studio *s, const struct str *message, enum wire_kind wanted,
                struct wire_reader *answer_r)
{
    const unsigned char *bytes;
    size_t n;
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    if (message->overflow)
        return fail(s, "the theme is too large");
    if (!wire_send(s->sock, message, end) || !wire_receive(s->sock, s->scratch, end, &bytes, &n)) {
        bool late = clock_monotonic_ms() >= end;
        finish(s);
        return fail(s, late ? "the renderer took too long" : "the renderer ended");
    }
    *answer_r = wire_reader(bytes, n);
    struct wire_reader kind = *answer_r;
    unsigned got = wire_u8(&kind);
    if (got == WIRE_FAILED)
        return fail(s, reply_reason(*answer_r, s->scratch));
    if (got == wanted)
        return true;
    finish(s);
    return fail(s, "the renderer's answer is broken");
}

static bool ensure_process(struct studio *s)
{
    if (s->sock >= 0)
        return true;
    if (zygote_ask(s->zygote, &s->sock, &s->pidfd))
        return true;
    s->sock = s->pidfd = -1;
    return fail(s, "no renderer process could be started");
}

static void put_text(struct str *m, const char *text)
{
    wire_put_text(m, text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

static void put_chain(struct str *m, const struct theme *t)
{
    wire_put_u32(m, t != NULL ? t->chain_n : 0);
    for (size_t i = 0; t != NULL && i < t->chain_n; i++) {
        const struct theme_folder *f = &t->chain[i];
        put_text(m, f->name);
        wire_put_u32(m, f->files_n);
        for (size_t k = 0; k < f->files_n; k++) {
            put_text(m, f->files[k].path);
            wire_put_text(m, f->files[k].bytes, f->files[k].n);
        }
    }
}

/* A theme's words may reach a terminal: what steers one becomes '?' (C0 but for line ends, DEL, C1). */
static const char *clean(struct arena *a, const char *text, size_t n)
{
    if (!utf8_is_valid(text, n))
        return "(no text)";
    char *copy = arena_memdup(a, text, n);
    for (unsigned char *at = (unsigned char *)copy, *end = at + n; at < end; at++) {
        if ((*at < ' ' && *at != '\n') || *at == 0x7f)
            *at = '?';
        else if (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
            at[0] = at[1] = '?';
    }
    return copy;
}

static const char *take_text(struct wire_reader *r, struct arena *a)
{
    size_t n;
    const char *text = wire_text(r, &n);
    return clean(a, text, n);
}

/* Source text, to be written back as it is. */
static const char *take_source(struct wire_reader *r, struct arena *a)
{
    size_t n;
    const char *text = wire_text(r, &n);
    if (!utf8_is_valid(text, n) || memchr(text, '\0', n) != NULL)
        return "";
    return arena_memdup(a, text, n);
}

static bool read_finding(struct wire_reader *r, struct arena *a, struct studio_finding *f)
{
    f->code = take_text(r, a);
    bool known = studio_level_find(take_text(r, a), &f->level);
    f->theme = take_text(r, a);
    f->path = take_text(r, a);
    f->line = wire_u32(r);
    f->column = wire_u32(r);
    f->message = take_text(r, a);
    f->mend = take_text(r, a);
    return known && !r->broken;
}

static bool read_findings(struct wire_reader r, struct arena *a, struct studio_findings *findings_r)
{
    wire_u8(&r);
    findings_r->usable = wire_u8(&r) == 1;
    findings_r->title = take_text(&r, a);
    findings_r->version = take_text(&r, a);
    findings_r->parent = take_text(&r, a);
    findings_r->n = wire_u32(&r);
    if (r.broken || findings_r->n > STUDIO_FINDINGS)
        return false;
    struct studio_finding *at = arena_array(a, findings_r->n + 1, sizeof *at);
    findings_r->at = at;
    for (size_t i = 0; i < findings_r->n; i++)
        if (!read_finding(&r, a, &at[i]))
            return false;
    return !r.broken && r.at == r.end;
}

static bool compile(struct studio *s, struct arena *a, enum locale locale, enum studio_depth depth,
                    struct studio_findings *findings_r)
{
    struct str m;
    struct wire_reader answer;
    if (!ensure_process(s))
        return false;
    str_init(&m, s->scratch, WIRE_MAX);
    wire_begin(&m, WIRE_CHECK);
    wire_put_u8(&m, depth == STUDIO_WHOLE);
    put_text(&m, s->name);
    put_text(&m, locale_tag(locale));
    put_chain(&m, s->theme);
    wire_end(&m);
    if (!ask(s, &m, WIRE_FINDINGS, &answer))
        return false;
    if (!read_findings(answer, a, findings_r)) {
        finish(s);
        return fail(s, "the renderer's findings are broken");
    }
    s->given[locale] = 1;
    return true;
}

bool studio_load(struct studio *s, struct arena *a, const char *themes_dir, const char *name,
                 enum studio_depth depth, struct studio_findings *findings_r)
{
    const char *problem = NULL;
    arena_reset(s->scratch);
    memset(s->given, 0, sizeof s->given);
    s->name = arena_strdup(a, name);
    s->theme = NULL;
    if (strcmp(name, "base") != 0) {
        s->theme = theme_load(a, themes_dir, name, &problem);
        if (s->theme == NULL)
            return fail(s, problem);
    }
    return compile(s, a, LOCALE_EN, depth, findings_r);
}

static bool ensure_given(struct studio *s, enum locale locale)
{
    struct studio_findings ignored;
    if (!ensure_process(s))
        return false;
    return s->theme == NULL || s->given[locale] ||
           compile(s, s->scratch, locale, STUDIO_COMPILE, &ignored);
}

/* What stands in a page for the secrets of its model. */
static void invent_secrets(struct value_secrets *secrets)
{
    static const char *const texts[] = {"a-token", "an-operation", "w4Rk-yTbm8_QsVe2Hn+c"};
    secrets->n = SECRETS;
    for (size_t i = 0; i < SECRETS; i++)
        secrets->text[i] = texts[i % 3];
}

static bool take_page(struct studio *s, struct wire_reader answer, struct arena *a,
                      struct str *html_r, const char **fell_back_r)
{
    struct value_secrets *secrets = ARENA_NEW(s->scratch, struct value_secrets);
    struct reply_page *page = ARENA_NEW(s->scratch, struct reply_page);
    invent_secrets(secrets);
    if (!reply_read_page(answer, s->scratch, secrets, page)) {
        finish(s);
        return fail(s, "the renderer's page is broken");
    }
    reply_splice(page, secrets, html_r);
    if (fell_back_r != NULL)
        *fell_back_r = clean(a, page->why, strlen(page->why));
    return true;
}

bool studio_draw(struct studio *s, struct arena *a, const struct studio_sample *sample,
                 struct str *html_r, const char **fell_back_r)
{
    struct str m;
    struct wire_reader answer;
    enum locale locale = LOCALE_EN;
    arena_reset(s->scratch);
    if (sample->locale != NULL && !locale_find(sample->locale, strlen(sample->locale), &locale))
        return fail(s, "there is no such locale");
    if (!ensure_given(s, locale))
        return false;
    str_init(&m, s->scratch, WIRE_MAX);
    wire_begin(&m, WIRE_SAMPLE);
    put_text(&m, s->name);
    put_text(&m, sample->page);
    put_text(&m, sample->name);
    put_text(&m, sample->role);
    put_text(&m, locale_tag(locale));
    put_text(&m, sample->scheme);
    wire_end(&m);
    return ask(s, &m, WIRE_PAGE, &answer) && take_page(s, answer, a, html_r, fell_back_r);
}

bool studio_cases(struct studio *s, struct arena *a, struct studio_cases *cases_r)
{
    struct str m;
    struct wire_reader r;
    arena_reset(s->scratch);
    if (!ensure_process(s))
        return false;
    str_init(&m, s->scratch, WIRE_MAX);
    wire_begin(&m, WIRE_CASES);
    wire_end(&m);
    if (!ask(s, &m, WIRE_LISTING, &r))
        return false;
    wire_u8(&r);
    size_t n = wire_u32(&r);
    if (n > STUDIO_CASES)
        return fail(s, "the renderer's listing is broken");
    struct studio_case *at = arena_array(a, n + 1, sizeof *at);
    for (size_t i = 0; i < n; i++) {
        at[i].page = take_text(&r, a);
        at[i].name = take_text(&r, a);
        at[i].roles = take_text(&r, a);
    }
    *cases_r = (struct studio_cases){.n = n, .at = at};
    return !r.broken || fail(s, "the renderer's listing is broken");
}

const char *studio_docs(struct studio *s, struct arena *a, const char *what)
{
    struct str m;
    struct wire_reader r;
    arena_reset(s->scratch);
    if (!ensure_process(s))
        return NULL;
    str_init(&m, s->scratch, WIRE_MAX);
    wire_begin(&m, WIRE_DOCS);
    put_text(&m, what);
    wire_end(&m);
    if (!ask(s, &m, WIRE_PROSE, &r))
        return NULL;
    wire_u8(&r);
    return take_text(&r, a);
}

static void read_block(struct wire_reader *r, struct arena *a, struct studio_block *b)
{
    b->page = take_text(r, a);
    b->block = take_text(r, a);
    b->theme = take_text(r, a);
    b->version = take_text(r, a);
    b->path = take_text(r, a);
    b->sha = take_text(r, a);
    b->args = take_text(r, a);
    b->text = take_source(r, a);
    b->depth = wire_u8(r);
}

bool studio_blocks(struct studio *s, struct arena *a, const char *page, const char *block,
                   struct studio_blocks *blocks_r)
{
    struct str m;
    struct wire_reader r;
    arena_reset(s->scratch);
    if (!ensure_process(s))
        return false;
    str_init(&m, s->scratch, WIRE_MAX);
    wire_begin(&m, WIRE_BLOCKS);
    put_text(&m, page);
    put_text(&m, block);
    wire_end(&m);
    if (!ask(s, &m, WIRE_SOURCES, &r))
        return false;
    wire_u8(&r);
    size_t n = wire_u32(&r);
    if (n > STUDIO_BLOCKS)
        return fail(s, "the renderer's list of blocks is broken");
    struct studio_block *at = arena_array(a, n + 1, sizeof *at);
    for (size_t i = 0; i < n; i++)
        read_block(&r, a, &at[i]);
    *blocks_r = (struct studio_blocks){.n = n, .at = at};
    return (!r.broken && r.at == r.end) || fail(s, "the renderer's list of blocks is broken");
}

size_t studio_count(const struct studio_findings *f, enum studio_level least)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += f->at[i].level >= least;
    return n;
}

static void finding_set(struct value *v, const struct studio_finding *f)
{
    value_set_text(v, "code", f->code);
    value_set_text(v, "level", studio_level_word(f->level));
    value_set_text(v, "theme", f->theme);
    value_set_text(v, "path", f->path);
    value_set_int(v, "line", f->line);
    value_set_int(v, "column", f->column);
    value_set_text(v, "message", f->message);
    value_set_text(v, "mend", f->mend);
}

void studio_findings_add(struct value *list, const struct studio_findings *f,
                         enum studio_level least)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->at[i].level >= least)
            finding_set(value_add_map(list), &f->at[i]);
}
