/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/password.h"

#include <argon2.h>
#include <assert.h>
#include <crypt.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/str.h"

enum { SALT_BYTES = 16, HASH_BYTES = 32, STORED_MOST = 512 };
enum { MEMORY_MOST_KIB = 256 * 1024, PASSES_MOST = 10, LANES_MOST = 8 };
enum { SHA_ROUNDS_MOST = 200000, BCRYPT_COST_MOST = 13 }; /* under a second each */

const char *password_hash(struct arena *a, const struct password_cost *cost, const char *bytes,
                          size_t n)
{
    assert(n <= PASSWORD_MAX);
    unsigned char salt[SALT_BYTES];
    char encoded[160];
    random_bytes(salt, sizeof salt);
    int error = argon2id_hash_encoded(cost->passes, cost->memory_kib, 1, bytes, n, salt,
                                      sizeof salt, HASH_BYTES, encoded, sizeof encoded);
    if (error != ARGON2_OK)
        log_fatal("auth", "argon2: %s", argon2_error_message(error));
    return arena_printf(a, "{ARGON2ID}%s", encoded);
}

/* Time for nothing: the same work as for a real hash. */
static void equalise(const struct password_cost *cost, const char *bytes, size_t n)
{
    static const unsigned char salt[SALT_BYTES] = "nobody's salt..";
    unsigned char out[HASH_BYTES];
    int error = argon2id_hash_raw(cost->passes, cost->memory_kib, 1, bytes, n, salt, sizeof salt,
                                  out, sizeof out);
    if (error != ARGON2_OK)
        log_fatal("auth", "argon2: %s", argon2_error_message(error));
    explicit_bzero(out, sizeof out);
}

/* base64 of RFC 4648 4; bytes, or -1 for anything but `n` letters that mean whole bytes. */
static int base64_decode(const char *text, size_t n, unsigned char *to, size_t size)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    unsigned held = 0;
    size_t done = 0;
    for (size_t i = 0; i < n; i++) {
        const char *at = memchr(letters, text[i], 64);
        if (at == NULL)
            return -1;
        bits = bits << 6 | (uint32_t)(at - letters);
        held += 6;
        if (held >= 8) {
            held -= 8;
            if (done == size)
                return -1;
            to[done++] = (unsigned char)(bits >> held);
        }
    }
    return held < 6 && (bits & ((1u << held) - 1)) == 0 ? (int)done : -1;
}

/* --- argon2 --- */

struct argon2_text {
    unsigned version, memory, passes, lanes;
    unsigned char salt[64], hash[64];
    int salt_n, hash_n;
};

/* Takes "name=number" off the front; at most 9 digits, no leading zero. */
static bool take_number(const char **at, const char *name, unsigned *number_r)
{
    if (!text_starts(*at, name))
        return false;
    const char *digits = *at + strlen(name);
    size_t n = strspn(digits, "0123456789");
    if (n == 0 || n > 9 || digits[0] == '0')
        return false;
    *number_r = (unsigned)strtoul(digits, NULL, 10);
    *at = digits + n;
    return true;
}

static bool argon2_parse(const char *text, const char *start, struct argon2_text *t)
{
    if (!text_starts(text, start))
        return false;
    text += strlen(start);
    t->version = ARGON2_VERSION_10;
    if (text_starts(text, "v=") && (!take_number(&text, "v=", &t->version) || *text++ != '$'))
        return false;
    if (!take_number(&text, "m=", &t->memory) || !take_number(&text, ",t=", &t->passes) ||
        !take_number(&text, ",p=", &t->lanes) || *text++ != '$')
        return false;
    const char *dollar = strchr(text, '$');
    if (dollar == NULL)
        return false;
    t->salt_n = base64_decode(text, (size_t)(dollar - text), t->salt, sizeof t->salt);
    t->hash_n = base64_decode(dollar + 1, strlen(dollar + 1), t->hash, sizeof t->hash);
    return (t->version == ARGON2_VERSION_10 || t->version == ARGON2_VERSION_13) && t->salt_n >= 8 &&
           t->hash_n >= 16 && t->memory <= MEMORY_MOST_KIB && t->passes <= PASSES_MOST &&
           t->lanes <= LANES_MOST && t->memory >= 8 * t->lanes;
}

static bool argon2_matches(struct argon2_text *t, argon2_type type, const char *bytes, size_t n)
{
    unsigned char out[sizeof t->hash];
    argon2_context context = {.out = out,
                              .outlen = (uint32_t)t->hash_n,
                              .pwd = (uint8_t *)(uintptr_t)bytes,
                              .pwdlen = (uint32_t)n,
                              .salt = t->salt,
                              .saltlen = (uint32_t)t->salt_n,
                              .t_cost = t->passes,
                              .m_cost = t->memory,
                              .lanes = t->lanes,
                              .threads = 1 /* a worker makes no threads */,
                              .version = t->version,
                              .flags = ARGON2_DEFAULT_FLAGS};
    int error = argon2_ctx(&context, type);
    bool same = error == ARGON2_OK && bytes_equal(out, t->hash, (size_t)t->hash_n);
    if (error != ARGON2_OK)
        log_warn("auth", "argon2: %s", argon2_error_message(error));
    explicit_bzero(out, sizeof out);
    return same;
}

/* --- crypt(3) --- */

static bool is_crypt_text(const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        if (!isalnum((unsigned char)text[i]) && strchr("./$=", text[i]) == NULL)
            return false;
    }
    return n > 0;
}

static bool crypt_is_des(const char *text)
{
    return strlen(text) == 13 && text[0] != '$' && strpbrk(text, "$=") == NULL;
}

static bool crypt_is_bcrypt(const char *text)
{
    return strlen(text) == 60 && text[0] == '$' && text[1] == '2' &&
           strchr("aby", text[2]) != NULL && text[3] == '$' && isdigit((unsigned char)text[4]) &&
           isdigit((unsigned char)text[5]) && text[6] == '$' && atoi(text + 4) >= 4 &&
           atoi(text + 4) <= BCRYPT_COST_MOST;
}

/* $5$ and $6$ with an honest number of rounds. */
static bool crypt_is_sha(const char *text, const char *start, size_t hash_n)
{
    if (!text_starts(text, start))
        return false;
    text += strlen(start);
    if (text_starts(text, "rounds=")) {
        unsigned rounds;
        if (!take_number(&text, "rounds=", &rounds) || rounds > SHA_ROUNDS_MOST || *text++ != '$')
            return false;
    }
    size_t salt = strcspn(text, "$");
    return salt <= 16 && text[salt] == '$' && strlen(text + salt + 1) == hash_n;
}

static bool crypt_is_md5(const char *text)
{
    if (!text_starts(text, "$1$"))
        return false;
    size_t salt = strcspn(text + 3, "$");
    return salt <= 8 && text[3 + salt] == '$' && strlen(text + 3 + salt + 1) == 22;
}

static bool crypt_matches(const char *hash, const char *bytes, size_t n)
{
    static struct crypt_data data; /* 32 KB: not for the stack */
    char password[PASSWORD_MAX + 1];
    if (memchr(bytes, '\0', n) != NULL)
        return false;
    memcpy(password, bytes, n);
    password[n] = '\0';
    memset(&data, 0, sizeof data);
    const char *out = crypt_r(password, hash, &data);
    bool same = out != NULL && out[0] != '*' && text_equal(out, hash);
    explicit_bzero(password, sizeof password);
    explicit_bzero(&data, sizeof data);
    return same;
}

/* --- MD5 without salt --- */

static bool is_hex_md5(const char *text)
{
    return strlen(text) == 32 && strspn(text, "0123456789abcdefABCDEF") == 32;
}

static bool hex_md5_matches(const char *hash, const char *bytes, size_t n)
{
    char mine[33], theirs[33];
    md5_hex(bytes, n, mine);
    for (size_t i = 0; i < sizeof theirs; i++)
        theirs[i] = (char)tolower((unsigned char)hash[i]);
    return bytes_equal(mine, theirs, 32);
}

static bool ldap_md5_matches(const char *hash, const char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char raw[16];
    char hex[33] = "";
    size_t length = strlen(hash);
    if (length != 24 || strcmp(hash + 22, "==") != 0 ||
        base64_decode(hash, 22, raw, sizeof raw) != 16)
        return false;
    for (size_t i = 0; i < sizeof raw; i++) {
        hex[2 * i] = digits[raw[i] >> 4];
        hex[2 * i + 1] = digits[raw[i] & 15];
    }
    return hex_md5_matches(hex, bytes, n);
}

/* --- which is which --- */

enum scheme {
    UNKNOWN,
    ARGON2ID,
    ARGON2I,
    SHA512,
    SHA256,
    BCRYPT,
    MD5_CRYPT,
    DES,
    HEX_MD5,
    LDAP_MD5,
    ANY_CRYPT
};

static const struct {
    const char *name;
    enum scheme scheme;
} schemes[] = {
    {"ARGON2ID", ARGON2ID},   {"ARGON2I", ARGON2I},   {"SHA512-CRYPT", SHA512},
    {"SHA256-CRYPT", SHA256}, {"BLF-CRYPT", BCRYPT},  {"MD5-CRYPT", MD5_CRYPT},
    {"CRYPT", ANY_CRYPT},     {"PLAIN-MD5", HEX_MD5}, {"LDAP-MD5", LDAP_MD5},
};

/* By its own looks, without a name. */
static enum scheme scheme_of_text(const char *hash)
{
    if (text_starts(hash, "$argon2id$"))
        return ARGON2ID;
    if (text_starts(hash, "$argon2i$"))
        return ARGON2I;
    if (is_hex_md5(hash))
        return HEX_MD5;
    if (!is_crypt_text(hash))
        return UNKNOWN;
    if (crypt_is_sha(hash, "$6$", 86))
        return SHA512;
    if (crypt_is_sha(hash, "$5$", 43))
        return SHA256;
    if (crypt_is_bcrypt(hash))
        return BCRYPT;
    if (crypt_is_md5(hash))
        return MD5_CRYPT;
    return crypt_is_des(hash) ? DES : UNKNOWN;
}

/* What the text is; the name in braces and the looks have to agree. hash_r: behind the braces. */
static enum scheme scheme_find(const char *stored, const char **hash_r)
{
    *hash_r = stored;
    if (strnlen(stored, STORED_MOST) == STORED_MOST)
        return UNKNOWN;
    if (stored[0] != '{')
        return scheme_of_text(stored);
    const char *end = strchr(stored, '}');
    if (end == NULL)
        return UNKNOWN;
    size_t n = (size_t)(end - stored) - 1;
    *hash_r = end + 1;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strlen(schemes[i].name) != n || strncasecmp(schemes[i].name, stored + 1, n) != 0)
            continue;
        if (schemes[i].scheme == LDAP_MD5)
            return LDAP_MD5;
        enum scheme looks = scheme_of_text(*hash_r);
        bool any = schemes[i].scheme == ANY_CRYPT && looks >= SHA512 && looks <= DES;
        return any || looks == schemes[i].scheme ? looks : UNKNOWN;
    }
    return UNKNOWN;
}

static bool old_matches(enum scheme scheme, const char *hash, const char *bytes, size_t n)
{
    if (scheme == HEX_MD5)
        return hex_md5_matches(hash, bytes, n);
    if (scheme == LDAP_MD5)
        return ldap_md5_matches(hash, bytes, n);
    return scheme != UNKNOWN && crypt_matches(hash, bytes, n);
}

enum password_verdict password_verify(struct arena *a, const struct password_cost *cost,
                                      const char *stored, const char *bytes, size_t n,
                                      bool *renew_r)
{
    (void)a;
    const char *hash = "";
    struct argon2_text text = {0};
    bool same = false, full_work = false;
    *renew_r = false;
    if (n > PASSWORD_MAX) {
        bytes = "";
        n = 0;
        stored = NULL;
    }
    enum scheme scheme = stored != NULL ? scheme_find(stored, &hash) : UNKNOWN;
    if (scheme == ARGON2ID || scheme == ARGON2I) {
        if (argon2_parse(hash, scheme == ARGON2ID ? "$argon2id$" : "$argon2i$", &text)) {
            same = argon2_matches(&text, scheme == ARGON2ID ? Argon2_id : Argon2_i, bytes, n);
            full_work = (uint64_t)text.memory * text.passes >=
                        (uint64_t)cost->memory_kib * cost->passes;
        }
    } else {
        same = old_matches(scheme, hash, bytes, n);
    }
    if (!same && !full_work)
        equalise(cost, bytes, n);
    *renew_r = same && !(scheme == ARGON2ID && text.version == ARGON2_VERSION_13 &&
                         text.lanes == 1 && text.memory == cost->memory_kib &&
                         text.passes == cost->passes && stored[0] == '{');
    return same ? PASSWORD_MATCHES : PASSWORD_DIFFERS;
}

char *password_generate(struct arena *a)
{
    return random_word(a, 20);
}
