/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of mailboxes: mailboxes.list, .form, .show, .password, .delete. */
#include <string.h>

#include "model/size.h"
#include "pages/page.h"

static int state_of(const char *word)
{
    if (word == NULL)
        return -1;
    return strcmp(word, "on") == 0 ? 1 : strcmp(word, "off") == 0 ? 0 : -1;
}

static const struct filter_option uses[] = {{"", N_("Any")},
                                            {"nearly-full", N_("At least 90 %")},
                                            {"never-signed-in", N_("Never signed in")},
                                            {NULL, NULL}};

static enum mailbox_use use_of(const char *word)
{
    enum mailbox_use use;
    return word != NULL && mailbox_use_of(word, &use) ? use : USE_ANY;
}

static const char *with(struct page *p, const char *text, const char *name, const char *value)
{
    return value != NULL && value[0] != '\0' ? url_with(p->a, text, name, value) : text;
}

static const char *extra_query(struct page *p, const char *q, const char *state,
                               enum mailbox_use use)
{
    const char *text = with(p, with(p, "", "q", q), "state", state);
    text = with(p, text, "use", mailbox_use_word(use));
    return text[0] != '\0' ? text + 1 : NULL;
}

static const char *row_key(const struct mailbox *m, int64_t domain_id)
{
    return domain_id != 0 ? m->local_part : m->email;
}

static struct value *mailbox_filter_value(struct page *p, const char *url, const char *q,
                                          const struct mailbox_filter *f)
{
    struct value *filter = filter_value(p, url, N_("Address"), q, 1, f->active);
    filter_choice(p, filter, "use", N_("Use"), uses, mailbox_use_word(f->use));
    return filter;
}

static enum outcome list_fill(struct page *p, int64_t domain_id, const char *url, const char *where,
                              int64_t total)
{
    struct reach reach = actor_reach(&p->actor);
    struct keyset k = page_keyset(p);
    struct keyset_ends ends;
    struct mailbox *rows;
    size_t n;
    const char *q = pairs_text(&p->request->query, "q"),
               *state = pairs_text(&p->request->query, "state");
    k.prefix = search_prefix(p, q);
    if (k.prefix == NULL)
        q = NULL;
    if (domain_id != 0 && k.prefix != NULL)
        k.prefix = arena_memdup(p->a, k.prefix, strcspn(k.prefix, "@"));
    const struct mailbox_filter filter = {domain_id, state_of(state),
                                          use_of(pairs_text(&p->request->query, "use")), total};
    const char *extra = extra_query(p, q, state, filter.use);
    sort_fill(p, url, extra, &k);
    enum outcome o = mailbox_list(p->desk->store, p->a, &reach, &filter, &k, &rows, &n, &ends);
    if (o != OUT_OK)
        return o;
    p->name = "mailboxes.list";
    const char *back = return_query(p, where);
    struct value *list = value_set_list(p->vm, "rows");
    for (size_t i = 0; i < n; i++)
        mailbox_fill(p, value_add_map(list), &rows[i], back);
    const char *first = n > 0 ? row_key(&rows[0], domain_id) : "",
               *last = n > 0 ? row_key(&rows[n - 1], domain_id) : "";
    value_set(p->vm, "pager",
              value_page_only(pager_value(p, url, extra, &k, &ends, first, last, n)));
    value_set(p->vm, "filter", mailbox_filter_value(p, url, q, &filter));
    value_set_bool(p->vm, "filtered", q != NULL || filter.active >= 0 || filter.use != USE_ANY);
    looked_fill(p, url, extra, &k, &ends, MAILBOXES_LOOKED, n);
    if (n > 0)
        bulk_fill(p, "mailboxes");
    if (filter.use == USE_ANY) /* how many those are nobody has counted */
        count_fill(p->vm, "total", total);
    next_fill(p, p->vm, &ends,
              ends.looked_to != NULL && k.before == NULL ? ends.looked_to
              : n > 0                                    ? last
                                                         : NULL);
    return OUT_OK;
}

enum outcome page_mailboxes_all(struct page *p)
{
    struct reach reach = actor_reach(&p->actor);
    struct site_numbers numbers;
    const struct mailbox *me = p->actor.account;
    enum outcome o = site_numbers(p->desk->store, &reach, &numbers);
    if (o == OUT_OK && !reach.everything &&
        me->administers_n == 1) /* all of one domain, by its own key */
        return list_fill(p, me->administers[0], page_url(p, "mailboxes.all"), "all",
                         numbers.mailboxes);
    return o != OUT_OK ? o
                       : list_fill(p, 0, page_url(p, "mailboxes.all"), "all", numbers.mailboxes);
}

enum outcome page_mailboxes(struct page *p)
{
    domain_ref_fill(p, value_set_map(p->vm, "domain"), p->domain.name);
    if (page_permits(p, ACTION_MAILBOX_ADD, &p->on))
        value_set_url(p->vm, "add", page_domain_url(p, "mailboxes.new", p->domain.name));
    return list_fill(p, p->domain.id, page_domain_url(p, "mailboxes.list", p->domain.name), "list",
                     p->domain.mailboxes);
}

static bool has_space_limit(const struct domain *d)
{
    return domain_quota_most_kb(d, 0) != 0;
}

/* What one may type for a mailbox that has `own` already. */
static const char *space_hint(struct page *p, const struct domain *d, int64_t own_kb)
{
    int64_t most = domain_quota_most_kb(d, own_kb);
    if (most < 0)
        return page_text(p, TEXT_QUOTA_NONE_LEFT);
    return page_say_of(p, N_("Such as 500 MB or 2 GB; %s at most."), size_text(p->a, most));
}

/* Of a domain that has any. */
static void limits_fill(struct page *p, const struct domain *d)
{
    if (d->limit_mailboxes > 0 || has_space_limit(d))
        record_limits(value_set_map(p->vm, "limits"), d);
}

enum outcome page_mailbox_new(struct page *p)
{
    const struct mailbox fresh = {.active = 1,
                                  .name = "",
                                  .local_part = "",
                                  .email = "",
                                  .domain = "",
                                  .maildir = "",
                                  .quota_kb = domain_new_quota_kb(&p->domain)};
    p->name = "mailboxes.form";
    domain_ref_fill(p, value_set_map(p->vm, "domain"), p->domain.name);
    limits_fill(p, &p->domain);
    page_form(p, (struct form_plan){
                     .action = page_domain_url(p, "mailboxes.new", p->domain.name),
                     .change = ACTION_MAILBOX_ADD,
                     .entity = &fresh,
                     .submit = N_("Add mailbox"),
                     .generate = true,
                     .suffix_field = "local_part",
                     .suffix = arena_printf(p->a, "@%s", domain_display(p->a, p->domain.name)),
                     .hint_field = has_space_limit(&p->domain) ? "quota" : NULL,
                     .hint = space_hint(p, &p->domain, 0),
                     .cancel = page_domain_url(p, "mailboxes.list", p->domain.name)});
    return OUT_OK;
}

static const char *own_url(struct page *p, const char *route)
{
    return page_mailbox_url(p, route, p->mailbox.domain, p->mailbox.local_part);
}

static void link_if(struct page *p, const char *key, enum action_id what, const char *route)
{
    if (page_permits(p, what, &p->on))
        value_set_url(p->vm, key, own_url(p, route));
}

static void head_fill(struct page *p)
{
    mailbox_fill(p, value_set_map(p->vm, "mailbox"), &p->mailbox, NULL);
    domain_ref_fill(p, value_set_map(p->vm, "domain"), p->mailbox.domain);
}

enum outcome page_mailbox_edit(struct page *p)
{
    struct domain d;
    enum outcome o = domain_by_id(p->desk->store, p->a, p->mailbox.domain_id, &d);
    if (o != OUT_OK)
        return o;
    p->name = "mailboxes.form";
    head_fill(p);
    page_form(p, (struct form_plan){.action = own_url(p, "mailboxes.edit"),
                                    .change = ACTION_MAILBOX_EDIT,
                                    .entity = &p->mailbox,
                                    .version = p->version > 0 ? p->version : p->mailbox.version,
                                    .submit = N_("Save"),
                                    .hint_field = has_space_limit(&d) ? "quota" : NULL,
                                    .hint = space_hint(p, &d, p->mailbox.quota_kb),
                                    .cancel = own_url(p, "mailboxes.show")});
    return OUT_OK;
}

enum outcome page_mailbox_password(struct page *p)
{
    p->name = "mailboxes.password";
    head_fill(p);
    if (p->mailbox.active != 0)
        link_if(p, "invite", ACTION_MAILBOX_INVITE, "mailboxes.invite");
    page_form(p, (struct form_plan){.action = own_url(p, "mailboxes.password"),
                                    .change = ACTION_PASSWORD_SET,
                                    .version = p->mailbox.version,
                                    .submit = N_("Set password"),
                                    .generate = true,
                                    .cancel = own_url(p, "mailboxes.show")});
    return OUT_OK;
}

enum outcome page_mailbox_delete(struct page *p)
{
    int64_t aliases;
    enum outcome o = mailbox_alias_count(p->desk->store, p->mailbox.email, &aliases);
    if (o != OUT_OK)
        return o;
    p->name = "mailboxes.delete";
    head_fill(p);
    value_set_int(p->vm, "aliases", aliases);
    page_form(p, (struct form_plan){.action = own_url(p, "mailboxes.delete"),
                                    .change = ACTION_MAILBOX_DELETE,
                                    .version = p->mailbox.version,
                                    .submit = N_("Delete mailbox"),
                                    .danger = true,
                                    .cancel = own_url(p, "mailboxes.show")});
    return OUT_OK;
}

static enum outcome administers_fill(struct page *p, int64_t id)
{
    struct domain *rows;
    size_t n;
    enum outcome o = domains_of_admin(p->desk->store, p->a, id, &rows, &n);
    struct value *list = value_set_list(p->vm, "administers");
    for (size_t i = 0; o == OUT_OK && i < n; i++)
        if (page_permits(p, ACTION_DOMAIN_SHOW, &(struct object){.domain = &rows[i]}))
            domain_ref_fill(p, value_add_map(list), rows[i].name);
    return o;
}

enum outcome page_mailbox(struct page *p)
{
    const struct mailbox *m = &p->mailbox;
    p->name = "mailboxes.show";
    head_fill(p);
    value_set_bool(p->vm, "protected", !page_permits(p, ACTION_MAILBOX_EDIT, &p->on));
    value_set_text(p->vm, "maildir",
                   m->maildir[0] != '\0' ? m->maildir
                                         : arena_printf(p->a, "%s/%s", m->domain, m->local_part));
    link_if(p, "edit", ACTION_MAILBOX_EDIT, "mailboxes.edit");
    link_if(p, "password", ACTION_PASSWORD_SET, "mailboxes.password");
    link_if(p, "spam", ACTION_MAILBOX_POLICY, "mailboxes.spam");
    if (account_level(m) != LEVEL_SUPER_ADMIN)
        link_if(p, "delete", ACTION_MAILBOX_DELETE, "mailboxes.delete");
    enum outcome o = administers_fill(p, m->id);
    if (o == OUT_OK)
        o = alias_around_fill(p, p->vm, m);
    if (o == OUT_OK)
        o = policy_in_force_fill(p);
    if (o == OUT_OK)
        o = invite_fill(p);
    return o != OUT_OK
               ? o
               : recent_fill(p, p->vm, "recent",
                             &(struct audit_filter){.object_id = m->id, .object_kind = "mailbox"},
                             8);
}

static const char *session_agent(const struct session_row *row)
{
    return row->agent != NULL ? row->agent : "";
}

enum outcome sessions_fill(struct page *p, int64_t account)
{
    struct session_row *rows;
    size_t n;
    enum outcome o = sessions_of(p->desk->store, p->a, account, &rows, &n);
    struct value *list = value_set_list(p->vm, "sessions");
    for (size_t i = 0; o == OUT_OK && i < n; i++) {
        struct value *v = value_add_map(list);
        value_set_time(v, "started", rows[i].created);
        value_set_time(v, "last_seen", rows[i].last_seen);
        value_set_text(v, "remote", rows[i].remote);
        value_set_text(v, "agent", session_agent(&rows[i]));
        value_set_bool(v, "current",
                       memcmp(rows[i].token_hash, p->session->row.token_hash, SHA256_BYTES) == 0);
    }
    return o;
}

/* What he chose, in its own words; for programs its tag. */
static const char *language_of(const struct page *p)
{
    enum locale l;
    const char *tag = p->session->account.language;
    if (!locale_find(tag, strlen(tag), &l))
        return NULL;
    return p->request->wants_json ? locale_tag(l) : locale_name(l);
}

/* Page "me.show". As JSON it carries the form token for changes. */
enum outcome page_me(struct page *p)
{
    const struct mailbox *m = &p->session->account;
    p->name = "me.show";
    mailbox_fill(p, value_set_map(p->vm, "mailbox"), m, NULL);
    value_set_url(p->vm, "password", page_url(p, "me.password"));
    value_set_url(p->vm, "spam", page_url(p, "me.spam"));
    value_set_url(p->vm, "appearance", page_url(p, "me.appearance"));
    value_set_url(p->vm, "activity", page_url(p, "me.activity"));
    value_set_url(p->vm, "devices", page_url(p, "me.devices"));
    value_set_text(p->vm, "language", language_of(p));
    if (p->request->wants_json)
        value_set_secret(p->vm, "token", session_form_token(p->a, p->session));
    enum outcome o = administers_fill(p, m->id);
    if (o == OUT_OK)
        o = sessions_fill(p, m->id);
    if (o == OUT_OK)
        o = mail_fill(p, p->vm);
    return o == OUT_OK ? activity_fill(p, p->vm, "recent", 8) : o;
}

enum outcome page_me_password(struct page *p)
{
    p->name = "me.password";
    page_form(p, (struct form_plan){.action = page_url(p, "me.password"),
                                    .change = ACTION_PASSWORD_CHANGE,
                                    .submit = N_("Change password"),
                                    .cancel = page_url(p, "me.show")});
    return OUT_OK;
}

const char *after_mailbox_add(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, "The mailbox %s was added.", address_display(p->a, c->object_name));
    return page_mailbox_url(p, "mailboxes.show", p->domain.name,
                            arena_memdup(p->a, c->object_name, strcspn(c->object_name, "@")));
}

/* Back to where the change was asked for: the list that a switch stood in, else the mailbox. */
static const char *back_url(struct page *p)
{
    const char *url = return_url(p, page_domain_url(p, "mailboxes.list", p->mailbox.domain),
                                 page_url(p, "mailboxes.all"), p->mailbox.id);
    return url != NULL ? url : own_url(p, "mailboxes.show");
}

const char *after_mailbox_edit(struct page *p, const struct change *c, const char **flash_r)
{
    const char *email = address_display(p->a, p->mailbox.email);
    bool alone = c->input != NULL && input_has(c->input, "active") && p->request->form.n <= 4;
    if (c->action == ACTION_PASSWORD_SET)
        *flash_r = page_say_of(p, "The password of %s was set. Its sessions have ended.", email);
    else if (alone)
        *flash_r = page_say_of(p,
                               input_number(c->input, "active", 1)
                                   ? N_("%s is enabled.")
                                   : N_("%s is disabled: no sign-in, no new mail."),
                               email);
    else
        *flash_r = page_say_of(p, "%s was saved.", email);
    return back_url(p);
}

const char *after_mailbox_delete(struct page *p, const struct change *c, const char **flash_r)
{
    (void)c;
    *flash_r =
        page_say_of(p, "The mailbox %s was deleted.", address_display(p->a, p->mailbox.email));
    return page_domain_url(p, "mailboxes.list", p->mailbox.domain);
}

const char *after_me_password(struct page *p, const struct change *c, const char **flash_r)
{
    (void)c;
    *flash_r = page_say(p, "Your password was changed. Your other sessions have ended.");
    return page_url(p, "me.show");
}
