/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages written in Lua: `return function(vm, h) ... end`, or a table of two such functions, title
 * and body. Each render gets a fresh state; what the
 * function returns (text, or what h.div{...} and its like make) is printed here, every element,
 * attribute and URL held against the closed lists. A script reaches no other way to print. */
#ifndef RENDER_SCRIPT_H
#define RENDER_SCRIPT_H

#include "render/job.h"

/* Prints the page's body; a title of its own goes to `title`, in place of what stands there. False:
 * why_r (n bytes) says what went wrong. */
bool script_body(const struct page_job *job, const struct compiled_script *script,
                 struct writer_mark title, char *why_r, size_t n);

#endif
