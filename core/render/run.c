/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/run.h"

#include <assert.h>
#include <ctype.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "render/sandbox.h"
#include "render/writer.h"

enum { VALUES_MAX = 200, NESTED_MAX = 32, NAMES_MAX = WIRE_DEPTH };

struct parsing {
    const char *at, *end;
    struct run *run;
    struct run_place *places; /* from here on */
    size_t places_n;
    size_t open[NESTED_MAX], open_n; /* conditions without their end */
    bool broken;
};

static unsigned char read_number(struct parsing *g)
{
    int n = 0;
    while (g->at < g->end && *g->at >= '0' && *g->at <= '9' && n <= VALUES_MAX)
        n = n * 10 + *g->at++ - '0';
    g->broken = g->broken || n == 0 || n > VALUES_MAX;
    return (unsigned char)n;
}

static bool take(struct parsing *g, char c)
{
    bool there = g->at < g->end && *g->at == c;
    g->at += there;
    return there;
}

static struct name read_name(struct parsing *g)
{
    struct name name = {.text = g->at};
    while (g->at < g->end && (isalnum((unsigned char)*g->at) || *g->at == '_'))
        g->at++;
    name.n = (size_t)(g->at - name.text);
    g->broken = g->broken || name.n == 0;
    return name;
}

/* "user" or #12: a place without a value. */
static struct run_place *literal(struct parsing *g)
{
    struct run_place *p = &g->places[g->places_n++];
    const char *end;
    char *behind;
    *p = (struct run_place){.name = {.text = ""}};
    if (take(g, '#')) {
        p->literal = (struct node){.tag = WIRE_INT, .number = strtoll(g->at, &behind, 10)};
        end = behind;
    } else {
        g->at++;
        end = memchr(g->at, '"', (size_t)(g->end - g->at));
        g->broken = g->broken || end == NULL;
        end = g->broken ? g->at : end;
        p->literal = (struct node){.tag = WIRE_TEXT, .n = (uint32_t)(end - g->at), .text = g->at};
        end += !g->broken;
    }
    g->at = end;
    return p;
}

/* The same place for the same names, or a new one. */
static struct run_place *place(struct parsing *g, struct run_place *of, int value, struct name name)
{
    struct run_place *p = g->places;
    for (; p < g->places + g->places_n; p++)
        if (p->of == of && p->value == value && p->name.n == name.n &&
            (name.n == 0 || memcmp(p->name.text, name.text, name.n) == 0))
            return p;
    g->places_n++;
    *p = (struct run_place){.of = of, .value = value, .name = name};
    return p;
}

/* 1.quota.level */
static struct run_place *read_operand(struct parsing *g)
{
    if (g->at < g->end && (*g->at == '"' || *g->at == '#'))
        return literal(g);
    int value = read_number(g), names = 0;
    struct run_place *p = place(g, NULL, value, (struct name){.text = ""});
    while (!g->broken && take(g, '.')) {
        p = place(g, p, value, read_name(g));
        g->broken = g->broken || ++names > NAMES_MAX;
    }
    return p;
}

/* 1.quota.level,"full"; */
static void read_operands(struct parsing *g, struct run_piece *p)
{
    p->place = read_operand(g);
    if (take(g, ','))
        p->other = read_operand(g);
    g->broken = g->broken || !take(g, ';') ||
                (strchr("=~<>()", p->hole) != NULL) != (p->other != NULL);
}

/* Whoever skips to here goes on behind. */
static void close_condition(struct parsing *g)
{
    if (g->open_n == 0)
        g->broken = true;
    else
        g->run->pieces[g->open[--g->open_n]].skip = &g->run->pieces[g->run->n];
}

static void open_condition(struct parsing *g)
{
    if (g->open_n == NESTED_MAX)
        g->broken = true;
    else
        g->open[g->open_n++] = g->run->n - 1;
}

static void read_hole(struct parsing *g, struct run_piece *p)
{
    p->hole = *g->at++;
    p->next = p + 1;
    if (p->hole == '|' || p->hole == '.')
        close_condition(g);
    else
        read_operands(g, p);
    if (strchr("?!=~<>()|", p->hole) != NULL)
        open_condition(g);
}

/* Behind what writes nothing and only goes on. */
static const struct run_piece *settle(const struct run_piece *p)
{
    while (p->n == 0 && (p->hole == '|' || p->hole == '.'))
        p = p->hole == '|' ? p->skip : p->next;
    return p;
}

static void thread(struct run *run)
{
    for (struct run_piece *p = run->pieces; p->hole != 0; p++) {
        p->next = settle(p->hole == '|' ? p->skip : p->next);
        if (p->skip != NULL)
            p->skip = settle(p->skip);
    }
}

static void read_pieces(struct parsing *g)
{
    struct run_piece *p;
    do {
        p = &g->run->pieces[g->run->n++];
        const char *hole = memchr(g->at, 0, (size_t)(g->end - g->at));
        p->text = g->at;
        p->n = (uint32_t)((hole != NULL ? hole : g->end) - g->at);
        g->at = hole != NULL ? hole + 1 : g->end;
        if (hole != NULL && g->at < g->end)
            read_hole(g, p);
        else
            g->broken = g->broken || hole != NULL;
    } while (p->hole != 0 && !g->broken);
}

/* Of a copy, behind the pieces and places. NULL: it is no format. */
static struct run *make(const char *format, size_t n)
{
    struct parsing g = {0};
    size_t holes = 0, places = 0;
    assert(format != NULL);
    for (size_t i = 0; i < n; i++) {
        holes += format[i] == '\0';
        places += format[i] == '\0' || format[i] == '.' ||
                  format[i] == ','; /* at least one before each place */
    }
    g.run = calloc(1, sizeof *g.run + (holes + 1) * sizeof *g.run->pieces +
                          places * sizeof *g.places + n + WRITER_BEHIND);
    if (g.run == NULL)
        log_fatal("render", "out of memory");
    g.places = (struct run_place *)(void *)&g.run->pieces[holes + 1];
    g.at = memcpy(&g.places[places], format, n);
    g.end = g.at + n;
    read_pieces(&g);
    if (!g.broken && g.open_n == 0) {
        thread(g.run);
        return g.run;
    }
    free(g.run);
    return NULL;
}

struct run *run_of(lua_State *L, int index)
{
    struct memo *runs = &sandbox_of(L)->runs;
    size_t n;
    const char *format = lua_tolstring(L, index, &n);
    struct run *run = format != NULL ? memo_find(runs, format) : NULL;
    if (run != NULL)
        return run;
    luaL_argcheck(L, format != NULL, index, "is no format");
    struct memo_row *row = memo_string(L, runs, index);
    row->made = make(format, n);
    if (row->made == NULL)
        luaL_error(L, "emit: it is no format");
    return row->made;
}
