/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages/routes.h"

#include <assert.h>
#include <string.h>

#include "pages/pages.h"
#include "pages/page.h"

#define ACTION_NOTHING ACTION_COUNT

const struct route routes[ROUTES + 1] = {
#define ROUTE(name, pattern, see, show, change, post, after) \
    {name, pattern, ACTION_##see, ACTION_##change},
#include "pages/routes.def"
#undef ROUTE
    {0},
};

/* The next part of a pattern, between slashes; NULL at its end. */
static const char *part(const char **pattern, size_t *n_r)
{
    const char *at = *pattern;
    while (*at == '/')
        at++;
    *n_r = strcspn(at, "/");
    *pattern = at + *n_r;
    return *n_r > 0 ? at : NULL;
}

/* A {name} of a pattern, and where what stood there is kept. */
#define NAME(name)                                        \
    {                                                     \
        "{" #name "}", offsetof(struct route_match, name) \
    }
static const struct {
    const char *text;
    size_t at;
} holes[] = {NAME(domain), NAME(mailbox), NAME(alias),   NAME(relay), NAME(policy), NAME(client),
             NAME(sender), NAME(entry),   NAME(account), NAME(theme), NAME(token)};

static const char **slot(struct route_match *m, const char *name, size_t n)
{
    size_t i = 0;
    while (strlen(holes[i].text) != n || memcmp(holes[i].text, name, n) != 0) {
        i++;
        assert(i < sizeof holes / sizeof *holes);
    }
    return (const char **)(void *)((char *)m + holes[i].at);
}

static bool fits(const struct route *route, const struct http_request *r, struct route_match *m)
{
    const char *pattern = route->pattern, *at;
    size_t n, i = 0;
    *m = (struct route_match){.route = route};
    while ((at = part(&pattern, &n)) != NULL) {
        if (i == r->segments_n)
            return false;
        const char *segment = r->segments[i++];
        if (at[0] == '{')
            *slot(m, at, n) = segment;
        else if (strlen(segment) != n || memcmp(segment, at, n) != 0)
            return false;
    }
    return i == r->segments_n;
}

/* A literal row ("/domains/new") stands above the row with a name in its place. */
bool route_find(const struct http_request *r, struct route_match *match_r)
{
    for (const struct route *route = routes; route->name != NULL; route++)
        if (fits(route, r, match_r))
            return true;
    return false;
}

bool route_hides_path(const struct http_request *r)
{
    const char *pattern = route_named("invite")->pattern;
    size_t n;
    const char *first = part(&pattern, &n);
    return r->segments_n > 0 && strlen(r->segments[0]) == n &&
           memcmp(r->segments[0], first, n) == 0;
}

const struct route *route_named(const char *name)
{
    for (const struct route *route = routes; route->name != NULL; route++)
        if (strcmp(route->name, name) == 0)
            return route;
    return NULL;
}

const char *route_url(struct arena *a, const char *prefix, const char *name, const char *domain,
                      const char *mailbox, const char *entry)
{
    return route_url_of(
        a, prefix, name,
        &(struct route_match){.domain = domain, .mailbox = mailbox, .entry = entry});
}

const char *route_url_of(struct arena *a, const char *prefix, const char *name,
                         const struct route_match *names)
{
    const struct route *route = route_named(name);
    assert(route != NULL);
    struct route_match m = *names;
    struct str s;
    str_init(&s, a, 4096);
    str_append(&s, prefix);
    for (const char *at = route->pattern; *at != '\0';) {
        size_t n = strcspn(at, at[0] == '{' ? "/" : "{");
        if (at[0] == '{') {
            const char *value = *slot(&m, at, n);
            assert(value != NULL);
            str_append_url(&s, value, strlen(value));
        } else {
            str_append_n(&s, at, n);
        }
        at += n;
    }
    return s.data;
}

const char *page_url(const struct page *p, const char *route)
{
    return route_url(p->a, p->desk->place.prefix, route, NULL, NULL, NULL);
}

const char *page_domain_url(const struct page *p, const char *route, const char *domain)
{
    return route_url(p->a, p->desk->place.prefix, route, domain, NULL, NULL);
}

const char *page_mailbox_url(const struct page *p, const char *route, const char *domain,
                             const char *mailbox)
{
    return route_url(p->a, p->desk->place.prefix, route, domain, mailbox, NULL);
}

const char *page_alias_url(const struct page *p, const char *route, const char *domain,
                           int64_t alias)
{
    return route_url_of(
        p->a, p->desk->place.prefix, route,
        &(struct route_match){.domain = domain,
                              .alias = arena_printf(p->a, "%lld", (long long)alias)});
}

const char *page_theme_url(const struct page *p, const char *route, const char *theme)
{
    return route_url_of(p->a, p->desk->place.prefix, route, &(struct route_match){.theme = theme});
}

const char *page_relay_url(const struct page *p, const char *route, const char *domain)
{
    return route_url_of(p->a, p->desk->place.prefix, route, &(struct route_match){.relay = domain});
}

const char *page_policy_url(const struct page *p, const char *route, int64_t id)
{
    const char *number = arena_printf(p->a, "%lld", (long long)id);
    return route_url_of(p->a, p->desk->place.prefix, route,
                        &(struct route_match){.policy = number});
}

const char *page_access_url(const struct page *p, const char *what, const struct access_entry *e)
{
    const char *id = arena_printf(p->a, "%lld", (long long)e->id),
               *route = arena_printf(p->a, "lists.%s.%s",
                                     e->kind == ACCESS_SENDER ? "senders" : "clients", what);
    return route_url_of(p->a, p->desk->place.prefix, route,
                        &(struct route_match){.client = id, .sender = id});
}

const char *page_access_list_url(const struct page *p, int64_t kind)
{
    const char *url = page_url(p, "lists.list");
    return kind == ACCESS_SENDER ? url_with(p->a, url, "kind", "senders") : url;
}

/* As the reader's browser names this site: what it posted from, which is ours (check_token), or
 * the host; of one without its port (some web servers cut it off) the port it was taken on. */
static const char *origin_of(struct arena *a, const struct http_request *r)
{
    if (r->origin != NULL)
        return r->origin;
    const char *usual = r->https ? "443" : "80", *behind = strrchr(r->host, ']');
    bool told = strchr(behind != NULL ? behind : r->host, ':') != NULL;
    bool needed = !told && r->port != NULL && strcmp(r->port, usual) != 0;
    return arena_printf(a, "%s://%s%s%s", r->https ? "https" : "http", r->host, needed ? ":" : "",
                        needed ? r->port : "");
}

const char *link_url(struct arena *a, const struct reception *desk, const struct http_request *r,
                     const char *token)
{
    const struct settings *s = desk->settings;
    const char *site = s->site_url, *path = route_url_of(a, desk->place.prefix, "invite",
                                                         &(struct route_match){.token = token});
    if (site[0] == '\0' && r != NULL)
        site = origin_of(a, r);
    else if (site[0] == '\0')
        site =
            arena_printf(a, "%s://%s", s->insecure_http ? "http" : "https", desk->place.hosts[0]);
    return arena_printf(a, "%s%s", site, path);
}

const char *url_with(struct arena *a, const char *url, const char *name, const char *value)
{
    struct str s;
    str_init(&s, a, 8192);
    str_append(&s, url);
    str_append_c(&s, strchr(url, '?') != NULL ? '&' : '?');
    str_append(&s, name);
    str_append_c(&s, '=');
    str_append_url(&s, value, strlen(value));
    return s.data;
}

const char *page_here(const struct page *p)
{
    const struct pairs *query = &p->request->query;
    const char *url = p->request->path;
    for (size_t i = 0; i < query->n; i++)
        url = url_with(p->a, url, query->rows[i].name, query->rows[i].value);
    return strlen(url) <= PATH_MAX_BYTES ? url : p->request->path;
}

bool page_permits(const struct page *p, enum action_id what, const struct object *on)
{
    return permit(&p->actor, what, on) == OUT_OK;
}

bool reader_is_server_admin(const struct page *p)
{
    return (actor_roles(&p->actor, NULL) & SERVER_ADMIN) != 0;
}
