/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio/author.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "studio/folder.h"
#include "view/theme.h"

static const char manifest[] =
    "-- Data only. The reference: mailboy theme docs\n"
    "return {\n"
    "  name = \"%s\", title = \"%s\", version = \"0.1.0\", license = \"MIT\",\n"
    "  extends = \"%s\", contract = \"1.0\", api = 1,\n"
    "  schemes = { \"light\", \"dark\" },\n"
    "  tokens = \"tokens.css\",\n"
    "}\n";
static const char tokens[] = "/* Read after the parent's styles; light and dark on one line. More "
                             "tokens: mailboy theme docs */\n"
                             ":root {\n"
                             "  --accent:       light-dark(#0b6470, #7fd6e0);\n"
                             "  --accent-hover: light-dark(#084d56, #a9e6ed);\n"
                             "  --accent-ink:   light-dark(#fff, #042126);\n"
                             "  --accent-soft:  light-dark(#e0f2f4, #10333a);\n"
                             "}\n";

/* "night-harbour" -> "Night harbour" */
static const char *title_of(struct arena *a, const char *name)
{
    char *title = arena_strdup(a, name);
    for (char *c = title; *c != '\0'; c++)
        *c = *c == '-' ? ' ' : *c;
    if (title[0] >= 'a' && title[0] <= 'z')
        title[0] = (char)(title[0] - 'a' + 'A');
    return title;
}

/* Why a new theme cannot stand on that one; NULL if it can. */
static const char *parent_objection(struct arena *a, const char *themes_dir, const char *parent)
{
    const char *problem = NULL;
    if (strcmp(parent, "base") == 0)
        return NULL;
    const struct theme *t = theme_load(a, themes_dir, parent, &problem);
    if (t == NULL)
        return arena_printf(a, "--extends %s, looked for in %s: %s", parent, themes_dir, problem);
    if (t->chain_n == THEME_CHAIN)
        return arena_printf(a, "--extends %s: %d themes may stand on each other at most", parent,
                            THEME_CHAIN);
    return NULL;
}

const char *author_new(struct arena *a, const char *themes_dir, const char *name,
                       const char *parent)
{
    struct stat s;
    if (!theme_name_is_valid(name) || strcmp(name, "base") == 0)
        return "a theme's name has small letters, digits and -, 40 at most, and is not base";
    const char *objection = parent_objection(a, themes_dir, parent);
    if (objection != NULL)
        return objection;
    int folder = folder_open(a, themes_dir);
    if (folder < 0)
        return arena_printf(a, "%s: %s", themes_dir, strerror(errno));
    const char *problem = NULL;
    if (fstatat(folder, name, &s, AT_SYMLINK_NOFOLLOW) == 0) {
        problem = arena_printf(a, "%s/%s is there already", themes_dir, name);
    } else {
        const char *lua = arena_printf(a, manifest, name, title_of(a, name), parent);
        int own = folder_enter(folder, name);
        if (own < 0 || !folder_write(own, "tokens.css", tokens, strlen(tokens)) ||
            !folder_write(own, "theme.lua", lua, strlen(lua)))
            problem = arena_printf(a, "%s/%s: %s", themes_dir, name, strerror(errno));
        if (own >= 0)
            close(own);
    }
    close(folder);
    return problem;
}

static size_t indent_of(const char *line)
{
    return strspn(line, " \t");
}

/* The least indentation of lines with something on them; the first may begin behind its tag. */
static size_t common_indent(const char *text)
{
    size_t least = SIZE_MAX;
    for (const char *line = strchr(text, '\n'); line != NULL; line = strchr(line, '\n')) {
        size_t n = indent_of(++line);
        if (line[n] != '\n' && line[n] != '\0' && n < least)
            least = n;
    }
    return least == SIZE_MAX ? 0 : least;
}

const char *block_text(struct arena *a, const char *text)
{
    struct str s;
    str_init(&s, a, strlen(text) + 2);
    size_t indent = common_indent(text);
    text += strspn(text, "\n");
    text += indent_of(text);
    for (size_t n; *text != '\0';) {
        n = strcspn(text, "\n");
        str_append_n(&s, text, n);
        str_append_c(&s, '\n');
        text += n + (text[n] == '\n');
        n = indent_of(text);
        text += n < indent ? n : indent;
    }
    while (s.len > 1 && strchr(" \t\n", s.data[s.len - 2]) != NULL)
        str_truncate(&s, s.len - 1);
    if (s.len > 0 && s.data[s.len - 1] != '\n')
        s.data[s.len - 1] = '\n';
    return s.data;
}

const char *block_origin(struct arena *a, const struct studio_block *parent)
{
    return arena_printf(a, "{# based-on: %s@%s block=%s sha=%s #}", parent->theme,
                        parent->version[0] != '\0' ? parent->version : "0", parent->block,
                        parent->sha);
}

/* Where it stands with the theme's own: NULL if the parent's is to be copied. */
static const char *obstacle(struct arena *a, const struct studio_blocks *blocks, const char *name,
                            const char *page, const char *block)
{
    if (blocks->n == 0)
        return arena_printf(a, "there is no block '%s' in '%s'", block, page);
    if (strcmp(blocks->at[0].theme, name) == 0)
        return arena_printf(a, "the theme has that block already: %s", blocks->at[0].path);
    return NULL;
}

static const char *known_blocks(struct studio *s, struct arena *a, const char *page)
{
    struct studio_blocks all;
    struct str list;
    str_init(&list, a, 4000);
    if (!studio_blocks(s, a, "", "", &all))
        return "";
    bool known = false;
    for (size_t i = 0; i < all.n; i++)
        known |= strcmp(all.at[i].page, page) == 0;
    for (size_t i = 0; i < all.n; i++) /* of that page; of an unknown one, what pages there are */
        if (all.at[i].depth == 0 &&
            (known ? strcmp(all.at[i].page, page) == 0 : strcmp(all.at[i].block, "main") == 0))
            str_printf(&list, "\n  %s:%s", all.at[i].page, all.at[i].block);
    return list.data;
}

static bool write_override(struct arena *a, const char *themes_dir, const char *name,
                           const char *path, const struct studio_block *from)
{
    const char *text = block_text(a, from->text);
    const char *whole = arena_printf(a, "%s\n%s", block_origin(a, from), text);
    const char *beside = arena_printf(a, "blocks/%s/.%s.base", from->page, from->block);
    int folder =
        open(arena_printf(a, "%s/%s", themes_dir, name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return false;
    bool good = folder_write_below(a, folder, beside, text, strlen(text)) &&
                folder_write_below(a, folder, path, whole, strlen(whole));
    close(folder);
    return good;
}

const char *author_override(struct studio *s, struct arena *a, const char *themes_dir,
                            const char *name, const char *page, const char *block,
                            const char **path_r)
{
    struct studio_blocks blocks;
    if (!studio_blocks(s, a, page, block, &blocks))
        return studio_why(s);
    const char *problem = obstacle(a, &blocks, name, page, block);
    if (blocks.n == 0)
        return arena_printf(a, "%s. There are:%s", problem, known_blocks(s, a, page));
    if (problem != NULL)
        return problem;
    *path_r = arena_printf(a, "blocks/%s/%s.html", page, block);
    if (!write_override(a, themes_dir, name, *path_r, &blocks.at[0]))
        return arena_printf(a, "%s/%s/%s: %s", themes_dir, name, *path_r, strerror(errno));
    return NULL;
}

bool override_is_stale(const struct override *o)
{
    return o->sha[0] != '\0' && strcmp(o->sha, o->parent->sha) != 0;
}

static const char *own_file(const struct theme *t, const char *path)
{
    for (size_t i = 0; t != NULL && i < t->chain[0].files_n; i++)
        if (strcmp(t->chain[0].files[i].path, path) == 0)
            return t->chain[0].files[i].bytes; /* with a NUL behind */
    return "";
}

static void read_origin(struct arena *a, const char *text, struct override *o)
{
    char theme[41], version[41], block[81], sha[9];
    const char *at = strstr(text, "based-on:");
    o->theme = o->version = o->sha = "";
    if (at != NULL && sscanf(at, "based-on: %40[a-z0-9-]@%40[^ \n] block=%80[^ \n] sha=%8[0-9a-f]",
                             theme, version, block, sha) == 4) {
        o->theme = arena_strdup(a, theme);
        o->version = arena_strdup(a, version);
        o->sha = arena_strdup(a, sha);
    }
}

static const char *read_small(struct arena *a, const char *path)
{
    enum { MOST = 1 << 20 };
    struct stat s;
    char *text = NULL;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_size < MOST) {
        text = arena_alloc(a, (size_t)s.st_size + 1);
        ssize_t n = read(fd, text, (size_t)s.st_size);
        text[n > 0 ? n : 0] = '\0';
    }
    if (fd >= 0)
        close(fd);
    return text;
}

static bool fill_in(struct studio *s, struct arena *a, const char *themes_dir, const char *name,
                    const struct studio_block *row, struct override *o)
{
    struct studio_blocks two;
    if (!studio_blocks(s, a, row->page, row->block, &two) || two.n < 2)
        return false;
    o->own = two.at;
    o->parent = two.at + 1;
    read_origin(a, own_file(studio_theme(s), o->own->path), o);
    o->original = read_small(
        a, arena_printf(a, "%s/%s/blocks/%s/.%s.base", themes_dir, name, row->page, row->block));
    return true;
}

bool overrides_list(struct studio *s, struct arena *a, const char *themes_dir, const char *name,
                    struct override **overrides_r, size_t *n_r)
{
    struct studio_blocks all;
    if (!studio_blocks(s, a, "", "", &all))
        return false;
    struct override *list = arena_array(a, all.n + 1, sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i + 1 < all.n; i++)
        if (all.at[i].depth == 0 && strcmp(all.at[i].theme, name) == 0 &&
            strncmp(all.at[i].path, "blocks/", 7) == 0 && all.at[i + 1].depth == 1)
            n += fill_in(s, a, themes_dir, name, &all.at[i], &list[n]);
    *overrides_r = list;
    *n_r = n;
    return true;
}
