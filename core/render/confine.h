/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wall around the renderer process: no new privileges, not dumpable, no core, no file to
 * open or write, no process to make, Landlock with no rule where the kernel has it, and a list
 * of the few system calls that Lua and libc need; any other ends the process. */
#ifndef RENDER_CONFINE_H
#define RENDER_CONFINE_H

#include <stdbool.h>

/* In the zygote, once, before the first renderer: what is the same in all of them is made here, for
 * making it writes into so much of the shared memory that each would get a copy of its own. */
bool confine_prepare(void);
/* Keeps 0 to 2 and `fd`, which has to be 3, closes the rest; it reads from that alone, and writes to that and 2. False: the wall could not be built (it was logged),
 * and the process must end. */
bool confine_renderer(int fd);

#endif
