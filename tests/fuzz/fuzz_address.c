/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An address or a local part: the normal form is read as itself; what is shown of it reads back
 * as the same. */
#include "fuzz.h"
#include "model/address.h"

static void check_local_part(struct arena *a, const char *bytes, size_t n)
{
    const char *local, *again;
    if (local_part_parse(a, bytes, n, &local) != TEXT_NONE)
        return;
    assert(strlen(local) > 0 && strlen(local) <= 64 && strpbrk(local, "+%!/*@<>\" ") == NULL);
    assert(local_part_parse(a, local, strlen(local), &again) == TEXT_NONE &&
           strcmp(local, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    struct address address, again;
    check_local_part(a, (const char *)data, n);
    if (address_parse(a, (const char *)data, n, &address) != TEXT_NONE)
        return 0;
    assert(strlen(address.text) <= 254);
    assert(strcmp(address.text, arena_printf(a, "%s@%s", address.local_part, address.domain)) == 0);
    assert(address_parse(a, address.text, strlen(address.text), &again) == TEXT_NONE);
    assert(strcmp(address.text, again.text) == 0);
    const char *shown = address_display(a, address.text);
    assert(address_parse(a, shown, strlen(shown), &again) == TEXT_NONE &&
           strcmp(address.text, again.text) == 0);
    return 0;
}
