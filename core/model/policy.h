/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A policy: how Amavis treats the mail of those who chose it (table policies; the columns and
 * their meaning are Amavis', README.lookups). */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include <stdint.h>

#include "model/field.h"

struct policy {
    int64_t id, version, created;
    const char *name; /* column policy_name; unique */
    const char *description;
    int64_t server_default; /* 1: of all who chose none and whose domain has none */
};

#endif
