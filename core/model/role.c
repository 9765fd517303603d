/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/role.h"

const char *role_word(enum level level, int administers_any)
{
    if (level == LEVEL_SUPER_ADMIN)
        return "super";
    if (level == LEVEL_SERVER_ADMIN)
        return "server";
    return administers_any ? "domain" : "user";
}
