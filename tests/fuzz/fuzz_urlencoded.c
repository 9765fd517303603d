/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A form's body: what is read and written again reads the same. */
#include "base/str.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "http/form.h"

static void check(struct arena *a, const struct pairs *p)
{
    struct str again;
    struct pairs q;
    str_init(&again, a, 8 * 1024 * 1024);
    for (size_t i = 0; i < p->n; i++) {
        const struct pair *row = &p->rows[i];
        assert(strlen(row->value) == row->value_n && utf8_is_valid(row->name, strlen(row->name)));
        assert(pairs_find(p, row->name) != NULL && pairs_text(p, row->name) != NULL);
        str_append_c(&again, '&');
        str_append_url(&again, row->name, strlen(row->name));
        str_append_c(&again, '=');
        str_append_url(&again, row->value, row->value_n);
    }
    if (p->n >= PAIRS_MAX || again.overflow)
        return;
    assert(form_parse(a, again.data, again.len, &q) && q.n == p->n);
    for (size_t i = 0; i < p->n; i++)
        assert(strcmp(p->rows[i].name, q.rows[i].name) == 0 &&
               strcmp(p->rows[i].value, q.rows[i].value) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    struct pairs p;
    if (form_parse(a, (const char *)data, n, &p)) {
        assert(p.n <= PAIRS_MAX);
        check(a, &p);
    }
    return 0;
}
