/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/studio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/locale.h"
#include "base/wire.h"
#include "server/zygote.h"
#include "view/reply.h"
#include "view/report.h"

#ifdef MAILBOY_SANITIZED
enum { PATIENCE_MS = 300000 };
#else
enum { PATIENCE_MS = 30000 };
#endif

enum { SCRATCH = 64 * 1024 * 1024, SECRETS = 16 };

struct studio {
    int zygote, sock, pidfd;
    int64_t end_ms;        /* 0: each question has its own */
    struct arena *scratch; /* one exchange */
    const struct theme *theme;
    const char *name;
    char given[LOCALE_COUNT]; /* the present process has the theme in that language */
    char why[1024];
};

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

void studio_hurry(struct studio *s, int64_t end_ms)
{
    s->end_ms = end_ms;
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
static bool ask(struct studio *s, struct str *message, enum wire_kind wanted,
                struct wire_reader *answer_r)
{
    const unsigned char *bytes;
    size_t n;
    int64_t end = s->end_ms != 0 ? s->end_ms : clock_monotonic_ms() + PATIENCE_MS;
    wire_end(message);
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

/* Begins a question; ask() ends it. False: there is nobody to ask. */
static bool question(struct studio *s, enum wire_kind kind, struct str *m)
{
    if (!ensure_process(s))
        return false;
    str_init(m, s->scratch, WIRE_MAX);
    wire_begin(m, kind);
    return true;
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

static bool compile(struct studio *s, struct arena *a, enum locale locale, enum studio_depth depth,
                    struct studio_findings *findings_r)
{
    struct str m;
    struct wire_reader answer;
    if (!question(s, WIRE_CHECK, &m))
        return false;
    wire_put_u8(&m, depth == STUDIO_WHOLE);
    put_text(&m, s->name);
    put_text(&m, locale_tag(locale));
    put_chain(&m, s->theme);
    if (!ask(s, &m, WIRE_FINDINGS, &answer))
        return false;
    if (!report_read_findings(answer, a, findings_r)) {
        finish(s);
        return fail(s, "the renderer's findings are broken");
    }
    s->given[locale] = 1;
    return true;
}

/* What the worker left out before the renderer saw the theme. */
static void omissions_add(struct arena *a, const struct theme_folder *f,
                          struct studio_findings *findings_r)
{
    size_t n = findings_r->n;
    struct studio_finding *at = arena_array(a, n + f->omissions_n + 1, sizeof *at);
    for (size_t i = 0; i < n; i++)
        at[i] = findings_r->at[i];
    for (size_t i = 0; i < f->omissions_n && n < STUDIO_FINDINGS; i++)
        at[n++] = (struct studio_finding){.level = STUDIO_WARNING,
                                          .code = "MB122",
                                          .theme = f->name,
                                          .path = f->omissions[i].path,
                                          .message = f->omissions[i].why,
                                          .mend = f->omissions[i].mend};
    findings_r->at = at;
    findings_r->n = n;
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
    if (!compile(s, a, LOCALE_EN, depth, findings_r))
        return false;
    if (s->theme != NULL)
        omissions_add(a, &s->theme->chain[0], findings_r);
    return true;
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
        *fell_back_r = report_clean(a, page->why, strlen(page->why));
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
    if (!ensure_given(s, locale) || !question(s, WIRE_SAMPLE, &m))
        return false;
    put_text(&m, s->name);
    put_text(&m, sample->page);
    put_text(&m, sample->name);
    put_text(&m, sample->role);
    put_text(&m, locale_tag(locale));
    put_text(&m, sample->scheme);
    return ask(s, &m, WIRE_PAGE, &answer) && take_page(s, answer, a, html_r, fell_back_r);
}

bool studio_cases(struct studio *s, struct arena *a, struct studio_cases *cases_r)
{
    struct str m;
    struct wire_reader r;
    arena_reset(s->scratch);
    if (!question(s, WIRE_CASES, &m))
        return false;
    if (!ask(s, &m, WIRE_LISTING, &r))
        return false;
    return report_read_cases(r, a, cases_r) || fail(s, "the renderer's listing is broken");
}

const char *studio_docs(struct studio *s, struct arena *a, const char *what)
{
    struct str m;
    struct wire_reader r;
    arena_reset(s->scratch);
    if (!question(s, WIRE_DOCS, &m))
        return NULL;
    put_text(&m, what);
    if (!ask(s, &m, WIRE_PROSE, &r))
        return NULL;
    return report_read_prose(r, a);
}

bool studio_blocks(struct studio *s, struct arena *a, const char *page, const char *block,
                   struct studio_blocks *blocks_r)
{
    struct str m;
    struct wire_reader r;
    arena_reset(s->scratch);
    if (!question(s, WIRE_BLOCKS, &m))
        return false;
    put_text(&m, page);
    put_text(&m, block);
    if (!ask(s, &m, WIRE_SOURCES, &r))
        return false;
    return report_read_blocks(r, a, blocks_r) || fail(s, "the renderer's list of blocks is broken");
}
