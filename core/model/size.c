/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/size.h"

#include <string.h>
#include <strings.h>

enum { DECIMALS = 6, THOUSANDS = 3 };
#define KB_MAX (INT64_C(1) << 43)

/* In kB; bytes are apart. Largest first: how sizes are shown. */
static const struct {
    const char *word, *shown;
    int64_t kb;
} units[] = {
    {"TB", "TB", INT64_C(1) << 30},
    {"TiB", NULL, INT64_C(1) << 30},
    {"T", NULL, INT64_C(1) << 30},
    {"GB", "GB", 1 << 20},
    {"GiB", NULL, 1 << 20},
    {"G", NULL, 1 << 20},
    {"MB", "MB", 1 << 10},
    {"MiB", NULL, 1 << 10},
    {"M", NULL, 1 << 10},
    {"", NULL, 1 << 10},
    {"kB", "kB", 1},
    {"KiB", NULL, 1},
    {"k", NULL, 1},
    {"B", NULL, 0},
    /* as French writes them: octets */
    {"To", NULL, INT64_C(1) << 30},
    {"Tio", NULL, INT64_C(1) << 30},
    {"Go", NULL, 1 << 20},
    {"Gio", NULL, 1 << 20},
    {"Mo", NULL, 1 << 10},
    {"Mio", NULL, 1 << 10},
    {"Ko", NULL, 1},
    {"Kio", NULL, 1},
    {"o", NULL, 0},
};

struct decimal {
    int64_t whole, fraction, scale; /* whole + fraction / scale */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_sign(const char *at, const char *end)
{
    return at < end && (*at == '.' || *at == ',');
}

/* Moves past the number. "1,000" is a thousand to some and one to others: nobody's mailbox is made
 * a thousand times smaller than was meant. */
static enum text_key decimal_read(const char **at, const char *end, struct decimal *d)
{
    *d = (struct decimal){.scale = 1};
    const char *start = *at;
    for (; *at < end && is_digit(**at); (*at)++)
        if (d->whole <= KB_MAX * 1024) /* and what is more is too large anyway */
            d->whole = d->whole * 10 + (**at - '0');
    if (*at == start)
        return TEXT_NOT_A_SIZE;
    if (!is_sign(*at, end))
        return TEXT_NONE;
    const char *point = (*at)++;
    for (; *at < end && is_digit(**at) && *at - point <= DECIMALS; (*at)++) {
        d->fraction = d->fraction * 10 + (**at - '0');
        d->scale *= 10;
    }
    bool grouped = d->whole > 0 && point - start <= THOUSANDS && *at - point - 1 == THOUSANDS;
    if (grouped)
        return TEXT_SIZE_THOUSANDS;
    return *at > point + 1 ? TEXT_NONE : TEXT_NOT_A_SIZE;
}

/* A part of a kB counts whole: nothing but 0 is 0, which means no limit. */
static enum text_key to_kb(const struct decimal *d, int64_t unit_kb, int64_t *kb_r)
{
    bool bytes = unit_kb == 0;
    if (bytes && d->scale != 1)
        return TEXT_NOT_A_SIZE;
    if (d->whole > (bytes ? KB_MAX * 1024 : KB_MAX / unit_kb))
        return TEXT_QUOTA_TOO_LARGE;
    *kb_r = bytes ? d->whole / 1024 + (d->whole % 1024 > 0)
                  : d->whole * unit_kb + (d->fraction * unit_kb + d->scale / 2) / d->scale;
    if (*kb_r == 0 && d->fraction > 0)
        *kb_r = 1;
    return TEXT_NONE;
}

/* One at the start of the text, also one that does not break, as it is copied from a page in French
 * or German: how long it is, 0 for none. */
static size_t blank(const char *text, size_t n)
{
    static const char *const kinds[] = {" ", "\xc2\xa0", "\xe2\x80\xaf"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (n >= strlen(kinds[i]) && memcmp(text, kinds[i], strlen(kinds[i])) == 0)
            return strlen(kinds[i]);
    return 0;
}

enum text_key size_parse(const char *text, size_t n, int64_t *kb_r)
{
    const char *at = text, *end = text + n;
    struct decimal d;
    enum text_key wrong = decimal_read(&at, end, &d);
    if (wrong != TEXT_NONE)
        return wrong;
    for (size_t step; (step = blank(at, (size_t)(end - at))) > 0;)
        at += step;
    size_t left = (size_t)(end - at);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].word) == left && strncasecmp(units[i].word, at, left) == 0)
            return to_kb(&d, units[i].kb, kb_r);
    bool goes_on = left > 0 && at > text && d.scale == 1 && is_digit(*at);
    return goes_on ? TEXT_SIZE_THOUSANDS : TEXT_NOT_A_SIZE;
}

const char *size_text(struct arena *a, int64_t kb)
{
    if (kb <= 0)
        return "0";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        int64_t unit = units[i].kb;
        if (units[i].shown == NULL || kb < unit)
            continue;
        int64_t whole = kb / unit, hundredths = kb % unit * 100 / unit;
        if (hundredths * unit != kb % unit * 100)
            continue; /* not to be written exactly with two decimals */
        if (hundredths == 0)
            return arena_printf(a, "%lld %s", (long long)whole, units[i].shown);
        bool one = hundredths % 10 == 0;
        return arena_printf(a, "%lld.%0*d %s", (long long)whole, one ? 1 : 2,
                            (int)(one ? hundredths / 10 : hundredths), units[i].shown);
    }
    return arena_printf(a, "%lld kB", (long long)kb);
}
