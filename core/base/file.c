/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <unistd.h>

bool file_write_all(int fd, const void *bytes, size_t n)
{
    for (const char *at = bytes, *end = at + n; at < end;) {
        ssize_t done = write(fd, at, (size_t)(end - at));
        if (done < 0 && errno != EINTR)
            return false;
        at += done > 0 ? done : 0;
    }
    return true;
}
