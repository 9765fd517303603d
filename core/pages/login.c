/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages "login" and "logout". Same words and same work whatever was wrong; a new session id at each
 * log-in. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "pages/page.h"

void login_cookie(struct page *p, const char *value)
{
    p->cookies[p->cookies_n++] =
        http_cookie(p->a, "mailboy", value, p->request->https, p->desk->place.prefix);
}

bool login_is_allowed(const struct page *p)
{
    return p->request->https || p->desk->settings->insecure_http;
}

/* Of what may stand in an address, and in a header. */
static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text <= ' ' || *text == 0x7f)
            return false;
    return true;
}

const char *page_there(const struct page *p, const char *path)
{
    struct http_request r;
    struct route_match match;
    if (path == NULL || path[0] != '/' || path[1] == '/' || strlen(path) > PATH_MAX_BYTES ||
        !is_plain(path))
        return NULL;
    char *params[] = {arena_printf(p->a, "REQUEST_URI=%s%s", p->desk->place.prefix, path),
                      arena_printf(p->a, "HTTP_HOST=%s", p->request->host), "REQUEST_METHOD=GET",
                      NULL};
    bool ours = http_request_parse(p->a, &p->desk->place, "", params, NULL, 0, false, &r) ==
                    HTTP_FINE &&
                route_find(&r, &match);
    return ours ? arena_printf(p->a, "%s%s", p->desk->place.prefix, path) : NULL;
}

/* Where to go after the log-in: a path that is one of our pages, never another site, nor the log-in
 * again. */
const char *login_next(const struct page *p)
{
    const char *url = page_there(p, pairs_text(&p->request->query, "next"));
    const char *login = page_url(p, "login");
    size_t n = strlen(login);
    bool again = url != NULL && strncmp(url, login, n) == 0 && strchr("?", url[n]) != NULL;
    return url != NULL && !again ? url : page_url(p, "overview");
}

const char *login_url(struct page *p)
{
    const char *url = page_url(p, "login"), *next;
    if (p->handler == NULL || p->handler->show == NULL || p->route->see == ACTION_COUNT ||
        route_hides_path(p->request))
        return url;
    next = page_here(p); /* a request that could not be read has no path, and no handler */
    return strcmp(next, "/") != 0 ? url_with(p->a, url, "next", next) : url;
}

static const char *form_url(struct page *p)
{
    const char *next = pairs_text(&p->request->query, "next"), *url = page_url(p, "login");
    return next != NULL ? url_with(p->a, url, "next", next) : url;
}

static void field_add(struct page *p, struct value *fields, const struct field *f)
{
    const struct input_value *typed = p->input != NULL ? input_at(p->input, f->name) : NULL;
    struct value *v = value_add_map(fields);
    value_set_text(v, "name", f->name);
    value_set_text(v, "label", page_text(p, f->label));
    value_set_text(v, "type", f->type == FIELD_PASSWORD ? "password" : "email");
    value_set_text(v, "value", f->type != FIELD_PASSWORD && typed != NULL ? typed->typed : NULL);
    value_set_text(v, "autocomplete", f->autocomplete);
    value_set_bool(v, "checked", false);
    value_set_bool(v, "required", true);
    value_set_bool(v, "autofocus", f->type != FIELD_PASSWORD);
    value_set_list(v, "options");
}

enum outcome page_login(struct page *p)
{
    struct value *form = value_page_only(value_set_map(p->vm, "form"));
    p->name = "login";
    value_set_url(form, "action", form_url(p));
    value_set_text(form, "method", "post");
    struct value *fields = value_set_list(form, "fields");
    value_set_list(form, "errors");
    value_set_text(form, "submit", page_say(p, "Sign in"));
    value_set_bool(form, "danger", false);
    value_set_bool(form, "generate", false);
    if (!login_is_allowed(p)) {
        const char *host = p->request->host;
        int n = (int)strcspn(host, host[0] == '[' ? "]" : ":");
        value_set_url(p->vm, "secure_url",
                      arena_printf(p->a, "https://%.*s%s", n, host, page_url(p, "login")));
        value_set_text(p->vm, "problem", page_text(p, TEXT_LOGIN_INSECURE));
        return OUT_OK;
    }
    for (const struct field *f = login_fields; f->name != NULL; f++)
        field_add(p, fields, f);
    if (p->problem != TEXT_NONE)
        value_set_text(p->vm, "problem", page_format(p, p->problem, p->problem_arg));
    return OUT_OK;
}

static void refuse(struct page *p, struct input *in, int status, enum text_key text,
                   const char *arg)
{
    bool json = p->request->wants_json || p->request->body_is_json;
    if (json && status == 422) {
        input_fail(in, NULL, text, arg);
        page_send_errors(p, status, in);
        return;
    }
    if (json) {
        page_send_error(p, status, text, arg);
        return;
    }
    p->input = in;
    p->status = status;
    p->problem = text;
    p->problem_arg = arg;
    p->vm = value_map(p->a);
    page_login(p);
    page_send(p);
}

/* Fields of the log-in form, as sent: nothing is said about their form before the password was
 * looked at. */
static struct input *read_fields(struct page *p, struct login_try *t)
{
    struct input *in = input_create(p->a, login_fields);
    const struct pair *email = pairs_find(&p->request->form, "email"),
                      *password = pairs_find(&p->request->form, "password");
    const struct json_member *j_email = json_find(&p->request->json, "email"),
                             *j_password = json_find(&p->request->json, "password");
    t->email = email != NULL                                   ? email->value
               : j_email != NULL && j_email->kind == JSON_TEXT ? j_email->text
                                                               : "";
    t->password = password != NULL ? password->value : "";
    t->password_n = password != NULL ? password->value_n : 0;
    if (j_password != NULL && j_password->kind == JSON_TEXT) {
        t->password = j_password->text;
        t->password_n = j_password->text_n;
    }
    if (utf8_is_valid(t->email, strlen(t->email)))
        input_at(in, "email")->typed = t->email;
    t->remote = p->request->remote;
    return in;
}

/* What is sent as JSON is asked about its form first: that tells nothing of who has an account. */
static bool is_well_formed(struct page *p, struct input *in)
{
    const struct json_members *members = &p->request->json;
    for (size_t i = 0; i < members->n; i++) {
        const struct json_member *m = &members->rows[i];
        if (input_at(in, m->name) == NULL) {
            input_fail(in, NULL, TEXT_UNKNOWN_FIELD, m->name);
            in->error_member = m->name;
        } else if (m->kind != JSON_TEXT) {
            input_fail_type(in, m->name);
        }
    }
    for (size_t i = 0; i < in->n; i++) {
        const struct json_member *m = json_find(members, in->fields[i].name);
        if (m == NULL || (m->kind == JSON_TEXT && m->text_n == 0))
            input_fail(in, in->fields[i].name, TEXT_REQUIRED, NULL);
    }
    if (input_is_clean(in))
        return true;
    page_send_errors(p, 422, in);
    return false;
}

enum outcome login_begin(struct page *p, int64_t account)
{
    const char *cookie;
    if (p->session != NULL)
        session_delete(p->desk->store, p->session->row.token_hash);
    enum outcome o = session_start(p->desk->store, p->a, account, p->request->remote,
                                   p->request->agent, &cookie);
    struct session *session = ARENA_NEW(p->a, struct session);
    if (o == OUT_OK)
        o = session_open(p->desk->store, p->a, cookie, p->desk->settings->session_idle / 1000,
                         session);
    if (o == OUT_OK)
        login_cookie(p, cookie);
    p->session = o == OUT_OK ? session : NULL;
    return o == OUT_ABSENT ? OUT_UNAVAILABLE : o;
}

static void welcome(struct page *p, int64_t account)
{
    const char *next = login_next(p);
    enum outcome o = login_begin(p, account);
    if (o != OUT_OK) {
        page_send_outcome(p, o);
        return;
    }
    if (p->request->wants_json || p->request->body_is_json) {
        struct value *v = value_map(p->a);
        value_set_secret(v, "token", session_form_token(p->a, p->session));
        value_set_text(v, "email", p->session->account.email);
        page_send_json(p, 200, v);
        return;
    }
    page_send_redirect(p, next);
}

void page_log_in(struct page *p)
{
    struct login_try t;
    struct input *in = read_fields(p, &t);
    int64_t account, wait_s = 0;
    if (!login_is_allowed(p)) {
        refuse(p, in, 403, TEXT_LOGIN_INSECURE, NULL);
        return;
    }
    if (p->request->body_is_json && !is_well_formed(p, in))
        return;
    enum outcome o = login_attempt(p->desk->store, p->a, &p->desk->login, &t, &account, &wait_s);
    if (o == OUT_OK) {
        welcome(p, account);
    } else if (o == OUT_BUSY) {
        p->retry_after = wait_s > 0 ? (unsigned)wait_s : 1;
        refuse(p, in, wait_s > 0 ? 429 : 503, wait_s > 0 ? TEXT_LOGIN_THROTTLED : TEXT_LOGIN_BUSY,
               seconds_text(p->a, wait_s));
    } else if (o == OUT_UNAVAILABLE) {
        page_send_outcome(p, o);
    } else {
        refuse(p, in, 422, TEXT_LOGIN_WRONG, NULL);
    }
}

const char *seconds_text(struct arena *a, int64_t seconds)
{
    return arena_printf(a, "%lld", (long long)seconds);
}

enum outcome page_logout(struct page *p)
{
    p->name = "logout";
    page_form(p, (struct form_plan){.action = page_url(p, "logout"),
                                    .change = ACTION_SESSION_END,
                                    .submit = N_("Sign out"),
                                    .cancel = page_url(p, "overview")});
    return OUT_OK;
}

const char *after_logout(struct page *p, const struct change *c, const char **flash_r)
{
    (void)c;
    *flash_r = NULL;
    login_cookie(p, NULL);
    p->session = NULL;
    return page_url(p, "login");
}
