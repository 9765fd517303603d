/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which policy counts: the page policies.choose, for a domain, a mailbox and oneself, and what is in force. */
#include <string.h>

#include "model/decimal.h"
#include "model/policy.h"
#include "pages/page.h"
#include "store/policy.h"

struct choice {
    int64_t policy;
};

/* The field with the policies that may be chosen. */
static void choice_field(struct page *p, struct field *f, const struct policy *rows, size_t n,
                         const char *none)
{
    struct field_option *options = arena_array(p->a, n + 1, sizeof *options);
    options[0] = (struct field_option){"", none};
    for (size_t i = 0; i < n; i++)
        options[i + 1] =
            (struct field_option){arena_printf(p->a, "%lld", (long long)rows[i].id), rows[i].name};
    *f = policy_choice_fields[0];
    f->words = page_text(p, f->label);
    f->help = page_text(p, f->hint);
    f->options = options;
    f->options_n = n + 1;
}

enum outcome policy_choice_field(struct page *p, struct field *field_r)
{
    struct policy *rows;
    size_t n;
    bool all = page_permits(p, ACTION_POLICY_LIST, NULL);
    enum outcome o = policy_choices(p->desk->store, p->a, all, 0, &rows, &n);
    if (o == OUT_OK)
        choice_field(p, field_r, rows, n, page_say(p, N_("As the domain has it")));
    return o;
}

static void choices_fill(struct page *p, const struct policy *rows, size_t n, int64_t now)
{
    struct value *list = value_set_list(p->vm, "choices");
    for (size_t i = 0; i < n; i++) {
        struct value *v = value_add_map(list);
        value_set_int(v, "id", rows[i].id);
        value_set_text(v, "name", rows[i].name);
        value_set_text(v, "description",
                       rows[i].description[0] != '\0' ? rows[i].description : NULL);
        record_summary(p->a, p->locale, value_set_list(v, "summary"), &rows[i]);
        value_set_bool(v, "chosen", rows[i].id == now);
    }
}

static const char *layer_word(int64_t layer)
{
    return layer == LAYER_OWN ? "own" : layer == LAYER_DOMAIN ? "domain" : "server";
}

/* What is in force, setting by setting, and whose word it is. */
static void force_fill(struct page *p, const struct policy *layers, size_t n)
{
    struct policy read[POLICY_LAYERS];
    struct value *list = value_set_list(p->vm, "settings");
    const char *group = NULL;
    memcpy(read, layers, n * sizeof *read);
    policies_as_read(read, n);
    for (const struct field *f = policy_fields; f->name != NULL; f++) {
        group = f->group != NULL ? f->group : group;
        const struct policy *source = policy_source(read, n, f);
        if (!f->nullable || source == NULL ||
            (policy_field_is_ours(f) && !reader_is_server_admin(p)))
            continue;
        struct value *v = policy_setting_add(p, list, f, &group);
        value_set_text(v, "value", policy_setting_words(p, f, source));
        value_set_bool(v, "differs", false);
        value_set_text(v, "source", layer_word(source->layer));
        value_set_text(v, "from", source->name);
        int64_t low;
        enum text_key note = policy_level_note(read, n, f, &low);
        if (note != TEXT_NONE)
            value_set_text(v, "note", page_format(p, note, decimal_text(p->a, low)));
    }
}

enum outcome policy_in_force_fill(struct page *p)
{
    struct store *store = p->desk->store;
    struct policy *layers;
    size_t n;
    enum outcome o = p->on.mailbox != NULL
                         ? policy_layers_of_mailbox(store, p->a, p->on.mailbox->id, &layers, &n)
                         : policy_layers_of_domain(store, p->a, p->on.domain->id, &layers, &n);
    if (o != OUT_OK || n == 0)
        return o;
    struct value *v = value_set_map(p->vm, "in_force");
    value_set_text(v, "name", layers[0].name);
    value_set_text(v, "source", layer_word(layers[0].layer));
    return OUT_OK;
}

struct choosing {
    enum action_id change;
    const char *url, *cancel, *none;
    int64_t now;
    const struct policy *layers;
    size_t layers_n;
};

static enum outcome choose_fill(struct page *p, const struct choosing *c)
{
    struct policy *rows;
    size_t n;
    struct choice *entity = ARENA_NEW(p->a, struct choice);
    bool all = page_permits(p, ACTION_POLICY_LIST, NULL);
    enum outcome o = policy_choices(p->desk->store, p->a, all, c->now, &rows, &n);
    if (o != OUT_OK)
        return o;
    entity->policy = c->now != 0 ? c->now : FIELD_UNSET;
    p->name = "policies.choose";
    choices_fill(p, rows, n, c->now);
    force_fill(p, c->layers, c->layers_n);
    struct field *fields = arena_array(p->a, 2, sizeof *fields);
    choice_field(p, &fields[0], rows, n, page_say(p, c->none));
    fields[0].offset = offsetof(struct choice, policy);
    p->fields = fields;
    page_form(p, (struct form_plan){.action = c->url,
                                    .change = c->change,
                                    .entity = entity,
                                    .submit = N_("Save"),
                                    .cancel = c->cancel});
    return OUT_OK;
}

static enum outcome choose_for_mailbox(struct page *p, const struct mailbox *m, struct choosing c)
{
    struct policy *layers;
    c.none = N_("As the domain has it");
    enum outcome o = policy_of_mailbox(p->desk->store, m->id, &c.now);
    if (o == OUT_OK)
        o = policy_layers_of_mailbox(p->desk->store, p->a, m->id, &layers, &c.layers_n);
    if (o != OUT_OK)
        return o;
    c.layers = layers;
    mailbox_fill(p, value_set_map(p->vm, "mailbox"), m, NULL);
    return choose_fill(p, &c);
}

enum outcome page_mailbox_policy(struct page *p)
{
    const char *domain = p->mailbox.domain, *name = p->mailbox.local_part;
    return choose_for_mailbox(
        p, &p->mailbox,
        (struct choosing){.change = ACTION_MAILBOX_POLICY,
                          .url = page_mailbox_url(p, "mailboxes.spam", domain, name),
                          .cancel = page_mailbox_url(p, "mailboxes.show", domain, name)});
}

enum outcome page_me_policy(struct page *p)
{
    return choose_for_mailbox(p, &p->session->account,
                              (struct choosing){.change = ACTION_POLICY_CHOOSE,
                                                .url = page_url(p, "me.spam"),
                                                .cancel = page_url(p, "me.show")});
}

enum outcome page_domain_policy(struct page *p)
{
    struct policy *layers;
    struct choosing c = {.change = ACTION_DOMAIN_POLICY,
                         .url = page_domain_url(p, "domains.policy", p->domain.name),
                         .cancel = page_domain_url(p, "domains.show", p->domain.name),
                         .none = N_("As the server has it")};
    enum outcome o = policy_of_domain(p->desk->store, p->domain.id, &c.now);
    if (o == OUT_OK)
        o = policy_layers_of_domain(p->desk->store, p->a, p->domain.id, &layers, &c.layers_n);
    if (o != OUT_OK)
        return o;
    c.layers = layers;
    domain_fill(p, value_set_map(p->vm, "domain"), &p->domain);
    return choose_fill(p, &c);
}

/* Back to where what is in force now is seen. */
const char *after_policy_choice(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say(p, N_("The choice was saved. It counts for the next message."));
    if (c->action == ACTION_DOMAIN_POLICY)
        return page_domain_url(p, "domains.policy", p->domain.name);
    return c->action == ACTION_MAILBOX_POLICY
               ? page_mailbox_url(p, "mailboxes.spam", p->mailbox.domain, p->mailbox.local_part)
               : page_url(p, "me.spam");
}
