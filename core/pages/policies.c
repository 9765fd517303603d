/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of spam policies: policies.list, .form, .show, .delete. */
#include <stdlib.h>
#include <string.h>

#include "pages/page.h"
#include "store/policy.h"

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
    input_apply(in, policy);
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
    const char *url = page_policy_url(p, "policies.edit", p->policy.id);
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
                                    .cancel = page_policy_url(p, "policies.show", p->policy.id)});
    return OUT_OK;
}

/* The settings of which any of the policies speaks; theirs alone that the reader may know. */
static void settings_fill(struct page *p, const struct policy *policy, const struct policy *other)
{
    struct value *list = value_set_list(p->vm, "settings");
    const char *group = NULL;
    for (const struct field *f = policy_fields; f->name != NULL; f++) {
        group = f->group != NULL ? f->group : group;
        bool told = field_is_set(f, policy) || (other != NULL && field_is_set(f, other));
        if (!f->nullable || !told || (policy_field_is_ours(f) && !reader_is_server_admin(p)))
            continue;
        struct value *v = policy_setting_add(p, list, f, &group);
        const char *words = policy_setting_words(p, f, policy),
                   *others = other != NULL ? policy_setting_words(p, f, other) : NULL;
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
    const char *url = page_policy_url(p, "policies.show", p->policy.id);
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
        value_set_url(p->vm, key, page_policy_url(p, route, p->policy.id));
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
    for (size_t i = 0; i < n && reader_is_server_admin(p); i++)
        value_add_text(list, strchr(names[i], '@') != NULL ? address_display(p->a, names[i])
                                                           : domain_display(p->a, names[i]));
    page_form(p, (struct form_plan){.action = page_policy_url(p, "policies.delete", p->policy.id),
                                    .change = ACTION_POLICY_DELETE,
                                    .version = p->policy.version,
                                    .submit = N_("Delete policy"),
                                    .danger = true,
                                    .cancel = page_policy_url(p, "policies.show", p->policy.id)});
    return OUT_OK;
}

/* --- afterwards --- */

const char *after_policy_save(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(
        p, c->action == ACTION_POLICY_ADD ? N_("The policy %s was added.") : N_("%s was saved."),
        c->object_name);
    return page_policy_url(p, "policies.show", c->object_id);
}

const char *after_policy_delete(struct page *p, const struct change *c, const char **flash_r)
{
    *flash_r = page_say_of(p, N_("The policy %s was deleted."), c->object_name);
    return page_url(p, "policies.list");
}
