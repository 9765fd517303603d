/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went wrong in a theme, waiting in this process to be counted where all workers count
 * (store/theme.h): a new fault at once, one that is known at most once a minute. Texts come from a
 * renderer: what is no UTF-8 or a control character is kept as '?'. At most 32 different ones wait;
 * more are dropped. */
#ifndef VIEW_FAULTS_H
#define VIEW_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAULT_TEXT = 512, FAULTS_WAITING = 32 };

/* Writes at most size - 1 bytes of text as said above. */
void fault_text(const char *from, char *to, size_t size);
/* Several lines are several faults. */
void faults_note(const char *theme, const char *text);
/* False: it was not written and waits on. */
typedef bool fault_write(void *ctx, const char *theme, const char *text, int64_t n);
void faults_flush(fault_write *write, void *ctx);

#endif
