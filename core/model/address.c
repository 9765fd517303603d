/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/address.h"

#include <idn2.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "model/script.h"

enum { DOMAIN_MAX = 253, LABEL_MAX = 63, LOCAL_PART_MAX = 64, ADDRESS_MAX = 254, TYPED_MAX = 1024 };
enum { IDN_FLAGS = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void trim(const char **text, size_t *n)
{
    while (*n > 0 && is_blank(**text)) {
        (*text)++;
        (*n)--;
    }
    while (*n > 0 && is_blank((*text)[*n - 1]))
        (*n)--;
}

static bool is_ascii(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char *lower(struct arena *a, const char *text, size_t n)
{
    char *copy = arena_memdup(a, text, n);
    for (char *c = copy; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

/* What every name has to be before its letters are looked at. */
static enum text_key text_check(const char *text, size_t n)
{
    if (n == 0)
        return TEXT_REQUIRED;
    if (!utf8_is_valid(text, n))
        return TEXT_NOT_UTF8;
    return utf8_has_control(text, n) ? TEXT_CONTROL_CHARACTER : TEXT_NONE;
}

/* The character at `at`, to be shown in a message. */
static const char *shown(struct arena *a, const char *at)
{
    return *at == ' ' ? "blanks" : arena_printf(a, "\"%c\"", *at);
}

static enum text_key ascii_check(struct arena *a, const char *text, size_t n, const char **arg_r)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x80 && !is_alnum(text[i]) && text[i] != '-' &&
            text[i] != '.') {
            *arg_r = shown(a, text + i);
            return TEXT_DOMAIN_CHARACTER;
        }
    return TEXT_NONE;
}

static enum text_key label_check(const char *label, size_t n)
{
    if (n == 0)
        return TEXT_DOMAIN_EMPTY_LABEL;
    if (n > LABEL_MAX)
        return TEXT_DOMAIN_LABEL_TOO_LONG;
    return label[0] == '-' || label[n - 1] == '-' ? TEXT_DOMAIN_HYPHEN : TEXT_NONE;
}

static bool is_number(const char *label)
{
    while (is_digit(*label))
        label++;
    return *label == '\0';
}

/* The rules of a name whose letters are known to be fine, label by label. */
static enum text_key labels_check(const char *domain)
{
    if (strlen(domain) > DOMAIN_MAX)
        return TEXT_DOMAIN_TOO_LONG;
    size_t labels = 0;
    const char *label = domain;
    for (;; labels++) {
        size_t n = strcspn(label, ".");
        enum text_key error = label_check(label, n);
        if (error != TEXT_NONE)
            return error;
        if (label[n] == '\0')
            break;
        label += n + 1;
    }
    if (is_number(label))
        return TEXT_DOMAIN_NUMERIC;
    return labels == 0 ? TEXT_DOMAIN_ONE_LABEL : TEXT_NONE;
}

/* NULL: libidn2 refuses. */
static const char *idn(struct arena *a, const char *text, int convert(const char *, char **, int),
                       int flags, int *rc_r)
{
    char *out = NULL;
    *rc_r = convert(text, &out, flags);
    if (*rc_r != IDN2_OK)
        return NULL;
    const char *copy = arena_strdup(a, out);
    idn2_free(out);
    return copy;
}

static bool has_a_label(const char *domain)
{
    return text_starts(domain, "xn--") || strstr(domain, ".xn--") != NULL;
}

static enum text_key idn_error(int rc)
{
    if (rc == IDN2_TOO_BIG_DOMAIN)
        return TEXT_DOMAIN_TOO_LONG;
    if (rc == IDN2_TOO_BIG_LABEL)
        return TEXT_DOMAIN_LABEL_TOO_LONG;
    return TEXT_DOMAIN_IDN;
}

/* To the A-label form. A-labels that were typed need only decode: registries have sold names that
 * IDNA 2008 would not make, and mail to them arrives. */
static enum text_key domain_encode(struct arena *a, const char *text, size_t n,
                                   const char **domain_r)
{
    int rc = IDN2_OK;
    if (!is_ascii(text, n)) {
        if (script_has_invisible(text, n))
            return TEXT_DOMAIN_IDN;
        *domain_r = idn(a, arena_memdup(a, text, n), idn2_to_ascii_8z, IDN_FLAGS, &rc);
        return *domain_r == NULL ? idn_error(rc) : TEXT_NONE;
    }
    *domain_r = lower(a, text, n);
    if (has_a_label(*domain_r) && idn(a, *domain_r, idn2_to_unicode_8z8z, 0, &rc) == NULL)
        return idn_error(rc);
    return TEXT_NONE;
}

static enum text_key domain_read(struct arena *a, const char *text, size_t n, const char **domain_r)
{
    enum text_key error = text_check(text, n);
    if (error != TEXT_NONE)
        return error;
    if (n > TYPED_MAX)
        return TEXT_DOMAIN_TOO_LONG;
    if (text[0] == '[')
        return TEXT_DOMAIN_LITERAL;
    bool dot = text[n - 1] == '.';
    if (dot && --n == 0)
        return TEXT_DOMAIN_EMPTY_LABEL;
    error = ascii_check(a, text, n, domain_r);
    if (error != TEXT_NONE)
        return error;
    const char *domain = NULL;
    error = domain_encode(a, text, n, &domain);
    if (error != TEXT_NONE)
        return error;
    n = strlen(domain);
    if (!dot && n > 1 && domain[n - 1] == '.') /* an ideographic full stop, mapped */
        n--;
    domain = lower(a, domain, n);
    error = ascii_check(a, domain, n, domain_r);
    if (error == TEXT_NONE)
        error = labels_check(domain);
    if (error == TEXT_NONE)
        *domain_r = domain;
    return error;
}

enum text_key domain_parse(struct arena *a, const char *text, size_t n, const char **domain_r)
{
    *domain_r = NULL;
    trim(&text, &n);
    return domain_read(a, text, n, domain_r);
}

/* A label as people read it, or as it is. */
static const char *label_display(struct arena *a, const char *label)
{
    int rc;
    if (!text_starts(label, "xn--"))
        return label;
    const char *read = idn(a, label, idn2_to_unicode_8z8z, 0, &rc);
    if (read == NULL || !utf8_is_valid(read, strlen(read)) || !script_is_plain(read))
        return label;
    const char *again = idn(a, read, idn2_to_ascii_8z, IDN_FLAGS, &rc);
    return again != NULL && strcmp(again, label) == 0 ? read : label;
}

/* The whole as well: one label in letters has libidn2 look at the others more closely. */
static bool reads_back(struct arena *a, const char *shown, const char *domain)
{
    const char *again;
    return domain_parse(a, shown, strlen(shown), &again) == TEXT_NONE && strcmp(again, domain) == 0;
}

const char *domain_display(struct arena *a, const char *domain)
{
    if (!has_a_label(domain))
        return domain;
    struct str s;
    str_init(&s, a, 4 * TYPED_MAX);
    for (const char *label = domain;;) {
        size_t n = strcspn(label, ".");
        str_append(&s, label_display(a, arena_memdup(a, label, n)));
        if (label[n] == '\0')
            return reads_back(a, s.data, domain) ? s.data : domain;
        str_append_c(&s, '.');
        label += n + 1;
    }
}

/* atext of RFC 5322 3.2.3, and of it what hosted names may hold. */
#define HOSTED "#$&'-=?^_`{|}~."
#define FOREIGN HOSTED "+%!/*"

static enum text_key local_part_characters(struct arena *a, const char *text, size_t n,
                                           const char *besides, const char **arg_r)
{
    for (size_t i = 0; i < n; i++) {
        if (is_alnum(text[i]) || (text[i] != '\0' && strchr(besides, text[i]) != NULL))
            continue;
        *arg_r = shown(a, text + i);
        return text[i] == '+' ? TEXT_LOCAL_PART_DELIMITER : TEXT_LOCAL_PART_CHARACTER;
    }
    return TEXT_NONE;
}

/* What lets other servers tell Ada from ada stays as it is. */
static enum text_key local_part_read(struct arena *a, const char *text, size_t n,
                                     const char *besides, const char **local_part_r)
{
    enum text_key error = text_check(text, n);
    if (error != TEXT_NONE)
        return error;
    if (text[0] == '"')
        return TEXT_LOCAL_PART_QUOTED;
    if (!is_ascii(text, n))
        return TEXT_LOCAL_PART_NOT_ASCII;
    error = local_part_characters(a, text, n, besides, local_part_r);
    if (error != TEXT_NONE)
        return error;
    if (n > LOCAL_PART_MAX)
        return TEXT_LOCAL_PART_TOO_LONG;
    if (text[0] == '.' || text[n - 1] == '.' || memmem(text, n, "..", 2) != NULL)
        return TEXT_LOCAL_PART_DOT;
    bool hosted = strcmp(besides, HOSTED) == 0;
    *local_part_r = hosted ? lower(a, text, n) : arena_memdup(a, text, n);
    return TEXT_NONE;
}

enum text_key local_part_parse(struct arena *a, const char *text, size_t n,
                               const char **local_part_r)
{
    *local_part_r = NULL;
    trim(&text, &n);
    if (n > 0 && text[0] != '"' && memchr(text, '@', n) != NULL)
        return TEXT_LOCAL_PART_HAS_AT;
    return local_part_read(a, text, n, HOSTED, local_part_r);
}

static enum text_key address_read(struct arena *a, const char *text, size_t n, const char *besides,
                                  struct address *address_r)
{
    *address_r = (struct address){0};
    trim(&text, &n);
    if (n >= 2 && text[0] == '<' && text[n - 1] == '>') {
        text++;
        n -= 2;
        trim(&text, &n);
    }
    enum text_key error = text_check(text, n);
    if (error != TEXT_NONE)
        return error;
    const char *at = memrchr(text, '@', n);
    if (at == NULL)
        return TEXT_ADDRESS_NO_AT;
    if (at == text || at + 1 == text + n)
        return at == text ? TEXT_ADDRESS_NO_NAME : TEXT_ADDRESS_NO_DOMAIN;
    size_t before = (size_t)(at - text);
    error = local_part_read(a, text, before, besides, &address_r->local_part);
    address_r->text = address_r->local_part;
    if (error != TEXT_NONE)
        return error;
    error = domain_read(a, at + 1, n - before - 1, &address_r->domain);
    address_r->text = address_r->domain;
    if (error != TEXT_NONE)
        return error;
    address_r->text = arena_printf(a, "%s@%s", address_r->local_part, address_r->domain);
    return strlen(address_r->text) > ADDRESS_MAX ? TEXT_ADDRESS_TOO_LONG : TEXT_NONE;
}

enum text_key address_parse(struct arena *a, const char *text, size_t n, struct address *address_r)
{
    return address_read(a, text, n, HOSTED, address_r);
}

enum text_key foreign_address_parse(struct arena *a, const char *text, size_t n,
                                    struct address *address_r)
{
    return address_read(a, text, n, FOREIGN, address_r);
}

const char *lower_text(struct arena *a, const char *text)
{
    return lower(a, text, strlen(text));
}

const char *address_display(struct arena *a, const char *address)
{
    const char *at = strrchr(address, '@');
    if (at == NULL || !has_a_label(at + 1))
        return address;
    return arena_printf(a, "%.*s%s", (int)(at + 1 - address), address, domain_display(a, at + 1));
}
