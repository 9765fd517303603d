/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/worker.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "server/fastcgi.h"
#include "server/scoreboard.h"

enum {
    INTAKES = 16,            /* connections that may be half-said at once */
    GRACE_MS = 5,            /* after accept: most peers speak at once */
    DRAIN_PATIENCE_MS = 500, /* for half-said requests once we are to end */
    ANSWER_MAX = 16 * 1024 * 1024,
    ARENA_BASE = 64 * 1024 * 1024,
    BROKEN_PAUSE_MS = 60000,
    UNREAD_MAX = 64 * 1024 * 1024
};

struct worker {
    const struct employment *e;
    struct seat *seat;
    void *house; /* what worker_start gave */
    struct arena *arena;
    int epoll, signals, listener;
    bool draining;
    int64_t patience_ms; /* when draining: the end of it */
    uint64_t served;
    unsigned broken; /* connections since broken_told_ms */
    int64_t broken_told_ms;
    struct intake intakes[INTAKES];
};

static void id_make(char id[24])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char bytes[12];
    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        id[i] = letters[bytes[i] % 36];
    id[sizeof bytes] = '\0';
}

/* The supervisor kills whom it finds past the deadline; the alarm does it where no supervisor is
 * left. */
static void deadline_set(struct worker *w, int64_t ms)
{
    w->seat->deadline_ms = ms == 0 ? 0 : clock_monotonic_ms() + ms;
    alarm(ms == 0 ? 0 : (unsigned)(ms / 1000) + 5);
}

/* So that a peer that is still sending its too large body gets to read our answer. */
static void unread_drain(int fd, unsigned peer_ms)
{
    static unsigned char bytes[64 * 1024];
    int64_t end = clock_monotonic_ms() + peer_ms, now;
    size_t left = UNREAD_MAX;
    shutdown(fd, SHUT_WR);
    while (left > 0 && (now = clock_monotonic_ms()) < end) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, (int)(end - now)) < 0 && errno != EINTR)
            return;
        ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            return;
        left -= n > 0 && (size_t)n < left ? (size_t)n : 0;
    }
}

static void answer_check(struct exchange *x)
{
    if (!x->answer.overflow && x->answer.len > 0)
        return;
    log_error("server", x->answer.overflow ? "the answer is too long" : "there was no answer");
    str_init(&x->answer, x->arena, 4096);
    str_printf(&x->answer,
               "Status: 500 Internal Server Error\r\nContent-Type: text/plain\r\n"
               "Cache-Control: no-store\r\n\r\nInternal error (request %s)\n",
               x->id);
}

static void exchange_run(struct worker *w, struct intake *in, struct exchange *x)
{
    const struct pool_options *o = &w->e->options;
    if (!fastcgi_open(in, x)) {
        log_error("server", "libfcgi and we disagree about a request");
        return;
    }
    w->e->house->handle(w->house, x);
    answer_check(x);
    deadline_set(w, 4 * (int64_t)o->peer_ms);
    if (!fastcgi_send(in, x, o->peer_ms))
        log_info("server", "the web server did not take the answer");
}

/* One whole request, from the spool to the last byte of the answer. */
static void serve(struct worker *w, struct intake *in)
{
    const struct pool_options *o = &w->e->options;
    struct exchange x = {.arena = w->arena};
    w->seat->busy = true;
    deadline_set(w, (int64_t)o->request_seconds * 1000);
    id_make(x.id);
    log_request(x.id);
    str_init(&x.answer, w->arena, ANSWER_MAX);
    exchange_run(w, in, &x);
    fastcgi_close(in);
    if (in->too_large)
        unread_drain(in->fd, o->peer_ms);
    intake_finish(in);
    w->seat->requests = ++w->served;
    deadline_set(w, (int64_t)o->request_seconds * 1000);
    if (w->e->house->between != NULL)
        w->e->house->between(w->house);
    log_request(NULL);
    arena_wipe(w->arena);
    deadline_set(w, 0);
    w->seat->busy = false;
}

/* Once a minute, that a flood of them is no flood in the log. */
static void broken_tell(struct worker *w)
{
    int64_t now = clock_monotonic_ms();
    w->broken++;
    if (w->broken_told_ms != 0 && now - w->broken_told_ms < BROKEN_PAUSE_MS)
        return;
    log_warn("server", "closed %u connection(s) that sent no whole FastCGI request", w->broken);
    w->broken_told_ms = now;
    w->broken = 0;
}

static void settle(struct worker *w, struct intake *in, enum intake_state state)
{
    if (state == INTAKE_WHOLE) {
        serve(w, in);
    } else {
        broken_tell(w);
        intake_finish(in);
    }
}

static void watch(struct worker *w, struct intake *in)
{
    struct epoll_event wish = {.events = EPOLLIN, .data.ptr = in};
    if (epoll_ctl(w->epoll, EPOLL_CTL_ADD, in->fd, &wish) != 0)
        log_fatal("server", "epoll: %s", strerror(errno));
}

/* Of one that is watched. */
static void advance(struct worker *w, struct intake *in)
{
    enum intake_state state = intake_read(in);
    if (state == INTAKE_MORE)
        return;
    epoll_ctl(w->epoll, EPOLL_CTL_DEL, in->fd, NULL);
    settle(w, in, state);
}

/* A free intake, or else the one that has been silent for longest. */
static struct intake *intake_pick(struct worker *w)
{
    struct intake *oldest = &w->intakes[0];
    for (size_t i = 0; i < INTAKES; i++) {
        if (w->intakes[i].fd < 0)
            return &w->intakes[i];
        if (w->intakes[i].heard_ms < oldest->heard_ms)
            oldest = &w->intakes[i];
    }
    intake_finish(oldest);
    return oldest;
}

static void connection_accept(struct worker *w)
{
    int fd = accept4(w->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) {
        if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
            return;
        log_warn("server", "accept: %s", strerror(errno));
        poll(NULL, 0, 100); /* short of something: asking at once again would spin */
        return;
    }
    struct intake *in = intake_pick(w);
    intake_start(in, fd, w->e->options.max_upload);
    enum intake_state state = intake_read(in);
    if (state == INTAKE_MORE) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        poll(&p, 1, GRACE_MS);
        state = intake_read(in);
    }
    if (state == INTAKE_MORE)
        watch(w, in);
    else
        settle(w, in, state);
}

static void drain_begin(struct worker *w)
{
    if (w->draining)
        return;
    w->draining = true;
    w->patience_ms = clock_monotonic_ms() + DRAIN_PATIENCE_MS;
    epoll_ctl(w->epoll, EPOLL_CTL_DEL, w->listener, NULL);
    close(w->listener);
    w->listener = -1;
}

static int64_t limit_of(const struct worker *w, const struct intake *in)
{
    int64_t limit = intake_limit(in, w->e->options.peer_ms);
    return w->draining && w->patience_ms < limit ? w->patience_ms : limit;
}

/* Closes those whose time is over; milliseconds until the next one's is, -1 if there is none. */
static int expire(struct worker *w, bool *any_r)
{
    int64_t now = clock_monotonic_ms(), next = -1;
    *any_r = false;
    for (size_t i = 0; i < INTAKES; i++) {
        struct intake *in = &w->intakes[i];
        if (in->fd < 0)
            continue;
        /* It may have spoken while we were busy with another. */
        if (limit_of(w, in) <= now)
            advance(w, in);
        if (in->fd >= 0 && limit_of(w, in) <= now)
            intake_finish(in);
        if (in->fd < 0)
            continue;
        *any_r = true;
        int64_t left = limit_of(w, in) - now;
        next = next < 0 || left < next ? left : next;
    }
    return (int)next;
}

static void epoll_begin(struct worker *w)
{
    /* Exclusive: one connection wakes one worker. */
    struct epoll_event listener = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = &w->listener};
    struct epoll_event term = {.events = EPOLLIN, .data.ptr = &w->signals};
    w->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (w->epoll < 0 || epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->signals, &term) != 0 ||
        epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->listener, &listener) != 0)
        log_fatal("server", "epoll: %s", strerror(errno));
}

static void loop(struct worker *w)
{
    bool any = false;
    for (;;) {
        int timeout = expire(w, &any);
        if (w->draining && !any)
            return;
        struct epoll_event event;
        int n = epoll_wait(w->epoll, &event, 1, timeout);
        if (n < 0 && errno != EINTR)
            log_fatal("server", "epoll: %s", strerror(errno));
        if (n <= 0)
            continue;
        if (event.data.ptr == &w->signals) {
            epoll_ctl(w->epoll, EPOLL_CTL_DEL, w->signals, NULL);
            drain_begin(w);
        } else if (event.data.ptr == &w->listener) {
            if (!w->draining)
                connection_accept(w);
        } else {
            advance(w, event.data.ptr);
        }
        if (w->served >= w->e->options.requests_per_worker)
            drain_begin(w);
    }
}

_Noreturn void worker_run(const struct employment *e)
{
    static struct worker w;
    w = (struct worker){.e = e, .signals = employment_begin(e, "worker"), .listener = e->listener};
    w.seat = scoreboard_seat(e->seat);
    w.arena = arena_create(ARENA_BASE + 2 * e->options.max_upload);
    for (size_t i = 0; i < INTAKES; i++)
        w.intakes[i] = (struct intake){.fd = -1, .spool = -1};
    if (!fastcgi_init())
        log_fatal("server", "libfcgi would not start");
    w.house = e->house->worker_start(e->index, e->door);
    epoll_begin(&w);
    w.seat->deadline_ms = 0;
    w.seat->ready = true;
    loop(&w);
    _exit(0);
}
