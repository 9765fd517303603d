/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cursor from a URL: none but those we gave; those we gave come back as they were. */
#include "fuzz.h"
#include "pages/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    struct reception desk = {.key = "a key that no stranger knows", .place.prefix = ""};
    struct http_request request = {0};
    struct page p = {.a = a, .desk = &desk, .route = &routes[0], .request = &request};
    const char *text = fuzz_text(a, data, n);
    const char *key = cursor_read(&p, text);
    if (key != NULL)
        assert(strlen(cursor_write(&p, key)) == strlen(text));
    const char *given = cursor_write(&p, text);
    assert((given == NULL) == (strlen(text) > 320));
    if (given != NULL) {
        const char *back = cursor_read(&p, given);
        assert(back != NULL && strcmp(back, text) == 0);
        p.route = &routes[1];
        assert(cursor_read(&p, given) == NULL);
        p.route = &routes[0];
    }
    if (form_parse(a, (const char *)data, n, &request.query)) {
        struct keyset k = page_keyset(&p);
        assert(k.limit == 25 || k.limit == 50 || k.limit == 100);
    }
    return 0;
}
