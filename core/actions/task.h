/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One change while perform() does it: for the files of actions/ only. A run function finds its
 * object locked and permitted, the input checked, a new password hashed; it changes the rows,
 * says in `name`, `id`, `domain_id` and the two JSON objects what the audit line tells, and
 * returns. It may run again after a deadlock. */
#ifndef ACTIONS_TASK_H
#define ACTIONS_TASK_H

#include "actions/perform.h"
#include "base/str.h"

struct task {
    struct workshop *workshop;
    struct store *store;
    struct arena *arena;
    const struct actor *who; /* with the rights the database holds now */
    struct change *change;
    const char *hash;         /* of the new password; "" for none */
    const char *current_hash; /* password.change: the stored hash that `current` was compared with */
    struct domain domain;     /* locked, where the action is on one */
    struct mailbox mailbox;
    struct alias alias;
    struct relay relay;
    struct policy policy;
    struct access_entry access;
    struct object now; /* points at those: the object as it is locked */
    /* for the audit line */
    const char *kind, *name;
    int64_t id, domain_id;
    struct str before, after; /* "" or "{...}" without its closing brace */
    unsigned lines;           /* that were written */
    bool unchanged;           /* nothing differed: no audit line */
};

typedef enum outcome (*task_run)(struct task *t);
enum outcome domain_add(struct task *t);
enum outcome domain_edit(struct task *t);
enum outcome domain_remove(struct task *t);
enum outcome domain_admin_add(struct task *t);
enum outcome domain_admin_remove(struct task *t);
enum outcome mailbox_add(struct task *t);
enum outcome mailbox_edit(struct task *t);
enum outcome mailbox_remove(struct task *t);
enum outcome alias_add(struct task *t);
enum outcome alias_edit(struct task *t);
enum outcome alias_remove(struct task *t);
enum outcome password_set(struct task *t);
enum outcome password_change(struct task *t);
enum outcome mailbox_invite(struct task *t);
enum outcome invite_end(struct task *t);
enum outcome invite_accept(struct task *t);
enum outcome language_choose(struct task *t);
enum outcome admin_make(struct task *t);
enum outcome sessions_end_all(struct task *t);
enum outcome admin_add(struct task *t);
enum outcome admin_remove(struct task *t);
enum outcome super_add(struct task *t);
enum outcome super_remove(struct task *t);
enum outcome policy_add(struct task *t);
enum outcome policy_edit(struct task *t);
enum outcome policy_remove(struct task *t);
enum outcome policy_for_domain(struct task *t);
enum outcome policy_for_mailbox(struct task *t); /* also one's own */
enum outcome theme_activate(struct task *t);
enum outcome theme_preview(struct task *t);
enum outcome theme_set(struct task *t);
enum outcome theme_retry(struct task *t);
enum outcome session_end(struct task *t);
enum outcome relay_add(struct task *t);
enum outcome relay_edit(struct task *t);
enum outcome relay_remove(struct task *t);
enum outcome relay_recipients_add(struct task *t);
enum outcome relay_recipient_remove(struct task *t);
enum outcome access_add(struct task *t);
enum outcome access_edit(struct task *t);
enum outcome access_remove(struct task *t);
enum outcome access_paste(struct task *t);

/* Before the transaction: is there such a theme, and can it be worn? */
enum outcome theme_prepare(struct task *t);
/* Before the transaction: checks `current`, judges and hashes the new password. */
enum outcome password_prepare(struct task *t);
/* Writes the new hash; all sessions but `keep` (NULL: all) end. */
enum outcome password_store(struct task *t, const unsigned char *keep);
/* Makes the one-time link of an account, which ends the one before. */
enum outcome invite_make(struct task *t, int64_t account);
/* Is it really the actor? OUT_OK, OUT_WRONG (at the field), OUT_BUSY, OUT_DENIED:
 * REAUTHENTICATE. */
enum outcome password_confirm(struct task *t);

/* The account that the field `address` names, locked; the actor has to cover it. */
enum outcome task_account(struct task *t, struct mailbox *mailbox_r);

/* Says why and returns the outcome. */
enum outcome refuse(struct task *t, enum outcome o, enum text_key why, const char *arg);
/* As refuse, and the same at a field, where the input has it. */
enum outcome refuse_at(struct task *t, enum outcome o, const char *field, enum text_key why,
                       const char *arg);

/* room.c: may the domain, locked in t->domain, take that too? Else OUT_WRONG, said at its field or at
 * the form. For actions on a domain, or that say FILLS_DOMAIN. One more mailbox; another quota for one
 * that is there (kB, 0: no limit); so many more aliases. */
enum outcome room_for_mailbox(struct task *t, int64_t quota_kb);
enum outcome room_for_quota(struct task *t, int64_t before_kb, int64_t after_kb);
enum outcome room_for_aliases(struct task *t, int64_t more);

/* The same with OUT_WRONG, and what would do instead. */
enum outcome refuse_offer(struct task *t, const char *field, enum text_key why, const char *arg,
                          const char *offer);

/* Of a FIELD_LINES: judges the lines (their verdicts and what there is to say), all in one step so that
 * it can ask the database once, then inserts the good ones one by one. All or nothing, unless
 * `good_only` was sent: OUT_WRONG with the numbers of the wrong lines at the field. A step returns
 * OUT_OK, or what went wrong with the world. */
typedef enum outcome lines_judge(struct task *t, struct input_line *lines, size_t n);
typedef enum outcome line_step(struct task *t, struct input_line *line);
enum outcome lines_each(struct task *t, const char *field, lines_judge *judge, line_step *insert);
/* What could not be read as text was judged when it came in. */
bool line_is_readable(const struct input_line *line);
/* Nothing to do: it is so already. */
void line_is_there(struct input_line *line, enum text_key why);

/* way.c: way_walk(), now that the change is made: what it finds is OUT_WRONG, said at `field`. For actions
 * that say LEADS_MAIL. */
enum outcome way_is_straight(struct task *t, const char *address, bool left, const char *field);

/* What the audit line tells: of which object, and which members changed. */
void line_about(struct task *t, const struct object *on, enum object_kind kind);
void line_about_domain(struct task *t, const struct domain *d);
void line_about_mailbox(struct task *t, const struct mailbox *m);
void line_about_alias(struct task *t, const struct alias *alias);
void line_about_site(struct task *t, const char *what);
void line_put(struct task *t, struct str *json, const char *key, const char *text);
/* The fields in which two entities differ; `before` NULL: all of a new one that are set. */
void line_differences(struct task *t, const struct field *fields, const void *before,
                      const void *after);
void line_hidden(struct task *t, const char *key);
enum outcome line_write(struct task *t);
/* A refusal and its reason; outside any transaction. */
void line_refused(struct workshop *w, struct arena *a, const struct actor *who, enum action_id what,
                  const struct object *on, enum text_key why, const char *arg);

#endif
