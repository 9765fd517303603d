/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a renderer answers. A page that is taken has its slots in order and where a secret may
 * stand, and the secrets go into it whole; nothing else of it changes. */
#include "fuzz.h"
#include "view/reply.h"

static const struct value_secrets secrets = {3, {"first", "s<&\"econd", ""}};

static void check_page(struct arena *a, const struct reply_page *page)
{
    struct str html;
    size_t want = page->n;
    for (size_t i = 0; i < page->slots_n; i++)
        want += page->slots[i].slot == 0 ? 5 : page->slots[i].slot == 1 ? 1 + 4 + 5 + 6 + 5 : 0;
    str_init(&html, a, 8 * 1024 * 1024);
    reply_splice(page, &secrets, &html);
    assert(!html.overflow && html.len == want && page->why != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct reply_page page;
    static struct reply_ready ready;
    struct arena *a = fuzz_arena();
    struct wire_reader r = wire_reader(data, n);
    if (reply_read_page(r, a, &secrets, &page))
        check_page(a, &page);
    if (reply_read_ready(r, a, &ready)) {
        assert(ready.n <= REPLY_MESSAGES);
        for (size_t i = 0; i < ready.n; i++)
            assert(ready.messages[i] != NULL);
    }
    assert(reply_reason(r, a) != NULL);
    assert(!reply_is_failure(r) || data[0] == WIRE_FAILED);
    return 0;
}
