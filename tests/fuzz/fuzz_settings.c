/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration file: whatever stands in it, there are settings or mistakes, each mistake on
 * its line. */
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "settings/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static int fd = -1;
    struct arena *a = fuzz_arena();
    struct settings settings;
    struct str mistakes;
    if (fd < 0) {
        fd = memfd_create("conf", MFD_CLOEXEC);
        assert(fd >= 0 && fchmod(fd, 0600) == 0);
    }
    assert(ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n);
    str_init(&mistakes, a, 16 * 1024 * 1024);
    /* as many modes as there may be lengths: mostly the right one */
    assert(fchmod(fd, n % 8 == 5 ? 0644 : n % 8 == 6 ? 0622 : 0600) == 0);
    bool fine = settings_load(a, arena_printf(a, "/proc/self/fd/%d", fd), &settings, &mistakes);
    assert(fine == (mistakes.len == 0) && strlen(mistakes.data) == mistakes.len);
    assert(mistakes.len == 0 || mistakes.data[mistakes.len - 1] == '\n');
    if (n == 0)
        assert(!settings_load(a, "/proc/self", &settings, &mistakes) &&
               !settings_load(a, "/nowhere", &settings, &mistakes));
    if (fine)
        assert(settings.hosts.n > 0 && settings.request_timeout > settings.statement_timeout);
    return 0;
}
