/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the wire's values (base/wire.h) to Lua's: lists are arrays, maps are records, nil is absent,
 * a secret is a light userdata that holds its slot plus one. For page scripts; what templates are given is
 * handle.h's, but for the arguments that a script hands on. */
#ifndef RENDER_DECODE_H
#define RENDER_DECODE_H

#include <lua.h>
#include <stdbool.h>

#include "base/wire.h"
#include "render/render.h"

/* A time in a template's state is a userdata that holds a struct instant. A page script sees a table
 * of its fields. */

/* The keys of a message, which follow its values; they live in the arena and point into the
 * message. */
bool decode_keys(struct arena *a, struct wire_reader *r, struct keys *keys_r);
/* Pushes the value; raises where the message is broken. */
void decode_push(lua_State *L, struct wire_reader *r, const struct keys *keys);
/* Each record gets the metatable at that index (not relative to the top), but for the maps under a key that is
 * `open`, whose keys are anybody's. */
void decode_push_strict(lua_State *L, struct wire_reader *r, const struct keys *keys,
                        const bool *open, int metatable);
/* For page scripts (render->script), which may change what they were given: decode_push keeps where
 * in the message each map stood. Pushes the map at `table` as it came; raises if it never came. */
void decode_again(lua_State *L, int table);
/* Where in the message the table (a record, a list or a time) at `table` stood; raises if it never
 * came. */
const unsigned char *decode_place(lua_State *L, int table);
/* Did the text at `index` come with the view model, as a web address? */
bool decode_brought(lua_State *L, int index);
/* What the host needs of the shell; the reader is a copy. */
struct facts decode_facts(struct wire_reader r, const struct keys *keys);

#endif
