/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy theme check, docs, list */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/theme.h"
#include "server/zygote.h"

struct studio *theme_studio(struct shell *sh)
{
    return studio_create(zygote_alone(sh->house));
}

/* A configuration is needed to find themes by name alone, and need not be there. */
static int configure(struct shell *sh, const char **themes_dir_r)
{
    if (sh->config == NULL && access(settings_path(NULL), R_OK) != 0)
        settings_defaults(sh->arena, &sh->settings);
    else if (shell_configure(sh) != EXIT_DONE)
        return EXIT_CONFIGURATION;
    *themes_dir_r = sh->settings.themes_dir;
    return EXIT_DONE;
}

static int find_named(struct shell *sh, const char *name, const char **themes_dir_r)
{
    int status = configure(sh, themes_dir_r);
    bool is_here = access(arena_printf(sh->arena, "%s/theme.lua", name), R_OK) == 0;
    if (status != EXIT_DONE || !is_here || theme_exists(*themes_dir_r, name))
        return status;
    return shell_fail(sh, EXIT_NOT_FOUND, name,
                      arena_printf(sh->arena,
                                   "There is no such theme in %s. The folder here is ./%s",
                                   *themes_dir_r, name));
}

int theme_find(struct shell *sh, const char *operand, struct theme_place *place_r)
{
    place_r->name = operand;
    place_r->themes_dir = "";
    if (strcmp(operand, "base") == 0)
        return EXIT_DONE;
    if (strchr(operand, '/') == NULL && strcmp(operand, ".") != 0)
        return find_named(sh, operand, &place_r->themes_dir);
    char *path = realpath(operand, NULL), *slash = path != NULL ? strrchr(path, '/') : NULL;
    if (slash == NULL || slash == path) {
        free(path);
        return shell_fail(sh, EXIT_NOT_FOUND, operand, "There is no such folder.");
    }
    place_r->themes_dir = arena_memdup(sh->arena, path, (size_t)(slash - path));
    place_r->name = arena_strdup(sh->arena, slash + 1);
    free(path);
    return EXIT_DONE;
}

static void print_finding(const struct studio_finding *f)
{
    if (f->path[0] != '\0') {
        printf("%s%s%s", f->theme, f->theme[0] != '\0' ? "/" : "", f->path);
        if (f->line > 0)
            printf(":%u:%u", f->line, f->column);
    } else {
        printf("%s", f->theme);
    }
    printf(": %s %s: %s\n", studio_level_word(f->level), f->code, f->message);
    if (f->mend[0] != '\0')
        printf("    %s\n", f->mend);
}

void theme_print_findings(const struct studio_findings *f, enum studio_level least)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->at[i].level >= least)
            print_finding(&f->at[i]);
}

static bool wants_json(struct shell *sh, bool *json_r)
{
    *json_r = sh->json;
    if (sh->format == NULL)
        return true;
    *json_r |= strcmp(sh->format, "json") == 0;
    return strcmp(sh->format, "json") == 0 || strcmp(sh->format, "text") == 0;
}

/* What the themes of one run have in common. */
struct checking {
    struct studio *studio;
    enum studio_level least;
    bool json;
    struct value *list; /* of the findings, for JSON */
    int status;
};

/* What cannot be read at all is a finding too, for who reads JSON alone. */
static void add_trouble(struct shell *sh, struct checking *c, const char *name)
{
    struct studio_finding trouble = {.level = STUDIO_FATAL,
                                     .code = "MB001",
                                     .theme = name,
                                     .path = "",
                                     .message = arena_strdup(sh->arena, studio_why(c->studio)),
                                     .mend = ""};
    const struct studio_findings f = {.at = &trouble, .n = 1};
    studio_findings_add(c->list, &f, c->least);
}

static void check_one(struct shell *sh, struct checking *c, const char *operand)
{
    struct theme_place place;
    struct studio_findings f;
    if (theme_find(sh, operand, &place) != EXIT_DONE) {
        c->status = CHECK_TROUBLE;
        return;
    }
    if (!studio_load(c->studio, sh->arena, place.themes_dir, place.name, STUDIO_WHOLE, &f)) {
        c->status = shell_fail(sh, CHECK_TROUBLE, place.name, studio_why(c->studio));
        add_trouble(sh, c, place.name);
        return;
    }
    size_t n = studio_count(&f, c->least);
    studio_findings_add(c->list, &f, c->least);
    if (!c->json) {
        theme_print_findings(&f, c->least);
        printf("%s: %zu of level %s or worse.\n", place.name, n, studio_level_word(c->least));
    }
    if (n > 0 && c->status == EXIT_DONE)
        c->status = CHECK_FINDINGS;
}

/* As compilers count: 0 nothing of that level, 1 something, 2 it could not be looked at. */
int command_theme_check(struct shell *sh)
{
    struct checking c = {.least = STUDIO_WARNING, .list = value_list(sh->arena)};
    if (sh->operands_n == 0 || !wants_json(sh, &c.json) ||
        (sh->level != NULL && !studio_level_find(sh->level, &c.least)))
        return EXIT_USAGE;
    c.studio = theme_studio(sh);
    for (size_t i = 0; i < sh->operands_n; i++)
        check_one(sh, &c, sh->operands[i]);
    if (c.json)
        shell_print(sh, c.list);
    studio_destroy(c.studio);
    return c.status;
}

int command_theme_docs(struct shell *sh)
{
    if (sh->operands_n > 1)
        return EXIT_USAGE;
    struct studio *s = theme_studio(sh);
    const char *text = studio_docs(s, sh->arena, sh->operands_n == 1 ? sh->operands[0] : "themes");
    int status = EXIT_DONE;
    if (text != NULL)
        fputs(text, stdout);
    else
        status = shell_fail(sh, EXIT_NOT_FOUND, NULL, studio_why(s));
    studio_destroy(s);
    return status;
}

static const char *state_of(struct shell *sh, const struct studio_findings *f)
{
    if (!f->usable)
        return "cannot be used";
    size_t errors = studio_count(f, STUDIO_ERROR), warnings = studio_count(f, STUDIO_WARNING);
    if (warnings == 0)
        return "clean";
    return arena_printf(sh->arena, "%zu errors, %zu warnings", errors, warnings - errors);
}

static void list_one(struct shell *sh, struct studio *s, const char *themes_dir, const char *name,
                     struct value *list)
{
    struct studio_findings f = {.title = "", .version = "", .parent = ""};
    bool loaded = studio_load(s, sh->arena, themes_dir, name, STUDIO_WHOLE, &f);
    const char *state = loaded ? state_of(sh, &f) : arena_strdup(sh->arena, studio_why(s));
    const char *parent = f.parent[0] != '\0' || !loaded || strcmp(name, "base") == 0 ? f.parent
                                                                                     : "base";
    if (!sh->json) {
        printf("%-20s %-24s %-8s %-12s %s\n", name, f.title, f.version, parent, state);
        return;
    }
    struct value *v = value_add_map(list);
    value_set_text(v, "name", name);
    value_set_text(v, "title", f.title);
    value_set_text(v, "version", f.version);
    value_set_text(v, "parent", parent);
    value_set_bool(v, "usable", loaded && f.usable);
    value_set_int(v, "errors", (int64_t)studio_count(&f, STUDIO_ERROR));
    value_set_int(v, "warnings",
                  (int64_t)(studio_count(&f, STUDIO_WARNING) - studio_count(&f, STUDIO_ERROR)));
    value_set_text(v, "state", state);
}

int command_theme_list(struct shell *sh)
{
    const char *themes_dir;
    const char *const *names;
    size_t n;
    if (sh->operands_n > 0)
        return EXIT_USAGE;
    struct studio *s = theme_studio(sh);
    struct value *list = value_list(sh->arena);
    int status = configure(sh, &themes_dir);
    if (status == EXIT_DONE) {
        theme_list(sh->arena, themes_dir, &names, &n);
        for (; *names != NULL; names++)
            list_one(sh, s, themes_dir, *names, list);
        if (sh->json)
            shell_print(sh, list);
    }
    studio_destroy(s);
    return status;
}
