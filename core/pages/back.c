/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A switch in a list posts to its row's form and comes back to the same page of the list. */
#include <string.h>

#include "pages/page.h"

static const char *const kept[] = {"after", "before", "rows", "state", "use",
                                   "order", "kind",   "to",   "q"};

static const char *with_kept(struct page *p, const char *url)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const char *value = pairs_text(&p->request->query, kept[i]);
        if (value != NULL && value[0] != '\0')
            url = url_with(p->a, url, kept[i], value);
    }
    return url;
}

const char *return_query(struct page *p, const char *where)
{
    return with_kept(p, url_with(p->a, "", "return", where)) + 1;
}

const char *return_url(struct page *p, const char *list, const char *all, int64_t row)
{
    const char *where = pairs_text(&p->request->query, "return");
    if (where == NULL || (strcmp(where, "list") != 0 && strcmp(where, "all") != 0))
        return NULL;
    return arena_printf(p->a, "%s#mb-%lld", with_kept(p, where[0] == 'l' ? list : all),
                        (long long)row);
}
