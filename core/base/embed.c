/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/embed.h"

#include <string.h>

const struct embedded *embedded_find(const struct embedded *table, const char *path)
{
    for (; table->path != NULL; table++)
        if (strcmp(table->path, path) == 0)
            return table;
    return NULL;
}
