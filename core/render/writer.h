/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page while it grows: one buffer, so that nothing is sent before it is whole, with marks to go
 * back to, and slots: places where the worker will put a secret. What passes WRITER_MAX is dropped
 * and `overflow` says so. The buffer is kept from page to page. */
#ifndef RENDER_WRITER_H
#define RENDER_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { WRITER_MAX = 2 * 1024 * 1024, WRITER_SLOTS = 256, WRITER_HEAD = 16 };

struct writer_slot {
    uint32_t offset, slot;
};

struct writer {
    char *data; /* WRITER_HEAD bytes before it are there too, for the head of a message */
    size_t len, size;
    bool overflow;
    size_t slots_n;
    struct writer_slot slots[WRITER_SLOTS];
};

struct writer_mark {
    size_t len, slots_n;
};

void writer_reset(struct writer *w);
struct writer_mark writer_mark(const struct writer *w);
/* Forgets what was written since. */
void writer_back(struct writer *w, struct writer_mark mark);

/* Room for n bytes more; false: the page is too long. */
bool writer_room(struct writer *w, size_t n);

static inline void writer_raw(struct writer *w, const char *bytes, size_t n)
{
    if (n == 0 || (w->size - w->len < n && !writer_room(w, n)))
        return;
    memcpy(w->data + w->len, bytes, n);
    w->len += n;
}

/* As writer_raw, faster for what is short. WRITER_BEHIND bytes can be read behind it. */
enum { WRITER_BEHIND = 16 };
static inline void writer_short(struct writer *w, const char *bytes, size_t n)
{
    if (w->size - w->len < n + WRITER_BEHIND) {
        writer_raw(w, bytes, n);
        return;
    }
    for (size_t i = 0; i < n; i += WRITER_BEHIND)
        memcpy(w->data + w->len + i, bytes + i, WRITER_BEHIND);
    w->len += n;
}

/* Inlined: the length of a literal is known. */
static inline void writer_text(struct writer *w, const char *literal)
{
    writer_raw(w, literal, strlen(literal));
}

/* & < > " ' become references: right for text and for quoted attributes. */
void writer_html(struct writer *w, const char *text, size_t n);
/* As writer_html, faster; what lies behind the text can be read as far as `end`. */
void writer_html_within(struct writer *w, const char *text, size_t n, const char *end);
void writer_int(struct writer *w, int64_t n);
void writer_slot(struct writer *w, uint32_t slot);
/* Bytes behind the page, past its limit: the message's end. */
void writer_tail(struct writer *w, const void *bytes, size_t n);
/* A URL attribute's whole value: http, https, mailto or of this origin, else "#". */
void writer_url(struct writer *w, const char *url, size_t n);
/* Percent-encoded as one path segment. */
void writer_segment(struct writer *w, const char *text, size_t n);
/* A JSON string that is safe inside a script element. */
void writer_json_text(struct writer *w, const char *text, size_t n);

enum url_kind { URL_BAD, URL_LOCAL, URL_MAIL, URL_WEB };
enum url_kind url_kind(const char *url, size_t n);

#endif
