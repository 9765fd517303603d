/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that live inside the program, so that it works with no folder beside it: the theme
 * compiler and the contract (embed_lua), the theme `base` (embed_base), what the compiler made of it, by
 * language (embed_baked, of the programs alone: core/bake.c), the database's statements (embed_sql), the
 * neighbours' configuration (embed_conf) and the core's translations as msgfmt writes them (embed_po: "fr.mo").
 * Each table ends with a row whose path is NULL; bytes are followed by a NUL which `size` does not count. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embedded {
    const char *path; /* below the folder's root, with '/' */
    const char *bytes;
    size_t size;
};

extern const struct embedded embed_lua[], embed_base[], embed_sql[], embed_conf[], embed_po[],
    embed_baked[];

/* The file of that path, or NULL. */
const struct embedded *embedded_find(const struct embedded *table, const char *path);

#endif
