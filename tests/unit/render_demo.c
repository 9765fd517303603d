/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws pages of a fixture with a theme, through a real renderer process:
 *     render_demo [--without WALL]... [--rounds N] [--wall-ms N] [--time] [--price]
 *                 [--themes DIR] [--theme NAME] [--page NAME] [--lines] [--stranger HOW]
 * Prints the page, and on standard error "by: theme|base|plain", "note: ...", the worker's and the
 * renderer's pid and memory. With --stranger each renderer is one that was taken over. With --lines it prepares once and draws what standard input asks for. Built from the rooms' sources with MAILBOY_TEST_WALLS, so that each wall
 * can be taken away. */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/wire.h"
#include "fixture.h"
#include "inside.h"
#include "render/renderer.h"
#include "render/walls.h"
#include "server/server.h"
#include "server/zygote.h"
#include "view/markup.h"
#include "view/renderer.h"
#include "view/reply.h"

static void *prepared;

static const char *stranger; /* how it behaves; NULL: there is none */

/* A whole message that says so. */
static void say(int fd, size_t says, const void *bytes, size_t n)
{
    static char message[WIRE_MAX + 4];
    uint32_t le = htole32((uint32_t)says);
    memcpy(message, &le, sizeof le);
    memcpy(message + 4, bytes, n);
    for (size_t done = 0; done < n + 4;) {
        ssize_t wrote = write(fd, message + done, n + 4 - done);
        if (wrote <= 0)
            _exit(0);
        done += (size_t)wrote;
    }
}

/* A renderer that was taken over, after the first bytes of a request. */
static void be_strange(int fd)
{
    static char bytes[WIRE_MAX], asked[1024];
    static const struct timespec moment = {.tv_nsec = 2000000};
    size_t head = 1 + 4;
    bytes[0] = WIRE_PAGE;
    memset(bytes + head, 'x', sizeof bytes - head);
    if (strcmp(stranger, "deaf") == 0 || read(fd, asked, sizeof asked) <= 0)
        pause();
    if (strcmp(stranger, "gone") == 0)
        _exit(0);
    if (strcmp(stranger, "empty") == 0)
        say(fd, 0, bytes, 0);
    if (strcmp(stranger, "endless") == 0)
        for (;;)
            say(fd, UINT32_MAX, bytes, sizeof bytes);
    if (strcmp(stranger, "twice") == 0) {
        say(fd, 1, bytes, 1);
        say(fd, 1, bytes, 1);
    }
    if (strcmp(stranger, "large") == 0) {
        uint32_t le = htole32((uint32_t)(sizeof bytes - head - 12));
        memcpy(bytes + 1, &le, sizeof le);
        memset(bytes + sizeof bytes - 12, 0, 12); /* no slots, nothing fell back */
        say(fd, sizeof bytes, bytes, sizeof bytes);
    }
    if (strcmp(stranger, "slots") == 0) {
        enum { PAGE = 2 * 1024 * 1024, SLOTS = VALUE_SECRETS_MAX };
        struct arena *a = arena_create((size_t)8 * WIRE_MAX);
        struct str s;
        str_init(&s, a, WIRE_MAX);
        wire_put_u8(&s, WIRE_PAGE);
        bytes[head] = '>';
        wire_put_text(&s, bytes + head, PAGE);
        wire_put_u32(&s, SLOTS);
        for (size_t i = 0; i < SLOTS; i++) {
            wire_put_u32(&s, PAGE);
            wire_put_u32(&s, 0);
        }
        wire_put_u32(&s, 0);
        wire_put_u32(&s, 9); /* bytes that do not come: it is refused after all */
        say(fd, s.len, s.data, s.len);
    }
    if (strcmp(stranger, "slow") == 0)
        say(fd, sizeof bytes, bytes, 1);
    while (strcmp(stranger, "slow") == 0 && write(fd, "x", 1) == 1)
        nanosleep(&moment, NULL);
    pause();
}

/* In place of the server's: forks here. */
bool zygote_ask(int door, int *sock_r, int *pidfd_r)
{
    int pair[2];
    (void)door;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0 && stranger != NULL)
        be_strange(pair[1]);
    if (pid == 0)
        _exit(dup2(pair[1], 3) == 3 ? renderer_main(prepared, 3) : 71);
    close(pair[1]);
    *sock_r = pair[0];
    *pidfd_r = (int)syscall(SYS_pidfd_open, pid, 0);
    return pid > 0;
}

_Atomic uint64_t *server_shared(void)
{
    return NULL;
}

static const char *const wall_names[WALL_COUNT] = {[WALL_BUDGET] = "BUDGET",
                                                   [WALL_CPU] = "CPU",
                                                   [WALL_CHARGE] = "CHARGE",
                                                   [WALL_MEMORY] = "MEMORY",
                                                   [WALL_OUTPUT] = "OUTPUT",
                                                   [WALL_PCALL] = "PCALL",
                                                   [WALL_ENVIRONMENT] = "ENVIRONMENT",
                                                   [WALL_STRING_METATABLE] = "STRING_METATABLE",
                                                   [WALL_TOSTRING] = "TOSTRING",
                                                   [WALL_ORDER] = "ORDER",
                                                   [WALL_BYTECODE] = "BYTECODE",
                                                   [WALL_FRESH_STATE] = "FRESH_STATE",
                                                   [WALL_ESCAPE] = "ESCAPE",
                                                   [WALL_ELEMENTS] = "ELEMENTS",
                                                   [WALL_ATTRIBUTES] = "ATTRIBUTES",
                                                   [WALL_URLS] = "URLS",
                                                   [WALL_FORMS] = "FORMS",
                                                   [WALL_SECRETS] = "SECRETS",
                                                   [WALL_DEPTH] = "DEPTH",
                                                   [WALL_SECCOMP] = "SECCOMP",
                                                   [WALL_DEADLINE] = "DEADLINE",
                                                   [WALL_SLOTS] = "SLOTS",
                                                   [WALL_MARKUP] = "MARKUP",
                                                   [WALL_TEMPLATES] = "TEMPLATES"};

static struct renderer_limits limits;

static void take_away(const char *name)
{
    for (unsigned i = 0; i < WALL_COUNT; i++) {
        if (strcmp(wall_names[i], name) != 0)
            continue;
        walls_off |= 1u << i;
        if (i == WALL_DEADLINE)
            limits.cpu_ms = limits.wall_ms = 20000;
        reply_trusts_slots = reply_trusts_slots || i == WALL_SLOTS;
        markup_is_trusted = markup_is_trusted || i == WALL_MARKUP;
        reply_trusts_size = reply_trusts_size || i == WALL_OUTPUT;
        return;
    }
    fprintf(stderr, "there is no wall %s\n", name);
    exit(64);
}

static long memory_kb(int pid)
{
    char path[64], line[256];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *f = fopen(path, "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    if (f != NULL)
        fclose(f);
    return kb;
}

static const char *const by_names[] = {"theme", "base", "plain"};

struct options {
    const char *themes, *theme, *page, *fragment;
    int rounds;
    bool time, price, lines;
};

static struct options read_options(char **argv)
{
    struct options o = {.themes = ".", .theme = "base", .page = "login", .rounds = 1};
    limits = renderer_limits;
    for (argv++; *argv != NULL; argv++) {
        if (strcmp(*argv, "--time") == 0)
            o.time = true;
        else if (strcmp(*argv, "--price") == 0)
            o.price = true;
        else if (strcmp(*argv, "--lines") == 0)
            o.lines = true;
        else if (argv[1] == NULL)
            exit(64);
        else if (strcmp(*argv, "--without") == 0)
            take_away(*++argv);
        else if (strcmp(*argv, "--stranger") == 0)
            stranger = *++argv;
        else if (strcmp(*argv, "--wall-ms") == 0)
            limits.wall_ms = limits.compile_ms = (unsigned)atoi(*++argv);
        else if (strcmp(*argv, "--rounds") == 0)
            o.rounds = atoi(*++argv);
        else if (strcmp(*argv, "--themes") == 0)
            o.themes = *++argv;
        else if (strcmp(*argv, "--theme") == 0)
            o.theme = *++argv;
        else if (strcmp(*argv, "--fragment") == 0)
            o.fragment = *++argv;
        else if (strcmp(*argv, "--page") == 0)
            o.page = *++argv;
    }
    return o;
}

static void draw(struct renderer *r, const struct options *o, struct arena *a, bool last)
{
    struct str html;
    str_init(&html, a, WIRE_MAX);
    int64_t start = clock_monotonic_us();
    enum rendered by = renderer_render(r, a, o->theme, o->page, o->fragment,
                                       fixture_model(a, o->page), fixture_shell(a, o->page), &html);
    int64_t us = clock_monotonic_us() - start;
    const char *note = renderer_note(r, o->theme);
    fprintf(stderr, "by: %s\nus: %lld\npid: %d\nrss: %ld\n", by_names[by], (long long)us,
            renderer_pid(r), memory_kb(renderer_pid(r)));
    if (note != NULL)
        fprintf(stderr, "note: %s\n", note);
    if (last)
        fwrite(html.data, 1, html.len, stdout);
}

static int64_t cpu_of(int pid)
{
    clockid_t id;
    struct timespec t;
    if (clock_getcpuclockid(pid, &id) != 0 || clock_gettime(id, &t) != 0)
        return 0;
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Microseconds from the model to the page, of many. */
static void measure(struct renderer *r, const struct options *o, struct arena *a)
{
    enum { N = 3000, WARM = 20 };
    static int64_t took[N];
    int64_t sum = 0, cpu = 0, theirs = 0;
    for (int i = -WARM; i < N; i++) {
        if (i == 0)
            sum = 0, cpu = clock_cpu_us(), theirs = cpu_of(renderer_pid(r));
        struct str html;
        const struct value *vm = fixture_model(a, o->page), *shell = fixture_shell(a, o->page);
        str_init(&html, a, WIRE_MAX);
        int64_t start = clock_monotonic_us();
        enum rendered by = renderer_render(r, a, o->theme, o->page, o->fragment, vm, shell, &html);
        int64_t us = clock_monotonic_us() - start;
        if (by == RENDERED_PLAIN || (by == RENDERED_BY_BASE) != (strcmp(o->theme, "base") == 0))
            log_fatal("demo", "the theme does not draw the page");
        sum += us;
        took[i < 0 ? 0 : i] = us;
        if (i == N - 1)
            fprintf(stderr, "page bytes: %zu\n", html.len);
        arena_reset(a);
    }
    qsort(took, N, sizeof *took, by_time);
    fprintf(stderr,
            "mean us: %lld, median us: %lld, least us: %lld, cpu us: worker %lld, renderer %lld;"
            " renderer rss kB: %ld\n",
            (long long)(sum / N), (long long)took[N / 2], (long long)took[0],
            (long long)((clock_cpu_us() - cpu) / N),
            (long long)((cpu_of(renderer_pid(r)) - theirs) / N), memory_kb(renderer_pid(r)));
}

static int64_t draw_once(struct renderer *r, const struct options *o, struct arena *a)
{
    struct str html;
    const struct value *vm = fixture_model(a, o->page), *shell = fixture_shell(a, o->page);
    str_init(&html, a, WIRE_MAX);
    int64_t start = clock_monotonic_us();
    if (r != NULL)
        renderer_render(r, a, "base", o->page, o->fragment, vm, shell, &html);
    else
        inside_draw(a, o->page, vm, shell, &html);
    return clock_monotonic_us() - start;
}

/* The same pages through the renderer and drawn here without a wall, by turns. */
static void price(struct renderer *r, const struct options *o, struct arena *a)
{
    enum { N = 4000, WARM = 100 };
    static int64_t apart[N], inside[N];
    walls_off = ~0u; /* here alone: the renderer is its own process by now */
    inside_begin();
    for (int i = -WARM; i < N; i++) {
        int64_t there = draw_once(r, o, a), here = draw_once(NULL, o, a);
        inside_tidy();
        arena_reset(a);
        if (i >= 0)
            apart[i] = there, inside[i] = here;
    }
    qsort(apart, N, sizeof *apart, by_time);
    qsort(inside, N, sizeof *inside, by_time);
    fprintf(stderr, "apart p50 %lld, p99 %lld; inside p50 %lld, p99 %lld\n",
            (long long)apart[N / 2], (long long)apart[N * 99 / 100], (long long)inside[N / 2],
            (long long)inside[N * 99 / 100]);
}

static void draw_rounds(const struct options *o)
{
    struct arena *a = arena_create((size_t)64 * 1024 * 1024);
    if (o->time)
        limits.wall_ms = 20000; /* a busy machine may take a theme in as slowly as it likes */
    struct renderer *r = renderer_create(-1, o->themes, &limits);
    if (o->time)
        measure(r, o, a);
    if (o->price)
        price(r, o, a);
    for (int i = 0; i < o->rounds; i++) {
        draw(r, o, a, i + 1 == o->rounds);
        arena_wipe(a);
        renderer_between(r);
    }
    fprintf(stderr, "worker rss: %ld\n", memory_kb((int)getpid()));
    renderer_destroy(r);
    arena_destroy(a);
}

/* Each line of standard input, "THEME ROUNDS PATH", by a process of its own: the page goes to PATH,
 * what else there is to say to PATH.said, and its exit status is answered. */
static void draw_lines(struct options *o)
{
    char theme[64], page[1024], said[1040];
    while (scanf("%63s %d %1023s", theme, &o->rounds, page) == 3) {
        pid_t pid = fork();
        if (pid == 0) {
            signal(SIGCHLD, SIG_IGN);
            snprintf(said, sizeof said, "%s.said", page);
            if (freopen(page, "w", stdout) == NULL || freopen(said, "w", stderr) == NULL)
                _exit(70);
            setvbuf(stderr, NULL, _IONBF, 0);
            o->theme = theme;
            draw_rounds(o);
            fflush(stdout);
            _exit(0);
        }
        int status = 0;
        assert(waitpid(pid, &status, 0) == pid);
        printf("%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    signal(SIGPIPE, SIG_IGN);
    log_process("worker");
    struct options o = read_options(argv);
    if (!o.lines)
        signal(SIGCHLD, SIG_IGN);
    prepared = renderer_prepare(fixture_routes, NULL);
    if (o.lines)
        draw_lines(&o);
    else
        draw_rounds(&o);
    return 0;
}
