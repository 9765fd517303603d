/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/fastcgi.h"

#include <assert.h>
#include <fcgiapp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

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

bool fastcgi_send(const struct intake *in, const struct exchange *x, int64_t deadline_ms)
{
    const size_t slice = 16 * 1024;
    bool sent = true;
    request.ipcFd = in->fd;
    for (size_t at = 0; sent && at < x->answer.len; at += slice) {
        size_t n = x->answer.len - at < slice ? x->answer.len - at : slice;
        sent = FCGX_PutStr(x->answer.data + at, (int)n, request.out) == (int)n &&
               clock_monotonic_ms() < deadline_ms;
    }
    /* Closing writes once more, which must not wait for a peer that does not read. */
    if (!sent)
        shutdown(in->fd, SHUT_RDWR);
    bool closed = FCGX_FClose(request.err) == 0;
    return FCGX_FClose(request.out) == 0 && closed && sent;
}

void fastcgi_close(struct intake *in)
{
    (void)in;
    FCGX_Free(&request, 0);
    request.ipcFd = -1;
}
