/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An audit line: two JSON objects, NUL between, as the database holds them and the page shows
 * them. */
#include "base/str.h"
#include "fuzz.h"
#include "pages/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    struct reception desk = {.place = {.prefix = "/mail"}};
    const char *before = fuzz_text(a, data, n);
    size_t after = strlen(before) + 1 < n ? strlen(before) + 1 : n;
    struct page p = {.a = a, .desk = &desk, .vm = value_map(a)};
    struct str json, wire;
    struct value_secrets secrets = {0};
    struct value_keys keys;
    p.entry = (struct audit_entry){.id = 7,
                                   .at = 1700000000,
                                   .actor = "console (root)",
                                   .via = "cli",
                                   .action = "mailbox.add",
                                   .object = "ada@example.org",
                                   .outcome = "done",
                                   .before = before,
                                   .after = fuzz_text(a, data + after, n - after)};
    assert(page_audit_entry(&p) == OUT_OK);
    str_init(&json, a, 32 * 1024 * 1024);
    value_keys_begin(&keys);
    str_init(&wire, a, WIRE_MAX);
    value_json(&json, p.vm);
    value_wire(&wire, p.vm, &secrets, &keys);
    value_wire_keys(&wire, &keys);
    assert(json.data[0] == '{' && json.data[json.len - 1] == '}' && secrets.n == 0);
    return 0;
}
