/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy matrix: who may do what, as a table of text. permit() is asked about a small world of
 * its own, so no database is needed; what perform() and the pages add to it is said here once
 * more, in other words, so that tests/web/matrix.txt does not follow their mistakes. Not in the
 * help: it is for the tests. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "pages/page.h"

static const char rules[] =
    "# Who may do what: printed by `mailboy matrix`, tried cell by cell by test_matrix.py, "
    "reviewed like code.\n"
    "#\n"
    "# A head line says how something is done: GET or POST of a route (with its variant), the "
    "action whose right it\n"
    "# needs, and the command. Below it a line for each kind of object, with a cell for each role: "
    "what a browser,\n"
    "# a JSON client and the shell (exit status) get. - : there is no such way. ROWS changed only "
    "where a POST is\n"
    "# answered 303, 200 or 201 and a change's command exits with 0; else nothing changes but the "
    "audit log.\n"
    "#\n"
    "# The rules that the table follows:\n"
    "#  1 Without a session: a page leads to the log-in (303), all else is 403, whatever is "
    "there.\n"
    "#  2 What an actor may not know of is 404/66, the same as what is missing: foreign domains, "
    "their mailboxes and\n"
    "#    their audit lines. What he knows of but may not do is 403/77. A right that has no object "
    "is 403/77, but\n"
    "#    the overview leads who has none to his own account (303).\n"
    "#  3 Nobody touches an account (name, quota, state, password, existence) that may do anything "
    "he may not: an admin\n"
    "#    of a.example no user of it who administers b.example; nobody the super admin but "
    "himself. A server admin's\n"
    "#    account is touched by himself, super admins and the console alone. To see is not to "
    "touch.\n"
    "#  4 The same holds for a domain's name and existence: a domain in which such an account "
    "lives is neither\n"
    "#    renamed nor deleted; one in which the super admin lives is deleted by nobody.\n"
    "#  5 A super admin is neither disabled nor deleted by anybody, himself included. Nobody "
    "disables or deletes\n"
    "#    himself or sets his own password without the old one.\n"
    "#  6 Domains come and go, and domain admins are made, by server admins. Server admins are "
    "made by the super\n"
    "#    admin and the console (another is told to name a domain, 422), super admins by the "
    "console alone. The console\n"
    "#    may set any password.\n"
    "#  7 A domain admin may edit a domain's description, not its name and limits: a name in his "
    "form is ignored (303,\n"
    "#    nothing changes), in JSON it is a mistake (422), in the shell it is refused (77).\n"
    "#  8 What is so already is a conflict: 409/73; so is a one-time link for a disabled account.\n"
    "#  9 Whoever holds a one-time link, signed in or not, sets that account's password with it, "
    "once, and is\n"
    "#    signed in; a used, ended or made-up one is 410/65 for everybody. Nobody makes one for "
    "himself; else the\n"
    "#    right is that of setting a password.\n"
    "# 10 Several at once (bulk): anybody may ask, and each change is permitted as if it came "
    "alone; one that is not\n"
    "#    keeps all from being done. Undo: only by who did it (nobody here did these entries).\n"
    "# 11 The policy that is the server's default is changed by server admins alone, and is not "
    "deleted: 409/73.\n"
    "# 12 Relay domains are the server admins'. privacy_level opens them to domain admins: 1 list, "
    "2 add, 3 edit,\n"
    "#    4 delete; never the next hop: in a form it is ignored (303, nothing changes), in JSON a "
    "mistake (422).\n"
    "# 13 A catch-all is made, changed and deleted by server admins alone. Nobody else has the box "
    "in his form: an alias\n"
    "#    without a name is a mistake there (422), in the shell it is 77. An alias at an account's "
    "address is for who may\n"
    "#    touch the account, as in rule 3.\n"
    "# 14 The lists of clients and senders likewise; domain admins never write states other than "
    "OK "
    "and REJECT (422), nor\n"
    "#    touch entries that have one (403).\n"
    "#\n"
    "# The world: max@m.example is the super admin; sam and sue@s.example are server admins; "
    "anna@a.example\n"
    "# administers a, s and m.example; bert@a.example administers b.example; uma and "
    "pat@a.example, fay@b.example and\n"
    "# off@a.example (disabled) are users. {new} is free, {who} is named by the variant; another "
    "super admin\n"
    "# lives in example.org. domain@1 to domain@4 is anna again, where privacy_level is 1 to 4; "
    "else "
    "it is 0.\n";

/* --- the world --- */

enum { A = 1, B, S, M };
enum { MAX = 1, SAM, SUE, ANNA, BERT, UMA, PAT, FAY, OFF };

static const int64_t annas[] = {A, S, M}, berts[] = {B};
static const struct domain domains[] = {
    [A] = {.id = A, .name = "a.example"},
    [B] = {.id = B, .name = "b.example"},
    [S] = {.id = S, .name = "s.example"},
    [M] = {.id = M, .name = "m.example"},
};
static const struct mailbox accounts[] = {
    [MAX] = {.id = MAX,
             .domain_id = M,
             .email = "max@m.example",
             .level = LEVEL_SUPER_ADMIN,
             .active = 1},
    [SAM] = {.id = SAM,
             .domain_id = S,
             .email = "sam@s.example",
             .level = LEVEL_SERVER_ADMIN,
             .active = 1},
    [SUE] = {.id = SUE,
             .domain_id = S,
             .email = "sue@s.example",
             .level = LEVEL_SERVER_ADMIN,
             .active = 1},
    [ANNA] = {.id = ANNA,
              .domain_id = A,
              .email = "anna@a.example",
              .active = 1,
              .administers = annas,
              .administers_n = 3},
    [BERT] = {.id = BERT,
              .domain_id = A,
              .email = "bert@a.example",
              .active = 1,
              .administers = berts,
              .administers_n = 1},
    [UMA] = {.id = UMA, .domain_id = A, .email = "uma@a.example", .active = 1},
    [PAT] = {.id = PAT, .domain_id = A, .email = "pat@a.example", .active = 1},
    [FAY] = {.id = FAY, .domain_id = B, .email = "fay@b.example", .active = 1},
    [OFF] = {.id = OFF, .domain_id = A, .email = "off@a.example", .active = 0},
};
enum { ACCOUNTS = sizeof accounts / sizeof *accounts };

static const struct {
    const char *name;
    int account; /* 0: nobody, or the console */
    bool console;
    int privacy; /* privacy_level */
} roles[] = {
    {"nobody", 0, false, 0},      {"user", UMA, false, 0},      {"elsewhere", BERT, false, 0},
    {"domain", ANNA, false, 0},   {"domain@1", ANNA, false, 1}, {"domain@2", ANNA, false, 2},
    {"domain@3", ANNA, false, 3}, {"domain@4", ANNA, false, 4}, {"server", SAM, false, 0},
    {"server2", SUE, false, 0},   {"super", MAX, false, 0},     {"console", 0, true, 0}};
enum { ROLES = sizeof roles / sizeof *roles };

/* What something is done to. */
struct thing {
    enum object_kind kind;
    const char *name;
    int id;             /* domain or account; 0: missing, or none is needed */
    bool own;           /* the actor's own account */
    const char *source; /* of an alias: its local part */
};
static const struct thing things[] = {
    {ON_SITE, "site", 0, false},
    {ON_SELF, "self", 0, true},
    {ON_DOMAIN, "a.example", A, false},
    {ON_DOMAIN, "b.example", B, false},
    {ON_DOMAIN, "s.example (server admins)", S, false},
    {ON_DOMAIN, "m.example (super admin)", M, false},
    {ON_DOMAIN, "missing domain", 0, false},
    {ON_MAILBOX, "pat@a.example", PAT, false},
    {ON_MAILBOX, "fay@b.example", FAY, false},
    {ON_MAILBOX, "off@a.example (disabled)", OFF, false},
    {ON_MAILBOX, "bert@a.example (of b)", BERT, false},
    {ON_MAILBOX, "anna@a.example (of a s m)", ANNA, false},
    {ON_MAILBOX, "sam@s.example (server)", SAM, false},
    {ON_MAILBOX, "max@m.example (super)", MAX, false},
    {ON_MAILBOX, "own mailbox", 0, true},
    {ON_MAILBOX, "missing mailbox", 0, false},
    {ON_ALIAS, "sales@a.example alias", A, false, "sales"},
    {ON_ALIAS, "catch-all of a.example", A, false, ""},
    {ON_ALIAS, "max@m.example alias (super)", M, false, "max"},
    {ON_ALIAS, "sales@b.example alias", B, false, "sales"},
    {ON_ALIAS, "missing alias", 0, false},
    {ON_RELAY, "relay.example", 1, false},
    {ON_RELAY, "missing relay", 0, false},
    {ON_POLICY, "a policy", 1, false},
    {ON_POLICY, "the default policy", 2, false},
    {ON_POLICY, "missing policy", 0, false},
    {ON_ACCESS, "a client", 1, false},
    {ON_ACCESS, "a held client", 2, false},
    {ON_ACCESS, "a sender", 1, false},
    {ON_ACCESS, "missing entry of access", 0, false},
    {ON_INVITE, "link of pat@a.example", PAT, false},
    {ON_INVITE, "used link", 0, false},
    {ON_AUDIT_ENTRY, "entry of a.example", A, false},
    {ON_AUDIT_ENTRY, "entry of b.example", B, false},
    {ON_AUDIT_ENTRY, "entry of the site", -1, false},
    {ON_AUDIT_ENTRY, "missing entry", 0, false},
};

/* --- ways to do something --- */

struct trial {
    const char *route; /* NULL: in the shell only */
    enum action_id action;
    const char *variant; /* NULL: there is but one */
    const char *command; /* NULL: by pages only */
    int who;             /* the account that the variant names */
};
static const struct trial changes[] = {
    {"logout", ACTION_SESSION_END, NULL, NULL, 0},
    {"me.password", ACTION_PASSWORD_CHANGE, NULL, NULL, 0},
    {"invite", ACTION_INVITE_ACCEPT, NULL, NULL, 0},
    {"me.appearance", ACTION_LANGUAGE_CHOOSE, NULL, NULL, 0},
    {"domains.new", ACTION_DOMAIN_ADD, NULL, "domain add {new}", 0},
    {"domains.edit", ACTION_DOMAIN_EDIT, "description", "domain edit {domain} --description other",
     0},
    {"domains.edit", ACTION_DOMAIN_EDIT, "rename", "domain edit {domain} --name {new}", 0},
    {"domains.delete", ACTION_DOMAIN_DELETE, NULL, "domain delete {domain} --yes", 0},
    {"domains.admins", ACTION_DOMAIN_ADMIN_ADD, "who=pat@a.example",
     "admin add {who} --domain {domain}", PAT},
    {"domains.admins", ACTION_DOMAIN_ADMIN_ADD, "who=sue@s.example",
     "admin add {who} --domain {domain}", SUE},
    {"domains.admins", ACTION_DOMAIN_ADMIN_ADD, "who=max@m.example",
     "admin add {who} --domain {domain}", MAX},
    {"domains.admins.remove", ACTION_DOMAIN_ADMIN_REMOVE, "who=anna@a.example",
     "admin delete {who} --domain {domain} --yes", ANNA},
    {"mailboxes.new", ACTION_MAILBOX_ADD, NULL, "mailbox add new@{domain} --no-password", 0},
    {"mailboxes.edit", ACTION_MAILBOX_EDIT, "name", "mailbox edit {mailbox} --name Other", 0},
    {"mailboxes.edit", ACTION_MAILBOX_EDIT, "disable", "mailbox disable {mailbox}", 0},
    {"mailboxes.password", ACTION_PASSWORD_SET, NULL, "mailbox password {mailbox} --password-stdin",
     0},
    {"mailboxes.invite", ACTION_MAILBOX_INVITE, NULL, "mailbox invite {mailbox}", 0},
    {"mailboxes.invite.withdraw", ACTION_INVITE_WITHDRAW, NULL,
     "mailbox invite {mailbox} --withdraw", 0},
    {"mailboxes.delete", ACTION_MAILBOX_DELETE, NULL, "mailbox delete {mailbox} --yes", 0},
    {"bulk.run", ACTION_MAILBOX_EDIT, "bulk disable", "mailbox disable {mailbox} {mailbox}", 0},
    {"bulk.run", ACTION_MAILBOX_DELETE, "bulk delete", NULL, 0},
    {"audit.undo", ACTION_UNDO, NULL, "audit undo {entry}", 0},
    {"domains.policy", ACTION_DOMAIN_POLICY, NULL, "policy choose {domain} Chosen", 0},
    {"mailboxes.spam", ACTION_MAILBOX_POLICY, NULL, "policy choose {mailbox} Chosen", 0},
    {"me.spam", ACTION_POLICY_CHOOSE, NULL, "policy choose me Chosen", 0},
    {"policies.new", ACTION_POLICY_ADD, NULL, "policy add {new}", 0},
    {"policies.edit", ACTION_POLICY_EDIT, NULL, "policy edit {policy} --description other", 0},
    {"policies.delete", ACTION_POLICY_DELETE, NULL, "policy delete {policy} --yes", 0},
    {"relays.new", ACTION_RELAY_ADD, NULL, "relay add {new}", 0},
    {"relays.edit", ACTION_RELAY_EDIT, "description", "relay edit {relay} --description other", 0},
    {"relays.edit", ACTION_RELAY_EDIT, "rename", "relay edit {relay} --name {new}", 0},
    {"relays.edit", ACTION_RELAY_EDIT, "next hop", "relay edit {relay} --next-hop [192.0.2.9]", 0},
    {"relays.delete", ACTION_RELAY_DELETE, NULL, "relay delete {relay} --yes", 0},
    {"relays.recipients", ACTION_RELAY_RECIPIENT_ADD, NULL, "relay recipients {relay} add ada", 0},
    {"relays.recipients.remove", ACTION_RELAY_RECIPIENT_REMOVE, NULL,
     "relay recipients {relay} delete seed", 0},
    {"aliases.new", ACTION_ALIAS_ADD, NULL, "alias add new@{domain} nobody@elsewhere.example", 0},
    {"aliases.new", ACTION_ALIAS_ADD, "source=max",
     "alias add max@{domain} nobody@elsewhere.example", 0},
    {"aliases.new", ACTION_ALIAS_ADD, "catch-all", NULL, 0},
    {NULL, ACTION_ALIAS_CATCH_ALL, NULL, "alias add @{domain} nobody@elsewhere.example", 0},
    {"aliases.edit", ACTION_ALIAS_EDIT, "description", "alias edit {source} --description other",
     0},
    {"aliases.edit", ACTION_ALIAS_EDIT, "into catch-all", "alias edit {source} --catch-all 1", 0},
    {"aliases.delete", ACTION_ALIAS_DELETE, NULL, "alias delete {source} --yes", 0},
    {"admins.new", ACTION_ADMIN_MAKE, "who=pat@a.example", NULL, PAT},
    {"admins.new", ACTION_ADMIN_MAKE, "who=sue@s.example", NULL, SUE},
    {"admins.new", ACTION_ADMIN_MAKE, "who=bert@a.example", NULL, BERT},
    {"admins.new", ACTION_ADMIN_MAKE, "server who=pat@a.example", NULL, PAT},
    {"admins.new", ACTION_ADMIN_MAKE, "server who=max@m.example", NULL, MAX},
    {"admins.sessions", ACTION_SESSIONS_END, NULL, "mailbox signout {mailbox}", 0},
    {"lists.new", ACTION_ACCESS_ADD, "REJECT", "access add --sender {new} REJECT", 0},
    {"lists.new", ACTION_ACCESS_ADD, "HOLD", "access add --sender {new} HOLD", 0},
    {"lists.paste", ACTION_ACCESS_PASTE, NULL, NULL, 0},
    {"lists.clients.edit", ACTION_ACCESS_EDIT, NULL, "access edit --client {client} --state OK", 0},
    {"lists.clients.delete", ACTION_ACCESS_DELETE, NULL, "access delete --client {client} --yes",
     0},
    {"lists.senders.edit", ACTION_ACCESS_EDIT, NULL, "access edit --sender {sender} --state OK", 0},
    {"lists.senders.delete", ACTION_ACCESS_DELETE, NULL, "access delete --sender {sender} --yes",
     0},
    {NULL, ACTION_SERVER_ADMIN_ADD, NULL, "admin add {mailbox}", 0},
    {"admins.remove", ACTION_SERVER_ADMIN_REMOVE, NULL, "admin delete {mailbox} --yes", 0},
    {NULL, ACTION_SUPER_ADMIN_ADD, NULL, "admin add {mailbox} --super", 0},
    {NULL, ACTION_SUPER_ADMIN_REMOVE, NULL, "admin delete {mailbox} --super --yes", 0},
    {"themes.activate", ACTION_THEME_ACTIVATE, NULL, "theme activate base", 0},
    {"themes.preview", ACTION_THEME_PREVIEW, NULL, NULL, 0},
    {"themes.settings", ACTION_THEME_SETTINGS, NULL, NULL, 0},
    {"themes.retry", ACTION_THEME_RETRY, NULL, NULL, 0},
};
/* Reading: each route is asked as it is and by `mailboy page`; these are commands of their own. */
static const struct trial readings[] = {
    {NULL, ACTION_DOMAIN_LIST, NULL, "domain list", 0},
    {NULL, ACTION_DOMAIN_NAMES, NULL, "domain names", 0},
    {NULL, ACTION_DOMAIN_SHOW, NULL, "domain show {domain}", 0},
    {NULL, ACTION_MAILBOX_LIST_ALL, NULL, "mailbox list", 0},
    {NULL, ACTION_MAILBOX_LIST, NULL, "mailbox list {domain}", 0},
    {NULL, ACTION_MAILBOX_SHOW, NULL, "mailbox show {mailbox}", 0},
    {NULL, ACTION_RELAY_LIST, NULL, "relay list", 0},
    {NULL, ACTION_RELAY_SHOW, NULL, "relay show {relay}", 0},
    {NULL, ACTION_ALIAS_LIST_ALL, NULL, "alias list", 0},
    {NULL, ACTION_ALIAS_LIST, NULL, "alias list {domain}", 0},
    {NULL, ACTION_ALIAS_SHOW, NULL, "alias show {source}", 0},
    {NULL, ACTION_ACCESS_LIST, NULL, "access list", 0},
    {NULL, ACTION_ACCESS_SHOW, "client", "access show --client {client}", 0},
    {NULL, ACTION_ACCESS_SHOW, "sender", "access show --sender {sender}", 0},
    {NULL, ACTION_AUDIT_LIST, NULL, "audit list", 0},
    {NULL, ACTION_AUDIT_DOMAIN, NULL, "audit list --domain {domain}", 0},
    {NULL, ACTION_AUDIT_SHOW, NULL, "audit show {entry}", 0},
    {NULL, ACTION_ADMIN_LIST, NULL, "admin list", 0},
    {NULL, ACTION_POLICY_LIST, NULL, "policy list", 0},
    {NULL, ACTION_POLICY_SHOW, NULL, "policy show {policy}", 0},
};
enum { CHANGES = sizeof changes / sizeof *changes, READINGS = sizeof readings / sizeof *readings };

/* --- what is to be expected --- */

enum expected { DONE, REFUSED, UNKNOWN, THERE, IGNORED, OVER, BARRED, MISTAKEN };

struct asked {
    struct actor who;
    struct object on;
    struct domain domain;
    struct alias alias;
    struct audit_entry entry;
};

static const struct relay relay = {.id = 1};
static const struct policy policies[] = {{0}, {.id = 1}, {.id = 2, .server_default = 1}};
static const struct access_entry entries[] = {
    [1] = {.id = 1, .pattern = "192.0.2.1", .state = "REJECT"},
    [2] = {.id = 2, .pattern = "192.0.2.2", .state = "HOLD"}};

static void ask_about(struct asked *q, const struct thing *t)
{
    int id = t->own && q->who.account != NULL ? (int)q->who.account->id : t->id;
    switch (t->kind) {
    case ON_DOMAIN: q->on.domain = id > 0 ? &domains[id] : NULL; break;
    case ON_MAILBOX:
        q->on.mailbox = id > 0 ? &accounts[id] : NULL;
        q->domain.id = id > 0 ? accounts[id].domain_id : 0;
        q->on.domain = id > 0 ? &q->domain : NULL;
        break;
    case ON_ALIAS:
        q->alias = (struct alias){.id = 1, .domain_id = id, .source = t->source};
        if (id == M) { /* stands at the super admin's address */
            q->alias.account_id = MAX;
            q->alias.account_level = LEVEL_SUPER_ADMIN;
        }
        q->domain.id = id;
        q->on.alias = id > 0 ? &q->alias : NULL;
        q->on.domain = id > 0 ? &q->domain : NULL;
        break;
    case ON_RELAY: q->on.relay = id > 0 ? &relay : NULL; break;
    case ON_POLICY: q->on.policy = id > 0 ? &policies[id] : NULL; break;
    case ON_ACCESS: q->on.access = id > 0 ? &entries[id] : NULL; break;
    case ON_INVITE: /* rule 9: whoever it is, he is the link's holder and no more */
        q->on.mailbox = id > 0 ? &accounts[id] : NULL;
        q->who = (struct actor){.account = q->on.mailbox, .invite = (const unsigned char *)""};
        break;
    case ON_AUDIT_ENTRY:
        q->entry = (struct audit_entry){.id = 1, .domain_id = id > 0 ? id : 0};
        q->on.entry = id != 0 ? &q->entry : NULL;
        break;
    default: break;
    }
}

/* Rule 4: does somebody live there who may do more? */
static bool shelters(const struct actor *who, int64_t domain, bool deletes)
{
    for (int i = 1; i < ACCOUNTS; i++)
        if (accounts[i].domain_id == domain && accounts[i].level > LEVEL_USER &&
            (!actor_covers(who, &accounts[i]) ||
             (deletes && accounts[i].level == LEVEL_SUPER_ADMIN)))
            return true;
    return false;
}

static bool is_own(const struct actor *who, const struct mailbox *m)
{
    return who->account != NULL && who->account->id == m->id;
}

static bool administers(const struct mailbox *m, int64_t domain)
{
    for (size_t i = 0; i < m->administers_n; i++)
        if (m->administers[i] == domain)
            return true;
    return false;
}

static bool is_variant(const struct trial *t, const char *name)
{
    return t->variant != NULL && strcmp(t->variant, name) == 0;
}

static bool variant_has(const struct trial *t, const char *word)
{
    return t->variant != NULL && strstr(t->variant, word) != NULL;
}

/* Rule 11. The catch-all of a.example is there, and so is an alias at max@m.example. */
static enum expected beyond_alias(const struct trial *t, const struct asked *q)
{
    bool server = (actor_roles(&q->who, &q->on) & SERVER_ADMIN) != 0;
    int64_t domain = q->on.domain->id;
    if (is_variant(t, "source=max") && domain == M)
        return actor_covers(&q->who, &accounts[MAX]) ? THERE : REFUSED;
    if (is_variant(t, "catch-all") || t->action == ACTION_ALIAS_CATCH_ALL)
        return !server ? BARRED : domain == A ? THERE : DONE;
    if (is_variant(t, "into catch-all"))
        return !server                          ? BARRED
               : q->on.alias->source[0] == '\0' ? IGNORED
               : domain == A                    ? THERE
                                                : DONE;
    return DONE;
}

/* Of b.example, or of the server (rule 6: a server admin is told to name a domain). */
static enum expected beyond_make(const struct trial *t, const struct asked *q)
{
    const struct mailbox *who = &accounts[t->who];
    if (!actor_covers(&q->who, who))
        return REFUSED;
    if (!variant_has(t, "server"))
        return administers(who, B) ? THERE : DONE;
    if ((actor_roles(&q->who, NULL) & (SUPER_ADMIN | CONSOLE)) == 0)
        return MISTAKEN;
    return who->level == LEVEL_SUPER_ADMIN ? REFUSED : DONE;
}

/* Rules 5 to 8, for what the plain right allows. */
static enum expected beyond(const struct trial *t, const struct asked *q)
{
    const struct mailbox *m = q->on.mailbox, *who = &accounts[t->who];
    bool rename = is_variant(t, "rename");
    bool disable = variant_has(t, "disable");
    bool server_only = is_variant(t, "next hop") || (t->action == ACTION_RELAY_EDIT && rename);
    if (server_only && (actor_roles(&q->who, &q->on) & SERVER_ADMIN) == 0)
        return IGNORED;
    switch (t->action) {
    case ACTION_DOMAIN_EDIT:
        if (rename && (actor_roles(&q->who, &q->on) & SERVER_ADMIN) == 0)
            return IGNORED;
        return rename && shelters(&q->who, q->on.domain->id, false) ? REFUSED : DONE;
    case ACTION_DOMAIN_DELETE: return shelters(&q->who, q->on.domain->id, true) ? REFUSED : DONE;
    case ACTION_DOMAIN_ADMIN_ADD:
        return !actor_covers(&q->who, who)          ? REFUSED
               : administers(who, q->on.domain->id) ? THERE
                                                    : DONE;
    case ACTION_DOMAIN_ADMIN_REMOVE:
        return !actor_covers(&q->who, who)          ? REFUSED
               : administers(who, q->on.domain->id) ? DONE
                                                    : THERE;
    case ACTION_MAILBOX_EDIT:
        return disable && (m->level == LEVEL_SUPER_ADMIN || is_own(&q->who, m)) ? REFUSED
               : disable && !m->active                                          ? IGNORED
                                                                                : DONE;
    case ACTION_ADMIN_MAKE: return beyond_make(t, q);
    case ACTION_MAILBOX_INVITE: return m->active ? DONE : THERE;
    case ACTION_ACCESS_ADD:
        return is_variant(t, "HOLD") && (actor_roles(&q->who, &q->on) & SERVER_ADMIN) == 0
                   ? MISTAKEN
                   : DONE;
    case ACTION_POLICY_DELETE: return q->on.policy->server_default ? THERE : DONE;
    case ACTION_ALIAS_ADD:
    case ACTION_ALIAS_EDIT:
    case ACTION_ALIAS_CATCH_ALL: return beyond_alias(t, q);
    case ACTION_SERVER_ADMIN_ADD: return m->level >= LEVEL_SERVER_ADMIN ? THERE : DONE;
    case ACTION_SERVER_ADMIN_REMOVE: return m->level != LEVEL_SERVER_ADMIN ? THERE : DONE;
    case ACTION_SUPER_ADMIN_ADD: return m->level == LEVEL_SUPER_ADMIN || !m->active ? THERE : DONE;
    case ACTION_SUPER_ADMIN_REMOVE: return m->level != LEVEL_SUPER_ADMIN ? THERE : DONE;
    default: return DONE;
    }
}

static enum expected expect(const struct trial *t, bool post, const struct asked *q)
{
    if (t->action == ACTION_COUNT)
        return DONE;
    if (actions[t->action].on == ON_INVITE && q->on.mailbox == NULL)
        return OVER;
    enum outcome o = permit(&q->who, t->action, &q->on);
    if (o != OUT_OK)
        return o == OUT_ABSENT ? UNKNOWN : REFUSED;
    return post ? beyond(t, q) : DONE;
}

static int html_status(const struct trial *t, bool post, bool nobody, enum expected e)
{
    static const int statuses[] = {
        [DONE] = 200,    [REFUSED] = 403, [UNKNOWN] = 404, [THERE] = 409,
        [IGNORED] = 303, [OVER] = 410,    [BARRED] = 422,  [MISTAKEN] = 422};
    if (nobody && !post && t->action != ACTION_COUNT)
        return 303;
    if (e == REFUSED && !post && t->action == ACTION_OVERVIEW)
        return 303;
    bool shows = t->action == ACTION_MAILBOX_INVITE; /* the link, on the answer itself */
    return post && e == DONE && !shows ? 303 : statuses[e];
}

static int json_status(const struct trial *t, bool post, enum expected e)
{
    static const int statuses[] = {
        [DONE] = 200,    [REFUSED] = 403, [UNKNOWN] = 404, [THERE] = 409,
        [IGNORED] = 422, [OVER] = 410,    [BARRED] = 422,  [MISTAKEN] = 422};
    if (e == IGNORED && t->action != ACTION_DOMAIN_EDIT && t->action != ACTION_RELAY_EDIT)
        return 200; /* it was so already */
    return post && e == DONE && t->action != ACTION_COUNT &&
                   (actions[t->action].flags & CREATES) != 0
               ? 201
               : statuses[e];
}

static int shell_status(const struct trial *t, enum expected e)
{
    static const int statuses[] = {
        [DONE] = EXIT_DONE,          [REFUSED] = EXIT_NOT_ALLOWED, [UNKNOWN] = EXIT_NOT_FOUND,
        [THERE] = EXIT_THERE,        [IGNORED] = EXIT_DONE,        [OVER] = EXIT_BAD_DATA,
        [BARRED] = EXIT_NOT_ALLOWED, [MISTAKEN] = EXIT_BAD_DATA};
    if (e == IGNORED && t->action == ACTION_DOMAIN_EDIT)
        return EXIT_NOT_ALLOWED;
    return statuses[e];
}

/* --- the table --- */

static void print_cell(const struct trial *t, bool post, const struct thing *thing, size_t role)
{
    struct asked q = {
        .who = {.account = roles[role].account > 0 ? &accounts[roles[role].account] : NULL,
                .console = roles[role].console,
                .confirmed = true}};
    bool console = q.who.console, holder = thing->kind == ON_INVITE,
         nobody = actor_is_anybody(&q.who), page = !post && t->route != NULL;
    char html[8] = "-", json[8] = "-", shell[8] = "-", cell[32];
    ask_about(&q, thing);
    privacy_honour(roles[role].privacy);
    enum expected e = expect(t, post, &q);
    bool possible = !(thing->own && (console || (nobody && thing->kind == ON_MAILBOX)));
    if (t->route != NULL && !console && possible) {
        snprintf(html, sizeof html, "%d", html_status(t, post, nobody && !holder, e));
        snprintf(json, sizeof json, "%d",
                 nobody && !holder && t->action != ACTION_COUNT ? 403 : json_status(t, post, e));
    }
    if (t->command != NULL && !nobody && possible && !(page && console) && roles[role].privacy == 0)
        snprintf(shell, sizeof shell, "%d", shell_status(t, e));
    snprintf(cell, sizeof cell, "%s/%s/%s", html, json, shell);
    printf(" %-11s", cell);
}

/* An entry of the other list is not met there. */
static bool is_met(const struct thing *thing, const struct route *r, const struct trial *t)
{
    const char *way = r != NULL ? r->pattern : t->command;
    return thing->kind != ON_ACCESS || thing->id == 0 ||
           (strstr(thing->name, "client") != NULL) == (strstr(way, "{client}") != NULL);
}

static void print_trial(const struct trial *t, bool post)
{
    const struct route *r = t->route != NULL ? route_named(t->route) : NULL;
    enum object_kind kind = t->action == ACTION_COUNT ? ON_SITE : actions[t->action].on;
    printf("\n%s %s%s%s%s = %s; shell: %s\n",
           r == NULL ? "SHELL"
           : post    ? "POST"
                     : "GET",
           r != NULL ? r->name : actions[t->action].name, t->variant != NULL ? " (" : "",
           t->variant != NULL ? t->variant : "", t->variant != NULL ? ")" : "",
           t->action == ACTION_COUNT ? "nothing" : actions[t->action].name,
           t->command != NULL ? t->command : "-");
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        if (things[i].kind != kind || !is_met(&things[i], r, t))
            continue;
        printf("  %-27s", things[i].name);
        for (size_t role = 0; role < ROLES; role++)
            print_cell(t, post, &things[i], role);
        putchar('\n');
    }
}

static void print_pages(void)
{
    for (const struct route *r = routes; r->name != NULL; r++) {
        char command[128];
        snprintf(command, sizeof command, "page %s", r->pattern);
        const struct trial see = {r->name, r->see, NULL, r->see == ACTION_COUNT ? NULL : command,
                                  0};
        print_trial(&see, false);
        if (handlers[r - routes].post != NULL && r->change == ACTION_COUNT)
            print_trial(&(struct trial){r->name, ACTION_COUNT, NULL, NULL, 0}, true);
    }
}

int command_matrix(struct shell *sh)
{
    if (sh->operands_n > 0)
        return EXIT_USAGE;
    if (sh->json)
        return tables_print(sh);
    fputs(rules, stdout);
    printf("\n  %-27s", "roles:");
    for (size_t i = 0; i < ROLES; i++)
        printf(" %-11s", roles[i].name);
    putchar('\n');
    print_pages();
    for (size_t i = 0; i < READINGS; i++)
        print_trial(&readings[i], false);
    for (size_t i = 0; i < CHANGES; i++)
        print_trial(&changes[i], true);
    return EXIT_DONE;
}
