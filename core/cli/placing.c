/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/placing.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/str.h"
#include "studio/compare.h"

#define KEPT ".before-mailboy"

static bool fail(struct placing *p, const char *path, const char *why)
{
    p->trouble = arena_printf(p->arena, "%s: %s", path, why);
    return false;
}

static const char *whole_path(const struct placing *p, const char *path)
{
    return arena_printf(p->arena, "%s/%s", p->folder, path);
}

void placing_init(struct placing *p, struct arena *a, const char *folder)
{
    *p = (struct placing){.arena = a, .folder = folder};
}

struct placed_file *placing_add(struct placing *p, const char *path)
{
    assert(p->n < PLACING_FILES);
    struct placed_file *f = &p->files[p->n++];
    f->path = path;
    return f;
}

/* ---- reading ---- */

static bool read_open(struct placing *p, int fd, const char *path, struct file_state *state)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail(p, path, strerror(errno));
    if (!S_ISREG(st.st_mode) || st.st_size > 1 << 20)
        return fail(p, path, "this is no file of configuration");
    char *bytes = arena_raw(p->arena, (size_t)st.st_size + 1);
    ssize_t n = read(fd, bytes, (size_t)st.st_size);
    if (n != (ssize_t)st.st_size)
        return fail(p, path, n < 0 ? strerror(errno) : "it changed while it was read");
    bytes[n] = '\0';
    *state = (struct file_state){true, bytes, (size_t)n, st.st_mode & 07777, st.st_uid, st.st_gid};
    return true;
}

static bool read_at(struct placing *p, const char *path, struct file_state *state_r)
{
    *state_r = (struct file_state){.there = false};
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return true;
    if (fd < 0)
        return fail(p, path,
                    errno == ELOOP ? "this is a link, and is left alone" : strerror(errno));
    bool good = read_open(p, fd, path, state_r);
    close(fd);
    return good;
}

bool placing_read(struct placing *p, const char *path, struct file_state *state_r)
{
    return read_at(p, whole_path(p, path), state_r);
}

bool placing_look(struct placing *p)
{
    struct stat st;
    if (stat(p->folder, &st) != 0)
        return fail(p, p->folder, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return fail(p, p->folder, strerror(ENOTDIR));
    for (size_t i = 0; i < p->n; i++)
        if (!placing_read(p, p->files[i].path, &p->files[i].is))
            return false;
    return true;
}

/* ---- showing ---- */

static bool bytes_differ(const struct placed_file *f)
{
    return f->is.there != f->want.there || f->is.n != f->want.n ||
           (f->is.n > 0 && memcmp(f->is.bytes, f->want.bytes, f->is.n) != 0);
}

static bool rights_differ(const struct placed_file *f)
{
    return f->want.there &&
           (f->is.mode != f->want.mode || f->is.uid != f->want.uid || f->is.gid != f->want.gid);
}

bool file_differs(const struct placed_file *f)
{
    return bytes_differ(f) || rights_differ(f);
}

bool placing_differs(const struct placing *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (file_differs(&p->files[i]))
            return true;
    return false;
}

static const char *rights(struct arena *a, const struct file_state *s)
{
    const struct passwd *user = getpwuid(s->uid);
    const char *who = user != NULL ? arena_strdup(a, user->pw_name)
                                   : arena_printf(a, "%u", (unsigned)s->uid);
    const struct group *group = getgrgid(s->gid);
    return group != NULL ? arena_printf(a, "%s:%s %04o", who, group->gr_name, (unsigned)s->mode)
                         : arena_printf(a, "%s:%u %04o", who, (unsigned)s->gid, (unsigned)s->mode);
}

static bool show(const struct placing *p, const struct placed_file *f)
{
    const char *path = whole_path(p, f->path);
    if (bytes_differ(f) &&
        !compare_print(f->is.there ? path : "/dev/null", f->is.there ? f->is.bytes : "",
                       f->want.there ? path : "/dev/null", f->want.there ? f->want.bytes : ""))
        return false;
    if (rights_differ(f))
        printf("%s: %s%s%s\n", path, f->is.there ? rights(p->arena, &f->is) : "",
               f->is.there ? " -> " : "", rights(p->arena, &f->want));
    return true;
}

bool placing_show(const struct placing *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (!show(p, &p->files[i]))
            return false;
    return true;
}

/* ---- writing ---- */

/* Whole, or as it was: by a file beside it that takes its place. */
static bool put(struct placing *p, const char *path, const struct file_state *s)
{
    char *fresh = arena_printf(p->arena, "%s.mailboy-XXXXXX", path);
    int fd = mkostemp(fresh, O_CLOEXEC);
    if (fd < 0)
        return fail(p, path, strerror(errno));
    bool good = file_write_all(fd, s->bytes, s->n) && fchown(fd, s->uid, s->gid) == 0 &&
                fchmod(fd, s->mode) == 0 && fsync(fd) == 0;
    good = close(fd) == 0 && good && rename(fresh, path) == 0;
    int why = errno;
    if (!good)
        unlink(fresh);
    return good || fail(p, path, strerror(why));
}

static bool apply(struct placing *p, const struct placed_file *f)
{
    const char *path = whole_path(p, f->path);
    if (!file_differs(f))
        return true;
    if (f->want.there)
        return put(p, path, &f->want);
    return unlink(path) == 0 || errno == ENOENT || fail(p, path, strerror(errno));
}

/* Folders that a file needs: as open as the file, and of its group. */
static bool make_folders(struct placing *p, const struct placed_file *f)
{
    for (const char *slash = strchr(f->path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        const char *name = arena_memdup(p->arena, f->path, (size_t)(slash - f->path));
        const char *path = whole_path(p, name);
        if (mkdir(path, 0700) != 0) {
            if (errno != EEXIST)
                return fail(p, path, strerror(errno));
            continue;
        }
        assert(p->made_n < PLACING_FILES);
        p->made[p->made_n++] = name;
        if (chown(path, f->want.uid, f->want.gid) != 0 ||
            chmod(path, (f->want.mode & 04) != 0 ? 0755 : 0750) != 0)
            return fail(p, path, strerror(errno));
    }
    return true;
}

static bool make_all_folders(struct placing *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->files[i].want.there && !make_folders(p, &p->files[i]))
            return false;
    return true;
}

static bool apply_all(struct placing *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (!apply(p, &p->files[i]))
            return false;
    return true;
}

bool placing_put(struct placing *p)
{
    return make_all_folders(p) && apply_all(p);
}

/* ---- keeping ---- */

/* The highest number in the folder of what was kept; 0: none. */
static long last_kept(const struct placing *p)
{
    long highest = 0;
    DIR *d = opendir(whole_path(p, KEPT));
    if (d == NULL)
        return 0;
    for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        long n = strtol(e->d_name, NULL, 10);
        highest = n > highest ? n : highest;
    }
    closedir(d);
    return highest;
}

static const char *kept_file(const struct placing *p, const char *name)
{
    return arena_printf(p->arena, "%s/%s", p->kept, name);
}

static const char *digest_text(struct arena *a, const struct file_state *s)
{
    unsigned char digest[SHA256_BYTES];
    sha256(s->bytes, s->n, digest);
    return hex_text(a, digest, sizeof digest);
}

/* One line a file: was or new, mode, owner and group of what is kept, what takes its place, path. */
static void list(const struct placing *p, struct str *s)
{
    for (size_t i = 0; i < p->made_n; i++)
        str_printf(s, "folder 0 0 0 - %s\n", p->made[i]);
    for (size_t i = 0; i < p->n; i++) {
        const struct placed_file *f = &p->files[i];
        if (file_differs(f))
            str_printf(s, "%s %o %u %u %s %s\n", f->is.there ? "was" : "new", (unsigned)f->is.mode,
                       (unsigned)f->is.uid, (unsigned)f->is.gid, digest_text(p->arena, &f->want),
                       f->path);
    }
}

static const char *kept_name(struct arena *a, const char *path)
{
    char *name = arena_strdup(a, path);
    for (char *c = name; *c != '\0'; c++)
        *c = *c == '/' ? ':' : *c;
    return arena_printf(a, "=%s", name);
}

static bool keep(struct placing *p)
{
    const char *folder = whole_path(p, KEPT);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fail(p, folder, strerror(errno));
    const char *kept = arena_printf(p->arena, "%s/%ld", folder, last_kept(p) + 1);
    if (mkdir(kept, 0700) != 0)
        return fail(p, kept, strerror(errno));
    p->kept = kept;
    for (size_t i = 0; i < p->n; i++) {
        const struct placed_file *f = &p->files[i];
        if (f->is.there && file_differs(f)) {
            struct file_state copy = f->is;
            copy.mode = 0600, copy.uid = geteuid(), copy.gid = getegid();
            if (!put(p, kept_file(p, kept_name(p->arena, f->path)), &copy))
                return false;
        }
    }
    return true;
}

/* Last of all, and again when folders were made: without a list nothing was kept. */
static bool keep_list(struct placing *p)
{
    struct str s;
    str_init(&s, p->arena, 1 << 20);
    list(p, &s);
    return put(p, kept_file(p, "list"),
               &(struct file_state){true, s.data, s.len, 0600, geteuid(), getegid()});
}

static void drop_kept(struct placing *p)
{
    for (size_t i = 0; i < p->n; i++)
        unlink(kept_file(p, kept_name(p->arena, p->files[i].path)));
    unlink(kept_file(p, "list"));
    rmdir(p->kept);
    rmdir(whole_path(p, KEPT)); /* fails as long as older ones are there */
}

/* As it was before: of each file what placing_look saw, and none of the folders made. */
static void give_up(struct placing *p)
{
    const char *why = p->trouble;
    bool good = true;
    for (size_t i = 0; i < p->n; i++) {
        struct placed_file back = p->files[i];
        back.want = p->files[i].is;
        good = placing_read(p, back.path, &back.is) && apply(p, &back) && good;
    }
    for (size_t i = p->made_n; i > 0; i--)
        rmdir(whole_path(p, p->made[i - 1])); /* stays if somebody put something there */
    if (good)
        drop_kept(p);
    p->trouble = good ? arena_printf(p->arena, "%s. Everything is as it was before.", why)
                      : arena_printf(p->arena, "%s. --undo takes back what was written.", why);
}

/* Between showing and doing there was time for an edit. */
static bool is_as_shown(struct placing *p)
{
    for (size_t i = 0; i < p->n; i++) {
        struct placed_file now = p->files[i];
        now.want = now.is;
        if (!placing_read(p, now.path, &now.is))
            return false;
        if (file_differs(&now) || now.is.there != now.want.there)
            return fail(p, whole_path(p, now.path), "it was changed meanwhile; look again");
    }
    return true;
}

bool placing_do(struct placing *p)
{
    if (!is_as_shown(p))
        return false;
    if (keep(p) && keep_list(p) && make_all_folders(p) && keep_list(p) && apply_all(p))
        return true;
    if (p->kept != NULL)
        give_up(p);
    return false;
}

/* ---- taking back ---- */

static bool recall_line(struct placing *p, char *line)
{
    char kind[8], digest[80];
    unsigned mode, uid, gid;
    int at = 0;
    if (sscanf(line, "%7s %o %u %u %79s %n", kind, &mode, &uid, &gid, digest, &at) != 5 || at == 0)
        return fail(p, kept_file(p, "list"), "this line is not Mailboy's");
    const char *path = arena_strdup(p->arena, line + at);
    if (strcmp(kind, "folder") == 0) {
        assert(p->made_n < PLACING_FILES);
        p->made[p->made_n++] = path;
        return true;
    }
    struct placed_file *f = placing_add(p, path);
    f->ours = arena_strdup(p->arena, digest);
    if (strcmp(kind, "was") != 0)
        return true;
    const char *copy = kept_file(p, kept_name(p->arena, path));
    if (!read_at(p, copy, &f->want))
        return false;
    if (!f->want.there)
        return fail(p, copy, "the copy is gone");
    f->want.mode = mode, f->want.uid = uid, f->want.gid = gid;
    return true;
}

bool placing_recall(struct placing *p)
{
    struct file_state text;
    long n = last_kept(p);
    if (n == 0)
        return fail(p, p->folder, "nothing was put here that could be taken back");
    p->kept = arena_printf(p->arena, "%s/%ld", whole_path(p, KEPT), n);
    if (!read_at(p, kept_file(p, "list"), &text))
        return false;
    char *at = arena_strdup(p->arena, text.there ? text.bytes : "");
    for (char *line; (line = strsep(&at, "\n")) != NULL;)
        if (line[0] != '\0' && !recall_line(p, line))
            return false;
    return placing_look(p);
}

const char *placing_changed_since(const struct placing *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct placed_file *f = &p->files[i];
        if (file_differs(f) &&
            (!f->is.there || strcmp(digest_text(p->arena, &f->is), f->ours) != 0))
            return whole_path(p, f->path);
    }
    return NULL;
}

bool placing_undo(struct placing *p)
{
    if (!apply_all(p))
        return false;
    for (size_t i = p->made_n; i > 0; i--)
        rmdir(whole_path(p, p->made[i - 1])); /* stays if somebody put something there */
    drop_kept(p);
    return true;
}
