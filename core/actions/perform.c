/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "actions/perform.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "actions/object.h"
#include "actions/task.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/alias.h"
#include "store/domain.h"
#include "store/mailbox.h"
#include "store/session.h"

enum {
    ATTEMPTS = 4,
    RETRY_UNTIL_MS = 4000,
    RESOLVE_UNTIL_MS = 2500,
    LINE_MOST = 64 * 1024,
    RESULT_MOST = 60000,
    NONCE = 16
};

/* What does it; NULL: reading. */
static const task_run runs[ACTION_COUNT] = {
#define ACTION(id, name, roles, on, run, fields, flags) [ACTION_##id] = run,
#include "actions/actions.def"
#undef ACTION
};

struct batch {
    struct workshop *workshop;
    struct store *store;
    struct arena *arena;
    struct actor who; /* as he came; confirmed from the first change that asked for it */
    struct task *tasks;
    size_t n;
    struct operation operation; /* always with an id */
    int64_t actor_id;
    const char *nonce; /* tells this transaction's result from that of the same form sent twice */
    struct actor now;  /* as the database has him */
    struct mailbox account;
    size_t failed; /* the task that the outcome is about */
};

static void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static int64_t jitter_ms(unsigned attempt)
{
    unsigned char c;
    random_bytes(&c, 1);
    return 5 + c % 40 * (int64_t)attempt;
}

/* --- what is kept of an operation: the nonce, then a line "id version name" for each change --- */

static const char *result_write(const struct batch *b)
{
    struct str s;
    str_init(&s, b->arena, RESULT_MOST);
    str_printf(&s, "%s\n", b->nonce);
    for (size_t i = 0; i < b->n && s.len < RESULT_MOST - 1024; i++) {
        const struct change *c = b->tasks[i].change;
        str_printf(&s, "%lld %lld %s\n", (long long)c->object_id, (long long)c->object_version,
                   c->object_name);
    }
    return s.data;
}

static void result_read(struct arena *a, const char *result, struct change *changes, size_t n)
{
    const char *at = strchr(result, '\n');
    for (size_t i = 0; at != NULL && i < n && at[1] != '\0'; i++) {
        char *end;
        changes[i].object_id = strtoll(at + 1, &end, 10);
        changes[i].object_version = strtoll(end, &end, 10);
        end += *end == ' ';
        changes[i].object_name = arena_memdup(a, end, strcspn(end, "\n"));
        at = strchr(end, '\n');
    }
}

/* Done before: what it gave then, and no secret. */
static enum outcome repeated(struct batch *b, const char *result, bool *repeated_r)
{
    for (size_t i = 0; i < b->n; i++) {
        struct change *c = b->tasks[i].change;
        c->secret = c->link = NULL;
        c->refusal = TEXT_NONE;
    }
    result_read(b->arena, result, b->tasks[0].change, b->n);
    *repeated_r = true;
    return OUT_OK;
}

/* --- before the transaction --- */

/* An option that is not his to choose. */
static bool is_out_of_reach(const struct field *f, const struct input_value *v, unsigned roles)
{
    size_t n = field_options(f, roles);
    if (n == f->options_n || !v->present || v->text == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(f->options[i].value, v->text) == 0)
            return false;
    return true;
}

/* What the actor may not set, or what is not asked for here, was not sent. */
static void filter_input(struct task *t, const struct action *action)
{
    struct input *in = t->change->input;
    unsigned roles = actor_roles(t->who, action->on == ON_SITE ? NULL : &t->change->on);
    unsigned when = action->flags & CREATES ? ON_CREATE : ON_EDIT;
    for (size_t i = 0; i < in->n; i++) {
        if ((in->fields[i].edit & roles) == 0 || (in->fields[i].when & when) == 0)
            in->values[i] = (struct input_value){0};
        else if (is_out_of_reach(&in->fields[i], &in->values[i], roles))
            input_fail(in, in->fields[i].name, TEXT_NOT_A_CHOICE, NULL);
    }
    input_check_required(in, when);
}

bool action_sets_password(enum action_id what)
{
    return what == ACTION_MAILBOX_ADD || what == ACTION_PASSWORD_SET;
}

static bool wants_password(const struct change *c)
{
    bool add = c->action == ACTION_MAILBOX_ADD;
    return action_sets_password(c->action) && !(add && (c->no_password || c->invite));
}

/* Of a new mailbox whose password nobody speaks of the owner sets it. */
static bool wants_invite(const struct change *c)
{
    bool silent = !c->no_password && !c->generate && !input_has(c->input, "password");
    return c->action == ACTION_MAILBOX_ADD && (c->invite || silent);
}

/* Right and input, as far as they can be told before anything is locked. */
static enum outcome check(struct task *t)
{
    struct change *c = t->change;
    const struct action *action = &actions[c->action];
    enum text_key why;
    assert(runs[c->action] != NULL);
    if (c->input == NULL)
        c->input = input_create(t->arena, action->fields);
    assert(c->input->n == 0 || c->input->fields == action->fields || c->input->fields == c->fields);
    enum outcome o = permit_why(t->who, c->action, &c->on, &why);
    if (o == OUT_OK && c->undoes != NULL)
        o = permit_why(t->who, ACTION_UNDO, &(struct object){.entry = c->undoes}, &why);
    if (o != OUT_OK)
        return refuse(t, o, why, NULL);
    filter_input(t, action);
    c->invite = wants_invite(c);
    c->generate = c->generate && wants_password(c);
    if (wants_password(c) && !c->generate && !input_has(c->input, "password"))
        input_fail(c->input, "password", TEXT_REQUIRED, NULL);
    return input_is_clean(c->input) ? OUT_OK : OUT_WRONG;
}

static enum outcome prepare(struct task *t, struct actor *who)
{
    const struct change *c = t->change;
    enum outcome o = check(t);
    if (o == OUT_OK && c->on.theme != NULL)
        o = theme_prepare(t);
    if (o == OUT_OK && (actions[c->action].flags & CONFIRMS) != 0) {
        o = password_confirm(t);
        who->confirmed |= o == OUT_OK; /* once is enough for a list */
    }
    return o == OUT_OK ? password_prepare(t) : o;
}

static enum outcome prepare_all(struct batch *b)
{
    enum outcome o = OUT_OK;
    for (size_t i = 0; o == OUT_OK && i < b->n; i++) {
        b->failed = i;
        o = prepare(&b->tasks[i], &b->who);
    }
    return o;
}

/* --- inside it --- */

/* The actor's own rights may have gone since he was let in. */
static enum outcome refresh_actor(struct batch *b)
{
    b->now = b->who;
    if (b->who.account == NULL)
        return OUT_OK;
    enum outcome o = mailbox_by_id(b->store, b->arena, b->who.account->id, &b->account);
    if (o == OUT_ABSENT || (o == OUT_OK && b->account.active == 0))
        return refuse(&b->tasks[0], OUT_DENIED, TEXT_SIGN_IN_FIRST, NULL);
    b->now.account = &b->account;
    return o;
}

/* Of an action that asks the domain's limits, the domain is locked before the object: two who raise
 * quotas of one domain wait here, and do not meet in a deadlock. */
static enum outcome lock_domain_of(struct task *t)
{
    const struct change *c = t->change;
    const struct action *action = &actions[c->action];
    if ((action->flags & FILLS_DOMAIN) == 0)
        return OUT_OK;
    return domain_lock(t->store, t->arena, object_domain_id(&c->on, action->on), &t->domain);
}

/* To another domain than the one that is locked. */
static bool moved_away(const struct task *t)
{
    const struct action *action = &actions[t->change->action];
    return (action->flags & FILLS_DOMAIN) != 0 &&
           object_domain_id(&t->now, action->on) != t->domain.id;
}

static enum outcome lock_object(struct task *t)
{
    const struct object_row *row = &object_rows[actions[t->change->action].on];
    t->now = (struct object){0};
    enum outcome o = lock_domain_of(t);
    if (o == OUT_OK && row->lock != NULL)
        o = row->lock(t);
    return o == OUT_OK && moved_away(t) ? OUT_BUSY : o;
}

bool action_is_about_version(enum action_id what)
{
    return (actions[what].flags & VERSIONED) != 0;
}

static enum outcome changed_elsewhere(struct task *t)
{
    enum object_kind kind = actions[t->change->action].on;
    t->change->theirs = object_entity(&t->now, kind);
    t->change->theirs_version = object_version(&t->now, kind);
    t->change->object_name = object_name(t->arena, &t->now, kind);
    return refuse(t, OUT_CONFLICT, TEXT_CHANGED_ELSEWHERE, NULL);
}

static bool version_fits(const struct task *t)
{
    const struct change *c = t->change;
    bool counts = action_is_about_version(c->action) || c->undoes != NULL;
    return c->version == 0 || !counts ||
           c->version == object_version(&t->now, actions[c->action].on);
}

static enum outcome run(struct task *t)
{
    enum text_key why;
    struct change *c = t->change;
    c->refusal = TEXT_NONE;
    c->line = 0;
    t->unchanged = false;
    t->lines = 0;
    str_init(&t->before, t->arena, LINE_MOST);
    str_init(&t->after, t->arena, LINE_MOST);
    enum outcome o = (actions[c->action].flags & LEADS_MAIL) != 0 ? routes_lock(t->store) : OUT_OK;
    if (o == OUT_OK)
        o = lock_object(t);
    if (o != OUT_OK)
        return o;
    o = permit_why(t->who, c->action, &t->now, &why);
    if (o != OUT_OK)
        return refuse(t, o, why, NULL);
    if (!version_fits(t))
        return changed_elsewhere(t);
    o = runs[c->action](t);
    if (o == OUT_CONFLICT && c->refusal == TEXT_NONE && action_is_about_version(c->action))
        return changed_elsewhere(t);
    if (o == OUT_OK && !t->unchanged)
        o = line_write(t);
    c->object_name = t->name;
    c->object_id = t->id;
    c->unchanged = t->unchanged;
    return o;
}

static enum outcome run_all(struct batch *b)
{
    enum outcome o = OUT_OK;
    for (size_t i = 0; o == OUT_OK && i < b->n; i++) {
        b->failed = i;
        b->tasks[i].who = &b->now;
        o = run(&b->tasks[i]);
    }
    return o;
}

static enum outcome claim(struct batch *b, const char **result_r)
{
    return operation_claim(b->store, b->arena, b->actor_id, b->operation.id,
                           b->operation.fields_hash, result_r);
}

/* The answer to COMMIT got lost. Claiming the operation again waits until that transaction has
 * ended, and tells how. */
static enum outcome resolve(struct batch *b, bool *repeated_r)
{
    int64_t until = clock_monotonic_ms() + RESOLVE_UNTIL_MS;
    log_warn("actions", "the answer to a commit got lost: %s", store_error(b->store));
    do {
        const char *result = NULL;
        enum outcome o = store_begin(b->store);
        if (o == OUT_OK) {
            o = claim(b, &result);
            store_rollback(b->store);
        }
        if (o == OUT_OK)
            return OUT_UNAVAILABLE; /* it did not happen, and now it cannot any more */
        if (o == OUT_CONFLICT && result != NULL && text_starts(result, b->nonce))
            return OUT_OK;
        if (o == OUT_CONFLICT && result != NULL)
            return repeated(b, result, repeated_r);
        pause_ms(100);
    } while (clock_monotonic_ms() < until);
    return OUT_UNCERTAIN;
}

static enum outcome transact(struct batch *b, bool *repeated_r)
{
    const char *result = NULL;
    enum outcome o = store_begin(b->store);
    if (o != OUT_OK)
        return o;
    b->failed = 0;
    o = claim(b, &result);
    if (o == OUT_CONFLICT) {
        store_rollback(b->store);
        return repeated(b, result != NULL ? result : "", repeated_r);
    }
    if (o == OUT_OK)
        o = refresh_actor(b);
    if (o == OUT_OK)
        o = run_all(b);
    if (o == OUT_OK)
        o = operation_result(b->store, b->actor_id, b->operation.id, b->operation.fields_hash,
                             result_write(b));
    if (o != OUT_OK) {
        store_rollback(b->store);
        return o;
    }
    o = store_commit(b->store);
    return o == OUT_UNCERTAIN ? resolve(b, repeated_r) : o;
}

/* Deadlocks and lock waits: the whole transaction again. */
static enum outcome transact_with_patience(struct batch *b, bool *repeated_r)
{
    int64_t until = clock_monotonic_ms() + RETRY_UNTIL_MS;
    for (unsigned attempt = 1;; attempt++) {
        enum outcome o = transact(b, repeated_r);
        bool again = o == OUT_BUSY && b->tasks[b->failed].change->refusal == TEXT_NONE;
        if (!again || attempt == ATTEMPTS || clock_monotonic_ms() > until)
            return o;
        pause_ms(jitter_ms(attempt));
    }
}

/* --- the whole --- */

static void batch_init(struct batch *b, struct change *changes, const struct operation *operation)
{
    b->store = b->workshop->store;
    b->tasks = arena_array(b->arena, b->n, sizeof *b->tasks);
    b->actor_id = b->who.account != NULL ? b->who.account->id : 0;
    b->nonce = random_word(b->arena, NONCE);
    if (operation != NULL && operation->id != NULL)
        b->operation = *operation;
    else /* so that a lost commit can be resolved */
        b->operation.id = arena_printf(b->arena, "once-%s", random_word(b->arena, 32));
    for (size_t i = 0; i < b->n; i++) {
        changes[i].object_name = NULL;
        changes[i].object_id = changes[i].object_version = changes[i].line = 0;
        changes[i].unchanged = false;
        changes[i].secret = changes[i].link = changes[i].refusal_arg = NULL;
        changes[i].theirs = NULL;
        changes[i].refusal = TEXT_NONE;
        b->tasks[i] = (struct task){.workshop = b->workshop,
                                    .store = b->store,
                                    .arena = b->arena,
                                    .who = &b->who,
                                    .change = &changes[i],
                                    .hash = ""};
    }
}

/* The same form sent twice at once may find its own work done: the old password gone, the name
 * taken. */
static bool was_done(struct batch *b, const struct operation *operation, bool *repeated_r)
{
    const char *result;
    if (operation == NULL || operation->id == NULL || actor_is_anybody(&b->who))
        return false;
    if (operation_find(b->store, b->arena, b->actor_id, operation->id, operation->fields_hash,
                       &result) != OUT_OK)
        return false;
    return repeated(b, result, repeated_r) == OUT_OK;
}

enum outcome perform(struct workshop *w, struct arena *a, const struct actor *who,
                     struct change *changes, size_t n, const struct operation *operation,
                     bool *repeated_r)
{
    struct batch b = {.workshop = w, .arena = a, .who = *who, .n = n};
    assert(n > 0);
    *repeated_r = false;
    super_admin_honour(w->super_admin);
    batch_init(&b, changes, operation);
    enum outcome o = prepare_all(&b);
    if (o == OUT_OK)
        o = transact_with_patience(&b, repeated_r);
    else if ((o == OUT_WRONG || o == OUT_ABSENT) && was_done(&b, operation, repeated_r))
        o = OUT_OK;
    const struct change *failed = &changes[b.failed];
    for (size_t i = 0; i < n; i++)
        changes[i].verdict = i == b.failed ? o : OUT_OK;
    if (o != OUT_OK)
        for (size_t i = 0; i < n; i++)
            changes[i].secret = changes[i].link = NULL;
    if ((o == OUT_DENIED && failed->refusal != TEXT_REAUTHENTICATE) || o == OUT_ABSENT)
        line_refused(w, a, who, failed->action, &failed->on, failed->refusal, failed->refusal_arg);
    return o;
}

/* --- as if --- */

static void rehearse(struct task *t, const struct actor *now)
{
    struct change *c = t->change;
    c->verdict = check(t);
    t->who = now;
    t->hash = "";
    if (c->verdict == OUT_OK)
        c->verdict = run(t);
}

static enum outcome rehearse_all(struct batch *b)
{
    enum outcome o = store_begin(b->store);
    if (o != OUT_OK)
        return o;
    o = refresh_actor(b);
    for (size_t i = 0; o == OUT_OK && i < b->n; i++) {
        struct change *c = b->tasks[i].change;
        b->failed = i;
        b->tasks[i].who = &b->who;
        rehearse(&b->tasks[i], &b->now);
        bool all = c->verdict == OUT_UNAVAILABLE || c->verdict == OUT_UNCERTAIN ||
                   (c->verdict == OUT_BUSY && c->refusal == TEXT_NONE);
        o = all ? c->verdict : OUT_OK;
    }
    store_rollback(b->store);
    return o;
}

enum outcome perform_rehearse(struct workshop *w, struct arena *a, const struct actor *who,
                              struct change *changes, size_t n)
{
    struct batch b = {.workshop = w, .arena = a, .who = *who, .n = n};
    assert(n > 0);
    super_admin_honour(w->super_admin);
    batch_init(&b, changes, NULL);
    enum outcome o = rehearse_all(&b);
    for (unsigned attempt = 1; o == OUT_BUSY && attempt < ATTEMPTS; attempt++) {
        pause_ms(jitter_ms(attempt));
        o = rehearse_all(&b);
    }
    return o;
}

enum outcome perform_repeated(struct workshop *w, struct arena *a, const struct actor *who,
                              const struct operation *operation, struct change *change)
{
    const char *result;
    if (operation == NULL || operation->id == NULL || actor_is_anybody(who))
        return OUT_ABSENT;
    enum outcome o = operation_find(w->store, a, who->account != NULL ? who->account->id : 0,
                                    operation->id, operation->fields_hash, &result);
    if (o == OUT_OK)
        result_read(a, result, change, 1);
    return o;
}
