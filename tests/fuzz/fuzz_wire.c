/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message between worker and renderer, as of a page: a part with a tree of values, and the
 * keys behind it. Making the tree stays within the part; the host's own look at it takes nothing
 * from outside the message. */
#include <lauxlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "fuzz.h"
#include "render/decode.h"
#include "render/sandbox.h"

struct pushing {
    struct wire_reader r;
    const struct keys *keys;
    bool script;
};

/* A page script asks for what it was given once more. */
static int push(lua_State *L)
{
    struct pushing *p = lua_touserdata(L, 1);
    decode_push(L, &p->r, p->keys);
    if (p->script && lua_istable(L, -1) && !p->r.broken)
        decode_again(L, -1);
    if (p->script && lua_type(L, -1) == LUA_TSTRING && lua_rawlen(L, -1) > 4 &&
        memcmp(lua_tostring(L, -1), "http", 4) == 0)
        assert(decode_brought(L, -1));
    return 0;
}

static void check_span(struct span s, const unsigned char *bytes, size_t n)
{
    if (s.n > 64 || (s.n > 0 && (const unsigned char *)s.at >= bytes &&
                     (const unsigned char *)s.at < bytes + n))
        assert((const unsigned char *)s.at >= bytes &&
               s.n <= (size_t)(bytes + n - (const unsigned char *)s.at));
}

/* Texts lie in the message; all else in the arena, whole. */
static void check_node(const struct node *v, const unsigned char *bytes, size_t n, int depth)
{
    assert(depth <= WIRE_DEPTH);
    if (v->tag == WIRE_TEXT)
        check_span((struct span){v->text, v->n}, bytes, n);
    else if (v->tag == WIRE_TIME)
        assert(strlen(v->time->zone) < sizeof v->time->zone);
    for (uint32_t i = 0; i < v->n && (v->tag == WIRE_LIST || v->tag == WIRE_MAP); i++)
        check_node(&v->nodes[i], bytes, n, depth + 1);
}

static void check_model(struct wire_reader part, const struct keys *keys,
                        const unsigned char *bytes, size_t n)
{
    static struct name site = NAME("site");
    static struct arena *nodes; /* the keys lie in the other */
    struct model m;
    if (nodes == NULL)
        nodes = arena_create((size_t)64 * 1024 * 1024);
    arena_reset(nodes);
    if (!model_read(&m, nodes, part, part, keys))
        return;
    check_node(m.vm, bytes, n, 0);
    const struct node *v = model_field(&m, m.shell, &site);
    assert(v == NULL || (v->key < keys->n && keys->at[v->key].n == 4));
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
    check_model(part, &keys, bytes, n);
    if (s == NULL)
        s = sandbox_create(&theme_limits);
    sandbox_arm(s);
    struct render render = {
        .script = n % 2 == 1, .message = bytes, .message_end = bytes + n, .keys = keys};
    struct pushing p = {part, &keys, render.script};
    s->render = &render;
    if (sandbox_run(s, push, &p, why, sizeof why))
        assert(!p.r.broken && p.r.at <= p.r.end);
    if (s->stopped != NULL || s->used > 4 * 1024 * 1024) {
        sandbox_destroy(s);
        s = NULL;
    }
}

/* What is sent is received, as far as the socket takes it at once. */
static void check_sent(const uint8_t *data, size_t n)
{
    static int ends[2] = {-1, -1};
    if (ends[0] < 0)
        assert(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    n = n < 16384 ? n : 16384;
    int64_t deadline = n % 2 == 0 ? clock_monotonic_ms() + 60000 : 0;
    struct str s;
    const unsigned char *message;
    size_t message_n;
    str_init(&s, fuzz_arena(), n + 64);
    wire_begin(&s, WIRE_PAGE);
    size_t part = wire_open(&s);
    wire_put_text(&s, (const char *)data, n);
    wire_close(&s, part);
    wire_end(&s);
    bool done = wire_send(ends[0], &s, deadline);
    assert(done && !s.overflow);
    char *sent = malloc(s.len);
    size_t sent_n = s.len;
    assert(sent != NULL);
    memcpy(sent, s.data, s.len);
    done = wire_receive(ends[1], fuzz_arena(), deadline, &message, &message_n);
    assert(done);
    assert(message_n + 4 == sent_n && memcmp(message, sent + 4, message_n) == 0);
    free(sent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static int fd = -1;
    const unsigned char *message;
    size_t message_n;
    if (fd < 0)
        fd = memfd_create("wire", MFD_CLOEXEC);
    check_sent(data, n);
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
