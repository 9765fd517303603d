/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wall around the renderer process: no new privileges, not dumpable, no core, no file to
 * open or write, no process to make, Landlock with no rule where the kernel has it, and a list
 * of the few system calls that Lua and libc need; any other ends the process. */
#ifndef RENDER_CONFINE_H
#define RENDER_CONFINE_H

#include <stdbool.h>

/* Keeps 0 to 2 and `fd`, closes the rest. False: the wall could not be built (it was logged),
 * and the process must end. */
bool confine_renderer(int fd);

#endif
