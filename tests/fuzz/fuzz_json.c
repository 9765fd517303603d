/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON body: texts that were read are good UTF-8 without a NUL, and read the same when written
 * again; of what is refused it is said why and where. */
#include "base/str.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "http/json.h"

static void check_text(struct arena *a, const struct json_member *m)
{
    struct str s;
    struct json_members again;
    assert(strlen(m->text) == m->text_n && utf8_is_valid(m->text, m->text_n));
    str_init(&s, a, 8 * 1024 * 1024);
    str_append_c(&s, '{');
    json_append_text(&s, m->name, strlen(m->name));
    str_append_c(&s, ':');
    json_append_text(&s, m->text, m->text_n);
    str_append_c(&s, '}');
    assert(json_parse(a, (const unsigned char *)s.data, s.len, &again) && again.n == 1);
    assert(strcmp(again.rows[0].name, m->name) == 0 && strcmp(again.rows[0].text, m->text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    struct json_members m;
    if (!json_parse(a, data, n, &m)) {
        assert(m.trouble != JSON_FINE && utf8_is_valid(m.at, strlen(m.at)) && strlen(m.at) < 200);
        return 0;
    }
    for (size_t i = 0; i < m.n; i++) {
        assert(json_find(&m, m.rows[i].name) == &m.rows[i]);
        assert(m.rows[i].kind != JSON_TRUTH || m.rows[i].number == 0 || m.rows[i].number == 1);
        if (m.rows[i].kind == JSON_TEXT)
            check_text(a, &m.rows[i]);
    }
    return 0;
}
