/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A POST: what was sent becomes one change, perform() does it, and the answer says what happened:
 * 303 to where the result is seen, or the same page with what was typed and a message at each
 * field. As JSON: the object. */
#include <stdlib.h>
#include <string.h>

#include "pages/page.h"

static bool is_json(const struct page *p)
{
    return p->request->wants_json || p->request->body_is_json;
}

static void send_errors_json(struct page *p)
{
    struct value *v = value_map(p->a), *errors = value_set_map(v, "errors");
    for (size_t i = 0; i < p->input->n; i++) {
        const struct input_value *at = &p->input->values[i];
        if (at->error == TEXT_NONE)
            continue;
        struct value *e = value_set_map(errors, p->input->fields[i].name);
        value_set_text(e, "code", text_code(at->error));
        value_set_text(e, "text", text_format(p->a, at->error, at->error_arg));
    }
    if (p->problem != TEXT_NONE) { /* of a member that no field has: under its name */
        bool member = p->problem == TEXT_UNKNOWN_FIELD || p->problem == TEXT_REQUIRED;
        struct value *e =
            value_set_map(errors, member && p->problem_arg != NULL ? p->problem_arg : "");
        value_set_text(e, "code", text_code(p->problem));
        value_set_text(e, "text", text_format(p->a, p->problem, p->problem_arg));
    }
    value_set_text(v, "request_id", p->request->id);
    page_send_json(p, p->status, v);
}

/* The same page again, with what was typed. */
static void show_again(struct page *p, struct input *in, int status, enum text_key problem,
                       const char *arg)
{
    p->input = in;
    p->status = status;
    p->problem = problem;
    p->problem_arg = arg;
    if (is_json(p)) {
        send_errors_json(p);
        return;
    }
    page_show_now(p);
}

static void conflict_field(struct page *p, struct value *list, const struct field *f,
                           const struct input_value *yours, const void *theirs)
{
    if (!yours->present || f->type == FIELD_PASSWORD || f->offset == SIZE_MAX)
        return;
    struct value *v = value_add_map(list);
    value_set_text(v, "label", text_english(f->label));
    value_set_text(v, "field", f->name);
    value_set_text(v, "yours", yours->typed);
    value_set_text(v, "theirs", field_display(p->a, f, theirs));
}

static int64_t version_of(const struct change *c)
{
    return actions[c->action].on == ON_DOMAIN ? ((const struct domain *)c->theirs)->version
                                              : ((const struct mailbox *)c->theirs)->version;
}

/* 409: somebody else was first; both values, and the form to send again on top of theirs. */
static void send_conflict(struct page *p, struct change *c)
{
    p->status = 409;
    p->name = "conflict";
    p->vm = value_map(p->a);
    value_set_text(p->vm, "object", c->object_name);
    struct value *list = value_set_list(p->vm, "fields");
    for (size_t i = 0; c->input != NULL && i < c->input->n; i++)
        conflict_field(p, list, &c->input->fields[i], &c->input->values[i], c->theirs);
    const char *url = route_url(p->a, p->desk->place.prefix, p->route->name,
                                p->on.domain != NULL ? p->domain.name : NULL,
                                p->on.mailbox != NULL ? p->mailbox.local_part : NULL, NULL);
    value_set_url(p->vm, "reload", url);
    value_set_int(p->vm, "version", version_of(c));
    p->input = c->input;
    page_form(p, (struct form_plan){.action = url,
                                    .change = c->action,
                                    .entity = c->theirs,
                                    .version = version_of(c),
                                    .submit = "Save mine",
                                    .cancel = url});
    page_send(p);
}

static void send_denied(struct page *p, struct change *c)
{
    if (c->refusal == TEXT_REAUTHENTICATE && c->input != NULL) {
        input_fail(c->input, "current", TEXT_REAUTHENTICATE, NULL);
        show_again(p, c->input, 422, TEXT_NONE, NULL);
    } else {
        page_send_error(p, 403, c->refusal != TEXT_NONE ? c->refusal : TEXT_NOT_ALLOWED,
                        c->refusal_arg);
    }
}

/* A password that was made here is shown on the answer itself, once. */
static void send_secret(struct page *p, const struct change *c)
{
    const struct mailbox *m = p->on.mailbox;
    if (m == NULL && mailbox_by_id(p->desk->store, p->a, c->object_id, &p->mailbox) == OUT_OK)
        m = &p->mailbox;
    if (m == NULL) {
        page_send_outcome(p, OUT_UNAVAILABLE);
        return;
    }
    p->name = "mailboxes.secret";
    p->vm = value_map(p->a);
    mailbox_fill(p, value_set_map(p->vm, "mailbox"), m, NULL);
    domain_ref_fill(p, value_set_map(p->vm, "domain"), m->domain);
    value_set_secret(p->vm, "password", c->secret);
    value_set_url(p->vm, "next", page_mailbox_url(p, "mailboxes.show", m->domain, m->local_part));
    value_set_url(p->vm, "another", page_domain_url(p, "mailboxes.new", m->domain));
    page_send(p);
}

static void object_fill(struct page *p, struct value *v, const struct change *c)
{
    bool gone = strstr(actions[c->action].name, "delete") != NULL;
    enum object_kind on = actions[c->action].on;
    bool mailbox = on == ON_MAILBOX || c->action == ACTION_MAILBOX_ADD;
    bool domain = (on == ON_DOMAIN && !mailbox) || c->action == ACTION_DOMAIN_ADD;
    struct mailbox m;
    struct domain d;
    if (!gone && mailbox && mailbox_by_id(p->desk->store, p->a, c->object_id, &m) == OUT_OK)
        mailbox_fill(p, v, &m, NULL);
    else if (!gone && domain &&
             domain_by_id(p->desk->store, p->a, p->on.domain != NULL ? p->domain.id : c->object_id,
                          &d) == OUT_OK)
        domain_fill(p, v, &d);
    else
        value_set_text(v, "name", c->object_name);
}

static void send_done_json(struct page *p, const struct change *c)
{
    struct value *v = value_map(p->a);
    object_fill(p, v, c);
    if (c->secret != NULL)
        value_set_secret(v, "password", c->secret);
    page_send_json(p, actions[c->action].flags & CREATES ? 201 : 200, v);
}

void page_send_done(struct page *p, const struct change *c, bool repeated)
{
    if (is_json(p)) {
        send_done_json(p, c);
        return;
    }
    if (c->secret != NULL) {
        send_secret(p, c);
        return;
    }
    const char *flash = NULL, *url = p->route->after(p, c, &flash);
    if (flash != NULL && p->session != NULL && !repeated)
        session_flash(p->desk->store, p->session->row.token_hash,
                      arena_printf(p->a, "done:%s", flash));
    page_send_redirect(p, url);
}

/* A change of something that is there says which version it was made from. */
static bool needs_version(const struct page *p, const struct change *c)
{
    return is_json(p) && c->version == 0 &&
           (c->action == ACTION_DOMAIN_EDIT || c->action == ACTION_MAILBOX_EDIT);
}

void page_perform(struct page *p)
{
    struct change c = {.action = p->route->change, .on = p->on};
    bool repeated = false;
    c.input = form_read(p, c.action, &c.generate);
    c.version = p->version;
    if (c.input->error != TEXT_NONE || needs_version(p, &c)) {
        bool version = c.input->error == TEXT_NONE;
        show_again(p, c.input, 422, version ? TEXT_REQUIRED : c.input->error,
                   version ? "version" : c.input->error_arg);
        return;
    }
    struct operation op = form_operation(p);
    enum outcome o = perform(&p->desk->workshop, p->a, &p->actor, &c, 1, &op, &repeated);
    if (o == OUT_OK)
        page_send_done(p, &c, repeated);
    else if (o == OUT_WRONG)
        show_again(p, c.input, 422, c.input->error, c.input->error_arg);
    else if (o == OUT_CONFLICT && c.theirs != NULL)
        send_conflict(p, &c);
    else if (o == OUT_CONFLICT && !input_is_clean(c.input)) /* there already: told at its field */
        show_again(p, c.input, 409, TEXT_NONE, NULL);
    else if (o == OUT_CONFLICT)
        show_again(p, c.input, 409, c.refusal != TEXT_NONE ? c.refusal : TEXT_CHANGED_ELSEWHERE,
                   c.refusal_arg);
    else if (o == OUT_DENIED)
        send_denied(p, &c);
    else
        page_send_outcome(p, o);
}
