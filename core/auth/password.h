/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Password hashes as Dovecot stores them ({SCHEME}hash). New ones are argon2id (RFC 9106), 19 to
 * 64 MiB, which Dovecot verifies within its default limits. Old ones are verified and told to be
 * renewed. A hash function that fails, or a scheme nobody knows, is a refusal. Stored hashes are
 * input: argon2 above 256 MiB, 10 passes or 8 lanes, and crypt(3) strings that would take
 * seconds, are refused before any work. */
#ifndef AUTH_PASSWORD_H
#define AUTH_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/texts.h"

enum { PASSWORD_MIN = 8, PASSWORD_MAX = 1024 }; /* octets; the maximum is asked before hashing */

struct password_cost {
    unsigned memory_kib, passes; /* 19456..65536, 1..10; lanes are always 1 */
};

/* "{ARGON2ID}$argon2id$v=19$m=...". Ends the process if libargon2 fails (out of memory). */
const char *password_hash(struct arena *a, const struct password_cost *cost, const char *bytes,
                          size_t n);

enum password_verdict { PASSWORD_MATCHES, PASSWORD_DIFFERS };
/* {ARGON2ID} {ARGON2I} {SHA512-CRYPT} {SHA256-CRYPT} {BLF-CRYPT} {MD5-CRYPT} {CRYPT} {PLAIN-MD5}
 * {LDAP-MD5}, bare hex MD5 and the bare crypt(3) strings of the old tutorials. `stored` NULL, ""
 * or unknown: does the work of one argon2id of `cost` all the same and says DIFFERS, so that
 * time tells nothing; so does a cheaper hash that differs. renew_r: the hash should be made anew
 * (other scheme, or other than `cost`). A hash is read as text: whatever stands in it, nothing
 * but DIFFERS can come of it. */
enum password_verdict password_verify(struct arena *a, const struct password_cost *cost,
                                      const char *stored, const char *bytes, size_t n,
                                      bool *renew_r);

/* Is it fit to be set? TEXT_NONE or why not (length, common, like the address). */
enum text_key password_judge(const char *bytes, size_t n, const char *address);
/* 20 characters, about 117 bits. */
char *password_generate(struct arena *a);

#endif
