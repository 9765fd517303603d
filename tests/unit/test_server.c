/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The intake against honest, cut and spoilt streams: what it lets through, libfcgi must read as the
 * same request; whatever the bytes, it neither waits nor trips a sanitizer. Usage: test_server
 * [ROUNDS], the number of spoilt streams. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/fastcgi.h"
#include "server/intake.h"

enum { UPLOAD = 4000 };

static long rounds = 20000;

struct bytes {
    unsigned char data[16 * 1024];
    size_t n;
};

static struct intake intake = {.fd = -1, .spool = -1};
static uint32_t dice_state = 1;

/* Numerical Recipes' generator: the same rounds on every machine. */
static size_t dice(size_t sides)
{
    dice_state = dice_state * 1664525u + 1013904223u;
    return (dice_state >> 8) % sides;
}

static void put(struct bytes *b, const void *data, size_t n)
{
    assert_true(b->n + n <= sizeof b->data);
    memcpy(b->data + b->n, data, n);
    b->n += n;
}

static void put_record(struct bytes *b, unsigned type, const void *content, size_t n)
{
    unsigned char padding = (unsigned char)dice(9), zeros[9] = {0};
    unsigned char head[8] = {
        1, (unsigned char)type, 0, 1, (unsigned char)(n >> 8), (unsigned char)n, padding};
    put(b, head, sizeof head);
    put(b, content, n);
    put(b, zeros, padding);
}

static void put_stream(struct bytes *b, unsigned type, const unsigned char *content, size_t n)
{
    while (n > 0) {
        size_t step = 1 + dice(n);
        put_record(b, type, content, step);
        content += step;
        n -= step;
    }
    put_record(b, type, "", 0);
}

static void put_pair(struct bytes *b, const char *name, const char *value)
{
    size_t n = strlen(value);
    unsigned char lengths[5] = {(unsigned char)strlen(name), 0x80, 0, (unsigned char)(n >> 8),
                                (unsigned char)n};
    put(b, lengths, sizeof lengths);
    put(b, name, strlen(name));
    put(b, value, n);
}

static void put_request(struct bytes *b, size_t body_n)
{
    static struct bytes params;
    unsigned char body[2 * UPLOAD];
    char number[32];
    params.n = 0;
    snprintf(number, sizeof number, "%zu", body_n);
    put_pair(&params, "REQUEST_URI", "/somewhere?a=b");
    put_pair(&params, "CONTENT_LENGTH", number);
    put_pair(&params, "HTTP_COOKIE", "mailboy=0123456789abcdef0123456789abcdef0123456789abcdef");
    memset(body, 'x', sizeof body);
    b->n = 0;
    put_record(b, 1, "\0\1\0\0\0\0\0\0", 8);
    put_stream(b, 4, params.data, params.n);
    put_stream(b, 5, body, body_n);
}

/* Sends in pieces; the peer then closes. */
static enum intake_state feed(const struct bytes *b, size_t pieces)
{
    int pair[2];
    enum intake_state state = INTAKE_MORE;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    intake_start(&intake, pair[0], UPLOAD);
    for (size_t at = 0, i = 0; i < pieces && state == INTAKE_MORE; i++) {
        size_t n = i + 1 == pieces ? b->n - at : dice(b->n - at + 1);
        if (n > 0)
            assert_int_equal(write(pair[1], b->data + at, n), (ssize_t)n);
        at += n;
        state = intake_read(&intake);
    }
    close(pair[1]);
    return state == INTAKE_MORE ? intake_read(&intake) : state;
}

/* Does libfcgi read what we let through? */
static void check_open(struct arena *a, size_t body_n)
{
    struct exchange x = {.arena = a};
    assert_true(fastcgi_open(&intake, &x));
    if (body_n <= UPLOAD) {
        assert_int_equal(x.body_len, body_n);
        assert_string_equal(exchange_param(&x, "REQUEST_URI"), "/somewhere?a=b");
        assert_string_equal(exchange_param(&x, "FCGI_ROLE"), "RESPONDER");
        assert_null(exchange_param(&x, "REQUEST"));
    }
    fastcgi_close(&intake);
    arena_reset(a);
}

static void test_whole(void **state)
{
    static struct bytes b;
    struct arena *a = arena_create(1 << 20);
    (void)state;
    for (size_t n = 0; n <= UPLOAD; n = n * 2 + 1) {
        put_request(&b, n);
        assert_int_equal(feed(&b, 1 + dice(6)), INTAKE_WHOLE);
        assert_false(intake.too_large);
        check_open(a, n);
        intake_finish(&intake);
    }
    arena_destroy(a);
}

static void test_too_large(void **state)
{
    static struct bytes b;
    struct arena *a = arena_create(1 << 20);
    (void)state;
    put_request(&b, UPLOAD + 1);
    assert_int_equal(feed(&b, 3), INTAKE_WHOLE);
    assert_true(intake.too_large);
    check_open(a, UPLOAD + 1);
    intake_finish(&intake);
    arena_destroy(a);
}

static void test_cut_anywhere(void **state)
{
    static struct bytes b, cut;
    (void)state;
    put_request(&b, 40);
    /* The end record's header and its padding of up to 8 bytes: without the padding it is whole. */
    for (size_t n = 0; n + 16 < b.n; n++) {
        memcpy(cut.data, b.data, n);
        cut.n = n;
        assert_int_equal(feed(&cut, 1 + dice(3)), INTAKE_BROKEN);
        intake_finish(&intake);
    }
}

static void spoil(struct bytes *b)
{
    for (size_t hits = 1 + dice(4); hits > 0; hits--) {
        size_t at = dice(dice(2) == 0 ? b->n : 64), n = dice(16);
        switch (dice(3)) {
        case 0: b->data[at] = (unsigned char)dice(256); break;
        case 1: b->data[at] ^= (unsigned char)(1u << dice(8)); break;
        default:
            if (at + n < b->n) {
                memmove(b->data + at, b->data + at + n, b->n - at - n);
                b->n -= n;
            }
        }
    }
}

static void test_spoilt(void **state)
{
    static struct bytes b;
    struct arena *a = arena_create(1 << 20);
    size_t through = 0;
    (void)state;
    for (long round = 0; round < rounds; round++) {
        struct exchange x = {.arena = a};
        put_request(&b, dice(200));
        spoil(&b);
        if (feed(&b, 1 + dice(3)) == INTAKE_WHOLE) {
            through++;
            assert_true(fastcgi_open(&intake, &x));
            assert_int_equal(x.body_len, intake.too_large ? 0 : intake.content_length);
            fastcgi_close(&intake);
            arena_reset(a);
        }
        intake_finish(&intake);
    }
    assert_true(through > 0 && through < (size_t)rounds / 2);
    arena_destroy(a);
}

static void test_limits(void **state)
{
    struct intake in = {.born_ms = 1000, .heard_ms = 1000};
    (void)state;
    assert_int_equal(intake_limit(&in, 500), 1500);
    in.heard_ms = 1400;
    assert_int_equal(intake_limit(&in, 500), 1900);
    in.heard_ms = 1900;
    assert_int_equal(intake_limit(&in, 500), 2000);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole), cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_cut_anywhere), cmocka_unit_test(test_spoilt),
        cmocka_unit_test(test_limits)};
    if (argc > 1)
        rounds = atol(argv[1]);
    if (!fastcgi_init())
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    intake_finish(&intake);
    free(intake.params);
    close(intake.spool);
    return failed;
}
