/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/fastcgi.h"

#include <assert.h>
#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/clock.h"
#include "base/log.h"

static FCGX_Request request;

bool fastcgi_init(void)
{
    /* Read once by FCGX_Init: how long libfcgi waits on peers that keep their end open. */
    setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "50", 1);
    setenv("LIBFCGI_IS_AF_UNIX_KEEPER_POLL_TIMEOUT", "50", 1);
    return FCGX_Init() == 0;
}

static bool body_read(const struct intake *in, struct exchange *x)
{
    size_t n = in->too_large ? 0 : in->content_length;
    unsigned char *body = arena_alloc(x->arena, n + 1);
    for (size_t at = 0; at < n;) {
        size_t step = n - at < 1 << 20 ? n - at : 1 << 20;
        if (FCGX_GetStr((char *)body + at, (int)step, request.in) != (int)step)
            return false;
        at += step;
    }
    x->body = body;
    x->body_len = n;
    x->body_state = in->too_large ? BODY_TOO_LARGE : BODY_WHOLE;
    return FCGX_GetChar(request.in) == EOF && FCGX_GetError(request.in) == 0;
}

bool fastcgi_open(struct intake *in, struct exchange *x)
{
    /* -1: without a listening socket it returns an error where it would else accept by itself. */
    if (FCGX_InitRequest(&request, -1, 0) != 0)
        return false;
    request.ipcFd = in->spool;
    request.keepConnection = 1; /* or Accept_r would begin by closing what we preset */
    if (FCGX_Accept_r(&request) != 0) {
        in->spool = -1; /* libfcgi closed it */
        return false;
    }
    x->params = request.envp;
    return body_read(in, x);
}

/* Waits until the peer reads, at most `peer_ms` and not past the end. */
static bool wait_for_peer(int fd, unsigned peer_ms, int64_t end_ms)
{
    int64_t left = end_ms - clock_monotonic_ms();
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    return left > 0 && poll(&p, 1, (int)(left < peer_ms ? left : peer_ms)) != 0;
}

static bool parts_send(int fd, struct iovec *parts, size_t n, unsigned peer_ms, int64_t end_ms)
{
    while (n > 0) {
        struct msghdr m = {.msg_iov = parts, .msg_iovlen = n};
        ssize_t sent = sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 &&
            ((errno != EAGAIN && errno != EINTR) || !wait_for_peer(fd, peer_ms, end_ms)))
            return false;
        size_t done = sent < 0 ? 0 : (size_t)sent;
        for (; n > 0 && done >= parts->iov_len; n--)
            done -= parts++->iov_len;
        if (n > 0) {
            parts->iov_base = (char *)parts->iov_base + done;
            parts->iov_len -= done;
        }
    }
    return true;
}

static FCGI_Header record_header(const struct intake *in, unsigned type, size_t n)
{
    return (FCGI_Header){.version = FCGI_VERSION_1,
                         .type = (unsigned char)type,
                         .requestIdB1 = (unsigned char)(in->id >> 8),
                         .requestIdB0 = (unsigned char)in->id,
                         .contentLengthB1 = (unsigned char)(n >> 8),
                         .contentLengthB0 = (unsigned char)n};
}

/* From where the answer stands, in records as long as they may be: libfcgi's own are of 8 KB, each
 * copied first, sent by a call of its own and waking the web server. */
bool fastcgi_send(const struct intake *in, const struct exchange *x, unsigned peer_ms)
{
    enum { RECORD = 65528, RECORDS = 16 };
    int64_t end_ms = clock_monotonic_ms() + 2 * (int64_t)peer_ms;
    struct {
        FCGI_Header out;
        FCGI_EndRequestRecord request;
    } end = {.out = record_header(in, FCGI_STDOUT, 0),
             .request = {.header = record_header(in, FCGI_END_REQUEST, sizeof(FCGI_EndRequestBody)),
                         .body = {.protocolStatus = FCGI_REQUEST_COMPLETE}}};
    FCGI_Header headers[RECORDS];
    struct iovec parts[2 * RECORDS + 1];
    size_t at = 0;
    do {
        size_t n = 0;
        for (size_t i = 0; i < RECORDS && at < x->answer.len; i++) {
            size_t left = x->answer.len - at, take = left < RECORD ? left : RECORD;
            headers[i] = record_header(in, FCGI_STDOUT, take);
            parts[n++] = (struct iovec){&headers[i], sizeof headers[i]};
            parts[n++] = (struct iovec){x->answer.data + at, take};
            at += take;
        }
        if (at == x->answer.len)
            parts[n++] = (struct iovec){&end, sizeof end};
        if (!parts_send(in->fd, parts, n, peer_ms, end_ms))
            return false;
    } while (at < x->answer.len);
    return true;
}

void fastcgi_close(struct intake *in)
{
    (void)in;
    FCGX_Free(&request, 0);
    request.ipcFd = -1;
}
