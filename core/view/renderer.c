/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/renderer.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/locale.h"
#include "base/log.h"
#include "base/wire.h"
#include "server/zygote.h"
#include "view/faults.h"
#include "view/reply.h"
#include "view/strikes.h"

enum {
    MEGABYTE = 1024 * 1024,
    THEMES = 4,
    THEME_ARENA = 32 * MEGABYTE,
    GIVEN = 6,
    MEMORY_EVERY = 64,
    NOTE_MS = 600000
};

#ifdef MAILBOY_SANITIZED
enum { SLOWER = 10 };
#else
enum { SLOWER = 1 };
#endif

const struct renderer_limits renderer_limits = {
    .cpu_ms = 300, .wall_ms = 900, .compile_ms = 3000, .memory = 64 * MEGABYTE, .renders = 100000};

/* A renderer process; sock is -1 where there is none. */
struct process {
    int sock, pidfd, statm;
    pid_t pid;
    clockid_t cpu;
    unsigned renders;
};

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

struct renderer {
    int zygote;
    const char *themes_dir;
    struct renderer_limits limits;
    struct process process;
    struct arena *scratch;
    struct entry themes[THEMES];
    struct given given[GIVEN]; /* to the present process; the one used last comes first */
};

static const struct process no_process = {.sock = -1, .pidfd = -1, .statm = -1};

/* The number behind a pidfd, from the line "Pid:" of its fdinfo; 0 if that cannot be read. */
static pid_t pid_of(int pidfd)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = '\0';
    const char *at = strstr(text, "\nPid:");
    return at != NULL ? (pid_t)strtol(at + 5, NULL, 10) : 0;
}

static bool process_start(struct renderer *r, struct process *p)
{
    char path[64];
    *p = no_process;
    if (!zygote_ask(r->zygote, &p->sock, &p->pidfd)) {
        *p = no_process;
        return false;
    }
    p->pid = pid_of(p->pidfd);
    if (p->pid <= 0 || clock_getcpuclockid(p->pid, &p->cpu) != 0)
        p->pid = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", p->pid);
    p->statm = p->pid > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    return true;
}

/* Kills it as well: a renderer has nothing to lose. */
static void process_finish(struct process *p)
{
    if (p->sock >= 0) {
        syscall(SYS_pidfd_send_signal, p->pidfd, 9, NULL, 0);
        close(p->sock);
        close(p->pidfd);
    }
    if (p->statm >= 0)
        close(p->statm);
    *p = no_process;
}

static int64_t process_cpu_ms(const struct process *p)
{
    struct timespec t;
    if (p->pid == 0 || clock_gettime(p->cpu, &t) != 0)
        return 0;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t process_memory(const struct process *p)
{
    char text[128];
    ssize_t n = p->statm < 0 ? -1 : pread(p->statm, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    const char *second = strchr(text, ' ');
    return second == NULL ? 0 : strtoul(second, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

static void forget_given(struct renderer *r)
{
    memset(r->given, 0, sizeof r->given);
}

/* Leaves it at the first place. */
static bool was_given(struct renderer *r, const struct entry *e, enum locale locale)
{
    for (size_t i = 0; i < GIVEN; i++)
        if (r->given[i].entry == e && r->given[i].locale == locale) {
            memmove(&r->given[1], &r->given[0], i * sizeof *r->given);
            r->given[0] = (struct given){e, locale};
            return true;
        }
    return false;
}

static void note_given(struct renderer *r, const struct entry *e, enum locale locale)
{
    memmove(&r->given[1], &r->given[0], (GIVEN - 1) * sizeof *r->given);
    r->given[0] = (struct given){e, locale};
}

/* The theme's files are another's now. */
static void forget_entry(struct renderer *r, const struct entry *e)
{
    for (size_t i = 0; i < GIVEN; i++)
        if (r->given[i].entry == e)
            r->given[i].entry = NULL;
}

static bool ensure_process(struct renderer *r)
{
    if (r->process.sock >= 0)
        return true;
    forget_given(r);
    return process_start(r, &r->process);
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
    r->process = no_process;
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
    process_finish(&r->process);
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

/* Of what went wrong while the theme was worn; the compiler's findings are the check's. */
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
    return r->process.sock < 0 ? 0 : r->process.pid;
}

/* Waits for the first byte of a reply as long as both clocks allow. CPU time never passes faster
 * than the wall's, so it need not be looked at before as much could have been used. */
static bool wait_reply(const struct process *p, int64_t wall_end, int64_t cpu_end)
{
    for (;;) {
        int64_t wall = wall_end - clock_monotonic_ms();
        int64_t cpu = cpu_end - process_cpu_ms(p);
        if (wall <= 0 || cpu <= 0)
            return false;
        struct pollfd f = {.fd = p->sock, .events = POLLIN};
        if (poll(&f, 1, (int)(wall < cpu ? wall : cpu)) > 0)
            return (f.revents & POLLIN) != 0;
    }
}

enum exchanged { EXCHANGED, OVERDUE, DEAD };

static enum exchanged talk(struct renderer *r, struct process *p, const struct str *message,
                           unsigned wall_ms, unsigned cpu_ms, struct wire_reader *reply_r)
{
    const unsigned char *bytes;
    size_t n;
    int64_t wall_end = clock_monotonic_ms() + wall_ms, cpu_end = process_cpu_ms(p) + cpu_ms;
    if (!wire_send(p->sock, message, wall_end))
        return clock_monotonic_ms() >= wall_end ? OVERDUE : DEAD;
    if (!wait_reply(p, wall_end, cpu_end))
        return clock_monotonic_ms() >= wall_end || process_cpu_ms(p) >= cpu_end ? OVERDUE : DEAD;
    if (!wire_receive(p->sock, r->scratch, wall_end, &bytes, &n))
        return clock_monotonic_ms() >= wall_end ? OVERDUE : DEAD;
    *reply_r = wire_reader(bytes, n);
    return EXCHANGED;
}

static void put_tag(struct str *s, enum locale locale)
{
    const char *tag = locale_tag(locale);
    wire_put_text(s, tag, strlen(tag));
}

bool renderer_ask(struct renderer *r, struct arena *a, const struct str *message, unsigned ms,
                  struct wire_reader *reply_r)
{
    struct wire_reader reply;
    if (r == NULL || !ensure_process(r))
        return false;
    enum exchanged x = talk(r, &r->process, message, ms * SLOWER, ms * SLOWER, &reply);
    if (x == EXCHANGED) {
        size_t n = (size_t)(reply.end - reply.at);
        *reply_r = wire_reader(arena_memdup(a, (const char *)reply.at, n), n);
    } else {
        process_finish(&r->process);
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

/* Gives the theme to the process. What the compiler had to say is noted; false: it cannot be
 * used. */
static bool give(struct renderer *r, struct process *p, struct entry *e, enum locale locale)
{
    struct str s;
    struct wire_reader reply;
    struct reply_ready ready;
    str_init(&s, r->scratch, WIRE_MAX);
    put_theme(&s, e->theme, locale);
    enum exchanged x =
        s.overflow ? DEAD : talk(r, p, &s, r->limits.compile_ms, r->limits.compile_ms, &reply);
    if (x == EXCHANGED && reply_read_ready(reply, r->scratch, &ready)) {
        for (size_t i = 0; i < ready.n; i++)
            entry_note(e, ready.messages[i]);
        if (ready.usable)
            note_given(r, e, locale);
        else
            e->theme = NULL;
        return ready.usable;
    }
    entry_fault(e, x == OVERDUE ? "the compiler took too long" : "the compiler ended");
    strikes_add(e->name, STRIKE_KILL);
    e->theme = NULL;
    process_finish(p);
    return false;
}

/* The theme to draw with, NULL for base. */
static struct entry *choose(struct renderer *r, const char *theme, enum locale locale)
{
    if (strcmp(theme, "base") == 0 || strikes_set_aside(theme))
        return NULL;
    struct entry *e = entry_find(r, theme);
    if (e == NULL)
        e = entry_load(r, theme);
    if (e->theme == NULL || !ensure_process(r) ||
        (!was_given(r, e, locale) && !give(r, &r->process, e, locale)))
        return NULL;
    return e;
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
    struct value_keys keys = {0};
    wire_begin(s, WIRE_RENDER);
    wire_put_text(s, theme, strlen(theme));
    wire_put_text(s, page->name, strlen(page->name));
    wire_put_text(s, page->fragment, strlen(page->fragment));
    put_tag(s, page->locale);
    wire_put_i64(s, clock_now());
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

/* Once with this theme (NULL: base). False: no page was appended. */
static bool attempt(struct renderer *r, struct entry *e, const struct page *page, bool *by_base_r)
{
    struct str s;
    struct value_secrets secrets = {0};
    struct wire_reader reply;
    struct reply_page got;
    if (!ensure_process(r))
        return false;
    str_init(&s, r->scratch, WIRE_MAX);
    str_reserve(&s, 48 * 1024);
    put_page(&s, e != NULL ? e->name : "base", page, &secrets);
    if (s.overflow)
        return false;
    enum exchanged x = talk(r, &r->process, &s, r->limits.wall_ms, r->limits.cpu_ms, &reply);
    r->process.renders++;
    if (x == EXCHANGED && reply_read_page(reply, r->scratch, &secrets, &got)) {
        *by_base_r = e == NULL || got.fell_back > 0;
        if (got.fell_back > 0 && e != NULL) {
            entry_fault(e, got.why);
            strike(e, STRIKE_ERROR);
        }
        reply_splice(&got, &secrets, page->html);
        return true;
    }
    const char *why = x == OVERDUE ? "the page took too long"
                      : x == DEAD  ? "the renderer ended"
                                   : reply_reason(reply, r->scratch);
    if (e != NULL) {
        entry_fault(e, arena_printf(r->scratch, "%s: %s", page->name, why));
        strike(e, STRIKE_KILL);
    } else {
        log_error("view", "%s by base: %s", page->name, why);
    }
    if (x != EXCHANGED || !reply_is_failure(reply))
        process_finish(&r->process);
    return false;
}

static void plain(const struct page *page)
{
    const char *heading = value_as_text(value_get(page->vm, "heading"));
    const char *text = value_as_text(value_get(page->vm, "text"));
    const char *prefix = value_as_text(value_get(page->shell, "prefix"));
    int64_t code = value_as_int(value_get(page->vm, "code"));
    plain_page(page->html, code > 0 ? (int)code : 500,
               heading != NULL ? heading : "This page cannot be shown just now",
               text != NULL ? text : "Nothing was lost: try it again in a moment.",
               value_as_text(value_get(page->shell, "request_id")), prefix != NULL ? prefix : "");
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
    struct entry *e = choose(r, theme, p.locale);
    done = attempt(r, e, &p, &by_base);
    if (!done && e != NULL)
        done = attempt(r, NULL, &p, &by_base);
    if (!done)
        plain(&p);
    arena_reset(r->scratch);
    return !done ? RENDERED_PLAIN : by_base ? RENDERED_BY_BASE : RENDERED_BY_THEME;
}

static bool is_due(const struct renderer *r)
{
    const struct process *p = &r->process;
    if (p->renders >= r->limits.renders)
        return true;
    return p->renders % MEMORY_EVERY == MEMORY_EVERY - 1 && process_memory(p) > r->limits.memory;
}

/* What the process before had, the one used last coming last. */
static void warm(struct renderer *r, const struct given before[GIVEN])
{
    for (size_t i = GIVEN; i-- > 0 && r->process.sock >= 0;) {
        struct entry *e = before[i].entry != NULL ? entry_find(r, before[i].entry->name) : NULL;
        if (e != NULL && e->theme != NULL)
            give(r, &r->process, e, before[i].locale);
    }
}

void renderer_between(struct renderer *r)
{
    struct process next;
    if (r->process.sock < 0) {
        ensure_process(r);
        return;
    }
    if (!is_due(r) || !process_start(r, &next))
        return;
    struct process old = r->process;
    struct given before[GIVEN];
    memcpy(before, r->given, sizeof before);
    forget_given(r);
    r->process = next;
    warm(r, before);
    process_finish(&old);
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
