/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages/records.h"

#include <string.h>

#include "actions/permit.h"
#include "actions/way.h"
#include "model/address.h"
#include "model/decimal.h"
#include "model/destinations.h"

static const char *or_absent(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static int64_t percent_of(int64_t used, int64_t limit)
{
    if (limit <= 0)
        return 0;
    return used > INT64_MAX / 100 ? used / 100 / (limit / 10000 + 1) : used * 100 / limit;
}

static void record_percent(struct value *v, int64_t percent)
{
    value_set_int(v, "percent", percent > 999 ? 999 : percent);
    value_set_text(v, "level", percent >= 100 ? "full" : percent >= 90 ? "warn" : "ok");
}

static void record_share(struct value *v, int64_t used, int64_t limit)
{
    value_set_int(v, "used", used);
    value_set_int(v, "limit", limit);
    record_percent(v, percent_of(used, limit));
}

void record_limits(struct value *v, const struct domain *d)
{
    record_share(value_set_map(v, "mailboxes"), d->mailboxes, d->limit_mailboxes);
    record_share(value_set_map(v, "aliases"), d->aliases, d->limit_aliases);
    record_share(value_set_map(v, "quota"), d->quota_kb * 1024, d->limit_quota_kb * 1024);
    value_set_int(v, "quota_most", d->quota_most_kb * 1024);
    value_set_int(v, "quota_default", d->quota_default_kb * 1024);
}

void record_domain(struct arena *a, struct value *v, const struct domain *d)
{
    value_set_int(v, "id", d->id);
    value_set_int(v, "version", d->version);
    value_set_text(v, "domain", d->name);
    value_set_text(v, "name", domain_display(a, d->name));
    value_set_text(v, "description", or_absent(d->description));
    value_set_int(v, "mailboxes", d->mailboxes);
    value_set_int(v, "aliases", d->aliases);
    record_limits(value_set_map(v, "limits"), d);
    value_set_time(v, "created", d->created);
}

/* Dovecot counts up and down by what it saw, and may end below nothing. */
static int64_t counted(int64_t n)
{
    return n > 0 ? n : 0;
}

static void record_quota(struct value *v, const struct mailbox *m)
{
    int64_t limit = m->quota_kb * 1024, used = counted(m->used_bytes);
    int64_t messages = counted(m->used_messages), percent = percent_of(used, limit);
    int64_t of_messages = percent_of(messages, m->quota_messages);
    percent = of_messages > percent ? of_messages : percent;
    value_set_int(v, "used", used);
    value_set_int(v, "limit", limit);
    record_percent(v, percent);
    value_set_int(v, "messages", messages);
    value_set_int(v, "messages_limit", m->quota_messages);
}

void record_mailbox(struct arena *a, struct value *v, const struct mailbox *m)
{
    value_set_int(v, "id", m->id);
    value_set_int(v, "version", m->version);
    value_set_text(v, "email", address_display(a, m->email));
    value_set_text(v, "domain", m->domain);
    value_set_text(v, "mailbox", m->local_part);
    value_set_text(v, "name", or_absent(m->name));
    value_set_bool(v, "active", m->active != 0);
    value_set_text(v, "role",
                   role_word(account_level(m), m->administers_any || m->administers_n > 0));
    record_quota(value_set_map(v, "quota"), m);
    value_set_time(v, "last_seen", m->last_seen);
    value_set_time(v, "created", m->created);
}

static void set_list(struct arena *a, struct value *v, const char *key, const char *lines)
{
    struct value *list = value_set_list(v, key);
    for (const char *one; (one = destinations_next(a, &lines)) != NULL;)
        value_add_text(list, one);
}

void record_value(struct arena *a, struct value *v, const char *key, const struct field *f,
                  int64_t number, const char *text)
{
    if (f->nullable && FIELD_IS_NUMBER(f->type) && number == FIELD_UNSET)
        return;
    if (f->type == FIELD_BOOL)
        value_set_bool(v, key, number != 0);
    else if (f->type == FIELD_DECIMAL)
        value_set_decimal(v, key, decimal_text(a, number));
    else if (f->type == FIELD_INT || f->type == FIELD_SIZE)
        value_set_int(v, key, f->type == FIELD_SIZE ? number * 1024 : number);
    else if (FIELD_IS_LIST(f->type))
        set_list(a, v, key, text);
    else
        value_set_text(v, key, text);
}

void record_field(struct arena *a, struct value *v, const char *key, const struct field *f,
                  const void *entity)
{
    const char *const *text = (const void *)((const char *)entity + f->offset);
    record_value(a, v, key, f, field_number(f, entity), FIELD_IS_NUMBER(f->type) ? NULL : *text);
}

void record_summary(struct arena *a, enum locale locale, struct value *list,
                    const struct policy *policy)
{
    const struct {
        int64_t value;
        bool yes;
        const char *words;
    } phrases[] = {
        {policy->spam_modifies_subj, true, N_("the subject of spam is marked")},
        {policy->spam_lover, true, N_("spam is delivered")},
        {policy->bypass_spam_checks, true, N_("no check for spam")},
        {policy->bypass_virus_checks, true, N_("no check for viruses")},
        {policy->virus_lover, true, N_("viruses are delivered")},
        {policy->bypass_banned_checks, true, N_("no check of attachments")},
        {policy->banned_files_lover, true, N_("dangerous attachments are delivered")},
        {policy->bypass_header_checks, true, N_("no check of headers")},
    };
    if (policy->spam_tag2_level != FIELD_UNSET)
        value_add_text(list, text_say_of(a, locale, N_("spam from %s"),
                                         decimal_text(a, policy->spam_tag2_level)));
    if (policy->spam_kill_level != FIELD_UNSET)
        value_add_text(list, text_say_of(a, locale, N_("held back from %s"),
                                         decimal_text(a, policy->spam_kill_level)));
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].value == phrases[i].yes)
            value_add_text(list, text_say(a, locale, phrases[i].words));
}

static void record_users(struct value *v, const char *key, const char *more, int64_t n)
{
    value_set_int(v, key, n > POLICY_COUNTED ? POLICY_COUNTED : n);
    value_set_bool(v, more, n > POLICY_COUNTED);
}

void record_policy(struct arena *a, enum locale locale, struct value *v, const struct policy *p,
                   bool whole)
{
    value_set_int(v, "id", p->id);
    value_set_int(v, "version", p->version);
    value_set_text(v, "name", p->name);
    value_set_text(v, "description", or_absent(p->description));
    value_set_bool(v, "offered", p->offered != 0);
    value_set_bool(v, "server_default", p->server_default != 0);
    record_users(v, "mailboxes", "mailboxes_more", p->mailboxes);
    record_users(v, "domains", "domains_more", p->domains);
    value_set_time(v, "created", p->created);
    record_summary(a, locale, value_set_list(v, "summary"), p);
    struct value *values = value_set_map(v, "values");
    for (const struct field *f = policy_fields; f->name != NULL; f++)
        if (f->nullable && (whole || !policy_field_is_ours(f)))
            record_field(a, values, f->name, f, p);
}

void record_relay(struct arena *a, struct value *v, const struct relay *r, bool whole)
{
    value_set_int(v, "id", r->id);
    value_set_int(v, "version", r->version);
    value_set_text(v, "domain", r->domain);
    value_set_text(v, "name", domain_display(a, r->domain));
    value_set_text(v, "description", or_absent(r->description));
    value_set_text(v, "recipients", r->recipients);
    value_set_int(v, "listed", r->listed);
    value_set_text(v, "next_hop", whole ? or_absent(r->next_hop) : NULL);
    value_set_time(v, "created", r->created);
}

void record_invite(struct arena *a, struct value *v, const struct invite *i)
{
    value_set_time(v, "made", i->created);
    value_set_text(v, "by", i->maker[0] != '\0' ? address_display(a, i->maker) : NULL);
    value_set_time(v, "expires", i->expires);
}

void record_relay_recipient(struct arena *a, struct value *v, const struct relay_recipient *r)
{
    value_set_int(v, "id", r->id);
    value_set_text(v, "email", address_display(a, r->email));
    value_set_text(v, "recipient", r->user);
    value_set_time(v, "created", r->created);
}

/* Internal is what stays in its own domain. */
static const char *alias_kind(const struct alias *alias)
{
    return alias->catch_all ? "catchall" : alias->outside == 0 ? "internal" : "alias";
}

void record_alias(struct arena *a, struct value *v, const struct alias *alias)
{
    const char *at = alias->destinations, *one;
    int64_t n = 0;
    value_set_int(v, "id", alias->id);
    value_set_int(v, "version", alias->version);
    value_set_text(v, "email", address_display(a, alias->email));
    value_set_text(v, "domain", alias->domain);
    value_set_text(v, "source", alias->source);
    value_set_text(v, "kind", alias_kind(alias));
    struct value *list = value_set_list(v, "destinations");
    for (; (one = destinations_next(a, &at)) != NULL; n++)
        value_add_text(list, address_display(a, one));
    value_set_int(v, "more", alias->destinations_n - n);
    value_set_bool(v, "catch_all", alias->catch_all != 0);
    value_set_bool(v, "keep_copy", alias->keep_copy != 0);
    value_set_text(v, "description", or_absent(alias->description));
    value_set_bool(v, "active", alias->active != 0);
    if (alias->circle)
        value_set_bool(v, "circle", true);
    value_set_time(v, "created", alias->created);
}

const char *target_state(const struct actor *who, const struct alias_target *target)
{
    const struct domain d = {.id = target->domain_id};
    bool known = target->domain_id != 0 &&
                 permit(who, ACTION_DOMAIN_SHOW, &(struct object){.domain = &d}) == OUT_OK;
    return !known                 ? "elsewhere"
           : target->alias        ? "alias"
           : target->active       ? "mailbox"
           : target->mailbox != 0 ? "disabled"
           : target->catch_all    ? "catchall"
                                  : "dead";
}

static enum text_key target_warning(const char *state)
{
    return strcmp(state, "dead") == 0       ? TEXT_ALIAS_DEAD_END
           : strcmp(state, "disabled") == 0 ? TEXT_ALIAS_TO_DISABLED
           : strcmp(state, "catchall") == 0 ? TEXT_ALIAS_TO_CATCH_ALL
                                            : TEXT_NONE;
}

static void warn(struct alias_view *view, enum text_key text, const char *arg)
{
    if (text != TEXT_NONE)
        view->warnings[view->warnings_n++] = (struct alias_warning){text, arg};
}

enum outcome alias_look(struct store *s, struct arena *a, const struct actor *who,
                        const struct alias *alias, struct alias_view *view_r)
{
    struct alias_view v = {0};
    enum text_key found = TEXT_NONE;
    const char *arg = NULL;
    enum outcome o = alias_targets(s, a, alias, &v.targets, &v.targets_n);
    if (o == OUT_OK && alias->active != 0) /* made so by hand, or by what came later */
        o = way_walk(s, a, who, alias->email, false, &found, &arg);
    if (o != OUT_OK)
        return o;
    v.warnings = arena_array(a, v.targets_n + 2, sizeof *v.warnings);
    warn(&v, found, arg);
    if (alias->account_id != 0 && alias->keep_copy == 0 && alias->active != 0)
        warn(&v, TEXT_ALIAS_SHADOWS, address_display(a, alias->email));
    if (alias->account_id == 0 && alias->keep_copy != 0 && alias->active != 0)
        warn(&v, TEXT_KEEP_COPY_GONE, address_display(a, alias->email));
    for (size_t i = 0; i < v.targets_n; i++)
        warn(&v, target_warning(target_state(who, &v.targets[i])),
             address_display(a, v.targets[i].address));
    *view_r = v;
    return OUT_OK;
}

void record_admin(struct arena *a, struct value *v, const struct admin *d)
{
    const struct mailbox m = {.id = d->id, .level = d->level};
    value_set_int(v, "id", d->id);
    value_set_text(v, "email", address_display(a, d->email));
    value_set_text(v, "name", or_absent(d->name));
    value_set_text(v, "role", role_word(account_level(&m), d->domains > 0));
    value_set_bool(v, "active", d->active != 0);
    value_set_int(v, "domains", d->domains);
    value_set_time(v, "last_seen", d->last_seen);
}

void record_access(struct arena *a, struct value *v, const struct access_entry *e)
{
    struct access_pattern pattern;
    access_pattern_of(a, e, &pattern);
    value_set_int(v, "id", e->id);
    value_set_int(v, "version", e->version);
    value_set_text(v, "kind", e->kind_word);
    value_set_text(v, "entry", e->pattern);
    value_set_text(v, "name", access_display(a, e->pattern));
    value_set_text(v, "about", access_form_word(&pattern));
    value_set_text(v, "state", e->word);
    value_set_text(v, "text", or_absent(e->text));
    value_set_text(v, "comment", or_absent(e->comment));
    value_set_time(v, "created", e->created);
}

void record_audit(struct value *v, const struct audit_entry *e)
{
    value_set_int(v, "id", e->id);
    value_set_time(v, "at", e->at);
    value_set_text(v, "actor", e->actor);
    value_set_text(v, "action", e->action);
    value_set_text(v, "object", e->object);
    value_set_text(v, "outcome", e->outcome);
    value_set_text(v, "via", e->via);
}
