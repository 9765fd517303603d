/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was made of a string of a Lua state, found again by the string's address, without a look at
 * its bytes: for constants of compiled code. Whoever adds one keeps the string alive, so that no other
 * gets its address (memo_string does). Zeros are an empty one; without memory the process ends. */
#ifndef RENDER_MEMO_H
#define RENDER_MEMO_H

#include <lua.h>
#include <stddef.h>
#include <stdint.h>

struct memo {
    size_t n, size; /* of the rows, a power of two */
    struct memo_row {
        const char *string;
        void *made; /* freed with the memo */
    } * rows;
};

/* The row of a string, `made` NULL if it is new. Holds until the next call. */
struct memo_row *memo_row(struct memo *m, const char *string);
/* As memo_row, of the string at `index`, which is kept. */
struct memo_row *memo_string(lua_State *L, struct memo *m, int index);
void memo_release(struct memo *m);

static inline void *memo_find(const struct memo *m, const char *string)
{
    size_t i = (uintptr_t)string / 8;
    while (m->size > 0 && m->rows[i & (m->size - 1)].string != NULL) {
        if (m->rows[i & (m->size - 1)].string == string)
            return m->rows[i & (m->size - 1)].made;
        i++;
    }
    return NULL;
}

#endif
