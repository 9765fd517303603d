/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same change of several things: a row of bulk.def and a list of them become a list of changes for
 * perform(), which does all or none, or for perform_rehearse(), which says of each whether it can
 * be done. They are sorted by their ids, so that two such lists do not lock each other out. */
#ifndef ACTIONS_BULK_H
#define ACTIONS_BULK_H

#include "actions/perform.h"

/* BULK_MOST things at once: as many as a page of a list has. More than BULK_FINAL deletions want
 * their number typed. */
enum { BULK_MOST = 100, BULK_FINAL = 50, BULK_ASKED = 5 };

struct bulk_noun {
    const char *word; /* "mailboxes" */
    enum object_kind kind;
    int which;
    const char *one, *many; /* N_("1 mailbox"), N_("%s mailboxes") */
};
struct bulk {
    const struct bulk_noun *noun;
    const char *word; /* "disable" */
    enum action_id action;
    const char *field, *value; /* set to it; value NULL: asked for; field NULL: nothing is set;
                                  several fields have blanks between them */
    const char *label, *ask, *done, *head, *effect; /* marked N_() */
};
/* Ends with a row whose word is NULL. */
extern const struct bulk bulks[];

/* NULL: there is no such. */
const struct bulk *bulk_find(const char *noun, const char *word);
/* The fields whose values are asked for, BULK_ASKED at most; 0: none is. */
size_t bulk_asks(const struct bulk *b, const struct field **fields_r);
/* May who has these roles set what the row sets? */
bool bulk_sets_for(const struct bulk *b, unsigned roles);
bool bulk_deletes(const struct bulk *b);

struct bulk_item {
    int64_t id, version; /* version 0: whatever is there */
};
/* The changes in the order of their ids, n of them; what is not there has an empty `on`. `given`: holds
 * the fields that are asked for and `current`, where they were sent; what may be empty here alone and is,
 * was not. OUT_OK, OUT_UNAVAILABLE. */
enum outcome bulk_changes(struct store *s, struct arena *a, const struct bulk *b,
                          struct bulk_item *items, size_t n, struct input *given,
                          struct change **changes_r);

#endif
