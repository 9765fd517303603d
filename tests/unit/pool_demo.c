/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest house that a pool can serve: answers what it is told by REQUEST_URI, so that
 * tests/web/test_server_pool.py can make it late, crash it and look into its processes. Options
 * come from a file of "name value" lines, read again on SIGHUP. Usage: pool_demo FILE|alone. */
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "server/server.h"
#include "server/zygote.h"

static const char *options_file;
static char listen_at[128], group[64], user[64], greeting[64];
static unsigned fail_start, fail_zygote;

struct helper {
    int door, sock, pidfd;
    unsigned index;
};

static void option_take(struct pool_options *o, const char *name, const char *value)
{
    struct {
        const char *name;
        unsigned *number;
    } numbers[] = {{"workers", &o->workers},
                   {"requests_per_worker", &o->requests_per_worker},
                   {"request_seconds", &o->request_seconds},
                   {"peer_ms", &o->peer_ms},
                   {"drain_seconds", &o->drain_seconds},
                   {"fail_start", &fail_start}};
    struct {
        const char *name;
        char *text;
        size_t size;
    } texts[] = {{"listen", listen_at, sizeof listen_at},
                 {"socket_group", group, sizeof group},
                 {"user", user, sizeof user},
                 {"greeting", greeting, sizeof greeting}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(name, numbers[i].name) == 0)
            *numbers[i].number = (unsigned)atoi(value);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(name, texts[i].name) == 0)
            snprintf(texts[i].text, texts[i].size, "%s", value);
    if (strcmp(name, "max_upload") == 0)
        o->max_upload = (size_t)atol(value);
}

static bool demo_load(struct pool_options *o)
{
    char name[32], value[128];
    bool good = true;
    FILE *f = fopen(options_file, "re");
    if (f == NULL)
        return false;
    *o = (struct pool_options){.workers = 2,
                               .requests_per_worker = 100000,
                               .request_seconds = 10,
                               .peer_ms = 500,
                               .drain_seconds = 5,
                               .max_upload = 1 << 20};
    fail_start = 0;
    while (fscanf(f, "%31s %127s", name, value) == 2) {
        good = good && strcmp(name, "broken") != 0;
        option_take(o, name, value);
    }
    fclose(f);
    o->listen = listen_at;
    o->socket_group = group;
    o->user = user;
    return good;
}

static void *demo_prepare(void)
{
    const char *ms = getenv("POOL_DEMO_PREPARE_MS");
    if (ms != NULL)
        poll(NULL, 0, atoi(ms));
    return &fail_zygote;
}

static size_t descriptors_list(char *to, size_t size)
{
    size_t len = 0;
    DIR *d = opendir("/proc/self/fd");
    struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL)
        if (e->d_name[0] != '.' && atoi(e->d_name) != dirfd(d))
            len += (size_t)snprintf(to + len, size - len, "%s ", e->d_name);
    if (d != NULL)
        closedir(d);
    return len;
}

/* Answers each byte with its pid and its descriptors. */
static int demo_renderer(void *prepared, int fd)
{
    char byte, text[512];
    (void)prepared;
    while (read(fd, &byte, 1) == 1) {
        size_t n =
            (size_t)snprintf(text, sizeof text, "%ld %d ", (long)getpid(), server_shared() != NULL);
        n += descriptors_list(text + n, sizeof text - n);
        if (byte == 'x' || write(fd, text, n) != (ssize_t)n)
            return 1;
    }
    return 0;
}

static void *demo_start(unsigned index, int zygote)
{
    struct helper *h = calloc(1, sizeof *h);
    if (fail_start)
        _exit(9);
    *h = (struct helper){.door = zygote, .sock = -1, .pidfd = -1, .index = index};
    return h;
}

static void render(struct helper *h, struct exchange *x)
{
    char text[512];
    ssize_t n = -1;
    for (int tries = 0; n <= 0 && tries < 2; tries++) {
        if (h->sock < 0 && !zygote_ask(h->door, &h->sock, &h->pidfd))
            continue;
        if (write(h->sock, ".", 1) == 1)
            n = read(h->sock, text, sizeof text);
        if (n <= 0) {
            close(h->sock);
            close(h->pidfd);
            h->sock = -1;
        }
    }
    if (n > 0)
        str_append_n(&x->answer, text, (size_t)n);
    else
        str_append(&x->answer, "no renderer");
}

static void seats_show(struct exchange *x)
{
    static const char *const kinds[] = {"worker", "jobs", "zygote", "supervisor"};
    struct seat_view seats[64];
    size_t n = server_seats(seats, 64);
    for (size_t i = 0; i < n; i++)
        str_printf(&x->answer, "%s %d %llu %llu\n", kinds[seats[i].kind], seats[i].pid,
                   (unsigned long long)seats[i].requests, (unsigned long long)seats[i].restarts);
}

/* /sleep/MS /late/MS (and then a renderer) /crash /hang /fork /exec /setuid /big/BYTES /empty
 * /renderer /seats /fds; anything else is an echo. */
static void demo_handle(void *worker, struct exchange *x)
{
    const char *uri = exchange_param(x, "REQUEST_URI");
    char fds[512];
    uri = uri != NULL ? uri : "/";
    str_printf(&x->answer, "Status: %s\r\nX-Pid: %ld\r\nX-Id: %s\r\n\r\n",
               x->body_state == BODY_WHOLE ? "200 OK" : "413 Too Large", (long)getpid(), x->id);
    if (text_starts(uri, "/sleep/") || text_starts(uri, "/late/") || text_starts(uri, "/hang"))
        log_warn("demo", "begins %s", uri);
    if (text_starts(uri, "/sleep/")) {
        usleep((unsigned)atoi(uri + 7) * 1000);
    } else if (text_starts(uri, "/late/")) {
        usleep((unsigned)atoi(uri + 6) * 1000);
        render(worker, x);
    } else if (text_starts(uri, "/crash")) {
        abort();
    } else if (text_starts(uri, "/hang")) {
        for (;;)
            pause();
    } else if (text_starts(uri, "/fork")) {
        str_printf(&x->answer, "%ld", (long)fork());
    } else if (text_starts(uri, "/exec")) {
        execl("/bin/true", "true", (char *)NULL);
    } else if (text_starts(uri, "/setuid")) {
        str_printf(&x->answer, "%d", setuid(getuid()));
    } else if (text_starts(uri, "/big/")) {
        for (long n = atol(uri + 5); n > 0; n -= 64)
            str_append(&x->answer, "0123456789abcdef0123456789abcdef0123456789abcdef"
                                   "0123456789abcde\n");
    } else if (text_starts(uri, "/empty")) {
        str_clear(&x->answer);
    } else if (text_starts(uri, "/renderer")) {
        render(worker, x);
    } else if (text_starts(uri, "/seats")) {
        seats_show(x);
    } else if (text_starts(uri, "/fds")) {
        descriptors_list(fds, sizeof fds);
        str_append(&x->answer, fds);
    } else {
        str_printf(&x->answer, "%s%s %zu ", greeting, uri, x->body_len);
        str_append_n(&x->answer, x->body, x->body_len);
    }
}

static unsigned demo_tick(void *worker)
{
    (void)worker;
    server_shared()[0]++;
    return 100;
}

/* As the command line does: a zygote for this process alone. */
static int alone(const struct house *house)
{
    struct helper h = {.door = zygote_alone(house), .sock = -1, .pidfd = -1};
    struct exchange x = {.arena = arena_create(1 << 20)};
    str_init(&x.answer, x.arena, 1 << 16);
    render(&h, &x);
    printf("%s\n", x.answer.data);
    arena_destroy(x.arena);
    return 0;
}

int main(int argc, char **argv)
{
    const struct house house = {.renderer_prepare = demo_prepare,
                                .renderer_main = demo_renderer,
                                .load = demo_load,
                                .worker_start = demo_start,
                                .handle = demo_handle,
                                .tick = demo_tick};
    if (argc != 2)
        return 64;
    if (strcmp(argv[1], "alone") == 0)
        return alone(&house);
    options_file = argv[1];
    return server_run(&house, argv);
}
