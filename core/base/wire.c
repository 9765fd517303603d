/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

void wire_begin(struct str *s, enum wire_kind kind)
{
    str_clear(s);
    wire_put_u32(s, 0);
    wire_put_u8(s, kind);
}

void wire_end(struct str *s)
{
    wire_close(s, 0);
}

size_t wire_open(struct str *s)
{
    wire_put_u32(s, 0);
    return s->len - 4;
}

void wire_close(struct str *s, size_t opened)
{
    uint32_t le = htole32((uint32_t)(s->len - opened - 4));
    if (!s->overflow)
        memcpy(s->data + opened, &le, sizeof le);
}

struct wire_reader wire_reader(const void *bytes, size_t n)
{
    return (struct wire_reader){.at = bytes, .end = (const unsigned char *)bytes + n};
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

/* After a call that moved nothing: is it worth another? Where there is a deadline the call did not
 * block. */
static bool may_go_on(int fd, ssize_t n, short events, int64_t deadline_ms)
{
    if (n == 0 || (errno != EINTR && errno != EAGAIN))
        return false;
    return deadline_ms == 0 || ready(fd, events, deadline_ms);
}

bool wire_send(int fd, const struct str *message, int64_t deadline_ms)
{
    size_t done = 0;
    while (done < message->len) {
        const char *at = message->data + done;
        size_t left = message->len - done;
        ssize_t n = deadline_ms == 0 ? write(fd, at, left)
                                     : send(fd, at, left, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n > 0)
            done += (size_t)n;
        else if (!may_go_on(fd, n, POLLOUT, deadline_ms))
            return false;
    }
    return true;
}

/* At least one byte, 0 where no more will come. */
static size_t read_some(int fd, void *to, size_t n, int64_t deadline_ms)
{
    for (;;) {
        ssize_t got = deadline_ms == 0 ? read(fd, to, n) : recv(fd, to, n, MSG_DONTWAIT);
        if (got > 0)
            return (size_t)got;
        if (!may_go_on(fd, got, POLLIN, deadline_ms))
            return 0;
    }
}

static bool read_until(int fd, unsigned char *to, size_t *done, size_t least, size_t most,
                       int64_t deadline_ms)
{
    while (*done < least) {
        size_t got = read_some(fd, to + *done, most - *done, deadline_ms);
        if (got == 0)
            return false;
        *done += got;
    }
    return true;
}

bool wire_receive_rest(int fd, struct arena *a, int64_t deadline_ms, unsigned char *first,
                       size_t got, const unsigned char **message_r, size_t *n_r)
{
    enum { HEAD = 4 };
    if (!read_until(fd, first, &got, HEAD, WIRE_FIRST, deadline_ms))
        return false;
    struct wire_reader r = wire_reader(first, HEAD);
    size_t n = wire_u32(&r);
    if (n == 0 || n > WIRE_MAX || got > HEAD + n)
        return false;
    unsigned char *whole = first;
    if (HEAD + n > WIRE_FIRST)
        whole = memcpy(arena_raw(a, HEAD + n), first, got);
    if (!read_until(fd, whole, &got, HEAD + n, HEAD + n, deadline_ms))
        return false;
    *message_r = whole + HEAD;
    *n_r = n;
    return true;
}

bool wire_receive(int fd, struct arena *a, int64_t deadline_ms, const unsigned char **message_r,
                  size_t *n_r)
{
    unsigned char *first = arena_raw(a, WIRE_FIRST);
    return wire_receive_rest(fd, a, deadline_ms, first, 0, message_r, n_r);
}
