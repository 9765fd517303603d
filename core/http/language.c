/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/language.h"

#include <string.h>

#include "base/pseudo.h"

enum { RANGES_MAX = 32, WEIGHT_MOST = 1000 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* "0.8", at most three decimals, in thousandths; -1: no weight. */
static int weight_read(const char *at, const char *end)
{
    int weight = 0, unit = WEIGHT_MOST;
    if (at == end || (*at != '0' && *at != '1'))
        return -1;
    weight = (*at++ - '0') * unit;
    if (at < end && *at == '.') {
        for (at++; at < end && *at >= '0' && *at <= '9' && unit > 1; at++)
            weight += (*at - '0') * (unit /= 10);
    }
    at = skip_blanks(at, end);
    return at != end || weight > WEIGHT_MOST ? -1 : weight;
}

/* The weight behind a range: ";q=0.8", 1 where there is none, -1 where it has no sense. */
static int weight_of(const char *at, const char *end)
{
    at = skip_blanks(at, end);
    if (at == end)
        return WEIGHT_MOST;
    if (*at++ != ';')
        return -1;
    at = skip_blanks(at, end);
    if (end - at < 2 || (*at != 'q' && *at != 'Q') || at[1] != '=')
        return -1;
    return weight_read(at + 2, end);
}

static bool is_ours(enum locale l)
{
#ifdef MAILBOY_SANITIZED
    return locale_is_offered(l) || pseudo_is(l);
#else
    return locale_is_offered(l);
#endif
}

/* What was said of one of ours: how much it is wanted, and where that stands. */
struct wish {
    int weight, place;
};
enum { UNSAID = -1 };

static void wish_note(struct wish *w, int weight, int place)
{
    if (weight > w->weight)
        *w = (struct wish){weight, place};
}

/* "*" speaks for those that are not named. */
static enum locale most_wanted(const struct wish wishes[LOCALE_COUNT], struct wish others)
{
    enum locale best = LOCALE_EN;
    struct wish most = {0, RANGES_MAX};
    for (enum locale l = 0; l < LOCALE_COUNT; l++) {
        bool unsaid = wishes[l].weight == UNSAID;
        struct wish w = unsaid && locale_is_offered(l) ? others : wishes[l];
        if (w.weight > most.weight || (w.weight == most.weight && w.place < most.place)) {
            best = l;
            most = w;
        }
    }
    return most.weight > 0 ? best : LOCALE_EN;
}

enum locale language_wanted(const char *header)
{
    struct wish wishes[LOCALE_COUNT], others = {UNSAID, 0};
    enum locale found;
    for (size_t l = 0; l < LOCALE_COUNT; l++)
        wishes[l] = others;
    for (int i = 0; header != NULL && *header != '\0' && i < RANGES_MAX; i++) {
        const char *end = header + strcspn(header, ","), *at = skip_blanks(header, end);
        size_t n = strcspn(at, " \t;,");
        int weight = weight_of(at + n, end);
        if (n == 1 && *at == '*')
            wish_note(&others, weight, i);
        else if (locale_find(at, n, &found) && is_ours(found))
            wish_note(&wishes[found], weight, i);
        header = *end == ',' ? end + 1 : end;
    }
    return most_wanted(wishes, others);
}
