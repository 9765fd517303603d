/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking a change back: the line of the audit log becomes the opposite change (undo.def), which goes
 * the way of all changes, with every right asked, and leaves a line of its own, of the action
 * `undo`. Only who did it may, for ten minutes (permit() of ACTION_UNDO), and only while the object
 * has the version that the change left. The deletion of mailboxes and domains is final. */
#ifndef ACTIONS_UNDO_H
#define ACTIONS_UNDO_H

#include "actions/perform.h"

enum { UNDO_SECONDS = 600, UNDO_MOST = 100 };

/* Is there a way back from such a line? */
bool undo_is_offered(const struct audit_entry *e);
/* The same of a change that was just done. */
bool undo_is_offered_after(const struct change *c);
/* The opposite change, to be given to perform(); `e` has to live until then. OUT_ABSENT: there is
 * no such way, or what it was about is gone. Asks no right. */
enum outcome undo_change(struct store *s, struct arena *a, const struct audit_entry *e,
                         struct change *change_r);

#endif
