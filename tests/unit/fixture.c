/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <string.h>

const struct renderer_route fixture_routes[] = {
#define ROUTE(name, pattern, see, show, change, post, after) {name, pattern},
#include "../../core/pages/routes.def"
#undef ROUTE
    {NULL, NULL}};

static struct value *add_field(struct value *fields, const char *name, const char *label,
                               const char *type)
{
    struct value *f = value_add_map(fields);
    value_set_text(f, "name", name);
    value_set_text(f, "label", label);
    value_set_text(f, "type", type);
    value_set_bool(f, "checked", false);
    value_set_bool(f, "required", true);
    value_set_bool(f, "autofocus", false);
    value_set_list(f, "options");
    return f;
}

static struct value *set_form(struct value *map, const char *key, const char *action,
                              const char *method)
{
    struct value *form = value_set_map(map, key);
    value_set_url(form, "action", action);
    value_set_text(form, "method", method);
    value_set_text(form, "submit", "Go on");
    value_set_bool(form, "danger", false);
    value_set_bool(form, "generate", false);
    value_set_list(form, "errors");
    return form;
}

static struct value *login(struct arena *a)
{
    struct value *vm = value_map(a), *form = set_form(vm, "form", "/login", "post");
    struct value *fields = value_set_list(form, "fields");
    value_set_text(add_field(fields, "email", "E-mail address", "email"), "value",
                   "<b>ada@example.org</b>");
    add_field(fields, "password", "Password", "password");
    return vm;
}

static void set_domain(struct value *map)
{
    struct value *d = value_set_map(map, "domain");
    value_set_text(d, "domain", "example.org");
    value_set_text(d, "name", "example.org");
    value_set_url(d, "url", "/domains/example.org");
}

static void fill_mailbox(struct arena *a, struct value *m, int i)
{
    const char *email = arena_printf(a, "user%d@example.org", i);
    const char *url = arena_printf(a, "/domains/example.org/mailboxes/user%d", i);
    value_set_int(m, "id", 1000 + i);
    value_set_int(m, "version", 3);
    value_set_text(m, "email", email);
    value_set_text(m, "domain", "example.org");
    value_set_text(m, "mailbox", arena_printf(a, "user%d", i));
    value_set_text(m, "name",
                   i % 10 == 0 ? "<script>alert(1)</script> & \"Co\" 'x'" : "Ada Lovelace");
    value_set_bool(m, "active", i % 7 != 0);
    value_set_text(m, "role", "user");
    struct value *q = value_set_map(m, "quota");
    value_set_int(q, "used", 123456789 + i);
    value_set_int(q, "limit", 1073741824);
    value_set_int(q, "percent", 11);
    value_set_text(q, "level", "ok");
    value_set_int(q, "messages", 1234);
    value_set_int(q, "messages_limit", 0);
    value_set_time(m, "last_seen", 1790000000 - i * 4000);
    value_set_time(m, "created", 1700000000);
    value_set_url(m, "url", url);
    struct value *t = value_set_map(m, "toggle");
    value_set_url(t, "url", url);
    value_set_text(t, "label", "Disable");
    value_set_text(t, "name", "active");
    value_set_text(t, "value", "0");
    value_set_int(t, "version", 3);
}

static void set_bulk(struct value *vm)
{
    static const char *const choices[][2] = {
        {"on", "Enable"}, {"off", "Disable"}, {"delete", "Delete"}};
    struct value *form = value_set_map(vm, "bulk");
    value_set_text(form, "id", "bulk");
    value_set_url(form, "action", "/domains/example.org/mailboxes/bulk");
    value_set_text(form, "method", "get");
    struct value *f = add_field(value_set_list(form, "fields"), "do", "Selected", "select");
    struct value *options = value_get(f, "options");
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        struct value *o = value_add_map(options);
        value_set_text(o, "value", choices[i][0]);
        value_set_text(o, "label", choices[i][1]);
        value_set_bool(o, "selected", false);
    }
}

static struct value *mailboxes(struct arena *a)
{
    struct value *vm = value_map(a), *rows = value_set_list(vm, "rows");
    set_domain(vm);
    for (int i = 0; i < 50; i++)
        fill_mailbox(a, value_add_map(rows), i);
    struct value *pager = value_set_map(vm, "pager");
    value_set_url(pager, "next", "/domains/example.org/mailboxes?after=user50");
    value_set_int(pager, "shown", 50);
    struct value *filter = set_form(vm, "filter", "/domains/example.org/mailboxes", "get");
    add_field(value_set_list(filter, "fields"), "q", "Starts with", "search");
    value_set_bool(vm, "filtered", false);
    struct value *total = value_set_map(vm, "total");
    value_set_int(total, "value", 12430);
    value_set_bool(total, "estimated", false);
    value_set_url(vm, "add", "/domains/example.org/mailboxes/new");
    struct value *sort = value_set_map(vm, "sort");
    value_set_url(sort, "url", "/domains/example.org/mailboxes?order=down");
    value_set_bool(sort, "descending", false);
    set_bulk(vm);
    return vm;
}

static struct value *secret(struct arena *a)
{
    struct value *vm = value_map(a);
    fill_mailbox(a, value_set_map(vm, "mailbox"), 1);
    set_domain(vm);
    value_set_secret(vm, "password", "s3cret<&>\"word");
    value_set_url(vm, "next", "/domains/example.org/mailboxes/user1");
    value_set_url(vm, "another", "/domains/example.org/mailboxes/user1/password");
    return vm;
}

static struct value *error(struct arena *a)
{
    struct value *vm = value_map(a);
    value_set_int(vm, "code", 404);
    value_set_text(vm, "heading", "There is no such page");
    value_set_text(vm, "text", "The address leads nowhere.");
    value_add_text(value_set_list(vm, "mends"), "Go back to the start");
    value_set_url(vm, "back", "/");
    return vm;
}

static const struct {
    const char *name;
    struct value *(*make)(struct arena *a);
} models[] = {{"login", login},
              {"mailboxes.list", mailboxes},
              {"mailboxes.secret", secret},
              {"error", error}};

struct value *fixture_model(struct arena *a, const char *page)
{
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        if (strcmp(models[i].name, page) == 0)
            return models[i].make(a);
    return value_map(a);
}

static void add_nav(struct value *nav, const char *key, const char *label, const char *url)
{
    struct value *n = value_add_map(nav);
    value_set_text(n, "key", key);
    value_set_text(n, "label", label);
    value_set_url(n, "url", url);
    value_set_bool(n, "current", strcmp(key, "mailboxes") == 0);
}

struct value *fixture_shell(struct arena *a, const char *page)
{
    struct value *shell = value_map(a);
    value_set_text(shell, "site", "Mail of Example & Sons");
    value_set_text(shell, "prefix", "");
    value_set_text(shell, "page", page);
    value_set_text(shell, "lang", "en");
    value_set_text(shell, "dir", "ltr");
    value_set_text(shell, "scheme", "auto");
    value_set_bool(shell, "title_error", false);
    value_set_text(shell, "request_id", "r3qu3st1d000");
    value_set_text(shell, "version", "1.0.0");
    if (strcmp(page, "login") != 0) {
        struct value *user = value_set_map(shell, "user");
        value_set_text(user, "email", "admin@example.org");
        value_set_text(user, "role", "server");
        value_set_url(user, "url", "/me");
    }
    struct value *nav = value_set_list(shell, "nav");
    add_nav(nav, "overview", "Overview", "/");
    add_nav(nav, "domains", "Domains", "/domains");
    add_nav(nav, "mailboxes", "Mailboxes", "/mailboxes");
    value_set_list(shell, "crumbs");
    value_set_list(shell, "notices");
    value_set_secret(shell, "token", "TOKEN-0123456789");
    value_set_secret(shell, "operation", "OPERATION-0123456789");
    return shell;
}
