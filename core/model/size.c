/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "model/field.h"

enum { DECIMALS = 6 };
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
    {"Go", NULL, 1 << 20},
    {"Mo", NULL, 1 << 10},
    {"Ko", NULL, 1},
    {"o", NULL, 0},
};

struct decimal {
    int64_t whole, fraction, scale; /* whole + fraction / scale */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Moves past the number; false: there is none, or it is far too large. */
static bool decimal_read(const char **at, const char *end, struct decimal *d)
{
    *d = (struct decimal){.scale = 1};
    const char *start = *at;
    for (; *at < end && is_digit(**at); (*at)++) {
        d->whole = d->whole * 10 + (**at - '0');
        if (d->whole > KB_MAX * 1024)
            return false;
    }
    if (*at == start)
        return false;
    if (*at == end || (**at != '.' && **at != ','))
        return true;
    const char *point = (*at)++;
    for (; *at < end && is_digit(**at) && *at - point <= DECIMALS; (*at)++) {
        d->fraction = d->fraction * 10 + (**at - '0');
        d->scale *= 10;
    }
    return *at > point + 1;
}

static bool to_kb(const struct decimal *d, int64_t unit_kb, int64_t *kb_r)
{
    if (unit_kb == 0) { /* bytes: a part of a kB counts whole */
        *kb_r = d->whole / 1024 + (d->whole % 1024 > 0);
        return d->scale == 1 && *kb_r <= KB_MAX;
    }
    if (d->whole > KB_MAX / unit_kb)
        return false;
    *kb_r = d->whole * unit_kb + (d->fraction * unit_kb + d->scale / 2) / d->scale;
    return true;
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

bool size_parse(const char *text, size_t n, int64_t *kb_r)
{
    const char *at = text, *end = text + n;
    struct decimal d;
    if (!decimal_read(&at, end, &d))
        return false;
    for (size_t step; (step = blank(at, (size_t)(end - at))) > 0;)
        at += step;
    size_t left = (size_t)(end - at);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].word) == left && strncasecmp(units[i].word, at, left) == 0)
            return to_kb(&d, units[i].kb, kb_r);
    return false;
}

const char *size_text(struct arena *a, int64_t kb)
{
    if (kb <= 0)
        return "0";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        int64_t unit = units[i].kb;
        if (units[i].shown == NULL || kb < unit)
            continue;
        int64_t whole = kb / unit, thousandths = kb % unit * 1000 / unit;
        if (thousandths * unit / 1000 != kb % unit || thousandths * unit % 1000 != 0)
            continue; /* not to be written exactly with three decimals */
        if (thousandths == 0)
            return arena_printf(a, "%lld %s", (long long)whole, units[i].shown);
        char decimals[8];
        int used = snprintf(decimals, sizeof decimals, "%03d", (int)thousandths);
        while (decimals[used - 1] == '0')
            decimals[--used] = '\0';
        return arena_printf(a, "%lld.%s %s", (long long)whole, decimals, units[i].shown);
    }
    return arena_printf(a, "%lld kB", (long long)kb);
}
