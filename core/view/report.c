/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/report.h"

#include <string.h>

#include "base/utf8.h"

static const char *const level_words[STUDIO_LEVELS] = {"advice", "warning", "error", "fatal"};

const char *studio_level_word(enum studio_level level)
{
    return level_words[level];
}

bool studio_level_find(const char *word, enum studio_level *level_r)
{
    for (unsigned i = 0; i < STUDIO_LEVELS; i++)
        if (strcmp(level_words[i], word) == 0) {
            *level_r = (enum studio_level)i;
            return true;
        }
    return false;
}

const char *report_clean(struct arena *a, const char *text, size_t n)
{
    if (!utf8_is_valid(text, n))
        return "(no text)";
    char *copy = arena_memdup(a, text, n);
    for (unsigned char *at = (unsigned char *)copy, *end = at + n; at < end; at++) {
        if ((*at < ' ' && *at != '\n') || *at == 0x7f)
            *at = '?';
        else if (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
            at[0] = at[1] = '?';
    }
    return copy;
}

static const char *take_text(struct wire_reader *r, struct arena *a)
{
    size_t n;
    const char *text = wire_text(r, &n);
    return report_clean(a, text, n);
}

/* Source text, to be written back as it is. */
static const char *take_source(struct wire_reader *r, struct arena *a)
{
    size_t n;
    const char *text = wire_text(r, &n);
    if (!utf8_is_valid(text, n) || memchr(text, '\0', n) != NULL)
        return "";
    return arena_memdup(a, text, n);
}

static bool read_finding(struct wire_reader *r, struct arena *a, struct studio_finding *f)
{
    f->code = take_text(r, a);
    bool known = studio_level_find(take_text(r, a), &f->level);
    f->theme = take_text(r, a);
    f->path = take_text(r, a);
    f->line = wire_u32(r);
    f->column = wire_u32(r);
    f->message = take_text(r, a);
    f->mend = take_text(r, a);
    return known && !r->broken;
}

/* How many rows come, of `least` bytes each or more: a count that the rest cannot hold is a lie. */
static bool take_count(struct wire_reader *r, size_t most, size_t least, size_t *n_r)
{
    *n_r = wire_u32(r);
    return !r->broken && *n_r <= most && *n_r <= (size_t)(r->end - r->at) / least;
}

bool report_read_findings(struct wire_reader r, struct arena *a, struct studio_findings *findings_r)
{
    wire_u8(&r);
    findings_r->usable = wire_u8(&r) == 1;
    findings_r->title = take_text(&r, a);
    findings_r->version = take_text(&r, a);
    findings_r->parent = take_text(&r, a);
    if (!take_count(&r, STUDIO_FINDINGS, 8 * 4, &findings_r->n))
        return false;
    struct studio_finding *at = arena_array(a, findings_r->n + 1, sizeof *at);
    findings_r->at = at;
    for (size_t i = 0; i < findings_r->n; i++)
        if (!read_finding(&r, a, &at[i]))
            return false;
    return !r.broken && r.at == r.end;
}

bool report_read_cases(struct wire_reader r, struct arena *a, struct studio_cases *cases_r)
{
    wire_u8(&r);
    size_t n;
    if (!take_count(&r, STUDIO_CASES, 3 * 4, &n))
        return false;
    struct studio_case *at = arena_array(a, n + 1, sizeof *at);
    for (size_t i = 0; i < n; i++) {
        at[i].page = take_text(&r, a);
        at[i].name = take_text(&r, a);
        at[i].roles = take_text(&r, a);
    }
    *cases_r = (struct studio_cases){.n = n, .at = at};
    return !r.broken && r.at == r.end;
}

static void read_block(struct wire_reader *r, struct arena *a, struct studio_block *b)
{
    b->page = take_text(r, a);
    b->block = take_text(r, a);
    b->theme = take_text(r, a);
    b->version = take_text(r, a);
    b->path = take_text(r, a);
    b->sha = take_text(r, a);
    b->args = take_text(r, a);
    b->text = take_source(r, a);
    b->depth = wire_u8(r);
}

bool report_read_blocks(struct wire_reader r, struct arena *a, struct studio_blocks *blocks_r)
{
    wire_u8(&r);
    size_t n;
    if (!take_count(&r, STUDIO_BLOCKS, 8 * 4 + 1, &n))
        return false;
    struct studio_block *at = arena_array(a, n + 1, sizeof *at);
    for (size_t i = 0; i < n; i++)
        read_block(&r, a, &at[i]);
    *blocks_r = (struct studio_blocks){.n = n, .at = at};
    return !r.broken && r.at == r.end;
}

const char *report_read_prose(struct wire_reader r, struct arena *a)
{
    wire_u8(&r);
    return take_text(&r, a);
}

size_t studio_count(const struct studio_findings *f, enum studio_level least)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += f->at[i].level >= least;
    return n;
}

static void finding_set(struct value *v, const struct studio_finding *f)
{
    value_set_text(v, "code", f->code);
    value_set_text(v, "level", studio_level_word(f->level));
    value_set_text(v, "theme", f->theme);
    value_set_text(v, "path", f->path);
    value_set_int(v, "line", f->line);
    value_set_int(v, "column", f->column);
    value_set_text(v, "message", f->message);
    value_set_text(v, "mend", f->mend);
}

void studio_findings_add(struct value *list, const struct studio_findings *f,
                         enum studio_level least)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->at[i].level >= least)
            finding_set(value_add_map(list), &f->at[i]);
}
