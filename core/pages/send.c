/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a request: a view model becomes HTML or JSON, and the answer its headers. */
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

static bool wants_json(const struct page *p)
{
    return p->request->wants_json || p->request->body_is_json;
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
    if (wants_json(p)) {
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
    if (wants_json(p)) {
        send_error_json(p, text, arg);
        return;
    }
    if (status == 500 || status == 503) { /* these need neither Lua nor the database */
        struct str html;
        str_init(&html, p->a, WIRE_MAX);
        plain_page(&html, status, http_reason(status), text_format(p->a, text, arg), p->request->id,
                   p->desk->place.prefix);
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
    enum outcome o = p->route->show(p);
    if (o == OUT_OK)
        page_send(p);
    else
        page_send_outcome(p, o);
}
