/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "actions/permit.h"
#include "model/policy.h"

/* In words, for the audit log. */
#define LABEL_OVERVIEW N_("See the overview")
#define LABEL_DOMAIN_LIST N_("List domains")
#define LABEL_DOMAIN_NAMES N_("List the names of all domains")
#define LABEL_DOMAIN_SHOW N_("See domain")
#define LABEL_DOMAIN_ADMINS N_("See a domain's administrators")
#define LABEL_MAILBOX_LIST_ALL N_("List mailboxes of all domains")
#define LABEL_MAILBOX_LIST N_("List mailboxes")
#define LABEL_MAILBOX_SHOW N_("See mailbox")
#define LABEL_ALIAS_LIST_ALL N_("List aliases of all domains")
#define LABEL_ALIAS_LIST N_("List aliases")
#define LABEL_ALIAS_SHOW N_("See alias")
#define LABEL_AUDIT_LIST N_("Read the audit log")
#define LABEL_AUDIT_DOMAIN N_("Read a domain's audit log")
#define LABEL_AUDIT_SHOW N_("Read an audit entry")
#define LABEL_STATUS N_("See the server's status")
#define LABEL_ADMIN_LIST N_("List administrators")
#define LABEL_BULK N_("Change several at once")
#define LABEL_UNDO N_("Undo")
#define LABEL_ADMIN_SHOW N_("See administrator")
#define LABEL_ADMIN_MAKE N_("Make administrator")
#define LABEL_SESSIONS_END N_("End an account's sessions")
#define LABEL_ME_SHOW N_("See one's own account")
#define LABEL_DOMAIN_ADD N_("Add domain")
#define LABEL_DOMAIN_EDIT N_("Edit domain")
#define LABEL_DOMAIN_DELETE N_("Delete domain")
#define LABEL_DOMAIN_ADMIN_ADD N_("Make domain admin")
#define LABEL_DOMAIN_ADMIN_REMOVE N_("Unmake domain admin")
#define LABEL_MAILBOX_ADD N_("Add mailbox")
#define LABEL_MAILBOX_EDIT N_("Edit mailbox")
#define LABEL_MAILBOX_DELETE N_("Delete mailbox")
#define LABEL_ALIAS_ADD N_("Add alias")
#define LABEL_ALIAS_EDIT N_("Edit alias")
#define LABEL_ALIAS_DELETE N_("Delete alias")
#define LABEL_ALIAS_CATCH_ALL N_("Make or change a catch-all")
#define LABEL_PASSWORD_SET N_("Set a mailbox's password")
#define LABEL_MAILBOX_INVITE N_("Make a one-time link")
#define LABEL_INVITE_WITHDRAW N_("Withdraw a one-time link")
#define LABEL_INVITE_SHOW N_("Open a one-time link")
#define LABEL_INVITE_ACCEPT N_("Set the password by a one-time link")
#define LABEL_PASSWORD_CHANGE N_("Change one's own password")
#define LABEL_LANGUAGE_CHOOSE N_("Choose one's language")
#define LABEL_POLICY_LIST N_("List spam policies")
#define LABEL_POLICY_SHOW N_("See spam policy")
#define LABEL_POLICY_ADD N_("Add spam policy")
#define LABEL_POLICY_EDIT N_("Edit spam policy")
#define LABEL_POLICY_DELETE N_("Delete spam policy")
#define LABEL_DOMAIN_POLICY N_("Choose a domain's spam policy")
#define LABEL_MAILBOX_POLICY N_("Choose a mailbox's spam policy")
#define LABEL_POLICY_CHOOSE N_("Choose one's own spam policy")
#define LABEL_SERVER_ADMIN_ADD N_("Make server admin")
#define LABEL_SERVER_ADMIN_REMOVE N_("Unmake server admin")
#define LABEL_SUPER_ADMIN_ADD N_("Make super admin")
#define LABEL_SUPER_ADMIN_REMOVE N_("Unmake super admin")
#define LABEL_THEME_ACTIVATE N_("Activate theme")
#define LABEL_THEME_LIST N_("List themes")
#define LABEL_THEME_SHOW N_("See theme")
#define LABEL_THEME_PREVIEW N_("Try a theme on")
#define LABEL_THEME_SETTINGS N_("Change a theme's settings")
#define LABEL_THEME_RETRY N_("Give a theme another try")
#define LABEL_RELAY_LIST N_("List relay domains")
#define LABEL_RELAY_SHOW N_("See relay domain")
#define LABEL_RELAY_ADD N_("Add relay domain")
#define LABEL_RELAY_EDIT N_("Edit relay domain")
#define LABEL_RELAY_DELETE N_("Delete relay domain")
#define LABEL_RELAY_RECIPIENT_ADD N_("Add relay recipients")
#define LABEL_RELAY_RECIPIENT_REMOVE N_("Remove relay recipient")
#define LABEL_ACCESS_LIST N_("List access entries")
#define LABEL_ACCESS_SHOW N_("See access entry")
#define LABEL_ACCESS_ADD N_("Add access entry")
#define LABEL_ACCESS_PASTE N_("Paste access entries")
#define LABEL_ACCESS_EDIT N_("Edit access entry")
#define LABEL_ACCESS_DELETE N_("Delete access entry")
#define LABEL_SESSION_END N_("Sign out")

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

enum action_id action_find(const char *name)
{
    int id = 0;
    while (id < ACTION_COUNT && strcmp(actions[id].name, name) != 0)
        id++;
    return (enum action_id)id;
}
