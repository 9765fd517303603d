/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy serve: the house that the pool runs. */
#include "cli/serve.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/cli.h"
#include "store/migrate.h"
#include "store/session.h"

/* What a process of the pool holds for its life; the supervisor's copy is read anew at each
 * reload. */
static struct {
    const char *config;
    struct settings settings;
    /* Those of earlier loads: the supervisor may hold texts of the one before last for ever. */
    struct kept {
        struct arena *arena;
        struct kept *before;
    } * kept;
} house_keeping;

/* Which words of the scoreboard are whose; the renderer's begin at RENDERER_SHARED. */
enum { SHARED_HASHES_IN_FLIGHT = 0 };

void store_options_of(const struct settings *s, struct store_options *options_r)
{
    *options_r = (struct store_options){
        .host = s->database_host,
        .socket = s->database_socket[0] != '\0' ? s->database_socket : NULL,
        .user = s->database_user,
        .password = s->database_password,
        .database = s->database_name,
        .port = (unsigned)s->database_port,
        .connect_ms = (unsigned)s->connect_timeout,
        .statement_ms = (unsigned)s->statement_timeout,
        .schema_version = SCHEMA_VERSION,
    };
}

static const char *or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

bool serve_load(struct pool_options *options_r)
{
    struct arena *process = arena_create((size_t)16 << 20);
    struct settings s;
    struct str mistakes;
    str_init(&mistakes, process, 1 << 16);
    if (!settings_load(process, settings_path(house_keeping.config), &s, &mistakes)) {
        fputs(mistakes.data, stderr);
        arena_destroy(process);
        return false;
    }
    struct kept *kept = ARENA_NEW(process, struct kept);
    *kept = (struct kept){process, house_keeping.kept};
    house_keeping.kept = kept;
    house_keeping.settings = s;
    log_threshold(s.log_level);
    *options_r = (struct pool_options){
        .listen = s.listen,
        .socket_group = or_null(s.socket_group),
        .user = or_null(s.user),
        .workers = (unsigned)s.workers,
        .requests_per_worker = (unsigned)s.requests_per_worker,
        .request_seconds = (unsigned)((s.request_timeout + 999) / 1000),
        .peer_ms = (unsigned)s.peer_timeout,
        .drain_seconds = (unsigned)((s.drain_timeout + 999) / 1000),
        .max_upload = (size_t)s.max_upload,
    };
    if (geteuid() == 0 && s.user[0] == '\0')
        log_warn("settings", "the processes stay root: name an account for them with `user`");
    if (s.privacy_level > 0)
        log_warn("settings", "privacy_level is %lld: domain admins see more than their own",
                 (long long)s.privacy_level);
    if (s.insecure_http)
        log_warn("settings", "insecure_http is on: people may sign in over plain http");
    return true;
}

static struct store *connect_store(struct arena *process)
{
    struct store_options *o = ARENA_NEW(process, struct store_options);
    store_options_of(&house_keeping.settings, o);
    return store_create(o);
}

void *serve_worker_start(unsigned index, int zygote)
{
    (void)index;
    struct arena *process = arena_create((size_t)16 << 20);
    const struct settings *s = &house_keeping.settings;
    struct renderer_limits limits = renderer_limits;
    limits.cpu_ms = (unsigned)s->render_cpu;
    limits.wall_ms = (unsigned)s->render_wall;
    struct store *store = connect_store(process);
    store_ping(store); /* a database that is away is no reason not to start */
    _Atomic uint64_t *shared = server_shared();
    struct renderer *renderer = zygote >= 0 ? renderer_create(zygote, s->themes_dir, &limits)
                                            : NULL;
    return reception_create(process, s, store, renderer,
                            shared != NULL ? &shared[SHARED_HASHES_IN_FLIGHT] : NULL);
}

void serve_handle(void *worker, struct exchange *x)
{
    pages_handle(worker, x);
}

void serve_between(void *worker)
{
    pages_between(worker);
}

/* The job runner's round: what has ended goes. */
unsigned serve_tick(void *worker)
{
    struct reception *desk = worker;
    int64_t rows;
    enum outcome o = purge_ended(desk->store, &rows);
    if (o != OUT_OK)
        log_warn("jobs", "purge: %s: %s", outcome_name(o), store_error(desk->store));
    else if (rows > 0)
        log_info("jobs", "purged %lld rows of ended sessions, operations and throttles",
                 (long long)rows);
    return 60 * 1000;
}

int command_serve(struct shell *sh)
{
    if (sh->operands_n > 0)
        return EXIT_USAGE;
    house_keeping.config = sh->config;
    return server_run(sh->house, sh->argv);
}
