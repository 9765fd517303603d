/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page script has the theme's templates draw: components, slots, the layout around the page.
 * A script and the templates live in states of their own: texts and numbers are copied, and of a
 * table only its place in the view model, so that what the templates get is what the worker sent.
 * The compiled code holds each value against the types that the part declares (lua/theme/parts.lua).
 */
#ifndef RENDER_PART_H
#define RENDER_PART_H

#include <lua.h>

#include "render/job.h"

enum { PART_ARGUMENTS = 32 };

/* Prints the part `name` of `into` ("use" or "slot") with the arguments in the table at `table`, or
 * none where that is nil. Raises in the script's state. */
void part_print(lua_State *L, const struct page_job *job, const char *into, const char *name,
                int table);
/* Puts the layout around what was written since `from`. Raises as well. */
void part_layout(lua_State *L, const struct page_job *job, const char *name,
                 struct writer_mark from);
/* Pushes what the theme's translations say for the text at index 1 (of "t", or of "tn" for the number
 * n), or nil. Raises as well. */
void part_say(lua_State *L, const struct page_job *job, const char *into, lua_Integer n);
/* Raises where a record has no field of that name: into "vm PAGE" for the page's model, "field" for what is
 * in it. */
void part_field(lua_State *L, const struct page_job *job, const char *into, const char *name);
/* For each key of the message: does the contract call what it holds a map, with keys of its own? Raises
 * as well. */
const bool *part_open(lua_State *L, const struct page_job *job);
/* At the end of a page: what the templates were given is forgotten. */
void part_forget(const struct render *r);
/* kind_of(value) for the compiled code: "secret", "time", or the name of the type. */
int part_kind_of(lua_State *L);

#endif
