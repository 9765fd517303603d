/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/dev.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/asset.h"
#include "http/response.h"
#include "studio/showroom.h"
#include "studio/watch.h"

enum {
    PORT = 8090,
    STREAMS = 32,
    ARENA = 96 << 20,
    BODY = 16 << 20,
    SETTLE_MS = 8, /* an editor's save may be several events */
    HEARTBEAT_MS = 15000
};

static const char own_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src "
    "'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";
/* As the pool's own pages (http/response.c), in a frame of ours, and without forms: nobody would
 * take what they send. */
static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types mailboy";

/* One browser that listens. */
struct stream {
    struct dev *dev;
    struct MHD_Connection *connection;
    unsigned told; /* the generation it knows */
    bool beat, suspended;
};

struct dev {
    struct showroom *gallery;
    struct watch *watch;
    struct MHD_Daemon *daemon;
    struct arena *arena; /* of one answer */
    unsigned port;
    struct stream *streams[STREAMS];
};

struct answer {
    unsigned status;
    const char *type, *policy;
    const void *bytes;
    size_t n;
};

static void header(struct MHD_Response *r, const char *name, const char *value)
{
    MHD_add_response_header(r, name, value);
}

static void common_headers(struct MHD_Response *r, const char *type, const char *policy)
{
    header(r, "Content-Type", type);
    header(r, "Content-Security-Policy", policy);
    header(r, "X-Content-Type-Options", "nosniff");
    header(r, "Referrer-Policy", "same-origin");
    header(r, "Cross-Origin-Resource-Policy", "same-origin");
    header(r, "Cross-Origin-Opener-Policy", "same-origin");
    header(r, "Cache-Control", "no-store");
}

static enum MHD_Result send_answer(struct MHD_Connection *c, const struct answer *a)
{
    struct MHD_Response *r =
        MHD_create_response_from_buffer(a->n, (void *)(uintptr_t)a->bytes, MHD_RESPMEM_MUST_COPY);
    common_headers(r, a->type, a->policy != NULL ? a->policy : own_policy);
    if (a->status == 405)
        header(r, "Allow", "GET, HEAD");
    enum MHD_Result queued = MHD_queue_response(c, a->status, r);
    MHD_destroy_response(r);
    return queued;
}

static struct answer plain(unsigned status, const char *text)
{
    return (struct answer){status, "text/plain; charset=utf-8", NULL, text, strlen(text)};
}

/* --- the event stream --- */

static size_t tell(struct stream *s, char *to, size_t max)
{
    struct str json;
    struct dev *d = s->dev;
    arena_reset(d->arena);
    str_init(&json, d->arena, 4096);
    if (s->told != showroom_generation(d->gallery)) {
        str_append(&json, "event: change\ndata: ");
        showroom_event(d->gallery, d->arena, &json);
        str_append(&json, "\n\n");
        s->told = showroom_generation(d->gallery);
    } else if (s->beat) {
        str_append(&json, ": still here\n\n");
    }
    s->beat = false;
    size_t n = json.len < max ? json.len : max;
    memcpy(to, json.data, n);
    return n;
}

static ssize_t stream_read(void *of, uint64_t at, char *to, size_t max)
{
    struct stream *s = of;
    (void)at;
    size_t n = tell(s, to, max);
    if (n == 0 && !s->suspended) {
        s->suspended = true;
        MHD_suspend_connection(s->connection);
    }
    return (ssize_t)n;
}

static void stream_forget(void *of)
{
    struct stream *s = of;
    for (size_t i = 0; i < STREAMS; i++)
        if (s->dev->streams[i] == s)
            s->dev->streams[i] = NULL;
    free(s);
}

static void wake_streams(struct dev *d, bool beat)
{
    for (size_t i = 0; i < STREAMS; i++) {
        struct stream *s = d->streams[i];
        if (s == NULL)
            continue;
        s->beat |= beat;
        if (s->suspended)
            MHD_resume_connection(s->connection);
        s->suspended = false;
    }
}

static enum MHD_Result open_stream(struct dev *d, struct MHD_Connection *c)
{
    size_t i = 0;
    while (i < STREAMS && d->streams[i] != NULL)
        i++;
    struct stream *s = i < STREAMS ? calloc(1, sizeof *s) : NULL;
    if (s == NULL) {
        struct answer busy = plain(503, "Too many windows of the gallery are open.\n");
        return send_answer(c, &busy);
    }
    *s = (struct stream){.dev = d, .connection = c, .told = 0};
    struct MHD_Response *r =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, stream_read, s, stream_forget);
    d->streams[i] = s;
    common_headers(r, "text/event-stream", own_policy);
    enum MHD_Result queued = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return queued;
}

/* --- the rest: one answer each --- */

static const char *argument(struct MHD_Connection *c, const char *name)
{
    const char *value = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static struct answer draw(struct dev *d, struct MHD_Connection *c)
{
    struct str html;
    const char *why = "";
    struct studio_sample sample = {.page = argument(c, "page"),
                                   .name = argument(c, "case"),
                                   .role = argument(c, "role"),
                                   .locale = argument(c, "locale"),
                                   .scheme = argument(c, "scheme")};
    str_init(&html, d->arena, BODY);
    if (sample.page == NULL || sample.name == NULL)
        return plain(404, "A page and a case have to be named.\n");
    if (!showroom_draw(d->gallery, d->arena, &sample, &html, &why))
        return plain(404, arena_printf(d->arena, "%s\n", why));
    return (struct answer){200, "text/html; charset=utf-8", page_policy, html.data, html.len};
}

static struct answer state(struct dev *d)
{
    struct str json;
    str_init(&json, d->arena, BODY);
    showroom_state(d->gallery, d->arena, &json);
    return (struct answer){200, "application/json", NULL, json.data, json.len};
}

/* /assets/THEME/FILE */
static struct answer asset(struct dev *d, const char *rest)
{
    struct theme_asset found;
    const char *slash = strchr(rest, '/');
    const char *theme = slash != NULL ? arena_memdup(d->arena, rest, (size_t)(slash - rest)) : "";
    if (slash == NULL || !showroom_asset(d->gallery, theme, slash + 1, &found))
        return plain(404, "There is no such file.\n");
    return (struct answer){200, found.type, http_asset_policy, found.bytes, found.size};
}

static struct answer own_file(const char *path)
{
    const struct embedded *f = embedded_find(embed_gallery, path);
    if (f == NULL)
        return plain(404, "In the gallery nothing lies behind this link.\n");
    const char *type = asset_type(path, true);
    return (struct answer){200, type != NULL ? type : "text/html; charset=utf-8", NULL, f->bytes,
                           f->size};
}

static struct answer answer(struct dev *d, struct MHD_Connection *c, const char *path)
{
    if (strcmp(path, "/") == 0)
        return own_file("gallery.html");
    if (strcmp(path, "/page") == 0)
        return draw(d, c);
    if (strcmp(path, "/stylesheet") == 0) /* of a site's settings, as the fixtures name it */
        return (struct answer){200, "text/css; charset=utf-8", NULL, "", 0};
    if (strcmp(path, "/check.json") == 0)
        showroom_check(d->gallery);
    if (strcmp(path, "/check.json") == 0 || strcmp(path, "/state.json") == 0)
        return state(d);
    if (text_starts(path, "/assets/"))
        return asset(d, path + strlen("/assets/"));
    return own_file(text_starts(path, "/gallery/") ? path + strlen("/gallery/") : "");
}

/* Its own name, and asked by its own pages or by a person. */
static bool is_for_us(const struct dev *d, struct MHD_Connection *c)
{
    char ours[2][32];
    const char *host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host");
    const char *site = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Sec-Fetch-Site");
    snprintf(ours[0], sizeof ours[0], "127.0.0.1:%u", d->port);
    snprintf(ours[1], sizeof ours[1], "localhost:%u", d->port);
    if (host == NULL || (strcmp(host, ours[0]) != 0 && strcmp(host, ours[1]) != 0))
        return false;
    return site == NULL || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
}

static enum MHD_Result handle(void *of, struct MHD_Connection *c, const char *path,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_n, void **seen)
{
    static int once;
    struct dev *d = of;
    struct answer a;
    (void)version;
    (void)upload;
    if (*seen == NULL) { /* only the head has come */
        *seen = &once;
        return MHD_YES;
    }
    if (*upload_n > 0) { /* nobody reads it */
        *upload_n = 0;
        return MHD_YES;
    }
    arena_reset(d->arena);
    if (!is_for_us(d, c))
        a = plain(421, "This gallery answers to its own address only.\n");
    else if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        a = plain(405, "Only to be read.\n");
    else if (strcmp(path, "/events") == 0 && strcmp(method, "GET") == 0)
        return open_stream(d, c);
    else
        a = answer(d, c, path);
    return send_answer(c, &a);
}

/* --- the loop --- */

static void watch_folders(struct dev *d)
{
    size_t n;
    const char **folders = showroom_folders(d->gallery, d->arena, &n);
    for (size_t i = 0; i < n; i++)
        watch_add(d->watch, folders[i]);
}

/* Until nothing more comes for a moment. */
static void take_changes(struct dev *d)
{
    enum watched all = watch_read(d->watch);
    struct pollfd more = {.fd = watch_descriptor(d->watch), .events = POLLIN};
    while (all != WATCH_NOTHING && poll(&more, 1, SETTLE_MS) > 0) {
        enum watched one = watch_read(d->watch);
        all = one > all ? one : all;
    }
    if (all == WATCH_NOTHING || (all == WATCH_PLACE && !showroom_is_beneath(d->gallery)))
        return;
    arena_reset(d->arena);
    watch_folders(d); /* before, so that what is saved meanwhile is told of */
    showroom_load(d->gallery, all == WATCH_STYLES);
    watch_folders(d);
    wake_streams(d, false);
}

static int patience(struct dev *d)
{
    MHD_UNSIGNED_LONG_LONG ms;
    if (MHD_get_timeout(d->daemon, &ms) == MHD_YES && ms < HEARTBEAT_MS)
        return (int)ms;
    return HEARTBEAT_MS;
}

static void serve(struct dev *d, int signals)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(d->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd f[] = {{.fd = info->epoll_fd, .events = POLLIN},
                         {.fd = watch_descriptor(d->watch), .events = POLLIN},
                         {.fd = signals, .events = POLLIN}};
    for (;;) {
        int wait = patience(d);
        int n = poll(f, 3, wait);
        if (n < 0 && errno != EINTR)
            return;
        if (n > 0 && f[2].revents != 0)
            return;
        if (n > 0 && f[1].revents != 0)
            take_changes(d);
        if (n == 0 && wait == HEARTBEAT_MS)
            wake_streams(d, true);
        MHD_run(d->daemon);
    }
}

/* False: said. */
static bool listen_on(struct dev *d, const char *port)
{
    char *end = NULL;
    unsigned long wanted = port != NULL ? strtoul(port, &end, 10) : PORT;
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)wanted),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (wanted > 65535 || (end != NULL && (*end != '\0' || end == port))) {
        fprintf(stderr, "mailboy: --port takes a number from 0 to 65535; 0: any that is free\n");
        return false;
    }
    d->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, d, MHD_OPTION_SOCK_ADDR,
        (const struct sockaddr *)&at, MHD_OPTION_CONNECTION_LIMIT, 200u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)64 * 1024, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        d->daemon != NULL ? MHD_get_daemon_info(d->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (info == NULL) {
        fprintf(stderr, "mailboy: port %lu: %s; try --port 0\n", wanted, strerror(errno));
        return false;
    }
    d->port = info->port;
    return true;
}

static void stop(struct dev *d)
{
    wake_streams(d, false);
    if (d->daemon != NULL)
        MHD_stop_daemon(d->daemon);
    watch_destroy(d->watch);
    showroom_destroy(d->gallery);
    arena_destroy(d->arena);
}

int dev_run(struct arena *a, const struct studio_order *order)
{
    sigset_t set;
    struct dev d = {0};
    (void)a;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    int signals = signalfd(-1, &set, SFD_CLOEXEC);
    d.watch = watch_create();
    if (signals < 0 || d.watch == NULL) {
        fprintf(stderr, "mailboy: %s\n", strerror(errno));
        return EX_OSERR;
    }
    d.arena = arena_create(ARENA);
    bool listening = listen_on(&d, order->port);
    if (listening) {
        d.gallery = showroom_create(order->zygote, order->themes_dir, order->operand);
        watch_folders(&d);
        printf("%s: http://127.0.0.1:%u/ until Ctrl-C\n", order->operand, d.port);
        fflush(stdout);
        serve(&d, signals);
    }
    stop(&d);
    close(signals);
    return listening ? EX_OK : EX_UNAVAILABLE;
}
