/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of spam policies: policies.list, .form, .show, .delete; and policies.choose, for a domain,
 * a mailbox and oneself. */
#include <stdlib.h>
#include <string.h>

#include "pages/page.h"
#include "store/policy.h"

static bool is_server_admin(const struct page *p)
{
    return (actor_roles(&p->actor, NULL) & SERVER_ADMIN) != 0;
}

static const char *policy_url(struct page *p, const char *route, int64_t id)
{
    const char *number = arena_printf(p->a, "%lld", (long long)id);
    return route_url_of(p->a, p->desk->place.prefix, route,
                        &(struct route_match){.policy = number});
}

/* A setting in words; NULL: not set. */
static const char *setting_words(struct page *p, const struct field *f, const struct policy *policy)
{
    if (!field_is_set(f, policy))
        return NULL;
    const char *text = field_edit_text(p->a, f, policy);
    if (f->type == FIELD_BOOL)
        return page_say(p, strcmp(text, "0") == 0 ? N_("No") : N_("Yes"));
    if (f->type == FIELD_SIZE && strcmp(text, "0") == 0)
        return page_text(p, TEXT_NO_LIMIT);
    return f->type == FIELD_TEXT && strcmp(text, "-") == 0 ? page_say(p, N_("none")) : text;
}

void policy_fill(struct page *p, struct value *v, const struct policy *policy)
{
    record_policy(p->a, p->locale, v, policy, is_server_admin(p));
    value_set_url(v, "url", policy_url(p, "policies.show", policy->id));
}

enum outcome page_policies(struct page *p)
{
    struct keyset k = page_keyset(p);
    struct keyset_ends ends;
    struct policy *rows;
    size_t n;
    int64_t total = 0;
    const char *q = pairs_text(&p->request->query, "q"), *url = page_url(p, "policies.list");
    k.prefix = search_prefix(p, q);
    struct list_tail tail = {.url = url,
                             .label = N_("Policy"),
                             .q = k.prefix != NULL ? q : NULL,
                             .keyset = &k,
                             .ends = &ends};
    sort_fill(p, url, list_query(p, &tail), &k);
    enum outcome o = policy_list(p->desk->store, p->a, &k, &rows, &n, &ends);
    if (o == OUT_OK)
        o = policy_count(p->desk->store, &total);
    if (o != OUT_OK)
        return o;
    p->name = "policies.list";
    struct value *list = value_set_list(p->vm, "rows");
    for (size_t i = 0; i < n; i++)
        policy_fill(p, value_add_map(list), &rows[i]);
    tail.first = n > 0 ? rows[0].name : NULL;
    tail.last = n > 0 ? rows[n - 1].name : NULL;
    tail.shown = n;
    tail.total = total;
    list_tail_fill(p, &tail);
    if (n > 0)
        bulk_fill(p, "policies");
    if (page_permits(p, ACTION_POLICY_ADD, NULL))
        value_set_url(p->vm, "add", page_url(p, "policies.new"));
    return OUT_OK;
}

/* --- one policy --- */

static const struct policy_preset *asked_preset(struct page *p)
{
    const char *key = pairs_text(&p->request->query, "preset");
    return key != NULL ? policy_preset_find(key) : NULL;
}

static void presets_fill(struct page *p, const char *url)
{
    const struct policy_preset *asked = asked_preset(p);
    struct value *list = value_page_only(value_set_list(p->vm, "presets"));
    for (size_t i = 0; i < POLICY_PRESETS; i++) {
        const struct policy_preset *preset = &policy_presets[i];
        struct value *v = value_add_map(list);
        value_set_text(v, "label", page_say(p, preset->label));
        value_set_text(v, "text", page_say(p, preset->text));
        value_set_url(v, "url", url_with(p->a, url, "preset", preset->key));
        value_set_bool(v, "current", preset == asked);
    }
}

/* What the form starts from. */
static void start_from_preset(struct page *p, struct policy *policy, bool made)
{
    const struct policy_preset *preset = asked_preset(p);
    int64_t offered = policy->offered;
    if (preset == NULL)
        return;
    struct input *in = input_create(p->a, policy_fields);
    policy_preset_apply(p->a, preset, in);
    fields_apply(in, policy);
    if (!made)
        policy->offered = offered;
}

enum outcome page_policy_new(struct page *p)
{
    struct policy *fresh = ARENA_NEW(p->a, struct policy);
    policy_init(fresh);
    start_from_preset(p, fresh, true);
    p->name = "policies.form";
    presets_fill(p, page_url(p, "policies.new"));
    page_form(p, (struct form_plan){.action = page_url(p, "policies.new"),
                                    .change = ACTION_POLICY_ADD,
                                    .entity = fresh,
                                    .submit = N_("Add policy"),
                                    .cancel = page_url(p, "policies.list")});
    return OUT_OK;
}

enum outcome page_policy_edit(struct page *p)
{
    const char *url = policy_url(p, "policies.edit", p->policy.id);
    struct policy *start = ARENA_NEW(p->a, struct policy);
    *start = p->policy;
    start_from_preset(p, start, false);
    p->name = "policies.form";
    policy_fill(p, value_set_map(p->vm, "policy"), &p->policy);
    presets_fill(p, url);
    page_form(p, (struct form_plan){.action = url,
                                    .change = ACTION_POLICY_EDIT,
                                    .entity = start,
                                    .version = p->version > 0 ? p->version : p->policy.version,
                                    .submit = N_("Save"),
                                    .cancel = policy_url(p, "policies.show", p->policy.id)});
    return OUT_OK;
}

static struct value *setting_add(struct page *p, struct value *list, const struct field *f,
                                 const char **group)
{
    struct value *v = value_add_map(list);
    value_set_text(v, "field", f->name);
    value_page_only(value_set_text(v, "label", page_text(p, f->label)));
    if (*group != NULL)
        value_page_only(value_set_text(v, "group", page_say(p, *group)));
    *group = NULL;
    return v;
}

/* The settings of which any of the policies speaks; theirs alone that the reader may know. */
static void settings_fill(struct page *p, const struct policy *policy, const struct policy *other)
{
    struct value *list = value_set_list(p->vm, "settings");
    const char *group = NULL;
    for (const struct field *f = policy_fields; f->name != NULL; f++) {
        group = f->group != NULL ? f->group : group;
        bool told = field_is_set(f, policy) || (other != NULL && field_is_set(f, other));
        if (!f->nullable || !told || (policy_field_is_ours(f) && !is_server_admin(p)))
            continue;
        struct value *v = setting_add(p, list, f, &group);
        const char *words = setting_words(p, f, policy),
                   *others = other != NULL ? setting_words(p, f, other) : NULL;
        value_set_text(v, "value", words);
        value_set_text(v, "other", others);
        value_set_bool(v, "differs",
                       other != NULL &&
                           (words == NULL || others == NULL || strcmp(words, others) != 0));
    }
}

/* Links to hold it against another. */
static enum outcome compare_fill(struct page *p)
{
    struct policy *rows;
    size_t n;
    enum outcome o = policy_choices(p->desk->store, p->a, true, 0, &rows, &n);
    struct value *list = value_page_only(value_set_list(p->vm, "compare"));
    const char *url = policy_url(p, "policies.show", p->policy.id);
    for (size_t i = 0; o == OUT_OK && i < n; i++) {
        if (rows[i].id == p->policy.id)
            continue;
        struct value *v = value_add_map(list);
        value_set_text(v, "label", rows[i].name);
        value_set_url(
            v, "url",
            url_with(p->a, url, "with", arena_printf(p->a, "%lld", (long long)rows[i].id)));
    }
    return o;
}

static enum outcome other_fill(struct page *p, struct policy *other, bool *there_r)
{
    const char *with = pairs_text(&p->request->query, "with");
    *there_r = with != NULL;
    if (with == NULL)
        return OUT_OK;
    enum outcome o = policy_by_id(p->desk->store, p->a, strtoll(with, NULL, 10), other);
    if (o == OUT_OK)
        policy_fill(p, value_set_map(p->vm, "other"), other);
    return o;
}

static void link_if(struct page *p, const char *key, enum action_id what, const char *route)
{
    if (page_permits(p, what, &p->on))
        value_set_url(p->vm, key, policy_url(p, route, p->policy.id));
}

enum outcome page_policy(struct page *p)
{
    struct policy other;
    bool compared;
    p->name = "policies.show";
    policy_fill(p, value_set_map(p->vm, "policy"), &p->policy);
    enum outcome o = other_fill(p, &other, &compared);
    if (o != OUT_OK)
        return o;
    settings_fill(p, &p->policy, compared ? &other : NULL);
    link_if(p, "edit", ACTION_POLICY_EDIT, "policies.edit");
    link_if(p, "delete", ACTION_POLICY_DELETE, "policies.delete");
    return compare_fill(p);
}

enum outcome page_policy_delete(struct page *p)
{
    const char **names = NULL;
    size_t n = 0;
    enum outcome o = policy_users(p->desk->store, p->a, p->policy.id, &names, &n);
    if (o != OUT_OK)
        return o;
    p->name = "policies.delete";
    policy_fill(p, value_set_map(p->vm, "policy"), &p->policy);
    struct value *list = value_set_list(p->vm, "used");
    for (size_t i = 0; i < n && is_server_admin(p); i++)
        value_add_text(list, strchr(names[i], '@') != NULL ? address_display(p->a, names[i])
                                                           : domain_display(p->a, names[i]));
    page_form(p, (struct form_plan){.action = policy_url(p, "policies.delete", p->policy.id),
                                    .change = ACTION_POLICY_DELETE,
                                    .version = p->policy.version,
                                    .submit = N_("Delete policy"),
                                    .danger = true,
                                    .cancel = policy_url(p, "policies.show", p->policy.id)});
    return OUT_OK;
}

/* --- who chooses which --- */

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
        if (!f->nullable || source == NULL || (policy_field_is_ours(f) && !is_server_admin(p)))
            continue;
        struct value *v = setting_add(p, list, f, &group);
        value_set_text(v, "value", setting_words(p, f, source));
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

/* --- afterwards --- */

const char *after_policy_save(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(
        p, c->action == ACTION_POLICY_ADD ? N_("The policy %s was added.") : N_("%s was saved."),
        c->object_name);
    return policy_url(p, "policies.show", c->object_id);
}

const char *after_policy_delete(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, N_("The policy %s was deleted."), c->object_name);
    return page_url(p, "policies.list");
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
