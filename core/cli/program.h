/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other programs that a command asks: postconf, doveconf, sh. Looked for where Debian keeps them, never in the
 * caller's PATH; what they say on standard error goes to ours. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "base/str.h"

/* The path of the one that runs; NULL without /proc. */
const char *program_self(struct arena *a);
/* The path of a program of that name, NULL if it is not installed. */
const char *program_find(struct arena *a, const char *name);
/* Runs it without input and waits; what it prints goes into `out` (NULL: to our standard output). Its exit
 * status; -1 if it is not installed, could not be started or was ended by a signal. */
int program_run(struct arena *a, const char *const argv[], struct str *out);

#endif
