/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message between worker and renderer, as of a page: a part with a tree of values, and the
 * keys behind it. Making the tree stays within the part; the host's own look at it takes nothing
 * from outside the message. */
#include <lauxlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "render/decode.h"
#include "render/sandbox.h"

struct pushing {
    struct wire_reader r;
    const struct keys *keys;
};

static int push(lua_State *L)
{
    struct pushing *p = lua_touserdata(L, 1);
    decode_push(L, &p->r, p->keys);
    return 0;
}

static void check_span(struct span s, const unsigned char *bytes, size_t n)
{
    if (s.n > 64 || (s.n > 0 && (const unsigned char *)s.at >= bytes &&
                     (const unsigned char *)s.at < bytes + n))
        assert((const unsigned char *)s.at >= bytes &&
               s.n <= (size_t)(bytes + n - (const unsigned char *)s.at));
}

static void check_value(const unsigned char *bytes, size_t n)
{
    static struct sandbox *s;
    char why[200];
    struct keys keys;
    struct wire_reader r = wire_reader(bytes, n), part = wire_part(&r);
    if (!decode_keys(fuzz_arena(), &r, &keys))
        return;
    for (size_t i = 0; i < keys.n; i++)
        check_span(keys.at[i], bytes, n);
    struct facts f = decode_facts(part, &keys);
    check_span(f.site, bytes, n);
    check_span(f.prefix, bytes, n);
    if (s == NULL)
        s = sandbox_create(&theme_limits);
    sandbox_arm(s);
    struct pushing p = {part, &keys};
    if (sandbox_run(s, push, &p, why, sizeof why))
        assert(!p.r.broken && p.r.at <= p.r.end);
    if (s->stopped != NULL || s->used > 4 * 1024 * 1024) {
        sandbox_destroy(s);
        s = NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static int fd = -1;
    const unsigned char *message;
    size_t message_n;
    if (fd < 0)
        fd = memfd_create("wire", MFD_CLOEXEC);
    assert(ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n &&
           lseek(fd, 0, SEEK_SET) == 0);
    if (!wire_receive(fd, fuzz_arena(), 0, &message, &message_n))
        return 0;
    assert(message_n > 0 && message_n + 4 <= n && memcmp(message, data + 4, message_n) == 0);
    unsigned char *copy = malloc(message_n); /* the arena is asked again below */
    assert(copy != NULL);
    memcpy(copy, message + 1, message_n - 1);
    check_value(copy, message_n - 1);
    free(copy);
    return 0;
}
