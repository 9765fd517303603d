/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy setup and mailboy upgrade: the only commands that ask for the database's root. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "cli/theme.h"
#include "cli/serve.h"
#include "model/address.h"
#include "model/policy.h"
#include "store/migrate.h"

static void say(void *ctx, const char *step)
{
    struct shell *sh = ctx;
    if (!sh->json)
        printf("%s%s\n", sh->dry_run ? "would: " : "", step);
}

/* Whole or not at all: the next setup would take a part for the admin's own. */
static bool write_fresh(const char *path, const struct str *s)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = file_write_all(fd, s->data, s->len) && fsync(fd) == 0;
    good = close(fd) == 0 && good;
    int why = errno;
    if (!good)
        unlink(path);
    errno = why;
    return good;
}

/* A first configuration with fresh passwords, readable by its owner alone. */
static int write_configuration(struct shell *sh, const char *path)
{
    char host[256] = "localhost";
    struct str s;
    gethostname(host, sizeof host - 1);
    str_init(&s, sh->arena, 1 << 20);
    str_printf(&s,
               "; Made by `mailboy setup`; `mailboy conf mailboy` prints all options.\n"
               "hosts = localhost %s\ndatabase_password = %s\nmailpostfix_password = %s\n"
               "mailuser_password = %s\nmailquota_password = %s\n",
               host, random_word(sh->arena, 24), random_word(sh->arena, 24),
               random_word(sh->arena, 24), random_word(sh->arena, 24));
    if (sh->socket != NULL)
        str_printf(&s, "database_socket = %s\n", sh->socket);
    char *folder = dirname(arena_strdup(sh->arena, path));
    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        return shell_fail(sh, EXIT_CONFIGURATION, folder, strerror(errno));
    if (!write_fresh(path, &s))
        return shell_fail(sh, EXIT_CONFIGURATION, path, strerror(errno));
    say(sh, arena_printf(sh->arena, "write a configuration with fresh passwords to %s", path));
    return EXIT_DONE;
}

/* A dry run without a configuration: as that one would be. */
static void invent_passwords(struct shell *sh)
{
    struct settings *s = &sh->settings;
    const char **const passwords[] = {&s->database_password, &s->mailpostfix_password,
                                      &s->mailuser_password, &s->mailquota_password};
    for (size_t i = 0; i < sizeof passwords / sizeof *passwords; i++)
        *passwords[i] = random_word(sh->arena, 24);
}

static int configure(struct shell *sh)
{
    const char *path = settings_path(sh->config);
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        if (sh->dry_run) {
            say(sh,
                arena_printf(sh->arena, "write a configuration with fresh passwords to %s", path));
            settings_defaults(sh->arena, &sh->settings);
            invent_passwords(sh);
            return EXIT_DONE;
        }
        int status = write_configuration(sh, path);
        if (status != EXIT_DONE)
            return status;
    }
    int status = shell_configure(sh);
    const struct settings *s = &sh->settings;
    if (status == EXIT_DONE &&
        (s->database_password[0] == '\0' || s->mailpostfix_password[0] == '\0' ||
         s->mailuser_password[0] == '\0' || s->mailquota_password[0] == '\0'))
        return shell_fail(sh, EXIT_CONFIGURATION, path,
                          "database_password, mailpostfix_password, mailuser_password and "
                          "mailquota_password have to be set.");
    return status;
}

struct store *shell_root(struct shell *sh, const char *database)
{
    struct store_options *o = ARENA_NEW(sh->arena, struct store_options);
    store_options_of(&sh->settings, o);
    o->user = sh->defaults_file != NULL ? NULL : "root";
    o->password = NULL;
    o->database = database;
    o->defaults_file = sh->defaults_file;
    if (sh->socket != NULL)
        o->socket = sh->socket;
    o->schema_version = 0;
    o->statement_ms = 600 * 1000;
    return store_create(o);
}

const char *shell_client_host(const struct shell *sh)
{
    return sh->client_host != NULL ? sh->client_host : "localhost";
}

static int root_fail(struct shell *sh, struct store *root, enum outcome o)
{
    const char *why = arena_printf(
        sh->arena,
        "%s. Connected as the database's root by %s; --defaults-file FILE names other options.",
        store_error(root), sh->settings.database_socket[0] != '\0' ? "socket" : "TCP");
    store_destroy(root);
    return shell_fail(sh, o == OUT_CONFLICT ? EXIT_CONFIGURATION : EXIT_AWAY, NULL, why);
}

/* The first super admin lives in the first domain; an account that is there already is only
 * given the right. */
static int make_admin(struct shell *sh)
{
    struct address at;
    struct domain d;
    struct mailbox m;
    int status = sh->store == NULL ? shell_open(sh) : EXIT_DONE;
    if (status != EXIT_DONE)
        return status;
    enum text_key wrong = address_parse(sh->arena, sh->admin, strlen(sh->admin), &at);
    if (wrong != TEXT_NONE)
        return shell_fail(sh, EXIT_BAD_DATA, "admin", text_format(sh->arena, wrong, at.text));
    if (domain_find(sh->store, sh->arena, at.domain, &d) == OUT_ABSENT) {
        struct change c = {.action = ACTION_DOMAIN_ADD,
                           .input = input_create(sh->arena, domain_fields)};
        input_read_typed(sh->arena, c.input, "name", at.domain, strlen(at.domain));
        if ((status = shell_perform(sh, &c)) != EXIT_DONE ||
            (status = shell_find_domain(sh, at.domain, &d)) != EXIT_DONE)
            return status;
    }
    enum outcome o = mailbox_find(sh->store, sh->arena, at.text, &m);
    if (o == OUT_ABSENT) {
        struct change c = {.action = ACTION_MAILBOX_ADD,
                           .on.domain = &d,
                           .input = input_create(sh->arena, mailbox_fields)};
        input_read_typed(sh->arena, c.input, "local_part", at.local_part, strlen(at.local_part));
        if ((status = shell_read_password(sh, &c, "password", false)) != EXIT_DONE ||
            (status = shell_perform(sh, &c)) != EXIT_DONE)
            return status;
        if (c.secret != NULL)
            printf("password: %s\n", c.secret);
        o = mailbox_find(sh->store, sh->arena, at.text, &m);
    }
    if (o != OUT_OK)
        return shell_outcome(sh, o);
    if (m.level == LEVEL_SUPER_ADMIN) {
        say(sh, arena_printf(sh->arena, "%s is a super admin", at.text));
        return EXIT_DONE;
    }
    struct change c = {.action = ACTION_SUPER_ADMIN_ADD, .on = {.domain = &d, .mailbox = &m}};
    if (actions[c.action].fields != NULL)
        c.input = input_create(sh->arena, actions[c.action].fields);
    status = shell_perform(sh, &c);
    if (status == EXIT_DONE)
        say(sh, arena_printf(sh->arena, "%s is a super admin now", at.text));
    return status;
}

/* What people choose from on a new server; an admin changes and deletes them like his own. */
static int make_policies(struct shell *sh)
{
    int status = sh->dry_run ? EXIT_DONE : shell_open(sh);
    for (size_t i = 0; status == EXIT_DONE && i < POLICY_PRESETS; i++) {
        const struct policy_preset *preset = &policy_presets[i];
        struct change c = {.action = ACTION_POLICY_ADD,
                           .input = input_create(sh->arena, policy_fields)};
        input_read_typed(sh->arena, c.input, "name", preset->label, strlen(preset->label));
        input_read_typed(sh->arena, c.input, "description", preset->text, strlen(preset->text));
        policy_preset_apply(sh->arena, preset, c.input);
        say(sh, arena_printf(sh->arena, "make the spam policy %s", preset->label));
        status = sh->dry_run ? EXIT_DONE : shell_perform(sh, &c);
    }
    return status;
}

int command_setup(struct shell *sh)
{
    if (sh->operands_n > 0 || !setup_takes_host(shell_client_host(sh)))
        return EXIT_USAGE;
    int status = configure(sh);
    if (status != EXIT_DONE)
        return status;
    const struct settings *s = &sh->settings;
    struct setup_plan plan = {.database = s->database_name,
                              .mailadmin_password = s->database_password,
                              .mailpostfix_password = s->mailpostfix_password,
                              .mailuser_password = s->mailuser_password,
                              .mailquota_password = s->mailquota_password,
                              .client_host = shell_client_host(sh)};
    struct store *root = shell_root(sh, NULL);
    enum outcome o = setup_run(root, sh->arena, &plan, sh->dry_run, say, sh);
    if (o != OUT_OK)
        return root_fail(sh, root, o);
    store_destroy(root);
    if (plan.loaded && (status = make_policies(sh)) != EXIT_DONE)
        return status;
    if (sh->admin == NULL) {
        if (!sh->json)
            printf("The first super admin is made by: mailboy setup --admin ADDRESS\n");
        return EXIT_DONE;
    }
    if (sh->dry_run) {
        say(sh, arena_printf(sh->arena, "make %s a super admin", sh->admin));
        return EXIT_DONE;
    }
    return make_admin(sh);
}

int command_upgrade(struct shell *sh)
{
    if (sh->operands_n > 0)
        return EXIT_USAGE;
    struct studio *s = sh->check ? theme_studio(sh) : NULL;
    int status = shell_configure(sh);
    int themes = status == EXIT_DONE && sh->check ? themes_examine(sh, s) : EXIT_DONE;
    studio_destroy(s);
    if (status != EXIT_DONE)
        return status;
    struct store *root = shell_root(sh, sh->settings.database_name);
    int64_t there, target = sh->to != NULL ? strtoll(sh->to, NULL, 10) : SCHEMA_VERSION;
    enum outcome o = schema_version(root, &there);
    if (o != OUT_OK)
        return root_fail(sh, root, o);
    printf("schema version %lld, this program knows %d\n", (long long)there, SCHEMA_VERSION);
    if (there != target && !sh->check)
        o = upgrade_run(root, sh->arena, sh->settings.database_name, target, sh->dry_run, say, sh);
    if (o != OUT_OK)
        return root_fail(sh, root, o);
    store_destroy(root);
    if (sh->check)
        return there != target ? EXIT_CONFIGURATION : themes;
    return sh->dry_run ? EXIT_DONE : themes_publish(sh);
}
