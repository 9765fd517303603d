/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a request: receive, identify, route, admit, load, permit, then show or post. Each step is
 * a function that returns false when it has answered already. */
#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "pages/assets.h"
#include "pages/page.h"
#include "pages/wardrobe.h"

static bool answered(struct page *p, enum outcome o)
{
    if (o == OUT_OK)
        return false;
    page_send_outcome(p, o);
    return true;
}

static const enum text_key json_texts[] = {
    [JSON_NO_OBJECT] = TEXT_NOT_JSON,     [JSON_BROKEN] = TEXT_JSON_BROKEN,
    [JSON_HAS_NUL] = TEXT_JSON_NUL,       [JSON_NOT_UTF8] = TEXT_JSON_NOT_UTF8,
    [JSON_TWICE] = TEXT_JSON_TWICE,       [JSON_TOO_LARGE] = TEXT_JSON_TOO_LARGE,
    [JSON_TOO_DEEP] = TEXT_JSON_TOO_DEEP,
};

static bool receive(struct page *p, struct http_request *request, struct exchange *x)
{
    static const struct {
        int status;
        enum text_key text;
    } answers[] = {
        [HTTP_BAD] = {400, TEXT_BAD_REQUEST},     [HTTP_BAD_JSON] = {400, TEXT_NONE},
        [HTTP_BAD_KIND] = {400, TEXT_BODY_KIND},  [HTTP_WRONG_HOST] = {421, TEXT_HOST_UNKNOWN},
        [HTTP_TOO_LARGE] = {413, TEXT_TOO_LARGE}, [HTTP_NO_SUCH_PLACE] = {404, TEXT_NOT_FOUND},
    };
    enum http_problem problem = http_request_parse(p->a, &p->desk->place, x->id, x->params, x->body,
                                                   x->body_len, x->body_state == BODY_TOO_LARGE,
                                                   request);
    p->locale = page_locale(p);
    if (problem == HTTP_FINE)
        return true;
    bool json = problem == HTTP_BAD_JSON;
    page_send_error(p, answers[problem].status,
                    json ? json_texts[request->json.trouble] : answers[problem].text,
                    json ? request->json.at : NULL);
    return false;
}

static void become(struct page *p, const struct session *session)
{
    p->session = session;
    p->site_theme = session->theme;
    p->theme = session->row.preview != NULL ? session->row.preview : session->theme;
    p->generation = session->generation;
    p->actor.account = &session->account;
    p->actor.confirmed = session->reauthenticated;
    p->actor.session = session->row.token_hash;
    p->locale = page_locale(p);
}

static bool identify(struct page *p)
{
    const struct http_request *r = p->request;
    p->actor = (struct actor){.via = r->wants_json || r->body_is_json ? "json" : "web",
                              .remote = r->remote,
                              .request_id = r->id};
    const char *cookie = pairs_text(&r->cookies, http_cookie_name(p->a, "mailboy", r->https));
    if (cookie == NULL)
        return true;
    struct session *session = ARENA_NEW(p->a, struct session);
    enum outcome o =
        session_open(p->desk->store, p->a, cookie, p->desk->settings->session_idle / 1000, session);
    if (o == OUT_OK)
        become(p, session);
    return o == OUT_OK || o == OUT_ABSENT || !answered(p, o);
}

static bool find_route(struct page *p, struct route_match *match)
{
    if (!route_find(p->request, match)) {
        page_send_error(p, 404, TEXT_NOT_FOUND, NULL);
        return false;
    }
    p->route = match->route;
    p->handler = &handlers[match->route - routes];
    enum http_method method = p->request->method;
    bool reads = method == HTTP_GET || method == HTTP_HEAD;
    if (reads || (method == HTTP_POST && p->handler->post != NULL))
        return true;
    p->allow = p->handler->post != NULL ? "GET, HEAD, POST" : "GET, HEAD";
    page_send_error(p, 405, TEXT_METHOD_NOT_ALLOWED, NULL);
    return false;
}

/* Whoever has not signed in learns nothing: before anything is loaded. */
static bool ask_sign_in(struct page *p)
{
    bool open = p->route->see == ACTION_COUNT ? p->route->change == ACTION_COUNT
                                              : actions[p->route->see].on == ON_INVITE;
    if (open || p->session != NULL)
        return true;
    if (p->request->wants_json || p->request->method == HTTP_POST) {
        page_send_error(p, 403, TEXT_SIGN_IN_FIRST, NULL);
    } else {
        page_send_redirect(p, login_url(p));
    }
    return false;
}

/* Who holds a one-time link is an actor of its own, whoever else is signed in. */
static bool admit(struct page *p, const char *token)
{
    unsigned char *hash = arena_alloc(p->a, SHA256_BYTES);
    int64_t wait_s = 0;
    if (token == NULL)
        return true;
    enum outcome o = invite_open(&p->desk->workshop, p->a, token, p->request->remote, &p->mailbox,
                                 hash, &wait_s);
    if (o == OUT_ABSENT) {
        page_send_error(p, 410, TEXT_LINK_OVER, NULL);
    } else if (o == OUT_BUSY && wait_s > 0) {
        p->retry_after = (unsigned)wait_s;
        page_send_error(p, 429, TEXT_LOGIN_THROTTLED, seconds_text(p->a, wait_s));
    } else if (o != OUT_OK) {
        page_send_outcome(p, o);
    } else if (!login_is_allowed(p)) {
        page_send_error(p, 403, TEXT_LOGIN_INSECURE, NULL);
    }
    if (p->answered)
        return false;
    p->actor.account = &p->mailbox;
    p->actor.invite = hash;
    p->actor.session = NULL;
    p->on.mailbox = &p->mailbox;
    return true;
}

/* The right to see is asked for GET, the right to change for POST. Refusals of people signed in
 * are kept. */
static bool ask_permit(struct page *p)
{
    enum action_id what = p->request->method == HTTP_POST ? p->route->change : p->route->see;
    if (what == ACTION_COUNT)
        return true;
    enum text_key why;
    enum outcome o = permit_why(&p->actor, what, &p->on, &why);
    if (o == OUT_OK)
        return true;
    if (what == ACTION_OVERVIEW && !p->request->wants_json) {
        page_send_redirect(p, page_url(p, "me.show"));
        return false;
    }
    audit_refusal(&p->desk->workshop, p->a, &p->actor, what, &p->on);
    if (o == OUT_DENIED)
        page_send_error(p, 403, why, NULL);
    else
        page_send_outcome(p, o);
    return false;
}

/* A change has to come from our own page (Origin, Sec-Fetch-Site) and to carry the session's
 * token. The log-in has no session yet: as a form it is held by the first rule alone, as JSON
 * likewise. */
static bool check_token(struct page *p)
{
    const struct http_request *r = p->request;
    const char *token = r->token != NULL ? r->token : pairs_text(&r->form, "token");
    bool ours = http_request_is_ours(r) && (r->body_is_form || r->body_is_json || r->form.n == 0);
    if (ours && p->session == NULL)
        return true;
    if (ours && token != NULL && session_form_token_fits(p->session, token))
        return true;
    page_send_error(p, 403, TEXT_TOKEN_MISSING, NULL);
    return false;
}

/* What the path names, where the rows have gone: enough to say what was done. */
static void name_objects(struct page *p, const struct route_match *m)
{
    p->domain = (struct domain){.name = m->domain != NULL ? m->domain : "", .description = ""};
    if (m->mailbox != NULL)
        p->mailbox =
            (struct mailbox){.local_part = m->mailbox,
                             .domain = p->domain.name,
                             .name = "",
                             .maildir = "",
                             .email = arena_printf(p->a, "%s@%s", m->mailbox, p->domain.name)};
}

/* A form sent twice whose object its first run has deleted gets the first's answer. */
static bool was_done_before(struct page *p, const struct route_match *m)
{
    struct change c = {.action = p->route->change};
    struct operation op = form_operation(p);
    if (op.id == NULL || p->handler->after == NULL ||
        perform_repeated(&p->desk->workshop, p->a, &p->actor, &op, &c) != OUT_OK)
        return false;
    name_objects(p, m);
    c.input = form_read(p, c.action, &c.generate);
    page_send_done(p, &c, true);
    return true;
}

/* The site's theme for who has no session: the log-in and error pages wear it too. */
static void find_theme(struct page *p)
{
    const char *name;
    int64_t generation;
    if (p->session == NULL && site_theme(p->desk->store, p->a, &name, &generation) == OUT_OK) {
        p->theme = p->site_theme = name;
        p->generation = generation;
    }
    p->safe = safe_is_on(p);
    if (p->safe)
        p->theme = "base";
}

/* Who may not know of themes learns nothing of which there are: asked after the right. One that is worn
 * has its pages, whether its folder is there or not. */
static bool find_named_theme(struct page *p)
{
    const char *tried = p->session != NULL ? p->session->row.preview : NULL;
    return p->on.theme == NULL || (tried != NULL && strcmp(tried, p->on.theme) == 0) ||
           strcmp(p->site_theme, p->on.theme) == 0 ||
           !answered(p, theme_exists(p->desk->settings->themes_dir, p->on.theme) ? OUT_OK
                                                                                 : OUT_ABSENT);
}

static void answer(struct page *p)
{
    struct route_match match;
    if (!identify(p))
        return;
    find_theme(p);
    if (outfit_send(p))
        return;
    if (!find_route(p, &match) || !ask_sign_in(p))
        return;
    if (strcmp(p->route->name, "safe") == 0) /* a theme that hides all does not hide the way out */
        p->theme = "base";
    bool posting = p->request->method == HTTP_POST;
    if ((posting && !check_token(p)) || !admit(p, match.token))
        return;
    enum outcome loaded = page_load(p, &match);
    if (loaded == OUT_ABSENT && posting && was_done_before(p, &match))
        return;
    if (loaded == OUT_ABSENT)
        audit_refusal(&p->desk->workshop, p->a, &p->actor,
                      posting ? p->route->change : p->route->see, &(struct object){0});
    if (answered(p, loaded) || !ask_permit(p) || !find_named_theme(p))
        return;
    if (posting)
        p->handler->post(p);
    else
        page_show_now(p);
}

void pages_handle(struct reception *desk, struct exchange *x)
{
    struct http_request request;
    struct page p = {.a = x->arena,
                     .desk = desk,
                     .x = x,
                     .request = &request,
                     .status = 200,
                     .theme = "base",
                     .site_theme = "base"};
    if (!receive(&p, &request, x))
        return;
    if (request.segments_n > 0 && strcmp(request.segments[0], "assets") == 0)
        asset_send(&p);
    else
        answer(&p);
}

enum outcome pages_print(struct reception *desk, struct arena *a, const char *path,
                         const char *email, bool json, struct str *answer_r)
{
    struct exchange x = {.arena = a, .id = "shell"};
    char *params[] = {
        arena_strdup(a, "REQUEST_METHOD=GET"),
        arena_printf(a, "REQUEST_URI=%s%s", desk->place.prefix, path),
        arena_printf(a, "HTTP_HOST=%s", desk->place.hosts[0]),
        arena_strdup(a, json ? "HTTP_ACCEPT=application/json" : "HTTP_ACCEPT=text/html"), NULL};
    x.params = params;
    str_init(&x.answer, a, WIRE_MAX);
    struct http_request request = {0}; /* an account becomes the reader before it is read */
    struct page p = {.a = a,
                     .desk = desk,
                     .x = &x,
                     .request = &request,
                     .status = 200,
                     .theme = "base",
                     .site_theme = "base"};
    struct session *session = ARENA_NEW(a, struct session);
    if (email != NULL) {
        enum outcome o = mailbox_find(desk->store, a, email, &session->account);
        if (o == OUT_OK)
            o = site_theme(desk->store, a, &session->theme, &session->generation);
        if (o != OUT_OK)
            return o;
        session->row.user_id = session->account.id;
        become(&p, session);
    }
    struct route_match match;
    if (receive(&p, &request, &x)) {
        p.actor.via = "cli";
        p.actor.remote = "";
        p.actor.request_id = x.id;
        if (find_route(&p, &match) && ask_sign_in(&p) && admit(&p, match.token) &&
            !answered(&p, page_load(&p, &match)) && ask_permit(&p) && find_named_theme(&p))
            page_show_now(&p);
    }
    *answer_r = x.answer;
    return OUT_OK;
}
