/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many things pasted at once: all of them, or where the input says `good_only`, the good ones. */
#include <string.h>

#include "actions/task.h"

enum { NUMBERS_MOST = 100 };

void line_is_there(struct input_line *line, enum text_key why)
{
    line->verdict = LINE_THERE;
    line->why = why;
}

bool line_is_readable(const struct input_line *line)
{
    return strcmp(line->typed, "?") != 0;
}

static size_t count(const struct input_value *v, enum line_verdict verdict)
{
    size_t n = 0;
    for (size_t i = 0; i < v->lines_n; i++)
        n += v->lines[i].verdict == verdict;
    return n;
}

/* "2, 5, 9" */
static const char *wrong_numbers(struct arena *a, const struct input_value *v)
{
    struct str s;
    str_init(&s, a, 4 * NUMBERS_MOST);
    for (size_t i = 0; i < v->lines_n; i++) {
        if (v->lines[i].verdict != LINE_WRONG)
            continue;
        if (s.len > NUMBERS_MOST) {
            str_append(&s, " ...");
            break;
        }
        str_printf(&s, "%s%zu", s.len > 0 ? ", " : "", i + 1);
    }
    return s.data;
}

enum outcome lines_each(struct task *t, const char *field, lines_judge *judge, line_step *insert)
{
    struct input *in = t->change->input;
    struct input_value *v = input_at(in, field);
    enum outcome o = OUT_OK;
    if (v->lines_n == 0)
        return refuse_at(t, OUT_WRONG, field, TEXT_REQUIRED, NULL);
    if ((o = judge(t, v->lines, v->lines_n)) != OUT_OK)
        return o;
    size_t wrong = count(v, LINE_WRONG);
    if (wrong > 0 && (wrong == v->lines_n || !input_number(in, "good_only", 0)))
        return refuse_at(t, OUT_WRONG, field, TEXT_LINES_WRONG, wrong_numbers(t->arena, v));
    for (size_t i = 0; o == OUT_OK && i < v->lines_n; i++)
        o = insert(t, &v->lines[i]);
    return o;
}
