/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/strikes.h"

#include <stdatomic.h>
#include <stdint.h>

#include "base/clock.h"
#include "server/server.h"
#include "view/renderer.h"

/* TRYING: until when (ms) a worker is at it, with LASTING while no page waits for that; DREW: 1 once it has drawn a page. */
enum { ASIDE = 3, TRYING, DREW, WORDS, ASIDE_SECONDS = 600 };
static const uint64_t LASTING = 1ULL << 63;

static const struct {
    uint32_t most, seconds;
} rules[] = {[STRIKE_KILL] = {3, 60}, [STRIKE_ERROR] = {10, 300}, [STRIKE_SLOW] = {UINT32_MAX, 60}};

/* Behind the rows: the generation at which all of them were cleared last. */
enum { CLEARED = WORDS * RENDERER_SHARED_THEMES };
_Static_assert(RENDERER_SHARED + CLEARED < SERVER_SHARED_WORDS, "the rows have room");

static _Atomic uint64_t alone[CLEARED + 1];

static _Atomic uint64_t *word_at(size_t i)
{
    _Atomic uint64_t *shared = server_shared();
    return shared != NULL ? shared + RENDERER_SHARED + i : alone + i;
}

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
    return word_at(hash(theme) % RENDERER_SHARED_THEMES * WORDS);
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

static bool is_recent(const char *theme, enum strike kind)
{
    uint64_t word = atomic_load(&row_of(theme)[kind]);
    return (uint32_t)word > 0 && now() - (uint32_t)(word >> 32) < rules[kind].seconds;
}

bool strikes_recent(const char *theme)
{
    for (size_t kind = 0; kind < sizeof rules / sizeof *rules; kind++)
        if (is_recent(theme, (enum strike)kind))
            return true;
    return false;
}

static bool did_harm(const char *theme)
{
    return is_recent(theme, STRIKE_KILL) || is_recent(theme, STRIKE_SLOW);
}

bool strikes_is_new(const char *theme)
{
    return atomic_load(&row_of(theme)[DREW]) == 0 && !did_harm(theme);
}

bool strikes_try(const char *theme, int64_t most_ms, uint64_t *claim_r)
{
    _Atomic uint64_t *row = row_of(theme);
    *claim_r = 0;
    if (atomic_load(&row[DREW]) != 0 && !did_harm(theme))
        return true;
    uint64_t at = (uint64_t)clock_monotonic_ms(), before = atomic_load(&row[TRYING]);
    *claim_r = at + (uint64_t)most_ms;
    return (before & ~LASTING) <= at &&
           atomic_compare_exchange_strong(&row[TRYING], &before, *claim_r);
}

void strikes_prolong(const char *theme, int64_t most_ms, uint64_t *claim)
{
    uint64_t before = *claim,
             after = ((uint64_t)clock_monotonic_ms() + (uint64_t)most_ms) | LASTING;
    bool ours = before != 0 &&
                atomic_compare_exchange_strong(&row_of(theme)[TRYING], &before, after);
    *claim = ours ? after : 0;
}

bool strikes_is_soon_known(const char *theme)
{
    return strikes_is_new(theme) && (atomic_load(&row_of(theme)[TRYING]) & LASTING) == 0;
}

/* A row that is written is fetched anew by all workers: hence the look before. */
void strikes_tried(const char *theme, uint64_t claim, bool drew)
{
    _Atomic uint64_t *row = row_of(theme);
    if (drew && atomic_load(&row[DREW]) == 0)
        atomic_store(&row[DREW], 1);
    if (claim != 0)
        atomic_compare_exchange_strong(&row[TRYING], &claim, 0);
}

void strikes_renew(int64_t generation)
{
    _Atomic uint64_t *cleared = word_at(CLEARED);
    uint64_t before = atomic_load(cleared), now_at = (uint64_t)generation;
    while (before < now_at && !atomic_compare_exchange_weak(cleared, &before, now_at))
        ;
    for (size_t i = 0; before < now_at && i < CLEARED; i++)
        atomic_store(word_at(i), 0);
}

void strikes_clear(const char *theme)
{
    for (size_t i = 0; i < WORDS; i++)
        atomic_store(&row_of(theme)[i], 0);
}
