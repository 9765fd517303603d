/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page "safe": the built-in theme for this browser, also for who cannot sign in because a theme is
 * broken. The cookie holds no right: it only takes a theme away, until the browser is closed. */
#include <string.h>

#include "pages/page.h"

bool safe_is_on(const struct page *p)
{
    const char *cookie =
        pairs_text(&p->request->cookies, http_cookie_name(p->a, "safe", p->request->https));
    return p->desk->settings->safe_mode || (cookie != NULL && strcmp(cookie, "1") == 0);
}

enum outcome page_safe(struct page *p)
{
    bool everybody = p->desk->settings->safe_mode;
    p->name = "safe";
    value_set_bool(p->vm, "safe", p->safe);
    value_set_bool(p->vm, "everybody", everybody);
    struct value *form = value_page_only(value_set_map(p->vm, "form"));
    value_set_url(form, "action", page_url(p, "safe"));
    value_set_text(form, "method", "post");
    value_set_list(form, "fields");
    value_set_list(form, "errors");
    value_set_text(form, "submit",
                   page_say(p, p->safe && !everybody ? N_("Back to the site's theme")
                                                     : N_("Use the built-in theme")));
    value_set_url(form, "cancel", page_url(p, p->session != NULL ? "overview" : "login"));
    value_set_bool(form, "danger", false);
    value_set_bool(form, "generate", false);
    return OUT_OK;
}

void page_safe_set(struct page *p)
{
    bool on = !p->safe || p->desk->settings->safe_mode;
    p->cookies[p->cookies_n++] =
        http_cookie(p->a, "safe", on ? "1" : NULL, p->request->https, p->desk->place.prefix);
    if (p->request->wants_json || p->request->body_is_json) {
        struct value *v = value_map(p->a);
        value_set_bool(v, "safe", on);
        page_send_json(p, 200, v);
        return;
    }
    page_send_redirect(p, page_url(p, p->session != NULL ? "overview" : "login"));
}
