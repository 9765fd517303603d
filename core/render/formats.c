/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/formats.h"

#include <assert.h>

#define NBSP "\xc2\xa0"
#define NARROW "\xe2\x80\xaf" /* NARROW NO-BREAK SPACE */

static const struct formats english = {
    .point = ".",
    .group = ",",
    .byte = "byte",
    .bytes = "bytes",
    .units = {"", "KB", "MB", "GB", "TB", "PB", "EB"},
    .unit_blank = " ",
    .months = {"January", "February", "March", "April", "May", "June", "July", "August",
               "September", "October", "November", "December"},
    .short_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                     "Dec"},
    .day_end = "",
    .first_end = "",
    .now = "just now",
    .ago_before = "",
    .ago_behind = " ago",
    .in_before = "in ",
    .in_behind = "",
    .minute = {"minute", "minutes"},
    .hour = {"hour", "hours"},
    .day = {"day", "days"},
};

static const struct formats german = {
    .point = ",",
    .group = ".",
    .byte = "Byte",
    .bytes = "Byte",
    .units = {"", "KB", "MB", "GB", "TB", "PB", "EB"},
    .unit_blank = NBSP,
    .months = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
               "Oktober", "November", "Dezember"},
    .short_months = {"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.",
                     "Nov.", "Dez."},
    .day_end = ".",
    .first_end = ".",
    .now = "gerade eben",
    .ago_before = "vor ",
    .ago_behind = "",
    .in_before = "in ",
    .in_behind = "",
    .minute = {"Minute", "Minuten"},
    .hour = {"Stunde", "Stunden"},
    .day = {"Tag", "Tagen"},
};

static const struct formats french = {
    .point = ",",
    .group = NARROW,
    .byte = "octet",
    .bytes = "octets",
    .units = {"", "Ko", "Mo", "Go", "To", "Po", "Eo"},
    .unit_blank = NBSP,
    .months = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
               "octobre", "novembre", "décembre"},
    .short_months = {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.",
                     "oct.", "nov.", "déc."},
    .day_end = "",
    .first_end = "er",
    .now = "à l\xe2\x80\x99instant",
    .ago_before = "il y a ",
    .ago_behind = "",
    .in_before = "dans ",
    .in_behind = "",
    .minute = {"minute", "minutes"},
    .hour = {"heure", "heures"},
    .day = {"jour", "jours"},
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
