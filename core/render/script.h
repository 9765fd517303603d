/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages written in Lua: `return function(vm, h) ... end`. Each render gets a fresh state; what the
 * function returns (text, or what h.div{...} and its like make) is printed here, every element,
 * attribute and URL held against the closed lists. A script reaches no other way to print. */
#ifndef RENDER_SCRIPT_H
#define RENDER_SCRIPT_H

#include "render/page.h"

/* Prints the page's body. False: why_r (n bytes) says what went wrong. */
bool script_body(const struct page_job *job, const struct compiled_script *script, char *why_r,
                 size_t n);

#endif
