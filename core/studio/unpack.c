/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/unpack.h"

#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/utf8.h"
#include "base/wire.h"
#include "server/confine.h"

enum { SECONDS = 10, MEMORY = 512 << 20, NOBODY = 65534, MESSAGES = 1 << 16 };

static void limit(int what, rlim_t most)
{
    const struct rlimit l = {most, most};
    if (setrlimit((__rlimit_resource_t)what, &l) != 0)
        _exit(EXIT_FAILURE);
}

/* Nothing is opened from here on: what is needed is in memory. */
static void give_up_rights(void)
{
    limit(RLIMIT_CPU, SECONDS);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
#ifndef MAILBOY_SANITIZED
    limit(RLIMIT_AS, MEMORY);
    limit(RLIMIT_NOFILE, 0);
#endif
    if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
                           setresuid(NOBODY, NOBODY, NOBODY) != 0))
        _exit(EXIT_FAILURE);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(EXIT_FAILURE);
    worker_confine();
}

static void tell(int fd, struct arena *a, const struct bundle *b, const struct str *messages)
{
    struct str s;
    str_init(&s, a, WIRE_MAX);
    wire_begin(&s, WIRE_THEME);
    wire_put_text(&s, messages->data, messages->len);
    wire_put_text(&s, b != NULL ? b->name : "", b != NULL ? strlen(b->name) : 0);
    wire_put_u32(&s, b != NULL ? b->files_n : 0);
    for (size_t i = 0; b != NULL && i < b->files_n; i++) {
        wire_put_text(&s, b->files[i].path, strlen(b->files[i].path));
        wire_put_text(&s, b->files[i].bytes, b->files[i].n);
    }
    wire_end(&s);
    if (s.overflow || !wire_send(fd, &s, 0))
        _exit(EXIT_FAILURE);
}

static void work(int fd, struct arena *a, const void *bytes, size_t n)
{
    struct bundle b;
    struct str messages;
    give_up_rights();
    str_init(&messages, a, MESSAGES);
    bool good = bundle_read(a, bytes, n, &b, &messages);
    tell(fd, a, good ? &b : NULL, &messages);
    _exit(EXIT_SUCCESS);
}

static char *take_text(struct wire_reader *r, struct arena *a, size_t *n_r)
{
    const char *at = wire_text(r, n_r);
    return arena_memdup(a, at, *n_r);
}

static bool take_bundle(struct arena *a, const unsigned char *message, size_t n,
                        struct bundle *bundle_r, struct str *messages)
{
    size_t len;
    struct wire_reader r = wire_reader(message, n);
    wire_u8(&r);
    const char *said = take_text(&r, a, &len);
    if (utf8_is_valid(said, len))
        str_append(messages, said);
    bundle_r->name = take_text(&r, a, &len);
    bundle_r->files_n = wire_u32(&r);
    if (r.broken || bundle_r->files_n > THEME_FILES)
        return false;
    bundle_r->files = arena_array(a, THEME_FILES, sizeof *bundle_r->files);
    for (size_t i = 0; i < bundle_r->files_n; i++) {
        bundle_r->files[i].path = take_text(&r, a, &len);
        bundle_r->files[i].bytes = take_text(&r, a, &bundle_r->files[i].n);
    }
    return !r.broken && r.at == r.end;
}

bool unpack(struct arena *a, const void *bytes, size_t n, struct bundle *bundle_r,
            struct str *messages)
{
    int pair[2], status = 0;
    const unsigned char *message;
    size_t len;
    *bundle_r = (struct bundle){0};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        work(pair[1], a, bytes, n);
    close(pair[1]);
    bool got = pid > 0 && wire_receive(pair[0], a, 0, &message, &len);
    close(pair[0]);
    if (pid > 0)
        waitpid(pid, &status, 0);
    got = got && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS &&
          take_bundle(a, message, len, bundle_r, messages);
    if (!got)
        str_append(messages, "the archive: it could not be taken apart\n");
    return got && messages->len == 0 && bundle_is_sound(bundle_r);
}
