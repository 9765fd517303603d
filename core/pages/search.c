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
