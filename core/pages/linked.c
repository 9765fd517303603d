/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records as pages show them: what records.c makes of a row, with the links and the buttons that this reader
 * has. */
#include <string.h>

#include "pages/page.h"

void button_fill(struct page *p, struct value *v, const struct button *b)
{
    const char *url = b->return_to != NULL ? arena_printf(p->a, "%s?%s", b->url, b->return_to)
                                           : b->url;
    value_page_only(v);
    value_set_url(v, "url", url);
    value_set_text(v, "label", page_say(p, b->label));
    value_set_text(v, "name", b->name);
    value_set_text(v, "value", b->value);
    if (b->version > 0)
        value_set_int(v, "version", b->version);
}

void domain_fill(struct page *p, struct value *v, const struct domain *d)
{
    record_domain(p->a, v, d);
    value_set_url(v, "url", page_domain_url(p, "domains.show", d->name));
    value_set_url(v, "mailboxes_url", page_domain_url(p, "mailboxes.list", d->name));
    value_set_url(v, "aliases_url", page_domain_url(p, "aliases.list", d->name));
}

void domain_ref_fill(struct page *p, struct value *v, const char *domain)
{
    value_set_text(v, "domain", domain);
    value_set_text(v, "name", domain_display(p->a, domain));
    value_set_url(v, "url", page_domain_url(p, "domains.show", domain));
}

/* A super admin's account stays on. */
static bool may_switch(struct page *p, const struct mailbox *m)
{
    struct domain d = {.id = m->domain_id, .name = m->domain};
    struct object on = {.domain = &d, .mailbox = m};
    return account_level(m) != LEVEL_SUPER_ADMIN && page_permits(p, ACTION_MAILBOX_EDIT, &on);
}

void mailbox_fill(struct page *p, struct value *v, const struct mailbox *m, const char *return_to)
{
    record_mailbox(p->a, v, m);
    value_set_url(v, "url", page_mailbox_url(p, "mailboxes.show", m->domain, m->local_part));
    if (may_switch(p, m))
        button_fill(
            p, value_set_map(v, "toggle"),
            &(struct button){.url = page_mailbox_url(p, "mailboxes.edit", m->domain, m->local_part),
                             .return_to = return_to,
                             .label = m->active ? N_("Disable") : N_("Enable"),
                             .name = "active",
                             .value = m->active ? "0" : "1",
                             .version = m->version});
}

static const struct domain *domain_of(struct page *p, const struct alias *alias)
{
    struct domain *d = ARENA_NEW(p->a, struct domain);
    *d = (struct domain){.id = alias->domain_id, .name = alias->domain};
    return d;
}

bool alias_is_editable(struct page *p, const struct alias *alias)
{
    return page_permits(p, ACTION_ALIAS_EDIT,
                        &(struct object){.domain = domain_of(p, alias), .alias = alias});
}

void alias_button_fill(struct page *p, struct value *v, const struct alias *alias, const char *name,
                       const char *value, const char *label, const char *return_to)
{
    button_fill(p, v,
                &(struct button){.url = page_alias_url(p, "aliases.edit", alias->domain, alias->id),
                                 .return_to = return_to,
                                 .label = label,
                                 .name = name,
                                 .value = value,
                                 .version = alias->version});
}

void alias_fill(struct page *p, struct value *v, const struct alias *alias, const char *return_to)
{
    record_alias(p->a, v, alias);
    value_set_url(v, "url", page_alias_url(p, "aliases.show", alias->domain, alias->id));
    if (alias_is_editable(p, alias))
        alias_button_fill(p, value_set_map(v, "toggle"), alias, "active", alias->active ? "0" : "1",
                          alias->active ? N_("Disable") : N_("Enable"), return_to);
}

static void target_fill(struct page *p, struct value *v, const struct alias_target *target)
{
    const char *state = target_state(&p->actor, target), *at = strrchr(target->address, '@');
    bool mailbox = strcmp(state, "mailbox") == 0 || strcmp(state, "disabled") == 0;
    value_set_text(v, "address", address_display(p->a, target->address));
    value_set_text(v, "state", state);
    if (mailbox)
        value_set_url(
            v, "url",
            page_mailbox_url(p, "mailboxes.show", at + 1,
                             arena_memdup(p->a, target->address, (size_t)(at - target->address))));
    else if (strcmp(state, "alias") == 0)
        value_set_url(v, "url", page_alias_url(p, "aliases.show", at + 1, target->alias));
}

enum outcome alias_targets_fill(struct page *p, struct value *v, const struct alias *alias)
{
    struct alias_view view;
    enum outcome o = alias_look(p->desk->store, p->a, &p->actor, alias, &view);
    if (o != OUT_OK)
        return o;
    struct value *targets = value_set_list(v, "targets"), *list = value_set_list(v, "warnings");
    for (size_t i = 0; i < view.targets_n; i++)
        target_fill(p, value_add_map(targets), &view.targets[i]);
    for (size_t i = 0; i < view.warnings_n; i++) {
        const struct alias_warning *w = &view.warnings[i];
        struct value *warning = value_add_map(list);
        value_set_text(warning, "code", text_code(w->text));
        value_set_text(warning, "text", page_format(p, w->text, w->arg));
    }
    return OUT_OK;
}

void relay_fill(struct page *p, struct value *v, const struct relay *r)
{
    record_relay(p->a, v, r, reader_is_server_admin(p));
    value_set_url(v, "url", page_relay_url(p, "relays.show", r->domain));
    value_set_url(v, "recipients_url", page_relay_url(p, "relays.recipients", r->domain));
}

void access_fill(struct page *p, struct value *v, const struct access_entry *e)
{
    record_access(p->a, v, e);
    value_set_url(v, "url", page_access_url(p, "show", e));
}

void policy_fill(struct page *p, struct value *v, const struct policy *policy)
{
    record_policy(p->a, p->locale, v, policy, reader_is_server_admin(p));
    value_set_url(v, "url", page_policy_url(p, "policies.show", policy->id));
}

/* A setting in words; NULL: not set. */
const char *policy_setting_words(struct page *p, const struct field *f, const struct policy *policy)
{
    if (!field_is_set(f, policy))
        return NULL;
    const char *text = field_edit_text(p->a, f, policy);
    if (f->type == FIELD_BOOL)
        return page_say(p, strcmp(text, "0") == 0 ? N_("No") : N_("Yes"));
    if (f->type == FIELD_SIZE && strcmp(text, "0") == 0)
        return page_text(p, TEXT_NO_LIMIT);
    return f->type == FIELD_TEXT && strcmp(text, "-") == 0 ? page_say(p, N_("none")) : text;
}

struct value *policy_setting_add(struct page *p, struct value *list, const struct field *f,
                                 const char **group)
{
    struct value *v = value_add_map(list);
    value_set_text(v, "field", f->name);
    value_page_only(value_set_text(v, "label", page_text(p, f->label)));
    if (*group != NULL)
        value_page_only(value_set_text(v, "group", page_say(p, *group)));
    *group = NULL;
    return v;
}
