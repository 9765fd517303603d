/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/hatchery.h"
#include "server/listen.h"
#include "server/passing.h"
#include "server/scoreboard.h"
#include "server/server.h"
#include "server/takeover.h"
#include "server/worker.h"

enum {
    WORKERS_MAX = 64,
    POSTS = WORKERS_MAX + 1,
    RUNNER = WORKERS_MAX,
    TICK_MS = 200,
    START_MS = 30000,
    RELOAD_MS = 3000,
    ZYGOTE_YOUNG_MS = 5000,
    BACKOFF_FIRST_MS = 50,
    BACKOFF_LAST_MS = 5000,
    EXIT_SYSTEM = 71,
    EXIT_CONFIGURATION = 78
};

/* A process that was started: its row is its seat's. */
struct child {
    pid_t pid; /* 0: no child */
    unsigned post;
    bool leaving;       /* was told to end: nobody replaces it */
    int64_t stopped_ms; /* since when somebody holds it by SIGSTOP; 0: runs */
};

/* A place that shall be filled: worker 0..63, job runner. */
struct post {
    unsigned seat;    /* of the child that fills it; 0: empty */
    int64_t start_ms; /* not before */
    unsigned young;   /* how many in a row died before they were ready */
    uint64_t restarts;
};

struct pool {
    const struct house *house;
    char **argv;
    struct pool_options options;
    struct identity identity;
    struct takeover takeover; /* .listener is the pool's door */
    pid_t zygote;
    int64_t zygote_born_ms, anew_ms; /* anew: when to run the program again, 0: no need */
    int link, signals;
    struct child children[SEATS];
    struct post posts[POSTS];
    bool draining, killed;
    int64_t drain_ms, reload_ms; /* when who leaves is killed; when the old are told */
};

static struct pool pool;

static bool is_wanted(unsigned post)
{
    return !pool.draining && pool.anew_ms == 0 && (post == RUNNER || post < pool.options.workers);
}

static int64_t backoff_ms(unsigned young)
{
    int64_t ms = young == 0 ? 0 : BACKOFF_FIRST_MS;
    for (unsigned i = 1; i < young && ms < BACKOFF_LAST_MS; i++)
        ms *= 2;
    return ms < BACKOFF_LAST_MS ? ms : BACKOFF_LAST_MS;
}

/* The children. */

static unsigned seat_free(void)
{
    for (unsigned n = SEAT_FIRST_CHILD; n < SEATS; n++)
        if (pool.children[n].pid == 0)
            return n;
    return 0;
}

_Noreturn static void child_run(unsigned post, unsigned seat, int door, pid_t supervisor)
{
    static struct employment e;
    bool runner = post == RUNNER;
    e = (struct employment){.house = pool.house,
                            .options = pool.options,
                            .identity = pool.identity,
                            .index = runner ? pool.options.workers : post,
                            .seat = seat,
                            .door = door,
                            .listener = runner ? -1 : pool.takeover.listener.fd,
                            .supervisor = supervisor};
    if (runner)
        runner_run(&e);
    worker_run(&e);
}

/* The child of a post; -1: it could not be made. What it finds on its seat is written before it
 * lives. */
static pid_t child_fork(unsigned n, unsigned seat)
{
    pid_t self = getpid();
    int door = hatchery_door(pool.link);
    if (door < 0)
        return -1;
    scoreboard_clear(seat);
    scoreboard_seat(seat)->deadline_ms = clock_monotonic_ms() + START_MS;
    pid_t pid = fork();
    if (pid == 0)
        child_run(n, seat, door, self);
    close(door);
    return pid;
}

static void child_start(unsigned n)
{
    struct post *post = &pool.posts[n];
    unsigned seat = seat_free();
    pid_t pid = seat != 0 ? child_fork(n, seat) : -1;
    if (pid < 0) {
        log_warn("server", "a process could not be started: %s",
                 seat == 0 ? "too many are still ending" : strerror(errno));
        post->start_ms = clock_monotonic_ms() + backoff_ms(++post->young);
        return;
    }
    scoreboard_sit(seat, n == RUNNER ? SEAT_JOB_RUNNER : SEAT_WORKER, pid, post->restarts);
    pool.children[seat] = (struct child){.pid = pid, .post = n};
    post->seat = seat;
}

/* To kill(), 0 is our whole group and -1 everybody. */
static void process_kill(pid_t pid)
{
    if (pid > 0)
        kill(pid, SIGKILL);
}

static void posts_fill(void)
{
    int64_t now = clock_monotonic_ms();
    for (unsigned n = 0; n < POSTS; n++)
        if (is_wanted(n) && pool.posts[n].seat == 0 && pool.posts[n].start_ms <= now)
            child_start(n);
}

static void child_leave(unsigned seat, int64_t patience_ms)
{
    int64_t end = clock_monotonic_ms() + patience_ms;
    struct child *c = &pool.children[seat];
    if (c->pid == 0 || c->leaving)
        return;
    c->leaving = true;
    kill(c->pid, SIGTERM);
    if (pool.posts[c->post].seat == seat)
        pool.posts[c->post].seat = 0;
    pool.drain_ms = end > pool.drain_ms ? end : pool.drain_ms;
}

static void everybody_leave(void)
{
    for (unsigned seat = SEAT_FIRST_CHILD; seat < SEATS; seat++)
        child_leave(seat, (int64_t)pool.options.drain_seconds * 1000);
}

static const char *post_name(unsigned n)
{
    static char name[32];
    snprintf(name, sizeof name, n == RUNNER ? "the job runner" : "worker %u", n);
    return name;
}

/* The back-off is for those that cannot start; who did work is replaced at once, for a request
 * that kills its worker must not cost the others theirs. */
static void child_ended(unsigned seat, int status)
{
    struct child *c = &pool.children[seat];
    struct post *post = &pool.posts[c->post];
    bool ready = scoreboard_seat(seat)->ready;
    bool retired = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!retired && !c->leaving)
        log_warn("server", "%s (%ld) ended %s %d%s", post_name(c->post), (long)c->pid,
                 WIFSIGNALED(status) ? "by signal" : "with status",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                 ready ? "" : " before it was ready");
    if (post->seat == seat) {
        post->seat = 0;
        post->young = ready ? 0 : post->young + 1;
        post->restarts++;
        post->start_ms = clock_monotonic_ms() + backoff_ms(post->young);
    }
    scoreboard_clear(seat);
    *c = (struct child){.pid = 0};
}

static void zygote_ended(void)
{
    int64_t now = clock_monotonic_ms();
    bool young = now - pool.zygote_born_ms < ZYGOTE_YOUNG_MS;
    pool.zygote = 0;
    scoreboard_clear(SEAT_OF_ZYGOTE);
    if (pool.draining)
        return;
    /* This process has read secrets by now: what is forked from it would have them too. */
    pool.takeover.young = young ? pool.takeover.young + 1 : 0;
    pool.anew_ms = now + (young ? backoff_ms(pool.takeover.young) : 0);
    log_error("server", "the zygote is gone: the pool starts anew");
}

static void takeover_ended(pid_t pid)
{
    struct takeover *t = &pool.takeover;
    for (size_t i = 0; i < t->pid_count; i++)
        if (t->pids[i] == pid) {
            t->pids[i] = t->pids[--t->pid_count];
            return;
        }
}

static void child_changed(pid_t pid, int status)
{
    for (unsigned seat = SEAT_FIRST_CHILD; seat < SEATS; seat++) {
        struct child *c = &pool.children[seat];
        if (c->pid != pid)
            continue;
        if (WIFSTOPPED(status))
            c->stopped_ms = clock_monotonic_ms();
        else if (WIFCONTINUED(status))
            c->stopped_ms = 0;
        else
            child_ended(seat, status);
        return;
    }
    if (WIFSTOPPED(status) || WIFCONTINUED(status))
        return;
    if (pid == pool.zygote)
        zygote_ended();
    else
        takeover_ended(pid);
}

static void reap(void)
{
    pid_t pid;
    int status;
    while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0)
        child_changed(pid, status);
}

/* Time limits. */

static bool is_overdue(unsigned seat, int64_t now)
{
    const struct child *c = &pool.children[seat];
    int64_t deadline = scoreboard_seat(seat)->deadline_ms;
    int64_t patience = (int64_t)pool.options.request_seconds * 1000;
    return (deadline != 0 && now > deadline) ||
           (c->stopped_ms != 0 && now > c->stopped_ms + patience) ||
           (c->leaving && now > pool.drain_ms);
}

static void overdue_kill(void)
{
    int64_t now = clock_monotonic_ms();
    for (unsigned seat = SEAT_FIRST_CHILD; seat < SEATS; seat++) {
        struct child *c = &pool.children[seat];
        if (c->pid == 0 || !is_overdue(seat, now))
            continue;
        log_warn("server", "%s (%ld) took too long and is killed", post_name(c->post),
                 (long)c->pid);
        process_kill(c->pid);
        scoreboard_seat(seat)->deadline_ms = now + TICK_MS * 10;
        c->stopped_ms = 0;
    }
    if (pool.drain_ms != 0 && now > pool.drain_ms)
        for (size_t i = 0; i < pool.takeover.pid_count; i++)
            process_kill(pool.takeover.pids[i]);
}

/* Reload: the new ones first, then the old are told to finish. */

static bool options_load(struct pool_options *options_r, struct identity *identity_r)
{
    if (!pool.house->load(options_r) || !identity_find(options_r->user, identity_r))
        return false;
    assert(options_r->workers >= 1 && options_r->workers <= WORKERS_MAX);
    return true;
}

static void reload_begin(void)
{
    struct pool_options options = {0};
    struct identity identity;
    if (pool.draining || pool.anew_ms != 0)
        return;
    if (!options_load(&options, &identity)) {
        log_error("server", "the configuration has mistakes: the old one stays in use");
        return;
    }
    if (options.listen != NULL && pool.options.listen != NULL &&
        strcmp(options.listen, pool.options.listen) != 0)
        log_warn("server", "listen changes with the next start only");
    if (identity.change != pool.identity.change || identity.uid != pool.identity.uid)
        log_warn("server", "user changes with the next start only");
    identity = pool.identity;
    options.listen = pool.options.listen;
    options.user = pool.options.user;
    pool.options = options;
    /* Posts are vacated: their children serve on until the new ones are ready. */
    for (unsigned n = 0; n < POSTS; n++)
        pool.posts[n] = (struct post){.restarts = pool.posts[n].restarts};
    pool.reload_ms = clock_monotonic_ms() + RELOAD_MS;
    log_info("server", "the configuration was read again");
}

static bool posts_ready(void)
{
    for (unsigned n = 0; n < POSTS; n++)
        if (is_wanted(n) &&
            (pool.posts[n].seat == 0 || !scoreboard_seat(pool.posts[n].seat)->ready))
            return false;
    return true;
}

static void reload_finish(void)
{
    if (pool.reload_ms == 0 || (!posts_ready() && clock_monotonic_ms() < pool.reload_ms))
        return;
    pool.reload_ms = 0;
    /* No hurry: a request in hand may use all its time. */
    int64_t patience = 1000 * ((int64_t)pool.options.drain_seconds + pool.options.request_seconds);
    for (unsigned seat = SEAT_FIRST_CHILD; seat < SEATS; seat++)
        if (pool.children[seat].pid != 0 && pool.posts[pool.children[seat].post].seat != seat)
            child_leave(seat, patience);
}

/* The end. */

static void drain_begin(void)
{
    if (pool.draining && !pool.killed) { /* asked twice */
        pool.killed = true;
        pool.drain_ms = 1;
        return;
    }
    log_info("server", "ends; requests in hand have %u s", pool.options.drain_seconds);
    pool.draining = true;
    everybody_leave();
    pool.drain_ms = clock_monotonic_ms() + (int64_t)pool.options.drain_seconds * 1000;
    listener_close(&pool.takeover.listener);
}

static size_t children_count(void)
{
    size_t n = pool.takeover.pid_count;
    for (unsigned seat = SEAT_FIRST_CHILD; seat < SEATS; seat++)
        n += pool.children[seat].pid != 0;
    return n;
}

/* It ends by itself when it sees that nobody is left to ask. */
static void zygote_end(void)
{
    int64_t end = clock_monotonic_ms() + 1000;
    close(pool.link);
    while (pool.zygote != 0) {
        reap();
        if (clock_monotonic_ms() > end)
            process_kill(pool.zygote);
        poll(NULL, 0, pool.zygote != 0 ? 5 : 0);
    }
}

static void anew(void)
{
    struct takeover *t = &pool.takeover;
    everybody_leave();
    for (unsigned seat = SEAT_FIRST_CHILD; seat < SEATS; seat++)
        if (pool.children[seat].pid != 0 && t->pid_count < TAKEOVER_PIDS)
            t->pids[t->pid_count++] = pool.children[seat].pid;
    takeover_exec(t, pool.argv);
    drain_begin();
}

/* The loop. */

static void signal_take(unsigned number)
{
    if (number == SIGTERM || number == SIGINT)
        drain_begin();
    else if (number == SIGHUP)
        reload_begin();
}

static int pause_ms(void)
{
    int64_t now = clock_monotonic_ms(), next = now + (pool.reload_ms != 0 ? 10 : TICK_MS);
    for (unsigned n = 0; n < POSTS; n++)
        if (is_wanted(n) && pool.posts[n].seat == 0 && pool.posts[n].start_ms < next)
            next = pool.posts[n].start_ms;
    return next > now ? (int)(next - now) : 0;
}

static void loop(void)
{
    struct pollfd p = {.fd = pool.signals, .events = POLLIN};
    struct signalfd_siginfo info;
    while (!pool.draining || children_count() > 0) {
        posts_fill();
        reload_finish();
        if (poll(&p, 1, pause_ms()) < 0 && errno != EINTR)
            log_fatal("server", "poll: %s", strerror(errno));
        while (read(pool.signals, &info, sizeof info) == (ssize_t)sizeof info)
            signal_take(info.ssi_signo);
        reap();
        overdue_kill();
        if (pool.anew_ms != 0 && !pool.draining && clock_monotonic_ms() >= pool.anew_ms)
            anew();
    }
}

static void signals_begin(void)
{
    sigset_t ours;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGHUP);
    sigaddset(&ours, SIGCHLD);
    sigprocmask(SIG_SETMASK, &ours, NULL);
    pool.signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
    if (pool.signals < 0)
        log_fatal("server", "signalfd: %s", strerror(errno));
}

static bool zygote_begin(void)
{
    pool.zygote_born_ms = clock_monotonic_ms();
    pool.zygote = hatchery_fork(pool.house, &pool.link);
    if (pool.zygote < 0) {
        log_error("server", "the zygote could not be started: %s", strerror(errno));
        pool.zygote = 0;
        return false;
    }
    scoreboard_sit(SEAT_OF_SUPERVISOR, SEAT_SUPERVISOR, getpid(), 0);
    scoreboard_sit(SEAT_OF_ZYGOTE, SEAT_ZYGOTE, pool.zygote, 0);
    return true;
}

/* Whoever closed 0, 1 or 2 must not find a socket there that something prints to. */
static void standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
            log_fatal("server", "/dev/null: %s", strerror(errno));
}

/* The zygote before all else that could bring a secret into memory. */
static int begin(void)
{
    struct listener *door = &pool.takeover.listener;
    standard_descriptors();
    if (!takeover_read(&pool.takeover))
        listener_inherit(door);
    privileges_close_all_but((const int[]){door->fd, door->lock}, 2);
    if (!scoreboard_create()) {
        log_error("server", "no memory for the scoreboard");
        return EXIT_SYSTEM;
    }
    signals_begin();
    if (!zygote_begin())
        return EXIT_SYSTEM;
    if (!options_load(&pool.options, &pool.identity))
        return EXIT_CONFIGURATION;
    pool.drain_ms = clock_monotonic_ms() + (int64_t)pool.options.drain_seconds * 1000;
    /* One that cannot be told is dead, or must not stay as root; the loop sees to it. */
    if (!hatchery_become(pool.link, &pool.identity))
        process_kill(pool.zygote);
    return listener_open(door, &pool.options);
}

int server_run(const struct house *house, char **argv)
{
    pool = (struct pool){.house = house, .argv = argv, .link = -1, .signals = -1};
    int status = begin();
    if (status == 0) {
        log_process("supervisor");
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
        log_info("server", "%u workers", pool.options.workers);
        if (!privileges_keep_nice())
            log_info("server", "RLIMIT_NICE is 0 (LimitNICE of the unit): the renderer of a theme "
                               "that did harm is "
                               "replaced, since it cannot be made less nice again");
        loop();
    }
    listener_close(&pool.takeover.listener);
    pool.draining = true; /* from here on the zygote's end is meant */
    if (pool.link >= 0)
        zygote_end();
    return status;
}
