/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manifests of three themes ("one", "two", "three"), NUL between, as the worker reads them
 * from the themes folder: the chain they name ends, and holds only names. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "view/theme.h"

static const char *const names[] = {"one", "two", "three"};
static char folder[] = "/dev/shm/mailboy-fuzz-XXXXXX";
static int manifests[3];

static void clean_up(void)
{
    char path[80];
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s/theme.lua", folder, names[i]);
        unlink(path);
        *strrchr(path, '/') = '\0';
        rmdir(path);
    }
    rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    char path[80];
    assert(mkdtemp(folder) != NULL);
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert(mkdir(path, 0700) == 0);
        snprintf(path, sizeof path, "%s/%s/theme.lua", folder, names[i]);
        manifests[i] = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        assert(manifests[i] >= 0);
    }
    atexit(clean_up);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    const char *problem = NULL;
    for (size_t i = 0, at = 0; i < 3; i++) {
        const uint8_t *end = at < n ? memchr(data + at, 0, n - at) : NULL;
        size_t len = (end != NULL && i < 2 ? (size_t)(end - data) : n) - at;
        assert(ftruncate(manifests[i], 0) == 0 &&
               pwrite(manifests[i], data + at, len, 0) == (ssize_t)len);
        at = at + len + 1 < n ? at + len + 1 : n;
    }
    const struct theme *t = theme_load(a, folder, "one", &problem);
    if (t == NULL) {
        assert(problem != NULL);
        return 0;
    }
    assert(t->chain_n >= 1 && t->chain_n <= THEME_CHAIN);
    for (size_t i = 0; i < t->chain_n; i++)
        assert(theme_name_is_valid(t->chain[i].name) && theme_exists(folder, t->chain[i].name));
    return 0;
}
