/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "actions/task.h"
#include "store/relay.h"

static enum outcome name_taken(struct task *t, const char *field)
{
    bool hosted = store_errno(t->store) == SIGNAL_HOSTED;
    return refuse_at(t, OUT_CONFLICT, field, hosted ? TEXT_DOMAIN_HOSTED : TEXT_RELAY_TAKEN, NULL);
}

/* What may be set at any time. A transport that says the same is left as it is. */
static enum outcome read_input(struct task *t, struct relay *r)
{
    struct input *in = t->change->input;
    const char *hop = input_text(in, "next_hop"), *arg, *offer;
    if (input_has(in, "recipients"))
        r->recipients = input_text(in, "recipients");
    if (input_has(in, "description"))
        r->description = input_text(in, "description");
    if (hop == NULL || strcmp(hop, r->next_hop) == 0)
        return OUT_OK;
    enum text_key wrong = next_hop_parse(t->arena, hop, strlen(hop), &r->transport, &arg, &offer);
    r->next_hop = next_hop_of(r->transport);
    return wrong == TEXT_NONE ? OUT_OK : refuse_offer(t, "next_hop", wrong, arg, offer);
}

enum outcome relay_add(struct task *t)
{
    struct relay r = {.version = 1,
                      .domain = input_text(t->change->input, "domain"),
                      .description = "",
                      .recipients = "list",
                      .transport = "",
                      .next_hop = ""};
    if (r.domain == NULL)
        return refuse_at(t, OUT_WRONG, "domain", TEXT_REQUIRED, NULL);
    enum outcome o = read_input(t, &r);
    if (o == OUT_OK && (o = relay_insert(t->store, &r, &r.id)) == OUT_CONFLICT)
        return name_taken(t, "domain");
    line_about(t, &(struct object){.relay = &r}, ON_RELAY);
    line_differences(t, relay_fields, NULL, &r);
    t->change->object_version = r.version;
    return o;
}

enum outcome relay_edit(struct task *t)
{
    struct relay before = t->relay, after = before;
    if (input_has(t->change->input, "name"))
        after.domain = input_text(t->change->input, "name");
    bool renamed = strcmp(before.domain, after.domain) != 0;
    line_about(t, &(struct object){.relay = &after}, ON_RELAY);
    t->change->object_version = before.version;
    enum outcome o = read_input(t, &after);
    t->unchanged = !renamed && strcmp(before.recipients, after.recipients) == 0 &&
                   strcmp(before.transport, after.transport) == 0 &&
                   strcmp(before.description, after.description) == 0;
    if (o != OUT_OK || t->unchanged)
        return o;
    line_differences(t, relay_edit_fields, &before, &after);
    t->change->object_version = before.version + 1;
    o = relay_update(t->store, &before, &after);
    if (renamed && o == OUT_CONFLICT && store_errno(t->store) != 0)
        return name_taken(t, "name");
    return renamed && o == OUT_WRONG ? refuse_at(t, o, "name", TEXT_DOMAIN_ADDRESSES_LONG, NULL)
                                     : o;
}

enum outcome relay_remove(struct task *t)
{
    line_about(t, &t->now, ON_RELAY);
    line_differences(t, relay_fields, &t->relay, NULL);
    return relay_delete(t->store, t->relay.id, t->relay.version);
}

/* --- recipients --- */

static enum outcome judge(struct task *t, struct input_line *line)
{
    struct relay_recipient found;
    line->why = relay_recipient_parse(t->arena, line->typed, strlen(line->typed), t->relay.domain,
                                      &line->text, &line->why_arg);
    line->verdict = line->why == TEXT_NONE ? LINE_GOOD : LINE_WRONG;
    if (line->verdict == LINE_WRONG)
        return OUT_OK;
    enum outcome o = relay_recipient_find(t->store, t->arena, t->relay.id, line->text, &found);
    if (o == OUT_OK)
        line_is_there(line, TEXT_RELAY_RECIPIENT_THERE);
    return o == OUT_ABSENT ? OUT_OK : o;
}

static enum outcome insert(struct task *t, struct input_line *line)
{
    int64_t id;
    if (line->verdict != LINE_GOOD)
        return OUT_OK;
    enum outcome o = relay_recipient_insert(t->store, t->relay.id, line->text, &id);
    if (o == OUT_CONFLICT) { /* twice in what was pasted */
        line_is_there(line, TEXT_RELAY_RECIPIENT_THERE);
        return OUT_OK;
    }
    if (o != OUT_OK)
        return o;
    str_clear(&t->after);
    line_put(t, &t->after, "recipient",
             arena_printf(t->arena, "%s@%s", line->text, t->relay.domain));
    return line_write(t);
}

static enum outcome judge_all(struct task *t, struct input_line *lines, size_t n)
{
    enum outcome o = OUT_OK;
    for (size_t i = 0; o == OUT_OK && i < n; i++)
        if (line_is_readable(&lines[i]))
            o = judge(t, &lines[i]);
    return o;
}

enum outcome relay_recipients_add(struct task *t)
{
    line_about(t, &t->now, ON_RELAY);
    t->change->object_version = t->relay.version;
    t->unchanged = true; /* each has its own line */
    return lines_each(t, "addresses", judge_all, insert);
}

enum outcome relay_recipient_remove(struct task *t)
{
    const char *typed = input_text(t->change->input, "address"), *user, *arg;
    if (typed == NULL)
        return refuse_at(t, OUT_WRONG, "address", TEXT_REQUIRED, NULL);
    enum text_key wrong =
        relay_recipient_parse(t->arena, typed, strlen(typed), t->relay.domain, &user, &arg);
    if (wrong != TEXT_NONE)
        return refuse_at(t, OUT_WRONG, "address", wrong, arg);
    line_about(t, &t->now, ON_RELAY);
    line_put(t, &t->before, "recipient", arena_printf(t->arena, "%s@%s", user, t->relay.domain));
    t->change->object_version = t->relay.version;
    enum outcome o = relay_recipient_delete(t->store, t->relay.id, user);
    return o == OUT_CONFLICT ? refuse_at(t, o, "address", TEXT_RELAY_RECIPIENT_ABSENT, NULL) : o;
}
