/* SPDX-License-Identifier: GPL-3.0-or-later */
/* perform() and the log-in, driven by lines on standard input: words separated by tabs, one answer line each.
 *   as WHO [unconfirmed]              console, nobody or an address; read from the database for each command
 *   super ID                          option super_admin
 *   do ACTION OBJECT [KEY=VALUE...]   OBJECT: -, d:DOMAIN, m:ADDRESS; KEY: version, op, generate, no_password,
 *                                     hold (load the object, then wait for a line), or a field
 *   login ADDRESS PASSWORD REMOTE
 * MAILBOY_TEST_SOCKET and MAILBOY_TEST_DATABASE say where the database is. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/perform.h"
#include "base/str.h"
#include "store/domain.h"
#include "store/mailbox.h"

enum { WORDS = 40, LINE = 64 * 1024 };

static struct store *store;
static struct arena *arena;
static struct workshop workshop;
static struct login_rules rules = {.cost = {1024, 1}};
static char who[512] = "console";
static bool unconfirmed;

static bool theme_exists(void *ctx, const char *name)
{
    (void)ctx;
    return strcmp(name, "base") == 0 || strcmp(name, "funky") == 0;
}

static struct actor actor_load(void)
{
    struct actor actor = {.via = "cli",
                          .remote = "192.0.2.1",
                          .request_id = "test",
                          .unix_user = "tester",
                          .confirmed = !unconfirmed};
    if (strcmp(who, "console") == 0) {
        actor.console = true;
    } else if (strcmp(who, "nobody") != 0) {
        struct mailbox *m = ARENA_NEW(arena, struct mailbox);
        enum outcome o = mailbox_find(store, arena, who, m);
        assert(o == OUT_OK);
        actor.account = m;
    }
    return actor;
}

static enum outcome object_load(const char *word, struct object *on)
{
    *on = (struct object){0};
    if (text_starts(word, "d:")) {
        struct domain *d = ARENA_NEW(arena, struct domain);
        on->domain = d;
        return domain_find(store, arena, word + 2, d);
    }
    if (text_starts(word, "m:")) {
        struct mailbox *m = ARENA_NEW(arena, struct mailbox);
        on->mailbox = m;
        return mailbox_find(store, arena, word + 2, m);
    }
    return OUT_OK;
}

static void say_errors(const struct input *in)
{
    for (size_t i = 0; in != NULL && i < in->n; i++) {
        if (in->values[i].error != TEXT_NONE)
            printf("\terror.%s=%s", in->fields[i].name, text_code(in->values[i].error));
    }
    if (in != NULL && in->error != TEXT_NONE)
        printf("\terror=%s", text_code(in->error));
}

static void wait_for_line(void)
{
    char line[64];
    printf("HOLD\n");
    fflush(stdout);
    char *got = fgets(line, sizeof line, stdin);
    assert(got != NULL);
}

static void do_change(char **words, size_t n)
{
    struct change c = {.action = action_find(words[1])};
    struct operation op = {0};
    bool repeated = false, hold = false;
    assert(c.action < ACTION_COUNT);
    c.input = input_create(arena, actions[c.action].fields);
    for (size_t i = 3; i < n; i++) {
        char *value = strchr(words[i], '=');
        if (value != NULL)
            *value++ = '\0';
        if (strcmp(words[i], "version") == 0)
            c.version = atoll(value);
        else if (strcmp(words[i], "op") == 0)
            op.id = value;
        else if (strcmp(words[i], "generate") == 0)
            c.generate = true;
        else if (strcmp(words[i], "no_password") == 0)
            c.no_password = true;
        else if (strcmp(words[i], "hold") == 0)
            hold = true;
        else
            input_read_typed(arena, c.input, words[i], value, strlen(value));
    }
    if (actions[c.action].fields == NULL)
        c.input = NULL;
    enum outcome o = object_load(words[2], &c.on);
    struct actor actor = actor_load();
    if (hold)
        wait_for_line();
    if (o == OUT_OK)
        o = perform(&workshop, arena, &actor, &c, 1, &op, &repeated);
    printf(
        "%s\trepeated=%d\tname=%s\tid=%lld\tversion=%lld\trefusal=%s\targ=%s\ttheirs=%d\tsecret=%s",
        outcome_name(o), repeated, c.object_name != NULL ? c.object_name : "",
        (long long)c.object_id, (long long)c.object_version, text_code(c.refusal),
        c.refusal_arg != NULL ? c.refusal_arg : "", c.theirs != NULL,
        c.secret != NULL ? c.secret : "");
    say_errors(c.input);
    printf("\n");
}

static void do_login(char **words)
{
    int64_t account, wait;
    const struct login_try t = {.email = words[1],
                                .password = words[2],
                                .password_n = strlen(words[2]),
                                .remote = words[3]};
    enum outcome o = login_attempt(store, arena, &rules, &t, &account, &wait);
    printf("%s\taccount=%lld\twait=%lld\n", outcome_name(o), (long long)account, (long long)wait);
}

static size_t split(char *line, char **words)
{
    size_t n = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *word = line; word != NULL && n < WORDS; n++)
        words[n] = strsep(&word, "\t");
    return n;
}

int main(void)
{
    static char line[LINE];
    const struct store_options options = {.socket = getenv("MAILBOY_TEST_SOCKET"),
                                          .user = "mailadmin",
                                          .password = "pwmailadmin",
                                          .database = getenv("MAILBOY_TEST_DATABASE"),
                                          .connect_ms = 2000,
                                          .statement_ms = 5000};
    assert(options.socket != NULL && options.database != NULL);
    store = store_create(&options);
    arena = arena_create(64 * 1024 * 1024);
    workshop = (struct workshop){.store = store, .login = &rules, .theme_exists = theme_exists};
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *words[WORDS];
        size_t n = split(line, words);
        if (strcmp(words[0], "as") == 0) {
            snprintf(who, sizeof who, "%s", words[1]);
            unconfirmed = n > 2;
            printf("OK\n");
        } else if (strcmp(words[0], "super") == 0) {
            workshop.super_admin = atoll(words[1]);
            printf("OK\n");
        } else if (strcmp(words[0], "do") == 0) {
            do_change(words, n);
        } else if (strcmp(words[0], "login") == 0) {
            do_login(words);
        }
        fflush(stdout);
        arena_reset(arena);
    }
    store_destroy(store);
    arena_destroy(arena);
    return 0;
}
