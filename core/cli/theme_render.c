/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy theme render: the pages of the fixtures as files that a browser opens without a server,
 * for review and for comparing pictures. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/asset.h"
#include "base/embed.h"
#include "cli/theme.h"

struct rendering {
    struct shell *sh;
    struct studio *studio;
    const char *name, *out;
    struct str index;
    const char *page; /* the last one that the index named */
    size_t drawn;
};

static bool write_file(struct rendering *r, const char *path, const char *bytes, size_t n)
{
    char *whole = arena_printf(r->sh->arena, "%s/%s", r->out, path);
    FILE *f = fopen(whole, "wb");
    bool good = f != NULL && fwrite(bytes, 1, n, f) == n;
    if (f != NULL)
        good = fclose(f) == 0 && good;
    if (!good)
        shell_fail(r->sh, EXIT_THERE, whole, strerror(errno));
    return good;
}

static bool make_folder(struct rendering *r, const char *below)
{
    char *path = arena_printf(r->sh->arena, "%s/%s", r->out, below);
    for (char *at = path + 1;; at++) {
        char was = *at;
        if (was != '/' && was != '\0')
            continue;
        *at = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST) {
            shell_fail(r->sh, EXIT_THERE, path, strerror(errno));
            return false;
        }
        *at = was;
        if (was == '\0')
            return true;
    }
}

static bool write_asset(struct rendering *r, const char *theme, const char *path, const char *bytes,
                        size_t n)
{
    if (asset_type(path, strcmp(theme, "base") == 0) == NULL)
        return true;
    const char *file = asset_file(r->sh->arena, asset_name(path), bytes, n);
    return write_file(r, arena_printf(r->sh->arena, "assets/%s/%s", theme, file), bytes, n);
}

/* Where the fixtures have a picture (lua/theme/fixtures.lua). */
static bool write_picture(struct rendering *r)
{
    static const char picture[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 10\">"
                                  "<path fill=\"#808080\" d=\"M0 0h16v10H0z\"/></svg>";
    return write_file(r, "assets/picture.svg", picture, sizeof picture - 1);
}

static bool write_assets(struct rendering *r)
{
    const struct theme *t = studio_theme(r->studio);
    bool good = make_folder(r, "assets/base") && write_picture(r);
    for (const struct embedded *f = embed_base; good && f->path != NULL; f++)
        good = write_asset(r, "base", f->path, f->bytes, f->size);
    for (size_t i = 0; good && t != NULL && i < t->chain_n; i++) {
        const struct theme_folder *folder = &t->chain[i];
        good = make_folder(r, arena_printf(r->sh->arena, "assets/%s", folder->name));
        for (size_t k = 0; good && k < folder->files_n; k++)
            good = write_asset(r, folder->name, folder->files[k].path, folder->files[k].bytes,
                               folder->files[k].n);
    }
    return good;
}

/* Assets are found from the folder itself. In a page's text there is no such quote. */
static void make_relative(struct str *to, const char *html)
{
    static const char absolute[] = "=\"/assets/";
    const char *at;
    while ((at = strstr(html, absolute)) != NULL) {
        str_append_n(to, html, (size_t)(at - html) + 2);
        html = at + 3;
    }
    str_append(to, html);
}

static void index_case(struct rendering *r, const struct studio_case *c, const char *file)
{
    if (r->page == NULL || strcmp(r->page, c->page) != 0)
        str_printf(&r->index, "%s<h2>%s</h2>\n<ul>\n", r->page != NULL ? "</ul>\n" : "", c->page);
    r->page = c->page;
    str_printf(&r->index, "<li><a href=\"%s\">%s</a></li>\n", file, c->name);
}

static bool draw(struct rendering *r, const struct studio_case *c)
{
    struct str html, relative;
    struct studio_sample sample = {.page = c->page,
                                   .name = c->name,
                                   .role = r->sh->role,
                                   .locale = r->sh->locale,
                                   .scheme = r->sh->scheme};
    const char *fell_back, *file = arena_printf(r->sh->arena, "%s.%s.html", c->page, c->name);
    struct arena *a = arena_create((size_t)16 << 20);
    str_init(&html, a, 4 << 20);
    str_init(&relative, a, 4 << 20);
    bool good = studio_draw(r->studio, a, &sample, &html, &fell_back);
    if (!good)
        shell_fail(r->sh, EXIT_TROUBLE, file, studio_why(r->studio));
    else if (fell_back[0] != '\0')
        fprintf(stderr, "mailboy: %s: %s", file, fell_back);
    if (good) {
        make_relative(&relative, html.data);
        good = write_file(r, file, relative.data, relative.len);
        index_case(r, c, file);
        r->drawn++;
    }
    arena_destroy(a);
    return good;
}

static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    return false;
}

/* Pages that are not for the role are left out. */
static bool is_wanted(const struct shell *sh, const struct studio_case *c)
{
    return (sh->role == NULL || has_word(c->roles, sh->role)) &&
           (sh->operands_n < 2 || strcmp(sh->operands[1], c->page) == 0) &&
           (sh->operands_n < 3 || strcmp(sh->operands[2], c->name) == 0);
}

static int render(struct rendering *r, const struct theme_place *place)
{
    struct shell *sh = r->sh;
    struct studio_findings f;
    struct studio_cases cases;
    if (!studio_load(r->studio, sh->arena, place->themes_dir, place->name, STUDIO_COMPILE, &f) ||
        !studio_cases(r->studio, sh->arena, &cases))
        return shell_fail(sh, EXIT_BAD_DATA, place->name, studio_why(r->studio));
    theme_print_findings(&f, STUDIO_ERROR);
    if (!f.usable)
        return shell_fail(sh, EXIT_BAD_DATA, place->name, "The theme cannot be used.");
    if (!write_assets(r))
        return EXIT_THERE;
    for (size_t i = 0; i < cases.n; i++)
        if (is_wanted(sh, &cases.at[i]) && !draw(r, &cases.at[i]))
            return EXIT_TROUBLE;
    if (r->drawn == 0)
        return shell_fail(sh, EXIT_NOT_FOUND, NULL, "There is no such page or case for that role.");
    str_append(&r->index, "</ul>\n</body>\n</html>\n");
    if (!write_file(r, "index.html", r->index.data, r->index.len))
        return EXIT_THERE;
    printf("%zu page%s, listed in %s/index.html\n", r->drawn, r->drawn == 1 ? "" : "s", r->out);
    return EXIT_DONE;
}

int command_theme_render(struct shell *sh)
{
    struct theme_place place;
    if (sh->operands_n < 1 || sh->operands_n > 3 || sh->out == NULL)
        return EXIT_USAGE;
    struct rendering r = {.sh = sh, .studio = theme_studio(sh), .out = sh->out};
    int status = theme_find(sh, sh->operands[0], &place);
    str_init(&r.index, sh->arena, 1 << 20);
    str_printf(&r.index,
               "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<title>%s</title>\n</head>\n<body>\n<h1>%s</h1>\n",
               place.name, place.name);
    if (status == EXIT_DONE)
        status = render(&r, &place);
    studio_destroy(r.studio);
    return status;
}
