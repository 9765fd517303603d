/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailboy matrix --json: the tables of routes, actions and fields as data. */
#include "actions/object.h"
#include "actions/perform.h"
#include "cli/cli.h"
#include "pages/page.h"

struct bit {
    unsigned bit;
    const char *word;
};

static void words_set(struct value *v, const char *key, unsigned bits, const struct bit *words)
{
    struct value *list = value_set_list(v, key);
    for (; words->word != NULL; words++)
        if ((bits & words->bit) != 0)
            value_add_text(list, words->word);
}

static void roles_set(struct value *v, const char *key, unsigned bits)
{
    static const struct bit words[] = {{ANYBODY, "anybody"},
                                       {SIGNED_IN, "signed_in"},
                                       {OWNER, "owner"},
                                       {DOMAIN_ADMIN, "domain"},
                                       {SERVER_ADMIN, "server"},
                                       {SUPER_ADMIN, "super"},
                                       {CONSOLE, "console"},
                                       {OPENED_LIST, "opened_list"},
                                       {OPENED_ADD, "opened_add"},
                                       {OPENED_EDIT, "opened_edit"},
                                       {OPENED_DELETE, "opened_delete"},
                                       {INVITED, "invited"},
                                       {0, NULL}};
    words_set(v, key, bits, words);
}

/* Limits as JSON sends them: of a size in bytes, of a decimal whole. */
static void limits_set(struct value *v, const struct field *f)
{
    int64_t unit = f->type == FIELD_SIZE ? 1024 : 1;
    int64_t part = f->type == FIELD_DECIMAL ? 1000 : 1;
    value_set_int(v, "min", f->min * unit / part);
    if (f->max > 0)
        value_set_int(v, "max", f->max * unit / part);
}

static void field_print(struct value *v, const struct field *f)
{
    static const char *const types[] = {
        [FIELD_TEXT] = "text",         [FIELD_INT] = "int",
        [FIELD_BOOL] = "bool",         [FIELD_SIZE] = "size",
        [FIELD_PASSWORD] = "password", [FIELD_ADDRESS] = "address",
        [FIELD_DOMAIN] = "domain",     [FIELD_LOCAL_PART] = "local_part",
        [FIELD_CHOICE] = "choice",     [FIELD_COLOR] = "color",
        [FIELD_LINKS] = "links",       [FIELD_DECIMAL] = "decimal",
        [FIELD_LINES] = "lines",       [FIELD_DESTINATIONS] = "destinations",
    };
    static const struct bit whens[] = {{ON_CREATE, "create"}, {ON_EDIT, "edit"}, {0, NULL}};
    value_set_text(v, "name", f->name);
    value_set_text(v, "type", types[f->type]);
    limits_set(v, f);
    value_set_bool(v, "required", f->required);
    value_set_bool(v, "nullable", f->nullable);
    value_set_bool(v, "stored", f->column != NULL);
    words_set(v, "when", f->when, whens);
    roles_set(v, "edit", f->edit);
    struct value *options = f->options_n > 0 ? value_set_list(v, "options") : NULL;
    for (size_t i = 0; i < f->options_n; i++)
        value_add_text(options, f->options[i].value);
}

static void fields_print(struct value *v, const struct field *f)
{
    struct value *list = value_set_list(v, "fields");
    for (; f != NULL && f->name != NULL; f++)
        field_print(value_add_map(list), f);
}

static void action_print(struct value *v, enum action_id id)
{
    static const struct bit flags[] = {{TOUCHES_ACCOUNT, "touches_account"},
                                       {TOUCHES_DOMAIN, "touches_domain"},
                                       {CONFIRMS, "confirms"},
                                       {READS, "reads"},
                                       {CREATES, "creates"},
                                       {VERSIONED, "versioned"},
                                       {FILLS_DOMAIN, "fills_domain"},
                                       {LEADS_MAIL, "leads_mail"},
                                       {0, NULL}};
    const struct action *action = &actions[id];
    roles_set(v, "roles", action->roles);
    value_set_text(v, "on", object_rows[action->on].word);
    words_set(v, "flags", action->flags, flags);
    if ((action->flags & READS) != 0)
        return;
    value_set_bool(v, "version", action_is_about_version(id));
    value_set_bool(v, "generate", action_sets_password(id));
    fields_print(v, action->fields);
}

static void route_print(struct value *v, const struct route *r)
{
    value_set_text(v, "name", r->name);
    value_set_text(v, "pattern", r->pattern);
    value_set_text(v, "see", r->see != ACTION_COUNT ? actions[r->see].name : NULL);
    value_set_text(v, "change", r->change != ACTION_COUNT ? actions[r->change].name : NULL);
    bool posts = handlers[r - routes].post != NULL;
    value_set_bool(v, "posts", posts);
    if (posts && r->change == ACTION_COUNT) /* the log-in alone */
        fields_print(v, login_fields);
}

int tables_print(struct shell *sh)
{
    struct value *v = value_map(sh->arena), *list = value_set_list(v, "routes");
    for (const struct route *r = routes; r->name != NULL; r++)
        route_print(value_add_map(list), r);
    struct value *map = value_set_map(v, "actions");
    for (int id = 0; id < ACTION_COUNT; id++)
        action_print(value_set_map(map, actions[id].name), (enum action_id)id);
    shell_print(sh, v);
    return EXIT_DONE;
}
