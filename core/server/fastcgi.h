/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libfcgi, and the only place that knows it: turns a spooled request (intake.h) into an exchange,
 * and here an exchange's answer becomes records. It never accepts, waits for or closes a connection: those
 * are ours, with limits of time. One request at a time. */
#ifndef SERVER_FASTCGI_H
#define SERVER_FASTCGI_H

#include <stdbool.h>
#include <stdint.h>

#include "server/exchange.h"
#include "server/intake.h"

/* Once per process. False: libfcgi would not start. */
bool fastcgi_init(void);
/* Fills params, body and body_state. False: what libfcgi read is not the request we checked. Call
 * fastcgi_close afterwards in either case. */
bool fastcgi_open(struct intake *in, struct exchange *x);
/* Sends x->answer to a peer that may be silent for `peer_ms` and take twice that in all. False: it
 * is gone or did not read. */
bool fastcgi_send(const struct intake *in, const struct exchange *x, unsigned peer_ms);
/* Frees what libfcgi holds; params are gone. The connection stays open. */
void fastcgi_close(struct intake *in);

#endif
