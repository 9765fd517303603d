/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random bytes, digests and their spellings, by libcrypto. A failure of the generator or of a
 * digest ends the process: nothing goes on with a weak secret. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { SHA256_BYTES = 32 };

void random_bytes(void *to, size_t n);
/* n characters of [A-Za-z0-9] without the ones people confuse (0 O 1 l I), each equally likely. */
char *random_word(struct arena *a, size_t n);

void sha256(const void *bytes, size_t n, unsigned char digest_r[SHA256_BYTES]);
void hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n,
                 unsigned char digest_r[SHA256_BYTES]);
void md5_hex(const void *bytes, size_t n, char hex_r[33]);

/* base64url of RFC 4648 5, without padding. */
char *base64url(struct arena *a, const void *bytes, size_t n);
/* False unless `text` is exactly n bytes' worth of base64url. */
bool base64url_decode(const char *text, void *to, size_t n);
char *hex_text(struct arena *a, const void *bytes, size_t n);

#endif
