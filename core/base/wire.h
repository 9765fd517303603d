/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes between a worker and its renderer, the same rules for both sides. A message is
 *     u32 length | u8 kind | payload
 * little-endian, length counts kind and payload, at most WIRE_MAX. Inside a payload: u32 and text
 * (u32 length, bytes). Either side reads the other's bytes as a stranger's: a reader that runs past
 * its end turns `broken` and from then on gives zeros and empty text.
 *
 * A view model (a tree of values) is written depth first, each value as a tag and its content:
 *     WIRE_NIL | WIRE_FALSE | WIRE_TRUE | WIRE_INT i64 | WIRE_TEXT text | WIRE_SECRET u32 slot
 *     | WIRE_LIST u32 n, n values | WIRE_MAP u32 n, n times (text key, value)
 * at most WIRE_DEPTH deep. */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { WIRE_MAX = 8 * 1024 * 1024, WIRE_DEPTH = 24 };

enum wire_tag { WIRE_NIL, WIRE_FALSE, WIRE_TRUE, WIRE_INT, WIRE_TEXT, WIRE_SECRET, WIRE_LIST, WIRE_MAP };

enum wire_kind {
    /* worker -> renderer */
    WIRE_THEME = 1,    /* text name; u32 n themes of the chain from the child to the last before base:
                          text name, u32 files, files x (text path, text bytes). Compiles. */
    WIRE_RENDER,       /* text theme ("base" or one told by WIRE_THEME); text page; text locale;
                          value vm; value shell; i64 now (seconds since 1970) */
    /* renderer -> worker */
    WIRE_READY,        /* after WIRE_THEME: u32 n messages of the compiler, n texts; u8: 1 if the theme
                          can be used (a file with mistakes is left out, its parent's stands in) */
    WIRE_PAGE,         /* text page bytes; u32 n slots x (u32 offset, u32 slot); u32 fell_back;
                          text why (one line per block or page that fell back to base; may be empty) */
    WIRE_FAILED        /* text reason: no page could be made, not even by base */
};

struct wire_reader {
    const unsigned char *at, *end;
    bool broken;
};

void wire_begin(struct str *s, enum wire_kind kind);   /* room for the length, then the kind */
void wire_end(struct str *s);                          /* fills in the length */
void wire_put_u8(struct str *s, unsigned v);
void wire_put_u32(struct str *s, size_t v);
void wire_put_i64(struct str *s, int64_t v);
void wire_put_text(struct str *s, const char *text, size_t n);

struct wire_reader wire_reader(const void *bytes, size_t n);
unsigned wire_u8(struct wire_reader *r);
uint32_t wire_u32(struct wire_reader *r);
int64_t wire_i64(struct wire_reader *r);
/* Points into the message: no NUL behind it. */
const char *wire_text(struct wire_reader *r, size_t *n_r);

/* Whole messages over a stream socket. Both return false on a closed, broken or (receive) too long
 * stream; a send or receive that makes no progress until `deadline_ms` (clock_monotonic_ms, 0 for
 * ever) returns false too. The received message (kind and payload) lives in the arena. */
bool wire_send(int fd, const struct str *message, int64_t deadline_ms);
bool wire_receive(int fd, struct arena *a, int64_t deadline_ms, const unsigned char **message_r,
                  size_t *n_r);

#endif
