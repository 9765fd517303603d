/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every page gets besides its own model: the record Shell of the contract. */
#include <string.h>

#include "pages/page.h"
#include "pages/wardrobe.h"
#include "view/strikes.h"

/* Mail, then the server, then the reader's own account. */
enum kind { MAIL, SERVER, OWN };

static const struct {
    enum kind kind;
    enum action_id see;
    const char *key, *label, *route;
} nav[] = {
    {MAIL, ACTION_OVERVIEW, "overview", N_("Overview"), "overview"},
    {MAIL, ACTION_DOMAIN_LIST, "domains", N_("Domains"), "domains.list"},
    {MAIL, ACTION_MAILBOX_LIST_ALL, "mailboxes", N_("Mailboxes"), "mailboxes.all"},
    {MAIL, ACTION_ALIAS_LIST_ALL, "aliases", N_("Aliases"), "aliases.all"},
    {MAIL, ACTION_RELAY_LIST, "relays", N_("Relay domains"), "relays.list"},
    {MAIL, ACTION_POLICY_LIST, "policies", N_("Spam policies"), "policies.list"},
    {MAIL, ACTION_ACCESS_LIST, "lists", N_("Allow & block lists"), "lists.list"},
    {SERVER, ACTION_ADMIN_LIST, "admins", N_("Administrators"), "admins.list"},
    {SERVER, ACTION_AUDIT_LIST, "audit", N_("Audit log"), "audit.list"},
    {SERVER, ACTION_THEME_LIST, "themes", N_("Themes"), "themes.list"},
    {SERVER, ACTION_STATUS, "status", N_("Status"), "status"},
    {OWN, ACTION_ME_SHOW, "me", N_("My account"), "me.show"},
    {OWN, ACTION_POLICY_CHOOSE, "spam", N_("Spam filter"), "me.spam"},
    {OWN, ACTION_ME_SHOW, "devices", N_("Mail programs"), "me.devices"},
    {OWN, ACTION_PASSWORD_CHANGE, "password", N_("Password"), "me.password"},
};

/* The entry that the reader is in: its own route, else by the route's section. */
static bool is_current(const struct page *p, size_t entry)
{
    if (p->route == NULL)
        return false;
    for (size_t i = 0; i < sizeof nav / sizeof *nav; i++)
        if (strcmp(p->route->name, nav[i].route) == 0)
            return i == entry;
    const char *key = nav[entry].key;
    size_t n = strcspn(p->route->name, ".");
    return strlen(key) == n && strncmp(p->route->name, key, n) == 0;
}

static void fill_nav(struct page *p, struct value *shell)
{
    struct value *list = value_set_list(shell, "nav");
    enum kind before = MAIL;
    for (size_t i = 0; p->session != NULL && i < sizeof nav / sizeof *nav; i++) {
        if (!page_permits(p, nav[i].see, &(struct object){0}))
            continue;
        struct value *item = value_add_map(list);
        value_set_text(item, "key", nav[i].key);
        value_set_text(item, "label", page_say(p, nav[i].label));
        value_set_url(item, "url", page_url(p, nav[i].route));
        value_set_bool(item, "current", is_current(p, i));
        value_set_bool(item, "apart", nav[i].kind != before && value_count(list) > 1);
        before = nav[i].kind;
    }
}

static void crumb_add(struct value *list, const char *label, const char *url)
{
    struct value *v = value_add_map(list);
    value_set_text(v, "label", label);
    value_set_url(v, "url", url);
}

static void fill_theme_crumbs(struct page *p, struct value *list)
{
    crumb_add(list, page_say(p, "Themes"), page_url(p, "themes.list"));
    if (strcmp(p->route->name, "themes.show") != 0)
        crumb_add(list, p->on.theme, page_theme_url(p, "themes.show", p->on.theme));
}

static void fill_policy_crumbs(struct page *p, struct value *list)
{
    crumb_add(list, page_say(p, "Spam policies"), page_url(p, "policies.list"));
    if (p->on.policy == NULL || strcmp(p->route->name, "policies.show") == 0)
        return;
    crumb_add(list, p->policy.name,
              route_url_of(p->a, p->desk->place.prefix, "policies.show", &p->match));
}

/* What lies above a page of a section whose things stand in one list. */
static void fill_relay_crumbs(struct page *p, struct value *list)
{
    crumb_add(list, page_say(p, "Relay domains"), page_url(p, "relays.list"));
    if (strcmp(p->route->name, "relays.show") != 0)
        crumb_add(list, domain_display(p->a, p->relay.domain),
                  route_url_of(p->a, p->desk->place.prefix, "relays.show", &p->match));
}

/* The list that something stands in, and the thing itself where a task of it is at hand. */
static void fill_section_crumbs(struct page *p, struct value *list)
{
    static const struct {
        const char *section, *label, *list, *show;
    } sections[] = {{"mailboxes.", N_("Mailboxes"), "mailboxes.list", "mailboxes.show"},
                    {"aliases.", N_("Aliases"), "aliases.list", "aliases.show"}};
    const char *route = p->route->name;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        bool here = strncmp(route, sections[i].section, strlen(sections[i].section)) == 0;
        if (!here || strcmp(route, sections[i].list) == 0)
            continue;
        crumb_add(list, page_say(p, sections[i].label),
                  page_domain_url(p, sections[i].list, p->domain.name));
        if (strcmp(route, sections[i].show) == 0)
            continue;
        if (p->on.mailbox != NULL)
            crumb_add(
                list, p->mailbox.local_part,
                page_mailbox_url(p, sections[i].show, p->mailbox.domain, p->mailbox.local_part));
        else if (p->on.alias != NULL)
            crumb_add(list, address_display(p->a, p->alias.email),
                      page_alias_url(p, sections[i].show, p->alias.domain, p->alias.id));
    }
}

static void fill_admin_crumbs(struct page *p, struct value *list)
{
    crumb_add(list, page_say(p, "Administrators"), page_url(p, "admins.list"));
    if (strcmp(p->route->name, "admins.show") != 0)
        crumb_add(list, address_display(p->a, p->mailbox.email),
                  route_url_of(p->a, p->desk->place.prefix, "admins.show", &p->match));
}

static void fill_access_crumbs(struct page *p, struct value *list)
{
    crumb_add(list, page_say(p, "Allow & block lists"), page_access_list_url(p, p->access.kind));
    size_t n = strlen(p->route->name);
    if (strcmp(p->route->name + n - 5, ".show") != 0)
        crumb_add(list, access_display(p->a, p->access.pattern),
                  route_url_of(p->a, p->desk->place.prefix,
                               p->access.kind == ACCESS_SENDER ? "lists.senders.show"
                                                               : "lists.clients.show",
                               &p->match));
}

static void fill_crumbs(struct page *p, struct value *shell)
{
    struct value *list = value_set_list(shell, "crumbs");
    if (p->route == NULL)
        return;
    if (p->on.theme != NULL && p->status != 403 && p->status != 404)
        fill_theme_crumbs(p, list);
    bool below = p->on.policy != NULL || strcmp(p->route->name, "policies.new") == 0;
    if (below && p->status < 400)
        fill_policy_crumbs(p, list);
    if (p->on.relay != NULL && p->status < 400)
        fill_relay_crumbs(p, list);
    if (p->on.access != NULL && p->status < 400)
        fill_access_crumbs(p, list);
    if (p->on.domain == NULL || p->status >= 400)
        return;
    if (p->match.account != NULL) {
        fill_admin_crumbs(p, list);
        return;
    }
    struct value *all = value_add_map(list);
    value_set_text(all, "label", page_say(p, "Domains"));
    value_set_url(all, "url", page_url(p, "domains.list"));
    if (strcmp(p->route->name, "domains.show") == 0) /* only what lies above */
        return;
    struct value *one = value_add_map(list);
    value_set_text(one, "label", domain_display(p->a, p->domain.name));
    value_set_url(one, "url", page_domain_url(p, "domains.show", p->domain.name));
    fill_section_crumbs(p, list);
}

static void fill_user(struct page *p, struct value *shell)
{
    if (p->session == NULL)
        return;
    const struct mailbox *m = &p->session->account;
    struct value *user = value_set_map(shell, "user");
    value_set_text(user, "email", address_display(p->a, m->email));
    value_set_text(user, "name", m->name[0] != '\0' ? m->name : NULL);
    value_set_text(user, "role", role_word(account_level(m), m->administers_n > 0));
    value_set_url(user, "url", page_url(p, "me.show"));
}

/* The way back from those lines of the audit log, to this very page. */
static void fill_undo(struct page *p, struct value *v, const char *lines)
{
    const char *first = arena_memdup(p->a, lines, strcspn(lines, ",")),
               *rest = lines + strlen(first);
    const char *url = route_url(p->a, p->desk->place.prefix, "audit.undo", NULL, NULL, first);
    struct value *undo = value_set_map(v, "undo");
    value_set_url(undo, "url", url_with(p->a, url, "next", page_here(p)));
    value_set_text(undo, "label", page_say(p, N_("Undo")));
    value_set_text(undo, "name", "with");
    value_set_text(undo, "value", rest[0] == ',' ? rest + 1 : "");
}

/* As page_flash() kept it. */
static void fill_flash(struct page *p, struct value *shell, const char *flash)
{
    const char *colon = flash != NULL ? strchr(flash, ':') : NULL;
    if (colon == NULL)
        return;
    struct value *v = value_set_map(shell, "flash");
    const char *kind = arena_memdup(p->a, flash, (size_t)(colon - flash));
    size_t n = strcspn(kind, "+");
    value_set_text_n(v, "kind", kind, n);
    value_set_text(v, "text", colon + 1);
    if (kind[n] == '+')
        fill_undo(p, v, kind + n + 1);
}

/* What is the matter with the theme: what all workers know, and the fault that this one saw. */
static const char *theme_notice(struct page *p)
{
    const char *note = renderer_note(p->desk->renderer, p->theme);
    if (strikes_set_aside(p->theme))
        return page_say_of(p,
                           N_("The theme %s failed too often and is set aside for ten minutes: "
                              "everybody sees the built-in one."),
                           p->theme);
    if (note != NULL)
        return page_say_of(p, N_("The theme has a fault: %s"),
                           arena_printf(p->a, "%s: %s", p->theme, note));
    return strikes_recent(p->theme)
               ? page_say_of(p, N_("The theme %s had faults in the last minutes."), p->theme)
               : NULL;
}

static void fill_notices(struct page *p, struct value *shell)
{
    struct value *list = value_set_list(shell, "notices");
    const char *words = p->session != NULL &&
                                page_permits(p, ACTION_THEME_SHOW, &(struct object){0})
                            ? theme_notice(p)
                            : NULL;
    if (words == NULL)
        return;
    struct value *v = value_add_map(list);
    value_set_text(v, "kind", "warn");
    value_set_text(v, "text", words);
    struct value *link = value_set_map(v, "link");
    value_set_text(link, "label", page_say(p, N_("Report")));
    value_set_url(link, "url", page_theme_url(p, "themes.report", p->theme));
}

struct value *page_shell(struct page *p, const char *operation, const char *flash)
{
    struct value *shell = value_map(p->a);
    const char *scheme = pairs_text(&p->request->cookies, "scheme");
    bool known = scheme != NULL && (strcmp(scheme, "light") == 0 || strcmp(scheme, "dark") == 0);
    value_set_secret(shell, "token",
                     p->session != NULL ? session_form_token(p->a, p->session) : "none");
    value_set_secret(shell, "operation", operation);
    value_set_text(shell, "site", p->desk->settings->site_name);
    value_set_text(shell, "prefix", p->desk->place.prefix);
    value_set_text(shell, "page", p->name);
    value_set_text(shell, "lang", locale_tag(p->locale));
    value_set_text(shell, "dir", locale_dir(p->locale));
    value_set_text(shell, "scheme", known ? scheme : "auto");
    value_set_bool(shell, "title_error", p->status >= 400);
    value_set_text(shell, "request_id", p->request->id);
    value_set_text(shell, "version", MAILBOY_VERSION);
    fill_user(p, shell);
    fill_nav(p, shell);
    fill_crumbs(p, shell);
    fill_flash(p, shell, flash);
    fill_notices(p, shell);
    outfit_fill(p, shell);
    return shell;
}
