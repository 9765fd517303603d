/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/render.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "theme:12:", a line of generated code, is told as the line of the template it came from. */
static const char *place_of(const struct render *r, const char *text, size_t *from_r, size_t *to_r)
{
    const char *at = strstr(text, "theme:");
    char *end;
    unsigned long line = at != NULL ? strtoul(at + strlen("theme:"), &end, 10) : 0;
    if (line == 0 || *end != ':' || r->theme == NULL || line >= r->theme->lines_n)
        return NULL;
    *from_r = (size_t)(at - text);
    *to_r = (size_t)(end - text);
    return r->theme->lines[line];
}

static void add_why(struct render *r, const char *text, size_t n)
{
    size_t room = sizeof r->why - r->why_len;
    if (n > room)
        n = room;
    memcpy(r->why + r->why_len, text, n);
    r->why_len += n;
}

void render_note(struct render *r, const char *format, ...)
{
    char text[1024];
    size_t from, to;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->fell_back++;
    const char *place = place_of(r, text, &from, &to);
    size_t before = r->why_len;
    if (place != NULL) {
        add_why(r, text, from);
        add_why(r, place, strlen(place));
    } else {
        to = 0;
    }
    add_why(r, text + to, strlen(text + to));
    add_why(r, "\n", 1);
    size_t n = r->why_len - before; /* a row's fault, told once */
    if (n <= before && memcmp(r->why + before - n, r->why + before, n) == 0)
        r->why_len = before;
}
