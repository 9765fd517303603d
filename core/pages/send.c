/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a request: a view model becomes HTML or JSON, and the answer its headers. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/log.h"
#include "pages/page.h"
#include "view/strikes.h"

static void write_answer(struct page *p, struct http_response *r)
{
    p->answered = true;
    r->status = p->status;
    r->secret_path = route_hides_path(p->request);
    r->https = p->request->https;
    r->head = p->request->method == HTTP_HEAD;
    r->retry_after = p->retry_after;
    r->allow = p->allow;
    r->cookies_n = p->cookies_n;
    memcpy(r->cookies, p->cookies, sizeof r->cookies);
    http_response_write(r, &p->x->answer);
}

static void write_body(struct page *p, const char *type, const struct str *body)
{
    write_answer(
        p, &(struct http_response){.content_type = type, .body = body->data, .body_n = body->len});
}

void page_send_json(struct page *p, int status, const struct value *v)
{
    struct str body;
    str_init(&body, p->a, WIRE_MAX);
    value_json(&body, v);
    str_append_c(&body, '\n');
    p->status = status;
    write_body(p, "application/json", &body);
}

/* Kept as "done:text", or "done+12,13:text" where those lines of the audit log may be undone. */
void page_flash(struct page *p, const char *text, const int64_t *lines, size_t n)
{
    struct str s;
    str_init(&s, p->a, 4096);
    str_append(&s, "done");
    for (size_t i = 0; i < n; i++)
        str_printf(&s, "%c%lld", i == 0 ? '+' : ',', (long long)lines[i]);
    str_printf(&s, ":%s", text);
    session_flash(p->desk->store, p->session->row.token_hash, s.data);
}

/* The flash of the last change is shown once. */
static const char *take_flash(struct page *p)
{
    if (p->session == NULL || p->session->row.flash == NULL)
        return NULL;
    session_flash(p->desk->store, p->session->row.token_hash, NULL);
    return p->session->row.flash;
}

static void draw(struct page *p, const struct value *shell, struct str *html)
{
    struct reception *desk = p->desk;
    if (desk->theme_generation != p->generation) {
        renderer_refresh(desk->renderer);
        strikes_renew(p->generation);
    }
    desk->theme_generation = p->generation;
    if (renderer_render(desk->renderer, p->a, p->theme, p->name, p->request->fragment, p->vm, shell,
                        html) == RENDERED_PLAIN)
        p->status = 500;
}

void page_send(struct page *p)
{
    if (page_is_json(p)) {
        page_send_json(p, p->status, p->vm);
        return;
    }
    chips_fill(p);
    unsigned char id[12];
    random_bytes(id, sizeof id);
    struct value *shell = page_shell(p, base64url(p->a, id, sizeof id), take_flash(p));
    struct str html;
    str_init(&html, p->a, WIRE_MAX);
    str_reserve(&html, 64 * 1024);
    draw(p, shell, &html);
    preview_bar(p, &html);
    write_body(p, "text/html; charset=utf-8", &html);
}

void page_send_redirect(struct page *p, const char *url)
{
    p->status = 303;
    write_answer(p, &(struct http_response){.location = url});
}

/* Where people load a page again, programs do something else. */
static enum text_key text_for_programs(enum text_key text)
{
    return text == TEXT_TOKEN_MISSING   ? TEXT_TOKEN_JSON
           : text == TEXT_SIGN_IN_FIRST ? TEXT_SIGN_IN_JSON
                                        : text;
}

static void send_error_json(struct page *p, enum text_key text, const char *arg)
{
    struct value *v = value_map(p->a);
    value_set_text(v, "error", text_code(text));
    value_set_text(v, "text", page_format(p, text_for_programs(text), arg));
    value_set_text(v, "request_id", p->request->id);
    page_send_json(p, p->status, v);
}

void page_send_error(struct page *p, int status, enum text_key text, const char *arg)
{
    p->status = status;
    if (page_is_json(p)) {
        send_error_json(p, text, arg);
        return;
    }
    if (status == 500 || status == 503) { /* these need neither Lua nor the database */
        struct str html;
        str_init(&html, p->a, WIRE_MAX);
        plain_page(&html, p->locale, status,
                   page_say(p, status == 500 ? N_("Something went wrong")
                                             : N_("This cannot be done just now")),
                   page_format(p, text, arg), p->request->id, p->desk->place.prefix);
        write_body(p, "text/html; charset=utf-8", &html);
        return;
    }
    p->name = "error";
    p->vm = value_map(p->a);
    page_fill_error(p, status, text, arg);
    page_send(p);
}

void page_send_outcome(struct page *p, enum outcome o)
{
    static const struct {
        int status;
        enum text_key text;
        unsigned retry_after;
    } answers[] = {
        [OUT_OK] = {500, TEXT_SERVER_TROUBLE, 0},
        [OUT_ABSENT] = {404, TEXT_NOT_FOUND, 0},
        [OUT_DENIED] = {403, TEXT_NOT_ALLOWED, 0},
        [OUT_WRONG] = {422, TEXT_BAD_REQUEST, 0},
        [OUT_CONFLICT] = {409, TEXT_CHANGED_ELSEWHERE, 0},
        [OUT_BUSY] = {503, TEXT_BUSY, 1},
        [OUT_UNAVAILABLE] = {503, TEXT_DATABASE_AWAY, 5},
        [OUT_UNCERTAIN] = {503, TEXT_OUTCOME_UNCERTAIN, 5},
    };
    p->retry_after = answers[o].retry_after;
    if (o == OUT_UNAVAILABLE || o == OUT_UNCERTAIN)
        log_error("pages", "%s: %s", outcome_name(o), store_error(p->desk->store));
    page_send_error(p, answers[o].status, answers[o].text, NULL);
}

void page_show_now(struct page *p)
{
    p->vm = value_map(p->a);
    enum outcome o = p->handler->show(p);
    if (o == OUT_OK)
        page_send(p);
    else
        page_send_outcome(p, o);
}

static struct value *error_set(struct page *p, struct value *errors, const char *name,
                               enum text_key error, const char *arg)
{
    struct value *e = value_set_map(errors, name);
    value_set_text(e, "code", text_code(error));
    value_set_text(e, "text", page_format(p, error, arg));
    return e;
}

static void field_error_set(struct page *p, struct value *errors, const char *name,
                            const struct input_value *typed)
{
    struct value *e = error_set(p, errors, name, typed->error, typed->error_arg);
    value_set_text(e, "offer", typed->offer);
    lines_fill(p, e, typed);
}

/* What is wrong with no single field stands under "", or under the name of the member that no
 * field has. */
void page_send_errors(struct page *p, int status, const struct input *in)
{
    struct value *v = value_map(p->a), *errors = value_set_map(v, "errors");
    for (size_t i = 0; i < in->n; i++)
        if (in->values[i].error != TEXT_NONE)
            field_error_set(p, errors, in->fields[i].name, &in->values[i]);
    const char *member = in->error_member != NULL ? in->error_member : "";
    if (in->error != TEXT_NONE && value_get(errors, member) == NULL)
        error_set(p, errors, member, in->error, in->error_arg);
    value_set_text(v, "request_id", p->request->id);
    page_send_json(p, status, v);
}

void page_show_again(struct page *p, struct input *in, int status)
{
    p->input = in;
    p->status = status;
    p->problem = in->error;
    p->problem_arg = in->error_arg;
    if (page_is_json(p))
        page_send_errors(p, status, in);
    else
        page_show_now(p);
}

/* Too many attempts at a password, or somebody else at work. */
void page_send_busy(struct page *p, const struct change *c)
{
    if (c->refusal == TEXT_NONE) {
        page_send_outcome(p, OUT_BUSY);
        return;
    }
    bool throttled = c->refusal == TEXT_LOGIN_THROTTLED;
    p->retry_after =
        throttled && c->refusal_arg != NULL ? (unsigned)strtoul(c->refusal_arg, NULL, 10) : 1;
    page_send_error(p, throttled ? 429 : 503, c->refusal, c->refusal_arg);
}
