/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a language writes numbers, sizes, dates and spans of time: constant tables after Unicode's
 * CLDR 45 (main/en-001, de, fr: numbers, units, dates, "relativeTime"), of which this is the part that
 * the filters print. A pseudo-locale has those of English. */
#ifndef RENDER_FORMATS_H
#define RENDER_FORMATS_H

#include "base/locale.h"

/* Put as one store of its size. Nothing in it has to be escaped. */
struct word {
    char text[15];
    unsigned char n;
};

struct span_words {
    struct word one, many; /* "hour", "hours"; in the case that "ago" wants */
};

struct formats {
    struct word point, group;          /* 1,234.5 */
    struct word byte, bytes, units[7]; /* units[1]: 1024 bytes; they stand behind a blank */
    struct word unit_blank;
    struct word months[12], short_months[12];
    struct word day_end, first_end; /* behind the number of a day, and of the first */
    struct word now;
    struct word ago_before, ago_behind, in_before, in_behind; /* around "3 hours" */
    struct span_words minute, hour, day;
};

const struct formats *formats_of(enum locale l);

#endif
