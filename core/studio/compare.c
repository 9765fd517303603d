/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/compare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

/* A file without a name that diff opens by its number. */
static int put_away(const char *text, char path_r[32])
{
    int fd = memfd_create("mailboy-text", 0);
    if (fd < 0)
        return -1;
    if (!file_write_all(fd, text, strlen(text))) {
        close(fd);
        return -1;
    }
    snprintf(path_r, 32, "/proc/self/fd/%d", fd);
    return fd;
}

static bool run_diff(const char *label, const char *path, const char *other_label,
                     const char *other_path)
{
    int status = 0;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/usr/bin/diff", "diff", "-u", "--label", label, "--label", other_label, path,
              other_path, (char *)NULL);
        _exit(127);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) <= 1;
}

bool compare_print(const char *label, const char *text, const char *other_label,
                   const char *other_text)
{
    char path[32], other_path[32];
    int fd = put_away(text, path), other_fd = put_away(other_text, other_path);
    bool good = fd >= 0 && other_fd >= 0 && run_diff(label, path, other_label, other_path);
    if (fd >= 0)
        close(fd);
    if (other_fd >= 0)
        close(other_fd);
    return good;
}
