/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A domain's name: its normal form is read as itself, and what people are shown reads back as
 * the same. */
#include "fuzz.h"
#include "model/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    const char *domain, *again;
    if (domain_parse(a, (const char *)data, n, &domain) != TEXT_NONE)
        return 0;
    size_t len = strlen(domain);
    assert(len > 2 && len <= 253 &&
           strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-.") == len);
    assert(strchr(domain, '.') != NULL && domain[0] != '.' && domain[len - 1] != '.');
    assert(domain_parse(a, domain, len, &again) == TEXT_NONE && strcmp(domain, again) == 0);
    const char *shown = domain_display(a, domain);
    assert(domain_parse(a, shown, strlen(shown), &again) == TEXT_NONE &&
           strcmp(domain, again) == 0);
    return 0;
}
