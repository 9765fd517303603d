/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language of a request. Programs get English: their texts are keys to look up. */
#include <string.h>

#include "pages/page.h"

const char *page_text(const struct page *p, enum text_key key)
{
    return text_in(p->a, p->locale, key);
}

const char *page_format(const struct page *p, enum text_key key, const char *arg)
{
    return text_format_in(p->a, p->locale, key, arg);
}

const char *page_say(const struct page *p, const char *english)
{
    return text_say(p->a, p->locale, english);
}

const char *page_say_of(const struct page *p, const char *english, const char *arg)
{
    return text_say_of(p->a, p->locale, english, arg);
}

enum locale page_locale(const struct page *p)
{
    enum locale own;
    const char *chosen = p->session != NULL ? p->session->account.language : NULL;
    if (p->request->wants_json || p->request->body_is_json)
        return LOCALE_EN;
    if (chosen != NULL && locale_find(chosen, strlen(chosen), &own))
        return own;
    return p->request->language;
}
