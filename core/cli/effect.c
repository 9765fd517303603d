/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/effect.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "cli/program.h"
#include "server/listen.h"

enum { OUTPUT_MOST = 1 << 20 };

/* The next line of a text that is cut up; NULL: no more. */
static char *next_line(char **at)
{
    return strsep(at, "\n");
}

/* ---- Postfix: what a service of master.cf sets differently ---- */

/* What main.cf has of ours and mail from outside is not to miss; and what would switch aliases off. */
static bool counts_for_strangers(const char *parameter)
{
    static const char *const ours[] = {"virtual_alias_maps",        "virtual_mailbox_domains",
                                       "virtual_mailbox_maps",      "relay_domains",
                                       "relay_recipient_maps",      "recipient_delimiter",
                                       "smtpd_client_restrictions", "smtpd_helo_restrictions",
                                       "smtpd_sender_restrictions", "smtpd_recipient_restrictions",
                                       "smtpd_relay_restrictions",  "content_filter",
                                       "smtpd_sender_login_maps",   "receive_override_options"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strcmp(parameter, ours[i]) == 0)
            return true;
    return false;
}

/* Postfix asks Dovecot at sockets of our name in its queue: who may sign in, who is over quota, where mail goes. Its
 * own tell whether it runs; where it does not, nobody is missed. */
static void look_at_sockets(const struct placing *p, survey_found *found, void *ctx)
{
    static const char ours[] = "private/mailboy-", letters[] = "abcdefghijklmnopqrstuvwxyz";
    struct str told;
    str_init(&told, p->arena, OUTPUT_MOST);
    const char *const command[] = {"postconf",
                                   "-c",
                                   p->folder,
                                   "-xh",
                                   "queue_directory",
                                   "virtual_transport",
                                   "smtpd_sasl_path",
                                   "smtpd_recipient_restrictions",
                                   NULL};
    if (program_run(p->arena, command, &told) != 0)
        return;
    char *at = told.data, *queue = next_line(&at);
    if (at == NULL || !listener_answers(arena_printf(p->arena, "%s/public/cleanup", queue)))
        return;
    while ((at = strstr(at, ours)) != NULL) {
        size_t n = strlen(ours) + strspn(at + strlen(ours), letters);
        const char *path = arena_printf(p->arena, "%s/%.*s", queue, (int)n, at);
        if (!listener_answers(path))
            found(ctx, "silent", path, "nobody listens");
        at += n;
    }
}

void effect_postfix(const struct placing *p, survey_found *found, void *ctx)
{
    look_at_sockets(p, found, ctx);
    struct str told;
    str_init(&told, p->arena, OUTPUT_MOST);
    const char *const command[] = {"postconf", "-c", p->folder, "-P", NULL};
    if (program_run(p->arena, command, &told) != 0)
        return;
    char *at = told.data;
    for (char *line; (line = next_line(&at)) != NULL;) {
        const char *parameter = strrchr(arena_memdup(p->arena, line, strcspn(line, " ")), '/');
        bool outside = text_starts(line, "smtp/inet/") || text_starts(line, "25/inet/") ||
                       text_starts(line, "smtpd/pass/");
        bool ours = strstr(line, "/mailboy/") != NULL;
        if (outside && !ours && parameter != NULL && counts_for_strangers(parameter + 1))
            found(ctx, "overridden", arena_printf(p->arena, "%s of main.cf", parameter + 1),
                  arena_printf(p->arena, "master.cf: %s", line));
    }
}

const char *effect_destinations(struct arena *a, const char *folder)
{
    struct str told;
    str_init(&told, a, OUTPUT_MOST);
    const char *const command[] = {"postconf", "-c", folder, "-xh", "mydestination", NULL};
    if (program_run(a, command, &told) != 0)
        return "";
    for (char *c = told.data; *c != '\0'; c++)
        *c = *c == ',' || *c == '\n' || *c == '\t' ? ' ' : *c;
    return told.data;
}

/* ---- Dovecot: read once more at the very end, would our file change anything? ---- */

static bool doveconf(const struct placing *p, const char *path, struct str *told_r)
{
    str_init(told_r, p->arena, OUTPUT_MOST);
    /* Its warnings are no findings: on 2.4 it has some of Debian's own files. */
    const char *const command[] = {
        "sh", "-c", "exec \"$0\" -n -c \"$1\" 2>/dev/null", program_find(p->arena, "doveconf"),
        path, NULL};
    return command[3] != NULL && program_run(p->arena, command, told_r) == 0;
}

static bool has_line(const char *text, const char *line)
{
    size_t n = strlen(line);
    for (const char *at = text; (at = strstr(at, line)) != NULL; at += n)
        if ((at == text || at[-1] == '\n') && (at[n] == '\n' || at[n] == '\0'))
            return true;
    return false;
}

/* The first line of one that is not in the other, but for remarks; NULL: none. */
static const char *line_beyond(const struct placing *p, const struct str *one,
                               const struct str *other)
{
    char *at = arena_strdup(p->arena, one->data);
    for (char *line; (line = next_line(&at)) != NULL;)
        if (line[0] != '#' && strspn(line, " ") < strlen(line) && !has_line(other->data, line))
            return line + strspn(line, " ");
    return NULL;
}

/* What dovecot.conf says, but from elsewhere: the files that it includes are named whole. */
static void write_main(const struct placing *p, char *at, FILE *f)
{
    for (char *line; (line = next_line(&at)) != NULL;) {
        size_t word = strcspn(line, " \t"), n = word + strspn(line + word, " \t");
        if (text_starts(line, "!include") && line[n] != '/')
            fprintf(f, "%.*s%s/%s\n", (int)n, line, p->folder, line + n);
        else
            fprintf(f, "%s\n", line);
    }
}

/* Our file behind everything else, without what would be added to itself. */
static bool write_twice(const struct placing *p, const char *ours, const char *path)
{
    struct placing table;
    struct file_state whole;
    placing_init(&table, p->arena, p->folder);
    if (!placing_read(&table, "dovecot.conf", &whole) || !whole.there)
        return false;
    FILE *f = fopen(path, "w");
    if (f == NULL)
        return false;
    write_main(p, arena_strdup(p->arena, whole.bytes), f);
    char *at = arena_strdup(p->arena, ours);
    for (char *line; (line = next_line(&at)) != NULL;)
        if (strstr(line, "$mail_plugins") == NULL)
            fprintf(f, "%s\n", line);
    bool good = ferror(f) == 0;
    return fclose(f) == 0 && good;
}

static void compare_twice(const struct placing *p, const char *path, survey_found *found, void *ctx)
{
    struct str once, twice;
    if (!doveconf(p, arena_printf(p->arena, "%s/dovecot.conf", p->folder), &once) ||
        !doveconf(p, path, &twice))
        return;
    const char *lacks = line_beyond(p, &twice, &once), *instead = line_beyond(p, &once, &twice);
    if (lacks != NULL || instead != NULL)
        found(ctx, "overridden", lacks != NULL ? lacks : "Mailboy's setting",
              instead != NULL ? instead : "Dovecot does not read conf.d/99-mailboy.conf");
}

void effect_dovecot(const struct placing *p, survey_found *found, void *ctx)
{
    char desk[] = "/tmp/mailboy-check-XXXXXX";
    const char *ours = NULL;
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->files[i].path, "conf.d/99-mailboy.conf") == 0 && p->files[i].is.there)
            ours = p->files[i].is.bytes;
    if (ours == NULL || mkdtemp(desk) == NULL) /* root's alone: 2.4 has passwords in it */
        return;
    const char *path = arena_printf(p->arena, "%s/dovecot.conf", desk);
    if (write_twice(p, ours, path))
        compare_twice(p, path, found, ctx);
    unlink(path);
    rmdir(desk);
}

/* ---- Amavis: what a later file of conf.d sets anew ---- */

/* "$name =" or "@name =" at the start of a line: how long it is, else 0. */
static size_t assigned(const char *line)
{
    size_t n = line[0] == '$' || line[0] == '@' ? 1 : 0;
    if (n > 0)
        n += strspn(line + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return n > 1 && line[n + strspn(line + n, " \t")] == '=' ? n : 0;
}

static bool assigns(const char *text, const char *name)
{
    for (const char *at = text; (at = strstr(at, name)) != NULL; at++)
        if ((at == text || at[-1] == '\n') && assigned(at) == strlen(name))
            return true;
    return false;
}

static void look_later(const struct placing *p, const char *ours, const char *name,
                       survey_found *found, void *ctx)
{
    struct placing table;
    struct file_state later;
    const char *path = arena_printf(p->arena, "conf.d/%s", name);
    placing_init(&table, p->arena, p->folder);
    if (!placing_read(&table, path, &later) || !later.there)
        return;
    char *at = arena_strdup(p->arena, later.bytes);
    for (char *line; (line = next_line(&at)) != NULL;) {
        line += strspn(line, " \t");
        size_t n = assigned(line);
        if (n > 0 && assigns(ours, arena_memdup(p->arena, line, n)))
            found(ctx, "overridden", arena_memdup(p->arena, line, n),
                  arena_printf(p->arena, "%s/%s: %s", p->folder, path, line));
    }
}

void effect_amavis(const struct placing *p, survey_found *found, void *ctx)
{
    DIR *d = opendir(arena_printf(p->arena, "%s/conf.d", p->folder));
    if (d == NULL)
        return;
    for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d))
        for (size_t i = 0; i < p->n; i++) /* amavisd reads them in this order */
            if (p->files[i].is.there && strcmp(e->d_name, strchr(p->files[i].path, '/') + 1) > 0)
                look_later(p, p->files[i].is.bytes, arena_strdup(p->arena, e->d_name), found, ctx);
    closedir(d);
}
