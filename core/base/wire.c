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

static bool read_whole(int fd, void *to, size_t n, int64_t deadline_ms)
{
    size_t done = 0;
    while (done < n) {
        char *at = (char *)to + done;
        ssize_t got = deadline_ms == 0 ? read(fd, at, n - done)
                                       : recv(fd, at, n - done, MSG_DONTWAIT);
        if (got > 0)
            done += (size_t)got;
        else if (!may_go_on(fd, got, POLLIN, deadline_ms))
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
    unsigned char *message = arena_raw(a, n);
    if (!read_whole(fd, message, n, deadline_ms))
        return false;
    *message_r = message;
    *n_r = n;
    return true;
}
