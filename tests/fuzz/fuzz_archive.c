/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A theme's archive, as it is or (first byte odd) as a bare tar whose check sums are put right, so
 * that what stands behind them is reached. What is taken lies in one folder, in plain names, none
 * twice, within the limits; packed again and read again it is the same. */
#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include "fuzz.h"
#include "studio/bundle.h"

enum { BLOCK = 512, SUM_AT = 148, SUM_N = 8, SIZE_AT = 124, SIZE_N = 12 };

static void mend_sums(char *tar, size_t n)
{
    for (size_t at = 0; at + BLOCK <= n;) {
        char digits[SIZE_N + 1] = {0};
        unsigned sum = 0;
        memset(tar + at + SUM_AT, ' ', SUM_N);
        for (size_t i = 0; i < BLOCK; i++)
            sum += (unsigned char)tar[at + i];
        if (sum == SUM_N * ' ') { /* the end: nothing but zeros */
            memset(tar + at + SUM_AT, 0, SUM_N);
            at += BLOCK;
            continue;
        }
        snprintf(tar + at + SUM_AT, SUM_N, "%06o", sum);
        memcpy(digits, tar + at + SIZE_AT, SIZE_N);
        size_t size = strtoul(digits, NULL, 8);
        at += BLOCK + (size < n ? (size + BLOCK - 1) / BLOCK * BLOCK : 0);
    }
}

static void check(const struct bundle *b)
{
    size_t sum = 0;
    assert(theme_name_is_valid(b->name) && b->files_n > 0 && b->files_n <= THEME_FILES);
    for (size_t i = 0; i < b->files_n; i++) {
        const char *path = b->files[i].path;
        sum += b->files[i].n;
        assert(path[0] != '/' && path[0] != '.' && strstr(path, "/.") == NULL &&
               strstr(path, "//") == NULL && path[strlen(path) - 1] != '/');
        for (const char *c = path; *c != '\0'; c++)
            assert(isalnum((unsigned char)*c) || strchr("-_./", *c) != NULL);
        for (size_t k = 0; k < i; k++)
            assert(strcasecmp(path, b->files[k].path) != 0);
    }
    assert(sum <= THEME_BYTES && bundle_is_sound(b));
}

static void check_again(struct arena *a, const struct bundle *b)
{
    struct str archive, messages;
    struct bundle again;
    str_init(&archive, a, BUNDLE_BYTES);
    str_init(&messages, a, 1 << 16);
    bundle_write(b, &archive);
    bool read = bundle_read(a, archive.data, archive.len, &again, &messages);
    assert(read && again.files_n == b->files_n && strcmp(again.name, b->name) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    struct bundle b;
    struct str messages;
    if (n == 0)
        return 0;
    char *bytes = arena_memdup(a, data + 1, n - 1);
    if ((data[0] & 1) != 0)
        mend_sums(bytes, n - 1);
    str_init(&messages, a, 1 << 16);
    if (bundle_read(a, bytes, n - 1, &b, &messages)) {
        check(&b);
        check_again(a, &b);
    } else {
        assert(messages.len > 0);
    }
    return 0;
}
