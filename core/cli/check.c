/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy check: does everything fit? Looks and changes nothing. What it can find is the table check.def. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "auth/password.h"
#include "cli/conf.h"
#include "cli/effect.h"
#include "cli/program.h"
#include "cli/serve.h"
#include "store/migrate.h"
#include "store/survey.h"

enum severity { WARNING = 1, ERROR = 2 }; /* and what to leave with, as monitoring wants it */

enum { SPACE_LEAST = 5 }; /* per cent */

static const struct finding {
    const char *code;
    enum severity severity;
    const char *text, *mend;
} findings[] = {
#define FINDING(code, severity, text, mend) {code, severity, text, mend},
#include "cli/check.def"
#undef FINDING
};

struct check {
    struct shell *sh;
    struct value *list; /* with --json */
    enum severity worst;
    size_t n;
};

static const struct finding *finding_of(const char *code)
{
    const struct finding *f = findings;
    while (strcmp(f->code, code) != 0)
        f++;
    return f;
}

/* `text` with each %s in turn from the two. */
static const char *said(struct arena *a, const char *text, const char *first, const char *second)
{
    struct str s;
    str_init(&s, a, 8192);
    for (const char *next = first; *text != '\0'; text++) {
        if (text[0] != '%' || text[1] != 's') {
            str_append_c(&s, *text);
            continue;
        }
        str_append(&s, next);
        next = second;
        text++;
    }
    return s.data;
}

static void found(void *ctx, const char *code, const char *object, const char *detail)
{
    struct check *c = ctx;
    struct arena *a = c->sh->arena;
    const struct finding *f = finding_of(code);
    const char *word = f->severity == ERROR ? "error" : "warning";
    const char *text = said(a, f->text, object, detail), *mend = said(a, f->mend, object, detail);
    c->n++;
    c->worst = f->severity > c->worst ? f->severity : c->worst;
    if (c->list == NULL) {
        printf("%s %s: %s\n    %s\n", word, code, text, mend);
        return;
    }
    struct value *v = value_add_map(c->list);
    value_set_text(v, "code", code);
    value_set_text(v, "severity", word);
    value_set_text(v, "object", object);
    value_set_text(v, "text", text);
    value_set_text(v, "mend", mend);
}

/* --- the database --- */

static enum outcome check_schema(struct check *c, struct store *root)
{
    struct arena *a = c->sh->arena;
    const char *database = c->sh->settings.database_name;
    int64_t version;
    enum outcome o = schema_version(root, &version);
    if (o == OUT_OK && version != SCHEMA_VERSION) {
        found(c, "schema", arena_printf(a, "%lld, not %d", (long long)version, SCHEMA_VERSION), "");
        return OUT_OK;
    }
    if (o == OUT_OK)
        o = survey_schema(root, a, database, found, c);
    bool whole = c->worst < ERROR; /* else the questions about rows would find no tables */
    if (o == OUT_OK)
        o = survey_grants(root, a, database, shell_client_host(c->sh), found, c);
    if (o == OUT_OK && whole)
        o = survey_rows(root, a, found, c);
    if (o == OUT_OK && whole)
        o = survey_accounts(root, a, found, c);
    return o;
}

/* Each account by itself, as the pages and the daemons come. */
static void check_log_ins(struct check *c)
{
    const struct settings *s = &c->sh->settings;
    const struct {
        const char *user, *password;
    } accounts[] = {{s->database_user, s->database_password},
                    {"mailpostfix", s->mailpostfix_password},
                    {"mailuser", s->mailuser_password},
                    {"mailquota", s->mailquota_password}};
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
        struct store_options *o = ARENA_NEW(c->sh->arena, struct store_options);
        store_options_of(s, o);
        o->user = accounts[i].user;
        o->password = accounts[i].password;
        o->schema_version = 0;
        struct store *one = store_create(o);
        if (store_ping(one) != OUT_OK)
            found(c, "login", o->user, arena_strdup(c->sh->arena, store_error(one)));
        store_destroy(one);
    }
}

static void check_database(struct check *c)
{
    struct store *root = shell_root(c->sh, c->sh->settings.database_name);
    bool answers = check_schema(c, root) == OUT_OK &&
                   survey_server(root, c->sh->arena, found, c) == OUT_OK;
    if (!answers)
        found(c, "database", arena_strdup(c->sh->arena, store_error(root)), "");
    store_destroy(root);
    if (answers)
        check_log_ins(c);
}

static void check_options(struct check *c)
{
    const struct settings *s = &c->sh->settings;
    if (s->privacy_level > 0)
        found(c, "privacy", arena_printf(c->sh->arena, "%lld", (long long)s->privacy_level), "");
    if (s->insecure_http)
        found(c, "http", "", "");
}

/* --- the daemons' files --- */

/* Where the service has its files; --etc stands in for /etc. */
static const char *folder_of(struct check *c, const char *service)
{
    const char *usual = conf_folder(service);
    return c->sh->etc == NULL
               ? usual
               : arena_printf(c->sh->arena, "%s%s", c->sh->etc, usual + strlen("/etc"));
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Is any of the files that are ours alone in place? */
static bool is_used(const struct placing *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->files[i].is.there && !p->files[i].own)
            return true;
    return false;
}

static void compare_file(struct check *c, const struct placing *p, const struct placed_file *f,
                         const char *service)
{
    struct arena *a = c->sh->arena;
    const char *path = arena_printf(a, "%s/%s", p->folder, f->path);
    bool same = f->is.n == f->want.n && memcmp(f->is.bytes, f->want.bytes, f->is.n) == 0;
    if (!f->is.there)
        found(c, "file-missing", path, service);
    else if (!same)
        found(c, "file", path, service);
    else if (f->is.mode != f->want.mode || f->is.uid != f->want.uid || f->is.gid != f->want.gid)
        found(c, "mode", path,
              arena_printf(a, "%04o %u:%u, not %04o %u:%u", (unsigned)f->is.mode, f->is.uid,
                           f->is.gid, (unsigned)f->want.mode, f->want.uid, f->want.gid));
}

/* The folder that --write makes for files of ours: whoever may read them has to get there. */
static void check_folder(struct check *c, const struct placing *p, const struct placed_file *f)
{
    const char *slash = strchr(f->path, '/');
    struct stat st;
    if (slash == NULL || (f->want.mode & 044) == 0)
        return;
    const char *path =
        arena_printf(c->sh->arena, "%s/%.*s", p->folder, (int)(slash - f->path), f->path);
    if (stat(path, &st) != 0 || (st.st_mode & 01) != 0 ||
        ((st.st_mode & 010) != 0 && st.st_gid == f->want.gid))
        return;
    found(c, "mode", path,
          arena_printf(c->sh->arena, "%04o %u:%u: the group %u cannot enter", st.st_mode & 07777u,
                       st.st_uid, st.st_gid, f->want.gid));
}

/* A map of Postfix that asks about every account, active or not. */
static bool knows_disabled(struct check *c, const char *maps)
{
    for (const char *at = maps; *at != '\0'; at += strcspn(at, ", \n")) {
        at += strspn(at, ", \n");
        size_t n = strcspn(at, ", \n");
        const char *path = memchr(at, '/', n);
        if (path == NULL)
            continue;
        struct placing table;
        struct file_state state;
        const char *whole = arena_memdup(c->sh->arena, path, (size_t)(at + n - path));
        placing_init(&table, c->sh->arena, "/");
        if (placing_read(&table, whole + 1, &state) && state.there &&
            (strstr(state.bytes, "view_addresses") != NULL ||
             strstr(state.bytes, "virtual_users") != NULL))
            return true;
    }
    return false;
}

static void check_catch_all(struct check *c, const char *folder)
{
    struct str maps;
    str_init(&maps, c->sh->arena, 64 * 1024);
    const char *const command[] = {"postconf", "-c", folder, "-xh", "virtual_alias_maps", NULL};
    if (program_run(c->sh->arena, command, &maps) == 0 && strstr(maps.data, "mysql:") != NULL &&
        !knows_disabled(c, maps.data))
        found(c, "catch-all", "virtual_alias_maps", "");
}

static void check_hash(struct check *c)
{
    static const char phrase[] = "checked by mailboy"; /* nobody's password */
    const struct settings *s = &c->sh->settings;
    const struct password_cost cost = {.memory_kib = (unsigned)s->argon2_memory,
                                       .passes = (unsigned)s->argon2_passes};
    const char *hash = password_hash(c->sh->arena, &cost, phrase, strlen(phrase));
    struct str answer;
    str_init(&answer, c->sh->arena, 4096);
    const char *const command[] = {"doveadm", "pw", "-t", hash, "-p", phrase, NULL};
    if (program_run(c->sh->arena, command, &answer) != 0)
        found(c, "hash", "doveadm pw -t", "");
}

/* Of blocks or of files, whichever is scarcer; some file systems do not count files. */
static void check_space(struct check *c)
{
    const char *root = c->sh->settings.mail_root;
    struct statvfs fs;
    if (statvfs(root, &fs) != 0 || fs.f_blocks == 0)
        return;
    unsigned blocks = (unsigned)(fs.f_bavail * 100 / fs.f_blocks);
    unsigned files = fs.f_files > 0 ? (unsigned)(fs.f_favail * 100 / fs.f_files) : 100;
    if (blocks < SPACE_LEAST || files < SPACE_LEAST)
        found(c, "space", root,
              arena_printf(c->sh->arena, "%u %% of its %s", blocks < files ? blocks : files,
                           blocks < files ? "space" : "files"));
}

static void check_mail_root(struct check *c)
{
    const struct settings *s = &c->sh->settings;
    struct stat st;
    if (stat(s->mail_root, &st) != 0)
        found(c, "mail-root", s->mail_root, arena_strdup(c->sh->arena, strerror(errno)));
    else if (st.st_uid != (uid_t)s->mail_uid || st.st_gid != (gid_t)s->mail_gid)
        found(c, "mail-root", s->mail_root, "belongs to somebody else");
    else if ((st.st_mode & 02) != 0)
        found(c, "mail-root", s->mail_root, "may be written by everybody");
}

/* A domain that is hosted here and delivered to the machine's accounts as well. */
static void check_destinations(struct check *c, const char *folder)
{
    struct store *root = shell_root(c->sh, c->sh->settings.database_name);
    survey_hosted(root, c->sh->arena, effect_destinations(c->sh->arena, folder), found, c);
    store_destroy(root);
}

/* In place, but do they count? */
static void check_effect(struct check *c, const char *service, const struct placing *p)
{
    static const struct {
        const char *service;
        void (*look)(const struct placing *p, survey_found *found, void *ctx);
    } effects[] = {
        {"postfix", effect_postfix}, {"dovecot", effect_dovecot}, {"amavis", effect_amavis}};
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (strcmp(service, effects[i].service) == 0)
            effects[i].look(p, found, c);
}

static void check_service(struct check *c, const char *service)
{
    struct placing p;
    const char *folder = folder_of(c, service);
    bool postfix = strcmp(service, "postfix") == 0, dovecot = strcmp(service, "dovecot") == 0;
    if (!is_folder(folder))
        return;
    if (postfix) {
        check_catch_all(c, folder);
        check_destinations(c, folder);
    }
    if (!conf_compare(c->sh, service, folder, &p)) {
        if (postfix || dovecot)
            found(c, "untold", service, p.trouble);
        return;
    }
    if (!is_used(&p)) {
        if (postfix || dovecot)
            found(c, "unset", service, "");
        return;
    }
    size_t before = c->n;
    for (size_t i = 0; i < p.n; i++)
        compare_file(c, &p, &p.files[i], service);
    check_folder(c, &p, &p.files[0]);
    if (c->n == before) /* else that is why */
        check_effect(c, service, &p);
    if (!dovecot)
        return;
    check_mail_root(c);
    check_space(c);
    check_hash(c);
}

static int answer(struct check *c, struct value *v)
{
    if (c->list != NULL) {
        value_set_text(v, "worst",
                       c->worst == ERROR     ? "error"
                       : c->worst == WARNING ? "warning"
                                             : "fine");
        shell_print(c->sh, v);
    } else if (c->n == 0) {
        puts("Everything fits.");
    }
    return (int)c->worst;
}

int command_check(struct shell *sh)
{
    if (sh->operands_n > 0 || !setup_takes_host(shell_client_host(sh)))
        return EXIT_USAGE;
    int status = shell_configure(sh);
    if (status != EXIT_DONE)
        return status;
    struct value *v = value_map(sh->arena);
    struct check c = {.sh = sh, .list = sh->json ? value_set_list(v, "findings") : NULL};
    check_options(&c);
    check_database(&c);
    const char *before = "";
    for (size_t i = 0; conf_service(i) != NULL; i++) {
        const char *folder = conf_folder(conf_service(i));
        if (strcmp(folder, before) != 0) /* else another release of the same */
            check_service(&c, conf_service(i));
        before = folder;
    }
    return answer(&c, v);
}
