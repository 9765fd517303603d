/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What permit(), perform(), the pages and the audit log have to know of each kind of object: a
 * row of object.c. */
#ifndef ACTIONS_OBJECT_H
#define ACTIONS_OBJECT_H

#include "actions/permit.h"

struct task;

struct object_row {
    const char *word; /* "mailbox": in the audit log, and where an action's name begins */
    size_t member;    /* of the entity's pointer in struct object; SIZE_MAX: there is none */
    size_t id, version, name, domain_id; /* in the entity; SIZE_MAX: it has none */
    /* Locks and reads it, into the task's member and `now`; NULL: nothing to lock. */
    enum outcome (*lock)(struct task *t);
};
extern const struct object_row object_rows[OBJECT_KINDS];

/* The entity itself (struct domain, mailbox ...); NULL: not there. */
const void *object_entity(const struct object *on, enum object_kind kind);
/* 0, "" for what it has not. `on` must have the entity. */
int64_t object_id(const struct object *on, enum object_kind kind);
int64_t object_version(const struct object *on, enum object_kind kind);
int64_t object_domain_id(const struct object *on, enum object_kind kind);
/* Its kind in the audit log: the row's word, "client" or "sender" of access entries, whose ids
 * count for each kind. */
const char *object_word(const struct object *on, enum object_kind kind);
/* Of such a word: which of several tables it is. */
int object_which(const char *word);
const char *object_name(struct arena *a, const struct object *on, enum object_kind kind);
/* The most particular thing it speaks of; ON_SITE: nothing. */
enum object_kind object_kind_of(const struct object *on);
/* Reads it by its id into the arena, with the domain it lives in (id and name); not locked. `which`:
 * of a kind that has several tables (enum access_kind), else 0. OUT_ABSENT leaves `on_r` empty. */
enum outcome object_load(struct store *s, struct arena *a, enum object_kind kind, int which,
                         int64_t id, struct object *on_r);
/* What the action is about when it is done: what it made, or what it is asked about. */
enum object_kind action_result(enum action_id what);

#endif
