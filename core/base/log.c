/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

enum { LINE_MAX_BYTES = 8 * 1024 };

static char process_name[32] = "mailboy";
static char request_id[40];
static enum log_level threshold = LOG_INFO_LEVEL;
static unsigned long lost;

static const char *const level_words[] = {"debug", "info", "warn", "error"};

void log_process(const char *name)
{
    snprintf(process_name, sizeof process_name, "%s", name);
}

void log_threshold(enum log_level least)
{
    threshold = least;
}

void log_request(const char *id)
{
    snprintf(request_id, sizeof request_id, "%s", id != NULL ? id : "");
}

/* Copies text into a line, each byte that could forge or break one as \xHH. */
static size_t sanitise(const char *text, size_t n, char *to, size_t room)
{
    size_t len = 0;
    for (size_t i = 0; i < n && len + 5 < room;) {
        size_t step = utf8_step(text + i, n - i);
        unsigned char c = (unsigned char)text[i];
        if (step == 0 || c < 0x20 || c == 0x7f ||
            (c == 0xc2 && (unsigned char)text[i + 1] < 0xa0)) {
            len += (size_t)snprintf(to + len, room - len, "\\x%02x", c);
            i++;
        } else if (len + step < room) {
            memcpy(to + len, text + i, step);
            len += step;
            i += step;
        } else {
            break;
        }
    }
    return len;
}

/* One write, which never blocks: a full pipe loses the line. */
static bool put(const char *line, size_t n)
{
    struct pollfd p = {.fd = STDERR_FILENO, .events = POLLOUT};
    return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT) &&
           write(STDERR_FILENO, line, n) == (ssize_t)n;
}

void log_line(enum log_level level, const char *room, const char *format, va_list args)
{
    static char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES];
    if (level < threshold)
        return;
    int saved = errno;
    if (lost > 0) {
        int m =
            snprintf(line, sizeof line, "warn %s log: %lu lines were lost\n", process_name, lost);
        if (put(line, (size_t)m))
            lost = 0;
    }
    int n = vsnprintf(text, sizeof text, format, args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    size_t at = (size_t)snprintf(line, sizeof line, "%s %s %s%s%s: ", level_words[level],
                                 process_name, request_id, request_id[0] != '\0' ? " " : "", room);
    at += sanitise(text, len, line + at, sizeof line - at - 1);
    line[at++] = '\n';
    if (!put(line, at))
        lost++;
    errno = saved;
}

#define LOG_AT(level)                    \
    va_list args;                        \
    va_start(args, format);              \
    log_line(level, room, format, args); \
    va_end(args)

void log_debug(const char *room, const char *format, ...)
{
    LOG_AT(LOG_DEBUG_LEVEL);
}

void log_info(const char *room, const char *format, ...)
{
    LOG_AT(LOG_INFO_LEVEL);
}

void log_warn(const char *room, const char *format, ...)
{
    LOG_AT(LOG_WARN_LEVEL);
}

void log_error(const char *room, const char *format, ...)
{
    LOG_AT(LOG_ERROR_LEVEL);
}

void log_fatal(const char *room, const char *format, ...)
{
    LOG_AT(LOG_ERROR_LEVEL);
    _exit(70);
}
