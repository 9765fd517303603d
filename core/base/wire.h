/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes between a worker and its renderer, the same rules for both sides. A message is
 *     u32 length | u8 kind | payload
 * little-endian, length counts kind and payload, at most WIRE_MAX. Inside a payload: u32 and text
 * (u32 length, bytes). Either side reads the other's bytes as a stranger's: a reader that runs past
 * its end turns `broken` and from then on gives zeros and empty text.
 *
 * A view model (a tree of values) is written depth first, each value as a tag and its content:
 *     WIRE_NIL | WIRE_FALSE | WIRE_TRUE | WIRE_INT i64 | WIRE_TEXT text | WIRE_SECRET u32 slot
 *     | WIRE_TIME i64 seconds since 1970, i64 seconds east of Greenwich then, text name of the zone
 *     | WIRE_LIST u32 n, n values | WIRE_MAP u32 n, n times (u16 key, value)
 * at most WIRE_DEPTH deep. Rows repeat their keys: a key is a number among the WIRE_KEYS at most that
 * follow the values. */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

#include <assert.h>
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { WIRE_MAX = 8 * 1024 * 1024, WIRE_DEPTH = 24, WIRE_KEYS = 1024 };

enum wire_tag {
    WIRE_NIL,
    WIRE_FALSE,
    WIRE_TRUE,
    WIRE_INT,
    WIRE_TEXT,
    WIRE_SECRET,
    WIRE_LIST,
    WIRE_MAP,
    WIRE_TIME
};

enum wire_kind {
    /* worker -> renderer */
    WIRE_THEME = 1, /* text name; text locale; u32 n themes of the chain from the child to the last
                          before base: text name, u32 files, files x (text path, text bytes).
                          Compiles for that locale. */
    WIRE_RENDER,    /* text theme ("base" or one told by WIRE_THEME in this locale); text page; text
                          fragment (ids of elements with blanks between, "": the whole page); text
                          locale; i64 now (seconds since 1970); vm and shell, each a u32 length and a value;
                          u32 n keys, n texts */
    /* renderer -> worker */
    WIRE_READY,  /* after WIRE_THEME: u32 n messages of the compiler, n texts; u8: 1 if the theme
                          can be used (a file with mistakes is left out, its parent's stands in) */
    WIRE_PAGE,   /* text page bytes; u32 n slots x (u32 offset, u32 slot); u32 fell_back;
                          text why (one line per block or page that fell back to base; may be empty) */
    WIRE_FAILED, /* text reason: no page could be made, not even by base */
    /* worker -> renderer, and back */
    WIRE_MANIFEST = 16, /* u32 n themes of a chain, the child first, without base: text name, text
                           bytes of theme.lua; answers WIRE_FACTS or WIRE_FAILED */
    WIRE_FACTS, /* texts title, version, author, license, homepage, description, extends, contract,
                   screenshot; u8 light, u8 dark; u32 n settings: text id, u8 type, texts label, hint,
                   default, i64 least, i64 most, text was, u32 n options (texts value, label), u32 n
                   contrasts (text token, u32 hundredths) */

    /* tool -> renderer (view/studio.h) */
    WIRE_CHECK = 32, /* u8: 1 for every rule, 0 for the compiler's alone; then as WIRE_THEME, whose
                        n may be 0 here: base. Compiles, keeps the theme, answers WIRE_FINDINGS */
    WIRE_SAMPLE,     /* texts theme, page, case, role, locale, scheme: a page of the contract's
                    fixtures; answers as WIRE_RENDER does. Slots number its secrets */
    WIRE_CASES,      /* answers WIRE_LISTING */
    WIRE_DOCS, /* text: a page's name, "themes" for the whole reference, "rules"; WIRE_PROSE */
    /* renderer -> tool */
    WIRE_FINDINGS, /* u8: 1 if the theme can be used; texts title, version, parent; u32 n x (texts
                      code, level, theme, path; u32 line, u32 column, 0: none; texts message,
                      mend) */
    WIRE_LISTING,  /* u32 n x (texts page, case, roles with blanks between them) */
    WIRE_PROSE,    /* text, Markdown */

    WIRE_BLOCKS = 48, /* after WIRE_CHECK: texts page, block; both empty: all, without their text */
    WIRE_SOURCES /* u32 n x (texts page, block, theme, version, path, sha, args, text; u8 depth: 0
                         what is in effect, 1 what it stands in for ...) */
};

struct wire_reader {
    const unsigned char *at, *end;
    bool broken;
};

void wire_begin(struct str *s, enum wire_kind kind); /* room for the length, then the kind */
void wire_end(struct str *s);                        /* fills in the length */
/* A part of a message that tells its length first: what opened it goes to wire_close. */
size_t wire_open(struct str *s);
void wire_close(struct str *s, size_t opened);

/* Inlined with a constant width: one store. */
static inline void wire_put_le(struct str *s, uint64_t v, size_t bytes)
{
    uint64_t le = htole64(v);
    if (s->size - s->len < bytes) {
        str_append_n(s, &le, bytes);
        return;
    }
    memcpy(s->data + s->len, &le, bytes);
    s->len += bytes;
    s->data[s->len] = '\0';
}

static inline void wire_put_u8(struct str *s, unsigned v)
{
    assert(v <= UINT8_MAX);
    wire_put_le(s, v, 1);
}

static inline void wire_put_u16(struct str *s, unsigned v)
{
    assert(v <= UINT16_MAX);
    wire_put_le(s, v, 2);
}

static inline void wire_put_u32(struct str *s, size_t v)
{
    assert(v <= UINT32_MAX);
    wire_put_le(s, v, 4);
}

static inline void wire_put_i64(struct str *s, int64_t v)
{
    wire_put_le(s, (uint64_t)v, 8);
}

static inline void wire_put_text(struct str *s, const char *text, size_t n)
{
    wire_put_u32(s, n);
    if (s->size - s->len < n) {
        str_append_n(s, text, n);
        return;
    }
    memcpy(s->data + s->len, text, n);
    s->len += n;
    s->data[s->len] = '\0';
}

struct wire_reader wire_reader(const void *bytes, size_t n);

/* Inlined with a constant width: one load. */
static inline uint64_t wire_le(struct wire_reader *r, size_t bytes)
{
    uint64_t v = 0;
    if (r->broken || (size_t)(r->end - r->at) < bytes) {
        r->broken = true;
        return 0;
    }
    memcpy(&v, r->at, bytes);
    r->at += bytes;
    return le64toh(v);
}

static inline unsigned wire_u8(struct wire_reader *r)
{
    return (unsigned)wire_le(r, 1);
}

static inline unsigned wire_u16(struct wire_reader *r)
{
    return (unsigned)wire_le(r, 2);
}

static inline uint32_t wire_u32(struct wire_reader *r)
{
    return (uint32_t)wire_le(r, 4);
}

static inline int64_t wire_i64(struct wire_reader *r)
{
    return (int64_t)wire_le(r, 8);
}

/* A count that the rest of the message cannot hold, each taking so many bytes at least, is a lie. */
static inline uint32_t wire_count(struct wire_reader *r, size_t least)
{
    uint32_t n = wire_u32(r);
    if ((size_t)(r->end - r->at) / least < n)
        r->broken = true;
    return r->broken ? 0 : n;
}

/* Points into the message: no NUL behind it. */
static inline const char *wire_text(struct wire_reader *r, size_t *n_r)
{
    size_t n = wire_u32(r);
    if (r->broken || (size_t)(r->end - r->at) < n) {
        r->broken = true;
        *n_r = 0;
        return "";
    }
    const char *text = (const char *)r->at;
    r->at += n;
    *n_r = n;
    return text;
}

/* The part that wire_open and wire_close made. */
static inline struct wire_reader wire_part(struct wire_reader *r)
{
    size_t n;
    const char *at = wire_text(r, &n);
    return (struct wire_reader){.at = (const unsigned char *)at,
                                .end = (const unsigned char *)at + n};
}

/* Whole messages over a stream socket. Both return false on a closed, broken or (receive) too long
 * stream; a send or receive that makes no progress until `deadline_ms` (clock_monotonic_ms, 0 for
 * ever) returns false too. The received message (kind and payload) lives in the arena. One side asks and
 * the other answers: more than the one message is refused. */
bool wire_send(int fd, const struct str *message, int64_t deadline_ms);
bool wire_receive(int fd, struct arena *a, int64_t deadline_ms, const unsigned char **message_r,
                  size_t *n_r);
/* As above, where `got` bytes have been read already to `first`, which has room for WIRE_FIRST and lives
 * in the arena. */
enum { WIRE_FIRST = 64 * 1024 };
bool wire_receive_rest(int fd, struct arena *a, int64_t deadline_ms, unsigned char *first,
                       size_t got, const unsigned char **message_r, size_t *n_r);

#endif
