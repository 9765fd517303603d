/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many things pasted at once: what became of each line. */
#include "pages/page.h"

static const char *const verdicts[] = {
    [LINE_GOOD] = "good", [LINE_THERE] = "there", [LINE_WRONG] = "wrong"};

/* Of very many a page shows those that there is something to say about; JSON tells them all. */
enum { SHOWN_MOST = 500 };

static bool is_told(const struct page *p, const struct input_value *typed, size_t shown, size_t i)
{
    if (page_is_json(p) || typed->lines_n <= SHOWN_MOST)
        return true;
    return shown < SHOWN_MOST && typed->lines[i].verdict != LINE_GOOD;
}

void lines_fill(struct page *p, struct value *v, const struct input_value *typed)
{
    struct value *list = typed->lines_n > 0 ? value_set_list(v, "lines") : NULL;
    size_t shown = 0;
    for (size_t i = 0; i < typed->lines_n; i++) {
        const struct input_line *line = &typed->lines[i];
        if (!is_told(p, typed, shown, i))
            continue;
        shown++;
        struct value *row = value_add_map(list);
        value_set_int(row, "line", (int64_t)i + 1);
        value_set_text(row, "text", line->typed);
        value_set_text(row, "verdict", verdicts[line->verdict]);
        if (line->why != TEXT_NONE)
            value_set_text(row, "said", page_format(p, line->why, line->why_arg));
        value_set_text(row, "offer", line->offer);
    }
}

/* One sentence for each that there is. */
const char *lines_said(struct page *p, struct input *in, const char *field)
{
    static const char *const sentences[] = {[LINE_GOOD] = N_("Added: %s."),
                                            [LINE_THERE] = N_("There already: %s."),
                                            [LINE_WRONG] = N_("Left out: %s.")};
    const struct input_value *v = input_at(in, field);
    const char *said = "";
    for (int verdict = LINE_GOOD; verdict <= LINE_WRONG; verdict++) {
        int n = 0;
        for (size_t i = 0; i < v->lines_n; i++)
            n += (int)v->lines[i].verdict == verdict;
        if (n > 0)
            said = arena_printf(p->a, "%s%s%s", said, said[0] != '\0' ? " " : "",
                                page_say_of(p, sentences[verdict], arena_printf(p->a, "%d", n)));
    }
    return said;
}
