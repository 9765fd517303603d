/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/script.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

enum {
    LATIN = 1,
    GREEK = 2,
    CYRILLIC = 4,
    ARMENIAN = 8,
    HEBREW = 16,
    ARABIC = 32,
    DEVANAGARI = 64,
    BENGALI = 128,
    GURMUKHI = 256,
    GUJARATI = 512,
    TAMIL = 1024,
    TELUGU = 2048,
    KANNADA = 4096,
    MALAYALAM = 8192,
    THAI = 16384,
    LAO = 32768,
    GEORGIAN = 65536,
    ETHIOPIC = 131072,
    KHMER = 262144,
    HAN = 1 << 19,
    KANA = 1 << 20,
    BOPOMOFO = 1 << 21,
    HANGUL = 1 << 22,
    SINHALA = 1 << 23,
    COMMON = 1 << 29
};

static const struct {
    uint32_t first, last;
    unsigned script;
} ranges[] = {
    {'-', '-', COMMON},         {'0', '9', COMMON},        {'a', 'z', LATIN},
    {0xdf, 0xf6, LATIN},        {0xf8, 0x130, LATIN},      {0x132, 0x17f, LATIN},
    {0x1a0, 0x1a1, LATIN},      {0x1af, 0x1b0, LATIN},     {0x1cd, 0x1dc, LATIN},
    {0x1e6, 0x1e7, LATIN},      {0x218, 0x21b, LATIN},     {0x1e02, 0x1ef9, LATIN},
    {0x386, 0x3ce, GREEK},      {0x1f00, 0x1fff, GREEK},   {0x430, 0x45f, CYRILLIC},
    {0x490, 0x4ff, CYRILLIC},   {0x561, 0x587, ARMENIAN},  {0x5d0, 0x5ea, HEBREW},
    {0x620, 0x669, ARABIC},     {0x66e, 0x6d3, ARABIC},    {0x6f0, 0x6f9, ARABIC},
    {0x900, 0x97f, DEVANAGARI}, {0x980, 0x9ff, BENGALI},   {0xa00, 0xa7f, GURMUKHI},
    {0xa80, 0xaff, GUJARATI},   {0xb80, 0xbff, TAMIL},     {0xc00, 0xc7f, TELUGU},
    {0xc80, 0xcff, KANNADA},    {0xd00, 0xd7f, MALAYALAM}, {0xd80, 0xdff, SINHALA},
    {0xe01, 0xe5b, THAI},       {0xe81, 0xedf, LAO},       {0x10d0, 0x10fa, GEORGIAN},
    {0x1200, 0x135a, ETHIOPIC}, {0x1780, 0x17e9, KHMER},   {0x3005, 0x3007, HAN},
    {0x3041, 0x3096, KANA},     {0x30a1, 0x30fe, KANA},    {0x3105, 0x312f, BOPOMOFO},
    {0x3400, 0x4dbf, HAN},      {0x4e00, 0x9fff, HAN},     {0xac00, 0xd7a3, HANGUL},
};

/* Scripts that are written together. */
static const unsigned mixes[] = {
    LATIN | HAN | KANA,
    LATIN | HAN | BOPOMOFO,
    LATIN | HAN | HANGUL,
};

/* Letters that pass for Latin ones. */
static const char look_alikes[] = "асԁеһіјӏорԛѕԝхуъьҽпгѵѡ"
                                  "αγεηικνορτυω";

static uint32_t decode(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t c = s[0] & first[n];
    for (size_t i = 1; i < n; i++)
        c = c << 6 | (s[i] & 0x3fu);
    return c;
}

static unsigned script_of(uint32_t c)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return ranges[i].script;
    return 0;
}

static bool goes_together(unsigned scripts)
{
    if ((scripts & (scripts - 1)) == 0)
        return true;
    for (size_t i = 0; i < sizeof mixes / sizeof *mixes; i++)
        if ((scripts & ~mixes[i]) == 0)
            return true;
    return false;
}

bool script_is_plain(const char *text)
{
    unsigned scripts = 0;
    bool own_letter = false;
    for (size_t step, left = strlen(text); left > 0; text += step, left -= step) {
        step = utf8_step(text, left);
        unsigned script = script_of(decode(text, step));
        if (script == 0)
            return false;
        scripts |= script & ~(unsigned)COMMON;
        bool alike = step > 1 && memmem(look_alikes, sizeof look_alikes - 1, text, step) != NULL;
        own_letter = own_letter || (script != COMMON && !alike);
    }
    return goes_together(scripts) && (own_letter || scripts == 0);
}

static const struct {
    uint32_t first, last;
} invisible[] = {
    {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},     {0x115f, 0x1160}, {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x200b, 0x200b},   {0x200e, 0x200f},   {0x202a, 0x202e}, {0x2060, 0x206f},
    {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

bool script_has_invisible(const char *text, size_t n)
{
    for (size_t step; n > 0; text += step, n -= step) {
        step = utf8_step(text, n);
        uint32_t c = decode(text, step);
        for (size_t i = 0; i < sizeof invisible / sizeof *invisible; i++)
            if (c >= invisible[i].first && c <= invisible[i].last)
                return true;
    }
    return false;
}
