/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy conf: the neighbours' files with this server's values in place of @NAME@
 * (conf/README.md), printed, or put where they belong and taken back. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"
#include "cli/cli.h"
#include "cli/conf.h"
#include "cli/program.h"
#include "http/response.h"

/* A neighbour: the folder of its templates, where its configuration is on Debian, the files of its own that
 * `script` changes, and what to do when the files are in place. */
static const struct service {
    const char *noun, *templates, *folder, *script;
    const char *own[3];
    const char *then;
} services[] = {
    {"postfix",
     "postfix/",
     "/etc/postfix",
     "postfix/apply.sh",
     {"main.cf", "master.cf"},
     "Look at `postconf -n` and `postconf -M`, then `postfix reload`."},
    {"dovecot",
     "dovecot-2.3/",
     "/etc/dovecot",
     "dovecot/apply.sh",
     {"conf.d/10-auth.conf"},
     "Look at `doveconf -n`, then `doveadm reload`."},
    {"dovecot-2.4",
     "dovecot-2.4/",
     "/etc/dovecot",
     "dovecot/apply.sh",
     {"conf.d/10-auth.conf"},
     "Look at `doveconf -n`, then `doveadm reload`."},
    {"amavis",
     "amavis/",
     "/etc/amavis",
     NULL,
     {NULL},
     "Then `systemctl restart amavis`. Postfix sends mail there when amavis_port is set and its "
     "own files are written."},
    {"nginx",
     "nginx/",
     "/etc/nginx",
     NULL,
     {NULL},
     "Include mailboy-locations.conf in a site, or link sites-available/mailboy.conf into "
     "sites-enabled; then `nginx -t` and `nginx -s reload`."},
    {"lighttpd",
     "lighttpd/",
     "/etc/lighttpd",
     NULL,
     {NULL},
     "Then `lighttpd-enable-mod mailboy` and `service lighttpd force-reload`."},
    {"systemd",
     "systemd/",
     "/etc/systemd/system",
     NULL,
     {NULL},
     "Then `systemctl daemon-reload` and `systemctl enable --now mailboy`."},
};
enum { SERVICES = sizeof services / sizeof *services };

/* Where a template's file goes below the folder, and whose it is; the first row that fits. Group and mode are
 * such that the daemon can read it and nobody else can read a password. */
static const struct place {
    const char *template, *into, *group;
    mode_t mode;
} places[] = {
    {"postfix/", "mailboy/", "postfix", 0640},
    {"dovecot-2.3/99-mailboy.conf", "conf.d/", "root", 0644},
    {"dovecot-2.3/mailboy-dict", "", "dovecot", 0640},
    {"dovecot-2.3/", "", "root", 0600},
    {"dovecot-2.4/", "conf.d/", "root", 0600},
    {"amavis/", "conf.d/", "amavis", 0640},
    {"nginx/mailboy.conf", "sites-available/", "root", 0644},
    {"lighttpd/mailboy-refused.html", "", "root", 0644},
    {"lighttpd/", "conf-available/", "root", 0644},
    {"", "", "root", 0644},
};

/* What one run fills into the templates. */
struct filling {
    struct shell *sh;
    const char *folder, *postfix_queue;
};

static const char *number(struct shell *sh, int64_t n)
{
    return arena_printf(sh->arena, "%lld", (long long)n);
}

/* How a client names the database's place: its words for a socket, and for host and port. */
static const char *database(struct shell *sh, const char *socket_form, const char *tcp_form)
{
    const struct settings *s = &sh->settings;
    struct str to;
    str_init(&to, sh->arena, 1024);
    for (const char *f = s->database_socket[0] != '\0' ? socket_form : tcp_form; *f != '\0'; f++) {
        if (*f == 'S')
            str_append(&to, s->database_socket);
        else if (*f == 'H')
            str_append(&to, s->database_host);
        else if (*f == 'P')
            str_printf(&to, "%lld", (long long)s->database_port);
        else
            str_append_c(&to, *f);
    }
    return to.data;
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
static const char *value_of(const struct filling *f, const char *name, size_t n)
{
    struct shell *sh = f->sh;
    const struct settings *s = &sh->settings;
    const struct {
        const char *name, *value;
    } values[] = {
        {"POSTFIX_DB_HOSTS", database(sh, "unix:S", "inet:H:P")},
        {"DOVECOT_DB_CONNECT", database(sh, "host=S", "host=H port=P")},
        {"DOVECOT_DB_PLACE", database(sh, "S", "H")},
        {"DOVECOT_DB_PORT", database(sh, "", "port = P")},
        {"AMAVIS_DB", database(sh, "mysql_socket=S", "host=H;port=P")},
        {"DB_NAME", s->database_name},
        {"MAILPOSTFIX_PASSWORD", s->mailpostfix_password},
        {"MAILUSER_PASSWORD", s->mailuser_password},
        {"MAILQUOTA_PASSWORD", s->mailquota_password},
        {"MAIL_ROOT", s->mail_root},
        {"MAIL_UID", number(sh, s->mail_uid)},
        {"MAIL_GID", number(sh, s->mail_gid)},
        {"AMAVIS_PORT", number(sh, s->amavis_port)},
        {"AMAVIS_LISTEN_PORT", number(sh, s->amavis_port != 0 ? s->amavis_port : 10024)},
        {"AMAVIS_RETURN_PORT", number(sh, s->amavis_return_port)},
        {"POSTFIX_QUEUE", f->postfix_queue},
        {"CONFIG_DIR", f->folder},
        {"FASTCGI_PASS", fastcgi_pass(sh)},
        {"PREFIX", s->mailboy_root},
        {"ASSETS_DIR", s->assets_dir},
        {"SERVER_NAME", server_name(sh)},
        {"MAX_UPLOAD", number(sh, s->max_upload)},
        {"MAX_UPLOAD_KB", number(sh, s->max_upload / 1024)},
        {"LIGHTTPD_POOL", lighttpd_pool(sh)},
        {"POLICY", http_policy},
        {"PROGRAM", program_self(sh->arena)},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strlen(values[i].name) == n && memcmp(values[i].name, name, n) == 0)
            return values[i].value;
    return NULL;
}

static struct str fill(const struct filling *f, const struct embedded *template)
{
    struct str to;
    str_init(&to, f->sh->arena, 1 << 20);
    for (const char *text = template->bytes; *text != '\0';) {
        size_t plain = strcspn(text, "@");
        str_append_n(&to, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        size_t n = strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        const char *value = text[n + 1] == '@' ? value_of(f, text + 1, n) : NULL;
        str_append(&to, value != NULL ? value : "@");
        text += value != NULL ? n + 2 : 1;
    }
    return to;
}

static const struct place *place_of(const struct embedded *template)
{
    const struct place *p = places;
    while (!text_starts(template->path, p->template))
        p++;
    return p;
}

static bool is_of(const struct embedded *template, const struct service *v)
{
    return text_starts(template->path, v->templates) &&
           (v->script == NULL || strcmp(template->path, v->script) != 0);
}

static const char *target(struct arena *a, const struct embedded *template, const struct service *v)
{
    return arena_printf(a, "%s%s", place_of(template)->into, template->path + strlen(v->templates));
}

/* ---- printing ---- */

static void print_json(const struct filling *f, const struct service *v)
{
    struct value *answer = value_map(f->sh->arena);
    value_set_text(answer, "folder", f->folder);
    struct value *files = value_set_list(answer, "files");
    for (const struct embedded *t = embed_conf; t->path != NULL; t++) {
        if (!is_of(t, v))
            continue;
        const struct place *p = place_of(t);
        struct str text = fill(f, t);
        struct value *file = value_add_map(files);
        value_set_text(file, "path", target(f->sh->arena, t, v));
        value_set_text(file, "group", p->group);
        value_set_text(file, "mode", arena_printf(f->sh->arena, "%04o", (unsigned)p->mode));
        value_set_text_n(file, "text", text.data, text.len);
    }
    shell_print(f->sh, answer);
}

static int print(const struct filling *f, const struct service *v)
{
    if (f->sh->json) {
        print_json(f, v);
        return EXIT_DONE;
    }
    for (const struct embedded *t = embed_conf; t->path != NULL; t++) {
        if (!is_of(t, v))
            continue;
        const struct place *p = place_of(t);
        printf("### %s/%s  root:%s %04o\n%s\n", f->folder, target(f->sh->arena, t, v), p->group,
               (unsigned)p->mode, fill(f, t).data);
    }
    const struct embedded *script = v->script != NULL ? embedded_find(embed_conf, v->script) : NULL;
    if (script != NULL)
        printf("### apply.sh: what --write does to files that are there already\n%s\n",
               fill(f, script).data);
    return EXIT_DONE;
}

/* ---- writing ---- */

static bool want_templates(const struct filling *f, const struct service *v, struct placing *p)
{
    for (const struct embedded *t = embed_conf; t->path != NULL; t++) {
        if (!is_of(t, v))
            continue;
        const struct place *place = place_of(t);
        const struct group *group = getgrnam(place->group);
        if (group == NULL) {
            p->trouble = arena_printf(p->arena, "There is no group `%s` here: install %s first.",
                                      place->group, v->noun);
            return false;
        }
        struct str text = fill(f, t);
        placing_add(p, target(p->arena, t, v))->want =
            (struct file_state){true, text.data, text.len, place->mode, 0, group->gr_gid};
    }
    return true;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st, (void)kind, (void)where;
    remove(path);
    return 0;
}

/* The daemon's own files as the script leaves them: it works on copies, which are compared and put like any
 * other. */
static bool copy_own(struct placing *p, const char *path, const char *desk)
{
    struct placing table;
    struct file_state is;
    placing_init(&table, p->arena, desk);
    if (!placing_read(p, path, &is))
        return false;
    if (!is.there)
        return true;
    struct placed_file *f = placing_add(&table, path);
    f->want = is;
    f->want.mode = 0600, f->want.uid = geteuid(), f->want.gid = getegid();
    struct placed_file *own = placing_add(p, path);
    own->want = is;
    own->own = true;
    p->trouble = placing_put(&table) ? NULL : table.trouble;
    /* Postfix reads no main.cf that is younger than two seconds, but waits. */
    const struct timespec old[2] = {{0, 0}, {0, 0}};
    (void)utimensat(AT_FDCWD, arena_printf(p->arena, "%s/%s", desk, path), old, 0);
    return p->trouble == NULL;
}

static bool read_own(struct placing *p, size_t from, const char *desk)
{
    struct placing table;
    placing_init(&table, p->arena, desk);
    for (; from < p->n; from++) {
        struct file_state edited;
        if (!placing_read(&table, p->files[from].path, &edited)) {
            p->trouble = table.trouble;
            return false;
        }
        p->files[from].want.bytes = edited.bytes;
        p->files[from].want.n = edited.n;
    }
    return true;
}

static bool want_own(const struct filling *f, const struct service *v, struct placing *p)
{
    char desk[] = "/tmp/mailboy-conf-XXXXXX";
    size_t from = p->n;
    if (v->script == NULL)
        return true;
    if (mkdtemp(desk) == NULL) {
        p->trouble = arena_printf(p->arena, "/tmp: %s", strerror(errno));
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && v->own[i] != NULL; i++)
        good = copy_own(p, v->own[i], desk);
    const char *text = fill(f, embedded_find(embed_conf, v->script)).data;
    const char *const command[] = {"sh", "-c", text, "apply.sh", desk, NULL};
    if (good && program_run(p->arena, command, NULL) != 0) {
        p->trouble =
            arena_printf(p->arena, "%s: apply.sh could not change what is there.", f->folder);
        good = false;
    }
    good = good && read_own(p, from, desk);
    nftw(desk, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return good;
}

static int trouble(struct shell *sh, const struct placing *p)
{
    return shell_fail(sh, EXIT_TROUBLE, NULL, p->trouble);
}

static int say_done(struct shell *sh, const struct placing *p, const char *text)
{
    if (!sh->json) {
        puts(text);
        return EXIT_DONE;
    }
    struct value *answer = value_map(sh->arena);
    value_set_text(answer, "folder", p->folder);
    struct value *files = value_set_list(answer, "files");
    for (size_t i = 0; i < p->n; i++)
        if (file_differs(&p->files[i]))
            value_add_text(files, p->files[i].path);
    shell_print(sh, answer);
    return EXIT_DONE;
}

/* Shows, asks, does. */
static int carry_out(struct shell *sh, struct placing *p, bool doing(struct placing *),
                     const char *question, const char *done)
{
    if (!placing_differs(p) && doing == placing_do)
        return say_done(sh, p, "Everything is in place already.");
    if (!sh->json && !placing_show(p))
        return shell_fail(sh, EXIT_TROUBLE, NULL,
                          "The difference cannot be shown: diff(1) is missing.");
    if (sh->dry_run)
        return say_done(sh, p, "Nothing was changed.");
    int status = shell_confirm(sh, question);
    if (status != EXIT_DONE)
        return status;
    return doing(p) ? say_done(sh, p, done) : trouble(sh, p);
}

static bool compare(const struct filling *f, const struct service *v, struct placing *p)
{
    placing_init(p, f->sh->arena, f->folder);
    return want_templates(f, v, p) && want_own(f, v, p) && placing_look(p);
}

/* The option of a password that a template wants and the configuration does not have, NULL: none. */
static const char *lacking_password(const struct settings *s, const struct service *v)
{
    const struct {
        const char *place, *option, *value;
    } passwords[] = {
        {"@MAILPOSTFIX_PASSWORD@", "mailpostfix_password", s->mailpostfix_password},
        {"@MAILUSER_PASSWORD@", "mailuser_password", s->mailuser_password},
        {"@MAILQUOTA_PASSWORD@", "mailquota_password", s->mailquota_password},
    };
    for (const struct embedded *t = embed_conf; t->path != NULL; t++)
        for (size_t i = 0; is_of(t, v) && i < sizeof passwords / sizeof *passwords; i++)
            if (passwords[i].value[0] == '\0' && strstr(t->bytes, passwords[i].place) != NULL)
                return passwords[i].option;
    return NULL;
}

static int write_files(const struct filling *f, const struct service *v)
{
    struct placing p;
    const char *lacking = lacking_password(&f->sh->settings, v);
    if (lacking != NULL)
        return shell_fail(f->sh, EXIT_CONFIGURATION, lacking,
                          "It is not set, so the database would refuse. `mailboy setup` makes a "
                          "configuration with all passwords.");
    if (!compare(f, v, &p))
        return trouble(f->sh, &p);
    const char *done = arena_printf(
        f->sh->arena, "Done; `mailboy conf %s --undo%s%s` takes it back. Nothing was reloaded. %s",
        v->noun, f->sh->write[0] != '\0' ? " " : "", f->sh->write, v->then);
    return carry_out(f->sh, &p, placing_do, "Write this?", done);
}

static int undo_files(const struct filling *f)
{
    struct placing p;
    placing_init(&p, f->sh->arena, f->folder);
    if (!placing_recall(&p))
        return trouble(f->sh, &p);
    const char *changed = placing_changed_since(&p);
    if (changed != NULL && !f->sh->force)
        return shell_fail(f->sh, EXIT_THERE, changed,
                          "It was changed since Mailboy wrote it. --force drops that change too.");
    return carry_out(f->sh, &p, placing_undo, "Take it back?",
                     "Everything is as it was before. Nothing was reloaded.");
}

/* ---- the command ---- */

/* folder: another than the usual one, or NULL. */
static const char *postfix_queue(struct shell *sh, const struct service *v, const char *folder)
{
    struct str said;
    str_init(&said, sh->arena, 4096);
    bool given = strcmp(v->noun, "postfix") == 0 && folder != NULL && folder[0] != '\0';
    const char *const here[] = {"postconf", "-c", folder, "-h", "queue_directory", NULL};
    const char *const usual[] = {"postconf", "-h", "queue_directory", NULL};
    if (program_run(sh->arena, given ? here : usual, &said) != 0 || said.data[0] != '/')
        return "/var/spool/postfix";
    said.data[strcspn(said.data, "\n")] = '\0';
    return said.data;
}

/* Dovecot 2.4 shares no configuration with 2.3. */
static bool dovecot_is_new(struct arena *a)
{
    struct str said;
    int major, minor;
    str_init(&said, a, 256);
    const char *const command[] = {"dovecot", "--version", NULL};
    return program_run(a, command, &said) == 0 && sscanf(said.data, "%d.%d", &major, &minor) == 2 &&
           (major > 2 || minor >= 4);
}

static const struct service *find_service(struct shell *sh, const char *noun)
{
    for (size_t i = 0; i < SERVICES; i++)
        if (strcmp(services[i].noun, noun) == 0)
            return strcmp(noun, "dovecot") == 0 && dovecot_is_new(sh->arena) ? &services[i + 1]
                                                                             : &services[i];
    return NULL;
}

const char *conf_service(size_t i)
{
    return i < SERVICES ? services[i].noun : NULL;
}

const char *conf_folder(const char *service)
{
    size_t i = 0;
    while (strcmp(services[i].noun, service) != 0)
        i++;
    return services[i].folder;
}

bool conf_compare(struct shell *sh, const char *service, const char *folder, struct placing *p_r)
{
    const struct service *v = find_service(sh, service);
    struct filling f = {.sh = sh,
                        .folder = folder != NULL ? folder : v->folder,
                        .postfix_queue = postfix_queue(sh, v, folder)};
    return compare(&f, v, p_r);
}

static int refuse(struct shell *sh)
{
    struct str s;
    str_init(&s, sh->arena, 512);
    str_append(&s, "There are files for mailboy");
    for (size_t i = 0; i < SERVICES; i++)
        str_printf(&s, ", %s", services[i].noun);
    str_append_c(&s, '.');
    return shell_fail(sh, EXIT_USAGE, NULL, s.data);
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
    if (sh->operands_n != 1)
        return EXIT_USAGE;
    if (strcmp(sh->operands[0], "mailboy") == 0)
        return print_manual(sh);
    const struct service *v = find_service(sh, sh->operands[0]);
    if (v == NULL)
        return refuse(sh);
    int status = shell_configure(sh);
    if (status != EXIT_DONE)
        return status;
    const char *given = sh->undo != NULL ? sh->undo : sh->write;
    struct filling f = {
        .sh = sh, .folder = v->folder, .postfix_queue = postfix_queue(sh, v, sh->write)};
    char path[PATH_MAX];
    if (given != NULL && given[0] != '\0')
        f.folder = realpath(given, path);
    if (f.folder == NULL)
        return shell_fail(sh, EXIT_TROUBLE, given, strerror(errno));
    if (sh->undo != NULL)
        return undo_files(&f);
    return sh->write != NULL ? write_files(&f, v) : print(&f, v);
}
