/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include <stdbool.h>
#include <string.h>

enum { KNOWN_MAX = 63 };

static unsigned least_of(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Restricted Damerau-Levenshtein; rows[i % 3] is the one of the first i letters of `a`. */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][KNOWN_MAX + 1], i = 0;
    size_t n = strnlen(b, KNOWN_MAX);
    for (unsigned j = 0; j <= n; j++)
        rows[0][j] = j;
    for (; a[i] != '\0'; i++) {
        const unsigned *before = rows[(i + 2) % 3], *above = rows[i % 3];
        unsigned *row = rows[(i + 1) % 3];
        row[0] = i + 1;
        for (unsigned j = 0; j < n; j++) {
            bool swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
            row[j + 1] = least_of(above[j] + (a[i] != b[j]), least_of(above[j + 1], row[j]) + 1);
            if (swapped)
                row[j + 1] = least_of(row[j + 1], before[j - 1] + 1);
        }
    }
    return rows[i % 3][n];
}

struct nearest nearest_to(const char *wrong)
{
    enum { FAR = 96 }; /* so much longer than any known name that a third of it would change */
    size_t n = strlen(wrong);
    return (struct nearest){.wrong = wrong, .least = n < FAR ? (unsigned)n / 3 + 1 : 0};
}

void nearest_try(struct nearest *n, const char *known)
{
    if (n->least == 0)
        return;
    unsigned d = distance(n->wrong, known);
    if (d < n->least || (n->name != NULL && d == n->least && strcmp(known, n->name) < 0)) {
        n->least = d;
        n->name = known;
    }
}
