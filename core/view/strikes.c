/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/strikes.h"

#include <stdatomic.h>
#include <stdint.h>

#include "base/clock.h"
#include "server/server.h"
#include "view/renderer.h"

enum { WORDS = 3, ASIDE = 2, ASIDE_SECONDS = 600 };

static const struct {
    uint32_t most, seconds;
} rules[] = {[STRIKE_KILL] = {3, 60}, [STRIKE_ERROR] = {10, 300}};

static _Atomic uint64_t alone[WORDS * RENDERER_SHARED_THEMES];

/* FNV-1a. */
static uint32_t hash(const char *text)
{
    uint32_t h = 2166136261U;
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * 16777619U;
    return h;
}

static _Atomic uint64_t *row_of(const char *theme)
{
    size_t row = hash(theme) % RENDERER_SHARED_THEMES * WORDS;
    _Atomic uint64_t *shared = server_shared();
    return shared != NULL ? shared + RENDERER_SHARED + row : alone + row;
}

static uint32_t now(void)
{
    return (uint32_t)(clock_monotonic_ms() / 1000) + 1;
}

/* A word is the second of the first strike and, below it, how many there were since. */
bool strikes_add(const char *theme, enum strike kind)
{
    _Atomic uint64_t *row = row_of(theme);
    uint64_t before = atomic_load(&row[kind]), after;
    do {
        uint32_t start = (uint32_t)(before >> 32), n = (uint32_t)before;
        bool old = n == 0 || now() - start >= rules[kind].seconds;
        after = old ? (uint64_t)now() << 32 | 1 : before + 1;
    } while (!atomic_compare_exchange_weak(&row[kind], &before, after));
    if ((uint32_t)after < rules[kind].most)
        return false;
    atomic_store(&row[kind], 0);
    atomic_store(&row[ASIDE], now() + ASIDE_SECONDS);
    return true;
}

bool strikes_set_aside(const char *theme)
{
    return atomic_load(&row_of(theme)[ASIDE]) > now();
}

void strikes_clear(const char *theme)
{
    for (size_t i = 0; i < WORDS; i++)
        atomic_store(&row_of(theme)[i], 0);
}
