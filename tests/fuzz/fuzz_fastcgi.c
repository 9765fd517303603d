/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connection of the web server: the first byte says in how many pieces it comes. What the
 * intake lets through, libfcgi reads as a whole request. */
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "fuzz.h"
#include "server/fastcgi.h"
#include "server/intake.h"

enum { UPLOAD = 70000 };

static struct intake intake = {.fd = -1, .spool = -1};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    log_threshold(LOG_ERROR_LEVEL);
    assert(fastcgi_init());
    return 0;
}

static enum intake_state feed(int to, const uint8_t *data, size_t n, size_t step)
{
    enum intake_state state = INTAKE_MORE;
    for (size_t at = 0; at < n && state == INTAKE_MORE; at += step) {
        if (step > n - at)
            step = n - at;
        assert(write(to, data + at, step) == (ssize_t)step);
        state = intake_read(&intake);
    }
    return state;
}

static void check_whole(void)
{
    struct exchange x = {.arena = fuzz_arena()};
    assert(intake.phase == INTAKE_DONE && intake.params_len <= INTAKE_PARAMS);
    assert(fastcgi_open(&intake, &x));
    assert(x.body_len == (intake.too_large ? 0 : intake.content_length));
    assert((x.body_state == BODY_TOO_LARGE) == intake.too_large &&
           intake.too_large == (intake.content_length > UPLOAD));
    size_t n = 0;
    while (x.params[n] != NULL)
        assert(strchr(x.params[n++], '=') != NULL);
    assert(n >= 1 && n <= INTAKE_PARAM_COUNT + 1); /* and FCGI_ROLE */
    exchange_param(&x, "REQUEST_URI");
    fastcgi_close(&intake);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    int pair[2];
    if (n < 2 || n > 150000)
        return 0;
    assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    intake_start(&intake, pair[0], UPLOAD);
    size_t step = data[0] == 0 ? n : data[0];
    enum intake_state state = feed(pair[1], data + 1, n - 1, step);
    close(pair[1]);
    assert(intake_limit(&intake, 1000) >= intake.born_ms);
    if (state == INTAKE_MORE)
        assert(intake_read(&intake) == INTAKE_BROKEN);
    if (state == INTAKE_WHOLE)
        check_whole();
    intake_finish(&intake);
    return 0;
}
