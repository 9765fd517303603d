/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small parts that all lists share. */
#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "pages/page.h"

const char *search_prefix(struct page *p, const char *q)
{
    if (q == NULL || strlen(q) > 254 || !utf8_is_valid(q, strlen(q)) ||
        utf8_has_control(q, strlen(q)))
        return NULL;
    char *text = arena_strdup(p->a, q + strspn(q, " "));
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == ' ')
        text[--n] = '\0';
    for (size_t i = 0; i < n; i++)
        text[i] = (char)tolower((unsigned char)text[i]);
    return n > 0 ? text : NULL;
}

void count_fill(struct value *vm, const char *key, int64_t n)
{
    struct value *v = value_set_map(vm, key);
    value_set_int(v, "value", n);
    value_set_bool(v, "estimated", false);
}

void next_fill(struct page *p, struct value *vm, const struct keyset_ends *ends, const char *last)
{
    if (ends->more_after && last != NULL && p->request->wants_json)
        value_set_text(vm, "next_after", cursor_write(p, last));
}

/* What a field of a filter holds, and in words; NULL: it filters nothing. */
static const char *chosen(const struct value *field, const char **words_r)
{
    const struct value *options = value_get(field, "options");
    const char *value = value_as_text(value_get(field, "value"));
    *words_r = value;
    for (size_t i = 0; i < value_count(options); i++) {
        const struct value *o = value_at(options, i);
        if (!value_as_bool(value_get(o, "selected")))
            continue;
        value = value_as_text(value_get(o, "value"));
        *words_r = value_as_text(value_get(o, "label"));
    }
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool is_hidden(const struct value *field)
{
    return strcmp(value_as_text(value_get(field, "type")), "hidden") == 0;
}

static const char *url_without(struct page *p, const struct value *filter, size_t without)
{
    const struct value *fields = value_get(filter, "fields");
    const char *url = value_as_text(value_get(filter, "action")), *words;
    for (size_t i = 0; i < value_count(fields); i++) {
        const struct value *f = value_at(fields, i);
        const char *value = i != without ? chosen(f, &words) : NULL;
        if (value != NULL)
            url = url_with(p->a, url, value_as_text(value_get(f, "name")), value);
    }
    return url;
}

void chips_fill(struct page *p)
{
    struct value *filter = value_get(p->vm, "filter");
    const struct value *fields = value_get(filter, "fields");
    struct value *chips = NULL;
    for (size_t i = 0; i < value_count(fields); i++) {
        const char *words, *value = chosen(value_at(fields, i), &words);
        if (value == NULL || is_hidden(value_at(fields, i)))
            continue;
        if (chips == NULL)
            chips = value_set_list(filter, "chips");
        struct value *chip = value_add_map(chips);
        value_set_text(chip, "label",
                       arena_printf(p->a, "%s: %s",
                                    value_as_text(value_get(value_at(fields, i), "label")), words));
        value_set_url(chip, "url", url_without(p, filter, i));
    }
}

void sort_fill(struct page *p, const char *url, const char *extra, struct keyset *k)
{
    const char *order = pairs_text(&p->request->query, "order");
    k->descending = order != NULL && strcmp(order, "desc") == 0;
    const char *here = extra != NULL ? arena_printf(p->a, "%s?%s", url, extra) : url;
    struct value *v = value_page_only(value_set_map(p->vm, "sort"));
    value_set_bool(v, "descending", k->descending);
    value_set_url(v, "url", k->descending ? here : url_with(p->a, here, "order", "desc"));
}

const char *list_query(struct page *p, const struct list_tail *t)
{
    if (t->q == NULL)
        return t->extra;
    const char *before = t->extra != NULL ? arena_printf(p->a, "?%s", t->extra) : "";
    return url_with(p->a, before, "q", t->q) + 1;
}

void list_tail_fill(struct page *p, const struct list_tail *t)
{
    value_set(p->vm, "pager",
              value_page_only(pager_value(p, t->url, list_query(p, t), t->keyset, t->ends,
                                          t->first != NULL ? t->first : "",
                                          t->last != NULL ? t->last : "", t->shown)));
    value_set(p->vm, "filter", filter_value(p, t->url, t->label, t->q, 0, -1));
    if (t->hint != NULL)
        value_set_text(value_at(value_get(value_get(p->vm, "filter"), "fields"), 0), "hint",
                       page_say(p, t->hint));
    value_set_bool(p->vm, "filtered", t->q != NULL);
    count_fill(p->vm, "total", t->total);
    next_fill(p, p->vm, t->ends, t->last);
}
