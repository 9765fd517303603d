/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <string.h>

#include "actions/task.h"
#include "store/access.h"

static void line_about_entry(struct task *t, const struct access_entry *e)
{
    line_about(t, &(struct object){.access = e}, ON_ACCESS);
}

/* The entry that was typed, or the box for mail without a sender. */
static enum outcome read_pattern(struct task *t, struct access_entry *e, struct access_pattern *p)
{
    struct input *in = t->change->input;
    const char *typed = input_text(in, "entry"), *arg, *offer;
    bool ticked = input_number(in, "null_sender", 0) != 0;
    bool empty = typed == NULL || typed[0] == '\0' || (ticked && strcmp(typed, "<>") == 0);
    *p = (struct access_pattern){.text = "<>", .form = IS_NULL};
    e->pattern = p->text;
    if (ticked && e->kind == ACCESS_CLIENT)
        return refuse_at(t, OUT_WRONG, "null_sender", TEXT_ACCESS_NULL_CLIENT, NULL);
    if (ticked)
        return empty ? OUT_OK : refuse_at(t, OUT_WRONG, "null_sender", TEXT_ACCESS_NULL_BOTH, NULL);
    enum text_key wrong = access_parse(t->arena, (enum access_kind)e->kind, empty ? "" : typed,
                                       empty ? 0 : strlen(typed), p, &arg, &offer);
    e->pattern = p->text;
    return wrong == TEXT_NONE ? OUT_OK : refuse_offer(t, "entry", wrong, arg, offer);
}

static enum outcome read_state(struct task *t, struct access_entry *e)
{
    struct input *in = t->change->input;
    if (input_has(in, "state"))
        e->word = input_text(in, "state");
    if (input_has(in, "text"))
        e->text = input_text(in, "text");
    if (input_has(in, "comment"))
        e->comment = input_text(in, "comment");
    enum text_key wrong = access_join(t->arena, e);
    return wrong == TEXT_NONE ? OUT_OK : refuse_at(t, OUT_WRONG, "text", wrong, NULL);
}

/* What stands there already may say the same or something else. */
static enum outcome taken(struct task *t, const struct access_entry *e)
{
    struct access_entry found;
    enum outcome o = access_find(t->store, t->arena, (enum access_kind)e->kind, e->pattern, &found);
    const char *field = strcmp(e->pattern, "<>") == 0 ? "null_sender" : "entry";
    return o == OUT_OK ? refuse_at(t, OUT_CONFLICT, field, TEXT_ACCESS_TAKEN, found.state)
                       : refuse_at(t, OUT_CONFLICT, field, TEXT_ACCESS_THERE, NULL);
}

enum outcome access_add(struct task *t)
{
    const char *kind = input_text(t->change->input, "kind");
    struct access_entry e = {.version = 1,
                             .kind = kind != NULL ? access_kind_of(kind) : ACCESS_CLIENT,
                             .word = "",
                             .text = "",
                             .comment = ""};
    struct access_pattern p;
    enum outcome o = read_pattern(t, &e, &p);
    if (o == OUT_OK)
        o = read_state(t, &e);
    if (o != OUT_OK)
        return o;
    bool by_ends = p.form == IS_NETWORK;
    o = access_insert(t->store, &e, by_ends ? &p.network : NULL, &e.id);
    if (o == OUT_CONFLICT)
        return taken(t, &e);
    access_split(t->arena, &e);
    line_about_entry(t, &e);
    line_differences(t, access_fields, NULL, &e);
    t->change->object_version = e.version;
    return o;
}

enum outcome access_edit(struct task *t)
{
    struct access_entry before = t->access, after = before;
    line_about_entry(t, &before);
    t->change->object_version = before.version;
    enum outcome o = read_state(t, &after);
    t->unchanged = strcmp(before.state, after.state) == 0 &&
                   strcmp(before.comment, after.comment) == 0;
    if (o != OUT_OK || t->unchanged)
        return o;
    access_split(t->arena, &after);
    line_differences(t, access_fields, &before, &after);
    t->change->object_version = before.version + 1;
    return access_update(t->store, &before, &after);
}

enum outcome access_remove(struct task *t)
{
    line_about_entry(t, &t->access);
    line_differences(t, access_fields, &t->access, NULL);
    return access_delete(t->store, &t->access);
}

/* --- many at once --- */

/* Up to the next blank; *at is behind it. */
static const char *word(struct arena *a, const char **at)
{
    size_t n = strcspn(*at, " \t");
    const char *w = arena_memdup(a, *at, n);
    *at += n;
    *at += strspn(*at, " \t");
    return w;
}

static const char *upper(struct arena *a, const char *text)
{
    char *copy = arena_strdup(a, text);
    for (char *c = copy; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

/* A state of the list that this actor may choose. */
static bool is_state(const struct task *t, const char *state)
{
    const struct field *f = access_fields;
    while (strcmp(f->name, "state") != 0)
        f++;
    size_t n = field_options(f, actor_roles(t->who, NULL));
    for (size_t i = 0; i < n; i++)
        if (strcmp(f->options[i].value, state) == 0)
            return true;
    return false;
}

/* "STATE text", as access(5) has it; nothing: what the form says. */
static enum text_key read_line_state(struct task *t, const char *at, struct access_entry *e,
                                     const char **arg_r)
{
    const char *whole = at;
    const char *state = input_text(t->change->input, "state");
    e->word = state != NULL && state[0] != '\0' ? state : "REJECT";
    e->text = "";
    if (*at != '\0') {
        e->word = upper(t->arena, word(t->arena, &at));
        e->text = at;
        if (isdigit((unsigned char)e->word[0])) {
            e->word = "CODE";
            e->text = whole;
        }
    }
    bool texts = (actor_roles(t->who, NULL) & SERVER_ADMIN) != 0;
    *arg_r = e->word;
    return is_state(t, e->word) && (texts || e->text[0] == '\0') ? access_join(t->arena, e)
                                                                 : TEXT_ACCESS_LINE_STATE;
}

/* ENTRY [STATE [TEXT]] [# COMMENT] */
static enum text_key read_line(struct task *t, struct input_line *line, struct access_entry *e,
                               struct access_pattern *p)
{
    const char *kind = input_text(t->change->input, "kind"), *at = line->typed;
    const char *hash = strchr(at, '#');
    *e = (struct access_entry){.version = 1, .comment = ""};
    e->kind = kind != NULL ? access_kind_of(kind) : ACCESS_CLIENT;
    if (hash != NULL && hash > at && hash[-1] == ' ') {
        size_t n = (size_t)(hash - at);
        e->comment = hash + 1 + strspn(hash + 1, " ");
        while (n > 0 && at[n - 1] == ' ')
            n--;
        at = arena_memdup(t->arena, at, n);
    }
    const char *entry = word(t->arena, &at);
    enum text_key wrong = access_parse(t->arena, (enum access_kind)e->kind, entry, strlen(entry), p,
                                       &line->why_arg, &line->offer);
    if (wrong != TEXT_NONE)
        return wrong;
    line->text = e->pattern = p->text;
    return read_line_state(t, at, e, &line->why_arg);
}

/* A line that can be read: what it says, and the wider entries there may be. */
struct judged {
    struct access_entry entry;
    const char **wider;
    size_t wider_n;
};

/* The patterns that the database has to be asked for. */
struct asked {
    const char **at;
    size_t n, size;
};

static void asked_add(struct arena *a, struct asked *asked, const char *const *patterns, size_t n)
{
    if (asked->n + n > asked->size) {
        const char **more = arena_array(a, asked->size = 2 * (asked->n + n), sizeof *more);
        memcpy(more, asked->n > 0 ? (const void *)asked->at : patterns, asked->n * sizeof *more);
        asked->at = more;
    }
    memcpy(asked->at + asked->n, patterns, n * sizeof *patterns);
    asked->n += n;
}

static void read_judged(struct task *t, struct input_line *line, struct judged *j,
                        struct asked *asked)
{
    struct access_pattern p;
    const char *wider[ACCESS_WIDER_MOST];
    line->offer = line->why_arg = NULL;
    line->why = read_line(t, line, &j->entry, &p);
    line->verdict = line->why == TEXT_NONE ? LINE_GOOD : LINE_WRONG;
    if (line->verdict == LINE_WRONG)
        return;
    j->wider_n = access_wider(t->arena, &p, wider, ACCESS_WIDER_MOST);
    j->wider = arena_array(t->arena, j->wider_n > 0 ? j->wider_n : 1, sizeof *j->wider);
    memcpy(j->wider, wider, j->wider_n * sizeof *wider);
    asked_add(t->arena, asked, &j->entry.pattern, 1);
    asked_add(t->arena, asked, wider, j->wider_n);
}

/* Is it there already? If not it is good, but what is wider is worth knowing. */
static void judge(struct task *t, struct input_line *line, const struct judged *j,
                  const struct access_entry *rows, size_t n)
{
    const struct access_entry *found = access_named(rows, n, j->entry.pattern);
    if (found != NULL && strcmp(found->state, j->entry.state) == 0) {
        line_is_there(line, TEXT_ACCESS_THERE);
    } else if (found != NULL) {
        line->verdict = LINE_WRONG;
        line->why = TEXT_ACCESS_TAKEN;
        line->why_arg = found->state;
    }
    for (size_t i = 0; found == NULL && i < j->wider_n; i++) {
        if ((found = access_named(rows, n, j->wider[i])) == NULL)
            continue;
        line->why = TEXT_ACCESS_WITHIN;
        line->why_arg = arena_printf(t->arena, "%s %s", found->pattern, found->state);
    }
}

static enum outcome judge_all(struct task *t, struct input_line *lines, size_t lines_n)
{
    const char *kind = input_text(t->change->input, "kind");
    struct judged *judged = arena_array(t->arena, lines_n, sizeof *judged);
    struct asked asked = {0};
    struct access_entry *rows;
    size_t n;
    for (size_t i = 0; i < lines_n; i++)
        if (line_is_readable(&lines[i]))
            read_judged(t, &lines[i], &judged[i], &asked);
    enum outcome o = access_find_all(t->store, t->arena,
                                     kind != NULL ? access_kind_of(kind) : ACCESS_CLIENT, asked.at,
                                     asked.n, &rows, &n);
    for (size_t i = 0; o == OUT_OK && i < lines_n; i++)
        if (line_is_readable(&lines[i]) && lines[i].verdict == LINE_GOOD)
            judge(t, &lines[i], &judged[i], rows, n);
    return o;
}

static enum outcome insert(struct task *t, struct input_line *line)
{
    struct access_entry e;
    struct access_pattern p;
    const char *arg = line->why_arg;
    if (line->verdict != LINE_GOOD || read_line(t, line, &e, &p) != TEXT_NONE)
        return OUT_OK;
    line->why_arg = arg;
    enum outcome o = access_insert(t->store, &e, p.form == IS_NETWORK ? &p.network : NULL, &e.id);
    if (o == OUT_CONFLICT) { /* twice in what was pasted */
        line_is_there(line, TEXT_ACCESS_THERE);
        return OUT_OK;
    }
    if (o != OUT_OK)
        return o;
    access_split(t->arena, &e);
    line_about_entry(t, &e);
    str_clear(&t->after);
    line_differences(t, access_fields, NULL, &e);
    t->change->object_version = e.version;
    return line_write(t);
}

enum outcome access_paste(struct task *t)
{
    line_about_site(t, "");
    t->unchanged = true; /* each has its own line */
    t->change->object_version = 1;
    return lines_each(t, "lines", judge_all, insert);
}
