/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bar over each page of a session that tries a theme on: put in by the worker, behind the <body>
 * that the renderer itself writes, so that no theme can leave it out; and its style before all that
 * the theme links, so that none can hide it (themes/base/trying.css). */
#include <string.h>

#include "base/asset.h"
#include "base/digest.h"
#include "base/embed.h"
#include "pages/page.h"

enum { BAR_BYTES = 8 * 1024 };

static void put(struct str *s, const char *text)
{
    str_append_html(s, text, strlen(text));
}

static void put_button(struct page *p, struct str *s, const char *route, const char *field,
                       const char *label)
{
    unsigned char id[12];
    random_bytes(id, sizeof id);
    str_append(s, "<form method=\"post\" action=\"");
    put(s, page_theme_url(p, route, p->session->row.preview));
    str_append(s, "\"><input type=\"hidden\" name=\"token\" value=\"");
    put(s, session_form_token(p->a, p->session));
    str_append(s, "\"><input type=\"hidden\" name=\"operation\" value=\"");
    put(s, base64url(p->a, id, sizeof id));
    str_append(s, "\">");
    if (field != NULL)
        str_printf(s, "<input type=\"hidden\" name=\"%s\" value=\"0\">", field);
    str_append(s, "<button class=\"btn small\" type=\"submit\">");
    put(s, page_say(p, label));
    str_append(s, "</button></form>");
}

static void put_bar(struct page *p, struct str *s)
{
    str_append(s, "<aside class=\"trying\" aria-label=\"");
    put(s, page_say(p, N_("Preview")));
    str_append(s, "\"><p>");
    put(s, page_say_of(p, N_("You alone see the theme %s."), p->session->row.preview));
    str_append(s, "</p>");
    put_button(p, s, "themes.preview", "on", N_("End the preview"));
    put_button(p, s, "themes.activate", NULL, N_("Activate for all"));
    str_append(s, "</aside>\n");
}

static void put_style(struct page *p, struct str *s)
{
    const struct embedded *f = embedded_find(embed_base, "trying.css");
    str_append(s, "<link rel=\"stylesheet\" href=\"");
    put(s, arena_printf(p->a, "%s/assets/base/%s", p->desk->place.prefix,
                        asset_file(p->a, f->path, f->bytes, f->size)));
    str_append(s, "\">\n");
}

/* Behind the opening tag that begins so; NULL where there is none. */
static const char *behind(const char *html, const char *tag)
{
    const char *open = html != NULL ? strstr(html, tag) : NULL;
    open = open != NULL ? strchr(open, '>') : NULL;
    return open != NULL ? open + 1 : NULL;
}

void preview_bar(struct page *p, struct str *html)
{
    if (p->session == NULL || p->session->row.preview == NULL || html->overflow)
        return;
    const char *head = behind(html->data, "<head"), *body = behind(head, "<body");
    if (body == NULL) /* a part of a page, which goes into one that has its bar */
        return;
    struct str whole;
    str_init(&whole, p->a, html->max);
    str_reserve(&whole, html->len + BAR_BYTES);
    str_append_n(&whole, html->data, (size_t)(head - html->data));
    put_style(p, &whole);
    str_append_n(&whole, head, (size_t)(body - head));
    put_bar(p, &whole);
    str_append_n(&whole, body, html->len - (size_t)(body - html->data));
    *html = whole;
}
