/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all commands share: configuration, database, who acts, how things are said. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/serve.h"
#include "model/address.h"

/* `of`: which of several it is about; NULL: there is but one. */
static int fail_of(struct shell *sh, int status, const char *of, const char *field,
                   const char *text)
{
    if (sh->json) {
        struct value *v = value_map(sh->arena);
        value_set_text(v, "of", of);
        value_set_text(v, "field", field);
        value_set_text(v, "error", text);
        struct str s;
        str_init(&s, sh->arena, WIRE_MAX);
        value_json(&s, v);
        fprintf(stderr, "%s\n", s.data);
    } else {
        fprintf(stderr, "mailboy: %s%s%s%s%s\n", of != NULL ? of : "", of != NULL ? ": " : "",
                field != NULL ? field : "", field != NULL ? ": " : "", text);
    }
    return status;
}

int shell_fail(struct shell *sh, int status, const char *field, const char *text)
{
    return fail_of(sh, status, NULL, field, text);
}

int shell_configure(struct shell *sh)
{
    struct str mistakes;
    str_init(&mistakes, sh->arena, 1 << 16);
    sh->config = settings_path(sh->config);
    if (settings_load(sh->arena, sh->config, &sh->settings, &mistakes)) {
        log_threshold(sh->settings.log_level);
        return EXIT_DONE;
    }
    fputs(mistakes.data, stderr);
    return EXIT_CONFIGURATION;
}

static const char *unix_user(struct shell *sh)
{
    const struct passwd *pw = getpwuid(getuid());
    const char *sudo = getenv("SUDO_USER");
    if (getuid() == 0 && sudo != NULL && sudo[0] != '\0' && strlen(sudo) < 64)
        return arena_printf(sh->arena, "%s by sudo", sudo);
    return pw != NULL ? arena_strdup(sh->arena, pw->pw_name)
                      : arena_printf(sh->arena, "uid %d", (int)getuid());
}

static int become(struct shell *sh)
{
    sh->who = (struct actor){
        .confirmed = true, .via = "cli", .remote = "", .request_id = "", .unix_user = unix_user(sh)};
    sh->who.console = sh->as == NULL;
    if (sh->as == NULL)
        return EXIT_DONE;
    int status = shell_find_mailbox(sh, sh->as, &sh->account, NULL);
    sh->who.account = &sh->account;
    if (status == EXIT_DONE && !sh->account.active)
        return shell_fail(sh, EXIT_NOT_ALLOWED, "as", "This account is disabled.");
    return status;
}

int shell_open(struct shell *sh)
{
    int status = shell_configure(sh);
    if (status != EXIT_DONE)
        return status;
    struct store_options *o = ARENA_NEW(sh->arena, struct store_options);
    store_options_of(&sh->settings, o);
    sh->store = store_create(o);
    sh->desk = reception_create(sh->arena, &sh->settings, sh->store, NULL, NULL);
    enum outcome reached = store_ping(sh->store);
    if (reached != OUT_OK && store_schema_differs(sh->store))
        return shell_fail(sh, EXIT_CONFIGURATION, NULL, store_error(sh->store));
    return reached == OUT_OK ? become(sh) : shell_outcome(sh, reached);
}

int shell_outcome(struct shell *sh, enum outcome o)
{
    static const struct {
        int status;
        enum text_key text;
    } answers[] = {
        [OUT_OK] = {EXIT_DONE, TEXT_NONE},
        [OUT_ABSENT] = {EXIT_NOT_FOUND, TEXT_NOT_FOUND},
        [OUT_DENIED] = {EXIT_NOT_ALLOWED, TEXT_NOT_ALLOWED},
        [OUT_WRONG] = {EXIT_BAD_DATA, TEXT_BAD_REQUEST},
        [OUT_CONFLICT] = {EXIT_THERE, TEXT_CHANGED_ELSEWHERE},
        [OUT_BUSY] = {EXIT_AWAY, TEXT_BUSY},
        [OUT_UNAVAILABLE] = {EXIT_AWAY, TEXT_DATABASE_AWAY},
        [OUT_UNCERTAIN] = {EXIT_AWAY, TEXT_OUTCOME_UNCERTAIN},
    };
    if (o == OUT_OK)
        return EXIT_DONE;
    const char *text = text_english(answers[o].text);
    if (o == OUT_UNAVAILABLE && sh->store != NULL)
        text = arena_printf(sh->arena, "%s (%s)", text, store_error(sh->store));
    return shell_fail(sh, answers[o].status, NULL, text);
}

static int say_errors(struct shell *sh, const struct input *in, const char *of)
{
    for (size_t i = 0; i < in->n; i++)
        if (in->values[i].error != TEXT_NONE)
            fail_of(sh, 0, of, in->fields[i].name,
                    text_format(sh->arena, in->values[i].error, in->values[i].error_arg));
    if (in->error != TEXT_NONE)
        fail_of(sh, 0, of, NULL, text_format(sh->arena, in->error, in->error_arg));
    return EXIT_BAD_DATA;
}

/* What the actor may not set would not be read; who asks for it here is told. */
static const char *refused_field(struct shell *sh, const struct change *c)
{
    const struct action *action = &actions[c->action];
    if (c->input == NULL || permit(&sh->who, c->action, &c->on) != OUT_OK)
        return NULL;
    unsigned roles = actor_roles(&sh->who, action->on == ON_SITE ? NULL : &c->on);
    for (size_t i = 0; i < c->input->n; i++)
        if (c->input->values[i].present && (c->input->fields[i].edit & roles) == 0)
            return c->input->fields[i].name;
    return NULL;
}

static int say_failed(struct shell *sh, const struct change *c, const char *name, enum outcome o)
{
    if ((o == OUT_WRONG || o == OUT_CONFLICT) && c->input != NULL && !input_is_clean(c->input)) {
        say_errors(sh, c->input, name);
        return o == OUT_CONFLICT ? EXIT_THERE : EXIT_BAD_DATA;
    }
    if ((o == OUT_DENIED || o == OUT_CONFLICT) && c->refusal != TEXT_NONE)
        return shell_fail(sh, o == OUT_DENIED ? EXIT_NOT_ALLOWED : EXIT_THERE, name,
                          text_format(sh->arena, c->refusal, c->refusal_arg));
    if (o == OUT_ABSENT && name != NULL)
        return shell_fail(sh, EXIT_NOT_FOUND, name, text_english(TEXT_NOT_FOUND));
    return shell_outcome(sh, o);
}

int shell_confirm(struct shell *sh, const char *question)
{
    char answer[16] = "";
    if (sh->yes)
        return EXIT_DONE;
    if (!isatty(STDIN_FILENO))
        return shell_fail(sh, EXIT_USAGE, NULL, "Say --yes if that is meant.");
    fprintf(stderr, "%s [y/N] ", question);
    if (fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y'))
        return EXIT_DONE;
    return shell_fail(sh, EXIT_USAGE, NULL, "Nothing was changed.");
}

int shell_perform_all(struct shell *sh, struct change *changes, size_t n, const char *const *names)
{
    bool repeated;
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        const char *refused = refused_field(sh, &changes[i]);
        if (refused != NULL)
            return shell_fail(sh, EXIT_NOT_ALLOWED, refused, text_english(TEXT_NOT_ALLOWED));
        if (changes[i].input != NULL && !input_is_clean(changes[i].input))
            return say_errors(sh, changes[i].input, NULL);
    }
    enum outcome o = perform(&sh->desk->workshop, sh->arena, &sh->who, changes, n,
                             &(struct operation){0}, &repeated);
    while (failed + 1 < n && changes[failed].verdict == OUT_OK)
        failed++;
    return o == OUT_OK
               ? EXIT_DONE
               : say_failed(sh, &changes[failed], names != NULL && n > 1 ? names[failed] : NULL, o);
}

int shell_perform(struct shell *sh, struct change *c)
{
    return shell_perform_all(sh, c, 1, NULL);
}

int shell_perform_each(struct shell *sh, const struct change *pattern, shell_find *find,
                       struct change **changes_r)
{
    size_t n = sh->operands_n;
    struct change *changes = arena_array(sh->arena, n, sizeof *changes);
    const struct input *in = pattern->input;
    for (size_t i = 0; i < n; i++) {
        changes[i] = *pattern;
        if (in != NULL) {
            changes[i].input = input_create(sh->arena, in->fields);
            memcpy(changes[i].input->values, in->values, in->n * sizeof *in->values);
        }
        int status = find(sh, sh->operands[i], &changes[i].on);
        if (status != EXIT_DONE)
            return status;
    }
    *changes_r = changes;
    return shell_perform_all(sh, changes, n, sh->operands);
}

int shell_read_fields(struct shell *sh, struct change *c)
{
    const struct field *fields = actions[c->action].fields;
    if (c->input == NULL && fields != NULL)
        c->input = input_create(sh->arena, fields);
    for (size_t i = 0; i < sh->fields_n; i++) {
        const char *name = sh->fields[i][0], *text = sh->fields[i][1];
        struct input_value *at = c->input != NULL ? input_at(c->input, name) : NULL;
        if (at == NULL)
            return shell_fail(sh, EXIT_USAGE, name, "There is no such option here.");
        const struct field *f = &c->input->fields[at - c->input->values];
        if (f->type == FIELD_PASSWORD)
            return shell_fail(
                sh, EXIT_USAGE, name,
                "Passwords are not taken from the command line: others could read them there.");
        input_read_typed(sh->arena, c->input, name, text, strlen(text));
    }
    return EXIT_DONE;
}

/* A line from the terminal without echo. */
static char *prompt(struct arena *a, const char *question)
{
    struct termios before, quiet;
    char line[1100] = "";
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fputs(question, stderr);
    if (terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    char *read = fgets(line, sizeof line, stdin);
    if (terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    line[strcspn(line, "\n")] = '\0';
    char *text = read != NULL ? arena_strdup(a, line) : NULL;
    explicit_bzero(line, sizeof line);
    return text;
}

static char *password_from_input(struct arena *a)
{
    char line[1100] = "";
    if (fgets(line, sizeof line, stdin) == NULL)
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    return arena_strdup(a, line);
}

int shell_read_password(struct shell *sh, struct change *c, const char *field, bool may_lack)
{
    const char *password = NULL;
    if (sh->generate) {
        c->generate = true;
        return EXIT_DONE;
    }
    if (sh->invite && may_lack) {
        c->invite = true;
        return EXIT_DONE;
    }
    if (sh->no_password)
        return may_lack ? EXIT_DONE
                        : shell_fail(sh, EXIT_USAGE, NULL, "--no-password is not possible here.");
    if (sh->password_stdin)
        password = password_from_input(sh->arena);
    else if (isatty(STDIN_FILENO))
        password = prompt(sh->arena, "Password: ");
    else
        return shell_fail(sh, EXIT_USAGE, field,
                          may_lack ? "Say --password-stdin, --generate, --invite or --no-password."
                                   : "Say --password-stdin or --generate.");
    if (password == NULL)
        return shell_fail(sh, EXIT_BAD_DATA, field, "No password was given.");
    input_read_typed(sh->arena, c->input, field, password, strlen(password));
    return EXIT_DONE;
}

int shell_find_domain(struct shell *sh, const char *name, struct domain *domain_r)
{
    const char *domain;
    enum text_key wrong = domain_parse(sh->arena, name, strlen(name), &domain);
    if (wrong != TEXT_NONE)
        return shell_fail(sh, EXIT_BAD_DATA, "domain", text_format(sh->arena, wrong, domain));
    enum outcome o = domain_find(sh->store, sh->arena, domain, domain_r);
    return o == OUT_ABSENT
               ? shell_fail(sh, EXIT_NOT_FOUND, "domain", text_english(TEXT_DOMAIN_UNKNOWN))
               : shell_outcome(sh, o);
}

int shell_find_mailbox(struct shell *sh, const char *address, struct mailbox *mailbox_r,
                       struct domain *domain_r)
{
    struct address at;
    enum text_key wrong = address_parse(sh->arena, address, strlen(address), &at);
    if (wrong != TEXT_NONE)
        return shell_fail(sh, EXIT_BAD_DATA, "address", text_format(sh->arena, wrong, at.text));
    enum outcome o = mailbox_find(sh->store, sh->arena, at.text, mailbox_r);
    if (o == OUT_ABSENT)
        return shell_fail(sh, EXIT_NOT_FOUND, "address", text_english(TEXT_MAILBOX_UNKNOWN));
    if (o == OUT_OK && domain_r != NULL)
        *domain_r = (struct domain){.id = mailbox_r->domain_id, .name = mailbox_r->domain};
    return shell_outcome(sh, o);
}

int shell_find_account(struct shell *sh, const char *operand, struct object *on_r)
{
    struct mailbox *m = ARENA_NEW(sh->arena, struct mailbox);
    struct domain *d = ARENA_NEW(sh->arena, struct domain);
    *on_r = (struct object){.domain = d, .mailbox = m};
    return shell_find_mailbox(sh, operand, m, d);
}

int shell_permit(struct shell *sh, enum action_id what, const struct object *on)
{
    return shell_outcome(sh, permit(&sh->who, what, on));
}

void shell_print(struct shell *sh, const struct value *v)
{
    struct str s;
    str_init(&s, sh->arena, WIRE_MAX);
    value_json(&s, v);
    puts(s.data);
}

void shell_more(struct shell *sh, const struct keyset_ends *ends, const char *last)
{
    if (ends->more_after && !sh->json)
        printf("There are more: --after %s, or --all.\n", last);
}

int shell_done(struct shell *sh, const struct change *c, const char *member, const char *what)
{
    if (sh->json) {
        struct value *v = value_map(sh->arena);
        value_set_text(v, member, c->object_name);
        value_set_int(v, "id", c->object_id);
        value_set_int(v, "version", c->object_version);
        shell_print(sh, v);
    } else {
        printf("%s %s\n", c->object_name, what);
    }
    return EXIT_DONE;
}

int shell_read_lines(struct shell *sh, size_t from, const char **text_r)
{
    enum { LINES_BYTES = 256 * 1024 };
    struct str s;
    char buffer[4096];
    size_t n;
    str_init(&s, sh->arena, LINES_BYTES);
    bool by_hand = sh->operands_n > from && strcmp(sh->operands[from], "-") != 0;
    for (size_t i = from; by_hand && i < sh->operands_n; i++)
        str_printf(&s, "%s\n", sh->operands[i]);
    while (!by_hand && (n = fread(buffer, 1, sizeof buffer, stdin)) > 0)
        str_append_n(&s, buffer, n);
    *text_r = s.data;
    bool whole = !s.overflow && memchr(s.data, '\0', s.len) == NULL;
    return whole ? EXIT_DONE
                 : shell_fail(sh, EXIT_BAD_DATA, NULL, "That is too long, or it is no text.");
}

void shell_say_lines(struct shell *sh, struct input *in, const char *field)
{
    const struct input_value *v = input_at(in, field);
    static const char *const words[] = {
        [LINE_GOOD] = "good", [LINE_THERE] = "there", [LINE_WRONG] = "wrong"};
    for (size_t i = 0; i < v->lines_n; i++) {
        const struct input_line *line = &v->lines[i];
        const char *said = line->why != TEXT_NONE ? text_format(sh->arena, line->why, line->why_arg)
                                                  : "";
        struct value *row = value_map(sh->arena);
        value_set_int(row, "line", (int64_t)i + 1);
        value_set_text(row, "text", line->typed);
        value_set_text(row, "verdict", words[line->verdict]);
        value_set_text(row, "said", said[0] != '\0' ? said : NULL);
        value_set_text(row, "offer", line->offer);
        if (sh->json)
            shell_print(sh, row);
        else
            printf("%5zu  %-5s  %s%s%s%s%s\n", i + 1, words[line->verdict], line->typed,
                   said[0] != '\0' ? ": " : "", said, line->offer != NULL ? " Try: " : "",
                   line->offer != NULL ? line->offer : "");
    }
}

const char *shell_time(struct shell *sh, int64_t at)
{
    char *text = arena_alloc(sh->arena, 32);
    time_t t = (time_t)at;
    struct tm tm;
    strftime(text, 32, "%Y-%m-%d %H:%M:%S", localtime_r(&t, &tm));
    return text;
}
