/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pages/gallery.h"
#include "pages/pages.h"
#include "store/theme.h"
#include "view/faults.h"
#include "view/theme.h"

static bool theme_is_there(void *ctx, const char *name)
{
    const struct reception *desk = ctx;
    return theme_exists(desk->settings->themes_dir, name);
}

static bool write_fault(void *ctx, const char *theme, const char *text, int64_t n)
{
    const struct reception *desk = ctx;
    return theme_fault_add(desk->store, theme, text, n) == OUT_OK;
}

void pages_between(struct reception *desk)
{
    renderer_between(desk->renderer);
    faults_flush(write_fault, desk);
}

static const char *theme_is_broken(void *ctx, struct arena *a, const char *name, bool by_all)
{
    struct reception *desk = ctx;
    return desk->renderer != NULL
               ? gallery_problem(desk, a, name, by_all ? STUDIO_WHOLE : STUDIO_COMPILE)
               : NULL;
}

/* One key for all workers that nobody else knows: drawn from the database's password, which the
 * configuration keeps secret already. */
static void make_key(struct reception *desk)
{
    static const char purpose[] = "mailboy cursors and operations";
    const char *secret = desk->settings->database_password;
    hmac_sha256(secret, strlen(secret), purpose, sizeof purpose - 1, desk->key);
}

static void find_place(struct reception *desk)
{
    static const char *const loopback[] = {"localhost", "127.0.0.1", "[::1]"};
    const struct settings *s = desk->settings;
    desk->place = (struct http_place){.prefix = s->mailboy_root,
                                      .hosts = s->hosts.at,
                                      .hosts_n = s->hosts.n,
                                      .trusted_proxies = s->trusted_proxies.at,
                                      .trusted_proxies_n = s->trusted_proxies.n};
    if (s->hosts.n == 0) {
        desk->place.hosts = loopback;
        desk->place.hosts_n = 3;
    }
}

struct reception *reception_create(struct arena *process, const struct settings *settings,
                                   struct store *store, struct renderer *renderer,
                                   _Atomic uint64_t *slots)
{
    struct reception *desk = ARENA_NEW(process, struct reception);
    desk->process = process;
    desk->settings = settings;
    desk->store = store;
    desk->renderer = renderer;
    desk->login = (struct login_rules){
        .cost = {.memory_kib = (unsigned)settings->argon2_memory,
                 .passes = (unsigned)settings->argon2_passes},
        .slots = slots,
        .slots_max = settings->workers > 1 ? (unsigned)settings->workers / 2 : 1,
    };
    desk->workshop = (struct workshop){.store = store,
                                       .login = &desk->login,
                                       .super_admin = settings->super_admin,
                                       .theme_exists = theme_is_there,
                                       .theme_problem = theme_is_broken,
                                       .theme_ctx = desk};
    super_admin_honour(
        settings->super_admin); /* reading asks for levels before anything is performed */
    privacy_honour(settings->privacy_level);
    make_key(desk);
    find_place(desk);
    return desk;
}
