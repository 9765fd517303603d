/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page "status": is everything well. */
#include <string.h>

#include "pages/page.h"
#include "base/clock.h"
#include "server/server.h"
#include "store/migrate.h"
#include "store/theme.h"

enum { FRESH_S = 600 };

static void check_add(const struct page *p, struct value *list, const char *key, const char *label,
                      const char *state, const char *text)
{
    struct value *v = value_add_map(list);
    value_set_text(v, "key", key);
    value_page_only(value_set_text(v, "label", page_say(p, label)));
    value_set_text(v, "state", state);
    value_set_text(v, "text", text);
}

/* What this worker knows of the theme; else the newest fault that any worker had with it, while it
 * is fresh. NULL: all is well. */
static const char *theme_trouble(const struct page *p, const struct theme_fault *faults, size_t n)
{
    const char *note = renderer_note(p->desk->renderer, p->theme);
    for (size_t i = 0; note == NULL && i < n; i++)
        if (strcmp(faults[i].theme, p->theme) == 0 && faults[i].last_at > clock_now() - FRESH_S)
            note = faults[i].text;
    return note;
}

static void checks_fill(struct page *p, int64_t schema, const char *note)
{
    struct value *list = value_set_list(p->vm, "checks");
    const struct settings *s = p->desk->settings;
    check_add(p, list, "database", N_("Database"), "ok", page_say(p, "Connected."));
    check_add(p, list, "schema", N_("Schema"), schema == SCHEMA_VERSION ? "ok" : "bad",
              page_say_of(p,
                          schema == SCHEMA_VERSION ? N_("Version %s.")
                                                   : N_("Version %s: this program knows another."),
                          arena_printf(p->a, "%lld", (long long)schema)));
    check_add(p, list, "theme", N_("Theme"), note == NULL ? "ok" : "warn",
              note == NULL ? page_say_of(p, "%s is in use.", p->theme) : note);
    check_add(p, list, "connection", N_("Connection"), s->insecure_http ? "warn" : "ok",
              s->insecure_http
                  ? page_say(p, "insecure_http is on: passwords may cross the network in the "
                                "clear. Serve over https and switch it off.")
                  : page_say(p, "Signing in needs https."));
    check_add(p, list, "privacy", N_("Privacy"), s->privacy_level == 0 ? "ok" : "warn",
              s->privacy_level == 0
                  ? page_say(p, "Domain admins see their own domains only.")
                  : page_say_of(p, "privacy_level is %s: domain admins see more than their own.",
                                arena_printf(p->a, "%lld", (long long)s->privacy_level)));
}

static void processes_fill(struct page *p)
{
    static const char *const names[] = {N_("Worker"), N_("Job runner"), N_("Zygote"),
                                        N_("Supervisor")};
    struct seat_view seats[80];
    size_t n = server_seats(seats, sizeof seats / sizeof *seats);
    struct value *list = value_set_list(p->vm, "processes");
    for (size_t i = 0; i < n; i++) {
        struct value *v = value_add_map(list);
        value_set_text(v, "name", page_say(p, names[seats[i].kind]));
        value_set_int(v, "pid", seats[i].pid);
        value_set_int(v, "requests", (int64_t)seats[i].requests);
        value_set_int(v, "restarts", (int64_t)seats[i].restarts);
        value_set_time(v, "started", seats[i].started);
    }
}

enum outcome page_status(struct page *p)
{
    int64_t schema;
    struct theme_fault *faults;
    size_t n;
    enum outcome o = schema_version(p->desk->store, &schema);
    if (o == OUT_OK)
        o = theme_faults_newest(p->desk->store, p->a, &faults, &n);
    if (o != OUT_OK)
        return o;
    p->name = "status";
    checks_fill(p, schema, theme_trouble(p, faults, n));
    faults_fill(p, faults, n);
    processes_fill(p);
    value_set_text(p->vm, "version", MAILBOY_VERSION);
    value_set_int(p->vm, "schema", schema);
    value_set_text(p->vm, "theme", p->theme);
    return OUT_OK;
}
