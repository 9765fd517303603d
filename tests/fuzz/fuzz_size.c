/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A size as people type it: its shortest spelling reads back as the same. */
#include "fuzz.h"
#include "model/size.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    int64_t kb, again;
    if (size_parse((const char *)data, n, &kb) != TEXT_NONE)
        return 0;
    assert(kb >= 0 && kb <= INT64_C(1) << 43);
    const char *text = size_text(a, kb);
    assert(size_parse(text, strlen(text), &again) == TEXT_NONE && again == kb);
    return 0;
}
