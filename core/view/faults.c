/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/faults.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

enum { EVERY_MS = 60000 };

static struct fault {
    char theme[48], text[FAULT_TEXT];
    int64_t n, written_ms; /* since it was written; 0: never */
} waiting[FAULTS_WAITING];
static size_t waiting_n;

void fault_text(const char *from, char *to, size_t size)
{
    size_t at = 0;
    for (size_t n = strlen(from); n > 0;) {
        size_t step = utf8_step(from, n);
        bool good = step > 0 && !utf8_has_control(from, step);
        if (at + (good ? step : 1) >= size)
            break;
        memcpy(to + at, good ? from : "?", good ? step : 1);
        at += good ? step : 1;
        step += step == 0;
        from += step;
        n -= step;
    }
    to[at] = '\0';
}

/* The row of that fault, or one that may be taken for it; NULL: all wait to be written. */
static struct fault *row_for(const char *theme, const char *text)
{
    struct fault *free_row = NULL;
    for (size_t i = 0; i < waiting_n; i++) {
        struct fault *f = &waiting[i];
        if (strcmp(f->text, text) == 0 && strcmp(f->theme, theme) == 0)
            return f;
        if (f->n == 0 && (free_row == NULL || f->written_ms < free_row->written_ms))
            free_row = f;
    }
    if (waiting_n < FAULTS_WAITING)
        free_row = &waiting[waiting_n++];
    if (free_row != NULL)
        *free_row = (struct fault){0};
    return free_row;
}

static void note_line(const char *theme, const char *line)
{
    char text[FAULT_TEXT];
    fault_text(line, text, sizeof text);
    struct fault *f = text[0] != '\0' ? row_for(theme, text) : NULL;
    if (f == NULL)
        return;
    snprintf(f->theme, sizeof f->theme, "%s", theme);
    snprintf(f->text, sizeof f->text, "%s", text);
    f->n++;
}

void faults_note(const char *theme, const char *text)
{
    char line[2 * FAULT_TEXT];
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line ? n : sizeof line - 1), text);
        note_line(theme, line);
        text += n + (text[n] == '\n');
    }
}

void faults_flush(fault_write *write, void *ctx)
{
    int64_t now = clock_monotonic_ms();
    for (size_t i = 0; i < waiting_n; i++) {
        struct fault *f = &waiting[i];
        if (f->n == 0 || (f->written_ms != 0 && now - f->written_ms < EVERY_MS))
            continue;
        if (!write(ctx, f->theme, f->text, f->n))
            return;
        f->n = 0;
        f->written_ms = now;
    }
}
