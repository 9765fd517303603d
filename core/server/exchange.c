/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/exchange.h"

#include <string.h>

const char *exchange_param(const struct exchange *x, const char *name)
{
    size_t n = strlen(name);
    for (char *const *p = x->params; p != NULL && *p != NULL; p++)
        if (strncmp(*p, name, n) == 0 && (*p)[n] == '=')
            return *p + n + 1;
    return NULL;
}
