/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit line of a change: what differs, as two JSON objects, secrets hidden. */
#include <stdint.h>
#include <string.h>

#include "actions/object.h"
#include "actions/task.h"

enum { LINE_REASON_MOST = 2000 };

void line_about(struct task *t, const struct object *on, enum object_kind kind)
{
    t->kind = object_word(on, kind);
    t->name = object_name(t->arena, on, kind);
    t->id = object_id(on, kind);
    t->domain_id = object_domain_id(on, kind);
}

void line_about_domain(struct task *t, const struct domain *d)
{
    line_about(t, &(struct object){.domain = d}, ON_DOMAIN);
}

void line_about_mailbox(struct task *t, const struct mailbox *m)
{
    line_about(t, &(struct object){.mailbox = m}, ON_MAILBOX);
}

void line_about_alias(struct task *t, const struct alias *alias)
{
    line_about(t, &(struct object){.alias = alias}, ON_ALIAS);
}

void line_about_site(struct task *t, const char *what)
{
    t->kind = "site";
    t->name = what;
    t->id = t->domain_id = 0;
}

static void put_json_text(struct str *json, const char *text)
{
    str_append_c(json, '"');
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            str_printf(json, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            str_printf(json, "\\u%04x", (unsigned)c);
        else
            str_append_c(json, (char)c);
    }
    str_append_c(json, '"');
}

static void put_member(struct str *json, const char *key, const char *text)
{
    str_append_c(json, json->len == 0 ? '{' : ',');
    put_json_text(json, key);
    str_append_c(json, ':');
    put_json_text(json, text);
}

void line_put(struct task *t, struct str *json, const char *key, const char *text)
{
    (void)t;
    put_member(json, key, text);
}

void line_hidden(struct task *t, const char *key)
{
    line_put(t, &t->before, key, "(hidden)");
    line_put(t, &t->after, key, "(hidden)");
}

void line_differences(struct task *t, const struct field *fields, const void *before,
                      const void *after)
{
    for (const struct field *f = fields; f->name != NULL; f++) {
        if (f->offset == SIZE_MAX)
            continue;
        const char *was = before != NULL ? field_display(t->arena, f, before) : "";
        const char *is = after != NULL ? field_display(t->arena, f, after) : "";
        if (strcmp(was, is) == 0)
            continue;
        if (before != NULL)
            line_put(t, &t->before, f->name, was);
        if (after != NULL)
            line_put(t, &t->after, f->name, is);
    }
}

static const char *finish(struct str *json)
{
    if (json->len > 0 && !json->overflow)
        str_append_c(json, '}');
    return json->overflow ? "" : json->data;
}

static struct audit_entry entry_of(struct arena *a, const struct actor *who, const char *action,
                                   const char *outcome)
{
    return (struct audit_entry){.actor_id = who->account != NULL ? who->account->id : 0,
                                .actor = actor_name(a, who),
                                .via = who->via != NULL ? who->via : "cli",
                                .action = action,
                                .outcome = outcome,
                                .object_kind = "",
                                .object = "",
                                .before = "",
                                .after = "",
                                .request_id = who->request_id != NULL ? who->request_id : "",
                                .remote = who->remote != NULL ? who->remote : "",
                                .unix_user = who->unix_user != NULL ? who->unix_user : ""};
}

enum outcome line_write(struct task *t)
{
    const struct change *c = t->change;
    enum action_id what = c->undoes != NULL ? ACTION_UNDO : c->action;
    struct audit_entry e = entry_of(t->arena, t->who, actions[what].name, "done");
    if (c->undoes != NULL)
        line_put(t, &t->after, "entry", arena_printf(t->arena, "%lld", (long long)c->undoes->id));
    e.version = c->object_version;
    e.object_kind = t->kind;
    e.object = t->name;
    e.object_id = t->id;
    e.domain_id = t->domain_id;
    e.before = finish(&t->before);
    e.after = finish(&t->after);
    int64_t line;
    enum outcome o = audit_insert(t->store, &e, &line);
    t->change->line = t->lines++ == 0 ? line : 0;
    return o;
}

static void fill_object(struct arena *a, struct audit_entry *e, const struct object *on)
{
    enum object_kind kind = object_kind_of(on);
    if (kind == ON_SITE)
        return;
    e->object_kind = object_word(on, kind);
    e->object = object_name(a, on, kind);
    e->object_id = object_id(on, kind);
    e->domain_id = object_domain_id(on, kind);
}

void line_refused(struct workshop *w, struct arena *a, const struct actor *who, enum action_id what,
                  const struct object *on, enum text_key why, const char *arg)
{
    struct str reason;
    if (actor_is_anybody(who))
        return;
    struct audit_entry e = entry_of(a, who, actions[what].name, "refused");
    if (on != NULL)
        fill_object(a, &e, on);
    str_init(&reason, a, LINE_REASON_MOST);
    put_member(&reason, "reason", text_format(a, why != TEXT_NONE ? why : TEXT_NOT_FOUND, arg));
    e.after = finish(&reason);
    audit_insert(w->store, &e, NULL);
}

void audit_refusal(struct workshop *w, struct arena *a, const struct actor *who,
                   enum action_id what, const struct object *on)
{
    enum text_key why;
    permit_why(who, what, on, &why);
    line_refused(w, a, who, what, on, why, NULL);
}
