/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy conf: the neighbours' files with this server's values in place of @NAME@
 * (conf/README.md). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"
#include "cli/cli.h"

static const char *number(struct shell *sh, int64_t n)
{
    return arena_printf(sh->arena, "%lld", (long long)n);
}

static const char *postfix_hosts(struct shell *sh)
{
    const struct settings *s = &sh->settings;
    return s->database_socket[0] != '\0' ? arena_printf(sh->arena, "unix:%s", s->database_socket)
                                         : arena_printf(sh->arena, "inet:%s:%lld", s->database_host,
                                                        (long long)s->database_port);
}

static const char *dovecot_connect(struct shell *sh)
{
    const struct settings *s = &sh->settings;
    return s->database_socket[0] != '\0'
               ? arena_printf(sh->arena, "host=%s", s->database_socket)
               : arena_printf(sh->arena, "host=%s port=%lld", s->database_host,
                              (long long)s->database_port);
}

static const char *fastcgi_pass(struct shell *sh)
{
    const char *listen = sh->settings.listen;
    return listen[0] == '/' ? arena_printf(sh->arena, "unix:%s", listen) : listen;
}

/* As lighttpd's fastcgi.server wants it. */
static const char *lighttpd_pool(struct shell *sh)
{
    const char *listen = sh->settings.listen, *colon = strrchr(listen, ':');
    if (listen[0] == '/' || colon == NULL)
        return arena_printf(sh->arena, "\"socket\" => \"%s\"", listen);
    return arena_printf(sh->arena, "\"host\" => \"%.*s\", \"port\" => %s", (int)(colon - listen),
                        listen, colon + 1);
}

static const char *server_name(struct shell *sh)
{
    return sh->settings.hosts.n > 0 ? sh->settings.hosts.at[0] : "localhost";
}

/* The value of a placeholder, NULL if there is none of that name. */
static const char *value_of(struct shell *sh, const char *name, size_t n)
{
    const struct settings *s = &sh->settings;
    const struct {
        const char *name, *value;
    } values[] = {
        {"POSTFIX_DB_HOSTS", postfix_hosts(sh)},
        {"DOVECOT_DB_CONNECT", dovecot_connect(sh)},
        {"DB_NAME", s->database_name},
        {"MAILPOSTFIX_PASSWORD", s->mailpostfix_password},
        {"MAILUSER_PASSWORD", s->mailuser_password},
        {"MAILQUOTA_PASSWORD", s->mailquota_password},
        {"MAIL_ROOT", s->mail_root},
        {"MAIL_UID", number(sh, s->mail_uid)},
        {"MAIL_GID", number(sh, s->mail_gid)},
        {"POSTFIX_QUEUE", "/var/spool/postfix"},
        {"DOVECOT_DIR", "/etc/dovecot"},
        {"FASTCGI_PASS", fastcgi_pass(sh)},
        {"PREFIX", s->mailboy_root},
        {"ASSETS_DIR", s->assets_dir},
        {"SERVER_NAME", server_name(sh)},
        {"MAX_UPLOAD", number(sh, s->max_upload)},
        {"MAX_UPLOAD_KB", number(sh, s->max_upload / 1024)},
        {"LIGHTTPD_POOL", lighttpd_pool(sh)},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strlen(values[i].name) == n && memcmp(values[i].name, name, n) == 0)
            return values[i].value;
    return NULL;
}

static void fill(struct shell *sh, const char *text, struct str *to)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "@");
        str_append_n(to, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        size_t n = strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        const char *value = text[n + 1] == '@' ? value_of(sh, text + 1, n) : NULL;
        str_append(to, value != NULL ? value : "@");
        text += value != NULL ? n + 2 : 1;
    }
}

/* Files with passwords are for their owner and group. */
static int write_file(struct shell *sh, const char *name, const struct str *text)
{
    const char *path = arena_printf(sh->arena, "%s/%s", sh->write, name);
    const char *old = arena_printf(sh->arena, "%s.before-mailboy", path);
    if (access(path, F_OK) == 0 && access(old, F_OK) != 0 && rename(path, old) != 0)
        return shell_fail(sh, EXIT_TROUBLE, path, strerror(errno));
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0 || write(fd, text->data, text->len) != (ssize_t)text->len || close(fd) != 0)
        return shell_fail(sh, EXIT_TROUBLE, path, strerror(errno));
    printf("%s\n", path);
    return EXIT_DONE;
}

static int put(struct shell *sh, const char *name, const struct str *text)
{
    if (sh->write != NULL)
        return write_file(sh, name, text);
    printf("### %s\n%s\n", name, text->data);
    return EXIT_DONE;
}

static int print_manual(struct shell *sh)
{
    struct str s;
    str_init(&s, sh->arena, 1 << 20);
    settings_print_manual(&s);
    fputs(s.data, stdout);
    return EXIT_DONE;
}

int command_conf(struct shell *sh)
{
    static const struct {
        const char *noun, *folder;
    } kinds[] = {{"postfix", "postfix/"},
                 {"dovecot", "dovecot-2.3/"},
                 {"nginx", "nginx/"},
                 {"lighttpd", "lighttpd/"},
                 {"systemd", "systemd/"}};
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    if (strcmp(sh->operands[0], "mailboy") == 0)
        return print_manual(sh);
    int status = shell_configure(sh);
    const char *folder = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].noun, sh->operands[0]) == 0)
            folder = kinds[i].folder;
    if (folder == NULL)
        return shell_fail(sh, EXIT_USAGE, NULL,
                          "There are files for mailboy, postfix, dovecot, nginx, lighttpd.");
    if (status == EXIT_DONE && sh->write != NULL && mkdir(sh->write, 0750) != 0 && errno != EEXIST)
        return shell_fail(sh, EXIT_TROUBLE, sh->write, strerror(errno));
    for (const struct embedded *f = embed_conf; f->path != NULL && status == EXIT_DONE; f++) {
        if (!text_starts(f->path, folder))
            continue;
        struct str s;
        str_init(&s, sh->arena, 1 << 20);
        fill(sh, f->bytes, &s);
        status = put(sh, f->path + strlen(folder), &s);
    }
    return status;
}
