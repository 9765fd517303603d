/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A POST: what was sent becomes one change, perform() does it, and the answer says what happened:
 * 303 to where the result is seen, or the same page with what was typed and a message at each
 * field. As JSON: the object. */
#include <stdlib.h>
#include <string.h>

#include "actions/object.h"
#include "actions/undo.h"
#include "pages/page.h"
#include "store/access.h"
#include "store/policy.h"
#include "store/relay.h"
#include "store/alias.h"

/* As people read it: "no limit", yes and no are the program's own words. */
static const char *shown(struct page *p, const struct field *f, const void *entity)
{
    const char *text = field_display(p->a, f, entity);
    int64_t number = FIELD_IS_NUMBER(f->type) ? field_number(f, entity) : FIELD_UNSET;
    if (f->type == FIELD_BOOL && number != FIELD_UNSET)
        return page_say(p, number != 0 ? N_("Yes") : N_("No"));
    return f->type == FIELD_SIZE && number == 0 ? page_say(p, text) : text;
}

static bool says_the_same(struct page *p, const struct field *f, const struct input_value *yours,
                          const void *theirs)
{
    return FIELD_IS_NUMBER(f->type) ? yours->number == field_number(f, theirs)
                                    : text_equal(yours->text, field_edit_text(p->a, f, theirs));
}

/* What was typed; but in the same words where it comes to the same. */
static const char *shown_yours(struct page *p, const struct field *f,
                               const struct input_value *yours, const void *theirs)
{
    if (yours->error != TEXT_NONE || f->offset == SIZE_MAX)
        return yours->typed;
    if (says_the_same(p, f, yours, theirs))
        return shown(p, f, theirs);
    if (f->type == FIELD_BOOL && yours->number != FIELD_UNSET)
        return page_say(p, yours->number != 0 ? N_("Yes") : N_("No"));
    return f->type == FIELD_SIZE && yours->number == 0 ? page_text(p, TEXT_NO_LIMIT) : yours->typed;
}

static void conflict_field(struct page *p, struct value *list, const struct field *f,
                           const struct input_value *yours, const void *theirs)
{
    if (!yours->present || f->type == FIELD_PASSWORD || f->offset == SIZE_MAX)
        return;
    struct value *v = value_add_map(list);
    value_set_text(v, "label", page_text(p, f->label));
    value_set_text(v, "field", f->name);
    value_set_text(v, "yours", shown_yours(p, f, yours, theirs));
    value_set_text(v, "theirs", shown(p, f, theirs));
}

static void send_conflict_json(struct page *p, const struct change *c)
{
    struct value *v = value_map(p->a), *list;
    value_set_text(v, "error", text_code(TEXT_CHANGED_ELSEWHERE));
    value_set_text(v, "text", text_english(TEXT_CHANGED_ELSEWHERE));
    value_set_text(v, "object", c->object_name);
    value_set_int(v, "version", c->theirs_version);
    list = value_set_list(v, "fields");
    for (size_t i = 0; i < c->input->n; i++) {
        const struct field *f = &c->input->fields[i];
        const struct input_value *yours = &c->input->values[i];
        if (!yours->present || f->type == FIELD_PASSWORD || f->offset == SIZE_MAX)
            continue;
        struct value *both = value_add_map(list);
        value_set_text(both, "field", f->name);
        record_value(p->a, both, "yours", f, yours->number, yours->text);
        record_value(p->a, both, "theirs", f, field_number(f, c->theirs),
                     field_edit_text(p->a, f, c->theirs));
    }
    value_set_text(v, "request_id", p->request->id);
    page_send_json(p, 409, v);
}

/* 409: somebody else was first; both values, and the form to send again on top of theirs. */
static void send_conflict(struct page *p, struct change *c)
{
    if (page_is_json(p)) {
        send_conflict_json(p, c);
        return;
    }
    p->status = 409;
    p->name = "conflict";
    p->vm = value_map(p->a);
    value_set_text(p->vm, "object", c->object_name);
    struct value *list = value_set_list(p->vm, "fields");
    for (size_t i = 0; c->input != NULL && i < c->input->n; i++)
        conflict_field(p, list, &c->input->fields[i], &c->input->values[i], c->theirs);
    const char *url = route_url_of(p->a, p->desk->place.prefix, p->route->name, &p->match);
    value_set_url(p->vm, "reload", url);
    value_set_int(p->vm, "version", c->theirs_version);
    p->input = c->input;
    page_form(p, (struct form_plan){.action = url,
                                    .change = c->action,
                                    .entity = c->theirs,
                                    .version = c->theirs_version,
                                    .submit = N_("Save mine"),
                                    .cancel = url});
    page_send(p);
}

static void send_denied(struct page *p, struct change *c)
{
    if (c->refusal == TEXT_REAUTHENTICATE && c->input != NULL) {
        input_fail(c->input, "current", TEXT_REAUTHENTICATE, NULL);
        page_show_again(p, c->input, 422);
    } else {
        page_send_error(p, 403, c->refusal != TEXT_NONE ? c->refusal : TEXT_NOT_ALLOWED,
                        c->refusal_arg);
    }
}

/* A password or a link that was made here is shown on the answer itself, once. */
static void send_secret(struct page *p, const struct change *c)
{
    const struct mailbox *m = p->on.mailbox;
    if (m == NULL && mailbox_by_id(p->desk->store, p->a, c->object_id, &p->mailbox) == OUT_OK)
        m = &p->mailbox;
    if (m == NULL) {
        page_send_outcome(p, OUT_UNAVAILABLE);
        return;
    }
    p->name = c->link != NULL ? "mailboxes.link" : "mailboxes.secret";
    p->vm = value_map(p->a);
    mailbox_fill(p, value_set_map(p->vm, "mailbox"), m, NULL);
    domain_ref_fill(p, value_set_map(p->vm, "domain"), m->domain);
    if (c->link != NULL)
        value_set_secret(p->vm, "link", link_url(p->a, p->desk, p->request, c->link));
    else
        value_set_secret(p->vm, "password", c->secret);
    value_set_url(p->vm, "next", page_mailbox_url(p, "mailboxes.show", m->domain, m->local_part));
    value_set_url(p->vm, "another", page_domain_url(p, "mailboxes.new", m->domain));
    page_send(p);
}

/* --- the object as it is now, in the words of its page --- */

static enum outcome show_domain(struct page *p, struct value *v, int64_t id)
{
    struct domain d;
    enum outcome o = domain_by_id(p->desk->store, p->a, id, &d);
    if (o == OUT_OK)
        domain_fill(p, v, &d);
    return o;
}

static enum outcome show_mailbox(struct page *p, struct value *v, int64_t id)
{
    struct mailbox m;
    enum outcome o = mailbox_by_id(p->desk->store, p->a, id, &m);
    if (o == OUT_OK)
        mailbox_fill(p, v, &m, NULL);
    return o;
}

static enum outcome show_relay(struct page *p, struct value *v, int64_t id)
{
    struct relay r;
    enum outcome o = relay_by_id(p->desk->store, p->a, id, &r);
    if (o == OUT_OK)
        relay_fill(p, v, &r);
    return o;
}

static enum outcome show_alias(struct page *p, struct value *v, int64_t id)
{
    struct alias alias;
    enum outcome o = alias_by_id(p->desk->store, p->a, id, &alias);
    if (o != OUT_OK)
        return o;
    alias_fill(p, v, &alias, NULL);
    return alias_targets_fill(p, v, &alias);
}

/* Of which kind it is, the path says, or the form that made it. */
static enum outcome show_access(struct page *p, struct value *v, int64_t id)
{
    const struct json_member *m = json_find(&p->request->json, "kind");
    const char *kind = m != NULL ? m->text : pairs_text(&p->request->form, "kind");
    struct access_entry e = {.kind = p->on.access != NULL ? p->on.access->kind
                                     : kind != NULL       ? (int64_t)access_kind_of(kind)
                                                          : ACCESS_CLIENT};
    enum outcome o = access_by_id(p->desk->store, p->a, (enum access_kind)e.kind, id, &e);
    if (o == OUT_OK)
        access_fill(p, v, &e);
    return o;
}

static enum outcome show_self(struct page *p, struct value *v, int64_t id)
{
    struct mailbox m;
    enum outcome o = mailbox_by_id(p->desk->store, p->a, id, &m);
    if (o != OUT_OK)
        return o;
    mailbox_fill(p, v, &m, NULL);
    value_set_text(v, "language", m.language);
    return OUT_OK;
}

static enum outcome show_policy(struct page *p, struct value *v, int64_t id)
{
    struct policy policy;
    enum outcome o = policy_by_id(p->desk->store, p->a, id, &policy);
    if (o == OUT_OK)
        policy_fill(p, v, &policy);
    return o;
}

/* Of each kind of object that JSON answers with: the way to its record, and the member that says
 * what it was called when it is gone. */
static const struct {
    enum outcome (*show)(struct page *p, struct value *v, int64_t id);
    const char *name;
} shown_as[OBJECT_KINDS] = {
    [ON_DOMAIN] = {show_domain, "domain"}, [ON_MAILBOX] = {show_mailbox, "email"},
    [ON_ALIAS] = {show_alias, "email"},    [ON_POLICY] = {show_policy, "name"},
    [ON_RELAY] = {show_relay, "domain"},   [ON_SELF] = {show_self, "email"},
    [ON_ACCESS] = {show_access, "entry"},  [ON_INVITE] = {show_self, "email"},
};

static void object_fill(struct page *p, struct value *v, const struct change *c)
{
    enum object_kind kind = action_result(c->action);
    bool made = (actions[c->action].flags & CREATES) != 0;
    int64_t of_path = made ? 0 : object_id(&p->on, kind);
    int64_t id = of_path > 0 ? of_path : c->object_id;
    if (p->on.theme != NULL) {
        value_set_text(v, "theme", p->on.theme);
        value_set_int(v, "version", c->object_version);
        return;
    }
    enum outcome o = shown_as[kind].show != NULL ? shown_as[kind].show(p, v, id) : OUT_UNAVAILABLE;
    if (o == OUT_OK)
        return;
    value_set_int(v, "id", id);
    value_set_text(v, shown_as[kind].name != NULL ? shown_as[kind].name : "name", c->object_name);
    if (c->object_version > 0)
        value_set_int(v, "version", c->object_version);
    if (o == OUT_ABSENT)
        value_set_bool(v, "deleted", true);
}

static void send_done_json(struct page *p, const struct change *c)
{
    struct value *v = value_map(p->a);
    object_fill(p, v, c);
    if (c->secret != NULL)
        value_set_secret(v, "password", c->secret);
    if (c->link != NULL)
        value_set_secret(v, "link", link_url(p->a, p->desk, p->request, c->link));
    if (undo_is_offered_after(c))
        value_set_int(v, "undo", c->line);
    for (size_t i = 0; c->input != NULL && i < c->input->n; i++)
        lines_fill(p, v, &c->input->values[i]);
    page_send_json(p, actions[c->action].flags & CREATES ? 201 : 200, v);
}

void page_send_done(struct page *p, const struct change *c, bool repeated)
{
    const struct session *session = p->session;
    p->repeated = repeated;
    const char *flash = NULL, *url = p->handler->after(p, c, &flash); /* may end the session */
    if (page_is_json(p)) {
        send_done_json(p, c);
        return;
    }
    if (c->secret != NULL || c->link != NULL) {
        send_secret(p, c);
        return;
    }
    if (flash != NULL && session != NULL && !repeated)
        page_flash(p, flash, &c->line, undo_is_offered_after(c) ? 1 : 0);
    page_send_redirect(p, url);
}

static bool edits_stored(const struct field *f)
{
    while (f != NULL && f->name != NULL && f->offset == SIZE_MAX)
        f++;
    return f != NULL && f->name != NULL;
}

/* A change of what is stored says which version it was made from. */
static bool lacks_version(const struct page *p, const struct change *c)
{
    return page_is_json(p) && c->version == 0 && action_is_about_version(c->action) &&
           edits_stored(actions[c->action].fields);
}

static void send_refused(struct page *p, struct change *c, enum outcome o)
{
    struct input *in = c->input;
    if (o == OUT_CONFLICT && c->theirs != NULL) {
        send_conflict(p, c);
    } else if (o == OUT_WRONG ||
               (o == OUT_CONFLICT && !input_is_clean(in))) { /* told at its field */
        page_show_again(p, in, o == OUT_WRONG ? 422 : 409);
    } else if (o == OUT_CONFLICT) {
        input_fail(in, NULL, c->refusal != TEXT_NONE ? c->refusal : TEXT_CHANGED_ELSEWHERE,
                   c->refusal_arg);
        page_show_again(p, in, 409);
    } else if (c->refusal == TEXT_LINK_OVER) {
        page_send_error(p, 410, c->refusal, NULL);
    } else if (o == OUT_DENIED) {
        send_denied(p, c);
    } else if (o == OUT_BUSY) {
        page_send_busy(p, c);
    } else {
        page_send_outcome(p, o);
    }
}

void page_perform(struct page *p)
{
    struct change c = {.action = p->route->change, .on = p->on, .fields = p->fields};
    bool repeated = false;
    c.input = p->input != NULL ? p->input : form_read(p, c.action, &c.generate);
    c.version = p->version;
    if (c.input->error == TEXT_NONE && lacks_version(p, &c)) {
        c.input->error = TEXT_VERSION_MISSING;
        c.input->error_member = "version";
    }
    if (c.input->error != TEXT_NONE) {
        page_show_again(p, c.input, 422);
        return;
    }
    struct operation op = form_operation(p);
    if (op.id == NULL && p->request->operation != NULL) { /* who sends one wants it to count */
        page_send_error(p, 400, TEXT_OPERATION_KEY, NULL);
        return;
    }
    enum outcome o = perform(&p->desk->workshop, p->a, &p->actor, &c, 1, &op, &repeated);
    if (o == OUT_OK)
        page_send_done(p, &c, repeated);
    else
        send_refused(p, &c, o);
}
