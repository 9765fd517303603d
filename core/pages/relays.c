/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of relay domains: relays.list, .form, .show, .delete, .recipients. */
#include <string.h>

#include "pages/page.h"
#include "store/relay.h"

static void link_if(struct page *p, const char *key, enum action_id what, const char *route)
{
    if (page_permits(p, what, &p->on))
        value_set_url(p->vm, key, page_relay_url(p, route, p->relay.domain));
}

enum outcome page_relays(struct page *p)
{
    struct keyset k = page_keyset(p);
    struct keyset_ends ends;
    struct relay *rows;
    size_t n;
    int64_t total = 0;
    const char *q = pairs_text(&p->request->query, "q"), *url = page_url(p, "relays.list");
    k.prefix = search_prefix(p, q);
    struct list_tail tail = {.url = url,
                             .label = N_("Domain"),
                             .q = k.prefix != NULL ? q : NULL,
                             .keyset = &k,
                             .ends = &ends};
    sort_fill(p, url, list_query(p, &tail), &k);
    enum outcome o = relay_list(p->desk->store, p->a, &k, &rows, &n, &ends);
    if (o == OUT_OK)
        o = relay_count(p->desk->store, &total);
    if (o != OUT_OK)
        return o;
    p->name = "relays.list";
    if (n > 0)
        bulk_fill(p, "relays");
    struct value *list = value_set_list(p->vm, "rows");
    for (size_t i = 0; i < n; i++)
        relay_fill(p, value_add_map(list), &rows[i]);
    tail.first = n > 0 ? rows[0].domain : NULL;
    tail.last = n > 0 ? rows[n - 1].domain : NULL;
    tail.shown = n;
    tail.total = total;
    list_tail_fill(p, &tail);
    if (page_permits(p, ACTION_RELAY_ADD, &(struct object){0}))
        value_set_url(p->vm, "add", page_url(p, "relays.new"));
    return OUT_OK;
}

enum outcome page_relay_new(struct page *p)
{
    static const struct relay fresh = {
        .domain = "", .description = "", .recipients = "list", .transport = "", .next_hop = ""};
    p->name = "relays.form";
    page_form(p, (struct form_plan){.action = page_url(p, "relays.new"),
                                    .change = ACTION_RELAY_ADD,
                                    .entity = &fresh,
                                    .submit = N_("Add relay domain"),
                                    .cancel = page_url(p, "relays.list")});
    return OUT_OK;
}

enum outcome page_relay_edit(struct page *p)
{
    p->name = "relays.form";
    relay_fill(p, value_set_map(p->vm, "relay"), &p->relay);
    page_form(p, (struct form_plan){.action = page_relay_url(p, "relays.edit", p->relay.domain),
                                    .change = ACTION_RELAY_EDIT,
                                    .entity = &p->relay,
                                    .version = p->version > 0 ? p->version : p->relay.version,
                                    .submit = N_("Save"),
                                    .cancel = page_relay_url(p, "relays.show", p->relay.domain)});
    return OUT_OK;
}

enum outcome page_relay(struct page *p)
{
    p->name = "relays.show";
    relay_fill(p, value_set_map(p->vm, "relay"), &p->relay);
    link_if(p, "edit", ACTION_RELAY_EDIT, "relays.edit");
    link_if(p, "delete", ACTION_RELAY_DELETE, "relays.delete");
    return recent_fill(p, p->vm, "recent",
                       &(struct audit_filter){.object_id = p->relay.id, .object_kind = "relay"}, 8);
}

enum outcome page_relay_delete(struct page *p)
{
    p->name = "relays.delete";
    relay_fill(p, value_set_map(p->vm, "relay"), &p->relay);
    page_form(p, (struct form_plan){.action = page_relay_url(p, "relays.delete", p->relay.domain),
                                    .change = ACTION_RELAY_DELETE,
                                    .version = p->relay.version,
                                    .submit = N_("Delete relay domain"),
                                    .danger = true,
                                    .cancel = page_relay_url(p, "relays.show", p->relay.domain)});
    return OUT_OK;
}

/* --- recipients --- */

static void recipient_fill(struct page *p, struct value *v, const struct relay_recipient *r)
{
    record_relay_recipient(p->a, v, r);
    if (!page_permits(p, ACTION_RELAY_RECIPIENT_REMOVE, &p->on))
        return;
    struct value *remove = value_page_only(value_set_map(v, "remove"));
    value_set_url(remove, "url", page_relay_url(p, "relays.recipients.remove", p->relay.domain));
    value_set_text(remove, "label", page_say(p, "Remove"));
    value_set_text(remove, "name", "address");
    value_set_text(remove, "value", r->email);
}

static enum outcome recipients_fill(struct page *p)
{
    struct keyset k = page_keyset(p);
    struct keyset_ends ends;
    struct relay_recipient *rows;
    size_t n;
    const char *q = pairs_text(&p->request->query, "q");
    k.prefix = search_prefix(p, q);
    if (k.prefix != NULL)
        k.prefix = arena_memdup(p->a, k.prefix, strcspn(k.prefix, "@"));
    const char *url = page_relay_url(p, "relays.recipients", p->relay.domain);
    struct list_tail tail = {.url = url,
                             .label = N_("Address"),
                             .q = k.prefix != NULL ? q : NULL,
                             .keyset = &k,
                             .ends = &ends};
    sort_fill(p, url, list_query(p, &tail), &k);
    enum outcome o = relay_recipients(p->desk->store, p->a, p->relay.id, &k, &rows, &n, &ends);
    if (o != OUT_OK)
        return o;
    p->name = "relays.recipients";
    relay_fill(p, value_set_map(p->vm, "relay"), &p->relay);
    struct value *list = value_set_list(p->vm, "rows");
    for (size_t i = 0; i < n; i++)
        recipient_fill(p, value_add_map(list), &rows[i]);
    tail.first = n > 0 ? rows[0].user : NULL;
    tail.last = n > 0 ? rows[n - 1].user : NULL;
    tail.shown = n;
    tail.total = p->relay.listed;
    list_tail_fill(p, &tail);
    return OUT_OK;
}

enum outcome page_relay_recipients(struct page *p)
{
    if (page_permits(p, ACTION_RELAY_RECIPIENT_ADD, &p->on))
        page_form(
            p, (struct form_plan){.action = page_relay_url(p, "relays.recipients", p->relay.domain),
                                  .change = ACTION_RELAY_RECIPIENT_ADD,
                                  .entity = &paste_fresh,
                                  .submit = N_("Add addresses")});
    return recipients_fill(p);
}

/* Shown when what was to be removed is not there any more. */
enum outcome page_relay_recipient_remove(struct page *p)
{
    page_form(p, (struct form_plan){
                     .action = page_relay_url(p, "relays.recipients.remove", p->relay.domain),
                     .change = ACTION_RELAY_RECIPIENT_REMOVE,
                     .submit = N_("Remove address"),
                     .danger = true,
                     .cancel = page_relay_url(p, "relays.recipients", p->relay.domain)});
    return recipients_fill(p);
}

const char *after_relay_add(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r =
        page_say_of(p, "The relay domain %s was added.", domain_display(p->a, c->object_name));
    bool lists = strcmp(input_text(c->input, "recipients") != NULL
                            ? input_text(c->input, "recipients")
                            : "list",
                        "list") == 0;
    return page_relay_url(p, lists ? "relays.recipients" : "relays.show", c->object_name);
}

const char *after_relay_edit(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say(p, "The relay domain was saved.");
    return page_relay_url(p, "relays.show", c->object_name);
}

const char *after_relay_delete(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r =
        page_say_of(p, "The relay domain %s was deleted.", domain_display(p->a, c->object_name));
    return page_url(p, "relays.list");
}

const char *after_relay_recipient(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = c->action == ACTION_RELAY_RECIPIENT_ADD
                   ? lines_said(p, c->input, "addresses")
                   : page_say_of(p, "%s was removed.", input_text(c->input, "address"));
    return page_relay_url(p, "relays.recipients", p->relay.domain);
}
