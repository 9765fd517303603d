/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the known name that is nearest to a wrong one, by letters to add, drop, change or swap.
 * Nothing is near where more than a third of the wrong one would have to change. The names stay the
 * caller's. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

struct nearest {
    const char *wrong;
    const char *name; /* NULL: none was near */
    unsigned least;
};

struct nearest nearest_to(const char *wrong);
/* Of a known name its first 63 bytes count. Of two that are as near it is the first by bytes, in whatever
 * order they are tried. */
void nearest_try(struct nearest *n, const char *known);

#endif
