/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/renderer.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/locale.h"
#include "base/log.h"
#include "base/texts.h"
#include "base/wire.h"
#include "view/faults.h"
#include "view/markup.h"
#include "view/process.h"
#include "view/reply.h"
#include "view/strikes.h"

enum {
    MEGABYTE = 1024 * 1024,
    THEMES = 4,
    THEME_ARENA = 32 * MEGABYTE,
    GIVEN = 6,
    LOOK_EVERY = 64,
    NOTE_MS = 600000,
    SLOW_SHARE = 6 /* 50 ms */
};

#ifdef MAILBOY_SANITIZED
enum { SLOWER = 10 };
#else
enum { SLOWER = 1 };
#endif

const struct renderer_limits renderer_limits = {
    .cpu_ms = 300, .wall_ms = 600, .compile_ms = 3000, .memory = 64 * MEGABYTE, .renders = 100000};

/* A theme that this worker has read. */
struct entry {
    struct arena *arena;
    const struct theme *theme; /* NULL: it cannot be read, or the compiler cannot use it */
    char name[48];
    int64_t noted_ms;
    char note[512];
};

/* A renderer keeps a theme for each language it was asked for in, and more of them than these: the
 * ones used last. */
struct given {
    const struct entry *entry; /* NULL: none */
    enum locale locale;
};

/* A renderer process at work. */
struct press {
    struct process process;
    unsigned renders, looked;  /* how many there were when its memory was looked at */
    struct given given[GIVEN]; /* the one used last comes first */
};

/* A process that takes in a theme for longer than a page could wait; another draws meanwhile. */
struct taking {
    struct press press;
    struct entry *entry; /* NULL: there is none */
    enum locale locale;
    int64_t cpu_end;
    uint64_t claim; /* strikes_try() */
};

struct renderer {
    int zygote;
    const char *themes_dir;
    struct renderer_limits limits;
    struct press press;
    struct taking taking;
    int64_t waited_ms; /* for what was asked in this request */
    struct arena *scratch;
    struct entry themes[THEMES];
};

/* Leaves it at the first place. */
static bool was_given(struct press *press, const struct entry *e, enum locale locale)
{
    struct given *given = press->given;
    for (size_t i = 0; i < GIVEN; i++)
        if (given[i].entry == e && given[i].locale == locale) {
            memmove(&given[1], &given[0], i * sizeof *given);
            given[0] = (struct given){e, locale};
            return true;
        }
    return false;
}

static void note_given(struct press *press, const struct entry *e, enum locale locale)
{
    memmove(&press->given[1], &press->given[0], (GIVEN - 1) * sizeof *press->given);
    press->given[0] = (struct given){e, locale};
}

static void forget_given(struct press *press, const struct entry *e)
{
    for (size_t i = 0; i < GIVEN; i++)
        if (press->given[i].entry == e)
            press->given[i].entry = NULL;
}

static void taking_end(struct renderer *r)
{
    process_finish(&r->taking.press.process);
    r->taking = (struct taking){.press.process = no_process};
}

/* The theme's files are another's now. */
static void forget_entry(struct renderer *r, const struct entry *e)
{
    forget_given(&r->press, e);
    forget_given(&r->taking.press, e);
    if (r->taking.entry == e)
        taking_end(r);
}

/* What it may need until it is looked at again, and no more: one that was taken over could go on when it has
 * answered, and nobody asks it for a page. */
static void allow_while(const struct renderer *r, const struct press *press)
{
    process_bound(&press->process,
                  LOOK_EVERY * r->limits.cpu_ms + 2 * GIVEN * r->limits.compile_ms);
}

static bool press_start(const struct renderer *r, struct press *press)
{
    *press = (struct press){.process = no_process};
    if (!process_start(&press->process, r->zygote))
        return false;
    allow_while(r, press);
    return true;
}

static bool ensure_process(struct renderer *r)
{
    return r->press.process.sock >= 0 || press_start(r, &r->press);
}

/* Nobody waits for a processor that a theme has which did harm. Who cannot become less nice again draws
 * nothing besides. */
static bool ensure_manners(struct renderer *r, bool gives_way)
{
    struct process *p = &r->press.process;
    if (!gives_way && p->gives_way && !process_recover(p))
        process_finish(p);
    if (!ensure_process(r))
        return false;
    if (gives_way)
        process_give_way(p);
    return true;
}

struct renderer *renderer_create(int zygote, const char *themes_dir,
                                 const struct renderer_limits *limits)
{
    struct renderer *r = calloc(1, sizeof *r);
    if (r == NULL)
        log_fatal("view", "out of memory");
    r->zygote = zygote;
    r->themes_dir = themes_dir;
    r->limits = limits != NULL ? *limits : renderer_limits;
    r->limits.cpu_ms *= SLOWER;
    r->limits.wall_ms *= SLOWER;
    r->limits.compile_ms *= SLOWER;
    r->scratch = arena_create(4 * (size_t)WIRE_MAX);
    r->press.process = r->taking.press.process = no_process;
    ensure_process(r);
    return r;
}

static void entry_clear(struct renderer *r, struct entry *e)
{
    forget_entry(r, e);
    arena_destroy(e->arena);
    *e = (struct entry){0};
}

void renderer_destroy(struct renderer *r)
{
    if (r == NULL)
        return;
    process_finish(&r->press.process);
    for (size_t i = 0; i < THEMES; i++)
        entry_clear(r, &r->themes[i]);
    arena_destroy(r->scratch);
    free(r);
}

static void entry_note(struct entry *e, const char *text)
{
    fault_text(text, e->note, sizeof e->note);
    e->noted_ms = clock_monotonic_ms();
    log_warn("view", "theme %s: %s", e->name, text);
}

/* Kept for the report too: of a theme that is worn, for what the compiler says of a file that was edited in
 * place nobody may have asked the check. */
static void entry_fault(struct entry *e, const char *text)
{
    entry_note(e, text);
    faults_note(e->name, text);
}

static struct entry *entry_find(struct renderer *r, const char *name)
{
    for (size_t i = 0; i < THEMES; i++)
        if (r->themes[i].arena != NULL && strcmp(r->themes[i].name, name) == 0)
            return &r->themes[i];
    return NULL;
}

static struct entry *entry_load(struct renderer *r, const char *name)
{
    size_t i = 0;
    const char *problem = NULL;
    while (i + 1 < THEMES && r->themes[i].arena != NULL)
        i++;
    struct entry *e = &r->themes[i];
    entry_clear(r, e);
    e->arena = arena_create(THEME_ARENA);
    snprintf(e->name, sizeof e->name, "%s", name);
    e->theme = theme_load(e->arena, r->themes_dir, name, &problem);
    if (e->theme == NULL)
        entry_fault(e, problem);
    return e;
}

const char *renderer_note(struct renderer *r, const char *theme)
{
    const struct entry *e = r != NULL ? entry_find(r, theme) : NULL;
    bool lasts = e != NULL &&
                 e->theme == NULL; /* it cannot be used at all, until it is read again */
    if (e == NULL || e->note[0] == '\0' || (!lasts && clock_monotonic_ms() - e->noted_ms > NOTE_MS))
        return strikes_set_aside(theme) ? "it failed too often and is set aside for ten minutes"
                                        : NULL;
    return e->note;
}

void renderer_refresh(struct renderer *r)
{
    for (size_t i = 0; i < THEMES; i++)
        entry_clear(r, &r->themes[i]);
}

int renderer_zygote(const struct renderer *r)
{
    return r->zygote;
}

int renderer_pid(const struct renderer *r)
{
    return r->press.process.sock < 0 ? 0 : r->press.process.pid;
}

static void put_tag(struct str *s, enum locale locale)
{
    const char *tag = locale_tag(locale);
    wire_put_text(s, tag, strlen(tag));
}

/* What is left of the request's time for its theme; a little in any case. */
static int64_t theme_end(const struct renderer *r, int64_t now)
{
    int64_t all = r->limits.wall_ms, left = all - r->waited_ms;
    return now + (left > all / 6 ? left : all / 6);
}

bool renderer_ask(struct renderer *r, struct arena *a, const struct str *message,
                  struct wire_reader *reply_r)
{
    struct wire_reader reply;
    if (r == NULL || !ensure_manners(r, false))
        return false;
    struct process *p = &r->press.process;
    int64_t now = clock_monotonic_ms();
    struct patience until = {now + r->limits.wall_ms, r->limits.compile_ms};
    allow_while(r, &r->press);
    enum exchanged x = process_ask(p, r->scratch, message, &until, &reply);
    r->waited_ms += clock_monotonic_ms() - now;
    if (x == EXCHANGED) {
        size_t n = (size_t)(reply.end - reply.at);
        *reply_r = wire_reader(arena_memdup(a, (const char *)reply.at, n), n);
    } else {
        process_finish(p);
    }
    arena_reset(r->scratch);
    return x == EXCHANGED;
}

static void put_theme(struct str *s, const struct theme *t, enum locale locale)
{
    wire_begin(s, WIRE_THEME);
    wire_put_text(s, t->name, strlen(t->name));
    put_tag(s, locale);
    wire_put_u32(s, t->chain_n);
    for (size_t i = 0; i < t->chain_n; i++) {
        const struct theme_folder *f = &t->chain[i];
        wire_put_text(s, f->name, strlen(f->name));
        wire_put_u32(s, f->files_n);
        for (size_t k = 0; k < f->files_n; k++) {
            wire_put_text(s, f->files[k].path, strlen(f->files[k].path));
            wire_put_text(s, f->files[k].bytes, f->files[k].n);
        }
    }
    wire_end(s);
}

/* What came of giving the theme to the process. What the compiler had to say is noted; false: the theme
 * cannot be used, or the process is gone. */
static bool take_in(struct renderer *r, struct press *press, struct entry *e, enum locale locale,
                    enum exchanged x, struct wire_reader reply)
{
    struct reply_ready ready;
    if (x == EXCHANGED && reply_read_ready(reply, r->scratch, &ready)) {
        for (size_t i = 0; i < ready.n; i++)
            entry_fault(e, ready.messages[i]);
        if (ready.usable)
            note_given(press, e, locale);
        else
            e->theme = NULL;
        return ready.usable;
    }
    process_finish(&press->process);
    if (x == LATE) {
        log_warn("view", "theme %s: no time to take it in", e->name);
        return false;
    }
    entry_fault(e, x == SPENT ? "the compiler took too long" : "the compiler ended");
    strikes_add(e->name, STRIKE_KILL);
    e->theme = NULL;
    return false;
}

/* One at a time. */
static void taking_begin(struct renderer *r, struct entry *e, enum locale locale, int64_t cpu_end)
{
    if (r->taking.entry == NULL) {
        process_bound(&r->press.process, r->limits.compile_ms);
        r->taking = (struct taking){r->press, e, locale, cpu_end, 0};
    } else {
        process_finish(&r->press.process);
    }
    r->press = (struct press){.process = no_process};
}

/* Has it done? Then it draws from now on. What sleeps and has not answered never will. */
static void taking_look(struct renderer *r)
{
    struct taking t = r->taking;
    struct wire_reader reply;
    if (t.entry == NULL)
        return;
    bool sleeps = process_sleeps(&t.press.process);
    struct patience until = {.cpu_end = t.cpu_end};
    enum exchanged x = process_hear(&t.press.process, r->scratch, &until, &reply);
    if (x == SILENT && !sleeps)
        return;
    r->taking = (struct taking){.press.process = no_process};
    strikes_tried(t.entry->name, t.claim, false);
    if (take_in(r, &t.press, t.entry, t.locale, x, reply)) {
        process_finish(&r->press.process);
        r->press = t.press;
        allow_while(r, &r->press);
    } else {
        process_finish(&t.press.process);
    }
}

/* Gives the theme to the process that draws; false: not with it now. */
static bool give(struct renderer *r, struct entry *e, enum locale locale, int64_t wall_end)
{
    struct str s;
    struct wire_reader reply;
    struct patience until = {wall_end, r->limits.compile_ms};
    str_init(&s, r->scratch, WIRE_MAX);
    put_theme(&s, e->theme, locale);
    enum exchanged x = s.overflow ? DEAD
                                  : process_ask(&r->press.process, r->scratch, &s, &until, &reply);
    if (x != SILENT)
        return take_in(r, &r->press, e, locale, x, reply);
    taking_begin(r, e, locale, until.cpu_end);
    return false;
}

/* The theme to draw with, NULL for base. */
static struct entry *choose(struct renderer *r, const char *theme, enum locale locale,
                            int64_t wall_end)
{
    struct entry *e = entry_find(r, theme);
    if (e == NULL)
        e = entry_load(r, theme);
    if (e->theme == NULL || !ensure_process(r))
        return NULL;
    if (was_given(&r->press, e, locale))
        return e;
    bool taken = r->taking.entry == e && r->taking.locale == locale;
    return !taken && give(r, e, locale, wall_end) ? e : NULL;
}

struct page {
    const char *name, *fragment;
    enum locale locale;
    const struct value *vm, *shell;
    struct str *html;
};

static void put_page(struct str *s, const char *theme, const struct page *page,
                     struct value_secrets *secrets)
{
    struct value_keys keys;
    wire_begin(s, WIRE_RENDER);
    wire_put_text(s, theme, strlen(theme));
    wire_put_text(s, page->name, strlen(page->name));
    wire_put_text(s, page->fragment, strlen(page->fragment));
    put_tag(s, page->locale);
    wire_put_i64(s, clock_now());
    value_keys_begin(&keys);
    size_t part = wire_open(s);
    value_wire(s, page->vm, secrets, &keys);
    wire_close(s, part);
    part = wire_open(s);
    value_wire(s, page->shell, secrets, &keys);
    wire_close(s, part);
    value_wire_keys(s, &keys);
    wire_end(s);
}

static void strike(struct entry *e, enum strike kind)
{
    if (strikes_add(e->name, kind))
        entry_fault(e, "it failed too often and is set aside for ten minutes");
}

/* Did the page take much processor time, as a share of what it would have been killed for? */
static bool was_slow(const struct renderer *r, const struct patience *spent)
{
    unsigned most = r->limits.cpu_ms / SLOW_SHARE;
    return spent->cpu_end != 0 &&
           spent->cpu_end - process_cpu_ms(&r->press.process) < r->limits.cpu_ms - most;
}

/* Of a page that came. What went wrong in it tells more than that it was slow. */
static void look_at(struct renderer *r, struct entry *e, const char *page,
                    const struct reply_page *got, const struct patience *spent)
{
    bool slow = was_slow(r, spent);
    if (got->fell_back > 0) {
        entry_fault(e, got->why);
        strike(e, STRIKE_ERROR);
    } else if (slow) {
        entry_fault(e, arena_printf(r->scratch, "%s: slow: more than %u ms of processor time", page,
                                    r->limits.cpu_ms / SLOW_SHARE));
    }
    if (slow)
        strike(e, STRIKE_SLOW);
}

/* Not of what a busy machine did: it took much processor time, for one that may have a tenth where it gives way to
 * others, or sleeps and will never answer. */
static bool is_to_blame(const struct renderer *r, enum exchanged x, const struct patience *spent)
{
    const struct process *p = &r->press.process;
    if (x != SILENT && x != LATE)
        return true;
    int64_t took = spent->cpu_ms - (spent->cpu_end - process_cpu_ms(p));
    return took > r->limits.cpu_ms / (p->gives_way ? 40 : 4) || process_sleeps(p);
}

static void attempt_failed(struct renderer *r, struct entry *e, const char *page, const char *why,
                           bool blame)
{
    if (e == NULL) {
        log_error("view", "%s by base: %s", page, why);
    } else if (blame) {
        entry_fault(e, arena_printf(r->scratch, "%s: %s", page, why));
        strike(e, STRIKE_KILL);
    } else {
        log_warn("view", "theme %s: %s: no processor in time", e->name, page);
    }
}

/* Once with this theme (NULL: base). False: no page was appended. */
static bool attempt(struct renderer *r, struct entry *e, const struct page *page, int64_t wall_end,
                    bool *by_base_r)
{
    struct str s;
    struct value_secrets secrets = {0};
    struct wire_reader reply;
    struct reply_page got;
    struct patience until = {wall_end, r->limits.cpu_ms};
    if (!ensure_process(r))
        return false;
    str_init(&s, r->scratch, WIRE_MAX);
    str_reserve(&s, 48 * 1024);
    put_page(&s, e != NULL ? e->name : "base", page, &secrets);
    if (s.overflow)
        return false;
    enum exchanged x = process_ask(&r->press.process, r->scratch, &s, &until, &reply);
    r->press.renders++;
    bool drawn = x == EXCHANGED && reply_read_page(reply, r->scratch, &secrets, &got);
    if (drawn && markup_stays(got.html, got.n, &s)) {
        *by_base_r = e == NULL || got.fell_back > 0;
        if (e != NULL)
            look_at(r, e, page->name, &got, &until);
        reply_splice(&got, &secrets, page->html);
        return true;
    }
    const char *why = drawn            ? "the page would leave the site"
                      : x == EXCHANGED ? reply_reason(reply, r->scratch)
                      : x == DEAD      ? "the renderer ended"
                                       : "the page took too long";
    attempt_failed(r, e, page->name, why, is_to_blame(r, x, &until));
    if (x != EXCHANGED || !reply_is_failure(reply))
        process_finish(&r->press.process);
    return false;
}

/* What nobody knows yet is waited for, as long as a page may take; what did harm is not. */
static bool claim_theme(const char *theme, int64_t wall_end, uint64_t *claim_r)
{
    enum { LOOK_MS = 5 };
    for (;;) {
        int64_t left = wall_end - clock_monotonic_ms();
        if (strikes_try(theme, 2 * (left > 0 ? left : 0), claim_r))
            return true;
        if (left <= 0 || !strikes_is_soon_known(theme))
            return false;
        poll(NULL, 0, LOOK_MS);
    }
}

/* By the theme, unless it is set aside, or another worker tries it. What goes on being taken in keeps the
 * claim, until it has done or the claim ends. */
static bool attempt_theme(struct renderer *r, const char *theme, const struct page *page,
                          bool *by_base_r)
{
    uint64_t claim;
    int64_t wall_end = theme_end(r, clock_monotonic_ms());
    if (strcmp(theme, "base") == 0 || strikes_set_aside(theme) ||
        !claim_theme(theme, wall_end, &claim))
        return false;
    ensure_manners(r, claim != 0 && !strikes_is_new(theme));
    struct entry *e = choose(r, theme, page->locale, wall_end);
    bool done = e != NULL && attempt(r, e, page, wall_end, by_base_r);
    if (e == NULL && r->taking.entry != NULL && strcmp(r->taking.entry->name, theme) == 0) {
        strikes_prolong(theme, r->limits.compile_ms, &claim);
        r->taking.claim = claim;
    } else {
        strikes_tried(theme, claim, done && !*by_base_r);
    }
    return done;
}

/* By base; if its process hangs or is gone, once more by a new one, in what is left of the time. */
static bool attempt_base(struct renderer *r, const struct page *page)
{
    bool by_base;
    int64_t all = r->limits.wall_ms, end = clock_monotonic_ms() + all;
    ensure_manners(r, false);
    if (attempt(r, NULL, page, end, &by_base))
        return true;
    int64_t least = clock_monotonic_ms() + all / 3;
    return r->press.process.sock < 0 && attempt(r, NULL, page, end > least ? end : least, &by_base);
}

/* The shell says it to the theme too. */
static enum locale locale_of(const struct value *shell)
{
    enum locale locale = LOCALE_EN;
    const char *lang = value_as_text(value_get(shell, "lang"));
    if (lang != NULL)
        (void)locale_find(lang, strlen(lang), &locale);
    return locale;
}

static void plain(const struct page *page)
{
    struct arena *a = page->html->arena;
    enum locale l = locale_of(page->shell);
    const char *heading = value_as_text(value_get(page->vm, "heading"));
    const char *text = value_as_text(value_get(page->vm, "text"));
    const char *prefix = value_as_text(value_get(page->shell, "prefix"));
    int64_t code = value_as_int(value_get(page->vm, "code"));
    plain_page(page->html, l, code > 0 ? (int)code : 500,
               heading != NULL ? heading : text_say(a, l, N_("This page cannot be shown just now")),
               text != NULL ? text
                            : text_say(a, l, N_("Nothing was lost: try it again in a moment.")),
               value_as_text(value_get(page->shell, "request_id")), prefix != NULL ? prefix : "");
}

enum rendered renderer_render(struct renderer *r, struct arena *a, const char *theme,
                              const char *page, const char *fragment, const struct value *vm,
                              const struct value *shell, struct str *html_r)
{
    bool by_base = true, done;
    struct page p = {.name = page,
                     .fragment = fragment != NULL ? fragment : "",
                     .locale = locale_of(shell),
                     .vm = vm,
                     .shell = shell,
                     .html = html_r};
    (void)a;
    taking_look(r);
    done = attempt_theme(r, theme, &p, &by_base);
    if (!done) {
        by_base = true;
        done = attempt_base(r, &p);
    }
    if (!done)
        plain(&p);
    arena_reset(r->scratch);
    return !done ? RENDERED_PLAIN : by_base ? RENDERED_BY_BASE : RENDERED_BY_THEME;
}

static bool is_due(struct renderer *r)
{
    struct press *p = &r->press;
    if (p->renders >= r->limits.renders)
        return true;
    if (p->renders - p->looked < LOOK_EVERY - 1)
        return false;
    p->looked = p->renders;
    allow_while(r, p);
    return process_memory(&p->process) > r->limits.memory;
}

/* What the process before had, the one used last coming last. */
static void warm(struct renderer *r, const struct given before[GIVEN])
{
    for (size_t i = GIVEN; i-- > 0 && r->press.process.sock >= 0;) {
        struct entry *e = before[i].entry != NULL ? entry_find(r, before[i].entry->name) : NULL;
        if (e != NULL && e->theme != NULL)
            give(r, e, before[i].locale, clock_monotonic_ms() + r->limits.compile_ms);
    }
}

void renderer_between(struct renderer *r)
{
    struct press next;
    r->waited_ms = 0;
    taking_look(r);
    if (r->press.process.sock < 0) {
        ensure_process(r);
    } else if (is_due(r) && press_start(r, &next)) {
        struct press old = r->press;
        r->press = next;
        warm(r, old.given);
        process_finish(&old.process);
    }
    arena_reset(r->scratch);
}

bool theme_asset(struct renderer *r, const char *theme, const char *file,
                 struct theme_asset *asset_r)
{
    if (strcmp(theme, "base") == 0)
        return theme_asset_find(NULL, theme, file, asset_r);
    for (size_t i = 0; i < THEMES; i++)
        if (r->themes[i].theme != NULL &&
            theme_asset_find(r->themes[i].theme, theme, file, asset_r))
            return true;
    if (!theme_name_is_valid(theme) || entry_find(r, theme) != NULL ||
        !theme_exists(r->themes_dir, theme))
        return false;
    const struct entry *e = entry_load(r, theme);
    return e->theme != NULL && theme_asset_find(e->theme, theme, file, asset_r);
}
