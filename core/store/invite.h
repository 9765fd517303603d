/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One-time links with which the owner of an account sets its password. One an account: a newer
 * one takes the place of the older. Only the hash of what stands in the link is kept. What ends
 * one besides its use the database does, whoever writes (sql/README.md). */
#ifndef STORE_INVITE_H
#define STORE_INVITE_H

#include "base/digest.h"
#include "store/statement.h"
#include "store/store.h"

struct invite {
    int64_t user_id, maker_id; /* maker_id: who may have lost the right since; 0: the console */
    const char *maker;         /* his address; "": the console */
    int64_t created, expires;  /* seconds since 1970, the database's clock */
};

/* By that clock; OUT_ABSENT: never made, used, ended or past its time. */
enum outcome invite_find(struct store *s, struct arena *a,
                         const unsigned char token_hash[SHA256_BYTES], struct invite *invite_r);
/* The living one of an account. */
enum outcome invite_of(struct store *s, struct arena *a, int64_t user_id, struct invite *invite_r);
enum outcome invite_insert(struct store *s, const unsigned char token_hash[SHA256_BYTES],
                           int64_t user_id, int64_t maker_id, int64_t lifetime_s);
/* Uses it up; OUT_ABSENT: there is no such living one of that account (any more). */
enum outcome invite_take(struct store *s, const unsigned char token_hash[SHA256_BYTES],
                         int64_t user_id);
/* Whatever link the account has works no more. */
enum outcome invite_withdraw(struct store *s, int64_t user_id);
extern const struct statement purge_invites; /* for purge_ended */

#endif
