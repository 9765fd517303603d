/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/links.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

/* The next line that is not empty, trimmed; false at the end. */
static bool next_line(const char **at, const char *end, const char **line_r, size_t *n_r)
{
    while (*at < end) {
        const char *line = *at, *stop = memchr(line, '\n', (size_t)(end - line));
        size_t n = (size_t)((stop != NULL ? stop : end) - line);
        *at = stop != NULL ? stop + 1 : end;
        while (n > 0 && (*line == ' ' || *line == '\t')) {
            line++;
            n--;
        }
        while (n > 0 && strchr(" \t\r", line[n - 1]) != NULL && line[n - 1] != '\0')
            n--;
        *line_r = line;
        *n_r = n;
        if (n > 0)
            return true;
    }
    return false;
}

static bool is_address(const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:"};
    if (strpbrk(url, "\"'<>\\`") != NULL)
        return false;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (text_starts(url, schemes[i]))
            return url[strlen(schemes[i])] != '\0';
    return url[0] == '/' && url[1] != '/';
}

static bool parse_line(struct arena *a, const char *line, size_t n, struct link *link_r)
{
    if (n > LINK_MAX_BYTES || !utf8_is_valid(line, n) || utf8_has_control(line, n))
        return false;
    char *words = arena_memdup(a, line, n), *blank = strrchr(words, ' ');
    if (blank == NULL)
        return false;
    *link_r = (struct link){.words = words, .url = blank + 1};
    while (blank > words && blank[-1] == ' ')
        blank--;
    *blank = '\0';
    return words[0] != '\0' && is_address(link_r->url);
}

size_t links_parse(struct arena *a, const char *bytes, size_t n, struct link rows_r[LINKS_MAX],
                   const char **wrong_r)
{
    const char *at = bytes, *line;
    size_t count = 0, length;
    while (next_line(&at, bytes + n, &line, &length)) {
        struct link made;
        if (count == LINKS_MAX || !parse_line(a, line, length, &made)) {
            size_t shown = length < 40 ? length : 40;
            bool good = utf8_is_valid(line, shown) && !utf8_has_control(line, shown);
            *wrong_r = good ? arena_memdup(a, line, shown) : "?";
            return SIZE_MAX;
        }
        rows_r[count++] = made;
    }
    return count;
}

const char *links_text(struct arena *a, const char *bytes, size_t n)
{
    struct str s;
    const char *at = bytes, *line;
    size_t length;
    str_init(&s, a, n + 2);
    while (next_line(&at, bytes + n, &line, &length)) {
        if (s.len > 0)
            str_append_c(&s, '\n');
        str_append_n(&s, line, length);
    }
    return s.len > 0 ? s.data : "";
}
