/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request on its way through the pages: what dispatch has found out, and what the page
 * function adds. Lives in the request's arena. A page only ever holds what its reader may see. */
#ifndef PAGES_PAGE_H
#define PAGES_PAGE_H

#include "auth/session.h"
#include "base/wire.h"
#include "http/response.h"
#include "model/address.h"
#include "model/input.h"
#include "pages/pages.h"
#include "pages/records.h"
#include "pages/routes.h"
#include "store/domain.h"
#include "store/mailbox.h"
#include "view/value.h"

struct page;

/* Fills the view model of the page. OUT_OK, or what kept it from doing so. */
typedef enum outcome page_show(struct page *p);
/* Does what was posted and answers. */
typedef void page_post(struct page *p);
/* After a change: the URL to go to; the words for the flash go into flash_r (NULL: none). */
typedef const char *page_after(struct page *p, const struct change *c, const char **flash_r);

/* What is done at a URL: the other half of each row of routes.def, in the same order. */
struct handler {
    page_show *show;
    page_post *post;
    page_after *after;
};
extern const struct handler handlers[ROUTES];

struct page {
    struct arena *a;
    struct reception *desk;
    const struct http_request *request;
    const struct route *route;     /* NULL: none fits */
    const struct handler *handler; /* of that route */
    const struct session *session; /* NULL: nobody signed in */
    enum locale locale;            /* English for programs */
    const char *theme;             /* that draws: the site's, the session's own, or base */
    const char *site_theme;        /* and the generation of its row */
    bool safe;                     /* base, whatever the site wears */
    int64_t generation;
    struct actor actor;
    struct route_match match; /* the path's names */
    struct domain domain;     /* of the path, when it names one */
    struct mailbox mailbox;
    struct alias alias;
    struct relay relay;
    struct policy policy;
    struct access_entry access;
    struct audit_entry entry;
    struct object on; /* points at those */

    bool answered, repeated;    /* sent; the change had been done before */
    const struct field *fields; /* of an action whose fields a theme makes, else NULL */
    const char *const *beside;  /* names that the page reads itself, not fields; NULL, or ends so */
    struct input *input;        /* what was posted, when the page is shown again */
    int64_t version;            /* as posted */
    enum text_key problem;      /* of the whole form */
    const char *problem_arg;

    const char *name; /* which page of the contract */
    struct value *vm;
    int status;
    unsigned retry_after;
    const char *allow;
    const char *cookies[4];
    size_t cookies_n;
    struct exchange *x;
};

/* Does the reader's program want JSON, or did it send some? */
static inline bool page_is_json(const struct page *p)
{
    return p->request->wants_json || p->request->body_is_json;
}

/* routes.c */
const char *page_url(const struct page *p, const char *route);
const char *page_domain_url(const struct page *p, const char *route, const char *domain);
const char *page_mailbox_url(const struct page *p, const char *route, const char *domain,
                             const char *mailbox);
const char *page_alias_url(const struct page *p, const char *route, const char *domain,
                           int64_t alias);
const char *page_theme_url(const struct page *p, const char *route, const char *theme);
const char *page_relay_url(const struct page *p, const char *route, const char *domain);
const char *page_policy_url(const struct page *p, const char *route, int64_t id);
/* What is done with one entry ("show", "edit", "delete") has a URL for each kind. */
const char *page_access_url(const struct page *p, const char *what, const struct access_entry *e);
const char *page_access_list_url(const struct page *p, int64_t kind);
/* Adds ?name=value. */
const char *url_with(struct arena *a, const char *url, const char *name, const char *value);
/* The page that was asked for, with its query, below the prefix: to lead back to it. */
const char *page_here(const struct page *p);
/* The URL of such a path, if it is one of ours; else NULL. */
const char *page_there(const struct page *p, const char *path);
/* May the reader do this to that? */
bool page_permits(const struct page *p, enum action_id what, const struct object *on);
/* May the reader know how the server itself is set up? */
bool reader_is_server_admin(const struct page *p);

/* words.c: the program's texts in the reader's language; of a text of a table, marked N_() there. */
const char *page_text(const struct page *p, enum text_key key);
const char *page_format(const struct page *p, enum text_key key, const char *arg);
const char *page_say(const struct page *p, const char *english);
const char *page_say_of(const struct page *p, const char *english, const char *arg);
/* What the reader asked for: his own choice, else his browser's. */
enum locale page_locale(const struct page *p);

/* send.c: the answer. Each is called once, last. */
void page_show_now(struct page *p); /* runs the route's page function, and answers */
void page_send(struct page *p);     /* p->name and p->vm */
void page_send_redirect(struct page *p, const char *url);
void page_send_error(struct page *p, int status, enum text_key text, const char *arg);
void page_send_outcome(struct page *p, enum outcome o);
void page_send_json(struct page *p, int status, const struct value *v);
/* What was sent has mistakes, as JSON. */
void page_send_errors(struct page *p, int status, const struct input *in);
/* The same page again, with what was typed; as JSON, its mistakes. */
void page_show_again(struct page *p, struct input *in, int status);
/* OUT_BUSY, with the reason that the change has. */
void page_send_busy(struct page *p, const struct change *c);
/* What the next page says; `lines`: of the audit log, which it offers to undo; n 0: none. */
void page_flash(struct page *p, const char *text, const int64_t *lines, size_t n);

/* shell.c */
struct value *page_shell(struct page *p, const char *operation, const char *flash);

/* errors.c */
void page_fill_error(struct page *p, int status, enum text_key text, const char *arg);

/* forms.c */
struct form_plan {
    const char *action; /* URL it posts to */
    enum action_id change;
    const void *entity; /* stored values; NULL: a new one */
    int64_t version;
    const char *submit, *cancel;
    const char *suffix_field, *suffix; /* "@example.org" behind the field of that name */
    const char *hint_field, *hint;     /* what is said below that field instead of its own hint */
    bool danger, generate;
};
/* Draws it as the model's `form`. */
void page_form(struct page *p, struct form_plan plan);
/* Another field of a form, which nobody sees. */
void hidden_add(struct value *form, const char *name, const char *value);
/* Reads what was posted through the action's fields. */
struct input *form_read(struct page *p, enum action_id change, bool *generate_r);
/* Operation id and hash of what was sent. */
struct operation form_operation(struct page *p);
/* A search form: q and, with `states`, a choice of on, off, any. */
struct value *filter_value(struct page *p, const char *action, const char *label, const char *q,
                           int states, int active);
/* Another field of such a form; its value and options are the caller's to set. */
struct value *filter_field(struct value *fields, const char *name, const char *label,
                           const char *type);
/* Another choice of such a form: options up to one without a label, marked N_(), of which `chosen` is one's
 * value. */
struct filter_option {
    const char *value, *label;
};
void filter_choice(struct page *p, struct value *filter, const char *name, const char *label,
                   const struct filter_option *options, const char *chosen);

/* policy_choice.c: the choice of a policy, with those that the reader may choose. */
enum outcome policy_choice_field(struct page *p, struct field *field_r);
/* Which policy counts first for the mailbox or domain of the path, as `in_force`. */
enum outcome policy_in_force_fill(struct page *p);

/* bulk.c: the form that the checkboxes of a list belong to, as the model's `bulk`; the noun is one
 * of bulk.def. */
void bulk_fill(struct page *p, const char *noun);

/* cursor.c: keys of keyset pages in URLs, signed so that nobody forges one. */
const char *cursor_write(const struct page *p, const char *key);
/* NULL: none, or not ours. */
const char *cursor_read(const struct page *p, const char *text);
struct keyset page_keyset(struct page *p);
/* Links to the neighbours of the rows first..last; `extra`: more of the query ("q=a&state=on"),
 * NULL. */
struct value *pager_value(struct page *p, const char *url, const char *extra,
                          const struct keyset *k, const struct keyset_ends *ends, const char *first,
                          const char *last, size_t shown);
/* Of a list that ended before its page was full, as `looked`: how many it looked at, how many of them it found,
 * and the way on. */
void looked_fill(struct page *p, const char *url, const char *extra, const struct keyset *k,
                 const struct keyset_ends *ends, int64_t rows, size_t found);

/* back.c: the query that leads back to this very page of a list, for a switch in its rows; `where`
 * says which list. NULL kept values are left out. */
const char *return_query(struct page *p, const char *where);
/* Where such a query leads: `list` or `all` by its word, at that row; NULL: it came from no list. */
const char *return_url(struct page *p, const char *list, const char *all, int64_t row);

/* What was typed into a search box as the start of a key: lower case, controls dropped, ""
 * becomes NULL. */
const char *search_prefix(struct page *p, const char *q);
void count_fill(struct value *vm, const char *key, int64_t n);
/* Of the model's `filter`: for each thing that is filtered by, its words and the list without it. */
void chips_fill(struct page *p);
/* Turns the list round where the reader asked so, and gives the way to the other order. Only for a list whose
 * keys are those of its index. */
void sort_fill(struct page *p, const char *url, const char *extra, struct keyset *k);
/* JSON's way to the next page: the cursor as `next_after` (HTML has links in the pager). */
void next_fill(struct page *p, struct value *vm, const struct keyset_ends *ends, const char *last);

/* What every list has behind its rows: pager, filter, filtered, total, next_after. */
struct list_tail {
    const char *url, *label; /* label: what the search box looks for, marked N_() */
    const char *hint;        /* what else may be typed there, marked N_(); NULL */
    const char *q;           /* NULL: nothing is searched for */
    const char *extra;       /* more of the query, beside q: "kind=senders"; NULL */
    const struct keyset *keyset;
    const struct keyset_ends *ends;
    const char *first, *last; /* keys, NULL: there are no rows */
    size_t shown;
    int64_t total;
};
/* Its query without a cursor: "kind=senders&q=a"; NULL: nothing. */
const char *list_query(struct page *p, const struct list_tail *t);
void list_tail_fill(struct page *p, const struct list_tail *t);
/* How many lines of a FIELD_LINES were good, there already, left out: for the flash. */
const char *lines_said(struct page *p, struct input *in, const char *field);
/* The verdict on each line of a FIELD_LINES, if it has any, as `lines`. */
void lines_fill(struct page *p, struct value *v, const struct input_value *typed);

/* linked.c: a button that posts one field alone, as the model has it. */
struct button {
    const char *url, *label; /* label: marked N_() */
    const char *return_to;   /* the query that leads back to the list it stands in; NULL */
    const char *name, *value;
    int64_t version; /* of the row that it changes; 0: none is asked for */
};
void button_fill(struct page *p, struct value *v, const struct button *b);
/* Records of the contract. `return_to`: as of their buttons. */
void domain_fill(struct page *p, struct value *v, const struct domain *d);
void domain_ref_fill(struct page *p, struct value *v, const char *domain);
void mailbox_fill(struct page *p, struct value *v, const struct mailbox *m, const char *return_to);
void relay_fill(struct page *p, struct value *v, const struct relay *r);
void access_fill(struct page *p, struct value *v, const struct access_entry *e);
void policy_fill(struct page *p, struct value *v, const struct policy *policy);
/* A setting of it in words; NULL: not set. */
const char *policy_setting_words(struct page *p, const struct field *f,
                                 const struct policy *policy);
/* Another row of a list of settings; the group's heading stands at its first, and is NULL from then on. */
struct value *policy_setting_add(struct page *p, struct value *list, const struct field *f,
                                 const char **group);
void alias_fill(struct page *p, struct value *v, const struct alias *alias, const char *return_to);
bool alias_is_editable(struct page *p, const struct alias *alias);
void alias_button_fill(struct page *p, struct value *v, const struct alias *alias, const char *name,
                       const char *value, const char *label, const char *return_to);
/* Where it leads and what is the matter with that, as `targets` and `warnings`. */
enum outcome alias_targets_fill(struct page *p, struct value *v, const struct alias *alias);

/* aliases.c */
/* What stands at a mailbox's address, and the first of what leads there. */
enum outcome alias_around_fill(struct page *p, struct value *vm, const struct mailbox *m);
void audit_fill(struct page *p, struct value *v, const struct audit_entry *e);
/* The newest lines of the audit log about a domain or an object, `n` at most, under `key`. */
enum outcome recent_fill(struct page *p, struct value *vm, const char *key,
                         const struct audit_filter *f, unsigned n);
/* invite.c: the one-time link of the path's mailbox that works now, as `pending`, for who may withdraw
 * it. */
enum outcome invite_fill(struct page *p);
/* me.c: what the reader's account did and what was done to it, the newest n under `key`. */
enum outcome activity_fill(struct page *p, struct value *vm, const char *key, unsigned n);
/* How mail comes to the reader's address and where it goes from there. */
enum outcome mail_fill(struct page *p, struct value *vm);
/* audit.c: an action of the audit log in the reader's words. */
const char *action_words(const struct page *p, const char *action);
/* Where an account is signed in, under `sessions`. */
enum outcome sessions_fill(struct page *p, int64_t account);
const char *seconds_text(struct arena *a, int64_t seconds);

page_show page_overview, page_login, page_logout, page_domains, page_domain_names, page_domain_new,
    page_domain, page_domain_edit, page_domain_delete, page_domain_admins, page_domain_admin_remove,
    page_domain_activity, page_mailboxes_all, page_mailboxes, page_mailbox_new, page_mailbox,
    page_mailbox_edit, page_mailbox_password, page_mailbox_delete, page_me, page_me_password,
    page_me_appearance, page_bulk, page_undo, page_audit, page_audit_entry, page_status, page_help;

page_show page_admins, page_admin_new, page_admin, page_admin_remove, page_admin_sessions;
page_after after_admin_make, after_admin;

page_post page_log_in, page_perform, page_bulk_run, page_undo_run;
page_after after_logout, after_domain_add, after_domain_edit, after_domain_delete,
    after_domain_admin, after_mailbox_add, after_mailbox_edit, after_mailbox_delete,
    after_me_password, after_me_appearance;

page_show page_mailbox_invite, page_invite_withdraw, page_invite, page_me_activity, page_me_devices;
page_after after_mailbox_invite, after_invite_withdraw, after_invite;

page_show page_policies, page_policy_new, page_policy, page_policy_edit, page_policy_delete,
    page_domain_policy, page_mailbox_policy, page_me_policy;
page_after after_policy_save, after_policy_delete, after_policy_choice;

page_show page_relays, page_relay_new, page_relay, page_relay_edit, page_relay_delete,
    page_relay_recipients, page_relay_recipient_remove;
page_show page_lists, page_access_new, page_access, page_access_edit, page_access_delete,
    page_access_paste;
page_after after_access_add, after_access_edit, after_access_delete, after_access_paste;
page_after after_relay_add, after_relay_edit, after_relay_delete, after_relay_recipient;

page_show page_aliases_all, page_aliases, page_alias_new, page_alias, page_alias_edit,
    page_alias_delete;
page_after after_alias_add, after_alias_edit, after_alias_delete;

page_show page_themes, page_theme, page_theme_report, page_theme_settings, page_theme_preview,
    page_theme_activate, page_theme_retry, page_safe;
page_post page_theme_set, page_safe_set;
page_after after_theme_settings, after_theme_preview, after_theme_activate, after_theme_retry;

struct theme_fault; /* store/theme.h */
/* themes.c: vm.faults. */
void faults_fill(struct page *p, const struct theme_fault *rows, size_t n);

/* safe.c: did this browser or the configuration ask for the built-in theme? */
bool safe_is_on(const struct page *p);
/* preview.c: the bar that no theme can leave out, put behind <body>. */
void preview_bar(struct page *p, struct str *html);

/* load.c: what the path names, into p->on and the rows it points at. */
enum outcome page_load(struct page *p, const struct route_match *m);

/* change.c: the answer to a change that was done. */
void page_send_done(struct page *p, const struct change *c, bool repeated);

/* login.c */
/* May somebody sign in over this connection? */
bool login_is_allowed(const struct page *p);
/* A new session of the account, whatever session there was; its cookie goes with the answer. */
enum outcome login_begin(struct page *p, int64_t account);
void login_cookie(struct page *p, const char *value);
const char *login_next(const struct page *p);
/* The log-in that leads to the page of this request, as far as that is a page for who has signed in. */
const char *login_url(struct page *p);

#endif
