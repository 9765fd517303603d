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

/* What else lies in a theme's folder: files, folders in folders, names that are passed over. */
static const char *const also[] = {"one/app.css",    "one/pages/",  "one/pages/a.html",
                                   "one/a/",         "one/a/b/",    "one/a/b/c/",
                                   "one/a/b/c/d/",   "one/.hidden", "one/a b",
                                   "one/a/link.css", "two/pages/",  "two/pages/b.html"};

static void make_also(void)
{
    char path[120];
    for (size_t i = 0; i < sizeof also / sizeof *also; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, also[i]);
        size_t n = strlen(path);
        if (path[n - 1] == '/')
            assert(mkdir(path, 0700) == 0);
        else if (strstr(path, "link") != NULL)
            assert(symlink("/etc/passwd", path) == 0);
        else
            assert(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == 0);
    }
}

static void clean_also(void)
{
    char path[120];
    for (size_t i = sizeof also / sizeof *also; i-- > 0;) {
        snprintf(path, sizeof path, "%s/%s", folder, also[i]);
        if (path[strlen(path) - 1] == '/')
            rmdir(path);
        else
            unlink(path);
    }
}

static void clean_up(void)
{
    char path[80];
    clean_also();
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
    make_also();
    atexit(clean_up);
    return 0;
}

/* The names of themes are a stranger's too. */
static void check_name(struct arena *a, const char *name)
{
    const char *problem = NULL;
    const struct theme *t = theme_load(a, folder, name, &problem);
    assert(t == NULL || theme_exists(folder, name));
    const char *const *listed;
    size_t count;
    theme_list(a, folder, &listed, &count);
    assert(count == 4 && strcmp(listed[0], "base") == 0 && strcmp(listed[1], "one") == 0);
    assert(theme_exists(folder, "base"));
    assert(theme_load(a, "/nowhere", name, &problem) == NULL && problem != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    const char *problem = NULL;
    check_name(a, fuzz_text(a, data, n));
    for (size_t i = 0, at = 0; i < 3; i++) {
        const uint8_t *end = at < n ? memchr(data + at, 0, n - at) : NULL;
        size_t len = (end != NULL && i < 2 ? (size_t)(end - data) : n) - at;
        assert(ftruncate(manifests[i], 0) == 0 &&
               pwrite(manifests[i], data + at, len, 0) == (ssize_t)len);
        at = at + len + 1 < n ? at + len + 1 : n;
    }
    if (n > 0 && data[0] == '!') /* more than a file of a theme may have */
        assert(ftruncate(manifests[n % 3], THEME_FILE_BYTES + 1) == 0);
    const struct theme *t = theme_load(a, folder, "one", &problem);
    if (t == NULL) {
        assert(problem != NULL);
        return 0;
    }
    assert(t->chain_n >= 1 && t->chain_n <= THEME_CHAIN);
    assert(theme_file(&t->chain[0], "app.css") != NULL &&
           theme_file(&t->chain[0], "a/link.css") == NULL &&
           theme_file(&t->chain[0], ".hidden") == NULL);
    for (size_t i = 0; i < t->chain_n; i++)
        assert(theme_name_is_valid(t->chain[i].name) && theme_exists(folder, t->chain[i].name));
    return 0;
}
