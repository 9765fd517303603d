/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/intake.h"

#include <assert.h>
#include <errno.h>
#include <fastcgi.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

static const char content_length_name[] = "CONTENT_LENGTH";

void intake_start(struct intake *in, int fd, size_t max_upload)
{
    int spool = in->spool;
    unsigned char *params = in->params != NULL ? in->params : malloc(INTAKE_PARAMS);
    if (params == NULL)
        log_fatal("server", "out of memory");
    if (spool < 0)
        spool = memfd_create("request", MFD_CLOEXEC);
    if (spool < 0)
        log_fatal("server", "memfd_create: %s", strerror(errno));
    *in = (struct intake){.fd = fd, .spool = spool, .params = params, .max_upload = max_upload};
    in->born_ms = in->heard_ms = clock_monotonic_ms();
}

void intake_finish(struct intake *in)
{
    if (in->fd >= 0)
        close(in->fd);
    in->fd = -1;
    if (in->params != NULL)
        explicit_bzero(in->params, in->params_len);
    /* The kernel clears these pages before anybody gets them again. */
    if (in->spool >= 0 && (ftruncate(in->spool, 0) != 0 || lseek(in->spool, 0, SEEK_SET) != 0)) {
        close(in->spool);
        in->spool = -1;
    }
}

int64_t intake_limit(const struct intake *in, unsigned peer_ms)
{
    int64_t silent = in->heard_ms + peer_ms, whole = in->born_ms + 2 * (int64_t)peer_ms;
    return silent < whole ? silent : whole;
}

static void header_put(unsigned char *h, unsigned type, size_t n)
{
    memset(h, 0, FCGI_HEADER_LEN);
    h[0] = FCGI_VERSION_1;
    h[1] = (unsigned char)type;
    h[3] = 1;
    h[4] = (unsigned char)(n >> 8);
    h[5] = (unsigned char)n;
}

static bool spool_put(struct intake *in, const struct iovec *parts, int n)
{
    ssize_t want = 0;
    for (int i = 0; i < n; i++)
        want += (ssize_t)parts[i].iov_len;
    in->spooled += want;
    return pwritev(in->spool, parts, n, in->spooled - want) == want;
}

static bool spool_head(struct intake *in)
{
    unsigned char begin[2 * FCGI_HEADER_LEN], params[FCGI_HEADER_LEN], end[FCGI_HEADER_LEN];
    header_put(begin, FCGI_BEGIN_REQUEST, FCGI_HEADER_LEN);
    memset(begin + FCGI_HEADER_LEN, 0, FCGI_HEADER_LEN);
    begin[FCGI_HEADER_LEN + 1] = FCGI_RESPONDER;
    header_put(params, FCGI_PARAMS, in->params_len);
    header_put(end, FCGI_PARAMS, 0);
    struct iovec parts[] = {{begin, sizeof begin},
                            {params, sizeof params},
                            {in->params, in->params_len},
                            {end, sizeof end}};
    /* A record without content would end the parameters. */
    return in->params_len > 0 && spool_put(in, parts, 4);
}

static bool spool_body(struct intake *in, const unsigned char *bytes, size_t n)
{
    unsigned char header[FCGI_HEADER_LEN];
    header_put(header, FCGI_STDIN, n);
    struct iovec parts[] = {{header, sizeof header}, {(void *)(size_t)bytes, n}};
    return spool_put(in, parts, n > 0 ? 2 : 1);
}

/* A length of FastCGI 3.4: one byte, or four with the highest bit set. */
static bool length_read(const unsigned char **at, const unsigned char *end, size_t *n_r)
{
    const unsigned char *p = *at;
    if (p >= end)
        return false;
    if ((p[0] & 0x80) == 0) {
        *n_r = p[0];
        *at = p + 1;
        return true;
    }
    if (end - p < 4)
        return false;
    *n_r = ((size_t)(p[0] & 0x7f) << 24) | ((size_t)p[1] << 16) | ((size_t)p[2] << 8) | p[3];
    *at = p + 4;
    return true;
}

static bool digits_read(const unsigned char *text, size_t n, size_t *value_r)
{
    size_t value = 0;
    if (n > 15)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (size_t)(text[i] - '0');
    }
    *value_r = value;
    return true;
}

static bool name_is_good(const unsigned char *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (name[i] <= ' ' || name[i] == '=' || name[i] >= 0x7f)
            return false;
    return n > 0;
}

/* Walks the pairs as libfcgi will, finds the body's length; no pair may reach past the end. */
static bool params_check(struct intake *in)
{
    const unsigned char *at = in->params, *end = at + in->params_len;
    bool seen = false;
    for (unsigned count = 0; at < end; count++) {
        size_t name_n, value_n;
        if (count == INTAKE_PARAM_COUNT || !length_read(&at, end, &name_n) ||
            !length_read(&at, end, &value_n))
            return false;
        if (name_n > (size_t)(end - at) || value_n > (size_t)(end - at) - name_n)
            return false;
        if (!name_is_good(at, name_n) || memchr(at + name_n, 0, value_n) != NULL)
            return false;
        if (name_n == strlen(content_length_name) && memcmp(at, content_length_name, name_n) == 0) {
            if (seen || !digits_read(at + name_n, value_n, &in->content_length))
                return false;
            seen = true;
        }
        at += name_n + value_n;
    }
    in->too_large = in->content_length > in->max_upload;
    return true;
}

static enum intake_state end_stream(struct intake *in)
{
    if (in->type == FCGI_PARAMS) {
        if (!params_check(in) || !spool_head(in))
            return INTAKE_BROKEN;
        in->phase = INTAKE_IN_BODY;
        if (!in->too_large)
            return INTAKE_MORE;
    } else if (in->body_len != in->content_length) {
        return INTAKE_BROKEN;
    }
    in->phase = INTAKE_DONE;
    return spool_body(in, NULL, 0) ? INTAKE_WHOLE : INTAKE_BROKEN;
}

/* Is this record one that may come now? */
static bool header_is_good(struct intake *in)
{
    const unsigned char *h = in->header;
    unsigned id = (unsigned)h[2] << 8 | h[3];
    if (h[0] != FCGI_VERSION_1)
        return false;
    switch (in->phase) {
    case INTAKE_BEGIN:
        in->id = id;
        return h[1] == FCGI_BEGIN_REQUEST && id != 0 && h[4] == 0 && h[5] == 8;
    case INTAKE_IN_PARAMS: return h[1] == FCGI_PARAMS && id == in->id;
    case INTAKE_IN_BODY: return h[1] == FCGI_STDIN && id == in->id;
    case INTAKE_DONE: break;
    }
    return false;
}

static enum intake_state take_header(struct intake *in)
{
    if (!header_is_good(in))
        return INTAKE_BROKEN;
    in->type = in->header[1];
    in->content_left = (size_t)in->header[4] << 8 | in->header[5];
    in->padding_left = in->header[6];
    return in->content_left == 0 ? end_stream(in) : INTAKE_MORE;
}

static bool take_content(struct intake *in, const unsigned char *bytes, size_t n)
{
    switch (in->phase) {
    case INTAKE_BEGIN:
        memcpy(in->begin + in->begin_len, bytes, n);
        in->begin_len += n;
        if (in->begin_len < sizeof in->begin)
            return true;
        in->phase = INTAKE_IN_PARAMS;
        return in->begin[0] == 0 && in->begin[1] == FCGI_RESPONDER;
    case INTAKE_IN_PARAMS:
        if (n > INTAKE_PARAMS - in->params_len)
            return false;
        memcpy(in->params + in->params_len, bytes, n);
        in->params_len += n;
        return true;
    case INTAKE_IN_BODY:
        in->body_len += n;
        return in->body_len <= in->content_length && spool_body(in, bytes, n);
    case INTAKE_DONE: break;
    }
    return false;
}

static enum intake_state take(struct intake *in, const unsigned char *bytes, size_t n)
{
    enum intake_state state = INTAKE_MORE;
    while (n > 0 && state == INTAKE_MORE) {
        size_t step = 1;
        if (in->header_len < sizeof in->header) {
            in->header[in->header_len++] = *bytes;
            if (in->header_len == sizeof in->header)
                state = take_header(in);
        } else if (in->content_left > 0) {
            step = n < in->content_left ? n : in->content_left;
            in->content_left -= step;
            if (!take_content(in, bytes, step))
                state = INTAKE_BROKEN;
        } else {
            step = n < in->padding_left ? n : in->padding_left;
            in->padding_left -= step;
        }
        if (in->header_len == sizeof in->header && in->content_left == 0 && in->padding_left == 0)
            in->header_len = 0;
        bytes += step;
        n -= step;
    }
    return state;
}

enum intake_state intake_read(struct intake *in)
{
    unsigned char bytes[16 * 1024];
    enum intake_state state = INTAKE_MORE;
    while (state == INTAKE_MORE) {
        ssize_t n = recv(in->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return INTAKE_MORE;
        if (n <= 0)
            return INTAKE_BROKEN;
        in->heard_ms = clock_monotonic_ms();
        state = take(in, bytes, (size_t)n);
    }
    explicit_bzero(bytes, sizeof bytes);
    return state;
}
