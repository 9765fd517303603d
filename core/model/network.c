/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "model/address.h"

enum { V4_BITS = 32, V6_BITS = 128, V4_AT = 96, TYPED_MOST = 128, OCTETS = 4 };

static const unsigned char mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_mapped(const unsigned char *address)
{
    return memcmp(address, mapped, sizeof mapped) == 0;
}

/* Into 16 bytes; IPv4 mapped. */
static bool address_read(const char *text, unsigned char *address_r)
{
    memcpy(address_r, mapped, sizeof mapped);
    return inet_pton(AF_INET, text, address_r + sizeof mapped) == 1 ||
           inet_pton(AF_INET6, text, address_r) == 1;
}

static const char *address_text(struct arena *a, const unsigned char *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (is_mapped(address))
        inet_ntop(AF_INET, address + sizeof mapped, text, sizeof text);
    else
        inet_ntop(AF_INET6, address, text, sizeof text);
    return arena_strdup(a, text);
}

/* Clears (or sets) what lies behind the first `bits` of 128. */
static void host_part(unsigned char *address, unsigned bits, bool set)
{
    for (unsigned i = bits; i < V6_BITS; i++) {
        unsigned char bit = (unsigned char)(0x80 >> i % 8);
        if (set)
            address[i / 8] |= bit;
        else
            address[i / 8] &= (unsigned char)~bit;
    }
}

const char *network_around(struct arena *a, const struct network *n, unsigned bits)
{
    unsigned char address[ADDRESS_BYTES];
    memcpy(address, n->first, sizeof address);
    host_part(address, bits + (n->v4 ? V4_AT : 0), false);
    return arena_printf(a, "%s/%u", address_text(a, address), bits);
}

/* Numbers with dots between, fewer than four or with one at the end: how many there are. */
static size_t octets_of(const char *text)
{
    size_t n = 0;
    while (*text != '\0') {
        size_t digits = strspn(text, "0123456789");
        if (digits == 0 || digits > 3 || atoi(text) > 255)
            return 0;
        n++;
        text += digits;
        if (*text == '.')
            text++;
        else if (*text != '\0')
            return 0;
    }
    return n < OCTETS ? n : 0;
}

/* "192.0.2" meant 192.0.2.0/24 in the lists of old. */
static const char *octets_network(struct arena *a, const char *text)
{
    static const char rest[] = ".0.0.0"; /* of one octet */
    size_t n = octets_of(text), length = strlen(text);
    if (n == 0 || length > 15)
        return NULL;
    int given = (int)(length - (text[length - 1] == '.'));
    const char *whole = arena_printf(a, "%.*s%s", given, text, rest + 2 * (n - 1));
    struct network made = {.v4 = true};
    return address_read(whole, made.first) ? network_around(a, &made, (unsigned)(8 * n)) : NULL;
}

static enum text_key no_address(struct arena *a, const char *text, const char **offer_r)
{
    *offer_r = octets_network(a, text);
    if (*offer_r != NULL)
        return TEXT_NETWORK_OCTETS;
    if (strchr(text, '%') != NULL)
        return TEXT_NETWORK_ZONE;
    return strchr(text, '-') != NULL ? TEXT_NETWORK_RANGE : TEXT_NETWORK_ADDRESS;
}

/* 255.255.255.0 in bits; 0: it is no mask. */
static unsigned mask_bits(const char *text)
{
    struct in_addr mask;
    if (inet_pton(AF_INET, text, &mask) != 1)
        return 0;
    unsigned long bits = ntohl(mask.s_addr), inverse = ~bits & 0xffffffffUL;
    return (inverse & (inverse + 1)) == 0 ? (unsigned)__builtin_popcountl(bits) : 0;
}

static bool bits_read(const char *text, unsigned *bits_r)
{
    size_t n = strspn(text, "0123456789");
    *bits_r = (unsigned)strtoul(text, NULL, 10);
    return n > 0 && n <= 3 && text[n] == '\0';
}

/* Does an IPv6 network hold addresses of IPv4 beside its own? */
static bool holds_mapped(const struct network *n)
{
    return !n->v4 && memcmp(n->first, mapped, sizeof mapped) <= 0 &&
           memcmp(n->last, mapped, sizeof mapped) >= 0;
}

static enum text_key network_finish(struct arena *a, struct network *n, unsigned bits,
                                    const char **arg_r, const char **offer_r)
{
    unsigned char typed[ADDRESS_BYTES];
    memcpy(typed, n->first, sizeof typed);
    unsigned least = n->v4 ? NETWORK_V4_LEAST : NETWORK_V6_LEAST;
    n->bits = bits;
    memcpy(n->last, n->first, sizeof n->last);
    host_part(n->first, bits + (n->v4 ? V4_AT : 0), false);
    host_part(n->last, bits + (n->v4 ? V4_AT : 0), true);
    *arg_r = arena_printf(a, "/%u", least);
    if (bits < least)
        return TEXT_NETWORK_WIDE;
    if (holds_mapped(n))
        return TEXT_NETWORK_HOLDS_V4;
    n->single = bits == (n->v4 ? V4_BITS : V6_BITS);
    n->text = n->single ? address_text(a, n->first) : network_around(a, n, bits);
    *arg_r = n->text;
    if (memcmp(typed, n->first, sizeof typed) == 0)
        return TEXT_NONE;
    *offer_r = n->text;
    return TEXT_NETWORK_HOST_BITS;
}

static enum text_key with_bits(struct arena *a, const char *text, const char *behind,
                               struct network *n, const char **arg_r, const char **offer_r)
{
    unsigned most = n->v4 && strchr(text, ':') == NULL ? V4_BITS : V6_BITS, bits;
    if (!bits_read(behind, &bits)) {
        bits = n->v4 ? mask_bits(behind) : 0;
        *offer_r = bits >= NETWORK_V4_LEAST ? network_around(a, n, bits) : NULL;
        *arg_r = arena_printf(a, "/%u", most);
        return *offer_r != NULL ? TEXT_NETWORK_MASK : TEXT_NETWORK_BITS;
    }
    *arg_r = arena_printf(a, "/%u", most);
    if (bits > most)
        return TEXT_NETWORK_BITS;
    if (n->v4 && most == V6_BITS && bits < V4_AT) { /* ::ffff:192.0.2.0/90 */
        *arg_r = NULL;
        return TEXT_NETWORK_HOLDS_V4;
    }
    return network_finish(a, n, n->v4 && most == V6_BITS ? bits - V4_AT : bits, arg_r, offer_r);
}

enum text_key network_parse(struct arena *a, const char *text, size_t n, struct network *network_r,
                            const char **arg_r, const char **offer_r)
{
    *network_r = (struct network){0};
    *arg_r = *offer_r = NULL;
    if (n == 0 || n > TYPED_MOST || memchr(text, '\0', n) != NULL)
        return TEXT_NETWORK_ADDRESS;
    char *typed = arena_memdup(a, text, n);
    char *slash = strchr(typed, '/'), *end = typed + strcspn(typed, "/");
    if (slash != NULL)
        *slash = '\0';
    if (*typed == '[' && end > typed + 1 && end[-1] == ']') {
        end[-1] = '\0';
        typed++;
    }
    if (!address_read(typed, network_r->first)) {
        enum text_key wrong = no_address(a, typed, offer_r);
        bool matches = *offer_r != NULL &&
                       (slash == NULL || strcmp(slash + 1, strchr(*offer_r, '/') + 1) == 0);
        *offer_r = matches ? *offer_r : NULL;
        return wrong;
    }
    network_r->v4 = is_mapped(network_r->first);
    return slash != NULL
               ? with_bits(a, typed, slash + 1, network_r, arg_r, offer_r)
               : network_finish(a, network_r, network_r->v4 ? V4_BITS : V6_BITS, arg_r, offer_r);
}

/* A name's last part has a letter, and no name has a colon or a slash. */
bool network_is_meant(const char *text, size_t n)
{
    if (n == 0)
        return false;
    if (text[0] == '[' || memchr(text, ':', n) != NULL || memchr(text, '/', n) != NULL)
        return true;
    size_t at = n - (text[n - 1] == '.');
    bool is_digit = text[0] >= '0' && text[0] <= '9';
    while (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9')
        at--;
    if (at == 0)
        return is_digit;
    return (at < n && text[at] != '.' &&
            (text[at - 1] == '.' || (text[at - 1] == '-' && is_digit)));
}
