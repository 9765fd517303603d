/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a renderer answers, read as a stranger's bytes: a theme may have taken that process over. */
#ifndef VIEW_REPLY_H
#define VIEW_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wire.h"
#include "view/value.h"

enum { REPLY_MESSAGES = 200, REPLY_PAGE_MAX = 2 * 1024 * 1024 + 4096 };

struct reply_slot {
    uint32_t offset, slot;
};

struct reply_page {
    const char *html;
    size_t n, slots_n;
    struct reply_slot slots[VALUE_SECRETS_MAX];
    unsigned fell_back;
    const char *why;
};

struct reply_ready {
    size_t n;
    const char *messages[REPLY_MESSAGES];
    bool usable;
};

/* False unless it is a page whose slots ascend, lie within it, are known, and stand where a
 * secret may stand: in text, or alone in the attribute `value`. */
bool reply_read_page(struct wire_reader r, struct arena *a, const struct value_secrets *secrets,
                     struct reply_page *page_r);
bool reply_read_ready(struct wire_reader r, struct arena *a, struct reply_ready *ready_r);
/* Of a WIRE_FAILED, or that the reply is broken. */
const char *reply_reason(struct wire_reader r, struct arena *a);
/* Does it say, in good form, that no page could be made? */
bool reply_is_failure(struct wire_reader r);
/* Appends the page with the secrets in their places, escaped. */
void reply_splice(const struct reply_page *page, const struct value_secrets *secrets,
                  struct str *html_r);

#ifdef MAILBOY_TEST_WALLS
extern bool reply_trusts_slots, reply_trusts_size; /* take the wall away, for its proof */
#endif

#endif
