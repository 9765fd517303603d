/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operator's log: one event, one line on standard error (the journal, or the supervisor's
 * terminal). Lines begin with a fixed word for the level, then the room, the process and, inside a
 * request, its id. Text from strangers is made safe on the way: control characters and broken UTF-8
 * become \xHH, a line has at most 8 KB. A log that cannot be written is counted, never waited
 * for; the loss is told with the next line that gets through. No secret is ever handed to it. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>

enum log_level { LOG_DEBUG_LEVEL, LOG_INFO_LEVEL, LOG_WARN_LEVEL, LOG_ERROR_LEVEL };

/* The process' name in its lines ("worker 2"); kept by copy, 31 bytes. */
void log_process(const char *name);
/* Lines below this level are dropped; LOG_INFO_LEVEL at first. */
void log_threshold(enum log_level least);
/* The id which the lines of this process carry from now on; NULL for none. Kept by copy. */
void log_request(const char *id);

void log_line(enum log_level level, const char *room, const char *format, va_list args);
void log_debug(const char *room, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *room, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warn(const char *room, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_error(const char *room, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Logs and ends the process with status 70. */
_Noreturn void log_fatal(const char *room, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
