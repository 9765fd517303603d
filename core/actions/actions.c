/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "actions/task.h"

/* In words, for the audit log. */
#define LABEL_OVERVIEW "See the overview"
#define LABEL_DOMAIN_LIST "List domains"
#define LABEL_DOMAIN_SHOW "See domain"
#define LABEL_DOMAIN_ADMINS "See a domain's administrators"
#define LABEL_MAILBOX_LIST_ALL "List mailboxes of all domains"
#define LABEL_MAILBOX_LIST "List mailboxes"
#define LABEL_MAILBOX_SHOW "See mailbox"
#define LABEL_AUDIT_LIST "Read the audit log"
#define LABEL_AUDIT_DOMAIN "Read a domain's audit log"
#define LABEL_AUDIT_SHOW "Read an audit entry"
#define LABEL_STATUS "See the server's status"
#define LABEL_ADMIN_LIST "List administrators"
#define LABEL_ME_SHOW "See one's own account"
#define LABEL_DOMAIN_ADD "Add domain"
#define LABEL_DOMAIN_EDIT "Edit domain"
#define LABEL_DOMAIN_DELETE "Delete domain"
#define LABEL_DOMAIN_ADMIN_ADD "Make domain admin"
#define LABEL_DOMAIN_ADMIN_REMOVE "Unmake domain admin"
#define LABEL_MAILBOX_ADD "Add mailbox"
#define LABEL_MAILBOX_EDIT "Edit mailbox"
#define LABEL_MAILBOX_DELETE "Delete mailbox"
#define LABEL_PASSWORD_SET "Set a mailbox's password"
#define LABEL_PASSWORD_CHANGE "Change one's own password"
#define LABEL_SERVER_ADMIN_ADD "Make server admin"
#define LABEL_SERVER_ADMIN_REMOVE "Unmake server admin"
#define LABEL_SUPER_ADMIN_ADD "Make super admin"
#define LABEL_SUPER_ADMIN_REMOVE "Unmake super admin"
#define LABEL_THEME_ACTIVATE "Activate theme"
#define LABEL_SESSION_END "Sign out"

const struct action actions[ACTION_COUNT] = {
#define ACTION(id_, name_, roles_, on_, run_, fields_, flags_) \
    [ACTION_##id_] = {.name = name_,                           \
                      .roles = roles_,                         \
                      .on = on_,                               \
                      .fields = fields_,                       \
                      .flags = flags_,                         \
                      .label = LABEL_##id_},
#include "actions/actions.def"
#undef ACTION
};

const task_run action_runs[ACTION_COUNT] = {
#define ACTION(id, name, roles, on, run, fields, flags) [ACTION_##id] = run,
#include "actions/actions.def"
#undef ACTION
};

enum action_id action_find(const char *name)
{
    int id = 0;
    while (id < ACTION_COUNT && strcmp(actions[id].name, name) != 0)
        id++;
    return (enum action_id)id;
}
