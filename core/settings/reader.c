/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inih gets its lines from here. It cuts long lines in two, joins indented lines to the one
 * before, and drops what follows " ;" -- all without a word; such lines never reach it. A
 * semicolon inside quotes travels as the byte 1, which no line may hold. */
#include <ctype.h>
#include <ini.h>
#include <string.h>

#include "base/utf8.h"
#include "settings/option.h"

enum { LINE_MOST = 198 }; /* inih's 200 less newline and NUL */

struct source {
    const char *at, *end;
    unsigned line;
    const struct reader_hooks *hooks;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool key_fits(const char *line, size_t n)
{
    size_t i = 0;
    while (i < n &&
           (islower((unsigned char)line[i]) || isdigit((unsigned char)line[i]) || line[i] == '_'))
        i++;
    size_t name = i;
    while (i < n && is_blank(line[i]))
        i++;
    return name > 0 && i < n && line[i] == '=';
}

/* Turns a quoted semicolon into byte 1; false if one stands outside quotes behind a blank. */
static bool hide_semicolons(char *line, size_t n)
{
    char *value = (char *)memchr(line, '=', n) + 1, *end = line + n;
    while (value < end && is_blank(*value))
        value++;
    while (end > value && is_blank(end[-1]))
        end--;
    bool quoted = end - value >= 2 && *value == '"' && end[-1] == '"';
    for (char *c = value; c < end; c++) {
        if (*c != ';')
            continue;
        if (quoted)
            *c = 1;
        else if (is_blank(c[-1]) || c == value)
            return false;
    }
    return true;
}

/* What is wrong with it; NULL: it can go to inih. */
static const char *line_trouble(char *line, size_t n)
{
    size_t start = 0;
    while (start < n && is_blank(line[start]))
        start++;
    if (n > LINE_MOST)
        return "the line is longer than 198 bytes";
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)line[i] < ' ' && line[i] != '\t')
            return "the line holds a control character";
    }
    if (!utf8_is_valid(line, n))
        return "the line is no UTF-8";
    if (start == n || line[start] == '#' || line[start] == ';')
        return NULL;
    if (start > 0)
        return "the line is indented: a value stands on one line, behind its key";
    if (line[0] == '[')
        return "there are no [sections] in this file";
    if (!key_fits(line, n))
        return "this is no \"key = value\" (and comments start with #)";
    if (!hide_semicolons(line, n))
        return "a blank before a semicolon would end the value; put the whole value in \"quotes\"";
    return NULL;
}

static char *next_line(char *to, int size, void *stream)
{
    struct source *s = stream;
    if (s->at == s->end)
        return NULL;
    const char *newline = memchr(s->at, '\n', (size_t)(s->end - s->at));
    size_t n = (size_t)((newline != NULL ? newline : s->end) - s->at);
    const char *from = s->at;
    s->at = newline != NULL ? newline + 1 : s->end;
    s->line++;
    if (n > 0 && from[n - 1] == '\r')
        n--;
    char line[LINE_MOST + 2] = "";
    size_t kept = n < sizeof line - 1 ? n : sizeof line - 1;
    memcpy(line, from, kept);
    const char *trouble = n > kept ? "the line is longer than 198 bytes" : line_trouble(line, kept);
    if (trouble != NULL)
        s->hooks->mistake(s->hooks->ctx, s->line, trouble);
    bool passes = trouble == NULL && kept + 2 <= (size_t)size && line[0] != '#';
    if (passes)
        memcpy(to, line, kept);
    size_t out = passes ? kept : 0;
    to[out] = '\n';
    to[out + 1] = '\0';
    return to;
}

static int take_pair(void *user, const char *section, const char *key, const char *value)
{
    struct source *s = user;
    (void)section;
    char text[LINE_MOST + 2];
    size_t n = strnlen(value, LINE_MOST);
    bool quoted = n >= 2 && value[0] == '"' && value[n - 1] == '"';
    memcpy(text, value + quoted, n - 2 * quoted);
    text[n - 2 * quoted] = '\0';
    for (char *c = text; *c != '\0'; c++) {
        if (*c == 1)
            *c = ';';
    }
    s->hooks->take(s->hooks->ctx, s->line, key, text);
    return 1;
}

void reader_run(const char *bytes, size_t n, const struct reader_hooks *hooks)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct source s = {.at = bytes, .end = bytes + n, .hooks = hooks};
    if (n >= 3 && memcmp(bytes, mark, 3) == 0)
        s.at += 3;
    ini_parse_stream(next_line, &s, take_pair, &s);
}
