/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/tokens.h"

#include <ctype.h>
#include <string.h>

#include "base/embed.h"

enum { HOPS = 6 };

struct sheet {
    const char *at, *end;
};

static bool begins(const struct sheet *s, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(s->end - s->at) >= n && memcmp(s->at, word, n) == 0;
}

/* Past blanks and comments. */
static void skip(struct sheet *s)
{
    for (;;) {
        while (s->at < s->end && isspace((unsigned char)*s->at))
            s->at++;
        if (!begins(s, "/*"))
            return;
        s->at += 2;
        while (s->at < s->end && !begins(s, "*/"))
            s->at++;
        s->at += s->at < s->end ? 2 : 0;
    }
}

static bool take(struct sheet *s, const char *word)
{
    skip(s);
    if (!begins(s, word))
        return false;
    s->at += strlen(word);
    return true;
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static bool take_color(struct sheet *s, color *color_r)
{
    skip(s);
    const char *from = s->at;
    if (s->at < s->end && *s->at == '#')
        for (s->at++; s->at < s->end && isxdigit((unsigned char)*s->at);)
            s->at++;
    return color_parse(from, (size_t)(s->at - from), color_r);
}

static bool take_value(struct arena *a, struct sheet *s, struct token *token_r, const char **next_r)
{
    *next_r = NULL;
    if (take(s, "light-dark("))
        return take_color(s, &token_r->light) && take(s, ",") && take_color(s, &token_r->dark) &&
               take(s, ")");
    if (take(s, "var(")) {
        skip(s);
        const char *from = s->at;
        while (s->at < s->end && is_name_byte(*s->at))
            s->at++;
        *next_r = arena_memdup(a, from, (size_t)(s->at - from));
        return true;
    }
    bool good = take_color(s, &token_r->light);
    token_r->dark = token_r->light;
    return good;
}

/* Moves to behind the next `name:` that begins a declaration. */
static bool seek(struct sheet *s, const char *name)
{
    size_t n = strlen(name);
    for (char before = ';'; s->at < s->end; before = s->at[-1]) {
        if (begins(s, "/*")) {
            skip(s);
            continue;
        }
        if (!is_name_byte(before) && before != '(' && begins(s, name)) {
            struct sheet ahead = {s->at + n, s->end};
            if (take(&ahead, ":")) {
                *s = ahead;
                return true;
            }
        }
        s->at++;
    }
    return false;
}

bool token_in(struct arena *a, const char *css, size_t n, const char *name, struct token *token_r,
              const char **next_r)
{
    struct sheet s = {css, css + n};
    while (seek(&s, name))
        if (take_value(a, &s, token_r, next_r))
            return true;
    return false;
}

static bool is_sheet(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, ".css") == 0;
}

static bool in_folder(struct arena *a, const struct theme_folder *f, const char *name,
                      struct token *token_r, const char **next_r)
{
    const struct theme_file *tokens = theme_file(f, "tokens.css");
    if (tokens != NULL && token_in(a, tokens->bytes, tokens->n, name, token_r, next_r))
        return true;
    for (size_t i = 0; i < f->files_n; i++)
        if (is_sheet(f->files[i].path) &&
            token_in(a, f->files[i].bytes, f->files[i].n, name, token_r, next_r))
            return true;
    return false;
}

static bool find_once(struct arena *a, const struct theme *t, const char *name,
                      struct token *token_r, const char **next_r)
{
    for (size_t i = 0; t != NULL && i < t->chain_n; i++)
        if (in_folder(a, &t->chain[i], name, token_r, next_r))
            return true;
    for (const struct embedded *f = embed_base; f->path != NULL; f++)
        if (is_sheet(f->path) && token_in(a, f->bytes, f->size, name, token_r, next_r))
            return true;
    return false;
}

bool token_find(struct arena *a, const struct theme *t, const char *name, struct token *token_r)
{
    for (unsigned hop = 0; hop < HOPS; hop++) {
        const char *next;
        if (!find_once(a, t, name, token_r, &next))
            return false;
        if (next == NULL)
            return true;
        name = next;
    }
    return false;
}
