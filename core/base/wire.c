/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/wire.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

void wire_put_u8(struct str *s, unsigned v)
{
    str_append_c(s, (char)v);
}

static void put_le(struct str *s, uint64_t v, size_t bytes)
{
    unsigned char b[8];
    for (size_t i = 0; i < bytes; i++)
        b[i] = (unsigned char)(v >> (8 * i));
    str_append_n(s, b, bytes);
}

void wire_put_u32(struct str *s, size_t v)
{
    assert(v <= UINT32_MAX);
    put_le(s, v, 4);
}

void wire_put_i64(struct str *s, int64_t v)
{
    put_le(s, (uint64_t)v, 8);
}

void wire_put_text(struct str *s, const char *text, size_t n)
{
    wire_put_u32(s, n);
    str_append_n(s, text, n);
}

void wire_begin(struct str *s, enum wire_kind kind)
{
    str_clear(s);
    wire_put_u32(s, 0);
    wire_put_u8(s, kind);
}

void wire_end(struct str *s)
{
    size_t n = s->len - 4;
    for (size_t i = 0; i < 4; i++)
        s->data[i] = (char)(n >> (8 * i));
}

struct wire_reader wire_reader(const void *bytes, size_t n)
{
    return (struct wire_reader){.at = bytes, .end = (const unsigned char *)bytes + n};
}

/* Inlined with a constant width, the loop becomes one load. */
static inline uint64_t get_le(struct wire_reader *r, size_t bytes)
{
    uint64_t v = 0;
    if (r->broken || (size_t)(r->end - r->at) < bytes) {
        r->broken = true;
        return 0;
    }
    for (size_t i = 0; i < bytes; i++)
        v |= (uint64_t)r->at[i] << (8 * i);
    r->at += bytes;
    return v;
}

unsigned wire_u8(struct wire_reader *r)
{
    return (unsigned)get_le(r, 1);
}

uint32_t wire_u32(struct wire_reader *r)
{
    return (uint32_t)get_le(r, 4);
}

int64_t wire_i64(struct wire_reader *r)
{
    return (int64_t)get_le(r, 8);
}

const char *wire_text(struct wire_reader *r, size_t *n_r)
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

/* Waits until fd is ready for `events`; false when the deadline passed. */
static bool ready(int fd, short events, int64_t deadline_ms)
{
    for (;;) {
        int64_t left = deadline_ms == 0 ? -1 : deadline_ms - clock_monotonic_ms();
        if (deadline_ms != 0 && left <= 0)
            return false;
        struct pollfd p = {.fd = fd, .events = events};
        int n = poll(&p, 1, (int)left);
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
    }
}

bool wire_send(int fd, const struct str *message, int64_t deadline_ms)
{
    size_t done = 0;
    while (done < message->len) {
        ssize_t n = deadline_ms == 0 || ready(fd, POLLOUT, deadline_ms)
                        ? write(fd, message->data + done, message->len - done)
                        : 0;
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || (errno != EINTR && errno != EAGAIN))
            return false;
    }
    return true;
}

static bool read_whole(int fd, void *to, size_t n, int64_t deadline_ms)
{
    size_t done = 0;
    while (done < n) {
        if (deadline_ms != 0 && !ready(fd, POLLIN, deadline_ms))
            return false;
        ssize_t got = read(fd, (char *)to + done, n - done);
        if (got > 0)
            done += (size_t)got;
        else if (got == 0 || (errno != EINTR && errno != EAGAIN))
            return false;
    }
    return true;
}

bool wire_receive(int fd, struct arena *a, int64_t deadline_ms, const unsigned char **message_r,
                  size_t *n_r)
{
    unsigned char head[4];
    if (!read_whole(fd, head, sizeof head, deadline_ms))
        return false;
    struct wire_reader r = wire_reader(head, sizeof head);
    size_t n = wire_u32(&r);
    if (n == 0 || n > WIRE_MAX)
        return false;
    unsigned char *message = arena_alloc(a, n);
    if (!read_whole(fd, message, n, deadline_ms))
        return false;
    *message_r = message;
    *n_r = n;
    return true;
}
