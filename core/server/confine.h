/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wall around workers and the job runner: they never start a program or another process, change
 * who they are, or touch the kernel's levers. A call of that kind kills the process at once. */
#ifndef SERVER_CONFINE_H
#define SERVER_CONFINE_H

/* Ends the process if the kernel refuses the filter. */
void worker_confine(void);

#endif
