/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/outcome.h"

const char *outcome_name(enum outcome o)
{
    static const char *const names[] = {"ok",       "absent", "denied",      "wrong",
                                        "conflict", "busy",   "unavailable", "uncertain"};
    return names[o];
}
