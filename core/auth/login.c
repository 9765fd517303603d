/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/login.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <time.h>

#include "auth/throttle.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "model/address.h"
#include "store/audit.h"
#include "store/mailbox.h"

enum { SLOT_WAIT_MS = 50, SLOT_FORGOTTEN_MS = 5000, COUNT_BITS = 16 };

/* --- slots: the low 16 bits count, the others hold when that last changed (monotonic ms) --- */

static uint64_t slots_word(uint64_t count)
{
    return (uint64_t)clock_monotonic_ms() << COUNT_BITS | count;
}

static uint64_t slots_count(uint64_t word)
{
    int64_t since = clock_monotonic_ms() - (int64_t)(word >> COUNT_BITS);
    return since > SLOT_FORGOTTEN_MS ? 0 : word & ((1u << COUNT_BITS) - 1);
}

static bool slot_try(const struct login_rules *rules)
{
    uint64_t word = atomic_load(rules->slots), count = slots_count(word);
    unsigned most = rules->slots_max > 0 ? rules->slots_max : 1;
    return count < most &&
           atomic_compare_exchange_strong(rules->slots, &word, slots_word(count + 1));
}

static bool slot_take(const struct login_rules *rules)
{
    if (rules->slots == NULL)
        return true;
    int64_t deadline = clock_monotonic_ms() + SLOT_WAIT_MS;
    while (!slot_try(rules)) {
        if (clock_monotonic_ms() >= deadline)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return true;
}

static void slot_give(const struct login_rules *rules)
{
    if (rules->slots == NULL)
        return;
    uint64_t word = atomic_load(rules->slots), count;
    do
        count = slots_count(word);
    while (
        !atomic_compare_exchange_weak(rules->slots, &word, slots_word(count > 0 ? count - 1 : 0)));
}

enum outcome login_hash(struct arena *a, const struct login_rules *rules, const char *password,
                        size_t password_n, const char **hash_r)
{
    if (!slot_take(rules))
        return OUT_BUSY;
    *hash_r = password_hash(a, &rules->cost, password, password_n);
    slot_give(rules);
    return OUT_OK;
}

static enum outcome verify_in_slot(struct arena *a, const struct login_rules *rules,
                                   const char *stored, const char *password, size_t n,
                                   bool *renew_r)
{
    if (!slot_take(rules))
        return OUT_BUSY;
    enum password_verdict verdict = password_verify(a, &rules->cost, stored, password, n, renew_r);
    slot_give(rules);
    return verdict == PASSWORD_MATCHES ? OUT_OK : OUT_DENIED;
}

/* --- throttle --- */

static enum outcome count(struct store *s, const struct throttle_key *key, int64_t *wait_s_r)
{
    enum outcome o = throttle_count(s, key->kind, key->hash, wait_s_r);
    return o == OUT_OK && *wait_s_r > 0 ? OUT_BUSY : o;
}

/* Does the account have a living session in the asker's network? Asked for who is not there too:
 * it takes time. */
static bool is_owners_network(struct store *s, struct arena *a, int64_t account, const char *remote)
{
    struct session_row *rows;
    size_t n = 0;
    const char *network = throttle_network(a, remote);
    if (sessions_of(s, a, account, &rows, &n) != OUT_OK)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(throttle_network(a, rows[i].remote), network) == 0)
            return true;
    }
    return false;
}

/* key_r: which of the account's counters this attempt went to. */
static enum outcome throttled(struct store *s, struct arena *a, const char *email, int64_t account,
                              const char *remote, struct throttle_key *key_r, int64_t *wait_s_r)
{
    struct throttle_key network = throttle_by_network(a, remote);
    enum outcome o = count(s, &network, wait_s_r);
    if (o != OUT_OK)
        return o;
    bool owner = is_owners_network(s, a, account, remote);
    *key_r = owner ? throttle_by_both(a, email, remote) : throttle_by_account(a, email);
    return count(s, key_r, wait_s_r);
}

/* --- the hash is made anew --- */

static void renew(struct store *s, struct arena *a, const struct login_rules *rules,
                  const struct login_try *t, const char *email, const struct credential *c)
{
    const char *hash;
    const struct audit_entry entry = {.actor_id = c->id,
                                      .actor = email,
                                      .via = "web",
                                      .action = "password.rehash",
                                      .object_kind = "mailbox",
                                      .object = email,
                                      .object_id = c->id,
                                      .outcome = "done",
                                      .before = "{\"password\":\"(hidden)\"}",
                                      .after = "{\"password\":\"(hidden)\"}",
                                      .request_id = t->request_id != NULL ? t->request_id : "",
                                      .remote = t->remote != NULL ? t->remote : "",
                                      .unix_user = ""};
    if (login_hash(a, rules, t->password, t->password_n, &hash) != OUT_OK ||
        store_begin(s) != OUT_OK)
        return; /* the next log-in tries again */
    if (mailbox_rehash(s, c->id, c->hash, hash) == OUT_OK &&
        audit_insert(s, &entry, NULL) == OUT_OK)
        store_commit(s);
    else
        store_rollback(s);
}

/* As it would be stored; what is no address keeps its letters (lower case, cut), to be counted
 * by. */
static const char *normalise(struct arena *a, const char *typed)
{
    struct address address;
    if (address_parse(a, typed, strlen(typed), &address) == TEXT_NONE)
        return address.text;
    char *lower = arena_memdup(a, typed, strnlen(typed, 254));
    for (char *c = lower; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return lower;
}

enum outcome login_attempt(struct store *s, struct arena *a, const struct login_rules *rules,
                           const struct login_try *t, int64_t *account_r, int64_t *wait_s_r)
{
    struct credential c = {0};
    struct throttle_key key;
    bool renewable = false;
    const char *email = normalise(a, t->email);
    *account_r = *wait_s_r = 0;
    enum outcome o = credential_find(s, a, email, &c);
    bool known = o == OUT_OK;
    if (o != OUT_OK && o != OUT_ABSENT)
        return o;
    o = throttled(s, a, email, known ? c.id : 0, t->remote, &key, wait_s_r);
    if (o == OUT_OK) {
        o = verify_in_slot(a, rules, known ? c.hash : NULL, t->password, t->password_n, &renewable);
        if (o == OUT_BUSY) /* no password was looked at: a crowd behind one address is no attack */
            throttle_uncount(s, throttle_by_network(a, t->remote).hash);
    }
    if (o != OUT_OK) {
        log_info("auth", "log-in refused (%s): %s from %s", outcome_name(o), email,
                 t->remote != NULL ? t->remote : "-");
        return o;
    }
    throttle_forget(s, key.kind, key.hash);
    throttle_uncount(s, throttle_by_network(a, t->remote).hash);
    if (renewable)
        renew(s, a, rules, t, email, &c);
    *account_r = c.id;
    return OUT_OK;
}

enum outcome login_confirm(struct store *s, struct arena *a, const struct login_rules *rules,
                           int64_t account, const char *password, size_t password_n,
                           const char *remote, int64_t *wait_s_r)
{
    struct credential c = {0};
    bool renewable;
    (void)remote;
    *wait_s_r = 0;
    enum outcome o = credential_by_id(s, a, account, &c);
    if (o != OUT_OK)
        return o;
    struct throttle_key key = throttle_by_confirmation(a, account);
    o = count(s, &key, wait_s_r);
    if (o == OUT_OK)
        o = verify_in_slot(a, rules, c.hash, password, password_n, &renewable);
    if (o == OUT_OK)
        throttle_forget(s, key.kind, key.hash);
    return o;
}
