/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stored hash, a NUL, a password. Whatever is stored: no work above the limits is begun, and
 * only a hash function that ran can say that it matches. The functions are watched, and run
 * where they are cheap. */
#include <argon2.h>
#include <crypt.h>

#include "auth/password.h"
#include "base/log.h"
#include "fuzz.h"

static bool ran;

int __real_argon2_ctx(argon2_context *context, argon2_type type);
int __wrap_argon2_ctx(argon2_context *context, argon2_type type);
int __wrap_argon2_ctx(argon2_context *context, argon2_type type)
{
    assert(context->m_cost <= 256 * 1024 && context->t_cost <= 10 && context->lanes <= 8);
    assert(context->threads == 1 && context->outlen <= 64 && context->saltlen <= 64);
    if ((uint64_t)context->m_cost * context->t_cost > 1024)
        return ARGON2_MEMORY_ALLOCATION_ERROR;
    ran = true;
    return __real_argon2_ctx(context, type);
}

int __wrap_argon2id_hash_raw(uint32_t passes, uint32_t memory, uint32_t lanes, const void *bytes,
                             size_t n, const void *salt, size_t salt_n, void *hash, size_t hash_n);
int __wrap_argon2id_hash_raw(uint32_t passes, uint32_t memory, uint32_t lanes, const void *bytes,
                             size_t n, const void *salt, size_t salt_n, void *hash, size_t hash_n)
{
    (void)bytes, (void)n, (void)salt, (void)salt_n;
    assert(passes == 2 && memory == 19456 && lanes == 1);
    memset(hash, 0, hash_n);
    return ARGON2_OK;
}

char *__real_crypt_r(const char *phrase, const char *setting, struct crypt_data *data);
char *__wrap_crypt_r(const char *phrase, const char *setting, struct crypt_data *data);
char *__wrap_crypt_r(const char *phrase, const char *setting, struct crypt_data *data)
{
    bool sha = strncmp(setting, "$5$", 3) == 0 || strncmp(setting, "$6$", 3) == 0;
    bool rounds = sha && strncmp(setting + 3, "rounds=", 7) == 0; /* further on it is salt */
    unsigned long n = rounds ? strtoul(setting + 10, NULL, 10) : 0;
    bool bcrypt = strncmp(setting, "$2", 2) == 0;
    unsigned long cost = bcrypt ? strtoul(setting + 4, NULL, 10) : 0;
    assert(n <= 200000 && cost <= 13);
    if (n > 1000 || cost > 4 || (sha && n == 0))
        return NULL;
    ran = true;
    return __real_crypt_r(phrase, setting, data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct password_cost cost = {.memory_kib = 19456, .passes = 2};
    struct arena *a = fuzz_arena();
    bool renew;
    log_threshold(LOG_ERROR_LEVEL);
    const char *stored = fuzz_text(a, data, n);
    size_t after = strlen(stored) + 1 < n ? strlen(stored) + 1 : n;
    ran = false;
    enum password_verdict verdict =
        password_verify(a, &cost, stored, (const char *)data + after, n - after, &renew);
    bool md5 = strlen(stored) >= 24; /* unsalted MD5 runs no function of another library */
    assert(verdict == PASSWORD_DIFFERS || ran || md5);
    assert(verdict == PASSWORD_MATCHES || !renew);
    if (n - after <= PASSWORD_MAX && memchr(data + after, 0, n - after) == NULL)
        password_judge((const char *)data + after, n - after, "ada@example.org");
    return 0;
}
