/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/log.h"

/* Drawn many at a time, since each call of the generator costs more than its bytes do. What was
 * given is wiped. The page is one that the kernel empties in a child: no two processes give the
 * same. */
static struct pool {
    size_t left;
    unsigned char bytes[2048];
} * pool;

static bool pool_make(void)
{
    size_t size = (sizeof *pool + 4095) / 4096 * 4096;
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return false;
    if (madvise(page, size, MADV_WIPEONFORK) != 0) {
        munmap(page, size);
        return false;
    }
    pool = page;
    return true;
}

static void draw(void *to, size_t n)
{
    if (n > 1 << 20 || RAND_bytes(to, (int)n) != 1)
        log_fatal("base", "no random bytes");
}

void random_bytes(void *to, size_t n)
{
    if (n > sizeof pool->bytes / 8 || (pool == NULL && !pool_make())) {
        draw(to, n);
        return;
    }
    if (pool->left < n) {
        draw(pool->bytes, sizeof pool->bytes);
        pool->left = sizeof pool->bytes;
    }
    pool->left -= n;
    memcpy(to, pool->bytes + pool->left, n);
    explicit_bzero(pool->bytes + pool->left, n);
}

char *random_word(struct arena *a, size_t n)
{
    static const char letters[] = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    const unsigned count = sizeof letters - 1, fair = 256 / count * count;
    char *word = arena_alloc(a, n + 1);
    unsigned char drawn[64];
    for (size_t i = 0, at = sizeof drawn; i < n; at++) {
        if (at == sizeof drawn) {
            random_bytes(drawn, sizeof drawn);
            at = 0;
        }
        if (drawn[at] < fair)
            word[i++] = letters[drawn[at] % count];
    }
    explicit_bzero(drawn, sizeof drawn);
    return word;
}

/* Fetched once a process: each EVP_sha256() would look the algorithm up anew. */
static const EVP_MD *fetched(const char *name, EVP_MD **kept)
{
    if (*kept == NULL)
        *kept = EVP_MD_fetch(NULL, name, NULL);
    if (*kept == NULL)
        log_fatal("base", "libcrypto has no %s", name);
    return *kept;
}

static const EVP_MD *sha256_kind(void)
{
    static EVP_MD *kept;
    return fetched("SHA256", &kept);
}

static void digest(const EVP_MD *kind, const void *bytes, size_t n, unsigned char *digest_r)
{
    if (EVP_Digest(bytes, n, digest_r, NULL, kind, NULL) != 1)
        log_fatal("base", "a digest failed");
}

void sha256(const void *bytes, size_t n, unsigned char digest_r[SHA256_BYTES])
{
    digest(sha256_kind(), bytes, n, digest_r);
}

void hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n,
                 unsigned char digest_r[SHA256_BYTES])
{
    if (HMAC(sha256_kind(), key, (int)key_n, bytes, n, digest_r, NULL) == NULL)
        log_fatal("base", "a digest failed");
}

static void put_hex(const unsigned char *bytes, size_t n, char *to)
{
    for (size_t i = 0; i < n; i++)
        snprintf(to + 2 * i, 3, "%02x", bytes[i]);
}

void md5_hex(const void *bytes, size_t n, char hex_r[33])
{
    unsigned char d[16];
    digest(EVP_md5(), bytes, n, d);
    put_hex(d, sizeof d, hex_r);
}

char *hex_text(struct arena *a, const void *bytes, size_t n)
{
    char *text = arena_alloc(a, 2 * n + 1);
    put_hex(bytes, n, text);
    return text;
}

static const char base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *base64url(struct arena *a, const void *bytes, size_t n)
{
    const unsigned char *from = bytes;
    char *text = arena_alloc(a, n / 3 * 4 + 5), *to = text;
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < n; i++) {
        bits = bits << 8 | from[i];
        for (held += 8; held >= 6; held -= 6)
            *to++ = base64_letters[bits >> (held - 6) & 63];
    }
    if (held > 0)
        *to = base64_letters[bits << (6 - held) & 63];
    return text;
}

bool base64url_decode(const char *text, void *to, size_t n)
{
    unsigned char *out = to;
    size_t len = strlen(text), done = 0;
    uint32_t bits = 0;
    int held = 0;
    if (len != (n * 8 + 5) / 6)
        return false;
    for (size_t i = 0; i < len; i++) {
        const char *at = strchr(base64_letters, text[i]);
        if (at == NULL)
            return false;
        bits = bits << 6 | (uint32_t)(at - base64_letters);
        held += 6;
        if (held >= 8 && done < n) {
            held -= 8;
            out[done++] = (unsigned char)(bits >> held);
        }
    }
    return (bits & ((1u << held) - 1)) == 0;
}
