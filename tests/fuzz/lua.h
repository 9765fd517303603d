/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compiler of lua/ as a fuzz target sees it: a state with the program's own modules, and its
 * lines counted, so that libFuzzer sees where inputs lead. With FUZZ_LUA_LINES=FILE the lines
 * that ran are written there at the end, for the coverage that tests/fuzz/run prints. A run that
 * takes too many steps is a finding. */
#ifndef FUZZ_LUA_H
#define FUZZ_LUA_H

#include <lua.h>

/* A state with what tests/fuzz/FILE, a Lua file, returns: a function at 1. */
lua_State *fuzz_lua_driver(const char *file);
/* For each input: the function once more on top, the steps from 0. */
void fuzz_lua_begin(lua_State *L);
/* An error is a finding. */
void fuzz_lua_call(lua_State *L, int arguments, int results);

/* The hook; steps are counted from here on. */
void fuzz_lua_watch(lua_State *L);
/* require, for what lies in the program, and below tests/ what is embedded for the targets. */
void fuzz_lua_modules(lua_State *L);

#endif
