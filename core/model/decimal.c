/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/decimal.h"

#include <string.h>

enum { DECIMALS = 3 };
#define WHOLE_MAX INT64_C(1000000)
#define MINUS_SIGN "\xe2\x88\x92" /* as numbers are printed in some languages */

static bool digits_read(const char **at, const char *end, size_t most, int64_t *n_r)
{
    const char *start = *at;
    for (*n_r = 0; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
        if ((size_t)(*at - start) == most)
            return false;
        *n_r = *n_r * 10 + (**at - '0');
    }
    return *at > start;
}

static bool sign_read(const char **at, const char *end)
{
    size_t n = strlen(MINUS_SIGN);
    if ((size_t)(end - *at) > n && memcmp(*at, MINUS_SIGN, n) == 0) {
        *at += n;
        return true;
    }
    bool minus = *at < end && **at == '-';
    *at += minus;
    return minus;
}

bool decimal_parse(const char *text, size_t n, int64_t *thousandths_r)
{
    const char *at = text, *end = text + n;
    int64_t whole, fraction = 0;
    bool minus = sign_read(&at, end);
    if (!digits_read(&at, end, 7, &whole) || whole > WHOLE_MAX)
        return false;
    if (at < end && (*at == '.' || *at == ',')) {
        const char *start = ++at;
        if (!digits_read(&at, end, DECIMALS, &fraction))
            return false;
        for (size_t i = (size_t)(at - start); i < DECIMALS; i++)
            fraction *= 10;
    }
    *thousandths_r = (whole * 1000 + fraction) * (minus ? -1 : 1);
    return at == end;
}

const char *decimal_text(struct arena *a, int64_t thousandths)
{
    uint64_t n = thousandths < 0 ? 0 - (uint64_t)thousandths : (uint64_t)thousandths;
    const char *sign = thousandths < 0 ? "-" : "";
    unsigned fraction = (unsigned)(n % 1000), places = DECIMALS;
    if (fraction == 0)
        return arena_printf(a, "%s%llu", sign, (unsigned long long)(n / 1000));
    for (; fraction % 10 == 0; fraction /= 10)
        places--;
    return arena_printf(a, "%s%llu.%0*u", sign, (unsigned long long)(n / 1000), (int)places,
                        fraction);
}
