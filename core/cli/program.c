/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

const char *program_self(struct arena *a)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    return n > 0 ? arena_memdup(a, path, (size_t)n) : NULL;
}

const char *program_find(struct arena *a, const char *name)
{
    static const char *const places[] = {"/usr/sbin", "/usr/bin", "/sbin", "/bin"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *path = arena_printf(a, "%s/%s", places[i], name);
        if (access(path, X_OK) == 0)
            return path;
    }
    return NULL;
}

static pid_t start(const char *path, const char *const argv[], int out)
{
    posix_spawn_file_actions_t files;
    pid_t pid = -1;
    if (posix_spawn_file_actions_init(&files) != 0)
        return -1;
    bool good = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ==
                    0 &&
                (out < 0 || posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO) == 0) &&
                posix_spawn(&pid, path, &files, NULL, (char *const *)argv, environ) == 0;
    posix_spawn_file_actions_destroy(&files);
    return good ? pid : -1;
}

static void read_all(int fd, struct str *to)
{
    char piece[4096];
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n > 0)
            str_append_n(to, piece, (size_t)n);
        else if (n == 0 || errno != EINTR)
            return;
    }
}

int program_run(struct arena *a, const char *const argv[], struct str *out)
{
    int ends[2] = {-1, -1}, status = 0;
    const char *path = program_find(a, argv[0]);
    if (path == NULL || (out != NULL && pipe2(ends, O_CLOEXEC) != 0))
        return -1;
    fflush(stdout);
    pid_t pid = start(path, argv, ends[1]);
    if (out != NULL) {
        close(ends[1]);
        if (pid > 0)
            read_all(ends[0], out);
        close(ends[0]);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
