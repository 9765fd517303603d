/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <string.h>

#include "auth/password.h"
#include "base/str.h"

/* The words that lists of stolen passwords begin with, as they stand before digits and signs are
 * added; sorted by nothing. Compared in lower case, with 0 1 3 4 5 7 @ $ read as letters. */
static const char *const common_words[] = {
#include "auth/common_passwords.h"
};

static char plain_letter(char c)
{
    static const char from[] = "013457@$!", to[] = "oieastasi";
    const char *at = c != '\0' ? strchr(from, c) : NULL;
    return at != NULL ? to[at - from] : (char)tolower((unsigned char)c);
}

static bool is_common_word(const char *text, size_t n)
{
    for (size_t i = 0; i < sizeof common_words / sizeof *common_words; i++) {
        if (strlen(common_words[i]) == n && memcmp(common_words[i], text, n) == 0)
            return true;
    }
    return false;
}

/* 11111111, 12345678, 87654321, abcdefgh, abcabcabc: each character follows from one before by
 * one rule. */
static bool is_sequence(const char *bytes, size_t n)
{
    for (size_t period = 1; period <= 4; period++) {
        size_t i = period;
        while (i < n && bytes[i] == bytes[i - period])
            i++;
        if (i == n)
            return true;
    }
    for (int step = -1; step <= 1; step += 2) {
        size_t i = 1;
        while (i < n &&
               (bytes[i] == bytes[i - 1] + step || (bytes[i] == '0' && bytes[i - 1] == '9')))
            i++;
        if (i == n)
            return true;
    }
    return false;
}

/* Is it `word` alone, or with a tail of at most four digits and signs? */
static bool is_dressed(const char *lower, size_t n, const char *word, size_t word_n)
{
    if (word_n == 0 || n < word_n || n > word_n + 4 || memcmp(lower, word, word_n) != 0)
        return false;
    for (size_t i = word_n; i < n; i++) {
        if (isalpha((unsigned char)lower[i]) || (unsigned char)lower[i] >= 128)
            return false;
    }
    return true;
}

static bool is_common(const char *bytes, size_t n)
{
    char lower[64], plain[64];
    if (n >= sizeof lower)
        return false;
    for (size_t i = 0; i < n; i++) {
        lower[i] = (char)tolower((unsigned char)bytes[i]);
        plain[i] = plain_letter(bytes[i]);
    }
    bool common = is_sequence(lower, n);
    for (size_t tail = 0; !common && tail <= 4 && tail < n; tail++) {
        if (tail > 0 && isalpha((unsigned char)lower[n - tail]))
            break;
        common = is_common_word(lower, n - tail) || is_common_word(plain, n - tail);
    }
    explicit_bzero(lower, sizeof lower);
    explicit_bzero(plain, sizeof plain);
    return common;
}

static bool is_like_address(const char *bytes, size_t n, const char *address)
{
    char lower[PASSWORD_MAX];
    for (size_t i = 0; i < n; i++)
        lower[i] = (char)tolower((unsigned char)bytes[i]);
    size_t all = strlen(address), local = strcspn(address, "@");
    const char *domain = address + local + (address[local] == '@');
    size_t label = strcspn(domain, ".");
    bool like = is_dressed(lower, n, address, all) || is_dressed(lower, n, address, local) ||
                is_dressed(lower, n, domain, strlen(domain)) || is_dressed(lower, n, domain, label);
    explicit_bzero(lower, n);
    return like;
}

enum text_key password_judge(const char *bytes, size_t n, const char *address)
{
    if (n < PASSWORD_MIN)
        return TEXT_PASSWORD_SHORT;
    if (n > PASSWORD_MAX)
        return TEXT_PASSWORD_LONG;
    if (memchr(bytes, '\0', n) != NULL)
        return TEXT_PASSWORD_NUL;
    if (is_common(bytes, n))
        return TEXT_PASSWORD_COMMON;
    if (address != NULL && is_like_address(bytes, n, address))
        return TEXT_PASSWORD_LIKE_ADDRESS;
    return TEXT_NONE;
}
