/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy theme new, override, diff, activate, reset; and the tools of studio/ behind the rest. What needs its libraries runs in mailboy-studio,
 * which this process becomes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/program.h"
#include "cli/theme.h"
#include "server/zygote.h"
#include "studio/author.h"
#include "studio/compare.h"

/* Beside this program (as it is built), or where CMakeLists.txt installs it. */
static const char *const places[] = {"mailboy-studio", MAILBOY_TO_STUDIO};

static int become_studio(struct shell *sh, char **argv)
{
    const char *self = program_self(sh->arena);
    int folder = self != NULL ? (int)(strrchr(self, '/') - self) : 0;
    for (size_t i = 0; self != NULL && i < sizeof places / sizeof *places; i++)
        execv(arena_printf(sh->arena, "%.*s/%s", folder, self, places[i]), argv);
    return shell_fail(sh, EXIT_TROUBLE, NULL, "the program mailboy-studio is not installed");
}

int shell_configure_loosely(struct shell *sh)
{
    if (sh->config != NULL || access(settings_path(NULL), F_OK) == 0)
        return shell_configure(sh);
    settings_defaults(sh->arena, &sh->settings);
    return EXIT_DONE;
}

int command_theme_tool(struct shell *sh)
{
    if (sh->tools == NULL)
        return become_studio(sh, sh->argv);
    const struct studio_tool *tool = sh->tools;
    while (tool->verb != NULL && strcmp(tool->verb, sh->verb) != 0)
        tool++;
    if (tool->verb == NULL || sh->operands_n != tool->operands || sh->fields_n > 0)
        return EXIT_USAGE;
    struct studio_order order = {.operand = sh->operands_n > 0 ? sh->operands[0] : NULL,
                                 .port = sh->port,
                                 .out = sh->out,
                                 .json = sh->json,
                                 .zygote = -1};
    int prepared = tool->prepare != NULL ? tool->prepare(sh->arena, &order) : EXIT_DONE;
    if (prepared != EXIT_DONE)
        return prepared;
    if (tool->renders)
        order.zygote = zygote_alone(sh->house); /* before a secret is read */
    struct theme_place place = {0};
    int status = tool->names_theme ? theme_find(sh, order.operand, &place)
                                   : shell_configure_loosely(sh);
    order.themes_dir = tool->names_theme ? place.themes_dir : sh->settings.themes_dir;
    order.operand = tool->names_theme ? place.name : order.operand;
    order.assets_dir = sh->settings.assets_dir;
    return status != EXIT_DONE ? status : tool->run(sh->arena, &order);
}

/* A folder for a new theme: its own part and the one it lies in. */
static void split_place(struct shell *sh, const char *operand, struct theme_place *place_r)
{
    char *path = arena_strdup(sh->arena, operand);
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        path[--n] = '\0';
    char *slash = strrchr(path, '/');
    place_r->name = slash != NULL ? slash + 1 : path;
    place_r->themes_dir = slash == NULL ? NULL : slash == path ? "/" : path;
    if (slash != NULL && slash != path)
        *slash = '\0';
}

static int tell_check(struct studio *s, struct shell *sh, const struct theme_place *place)
{
    struct studio_findings f;
    if (!studio_load(s, sh->arena, place->themes_dir, place->name, STUDIO_WHOLE, &f))
        return shell_fail(sh, EXIT_BAD_DATA, place->name, studio_why(s));
    theme_print_findings(&f, STUDIO_ERROR);
    return studio_count(&f, STUDIO_ERROR) > 0 ? EXIT_BAD_DATA : EXIT_DONE;
}

int command_theme_new(struct shell *sh)
{
    struct theme_place place;
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    struct studio *s = theme_studio(sh);
    split_place(sh, sh->operands[0], &place);
    int status = place.themes_dir != NULL ? EXIT_DONE : shell_configure_loosely(sh);
    if (place.themes_dir == NULL)
        place.themes_dir = sh->settings.themes_dir;
    if (status == EXIT_DONE) {
        const char *parent = sh->extends != NULL ? sh->extends : "base";
        const char *problem = author_new(sh->arena, place.themes_dir, place.name, parent);
        status = problem != NULL ? shell_fail(sh, EXIT_THERE, NULL, problem)
                                 : tell_check(s, sh, &place);
    }
    if (status == EXIT_DONE)
        printf("%s/%s: theme.lua and tokens.css. To look at it: mailboy theme dev %s\n",
               place.themes_dir, place.name, sh->operands[0]);
    studio_destroy(s);
    return status;
}

/* --theme, else the folder one stands in. */
static int load_named(struct shell *sh, struct studio *s, struct theme_place *place_r)
{
    struct studio_findings f;
    const char *operand = sh->theme != NULL ? sh->theme : ".";
    if (sh->theme == NULL && access("theme.lua", F_OK) != 0)
        return shell_fail(sh, EXIT_USAGE, NULL,
                          "Name the theme with --theme, or stand in its folder.");
    int status = theme_find(sh, operand, place_r);
    if (status != EXIT_DONE)
        return status;
    if (!studio_load(s, sh->arena, place_r->themes_dir, place_r->name, STUDIO_COMPILE, &f))
        return shell_fail(sh, EXIT_NOT_FOUND, place_r->name, studio_why(s));
    if (f.usable)
        return EXIT_DONE;
    theme_print_findings(&f, STUDIO_ERROR);
    return EXIT_BAD_DATA;
}

int command_theme_override(struct shell *sh)
{
    struct theme_place place = {0};
    const char *path = NULL, *colon = sh->operands_n == 1 ? strchr(sh->operands[0], ':') : NULL;
    if (colon == NULL || colon == sh->operands[0] || colon[1] == '\0')
        return EXIT_USAGE;
    const char *page = arena_memdup(sh->arena, sh->operands[0], (size_t)(colon - sh->operands[0]));
    struct studio *s = theme_studio(sh);
    int status = load_named(sh, s, &place);
    if (status == EXIT_DONE) {
        const char *problem =
            author_override(s, sh->arena, place.themes_dir, place.name, page, colon + 1, &path);
        if (problem != NULL)
            status = shell_fail(sh, EXIT_THERE, NULL, problem);
        else
            printf("%s/%s/%s\n", place.themes_dir, place.name, path);
    }
    studio_destroy(s);
    return status;
}

/* Both sides of what changed where the original is known; else what is different now. */
static bool show_stale(struct shell *sh, const struct override *o)
{
    struct arena *a = sh->arena;
    const char *now = block_text(a, o->parent->text), *own = block_text(a, o->own->text);
    const char *then = arena_printf(a, "%s@%s when it was copied", o->theme, o->version);
    const char *today = arena_printf(a, "%s@%s today", o->parent->theme, o->parent->version);
    printf("%s: copied from %s@%s (%s), which is %s now\n", o->own->path, o->theme, o->version,
           o->sha, o->parent->sha);
    bool good = o->original != NULL ? compare_print(then, o->original, today, now) &&
                                          compare_print(then, o->original, o->own->path, own)
                                    : compare_print(today, now, o->own->path, own);
    printf("When it is brought up to date, its first line is: %s\n\n", block_origin(a, o->parent));
    return good;
}

static int show_overrides(struct shell *sh, struct studio *s, const struct theme_place *place)
{
    struct override *list;
    size_t n, stale = 0;
    if (!overrides_list(s, sh->arena, place->themes_dir, place->name, &list, &n))
        return shell_fail(sh, EXIT_TROUBLE, place->name, studio_why(s));
    for (size_t i = 0; i < n; i++) {
        bool old = override_is_stale(&list[i]);
        stale += old;
        if (old && !show_stale(sh, &list[i]))
            return shell_fail(sh, EXIT_TROUBLE, NULL, "diff could not be run");
        if (!old)
            printf("%s: %s\n", list[i].own->path,
                   list[i].sha[0] != '\0' ? "up to date" : "does not tell what it was copied from");
    }
    printf("%zu overrides, %zu out of date.\n", n, stale);
    return stale > 0 ? CHECK_FINDINGS : EXIT_DONE;
}

int command_theme_diff(struct shell *sh)
{
    struct theme_place place = {0};
    if (sh->operands_n > 1 || (sh->operands_n == 1 && sh->theme != NULL))
        return EXIT_USAGE;
    if (sh->operands_n == 1)
        sh->theme = sh->operands[0];
    struct studio *s = theme_studio(sh);
    int status = load_named(sh, s, &place);
    if (status == EXIT_DONE)
        status = show_overrides(sh, s, &place);
    studio_destroy(s);
    return status;
}

/* What is out of order with a theme is looked for before anybody sees it; `s` was born before a secret was
 * read. EXIT_DONE: it may be activated. */
static int examine(struct shell *sh, struct studio *s, const char *theme)
{
    struct theme_place place = {.themes_dir = sh->settings.themes_dir, .name = theme};
    if (!theme_exists(place.themes_dir, theme))
        return EXIT_DONE; /* perform() has the words for what is not there */
    int status = tell_check(s, sh, &place);
    if (status != EXIT_DONE)
        fprintf(stderr, "mailboy: %s has errors: the site stays as it is. --force activates it.\n",
                theme);
    return status;
}

int command_theme_activate(struct shell *sh)
{
    struct change c = {.action = ACTION_THEME_ACTIVATE};
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    bool known = sh->force || strcmp(sh->operands[0], "base") == 0;
    struct studio *s = known ? NULL : theme_studio(sh);
    int status = shell_open(sh);
    if (status == EXIT_DONE && !known)
        status = examine(sh, s, sh->operands[0]);
    studio_destroy(s);
    if (status != EXIT_DONE)
        return status;
    c.on.theme = sh->operands[0];
    if ((status = shell_perform(sh, &c)) != EXIT_DONE)
        return status;
    if (sh->json) {
        struct value *v = value_map(sh->arena);
        value_set_text(v, "theme", c.on.theme);
        shell_print(sh, v);
    } else {
        printf("The site wears %s.\n", c.on.theme);
    }
    return EXIT_DONE;
}

/* base is examined by nobody, and needs no theme that works. */
int command_theme_reset(struct shell *sh)
{
    static const char *const base[] = {"base"};
    if (sh->operands_n > 0)
        return EXIT_USAGE;
    sh->operands = base;
    sh->operands_n = 1;
    return command_theme_activate(sh);
}

int themes_publish(struct shell *sh)
{
    static char words[][8] = {"mailboy", "theme", "build"};
    if (access(sh->settings.assets_dir, F_OK) != 0)
        return EXIT_DONE;
    char *argv[] = {words[0], words[1], words[2],
                    arena_printf(sh->arena, "--config=%s", sh->config), NULL};
    fflush(stdout);
    return become_studio(sh, argv);
}

int themes_examine(struct shell *sh, struct studio *s)
{
    const char *const *name;
    size_t n;
    int status = EXIT_DONE;
    theme_list(sh->arena, sh->settings.themes_dir, &name, &n);
    for (; *name != NULL; name++) {
        struct theme_place place = {.themes_dir = sh->settings.themes_dir, .name = *name};
        int one = tell_check(s, sh, &place);
        printf("theme %s: %s\n", *name, one == EXIT_DONE ? "fit for this program" : "has errors");
        if (one != EXIT_DONE)
            status = one;
    }
    return status;
}
