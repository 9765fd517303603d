/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/bundle.h"

#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"

#define MANIFEST "MANIFEST.sha256"
enum {
    ENTRIES = THEME_FILES + 200, /* folders have entries too */
    DEPTH = 4,                   /* of names below the theme's folder */
    PATH_BYTES = 200,
    HEX = 2 * SHA256_BYTES
};

static const char misplaced[] =
    "everything has to lie in one folder with the theme's name, in plain names of letters, digits "
    "and - _ .";

struct reading {
    struct arena *arena;
    struct bundle *bundle;
    struct str *messages;
    size_t bytes, wrong;
    struct theme_file manifest;
};

static void complain(struct reading *r, const char *path, const char *what)
{
    enum { MOST = 50 };
    if (r->wrong++ < MOST)
        str_printf(r->messages, "%s: %s\n", path, what);
}

static bool is_plain(const char *name, size_t n)
{
    if (n == 0 || name[0] == '.')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)name[i]) && strchr("-_.", name[i]) == NULL)
            return false;
    return true;
}

/* Plain names between single slashes, not too many. */
static bool path_is_plain(const char *path)
{
    unsigned depth = 0;
    if (strlen(path) > PATH_BYTES)
        return false;
    for (;; path++) {
        size_t n = strcspn(path, "/");
        if (!is_plain(path, n) || ++depth > DEPTH)
            return false;
        path += n;
        if (*path == '\0')
            return true;
    }
}

/* The path below the theme's folder; "" for the folder itself. NULL: it is in no good place. */
static const char *path_inside(struct reading *r, const char *whole)
{
    const char *slash = strchr(whole, '/');
    size_t n = slash != NULL ? (size_t)(slash - whole) : strlen(whole);
    const char *name = arena_memdup(r->arena, whole, n);
    if (!theme_name_is_valid(name))
        return NULL;
    if (r->bundle->name == NULL)
        r->bundle->name = name;
    return strcmp(r->bundle->name, name) != 0 ? NULL : slash != NULL ? slash + 1 : "";
}

static bool is_folder_of(const char *folder, const char *path)
{
    size_t n = strlen(folder);
    return strncasecmp(folder, path, n) == 0 && path[n] == '/';
}

/* On a disk that does not tell capitals apart they would be one. */
static bool collides(const struct bundle *b, const char *path)
{
    for (size_t i = 0; i < b->files_n; i++)
        if (strcasecmp(b->files[i].path, path) == 0 || is_folder_of(b->files[i].path, path) ||
            is_folder_of(path, b->files[i].path))
            return true;
    return false;
}

static void keep(struct reading *r, const char *path, const char *bytes, size_t n)
{
    struct theme_file file = {.path = path, .bytes = bytes, .n = n};
    if (strcmp(path, MANIFEST) == 0) {
        if (r->manifest.path != NULL)
            complain(r, path, "it is there twice");
        r->manifest = file;
    } else if (collides(r->bundle, path)) {
        complain(r, path, "it is there twice, or a file and a folder");
    } else if (r->bundle->files_n == THEME_FILES) {
        complain(r, path, "there are too many files");
    } else {
        r->bundle->files[r->bundle->files_n++] = file;
    }
}

/* What the archive says of a size is not believed. False: reading further makes no sense. */
static bool take_data(struct reading *r, struct archive *from, const char *path)
{
    enum { PIECE = 64 * 1024 };
    struct str s;
    char *piece = arena_raw(r->arena, PIECE);
    str_init(&s, r->arena, THEME_FILE_BYTES);
    for (la_ssize_t n; (n = archive_read_data(from, piece, PIECE)) != 0;) {
        if (n < 0) {
            complain(r, path, "the archive is damaged");
            return false;
        }
        str_append_n(&s, piece, (size_t)n);
        r->bytes += (size_t)n;
        if (s.overflow || r->bytes > THEME_BYTES) {
            complain(r, path, "the theme is too large");
            return false;
        }
    }
    keep(r, path, s.data, s.len);
    return true;
}

static bool take_entry(struct reading *r, struct archive *from, struct archive_entry *entry)
{
    const char *whole = archive_entry_pathname(entry);
    mode_t type = archive_entry_filetype(entry);
    char *path = arena_strdup(r->arena, whole != NULL ? whole : "?");
    size_t n = strlen(path);
    if (type == AE_IFDIR && n > 0 && path[n - 1] == '/')
        path[n - 1] = '\0';
    const char *inside = whole != NULL && path_is_plain(path) ? path_inside(r, path) : NULL;
    if (inside == NULL || (inside[0] == '\0' && type != AE_IFDIR))
        complain(r, "an entry", misplaced);
    else if (archive_entry_hardlink(entry) != NULL || archive_entry_symlink(entry) != NULL ||
             (type != AE_IFREG && type != AE_IFDIR))
        complain(r, inside, "neither file nor folder");
    else if (type == AE_IFREG)
        return take_data(r, from, inside);
    return true;
}

static void read_entries(struct reading *r, struct archive *from)
{
    struct archive_entry *entry;
    for (size_t n = 0;; n++) {
        int got = archive_read_next_header(from, &entry);
        if (got == ARCHIVE_EOF)
            return;
        if (got == ARCHIVE_WARN) { /* a name that is none in ASCII, say */
            complain(r, "an entry", misplaced);
            continue;
        }
        if (got != ARCHIVE_OK || n == ENTRIES) {
            complain(r, "the archive",
                     n == ENTRIES ? "there are too many entries" : "it is no tar.gz, or damaged");
            return;
        }
        if (!take_entry(r, from, entry))
            return;
    }
}

/* The hash that the manifest has for a path; NULL if none. */
static const char *hash_of(const char *manifest, const char *path)
{
    size_t n = strlen(path);
    for (const char *line = manifest; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        if (len == HEX + 2 + n && memcmp(line + HEX, "  ", 2) == 0 &&
            memcmp(line + HEX + 2, path, n) == 0)
            return line;
        line += len + (line[len] == '\n');
    }
    return NULL;
}

static size_t lines_in(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text += strcspn(text, "\n") + (strchr(text, '\n') != NULL))
        n++;
    return n;
}

static void hold_against_manifest(struct reading *r)
{
    if (r->manifest.path == NULL) {
        complain(r, MANIFEST, "it is missing: `mailboy theme pack` makes such archives");
        return;
    }
    for (size_t i = 0; i < r->bundle->files_n; i++) {
        const struct theme_file *f = &r->bundle->files[i];
        unsigned char digest[SHA256_BYTES];
        const char *said = hash_of(r->manifest.bytes, f->path);
        sha256(f->bytes, f->n, digest);
        if (said == NULL)
            complain(r, f->path, "it is not in the manifest");
        else if (memcmp(said, hex_text(r->arena, digest, SHA256_BYTES), HEX) != 0)
            complain(r, f->path, "it is not what the manifest says");
    }
    if (r->wrong == 0 && lines_in(r->manifest.bytes) != r->bundle->files_n)
        complain(r, MANIFEST, "it names files that are not there");
}

static bool has_file(const struct bundle *b, const char *path)
{
    for (size_t i = 0; i < b->files_n; i++)
        if (strcmp(b->files[i].path, path) == 0)
            return true;
    return false;
}

bool bundle_read(struct arena *a, const void *bytes, size_t n, struct bundle *bundle_r,
                 struct str *messages)
{
    *bundle_r = (struct bundle){.files = arena_array(a, THEME_FILES, sizeof(struct theme_file))};
    struct reading r = {.arena = a, .bundle = bundle_r, .messages = messages};
    struct archive *from = archive_read_new();
    if (n > BUNDLE_BYTES) {
        complain(&r, "the archive", "it is too large");
    } else if (from == NULL || archive_read_support_filter_gzip(from) != ARCHIVE_OK ||
               archive_read_support_format_tar(from) != ARCHIVE_OK ||
               archive_read_open_memory(from, bytes, n) != ARCHIVE_OK) {
        complain(&r, "the archive", "it is no tar.gz");
    } else {
        read_entries(&r, from);
    }
    archive_read_free(from);
    if (r.wrong == 0)
        hold_against_manifest(&r);
    if (r.wrong == 0 && !has_file(bundle_r, "theme.lua"))
        complain(&r, "theme.lua", "it is missing");
    return r.wrong == 0;
}

bool bundle_is_sound(const struct bundle *b)
{
    struct bundle so_far = {.name = b->name, .files = b->files};
    size_t bytes = 0;
    if (!theme_name_is_valid(b->name) || b->files_n > THEME_FILES)
        return false;
    for (; so_far.files_n < b->files_n; so_far.files_n++) {
        const struct theme_file *f = &b->files[so_far.files_n];
        bytes += f->n;
        if (!path_is_plain(f->path) || collides(&so_far, f->path) || f->n > THEME_FILE_BYTES ||
            bytes > THEME_BYTES)
            return false;
    }
    return has_file(b, "theme.lua");
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct theme_file *)a)->path, ((const struct theme_file *)b)->path);
}

static void write_entry(struct archive *to, const char *name, const struct theme_file *f)
{
    struct archive_entry *entry = archive_entry_new();
    char path[sizeof "/" + 40 + PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", name, f->path);
    archive_entry_set_pathname(entry, path);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 0, 0);
    archive_entry_set_size(entry, (la_int64_t)f->n);
    int begun = archive_write_header(to, entry);
    la_ssize_t done = archive_write_data(to, f->bytes, f->n);
    assert(begun == ARCHIVE_OK && done == (la_ssize_t)f->n); /* into memory, with room enough */
    archive_entry_free(entry);
}

static struct theme_file manifest_of(struct arena *a, const struct theme_file *files, size_t n)
{
    struct str s;
    str_init(&s, a, (size_t)THEME_FILES * (HEX + 3 + PATH_BYTES));
    for (size_t i = 0; i < n; i++) {
        unsigned char digest[SHA256_BYTES];
        sha256(files[i].bytes, files[i].n, digest);
        str_printf(&s, "%s  %s\n", hex_text(a, digest, SHA256_BYTES), files[i].path);
    }
    return (struct theme_file){.path = MANIFEST, .bytes = s.data, .n = s.len};
}

void bundle_write(const struct bundle *b, struct str *to)
{
    struct arena *a = to->arena;
    struct theme_file *files = arena_array(a, b->files_n + 1, sizeof *files);
    size_t room = 64 * 1024, used = 0;
    memcpy(files, b->files, b->files_n * sizeof *files);
    qsort(files, b->files_n, sizeof *files, by_path);
    struct theme_file manifest = manifest_of(a, files, b->files_n);
    for (size_t i = 0; i < b->files_n; i++)
        room += files[i].n + 2048;
    room += manifest.n;
    char *bytes = arena_raw(a, room);
    struct archive *out = archive_write_new();
    bool good = out != NULL && archive_write_add_filter_gzip(out) == ARCHIVE_OK &&
                archive_write_set_filter_option(out, "gzip", "compression-level", "9") ==
                    ARCHIVE_OK &&
                archive_write_set_filter_option(out, "gzip", "timestamp", NULL) == ARCHIVE_OK &&
                archive_write_set_format_ustar(out) == ARCHIVE_OK &&
                archive_write_open_memory(out, bytes, room, &used) == ARCHIVE_OK;
    assert(good);
    write_entry(out, b->name, &manifest);
    for (size_t i = 0; i < b->files_n; i++)
        write_entry(out, b->name, &files[i]);
    int closed = archive_write_close(out);
    assert(closed == ARCHIVE_OK);
    archive_write_free(out);
    str_append_n(to, bytes, used);
}
