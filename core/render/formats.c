/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/formats.h"

#include <assert.h>

#define NBSP "\xc2\xa0"
#define NARROW "\xe2\x80\xaf" /* NARROW NO-BREAK SPACE */

#define W(word)                   \
    {                             \
        word, sizeof(word "") - 1 \
    }

static const struct formats english = {
    .point = W("."),
    .group = W(","),
    .byte = W("byte"),
    .bytes = W("bytes"),
    .units = {W(""), W("KB"), W("MB"), W("GB"), W("TB"), W("PB"), W("EB")},
    .unit_blank = W(" "),
    .months = {W("January"), W("February"), W("March"), W("April"), W("May"), W("June"), W("July"),
               W("August"), W("September"), W("October"), W("November"), W("December")},
    .short_months = {W("Jan"), W("Feb"), W("Mar"), W("Apr"), W("May"), W("Jun"), W("Jul"), W("Aug"),
                     W("Sep"), W("Oct"), W("Nov"), W("Dec")},
    .day_end = W(""),
    .first_end = W(""),
    .now = W("just now"),
    .ago_before = W(""),
    .ago_behind = W(" ago"),
    .in_before = W("in "),
    .in_behind = W(""),
    .minute = {W("minute"), W("minutes")},
    .hour = {W("hour"), W("hours")},
    .day = {W("day"), W("days")},
};

static const struct formats german = {
    .point = W(","),
    .group = W("."),
    .byte = W("Byte"),
    .bytes = W("Byte"),
    .units = {W(""), W("KB"), W("MB"), W("GB"), W("TB"), W("PB"), W("EB")},
    .unit_blank = W(NBSP),
    .months = {W("Januar"), W("Februar"), W("März"), W("April"), W("Mai"), W("Juni"), W("Juli"),
               W("August"), W("September"), W("Oktober"), W("November"), W("Dezember")},
    .short_months = {W("Jan."), W("Feb."), W("März"), W("Apr."), W("Mai"), W("Juni"), W("Juli"),
                     W("Aug."), W("Sept."), W("Okt."), W("Nov."), W("Dez.")},
    .day_end = W("."),
    .first_end = W("."),
    .now = W("gerade eben"),
    .ago_before = W("vor "),
    .ago_behind = W(""),
    .in_before = W("in "),
    .in_behind = W(""),
    .minute = {W("Minute"), W("Minuten")},
    .hour = {W("Stunde"), W("Stunden")},
    .day = {W("Tag"), W("Tagen")},
};

static const struct formats french = {
    .point = W(","),
    .group = W(NARROW),
    .byte = W("octet"),
    .bytes = W("octets"),
    .units = {W(""), W("Ko"), W("Mo"), W("Go"), W("To"), W("Po"), W("Eo")},
    .unit_blank = W(NBSP),
    .months = {W("janvier"), W("février"), W("mars"), W("avril"), W("mai"), W("juin"), W("juillet"),
               W("août"), W("septembre"), W("octobre"), W("novembre"), W("décembre")},
    .short_months = {W("janv."), W("févr."), W("mars"), W("avr."), W("mai"), W("juin"), W("juil."),
                     W("août"), W("sept."), W("oct."), W("nov."), W("déc.")},
    .day_end = W(""),
    .first_end = W("er"),
    .now = W("à l\xe2\x80\x99instant"),
    .ago_before = W("il y a "),
    .ago_behind = W(""),
    .in_before = W("dans "),
    .in_behind = W(""),
    .minute = {W("minute"), W("minutes")},
    .hour = {W("heure"), W("heures")},
    .day = {W("jour"), W("jours")},
};

const struct formats *formats_of(enum locale l)
{
    static const struct formats *const of[LOCALE_COUNT] = {
        [LOCALE_EN] = &english, [LOCALE_DE] = &german,  [LOCALE_FR] = &french,
        [LOCALE_XA] = &english, [LOCALE_XB] = &english,
    };
    assert(l < LOCALE_COUNT && of[l] != NULL);
    return of[l];
}
