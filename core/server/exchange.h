/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request of the web server and its answer, as bytes: what server/ hands to the house above it
 * and takes back. server/ knows nothing of mail or of HTML. Everything lives in the exchange's
 * arena, which is wiped after the answer was sent. */
#ifndef SERVER_EXCHANGE_H
#define SERVER_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

enum body_state {
    BODY_WHOLE,    /* as many bytes as CONTENT_LENGTH said, and the end was seen */
    BODY_TOO_LARGE /* more than max_upload; not read. (A cut or broken body never gets here:
                         the connection is closed.) */
};

struct exchange {
    struct arena *arena;
    char id[24];         /* the request's id, [a-z0-9], in every log line and on error pages */
    char *const *params; /* "NAME=value" of FastCGI, ends with NULL; bytes of a stranger */
    const unsigned char *body;
    size_t body_len;
    enum body_state body_state;
    struct str answer; /* "Status: 200 OK\r\nName: value\r\n...\r\n\r\nbody" */
};

/* The first parameter of that name, or NULL. */
const char *exchange_param(const struct exchange *x, const char *name);

#endif
