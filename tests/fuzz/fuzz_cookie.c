/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Cookie header: no value reaches past its semicolon. */
#include "fuzz.h"
#include "http/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    struct pairs p;
    if (!cookie_parse(a, fuzz_text(a, data, n), &p))
        return 0;
    assert(p.n <= PAIRS_MAX);
    for (size_t i = 0; i < p.n; i++) {
        const struct pair *row = &p.rows[i];
        assert(row->name[0] != '\0' && strpbrk(row->name, ";=") == NULL &&
               strchr(row->value, ';') == NULL);
        assert(strlen(row->value) == row->value_n && pairs_find(&p, row->name) != NULL);
    }
    return 0;
}
