/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/reply.h"

#include <string.h>

#ifdef MAILBOY_TEST_WALLS
bool reply_trusts_slots, reply_trusts_size;
#else
enum { reply_trusts_slots = 0, reply_trusts_size = 0 };
#endif

static const char *copy_text(struct wire_reader *r, struct arena *a)
{
    size_t n;
    const char *text = wire_text(r, &n);
    while (n > 0 && text[n - 1] == '\n')
        n--;
    return arena_memdup(a, text, n);
}

static bool ends_with(const char *at, size_t n, const char *end)
{
    size_t m = strlen(end);
    return n >= m && memcmp(at + n - m, end, m) == 0;
}

/* In text the last of < and > before it is a >; anything else but value="" is refused. What lies before `last`, the
 * slot before, is not looked at again: `text` says how it was there. */
static bool may_stand(const struct reply_page *p, size_t offset, size_t last, bool *text)
{
    if (ends_with(p->html, offset, " value=\"")) {
        *text = false;
        return offset < p->n && p->html[offset] == '"';
    }
    for (size_t i = offset; i > last; i--)
        if (p->html[i - 1] == '<' || p->html[i - 1] == '>') {
            *text = p->html[i - 1] == '>';
            break;
        }
    return *text;
}

static bool read_slots(struct wire_reader *r, const struct value_secrets *secrets,
                       struct reply_page *p)
{
    uint32_t last = 0;
    bool text = false;
    p->slots_n = wire_u32(r);
    if (r->broken || p->slots_n > VALUE_SECRETS_MAX)
        return false;
    for (size_t i = 0; i < p->slots_n; i++) {
        struct reply_slot s = {.offset = wire_u32(r)};
        s.slot = wire_u32(r);
        if (r->broken || s.offset > p->n || s.offset < last || s.slot >= secrets->n)
            return false;
        if (!may_stand(p, s.offset, last, &text) && !reply_trusts_slots)
            return false;
        last = s.offset;
        p->slots[i] = s;
    }
    return true;
}

bool reply_read_page(struct wire_reader r, struct arena *a, const struct value_secrets *secrets,
                     struct reply_page *page_r)
{
    if (wire_u8(&r) != WIRE_PAGE)
        return false;
    page_r->html = wire_text(&r, &page_r->n);
    if (r.broken || (page_r->n > REPLY_PAGE_MAX && !reply_trusts_size) ||
        !read_slots(&r, secrets, page_r))
        return false;
    page_r->fell_back = wire_u32(&r);
    page_r->why = copy_text(&r, a);
    return !r.broken && r.at == r.end;
}

bool reply_read_ready(struct wire_reader r, struct arena *a, struct reply_ready *ready_r)
{
    if (wire_u8(&r) != WIRE_READY)
        return false;
    ready_r->n = wire_u32(&r);
    if (r.broken || ready_r->n > REPLY_MESSAGES)
        return false;
    for (size_t i = 0; i < ready_r->n; i++)
        ready_r->messages[i] = copy_text(&r, a);
    ready_r->usable = wire_u8(&r) == 1;
    return !r.broken && r.at == r.end;
}

const char *reply_reason(struct wire_reader r, struct arena *a)
{
    if (wire_u8(&r) != WIRE_FAILED)
        return "the renderer's reply is broken";
    const char *why = copy_text(&r, a);
    return r.broken ? "the renderer's reply is broken" : why;
}

bool reply_is_failure(struct wire_reader r)
{
    size_t n;
    bool failed = wire_u8(&r) == WIRE_FAILED;
    wire_text(&r, &n);
    return failed && !r.broken && r.at == r.end;
}

/* A list has the same few secrets in each row: each is escaped once. */
static const struct str *escape(struct str *escaped, struct arena *a, const char *secret)
{
    if (escaped->arena == NULL) {
        size_t n = strlen(secret);
        str_init(escaped, a, 6 * n);
        str_append_html(escaped, secret, n);
    }
    return escaped;
}

void reply_splice(const struct reply_page *page, const struct value_secrets *secrets,
                  struct str *html_r)
{
    size_t from = 0, whole = page->n;
    struct str *escaped = arena_array(html_r->arena, secrets->n + 1, sizeof *escaped);
    for (size_t i = 0; i < page->slots_n; i++) {
        uint32_t slot = page->slots[i].slot;
        whole += escape(&escaped[slot], html_r->arena, secrets->text[slot])->len;
    }
    str_reserve(html_r, html_r->len + whole);
    for (size_t i = 0; i < page->slots_n; i++) {
        const struct reply_slot *s = &page->slots[i];
        str_append_n(html_r, page->html + from, s->offset - from);
        str_append_n(html_r, escaped[s->slot].data, escaped[s->slot].len);
        from = s->offset;
    }
    str_append_n(html_r, page->html + from, page->n - from);
}
